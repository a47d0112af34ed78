"""What the database holds of returns, rounds, entries and figures, both ways."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from reports.enums import Decision, SubmissionState
from reports.models import Round
from tests.factories import (
    EntryFactory,
    FigureFactory,
    ReturnPeriodFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
)
from tests.reports.filling import MORNING

pytestmark = pytest.mark.django_db


def refused(name, make):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make()


def change(row, **fields):
    return lambda: type(row).objects.filter(pk=row.pk).update(**fields)


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
    change(made, decision=Decision.APPROVED, decided_at=MORNING, decided_by=UserFactory())()


def test_round_not_decided_before_it_is_handed_in():
    decided = {"decision": Decision.APPROVED, "decided_at": MORNING, "decided_by": UserFactory()}
    refused("round_decided_who_and_when", change(RoundFactory(), **decided))


def test_round_returned_has_a_reason():
    made = RoundFactory(sent_back=True)
    refused("round_returned_has_a_reason", change(made, reason=""))
    assert Round.objects.get().reason


def test_round_nobody_decides_their_own():
    made = RoundFactory(passed=True)
    refused("round_nobody_decides_their_own", change(made, decided_by=made.submitted_by))
    change(made, decided_by=UserFactory())()


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
