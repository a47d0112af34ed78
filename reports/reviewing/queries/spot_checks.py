"""Checks on the spot (现场核查): what is to be looked at, with the figure and what is known of it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, QuerySet

from institutions.models import Region
from institutions.permissions import Person, reviewable_institutions
from reports.base.enums import Decision, SpotCheckOutcome
from reports.models import Entry, Figure, SpotCheck, Submission
from reports.models.handling import SpotCheckQuerySet
from reports.questions.answers import AnswerKey
from targets.periods import Quarter

OPEN, CLOSED = "open", "closed"
PAST_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class SpotCheckRow:
    """A check with the answer as it was handed in last, and the approved figures of the quarters before, oldest
    first; None: nothing approved."""

    check: SpotCheck
    answer: Entry | None
    past: list[tuple[Quarter, Figure | None]]

    @property
    def quarter(self) -> Quarter:
        return Quarter.from_ordinal(self.check.submission.quarter)


def visible_checks(user: Person) -> SpotCheckQuerySet:
    """Of the returns that the person reviews."""
    found = SpotCheck.objects.filter(submission__reporter__in=reviewable_institutions(user))
    return found.select_related("submission__reporter__region", "element", "subject__region", "asked_by", "closed_by")


def checks_listed(user: Person, state: str, place: int | None) -> QuerySet[SpotCheck]:
    """Open ones by place, as one would travel; closed ones the latest first."""
    found = visible_checks(user)
    if place:
        found = found.filter(subject__region=place)
    if state == CLOSED:
        return found.exclude(outcome=SpotCheckOutcome.OPEN).order_by("-closed_at", "-pk")
    by_place = ("subject__region__position", "subject__region", "subject__code", "element__position", "pk")
    return found.open().order_by(*by_place)


def places_of_checks(user: Person) -> QuerySet[Region]:
    return Region.objects.filter(institutions__in=visible_checks(user).values("subject")).distinct()


def with_figures(checks: Iterable[SpotCheck]) -> list[SpotCheckRow]:
    checks = list(checks)
    answers, figures = answers_of(checks), figures_of(checks)
    return [
        SpotCheckRow(
            each,
            answers.get((each.submission_id, *field_of(each))),
            [
                (Quarter.from_ordinal(ordinal), figures.get((ordinal, *field_of(each))))
                for ordinal in range(each.submission.quarter - PAST_QUARTERS, each.submission.quarter)
            ],
        )
        for each in checks
    ]


def field_of(check: SpotCheck) -> AnswerKey:
    return check.element_id, check.subject_id


def answers_of(checks: list[SpotCheck]) -> dict[tuple[int, int, int], Entry]:
    """The latest hand-in's answers, by return and field."""
    entries = Entry.objects.filter(
        round__submission__in={each.submission_id for each in checks},
        round__submitted_at__isnull=False,
        element__in={each.element_id for each in checks},
        subject__in={each.subject_id for each in checks},
    ).exclude(round__decision=Decision.WITHDRAWN)
    newest = entries.annotate(submission=F("round__submission")).order_by("round__number").select_related("element")
    return {(each.submission, each.element_id, each.subject_id): each for each in newest}


def figures_of(checks: list[SpotCheck]) -> dict[tuple[int, int, int], Figure]:
    quarters = {each.submission.quarter - back for each in checks for back in range(1, PAST_QUARTERS + 1)}
    figures = Figure.objects.filter(
        quarter__in=quarters,
        element__in={each.element_id for each in checks},
        subject__in={each.subject_id for each in checks},
    )
    return {(each.quarter, each.element_id, each.subject_id): each for each in figures}


def checks_at(submission: Submission) -> dict[AnswerKey, list[SpotCheck]]:
    """By field, the oldest first."""
    found: dict[AnswerKey, list[SpotCheck]] = {}
    for each in submission.spot_checks.select_related("asked_by", "closed_by").order_by("asked_at"):
        found.setdefault(field_of(each), []).append(each)
    return found
