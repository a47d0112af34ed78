"""Opening a quarter's returns.

The only writer of `ReturnPeriod`, but for its dates (`reports.returns.actions.periods`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from institutions import audit
from institutions.clock import SHANGHAI
from reports.base.enums import SubmissionState
from reports.models import Extension, ReturnPeriod, Submission
from reports.questions.queries.asked import reporters_asked
from targets.periods import Quarter, nth_working_day_after


@dataclass(frozen=True, slots=True)
class QuarterDates:
    """A quarter's days as the working calendar gives them. known: whether it holds every year passed through."""

    due_on: date
    review_by: date
    closes_on: date
    known: bool


def dates_of(quarter: Quarter, today: date) -> QuarterDates:
    """A quarter that is opened late still stays open for its days."""
    due_on, due_known = nth_working_day_after(quarter.last_day, settings.DUE_WORKING_DAYS)
    review_by, review_known = nth_working_day_after(due_on, settings.REVIEW_WORKING_DAYS)
    closes_on = max(due_on, today) + timedelta(days=settings.CLOSE_DAYS)
    return QuarterDates(due_on, review_by, closes_on, due_known and review_known)


@transaction.atomic
def open_quarter(quarter: Quarter, now: datetime) -> ReturnPeriod:
    """Open the quarter and owe a return from every unit that is asked something.

    Safe to repeat and to run twice at once; run later, it adds units that came since.
    """
    dates = dates_of(quarter, now.astimezone(SHANGHAI).date())
    period, opened = ReturnPeriod.objects.get_or_create(
        quarter=quarter.ordinal,
        defaults={
            "opened_at": now,
            "due_on": dates.due_on,
            "review_by": dates.review_by,
            "closes_on": dates.closes_on,
            "calendar_known": dates.known,
        },
    )
    # Of two runs at once one has made the row; its lock parts them before they look who owes nothing yet.
    period = ReturnPeriod.objects.select_for_update().get(pk=period.pk)
    added = owe_returns(period, quarter)
    if opened or added:
        audit.record("period.opened", period, None, now, quarter=str(quarter), returns=added)
    return period


@transaction.atomic
def owe_returns_of(reporters: Collection[int], period: ReturnPeriod, now: datetime) -> int:
    """The missing returns of these units alone: they came to be asked something since the quarter was opened."""
    period = ReturnPeriod.objects.select_for_update().get(pk=period.pk)
    quarter = Quarter.from_ordinal(period.quarter)
    added = owe_returns(period, quarter, reporters)
    if added:
        audit.record("period.opened", period, None, now, quarter=str(quarter), returns=added)
    return added


def owe_returns(period: ReturnPeriod, quarter: Quarter, among: Collection[int] | None = None) -> int:
    """Make the missing returns; the period's row is locked, so nobody else makes them meanwhile."""
    owing = reporters_asked(quarter).exclude(submissions__quarter=quarter.ordinal)
    owing = owing if among is None else owing.filter(pk__in=among)
    made = Submission.objects.bulk_create(
        [
            Submission(reporter=each, quarter=period.quarter, due_on=period.due_on, review_by=period.review_by)
            for each in owing
        ],
        batch_size=1000,
        # the unique key says once a quarter; a return that stands there all the same stays
        ignore_conflicts=True,
    )
    if made:
        for extension in Extension.objects.filter(quarter=period.quarter).order_by("made_at"):
            extend_returns(extension, Submission.objects.filter(reporter__in=[each.reporter_id for each in made]))
    return len(made)


def extend_returns(extension: Extension, returns: QuerySet[Submission]) -> int:
    """Move the days of those returns that the extension is about and that are not approved; never to earlier ones."""
    touched = returns.filter(extension_filter(extension), quarter=extension.quarter).exclude(
        state=SubmissionState.APPROVED
    )
    later = touched.filter(Q(due_on__lt=extension.due_on) | Q(review_by__lt=extension.review_by))
    moved = list(later.values_list("pk", flat=True))
    mine = Submission.objects.filter(pk__in=moved)
    mine.filter(due_on__lt=extension.due_on).update(due_on=extension.due_on)
    mine.filter(review_by__lt=extension.review_by).update(review_by=extension.review_by)
    return len(moved)


def extension_filter(extension: Extension) -> Q:
    if extension.institution_id:
        return Q(reporter=extension.institution_id)
    if extension.region_id:
        return Q(reporter__region__lineage__contains=[extension.region_id])
    return Q()
