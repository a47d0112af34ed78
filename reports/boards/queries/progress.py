"""Returns of a quarter below a region, with their last round handed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet

from institutions.models import Institution, Region
from institutions.queries import carried_by
from reports.models import Round, Submission
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Owed:
    """A return. lines: the units that it answers for; was_late: handed in after its deadline once (补报, for ever)."""

    submission: Submission
    lines: int
    was_late: bool


def owed_below(region: Region, quarter: int) -> Iterator[Owed]:
    """Every return of the quarter but those that lapsed, in the register's order."""
    late = Round.objects.filter(submission=OuterRef("pk"), submitted_at__date__gt=F("due_on"))
    found: QuerySet[Any] = (
        Submission.objects.filter(quarter=quarter)
        .within(region.pk)
        .standing()
        .select_related("reporter__region")
        .annotate(was_late=Exists(late.not_withdrawn()))
        .order_by("reporter__region__position", "reporter__code")
    )
    lines = lines_below(region, Quarter.from_ordinal(quarter).last_day)
    for submission in found:
        yield Owed(submission, lines.get(submission.reporter_id, 0) + 1, submission.was_late)


def lines_below(region: Region, day: date) -> dict[int, int]:
    """Of how many other units each reporter in the region carries the line."""
    here = Institution.objects.within(region.pk).values("pk")
    lines = carried_by(here, day).exclude(reporter_then=F("pk"))
    counted = lines.order_by().values("reporter_then").annotate(lines=Count("pk"))
    return dict(counted.values_list("reporter_then", "lines"))


def last_rounds(region: Region, quarter: int) -> dict[int, Round]:
    """The newest round that was handed in and not withdrawn, by return."""
    rounds = (
        Round.objects.handed_in()
        .not_withdrawn()
        .filter(submission__quarter=quarter, submission__reporter__region__lineage__contains=[region.pk])
        .select_related("submitted_by")
        .order_by(F("submission"), "-number")
        .distinct("submission")
    )
    return {each.submission_id: each for each in rounds}
