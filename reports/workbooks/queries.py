"""Returns as workbooks need them: what is asked, what stands in them now, and whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from institutions.enums import InstitutionKind, RegionLevel, Role
from institutions.models import Institution, Region
from institutions.permissions import Person, posts, reviewable_institutions
from institutions.queries import reporters_at
from reports.models import Round, Submission
from reports.questions.answers import Answer, AnswerKey, Question
from reports.questions.queries.asked import questions_for
from reports.returns.queries.submissions import answers_by_round, with_rounds
from targets.enums import PlanState
from targets.models import Plan
from targets.periods import SHANGHAI, Quarter

MOST_PAST_QUARTERS = 12

ReturnKey = tuple[int, int]  # reporter id, quarter: a return, opened or not


@dataclass(frozen=True)
class FilledReturn:
    """One return: its questions and the answers in it. submission: None where its quarter was never opened."""

    reporter: Institution
    quarter: Quarter
    submission: Submission | None
    latest: Round | None
    was_handed_in: bool
    questions: dict[AnswerKey, Question]
    answers: dict[AnswerKey, Answer]

    @property
    def key(self) -> ReturnKey:
        return self.reporter.pk, self.quarter.ordinal


def load_filled_returns(
    reporters: Iterable[Institution], quarter: Quarter, *, drafts: bool = True
) -> list[FilledReturn]:
    """The returns of these units that are asked something; a constant number of queries.

    drafts: with what is being filled in; else only what was handed in.
    """
    units = list(reporters)
    questions = questions_for([unit.pk for unit in units], quarter)
    returns = with_rounds(Submission.objects.filter(quarter=quarter.ordinal, reporter__in=units))
    found = {each.reporter_id: each for each in returns}
    rounds = {pk: list(each.rounds.all()) for pk, each in found.items()}
    shown = {pk: [each for each in made if drafts or each.submitted_at] for pk, made in rounds.items()}
    latest = {pk: made[-1] for pk, made in shown.items() if made}
    answers = answers_by_round([made.pk for made in latest.values()])
    return [
        FilledReturn(
            reporter=unit,
            quarter=quarter,
            submission=found.get(unit.pk),
            latest=latest.get(unit.pk),
            was_handed_in=any(made.submitted_at for made in rounds.get(unit.pk, [])),
            questions={question.key: question for question in questions[unit.pk]},
            answers={each.key: each for each in answers[latest[unit.pk].pk]} if unit.pk in latest else {},
        )
        for unit in units
        if questions[unit.pk]
    ]


def load_filled_return(submission: Submission) -> FilledReturn | None:
    """None where nothing is asked."""
    found = load_filled_returns([submission.reporter], Quarter.from_ordinal(submission.quarter))
    return found[0] if found else None


# --- Whose ------------------------------------------------------------------------------------------------------


def regions_entered_for(user: Person) -> QuerySet[Region]:
    """Where the person may enter for all units: where they review."""
    return Region.objects.filter(pk__in=posts(user, [Role.REVIEWER]).values("region")).order_by("position", "pk")


def regions_read(user: Person) -> QuerySet[Region]:
    """Whose workbook the person may take away: where they review, and every county that they supervise."""
    supervised = posts(user, [Role.SUPERVISOR]).values_list("region")
    counties = Region.objects.filter(level=RegionLevel.COUNTY, lineage__overlap=supervised)
    return (regions_entered_for(user) | counties).order_by("position", "pk")


def units_entered_for(user: Person, region: Region, quarter: Quarter) -> QuerySet[Institution]:
    """The units of the region whose returns the person reviews, as the register stood in the quarter."""
    reviewed = reviewable_institutions(user).filter(region__lineage__contains=[region.pk])
    return order_units(reporters_at(quarter.last_day).filter(pk__in=reviewed.values("pk")))


def units_read(user: Person, region: Region, quarter: Quarter) -> QuerySet[Institution]:
    """Those one enters for; for a supervisor all of the county but its bureau, which the city reviews."""
    if regions_entered_for(user).filter(pk=region.pk).exists():
        return units_entered_for(user, region, quarter)
    units = reporters_at(quarter.last_day).filter(region__lineage__contains=[region.pk])
    return order_units(units.exclude(kind=InstitutionKind.BUREAU))


def order_units(units: QuerySet[Institution]) -> QuerySet[Institution]:
    return units.select_related("region").order_by("region__position", "code")


# --- When -------------------------------------------------------------------------------------------------------


def opened_quarters(region: Region) -> list[Quarter]:
    """Quarters with returns here, newest first."""
    returns = Submission.objects.filter(reporter__region__lineage__contains=[region.pk])
    ordinals = returns.order_by("-quarter").values_list("quarter", flat=True).distinct()
    return [Quarter.from_ordinal(each) for each in ordinals]


def past_quarters(region: Region, now: datetime) -> list[Quarter]:
    """Quarters before the one that is being reported, back to the first plan that asks here; newest first."""
    plans = Plan.objects.exclude(state=PlanState.DRAFT).filter(issuer__in=region.lineage)
    first = plans.order_by("first_day").values_list("first_day", flat=True).first()
    if first is None:
        return []
    newest = Quarter.of(now.astimezone(SHANGHAI).date()) + -2
    count = min(newest - Quarter.of(first) + 1, MOST_PAST_QUARTERS)
    return [newest + -back for back in range(count)]
