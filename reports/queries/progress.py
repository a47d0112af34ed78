"""Returns of a quarter below a region, with their last round handed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q

from institutions.models import Region
from reports.models import Round, Submission
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Owed:
    """A return. lines: the units that it answers for; first_handed_in: when its first round came."""

    submission: Submission
    lines: int
    first_handed_in: datetime | None


def owed_below(region: Region, quarter: int) -> Iterator[Owed]:
    """Every return of the quarter, in the register's order."""
    end = Quarter.from_ordinal(quarter).last_day
    open_unit = Q(reporter__reports_for__opened__lte=end) & (
        Q(reporter__reports_for__closed__isnull=True) | Q(reporter__reports_for__closed__gt=end)
    )
    found = (
        Submission.objects.filter(quarter=quarter, reporter__region__lineage__contains=[region.pk])
        .select_related("reporter__region")
        .annotate(
            below=Count("reporter__reports_for", filter=open_unit, distinct=True),
            first_handed_in=Min("rounds__submitted_at"),
        )
        .order_by("reporter__region__position", "reporter__code")
    )
    for submission in found:
        yield Owed(submission, submission.below + 1, submission.first_handed_in)


def last_rounds(region: Region, quarter: int) -> dict[int, Round]:
    """The newest round that was handed in, by return."""
    rounds = (
        Round.objects.filter(
            submission__quarter=quarter,
            submission__reporter__region__lineage__contains=[region.pk],
            submitted_at__isnull=False,
        )
        .select_related("submitted_by")
        .order_by(F("submission"), "-number")
        .distinct("submission")
    )
    return {each.submission_id: each for each in rounds}
