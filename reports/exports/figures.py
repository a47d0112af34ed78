"""The sheets of quantified targets: 汇总表, 分县区（乡镇、机构）完成情况, 本级单位完成情况, 分子分母明细."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reports.base import numbers
from reports.base.xlsx.contents import Column, Line, Sheet, Shown, band, line, plain_number
from reports.boards.pages import Board, Cell, Matrix, Row, TargetHead
from reports.boards.pages.cell_words import milestone_text, without_unit
from reports.exports.contents import (
    NOT_APPLICABLE,
    NOT_JUDGED,
    answered,
    clause,
    expected,
    figure,
    legend,
    offices,
    rate,
    remark,
    share,
    status,
    title_of,
    units_of,
    wanted,
)
from reports.exports.summary import Addend, Part, Summary
from targets.enums import IndicatorKind

# --- 1 汇总表 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """A target's row with its running number and what lies behind its whole."""

    number: int
    row: Row
    part: Part

    @property
    def head(self) -> TargetHead:
        return self.row.target

    @property
    def whole(self) -> Cell:
        return self.row.whole


GOAL, DONE, FILED = lazy("目标要求"), lazy("完成情况"), lazy("填报")
OVERVIEW: tuple[Column[Item], ...] = (
    Column(lazy("序号"), 5, lambda item: item.number),
    Column(lazy("条款"), 22, lambda item: clause(item.head), align="left"),
    Column(lazy("工作任务"), 26, lambda item: item.head.name, align="left"),
    Column(lazy("单位"), 5, lambda item: item.head.unit or NOT_APPLICABLE),
    Column(lazy("目标值"), 9, lambda item: wanted(item.whole), GOAL, "right"),
    Column(lazy("完成时限"), 15, lambda item: item.whole.milestone_due or NOT_JUDGED, GOAL),
    Column(lazy("按进度应达"), 10, lambda item: expected(item.whole), DONE, "right"),
    Column(lazy("完成值"), 10, lambda item: figure(item.whole, item.part), DONE, "right"),
    Column(lazy("完成率"), 11, lambda item: rate(item.whole, item.part), DONE, "right"),
    Column(lazy("计数\n（分子/分母）"), 15, lambda item: share(item.whole, item.part), DONE),
    Column(lazy("状态"), 12, lambda item: status(item.whole.mark), DONE),
    Column(lazy("已报/应报"), 10, lambda item: answered(item.whole), FILED),
    Column(lazy("责任单位"), 16, lambda item: offices(item.head), align="left"),
    Column(lazy("备注"), 30, lambda item: remark(item.whole), align="left"),
)


def items(summary: Summary, rows: Iterable[Row]) -> Iterator[Item]:
    for number, row in enumerate(rows, 1):
        yield Item(number, row, summary.part(row.whole))


def overview(summary: Summary) -> Sheet:
    board = summary.board
    return Sheet(
        name=_("汇总表"),
        title=title_of(board, _("基层卫生目标完成情况汇总表")),
        columns=OVERVIEW,
        lines=overview_lines(summary),
        unit=units_of(row.target for row in board.rows),
        notes=(counts_note(board), legend()),
        frozen=3,
    )


def overview_lines(summary: Summary) -> Iterator[Line]:
    group = ""
    for item in items(summary, summary.board.rows):
        if item.head.group != group:
            group = item.head.group
            yield band(group)
        yield line(OVERVIEW, item)


def counts_note(board: Board) -> str:
    """共 23 项：✕ 未达标 3，▲ 滞后 2…"""
    counted = "，".join(f"{mark.sign} {mark.word} {count}" for mark, count in board.counts.by_status if count)
    return _("合计：本季考核 %(judged)d 项。%(counted)s。") % {"judged": board.counts.judged, "counted": counted}


# --- 2 分县区完成情况, 本级单位完成情况 -------------------------------------------------------------------------

HEADS = 4  # columns before the first figure
FEW = 12  # so many places are set wide on a sheet of paper; more of them closer
WIDE, CLOSE = 12, 9.5


@dataclass(frozen=True, slots=True)
class Face:
    """The upper (numbers) or lower (statuses) line of a target."""

    item: Item
    summary: Summary
    lower: bool

    def of(self, cell: Cell) -> Shown:
        if self.lower:
            return status(cell.mark)
        content = figure(cell, self.summary.part(cell))
        return Shown(content.value, content.format, cell.mark.key)


def matrix(summary: Summary) -> Sheet:
    word = summary.board.column_word
    return matrix_sheet(summary, summary.board, _("分%s完成情况") % word, _("目标分%s完成情况表") % word)


def apart(summary: Summary, own: Matrix) -> Sheet:
    """The institutions that lie in the region itself; their figures count in its whole."""
    return matrix_sheet(summary, own, _("本级单位完成情况"), _("本级单位目标完成情况表"))


def matrix_sheet(summary: Summary, shown: Matrix, name: str, title: str) -> Sheet:
    columns = matrix_columns(shown)
    return Sheet(
        name=name,
        title=title_of(summary.board, title),
        columns=columns,
        lines=matrix_lines(summary, shown, columns),
        unit=units_of(row.target for row in shown.rows),
        notes=(_("每项目标上行为完成值，下行为状态。合计列由全部分子、分母相加后计算。"), legend()),
        frozen=2,
    )


def matrix_columns(shown: Matrix) -> tuple[Column[Face], ...]:
    heads: tuple[Column[Face], ...] = (
        Column(_("序号"), 5, lambda face: face.item.number),
        Column(_("目标"), 28, lambda face: face.item.head.name, align="left"),
        Column(_("单位"), 5, lambda face: face.item.head.unit or NOT_APPLICABLE),
        Column(_("目标值"), 10, lambda face: wanted(face.item.whole)),
    )
    whole: Column[Face] = Column(_("合计"), 13, lambda face: face.of(face.item.whole), _("完成值与状态"))
    return (
        *heads,
        whole,
        *(place_column(shown, n) for n in range(len(shown.columns))),
    )


def place_column(shown: Matrix, place: int) -> Column[Face]:
    return Column(
        shown.columns[place].name,
        place_width(shown, place),
        lambda face: face.of(face.item.row.cells[place]),
        _("完成值与状态"),
    )


def place_width(shown: Matrix, place: int) -> float:
    """Wide enough for every number: one that does not fit would be printed as ####."""
    longest = max((len(without_unit(row.target, row.cells[place].value)) for row in shown.rows), default=0)
    return max(WIDE if len(shown.columns) <= FEW else CLOSE, longest + 2)


def matrix_lines(summary: Summary, shown: Matrix, columns: tuple[Column[Face], ...]) -> Iterator[Line]:
    for item in items(summary, shown.rows):
        yield line(columns, Face(item, summary, lower=False), joined=HEADS)
        lower = line(columns, Face(item, summary, lower=True))
        yield replace(lower, cells=(Shown(""),) * HEADS + lower.cells[HEADS:])


# --- 3 分子分母明细 ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sum:
    """A place under a target's sum, or the sum itself, whose cell is the region's own result."""

    number: int | str
    place: str
    head: TargetHead
    cell: Cell | None
    part: Part
    note: str = ""

    @property
    def result(self) -> Shown:
        """Of one unit that is or is not counted in the sum there is no ratio; the note says how far it is."""
        if self.cell is None:
            return Shown(NOT_JUDGED)
        return Shown(NOT_APPLICABLE) if at_unit(self.cell, self.part) else figure(self.cell, self.part)

    @property
    def status(self) -> Shown:
        return status(self.cell.mark) if self.cell else Shown(NOT_JUDGED)

    @property
    def top(self) -> Shown:
        return self.side(self.part.numerator)

    @property
    def bottom(self) -> Shown:
        return Shown(NOT_APPLICABLE) if self.head.kind == IndicatorKind.TOTAL else self.side(self.part.denominator)

    def side(self, value: Decimal) -> Shown:
        """A side of the fraction, or why it has nothing. Units on the register count in 分母, reported or not."""
        if self.part.empty or (self.part.not_applicable and not value):
            return Shown(NOT_APPLICABLE)
        return Shown(self.part.absence) if self.part.absence and not value else plain_number(value)


def at_unit(cell: Cell, part: Part) -> bool:
    """Whether the cell counts have/need of one unit, which is 0 or 1 of the sum above it."""
    same = (cell.numerator, cell.denominator) == (part.numerator, part.denominator)
    return cell.judged and cell.target.kind == IndicatorKind.EACH and not same


BOTH, UNITS = lazy("分子、分母与结果"), lazy("填报单位数（家）")
PARTS: tuple[Column[Sum], ...] = (
    Column(lazy("序号"), 6, lambda each: each.number),
    Column(lazy("地区"), 20, lambda each: each.place),
    Column(lazy("分子"), 14, lambda each: each.top, BOTH, "right"),
    Column(lazy("分母"), 14, lambda each: each.bottom, BOTH, "right"),
    Column(lazy("比率或总量"), 13, lambda each: each.result, BOTH, "right"),
    Column(lazy("单位"), 6, lambda each: each.head.unit or NOT_APPLICABLE, BOTH),
    Column(lazy("状态"), 15, lambda each: each.status, BOTH),
    Column(lazy("应报"), 8, lambda each: each.part.counts.units, UNITS),
    Column(lazy("已报"), 8, lambda each: each.part.counts.reported, UNITS),
    Column(lazy("待审"), 8, lambda each: each.part.counts.pending, UNITS),
    Column(lazy("待报"), 8, lambda each: each.part.counts.awaited, UNITS),
    Column(lazy("未报"), 8, lambda each: each.part.counts.missing, UNITS),
    Column(lazy("逾期未审"), 8, lambda each: each.part.counts.overdue_review, UNITS),
    Column(lazy("不适用"), 8, lambda each: each.part.counts.not_applicable, UNITS),
    Column(lazy("备注"), 44, lambda each: each.note, align="left"),
)


def parts(summary: Summary) -> Sheet:
    board = summary.board
    note = _("合计行由各行分子、分母分别相加，比率重新计算。不考核（·）的地区，数据照计入合计。")
    return Sheet(
        name=_("分子分母明细"),
        title=title_of(board, _("目标分子分母明细表")),
        columns=PARTS,
        lines=parts_lines(summary),
        unit=units_of(row.target for row in board.rows),
        notes=(note, legend()) if board.columns else (legend(),),
    )


def parts_lines(summary: Summary) -> Iterator[Line]:
    """A target a band: its places, then the sum; of a county the one line."""
    for item in items(summary, summary.board.rows):
        head, addends = item.head, summary.addends(item.row)
        yield band(f"{item.number}. {head.name}（{milestone_text(item.whole)}）")
        for number, each in enumerate(addends, 1):
            yield line(PARTS, Sum(number, each.place, head, each.cell, each.part, unit_note(each)))
        name = _("合计") if addends else item.whole.region.name
        formula = summary.formulas.get(head.id)
        words = formula.filled or formula.words if formula else ""
        part = own_part(item)
        yield line(PARTS, Sum("", name, head, item.whole, part, words), bold=bool(addends))


def own_part(item: Item) -> Part:
    """The part behind the whole: at the unit itself have and need, which its value is made of."""
    if not at_unit(item.whole, item.part):
        return item.part
    return replace(item.part, numerator=item.whole.numerator, denominator=item.whole.denominator)


def unit_note(addend: Addend) -> str:
    """Of an `each` at the unit itself: 应完成 2，已完成 1."""
    if not addend.cell or not at_unit(addend.cell, addend.part) or not addend.part.given:
        return ""
    counts = {"need": numbers.trimmed(addend.cell.denominator), "have": numbers.trimmed(addend.cell.numerator)}
    return _("本单位应完成 %(need)s，已完成 %(have)s") % counts
