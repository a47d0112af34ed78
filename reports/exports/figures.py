"""The sheets of quantified targets: 汇总表, 分县区（乡镇、机构）完成情况, 本级单位完成情况, 分子分母明细."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reports.base import numbers
from reports.base.xlsx.contents import CellContent, Sheet, SheetColumn, SheetLine, band_line, line_of, plain_number
from reports.boards.pages import Board, BoardRow, Cell, Matrix, TargetHead
from reports.boards.pages.cell_words import milestone_text, without_unit
from reports.exports.contents import (
    NOT_APPLICABLE,
    NOT_JUDGED,
    clause_text,
    expected_content,
    figure_content,
    legend_text,
    offices_text,
    rate_content,
    remark_text,
    reported_text,
    share_lines,
    status_of_cell,
    title_of,
    units_of,
    wanted_content,
)
from reports.exports.summary import Addend, InspectionSummary, SidePart
from targets.enums import IndicatorKind

# --- 1 汇总表 ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """A target's row with its running number and what lies behind its whole."""

    number: int
    row: BoardRow
    part: SidePart

    @property
    def head(self) -> TargetHead:
        return self.row.target

    @property
    def whole(self) -> Cell:
        return self.row.whole


GOAL, DONE, FILED = lazy("目标要求"), lazy("完成情况"), lazy("填报")
OVERVIEW: tuple[SheetColumn[NumberedRow], ...] = (
    SheetColumn(lazy("序号"), 5, lambda item: item.number),
    SheetColumn(lazy("条款"), 22, lambda item: clause_text(item.head), align="left"),
    SheetColumn(lazy("工作任务"), 26, lambda item: item.head.name, align="left"),
    SheetColumn(lazy("单位"), 5, lambda item: item.head.unit or NOT_APPLICABLE),
    SheetColumn(lazy("目标值"), 9, lambda item: wanted_content(item.whole), GOAL, "right"),
    SheetColumn(lazy("完成时限"), 15, lambda item: item.whole.milestone_due or NOT_JUDGED, GOAL),
    SheetColumn(lazy("按进度应达"), 10, lambda item: expected_content(item.whole), DONE, "right"),
    SheetColumn(lazy("完成值"), 10, lambda item: figure_content(item.whole, item.part), DONE, "right"),
    SheetColumn(lazy("完成率"), 11, lambda item: rate_content(item.whole, item.part), DONE, "right"),
    SheetColumn(lazy("计数\n（分子/分母）"), 15, lambda item: share_lines(item.whole, item.part), DONE),
    SheetColumn(lazy("状态"), 12, lambda item: status_of_cell(item.whole), DONE),
    SheetColumn(lazy("已报/应报"), 10, lambda item: reported_text(item.whole), FILED),
    SheetColumn(lazy("责任单位"), 16, lambda item: offices_text(item.head), align="left"),
    SheetColumn(lazy("备注"), 30, lambda item: remark_text(item.whole), align="left"),
)


def numbered_rows(summary: InspectionSummary, rows: Iterable[BoardRow]) -> Iterator[NumberedRow]:
    for number, row in enumerate(rows, 1):
        yield NumberedRow(number, row, summary.part(row.whole))


def overview_sheet(summary: InspectionSummary) -> Sheet:
    board = summary.board
    return Sheet(
        name=_("汇总表"),
        title=title_of(board, _("基层卫生目标完成情况汇总表")),
        columns=OVERVIEW,
        lines=overview_lines(summary),
        unit=units_of(row.target for row in board.rows),
        notes=(counts_note(board), legend_text()),
        frozen=3,
    )


def overview_lines(summary: InspectionSummary) -> Iterator[SheetLine]:
    group = ""
    for item in numbered_rows(summary, summary.board.rows):
        if item.head.group != group:
            group = item.head.group
            yield band_line(group)
        yield line_of(OVERVIEW, item)


def counts_note(board: Board) -> str:
    """共 23 项：✕ 未达标 3，▲ 滞后 2…"""
    counted = "，".join(f"{badge.sign} {badge.word} {count}" for badge, count in board.counts.by_status if count)
    return _("合计：本季考核 %(judged)d 项。%(counted)s。") % {"judged": board.counts.judged, "counted": counted}


# --- 2 分县区完成情况, 本级单位完成情况 -------------------------------------------------------------------------

HEADS = 4  # columns before the first figure
FEW = 12  # so many places are set wide on a sheet of paper; more of them closer
WIDE, CLOSE = 12, 9.5


@dataclass(frozen=True, slots=True)
class MatrixFace:
    """The upper (numbers) or lower (statuses) line of a target."""

    item: NumberedRow
    summary: InspectionSummary
    lower: bool

    def of(self, cell: Cell) -> CellContent:
        if self.lower:
            return status_of_cell(cell)
        content = figure_content(cell, self.summary.part(cell))
        return CellContent(content.value, content.format, cell.badge.key)


def places_sheet(summary: InspectionSummary) -> Sheet:
    word = summary.board.column_word
    return matrix_sheet(summary, summary.board, _("分%s完成情况") % word, _("目标分%s完成情况表") % word)


def apart_sheet(summary: InspectionSummary, own: Matrix) -> Sheet:
    """The institutions that lie in the region itself; their figures count in its whole."""
    return matrix_sheet(summary, own, _("本级单位完成情况"), _("本级单位目标完成情况表"))


def matrix_sheet(summary: InspectionSummary, shown: Matrix, name: str, title: str) -> Sheet:
    columns = matrix_columns(shown)
    return Sheet(
        name=name,
        title=title_of(summary.board, title),
        columns=columns,
        lines=matrix_lines(summary, shown, columns),
        unit=units_of(row.target for row in shown.rows),
        notes=(_("每项目标上行为完成值，下行为状态。合计列由全部分子、分母相加后计算。"), legend_text()),
        frozen=2,
    )


def matrix_columns(shown: Matrix) -> tuple[SheetColumn[MatrixFace], ...]:
    heads: tuple[SheetColumn[MatrixFace], ...] = (
        SheetColumn(_("序号"), 5, lambda face: face.item.number),
        SheetColumn(_("目标"), 28, lambda face: face.item.head.name, align="left"),
        SheetColumn(_("单位"), 5, lambda face: face.item.head.unit or NOT_APPLICABLE),
        SheetColumn(_("目标值"), 10, lambda face: wanted_content(face.item.whole)),
    )
    whole: SheetColumn[MatrixFace] = SheetColumn(
        _("合计"), 13, lambda face: face.of(face.item.whole), _("完成值与状态")
    )
    return (
        *heads,
        whole,
        *(place_column(shown, n) for n in range(len(shown.columns))),
    )


def place_column(shown: Matrix, place: int) -> SheetColumn[MatrixFace]:
    return SheetColumn(
        shown.columns[place].name,
        place_width(shown, place),
        lambda face: face.of(face.item.row.cells[place]),
        _("完成值与状态"),
    )


def place_width(shown: Matrix, place: int) -> float:
    """Wide enough for every number: one that does not fit would be printed as ####."""
    longest = max((len(without_unit(row.target, row.cells[place].value)) for row in shown.rows), default=0)
    return max(WIDE if len(shown.columns) <= FEW else CLOSE, longest + 2)


def matrix_lines(
    summary: InspectionSummary, shown: Matrix, columns: tuple[SheetColumn[MatrixFace], ...]
) -> Iterator[SheetLine]:
    for item in numbered_rows(summary, shown.rows):
        yield line_of(columns, MatrixFace(item, summary, lower=False), joined=HEADS)
        lower = line_of(columns, MatrixFace(item, summary, lower=True))
        yield replace(lower, cells=(CellContent(""),) * HEADS + lower.cells[HEADS:])


# --- 3 分子分母明细 ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartSum:
    """A place under a target's sum, or the sum itself, whose cell is the region's own result."""

    number: int | str
    place: str
    head: TargetHead
    cell: Cell | None
    part: SidePart
    note: str = ""

    @property
    def result(self) -> CellContent:
        """Of one unit that is or is not counted in the sum there is no ratio; the note says how far it is."""
        if self.cell is None:
            return CellContent(NOT_JUDGED)
        return CellContent(NOT_APPLICABLE) if at_unit(self.cell, self.part) else figure_content(self.cell, self.part)

    @property
    def status(self) -> CellContent:
        return status_of_cell(self.cell) if self.cell else CellContent(NOT_JUDGED)

    @property
    def top(self) -> CellContent:
        return self.side(self.part.numerator)

    @property
    def bottom(self) -> CellContent:
        return (
            CellContent(NOT_APPLICABLE) if self.head.kind == IndicatorKind.TOTAL else self.side(self.part.denominator)
        )

    def side(self, value: Decimal) -> CellContent:
        """A side of the fraction, or why it has nothing. Units on the register count in 分母, reported or not."""
        if self.part.empty or (self.part.not_applicable and not value):
            return CellContent(NOT_APPLICABLE)
        return CellContent(self.part.absence) if self.part.absence and not value else plain_number(value)


def at_unit(cell: Cell, part: SidePart) -> bool:
    """Whether the cell counts have/need of one unit, which is 0 or 1 of the sum above it."""
    same = (cell.numerator, cell.denominator) == (part.numerator, part.denominator)
    return cell.judged and cell.target.kind == IndicatorKind.EACH and not same


BOTH, UNITS = lazy("分子、分母与结果"), lazy("填报单位数（家）")
PARTS: tuple[SheetColumn[PartSum], ...] = (
    SheetColumn(lazy("序号"), 6, lambda each: each.number),
    SheetColumn(lazy("地区"), 20, lambda each: each.place),
    SheetColumn(lazy("分子"), 14, lambda each: each.top, BOTH, "right"),
    SheetColumn(lazy("分母"), 14, lambda each: each.bottom, BOTH, "right"),
    SheetColumn(lazy("比率或总量"), 13, lambda each: each.result, BOTH, "right"),
    SheetColumn(lazy("单位"), 6, lambda each: each.head.unit or NOT_APPLICABLE, BOTH),
    SheetColumn(lazy("状态"), 15, lambda each: each.status, BOTH),
    SheetColumn(lazy("应报"), 8, lambda each: each.part.counts.units, UNITS),
    SheetColumn(lazy("已报"), 8, lambda each: each.part.counts.reported, UNITS),
    SheetColumn(lazy("待审"), 8, lambda each: each.part.counts.pending, UNITS),
    SheetColumn(lazy("待报"), 8, lambda each: each.part.counts.awaited, UNITS),
    SheetColumn(lazy("未报"), 8, lambda each: each.part.counts.not_handed_in, UNITS),
    SheetColumn(lazy("补报待审"), 8, lambda each: each.part.counts.late_review, UNITS),
    SheetColumn(lazy("逾期未审"), 8, lambda each: each.part.counts.overdue_review, UNITS),
    SheetColumn(lazy("不适用"), 8, lambda each: each.part.counts.not_applicable, UNITS),
    SheetColumn(lazy("备注"), 44, lambda each: each.note, align="left"),
)


def parts_sheet(summary: InspectionSummary) -> Sheet:
    board = summary.board
    note = _("合计行由各行分子、分母分别相加，比率重新计算。不考核（·）的地区，数据照计入合计。")
    return Sheet(
        name=_("分子分母明细"),
        title=title_of(board, _("目标分子分母明细表")),
        columns=PARTS,
        lines=parts_lines(summary),
        unit=units_of(row.target for row in board.rows),
        notes=(note, legend_text()) if board.columns else (legend_text(),),
    )


def parts_lines(summary: InspectionSummary) -> Iterator[SheetLine]:
    """A target a band: its places, then the sum; of a county the one line."""
    for item in numbered_rows(summary, summary.board.rows):
        head, addends = item.head, summary.addends(item.row)
        yield band_line(f"{item.number}. {head.name}（{milestone_text(item.whole)}）")
        for number, each in enumerate(addends, 1):
            yield line_of(PARTS, PartSum(number, each.place, head, each.cell, each.part, unit_note(each)))
        name = _("合计") if addends else item.whole.region.name
        formula = summary.formulas.get(head.id)
        words = formula.filled or formula.words if formula else ""
        part = own_part(item)
        yield line_of(PARTS, PartSum("", name, head, item.whole, part, words), bold=bool(addends))


def own_part(item: NumberedRow) -> SidePart:
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
