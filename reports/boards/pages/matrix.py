"""The board of a region: the matrix of its children by targets, or the list of its targets where it has none.

The children are the judged regions below it; of a region of the lowest judged level, where the plan judges
institutions, these. `board_of` is what the page, the API and the workbook read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from institutions.models import Region
from institutions.queries import children_judged
from reports.boards.pages.cells import (
    Cell,
    InstitutionHead,
    PlaceHead,
    PlanHead,
    RegionHead,
    StatusCounts,
    TargetHead,
    level_word,
)
from reports.boards.pages.hints import HintList, list_hints
from reports.boards.pages.lagging import LaggingList, flaggable_regions, flagged_levels, list_lagging
from reports.boards.pages.plan_quarter import PlaceColumn, PlanQuarter, pace_of, status_in
from reports.boards.pages.progress import ReturnLine, return_lines
from reports.boards.queries import results as queries
from reports.judging.flags import Pace
from reports.models import ReturnPeriod
from reports.scope.selectors import Choice
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class BoardFilters:
    """What of the board is shown. status: of the region itself. lagging: rows with any cell at RED or AMBER.

    clause: a `RowGroup.key` of clauses; topic: a topic; by: "clause" or "topic", how rows are grouped.
    """

    status: str = ""
    lagging: bool = False
    topic: str = ""
    clause: str = ""
    by: str = "clause"

    @property
    def active(self) -> bool:
        return bool(self.status or self.lagging or self.topic or self.clause)

    def take(self, row: "BoardRow") -> bool:
        return (
            (not self.status or row.whole.status == self.status)
            and (not self.lagging or any(cell.lagging for cell in (row.whole, *row.cells)))
            and (not self.topic or row.target.topic == self.topic)
            and (not self.clause or row.target.group_key == self.clause)
        )


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A target across a matrix: `whole` is the region itself, `cells` run in step with the columns.

    before: the status of the region in the quarter before, "" where there was none. pace: the region's.
    """

    target: TargetHead
    whole: Cell
    cells: tuple[Cell, ...] = ()
    before: str = ""
    pace: Pace | None = None
    anomalies: tuple[str, ...] = ()

    @property
    def first_judged(self) -> Cell:
        """The region's own cell, or where that is not judged the first that is: its milestone stands for the row's."""
        return next((each for each in (self.whole, *self.cells) if each.judged), self.whole)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under one heading: a clause of the plan, or a topic. `key` is what the address carries."""

    key: str
    label: str
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Rows under their headings, and the places that their cells run in step with, in the register's order.

    column_lagging: RED and AMBER of each column, over quantified targets. groups: quantified targets;
    qualitative: items judged by state, kept apart.
    """

    columns: tuple[PlaceHead, ...]
    column_lagging: tuple[int, ...]
    groups: tuple[RowGroup, ...]
    qualitative: tuple[RowGroup, ...]

    @property
    def column_heads(self) -> list[tuple[PlaceHead, int]]:
        return list(zip(self.columns, self.column_lagging, strict=True))

    @property
    def column_word(self) -> str:
        """What the columns are: 县区, 乡镇街道, 机构."""
        return level_word(self.columns[0].level) if self.columns else ""

    @property
    def rows(self) -> list[BoardRow]:
        """The quantified rows in order, without their headings."""
        return [row for group in self.groups for row in group.rows]

    def cells_of(self, target: TargetHead) -> tuple[Cell, ...]:
        """A target's cells; none where it has no row."""
        rows = (row for group in (*self.groups, *self.qualitative) for row in group.rows)
        return next((row.cells for row in rows if row.target.id == target.id), ())


@dataclass(frozen=True, slots=True)
class Board(Matrix):
    """One region, one quarter.

    apart: the institutions that lie in the region itself and in none of its columns; they count in the whole.
    sole: the one institution of a place that is judged by institution but has no other, and so no columns.
    counts, qualitative_counts and total are of the region itself, before any filter. returns: where it is one place.
    """

    plan: PlanHead
    region: RegionHead
    quarter: Quarter
    due_on: date
    counts: StatusCounts
    qualitative_counts: StatusCounts
    total: int
    lagging: LaggingList
    hints: HintList
    apart: Matrix | None
    sole: InstitutionHead | None
    returns: tuple[ReturnLine, ...]
    filters: BoardFilters
    topics: tuple[Choice, ...]
    clauses: tuple[Choice, ...]

    @property
    def one_place(self) -> bool:
        """No judged region lies below it."""
        return all(isinstance(column, InstitutionHead) for column in self.columns)


def board_of(
    plan: Plan, region: Region, period: ReturnPeriod, today: date, filters: BoardFilters | None = None
) -> Board:
    """The board of a region for one opened quarter."""
    filters = filters or BoardFilters()
    plan_quarter = PlanQuarter.at(plan, Quarter.from_ordinal(period.quarter))
    children = children_judged(region, plan.judged_levels, plan_quarter.quarter.last_day)
    columns_read = [*plan_quarter.columns([region, *children]), *plan_quarter.columns_within(region)]
    hinted = plan_quarter.hinted(columns_read)
    regions, institutions = hinted[: len(children) + 1], hinted[len(children) + 1 :]
    flaggable, flaggable_columns = flaggable_of(plan_quarter, region, children, regions)
    columns = regions[1:] or (institutions if len(institutions) > 1 else [])
    rows = board_rows(plan_quarter, regions[0], columns)
    matrix = matrix_of(rows, columns, filters)
    return Board(
        plan=PlanHead.of(plan),
        region=RegionHead.of(region),
        quarter=plan_quarter.quarter,
        due_on=period.due_on,
        columns=matrix.columns,
        column_lagging=matrix.column_lagging,
        groups=matrix.groups,
        qualitative=matrix.qualitative,
        counts=StatusCounts.of([row.whole for row in rows if not row.target.qualitative]),
        qualitative_counts=StatusCounts.of([row.whole for row in rows if row.target.qualitative]),
        total=sum(not row.target.qualitative for row in rows),
        lagging=list_lagging(plan_quarter, region, flaggable, flaggable_columns),
        hints=list_hints(plan_quarter, region, flaggable, flaggable_columns),
        apart=apart_of(rows, institutions, filters) if children and institutions else None,
        sole=institutions[0].institution if len(institutions) == 1 and not children else None,
        returns=() if children else tuple(return_lines(region, period, today)),
        filters=filters,
        topics=choices([(row.target.topic, row.target.topic) for row in rows], filters.topic),
        clauses=choices([(row.target.group_key, row.target.group) for row in rows], filters.clause),
    )


def matrix_of(rows: Sequence[BoardRow], columns: Sequence[PlaceColumn], filters: BoardFilters) -> Matrix:
    numbers = [row for row in rows if not row.target.qualitative]
    states = [row for row in rows if row.target.qualitative]
    return Matrix(
        columns=tuple(column.place for column in columns),
        column_lagging=tuple(sum(row.cells[n].lagging for row in numbers) for n in range(len(columns))),
        groups=group_rows(numbers, filters),
        qualitative=group_rows(states, filters),
    )


def apart_of(rows: Iterable[BoardRow], institutions: Sequence[PlaceColumn], filters: BoardFilters) -> Matrix:
    """The rows of what any of these institutions is judged by."""
    own = [replace(row, cells=tuple(column.cell(row.target) for column in institutions)) for row in rows]
    return matrix_of([row for row in own if any(cell.judged for cell in row.cells)], institutions, filters)


def flaggable_of(
    plan_quarter: PlanQuarter, region: Region, children: Sequence[Region], columns: Sequence[PlaceColumn]
) -> tuple[list[Region], Sequence[PlaceColumn]]:
    """What may be listed as lagging or hinted at: out of the columns at hand where the children are of the lowest
    judged level; else they are read."""
    if any(child.level != plan_quarter.plan.lowest_level for child in children):
        regions = flaggable_regions(plan_quarter.plan, region, plan_quarter.quarter)
        return regions, plan_quarter.hinted(plan_quarter.columns(regions))
    levels = flagged_levels(plan_quarter.plan)
    return [place for place in (region, *children) if place.level in levels], columns


def board_rows(plan_quarter: PlanQuarter, region: PlaceColumn, columns: Sequence[PlaceColumn]) -> list[BoardRow]:
    """One row a target that is judged in the region or in any of its children."""
    past = queries.history([region.region.id], plan_quarter.quarter, list(plan_quarter.heads))
    oddities = queries.oddities(plan_quarter.plan)
    rows = []
    for each in plan_quarter.terms:
        head = plan_quarter.heads[each.target.pk]
        whole, *cells = (column.cell(head) for column in (region, *columns))
        before = past.get((head.id, region.region.id), [])
        if whole.judged or any(cell.judged for cell in cells):
            rows.append(
                BoardRow(
                    target=head,
                    whole=whole,
                    cells=tuple(cells),
                    before=status_in(before, plan_quarter.quarter - 1),
                    pace=pace_of(each, whole, before),
                    anomalies=tuple(oddities.of_targets.get(head.id, ())),
                )
            )
    return rows


def group_rows(rows: Iterable[BoardRow], filters: BoardFilters) -> tuple[RowGroup, ...]:
    """Rows that the filters take, under their headings in the order in which these first occur."""
    labels: dict[str, str] = {}
    members: dict[str, list[BoardRow]] = {}
    for row in rows:
        if not filters.take(row):
            continue
        topic = filters.by == "topic"
        key = row.target.topic if topic else row.target.group_key
        labels.setdefault(key, row.target.topic if topic else row.target.group)
        members.setdefault(key, []).append(row)
    return tuple(RowGroup(key, labels[key], tuple(found)) for key, found in members.items())


def choices(pairs: Iterable[tuple[str, str]], selected: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == selected) for value, label in dict(pairs).items())
