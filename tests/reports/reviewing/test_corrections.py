"""An approved return opened again: two people, and the figures in force until the corrected round is approved."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.errors import RefusedError
from reports.models import Figure
from reports.returns.actions import submissions
from reports.reviewing.actions import corrections, reviews
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON, Filling, filling

pytestmark = pytest.mark.django_db
WHY = "门急诊人次多计一个月，应为 50"


@pytest.fixture
def scene() -> Filling:
    made = filling()
    made.hand_in()
    made.approve()
    made.submission.refresh_from_db()
    return made


def ask(scene, by=None, reason=WHY):
    return corrections.ask(scene.submission, reason, by or scene.reporter, NOON)


def reopen(scene):
    return corrections.grant(ask(scene), scene.reviewer, NOON)


def in_force(scene):
    return Figure.objects.get(element=scene.visits).value


def test_ask_waits_for_an_answer_and_is_audited(scene):
    correction = ask(scene)
    assert (correction.granted, correction.asked_by, scene.submission.state) == (None, scene.reporter, "approved")
    assert AuditRecord.objects.get(action="correction.asked").detail == {"correction": correction.pk, "reason": WHY}


def test_ask_without_a_reason_or_twice_is_refused(scene):
    with pytest.raises(RefusedError, match="请写明更正原因"):
        ask(scene, reason=" ")
    ask(scene)
    with pytest.raises(RefusedError, match="李填报 已于 4月10日 12:00 申请更正"):
        ask(scene)


def test_ask_for_what_is_not_approved_is_refused(scene):
    scene.next_quarter()
    with pytest.raises(RefusedError, match="现在是“待填报”"):
        ask(scene)


def test_ask_by_another_unit_is_denied(scene):
    with pytest.raises(PermissionDenied):
        ask(scene, by=person(Role.REPORTER, scene.places.hospitals[1][0]))


def test_grant_opens_it_with_the_approved_answers_and_days_of_its_own(scene):
    opened = reopen(scene)
    draft = opened.rounds.get(submitted_at=None)
    assert (opened.state, opened.due_on, opened.review_by) == ("reopened", date(2024, 4, 15), date(2024, 4, 22))
    assert (draft.number, draft.saved_by, draft.entries.get(element=scene.visits).value) == (2, scene.reporter, 60)
    assert in_force(scene) == 60


def test_grant_by_who_asked_is_refused_and_a_colleague_consents(scene):
    correction = ask(scene, by=scene.reviewer)
    with pytest.raises(RefusedError, match="不能答复自己提出的更正申请"):
        corrections.grant(correction, scene.reviewer, NOON)
    other = person(Role.REVIEWER, scene.places.counties[0])
    assert corrections.grant(correction, other, NOON).state == "reopened"


def test_grant_elsewhere_is_denied(scene):
    with pytest.raises(PermissionDenied):
        corrections.grant(ask(scene), person(Role.REVIEWER, scene.places.counties[1]), NOON)


def test_grant_twice_names_who_answered(scene):
    correction = ask(scene)
    corrections.grant(correction, scene.reviewer, NOON)
    with pytest.raises(RefusedError, match="王审核 已于 4月10日 12:00 答复过这项申请"):
        corrections.refuse(correction, "数据无误", person(Role.REVIEWER, scene.places.counties[0]), NOON)


def test_refuse_needs_a_reason_and_opens_nothing(scene):
    correction = ask(scene)
    with pytest.raises(RefusedError, match="请写明不同意的理由"):
        corrections.refuse(correction, "", scene.reviewer, NOON)
    refused = corrections.refuse(correction, "与台账一致", scene.reviewer, NOON)
    scene.submission.refresh_from_db()
    assert (refused.granted, refused.answer, scene.submission.state) == (False, "与台账一致", "approved")


def test_the_approved_figures_stay_in_force_until_the_correction_is_approved(scene):
    reopen(scene)
    scene.hand_in(NOON, visits=50)
    assert in_force(scene) == 60
    approved = scene.approve()
    assert (approved.state, approved.approved_round.number, in_force(scene)) == ("approved", 2, Decimal(50))


def test_a_correction_sent_back_stays_open_and_changes_no_figure(scene):
    reopen(scene)
    scene.hand_in(NOON, visits=50)
    sent = reviews.send_back(scene.submission, "请附台账", scene.reviewer, NOON)
    assert (sent.state, sent.approved_round.number, in_force(scene)) == ("reopened", 1, 60)


def test_a_correction_withdrawn_is_open_again(scene):
    reopen(scene)
    scene.hand_in(NOON, visits=50)
    submissions.withdraw(scene.submission, scene.reporter, NOON)
    scene.submission.refresh_from_db()
    assert scene.submission.state == "reopened"


def test_a_correction_has_no_deadline_to_be_late_by(scene):
    reopen(scene)
    scene.hand_in(NOON, visits=50)
    assert scene.submission.rounds.get(number=2).due_on is None


def test_end_closes_it_unchanged_and_keeps_what_was_typed(scene):
    reopen(scene)
    submissions.save_draft(scene.submission, scene.answers(visits=50), scene.reporter, NOON)
    ended = corrections.end(scene.submission, scene.reporter, NOON)
    kept = ended.rounds.get(number=2)
    assert (ended.state, kept.decision, kept.entries.get(element=scene.visits).value) == ("approved", "withdrawn", 50)
    assert in_force(scene) == 60


def test_end_of_what_is_not_open_is_refused(scene):
    with pytest.raises(RefusedError, match="没有可以结束的更正"):
        corrections.end(scene.submission, scene.reporter, MORNING)
