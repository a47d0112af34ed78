"""A plan before it is published: who would be asked what, and how last quarter's figures would be judged by it.

Nothing here is stored; the results come from `reports.judging.preview`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from institutions.enums import InstitutionKind, RegionLevel
from institutions.models import Region
from institutions.queries import children_judged, region_on
from reports.base.enums import Status
from reports.boards.pages.cells import Cell, PlanHead, RegionHead, StatusCounts, TargetHead
from reports.boards.pages.plan_quarter import PlanQuarter
from reports.boards.queries.preview import ElementAsked, UnitsAsked, units_asked
from reports.models import Attainment, ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter

CONCERN = (Status.RED, Status.AMBER, Status.NO_DATA)


@dataclass(frozen=True, slots=True)
class AskedTopic:
    """Elements under one heading of the form."""

    name: str
    elements: tuple[ElementAsked, ...]


@dataclass(frozen=True, slots=True)
class AskedGroup:
    """Units of one kind and level with what they would be asked; `lines` of them are answered for by another."""

    kind_word: str
    level_word: str
    units: int
    lines: int
    topics: tuple[AskedTopic, ...]

    @classmethod
    def of(cls, group: UnitsAsked) -> "AskedGroup":
        names = dict.fromkeys(each.element.topic for each in group.elements)
        return cls(
            kind_word=str(InstitutionKind(group.kind).label),
            level_word=str(RegionLevel(group.level).label),
            units=group.units,
            lines=group.lines,
            topics=tuple(
                AskedTopic(name, tuple(each for each in group.elements if each.element.topic == name)) for name in names
            ),
        )

    @property
    def elements(self) -> list[ElementAsked]:
        return [each for topic in self.topics for each in topic.elements]

    @property
    def new(self) -> int:
        """Elements that any of the units is not asked yet."""
        return sum(each.new > 0 for each in self.elements)


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """A target: how the issuing region (`whole`) and its judged children would stand."""

    target: TargetHead
    whole: Cell
    cells: tuple[Cell, ...]

    @property
    def all_cells(self) -> tuple[Cell, ...]:
        return (self.whole, *self.cells)

    @property
    def concerns(self) -> list[Cell]:
        """The cells that would be behind, or could not be judged."""
        return [cell for cell in self.all_cells if cell.status in CONCERN]


@dataclass(frozen=True, slots=True)
class PreviewPage:
    """asked_from: the first quarter whose returns would hold the questions. quarter: whose figures were judged;
    None where no quarter of the plan is opened yet. counts: of the issuing region, over quantified targets."""

    plan: PlanHead
    state: str
    asked_from: Quarter
    asked: tuple[AskedGroup, ...]
    quarter: Quarter | None
    columns: tuple[RegionHead, ...]
    rows: tuple[JudgedRow, ...]
    counts: StatusCounts

    @property
    def groups(self) -> list[tuple[str, list[JudgedRow]]]:
        """Rows under the heads of the board: numbers and states apart."""
        numbers = [row for row in self.rows if not row.target.qualitative]
        states = [row for row in self.rows if row.target.qualitative]
        return [(label, rows) for label, rows in ((_("量化目标"), numbers), (_("定性工作"), states)) if rows]

    @property
    def units(self) -> int:
        """Those that hand in a return or a line of one."""
        return sum(group.units for group in self.asked)

    @property
    def elements(self) -> int:
        return len(self.element_ids)

    @property
    def new(self) -> int:
        """Elements that no unit is asked yet."""
        known = {each.element.pk for group in self.asked for each in group.elements if each.new < each.units}
        return len(self.element_ids - known)

    @property
    def element_ids(self) -> set[int]:
        return {each.element.pk for group in self.asked for each in group.elements}


def preview_page(
    plan: Plan, asked_from: Quarter, period: ReturnPeriod | None, results: Iterable[Attainment]
) -> PreviewPage:
    """results: of the period, as they would be."""
    quarter = Quarter.from_ordinal(period.quarter) if period else None
    day = (quarter or asked_from).last_day
    regions = [region_on(plan.issuer, day), *children_judged(plan.issuer, plan.judged_levels, day)]
    rows = judged_rows(PlanQuarter.at(plan, quarter), regions, results) if quarter else []
    return PreviewPage(
        plan=PlanHead.of(plan),
        state=plan.state,
        asked_from=asked_from,
        asked=tuple(AskedGroup.of(group) for group in units_asked(plan, asked_from)),
        quarter=quarter,
        columns=tuple(RegionHead.of(region) for region in regions[1:]),
        rows=tuple(rows),
        counts=StatusCounts.of([row.whole for row in rows if not row.target.qualitative]),
    )


def judged_rows(plan_quarter: PlanQuarter, regions: list[Region], results: Iterable[Attainment]) -> list[JudgedRow]:
    """One row a target that would be judged in any of the regions, in the plan's order."""
    found = plan_quarter.cells_of(results, regions)
    rows = []
    for head in plan_quarter.heads.values():
        whole, *cells = (found.get((head.id, region.pk)) or plan_quarter.blank(head, region) for region in regions)
        if whole.judged or any(cell.judged for cell in cells):
            rows.append(JudgedRow(head, whole, tuple(cells)))
    return rows
