"""From a cell backwards: how it was judged, the units and returns behind it, the words of the plan before it."""

from dataclasses import dataclass
from datetime import date, datetime

from institutions.models import Region
from reports.board.cells import Cell, RegionHead, TargetHead, cell_of
from reports.board.result import ResultView, result_view, shared
from reports.models import ReturnPeriod
from reports.queries import board as queries
from reports.queries.promises import TargetTerms
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Version:
    """One kept result. until: the day it was replaced; None for the one in force."""

    cell: Cell
    known_from: date
    until: date | None
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class TracePage(ResultView):
    """A result walked backwards. parent: the judged region above. versions: newest first."""

    parent: RegionHead | None
    versions: tuple[Version, ...]


def trace_page(plan: Plan, target_id: int, region: Region, period: ReturnPeriod, today: date) -> TracePage | None:
    """None where the target has no terms in force in the quarter."""
    found = result_view(plan, target_id, region, period, today)
    if found is None:
        return None
    view, each = found
    return TracePage(
        **shared(view),
        parent=parent_of(plan, region),
        versions=tuple(versions_of(each, view.target, region, view.quarter)),
    )


def parent_of(plan: Plan, region: Region) -> RegionHead | None:
    parent = region.parent
    return RegionHead.of(parent) if parent and parent.level in plan.judged_levels else None


def versions_of(each: TargetTerms, head: TargetHead, region: Region, quarter: Quarter) -> list[Version]:
    place = RegionHead.of(region)
    kept = queries.versions(head.id, region.pk, quarter)
    return [
        Version(
            cell=cell_of(result, head, place, each.is_unit(region)),
            known_from=result.known_from,
            until=result.superseded_on,
            computed_at=result.computed_at,
        )
        for result in kept
    ]
