"""The board of a region: the matrix of its child regions by targets, or the targets of a county.

`board_of` is what the page, the API and the workbook read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from institutions.models import Region
from institutions.queries import children_judged
from reports.board.book import Book, pace_of, status_in
from reports.board.cells import Cell, PlanHead, RegionHead, StatusCounts, TargetHead, pace_text
from reports.board.lagging import LaggingList, listed, lowest_judged
from reports.board.progress import ReturnLine, return_lines
from reports.board.switches import Choice
from reports.flags import Pace
from reports.models import ReturnPeriod
from reports.queries import board as queries
from targets.models import Plan
from targets.periods import Quarter, day_label


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the board is shown. status: of the region itself. lagging: rows with any cell at RED or AMBER.

    clause: a `Group.key` of clauses; topic: a topic; by: "clause" or "topic", how rows are grouped.
    """

    status: str = ""
    lagging: bool = False
    topic: str = ""
    clause: str = ""
    by: str = "clause"

    @property
    def active(self) -> bool:
        return bool(self.status or self.lagging or self.topic or self.clause)

    def take(self, row: "Row") -> bool:
        return (
            (not self.status or row.whole.status == self.status)
            and (not self.lagging or any(cell.lagging for cell in (row.whole, *row.cells)))
            and (not self.topic or row.target.topic == self.topic)
            and (not self.clause or row.target.group_key == self.clause)
        )


@dataclass(frozen=True, slots=True)
class Row:
    """A target across the board: `whole` is the region itself, `cells` run in step with the board's columns.

    before: the status of the region in the quarter before, "" where there was none. pace: the region's.
    """

    target: TargetHead
    whole: Cell
    cells: tuple[Cell, ...] = ()
    before: str = ""
    pace: Pace | None = None
    anomalies: tuple[str, ...] = ()

    @property
    def line_text(self) -> str:
        """The milestone looked at, with its day: ≥40% 2023年底; of the first county where the whole has none."""
        cell = next((each for each in (self.whole, *self.cells) if each.judged), self.whole)
        return f"{cell.milestone_text} {day_text(cell.milestone_due)}" if cell.milestone_due else ""

    @property
    def pace_text(self) -> str:
        return pace_text(self.pace, self.target)


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading: a clause of the plan, or a topic. `key` is what the address carries."""

    key: str
    label: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """One region, one quarter. Without columns it is the board of a county, and lists its institutions instead.

    columns: the judged child regions in the register's order; column_lagging: RED and AMBER of each, over
    quantified targets. groups: quantified targets; qualitative: items judged by state, kept apart.
    counts, qualitative_counts and total are of the region itself, before any filter.
    """

    plan: PlanHead
    region: RegionHead
    quarter: Quarter
    due_on: date
    columns: tuple[RegionHead, ...]
    column_lagging: tuple[int, ...]
    groups: tuple[Group, ...]
    qualitative: tuple[Group, ...]
    counts: StatusCounts
    qualitative_counts: StatusCounts
    total: int
    lagging: LaggingList
    institutions: tuple[ReturnLine, ...]
    filters: Filters
    topics: tuple[Choice, ...]
    clauses: tuple[Choice, ...]

    @property
    def column_heads(self) -> list[tuple[RegionHead, int]]:
        return list(zip(self.columns, self.column_lagging, strict=True))

    @property
    def rows(self) -> list[Row]:
        """The quantified rows in order, without their headings."""
        return [row for group in self.groups for row in group.rows]


def board_of(plan: Plan, region: Region, period: ReturnPeriod, today: date, filters: Filters | None = None) -> Board:
    """The board of a region for one opened quarter; a matrix where the plan judges regions below it."""
    filters = filters or Filters()
    book = Book.at(plan, Quarter.from_ordinal(period.quarter))
    children = list(children_judged(region, plan.judged_levels))
    found = book.cells([region, *children])
    rows = board_rows(book, [region, *children], found)
    numbers = [row for row in rows if not row.target.qualitative]
    states = [row for row in rows if row.target.qualitative]
    return Board(
        plan=PlanHead.of(plan),
        region=RegionHead.of(region),
        quarter=book.quarter,
        due_on=period.due_on,
        columns=tuple(RegionHead.of(child) for child in children),
        column_lagging=tuple(sum(row.cells[n].lagging for row in numbers) for n in range(len(children))),
        groups=grouped(numbers, filters),
        qualitative=grouped(states, filters),
        counts=StatusCounts.of([row.whole for row in numbers]),
        qualitative_counts=StatusCounts.of([row.whole for row in states]),
        total=len(numbers),
        lagging=lagging_of(book, region, children, found),
        institutions=() if children else tuple(return_lines(region, period, today)),
        filters=filters,
        topics=choices([(row.target.topic, row.target.topic) for row in rows], filters.topic),
        clauses=choices([(row.target.group_key, row.target.group) for row in rows], filters.clause),
    )


def lagging_of(
    book: Book, region: Region, children: Sequence[Region], found: Mapping[queries.Place, Cell]
) -> LaggingList:
    """Out of the cells at hand where these are of the lowest judged level; else they are read."""
    lowest = book.plan.lowest_level
    flagged = [place for place in (children or [region]) if place.level == lowest]
    if len(flagged) != len(children or [region]):
        flagged = lowest_judged(book.plan, region)
        found = book.cells(flagged)
    return listed(book, region, flagged, found)


def board_rows(book: Book, places: Sequence[Region], found: Mapping[queries.Place, Cell]) -> list[Row]:
    """One row a target that is judged in the region, the first of the places, or in any of its children."""
    region = places[0]
    past = queries.history([region.pk], book.quarter, list(book.heads))
    oddities = queries.anomalies_by_target(book.plan)
    rows = []
    for each in book.terms:
        head = book.heads[each.target.pk]
        whole, *cells = (found.get((head.id, place.pk)) or book.blank(head, place) for place in places)
        before = past.get((head.id, region.pk), [])
        if whole.judged or any(cell.judged for cell in cells):
            rows.append(
                Row(
                    target=head,
                    whole=whole,
                    cells=tuple(cells),
                    before=status_in(before, book.quarter + -1),
                    pace=pace_of(each, whole, before),
                    anomalies=tuple(oddities.get(head.id, ())),
                )
            )
    return rows


def day_text(day: date) -> str:
    """2023年底, or 2023年6月30日."""
    if (day.month, day.day) == (12, 31):
        return _("%d年底") % day.year
    return day_label(day)


def grouped(rows: Iterable[Row], filters: Filters) -> tuple[Group, ...]:
    """Rows that the filters take, under their headings in the order in which these first occur."""
    labels: dict[str, str] = {}
    members: dict[str, list[Row]] = {}
    for row in rows:
        if not filters.take(row):
            continue
        topic = filters.by == "topic"
        key = row.target.topic if topic else row.target.group_key
        labels.setdefault(key, row.target.topic if topic else row.target.group)
        members.setdefault(key, []).append(row)
    return tuple(Group(key, labels[key], tuple(found)) for key, found in members.items())


def choices(pairs: Iterable[tuple[str, str]], selected: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, label, value == selected) for value, label in dict(pairs).items())
