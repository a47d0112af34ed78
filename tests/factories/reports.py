"""Returns as rows, without the actions. `approved()` is a whole approved return in one call."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import factory

from institutions.clock import SHANGHAI
from institutions.models import Institution
from reports.base.enums import Decision, SubmissionState
from reports.models import Entry, Figure, ReturnPeriod, Round, Submission
from reports.reviewing.actions.figures import update_year_totals
from targets.models import DataElement
from targets.periods import Quarter
from tests.factories.institutions import InstitutionFactory, UserFactory
from tests.factories.targets import DataElementFactory

QUARTER = Quarter(2023, 1)


def due_day(quarter: int) -> date:
    """A plain stand-in for the tenth working day: the 14th of the month after."""
    return Quarter.from_ordinal(quarter).last_day + timedelta(days=14)


def morning(day: date) -> datetime:
    return datetime.combine(day, time(9), SHANGHAI)


class ReturnPeriodFactory(factory.django.DjangoModelFactory):
    """2023Q1 unless said; pass `quarter=Quarter(2023, 2).ordinal`."""

    class Meta:
        model = ReturnPeriod
        django_get_or_create = ["quarter"]

    quarter = QUARTER.ordinal
    opened_at = factory.LazyAttribute(lambda period: morning(Quarter.from_ordinal(period.quarter).last_day))
    due_on = factory.LazyAttribute(lambda period: due_day(period.quarter))
    review_by = factory.LazyAttribute(lambda period: period.due_on + timedelta(days=7))


class SubmissionFactory(factory.django.DjangoModelFactory):
    """Nothing filled in yet."""

    class Meta:
        model = Submission

    reporter = factory.SubFactory(InstitutionFactory)
    quarter = QUARTER.ordinal
    due_on = factory.LazyAttribute(lambda submission: due_day(submission.quarter))
    review_by = factory.LazyAttribute(lambda submission: submission.due_on + timedelta(days=7))


class RoundFactory(factory.django.DjangoModelFactory):
    """A draft, or what a trait says: RoundFactory(handed_in=True), passed=True, sent_back=True."""

    class Meta:
        model = Round

    class Params:
        handed_in = factory.Trait(
            submitted_at=factory.SelfAttribute("saved_at"),
            submitted_by=factory.SelfAttribute("saved_by"),
            due_on=factory.SelfAttribute("submission.due_on"),
        )
        decided = factory.Trait(
            handed_in=True,
            decided_at=factory.LazyAttribute(lambda made: made.saved_at + timedelta(days=1)),
            decided_by=factory.SubFactory(UserFactory),
        )
        passed = factory.Trait(decided=True, decision=Decision.APPROVED)
        sent_back = factory.Trait(decided=True, decision=Decision.RETURNED, reason="与台账不一致，请核对。")

    submission = factory.SubFactory(SubmissionFactory)
    number = factory.LazyAttribute(lambda made: made.submission.rounds.count() + 1)
    saved_at = factory.LazyAttribute(lambda made: morning(made.submission.due_on - timedelta(days=3)))
    saved_by = factory.SubFactory(UserFactory)


class EntryFactory(factory.django.DjangoModelFactory):
    """A value of the reporter itself; for 不适用 give value=None, not_applicable=True and a note."""

    class Meta:
        model = Entry

    round = factory.SubFactory(RoundFactory)
    subject = factory.SelfAttribute("round.submission.reporter")
    element = factory.SubFactory(DataElementFactory)
    value = Decimal(1)


class FigureFactory(factory.django.DjangoModelFactory):
    """An approved value of `subject` with the whole return behind it."""

    class Meta:
        model = Figure
        skip_postgeneration_save = True

    subject = factory.SubFactory(InstitutionFactory)
    element = factory.SubFactory(DataElementFactory)
    quarter = QUARTER.ordinal
    value = Decimal(1)
    round = factory.LazyAttribute(lambda figure: approved_round(figure.subject, figure.quarter))

    @factory.post_generation
    def reckoned(figure, create, extracted, **kwargs):
        update_year_totals([figure.subject_id], Quarter.from_ordinal(figure.quarter).year)
        figure.refresh_from_db()


def approved_round(subject: Institution, quarter: int) -> Round:
    """The approved round of the subject's reporter; made with its return where there is none yet."""
    reporter = subject.reported_by or subject
    made = Submission.objects.filter(reporter=reporter, quarter=quarter).select_related("approved_round").first()
    if made and made.approved_round:
        return made.approved_round
    made = made or SubmissionFactory(reporter=reporter, quarter=quarter)
    made.approved_round = RoundFactory(submission=made, passed=True)
    made.state = SubmissionState.APPROVED
    made.save(update_fields=["approved_round", "state"])
    return made.approved_round


def approved(subject: Institution, quarter: Quarter, values: dict[DataElement, Decimal | int | None]) -> Submission:
    """An approved return (or more lines in it) with entries and figures; None is 不适用."""
    passed = approved_round(subject, quarter.ordinal)
    for element, value in values.items():
        answer = {"subject": subject, "element": element, "value": value, "not_applicable": value is None}
        EntryFactory(round=passed, **answer, note="" if value is not None else "本单位无此业务。")
        FigureFactory(round=passed, quarter=quarter.ordinal, **answer)
    return passed.submission
