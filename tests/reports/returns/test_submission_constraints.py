"""What the database holds of returns, rounds, entries and figures, both ways."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from institutions.models import AuditRecord
from reports.base.enums import Decision, Origin, SubmissionState
from reports.models import Explanation, Remark
from tests.factories import (
    EntryFactory,
    FigureFactory,
    ReturnPeriodFactory,
    RoundFactory,
    SubmissionFactory,
    TargetFactory,
    UserFactory,
)
from tests.reports.returns.helpers import MORNING

pytestmark = pytest.mark.django_db


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def change(row, **fields):
    return lambda: type(row).objects.filter(pk=row.pk).update(**fields)


def decided_now(by=None):
    return {"decided_at": MORNING, "decided_by": by or UserFactory()}


def approve(made, by=None):
    return change(made, decision=Decision.APPROVED, **decided_now(by))


def explanation(made):
    words = {"causes": ["staff"], "problem": "缺人。", "measures": "招聘。"}
    return Explanation.objects.create(round=made, target=TargetFactory(), **words)


def test_period_review_not_before_due():
    period = ReturnPeriodFactory()
    change(period, review_by=period.due_on)()
    refused("period_review_not_before_due", change(period, review_by=period.due_on - timedelta(days=1)))


def test_submission_once_a_quarter():
    made = SubmissionFactory()
    SubmissionFactory(reporter=made.reporter, quarter=made.quarter + 1)
    refused("submission_once_a_quarter", lambda: SubmissionFactory(reporter=made.reporter, quarter=made.quarter))


def test_submission_approved_has_its_round():
    passed = RoundFactory(passed=True)
    refused("submission_approved_has_its_round", change(passed.submission, state=SubmissionState.APPROVED))
    change(passed.submission, state=SubmissionState.APPROVED, approved_round=passed)()


def test_round_number_once():
    made = RoundFactory(passed=True)
    refused("round_number_once", lambda: RoundFactory(submission=made.submission, number=made.number, passed=True))
    RoundFactory(submission=made.submission, number=made.number + 1, passed=True)


def test_round_one_draft_at_a_time():
    made = RoundFactory()
    refused("round_one_draft_at_a_time", lambda: RoundFactory(submission=made.submission))
    RoundFactory(submission=made.submission, handed_in=True)


def test_round_one_under_review_at_a_time():
    made = RoundFactory(handed_in=True)
    refused("round_one_under_review_at_a_time", lambda: RoundFactory(submission=made.submission, handed_in=True))
    RoundFactory(submission=made.submission, sent_back=True)


def test_round_submitted_who_and_when():
    made = RoundFactory()
    refused("round_submitted_who_and_when", change(made, submitted_at=MORNING))
    change(made, submitted_at=MORNING, submitted_by=UserFactory())()


def test_round_decided_who_and_when():
    made = RoundFactory(handed_in=True)
    refused("round_decided_who_and_when", change(made, decision=Decision.APPROVED))
    approve(made)()


def test_round_not_decided_before_it_is_handed_in():
    decided = {"decision": Decision.APPROVED, "decided_at": MORNING, "decided_by": UserFactory()}
    refused("round_decided_who_and_when", change(RoundFactory(), **decided))


def test_round_returned_has_a_reason():
    refused("round_returned_has_a_reason", lambda: RoundFactory(sent_back=True, reason=""))
    assert RoundFactory(sent_back=True).reason


def test_round_nobody_decides_their_own():
    clerk = UserFactory()
    refused("round_nobody_decides_their_own", lambda: RoundFactory(passed=True, saved_by=clerk, decided_by=clerk))
    RoundFactory(passed=True, saved_by=clerk)


def test_round_no_typist_decides():
    made = EntryFactory(round__handed_in=True, typed_by=UserFactory())
    refused("round_no_typist_decides", approve(made.round, made.typed_by))
    approve(made.round)()


def test_round_no_typist_sends_back_but_may_withdraw():
    made = EntryFactory(round__handed_in=True, typed_by=UserFactory())
    decided = {"decided_at": MORNING, "decided_by": made.typed_by}
    refused("round_no_typist_decides", change(made.round, decision=Decision.RETURNED, reason="请核对", **decided))
    change(made.round, decision=Decision.WITHDRAWN, **decided)()


@pytest.mark.parametrize("field", ["saved_at", "submitted_at", "due_on"])
def test_round_handed_in_not_changed(field):
    made, draft = RoundFactory(handed_in=True), RoundFactory()
    later = {field: MORNING if field != "due_on" else MORNING.date()}
    refused("round_handed_in_not_changed", change(made, **later))
    change(draft, saved_at=MORNING, due_on=MORNING.date())()


def test_round_handed_in_not_changed_to_another_origin_or_person():
    made, draft = RoundFactory(handed_in=True), RoundFactory()
    refused("round_handed_in_not_changed", change(made, origin=Origin.PHONE))
    refused("round_handed_in_not_changed", change(made, submitted_by=UserFactory()))
    change(draft, origin=Origin.PHONE)()


def test_round_handed_in_not_deleted():
    made, draft = RoundFactory(handed_in=True), RoundFactory()
    refused("round_handed_in_not_deleted", made.delete)
    draft.delete()


@pytest.mark.parametrize(
    "fields", [{"decision": Decision.RETURNED, "reason": "请核对"}, {"reason": "好"}, {"decided_at": MORNING}]
)
def test_round_decided_not_changed(fields):
    refused("round_decided_not_changed", change(RoundFactory(passed=True), **fields))
    made = RoundFactory(handed_in=True)
    change(made, **{"decision": Decision.RETURNED, "reason": "请核对"} | decided_now() | fields)()


def test_entry_of_a_hand_in_not_changed_or_deleted():
    kept, draft = EntryFactory(round__handed_in=True), EntryFactory()
    refused("entry_of_a_hand_in_not_changed", change(kept, value=2))
    refused("entry_of_a_hand_in_not_deleted", kept.delete)
    change(draft, value=2)()
    draft.delete()


def test_explanation_of_a_hand_in_not_changed_or_deleted():
    kept, draft = explanation(RoundFactory(handed_in=True)), explanation(RoundFactory())
    refused("explanation_of_a_hand_in_not_changed", change(kept, problem="已解决"))
    refused("explanation_of_a_hand_in_not_deleted", kept.delete)
    change(draft, problem="已解决")()
    draft.delete()


def test_remark_not_changed_or_deleted():
    entry = EntryFactory(round__sent_back=True)
    kept = Remark.objects.create(round=entry.round, element=entry.element, subject=entry.subject, text="请核对")
    refused("remark_not_changed", change(kept, text="好"))
    refused("remark_not_deleted", kept.delete)


def test_figure_of_an_approved_round():
    made = FigureFactory()
    refused("figure_of_an_approved_round", lambda: FigureFactory(round=RoundFactory(handed_in=True)))
    refused("figure_stays_of_an_approved_round", change(made, round=RoundFactory(sent_back=True)))
    change(made, round=RoundFactory(passed=True))()


def test_audit_record_not_changed_or_deleted():
    kept = AuditRecord.objects.create(at=MORNING, action="submission.approved")
    refused("audit_record_not_changed", change(kept, action="login"))
    refused("audit_record_not_deleted", kept.delete)


def test_entry_once_a_round():
    made = EntryFactory()
    refused("entry_once_a_round", lambda: EntryFactory(round=made.round, element=made.element))
    EntryFactory(round=made.round)


@pytest.mark.parametrize(("factory", "name"), [(EntryFactory, "entry"), (FigureFactory, "figure")])
def test_a_value_or_not_applicable_but_not_both_and_not_neither(factory, name):
    made = factory(value=0)
    change(made, value=None, not_applicable=True)()
    refused(f"{name}_value_or_not_applicable", change(made, value=None, not_applicable=False))
    refused(f"{name}_value_or_not_applicable", change(made, value=0, not_applicable=True))


def test_figure_once():
    made = FigureFactory()
    again = {"subject": made.subject, "element": made.element, "round": made.round}
    refused("figure_once", lambda: FigureFactory(**again))
    FigureFactory(**again, quarter=made.quarter + 1)
