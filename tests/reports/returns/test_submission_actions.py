"""Filling in and handing in: what is kept, what is refused, and by whom."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from institutions.clock import SHANGHAI
from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.enums import Origin, SubmissionState
from reports.base.errors import RefusedError
from reports.models import Entry, Explanation, ReturnPeriod
from reports.returns.actions import submissions
from reports.returns.errors import FindingsError, NewerSaveError
from reports.returns.queries.submissions import return_row, with_rounds
from reports.reviewing.actions import reviews
from targets.models import Target
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON, Filling, filling

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
        {"round": 1, "answers": 5, "origin": ""},
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


# --- 代报 -------------------------------------------------------------------------------------------------------


def enter(scene, origin=Origin.PHONE, by=None, **changed):
    by = by or scene.reviewer
    submissions.save_draft(scene.submission, scene.answers(**changed), by, MORNING, origin=origin)
    return submissions.submit(scene.submission, by, MORNING).rounds.get()


def test_a_reviewer_enters_for_the_unit_and_it_is_marked(scene):
    made = enter(scene, Origin.PAPER)
    assert (made.origin, made.saved_by, made.submitted_by) == ("paper", scene.reviewer, scene.reviewer)
    assert AuditRecord.objects.get(action="submission.saved").detail["origin"] == "paper"


def test_a_reviewer_must_say_how_the_answers_came(scene):
    with pytest.raises(RefusedError, match="请选择“电话代报”或“纸质代报”"):
        enter(scene, Origin.OWN)


def test_a_reviewer_elsewhere_enters_nothing(scene):
    with pytest.raises(PermissionDenied):
        enter(scene, by=person(Role.REVIEWER, scene.places.counties[1]))


def test_a_reporter_marks_nothing_as_entered_by_the_county(scene):
    with pytest.raises(PermissionDenied):
        enter(scene, by=scene.reporter)


def test_who_entered_for_the_unit_does_not_decide_but_a_colleague_does(scene):
    enter(scene)
    with pytest.raises(RefusedError, match="不能审核自己填报的报表"):
        scene.approve()
    other = person(Role.REVIEWER, scene.places.counties[0])
    assert reviews.approve(scene.submission, other, NOON).state == "approved"


def test_who_typed_one_answer_does_not_decide_though_the_unit_handed_in(scene):
    answers = scene.answers()
    submissions.save_draft(scene.submission, answers[:1], scene.reviewer, MORNING, origin=Origin.PHONE)
    draft = save(scene, answers, now=NOON)
    submissions.submit(scene.submission, scene.reporter, NOON)
    assert [entry.typed_by for entry in draft.entries.order_by("typed_at")][:2] == [scene.reviewer, scene.reporter]
    with pytest.raises(RefusedError, match="不能审核自己填报的报表"):
        scene.approve()


def test_a_reviewer_does_not_hand_in_what_the_unit_typed(scene):
    save(scene)
    with pytest.raises(RefusedError, match="代报要注明方式"):
        submissions.submit(scene.submission, scene.reviewer, MORNING)


def test_the_unit_withdraws_what_the_county_entered(scene):
    enter(scene)
    draft = submissions.withdraw(scene.submission, scene.reporter, NOON)
    assert (draft.number, draft.origin, draft.submission.state) == (2, "phone", "draft")


# --- Withdrawing ------------------------------------------------------------------------------------------------


def test_withdraw_keeps_the_round_and_goes_on_with_the_same_answers(scene):
    target = Target.objects.first()
    save(scene)
    Explanation.objects.create(
        round=scene.submission.rounds.get(), target=target, causes=["staff"], problem="缺人。", measures="招聘。"
    )
    submissions.submit(scene.submission, scene.reporter, MORNING)
    draft = submissions.withdraw(scene.submission, scene.reporter, NOON)
    kept = scene.submission.rounds.get(number=1)
    assert (kept.decision, kept.decided_by, kept.decided_at) == ("withdrawn", scene.reporter, NOON)
    rows = [list(made.entries.order_by("element").values_list("element", "value", "note")) for made in (kept, draft)]
    assert rows[0] == rows[1]
    assert draft.explanations.get().problem == "缺人。"
    scene.submission.refresh_from_db()
    assert scene.submission.state == SubmissionState.DRAFT


def test_withdraw_of_one_that_was_sent_back_before_is_returned_again(scene):
    scene.hand_in()
    reviews.send_back(scene.submission, "请核对", scene.reviewer, NOON)
    scene.hand_in(NOON)
    submissions.withdraw(scene.submission, scene.reporter, NOON)
    scene.submission.refresh_from_db()
    assert scene.submission.state == SubmissionState.RETURNED


def test_withdraw_after_the_decision_names_who_decided(scene):
    scene.hand_in()
    scene.approve()
    with pytest.raises(RefusedError, match="不能撤回：这张报表已由 王审核 于 4月10日 12:00 通过。"):
        submissions.withdraw(scene.submission, scene.reporter, NOON)


def test_withdraw_of_a_draft_and_by_a_reviewer_is_refused(scene):
    with pytest.raises(RefusedError, match="还没有提交，不需要撤回"):
        submissions.withdraw(scene.submission, scene.reporter, MORNING)
    scene.hand_in()
    with pytest.raises(PermissionDenied):
        submissions.withdraw(scene.submission, scene.reviewer, NOON)


# --- Deadlines --------------------------------------------------------------------------------------------------


def on(month, day):
    return datetime(2024, month, day, 9, tzinfo=SHANGHAI)


def row(scene, now):
    return return_row(with_rounds(type(scene.submission).objects).get(pk=scene.submission.pk), now)


def test_submit_keeps_the_deadline_of_that_day_and_a_late_one_stays_late_for_ever(scene):
    scene.hand_in(on(4, 16))
    type(scene.submission).objects.update(due_on=date(2024, 5, 30))
    assert (scene.submission.rounds.get().due_on, row(scene, on(4, 17)).lateness) == (date(2024, 4, 15), "late")
    reviews.send_back(scene.submission, "请核对", scene.reviewer, on(4, 17))
    scene.hand_in(on(4, 18))
    assert row(scene, on(4, 19)).was_late


def test_a_withdrawn_late_hand_in_counts_by_the_next_one(scene):
    scene.hand_in(on(4, 16))
    submissions.withdraw(scene.submission, scene.reporter, on(4, 16))
    type(scene.submission).objects.update(due_on=date(2024, 4, 20))
    submissions.submit(scene.submission, scene.reporter, on(4, 17))
    assert row(scene, on(4, 17)).lateness == ""


def test_after_the_closing_day_nothing_is_taken_but_with_a_later_deadline(scene):
    ReturnPeriod.objects.update(closes_on=date(2024, 4, 30))
    save(scene, now=on(4, 30))
    with pytest.raises(RefusedError, match="2024年第一季度已于2024年4月30日关账"):
        submissions.submit(scene.submission, scene.reporter, on(5, 1))
    type(scene.submission).objects.update(due_on=date(2024, 5, 1))
    assert submissions.submit(scene.submission, scene.reporter, on(5, 1)).state == "submitted"


def test_a_backfill_is_taken_after_the_closing_day_and_is_never_late(scene):
    ReturnPeriod.objects.update(closes_on=date(2024, 4, 30))
    answers = scene.answers()
    submissions.save_draft(scene.submission, answers, scene.reviewer, on(6, 1), origin=Origin.BACKFILL)
    submissions.submit(scene.submission, scene.reviewer, on(6, 1))
    assert (scene.submission.rounds.get().due_on, row(scene, on(6, 2)).was_late) == (None, False)
