"""Filling in and handing in: what is kept, what is refused, and by whom."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.actions import reviews, submissions
from reports.actions.errors import FindingsError, NewerSaveError, RefusedError
from reports.enums import SubmissionState
from reports.models import Entry
from tests.factories import person
from tests.reports.filling import MORNING, NOON, Filling, filling

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Filling:
    return filling()


def save(scene, answers=None, by=None, now=MORNING, seen=None):
    answers = scene.answers() if answers is None else answers
    return submissions.save_draft(scene.submission, answers, by or scene.reporter, now, seen=seen)


def test_save_draft_keeps_zero_and_not_applicable_apart_from_no_answer(scene):
    draft = save(scene, [scene.answer("visits", 0), scene.answer("trained", "无此业务")])
    kept = {entry.element_id: (entry.value, entry.not_applicable, entry.note) for entry in draft.entries.all()}
    assert kept == {scene.visits.pk: (Decimal(0), False, ""), scene.trained.pk: (None, True, "无此业务")}


def test_save_draft_replaces_the_draft_as_a_whole(scene):
    first = save(scene)
    second = save(scene, [scene.answer("visits", 7)], now=NOON)
    assert (first.pk, second.saved_at, [entry.value for entry in second.entries.all()]) == (second.pk, NOON, [7])


def test_save_draft_is_audited(scene):
    save(scene)
    record = AuditRecord.objects.get(action="submission.saved")
    assert (record.by, record.object_id, record.detail) == (
        scene.reporter,
        scene.submission.pk,
        {"round": 1, "answers": 5},
    )


def test_save_draft_by_another_unit_is_denied(scene):
    with pytest.raises(PermissionDenied):
        save(scene, by=person(Role.REPORTER, scene.places.hospitals[1][0]))


def test_save_draft_refuses_an_answer_that_is_not_asked(scene):
    elsewhere = replace(scene.answer("visits", 1), subject_id=scene.places.hospitals[1][0].pk)
    with pytest.raises(RefusedError, match="填报范围已有变化"):
        save(scene, [elsewhere])
    assert Entry.objects.count() == 0


def test_save_draft_after_a_newer_save_says_who_and_when(scene):
    seen = submissions.save_token(save(scene))
    colleague = person(Role.REPORTER, scene.hospital, display_name="赵同事")
    save(scene, by=colleague, now=NOON, seen=seen)
    with pytest.raises(NewerSaveError, match="赵同事 已于 4月10日 12:00 另外保存过"):
        save(scene, now=NOON + timedelta(minutes=1), seen=seen)


def test_save_draft_from_a_page_opened_before_the_first_save_is_refused(scene):
    save(scene)
    with pytest.raises(NewerSaveError):
        save(scene, seen="")


def test_submit_hands_in_the_draft(scene):
    handed_in = scene.hand_in()
    only = handed_in.rounds.get()
    assert (handed_in.state, only.submitted_by, only.submitted_at) == ("submitted", scene.reporter, MORNING)


def test_submit_lists_every_hard_finding_and_keeps_the_draft(scene):
    save(scene, scene.answers(visits=101, camp=None))
    with pytest.raises(FindingsError) as refused:
        submissions.submit(scene.submission, scene.reporter, MORNING)
    assert [finding.key for finding in refused.value.findings] == [
        (scene.visits.pk, scene.hospital.pk),
        (scene.camp.pk, scene.hospital.pk),
    ]
    scene.submission.refresh_from_db()
    assert scene.submission.state == SubmissionState.DRAFT


def test_submit_without_a_draft_says_to_fill_in_first(scene):
    with pytest.raises(RefusedError, match="请先填写"):
        submissions.submit(scene.submission, scene.reporter, MORNING)


def test_submit_twice_is_refused_with_a_sentence(scene):
    scene.hand_in()
    with pytest.raises(RefusedError, match="正在等待审核"):
        submissions.submit(scene.submission, scene.reporter, MORNING)


def test_save_draft_of_an_approved_return_is_refused(scene):
    scene.hand_in()
    scene.approve()
    with pytest.raises(RefusedError, match="已审核通过"):
        save(scene)


def test_save_draft_of_a_returned_one_opens_the_next_round(scene):
    scene.hand_in()
    reviews.send_back(scene.submission, "请核对", scene.reviewer, NOON)
    draft = save(scene, now=NOON)
    scene.submission.refresh_from_db()
    assert (draft.number, draft.submitted_at, scene.submission.state) == (2, None, "returned")
