"""即将到期提示: what is not due yet, but soon, and will not be reached at the pace it has gone of late.

Of the same places as the lagging list: the lowest judged regions, and a county for what none of its own is judged by.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from institutions.models import Region
from reports.boards.pages.cells import Cell, ContactPerson, PlanHead, RegionHead, TargetHead
from reports.boards.pages.lagging import PlaceList, flaggable_regions, in_order, judged_below, people_for
from reports.boards.pages.plan_quarter import PlaceColumn, PlanQuarter
from reports.models import ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class HintEntry:
    """A target of a region whose cell carries 提示, and who answers for it."""

    cell: Cell
    person: ContactPerson | None

    @property
    def target(self) -> TargetHead:
        return self.cell.target

    @property
    def region(self) -> RegionHead:
        return self.cell.region


@dataclass(frozen=True, slots=True)
class HintList(PlaceList[HintEntry]):
    """entries: by the plan's order of targets, then the register's order of regions."""


def hint_list(plan: Plan, region: Region, period: ReturnPeriod) -> HintList:
    """The hints in a region. A constant number of queries."""
    plan_quarter = PlanQuarter.at(plan, Quarter.from_ordinal(period.quarter))
    regions = flaggable_regions(plan, region, plan_quarter.quarter)
    return list_hints(plan_quarter, region, regions, plan_quarter.hinted(plan_quarter.columns(regions)))


def list_hints(
    plan_quarter: PlanQuarter, region: Region, regions: Sequence[Region], columns: Iterable[PlaceColumn]
) -> HintList:
    """Out of hinted columns that were read already; `regions` are those that may be listed."""
    known = {each.pk for each in regions}
    cells = [cell for column in columns if column.region.id in known for cell in column.cells.values()]
    below = judged_below(plan_quarter.plan, regions, cells)
    near = [cell for cell in cells if cell.hint and (cell.target.id, cell.region.id) not in below]
    people = people_for({cell.target.id for cell in near}, {cell.region.id for cell in near}, plan_quarter.quarter)
    entries = [HintEntry(cell, people.get((cell.target.id, cell.region.id))) for cell in near]
    return HintList(
        plan=PlanHead.of(plan_quarter.plan),
        region=RegionHead.of(region),
        quarter=plan_quarter.quarter,
        level=plan_quarter.plan.lowest_level,
        entries=tuple(in_order(plan_quarter, regions, entries)),
    )
