"""Returns of a quarter below a region, with their last round handed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from institutions.models import Institution, Region, RegionVersion
from institutions.queries import carried_by, lay_as_on
from reports.models import Round, Submission
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Owed:
    """A return. lines: the units that it answers for; was_late: handed in after its deadline once (补报, for ever);
    waits_late: what waits for review came so (补报待审)."""

    submission: Submission
    lines: int
    was_late: bool
    waits_late: bool


def owed_below(region: Region, quarter: int) -> Iterator[Owed]:
    """Every return of the quarter but those that lapsed, in the register's order."""
    end = Quarter.from_ordinal(quarter).last_day
    late = Round.objects.late().filter(submission=OuterRef("pk"))
    found: QuerySet[Any] = (
        Submission.objects.filter(quarter=quarter, reporter__in=reporters_within(region, end))
        .standing()
        .with_waits_late()
        .select_related("reporter__region")
        .annotate(was_late=Exists(late.not_withdrawn()))
        .order_by("reporter__region__position", "reporter__code")
    )
    submissions, lines = list(found), lines_below(region, end)
    lay_as_on([submission.reporter for submission in submissions], end)
    for submission in submissions:
        units = lines.get(submission.reporter_id, 0) + 1
        yield Owed(submission, units, submission.was_late, submission.waits_late)


def reporters_within(region: Region, day: date) -> QuerySet[Institution]:
    """The units that lay in the region or below it on the day, as these were then."""
    places = RegionVersion.objects.in_force_on(day).within(region.pk).values("region")
    return Institution.objects.lying_in(places, day)


def lines_below(region: Region, day: date) -> dict[int, int]:
    """Of how many other units each reporter in the region carries the line."""
    lines = carried_by(reporters_within(region, day).values("pk"), day).exclude(reporter_then=F("pk"))
    counted = lines.order_by().values("reporter_then").annotate(lines=Count("pk"))
    return dict(counted.values_list("reporter_then", "lines"))


def last_rounds(region: Region, quarter: int) -> dict[int, Round]:
    """The newest round that was handed in and not withdrawn, by return."""
    end = Quarter.from_ordinal(quarter).last_day
    rounds = (
        Round.objects.handed_in()
        .not_withdrawn()
        .filter(submission__quarter=quarter, submission__reporter__in=reporters_within(region, end))
        .select_related("submitted_by")
        .order_by(F("submission"), "-number")
        .distinct("submission")
    )
    return {each.submission_id: each for each in rounds}
