"""The sheets beside the figures: 定性工作, 滞后清单, 填报情况."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from reports.base.xlsx.contents import CellContent, Sheet, SheetColumn, SheetLine, Value, band_line, line_of
from reports.boards.pages import (
    Board,
    Cell,
    CountyProgress,
    HintEntry,
    LaggingEntry,
    LaggingList,
    ReturnLine,
    ReturnStanding,
)
from reports.boards.pages.cell_words import rise_needed, rise_of_late
from reports.exports.contents import (
    NOT_APPLICABLE,
    NOT_JUDGED,
    absence_word,
    clause_number,
    clause_text,
    figure_content,
    gap_content,
    lag_content,
    needed_content,
    offices_text,
    status_content,
    title_of,
    units_of,
    wanted_content,
)
from reports.exports.figures import CLOSE, DONE, FEW, GOAL, NumberedRow, numbered_rows
from reports.exports.summary import InspectionSummary, SidePart

# --- 4 定性工作 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StateLine:
    item: NumberedRow
    summary: InspectionSummary

    def of(self, cell: Cell) -> CellContent:
        """The status, and under it how far the work is."""
        badge = status_content(cell.badge)
        progress = state_of(cell, self.summary.part(cell))
        return (
            badge
            if not progress or progress in cell.badge.word
            else CellContent(f"{badge.value}\n{progress}", key=badge.key)
        )

    @property
    def words(self) -> str:
        """The units' own words; which unit, where there are several."""
        told = self.summary.accounts.get(self.item.head.id, [])
        return told[0][1] if len(told) == 1 else "\n".join(f"{unit}：{note}" for unit, note in told)


def state_of(cell: Cell, part: SidePart) -> str:
    if word := absence_word(cell, part):
        return "" if word in (NOT_JUDGED, NOT_APPLICABLE) else word
    done, partly, units = int(part.numerator), part.counts.partly, part.counts.units
    if done >= units:
        return _("全部完成")
    if units > 1:
        return _("全部 %(done)d、基本 %(partly)d，共 %(units)d") % {"done": done, "partly": partly, "units": units}
    return _("基本完成") if partly else _("未完成")


def states_sheet(summary: InspectionSummary) -> Sheet:
    board = summary.board
    columns = state_columns(board)
    rows = [row for group in board.qualitative for row in group.rows]
    return Sheet(
        name=_("定性工作"),
        title=title_of(board, _("定性工作进展情况表")),
        columns=columns,
        lines=(line_of(columns, StateLine(item, summary)) for item in numbered_rows(summary, rows)),
        unit=_("项"),
        notes=(_("说明：由责任单位填报状态（全部完成、基本完成、未完成），经审核员确认；与定量目标分开统计。"),),
        frozen=3,
    )


def state_columns(board: Board) -> tuple[SheetColumn[StateLine], ...]:
    heads: tuple[SheetColumn[StateLine], ...] = (
        SheetColumn(_("序号"), 5, lambda each: each.item.number),
        SheetColumn(_("条款"), 22, lambda each: clause_text(each.item.head), align="left"),
        SheetColumn(_("工作任务"), 30, lambda each: each.item.head.name, align="left"),
        SheetColumn(_("完成时限"), 15, lambda each: each.item.whole.milestone_due or NOT_JUDGED),
        SheetColumn(board.region.name, 17, lambda each: each.of(each.item.whole), _("状态与进展")),
    )
    offices_column: SheetColumn[StateLine] = SheetColumn(
        _("责任单位"), 18, lambda each: offices_text(each.item.head), align="left"
    )
    if not board.columns:
        return (*heads, offices_column, SheetColumn(_("进展情况"), 50, lambda each: each.words, align="left"))
    return (*heads, *(state_column(board, n) for n in range(len(board.columns))), offices_column)


def state_column(board: Board, place: int) -> SheetColumn[StateLine]:
    width = 11 if len(board.columns) <= FEW else CLOSE
    return SheetColumn(
        board.columns[place].name, width, lambda each: each.of(each.item.row.cells[place]), _("状态与进展")
    )


# --- 5 滞后清单 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LaggingLine:
    number: int
    entry: LaggingEntry
    part: SidePart

    @property
    def cell(self) -> Cell:
        return self.entry.cell

    @property
    def figure(self) -> CellContent:
        qualitative = self.cell.target.qualitative
        return CellContent(state_of(self.cell, self.part)) if qualitative else figure_content(self.cell, self.part)

    @property
    def institutions(self) -> str:
        """Which of the region's institutions lag by themselves."""
        return _("、").join(f"{each.cell.place.name}（{each.cell.badge.word}）" for each in self.entry.institutions)


LACK = lazy("差距")
LAGGING: tuple[SheetColumn[LaggingLine], ...] = (
    SheetColumn(lazy("序号"), 5, lambda each: each.number),
    SheetColumn(lazy("地区"), 16, lambda each: each.entry.region.name),
    SheetColumn(lazy("目标"), 28, lambda each: each.entry.target.name, align="left"),
    SheetColumn(lazy("条款"), 13, lambda each: clause_number(each.entry.target)),
    SheetColumn(lazy("目标值"), 9, lambda each: wanted_content(each.cell), GOAL, "right"),
    SheetColumn(lazy("完成时限"), 15, lambda each: each.cell.milestone_due or NOT_JUDGED, GOAL),
    SheetColumn(lazy("完成值"), 9, lambda each: each.figure, DONE, "right"),
    SheetColumn(lazy("状态"), 13, lambda each: status_content(each.cell.badge), DONE),
    SheetColumn(lazy("差距"), 15, lambda each: gap_content(each.cell, each.part), LACK, "right"),
    SheetColumn(lazy("落后进度（百分点）"), 10, lambda each: lag_content(each.cell), LACK, "right"),
    SheetColumn(lazy("还需"), 10, lambda each: needed_content(each.cell, each.cell.needed), LACK, "right"),
    SheetColumn(lazy("每季还需"), 10, lambda each: needed_content(each.cell, each.cell.per_quarter), LACK, "right"),
    SheetColumn(lazy("预警原因"), 16, lambda each: str(each.entry.ground.label), lazy("预警")),
    SheetColumn(lazy("滞后起始"), 15, lambda each: each.entry.since.label, lazy("预警")),
    SheetColumn(lazy("姓名"), 9, lambda each: each.entry.person.name if each.entry.person else "", lazy("责任人")),
    SheetColumn(lazy("电话"), 15, lambda each: each.entry.person.phone if each.entry.person else "", lazy("责任人")),
)


INSTITUTIONS: SheetColumn[LaggingLine] = SheetColumn(lazy("滞后机构"), 30, lambda each: each.institutions, align="left")


def lagging_columns(found: LaggingList) -> tuple[SheetColumn[LaggingLine], ...]:
    return (*LAGGING[:2], INSTITUTIONS, *LAGGING[2:]) if found.with_institutions else LAGGING


def lagging_sheet(summary: InspectionSummary) -> Sheet:
    found = summary.board.lagging
    columns = lagging_columns(found)
    note = _(
        "说明：必须完成的目标未达标，或任一目标连续两季滞后、未达标的地区列入本表。"
        "共 %(places)d 个地区、%(targets)d 项目标。"
    )
    return Sheet(
        name=_("滞后清单"),
        title=title_of(summary.board, _("目标滞后清单")),
        columns=columns,
        lines=lagging_lines(summary, columns),
        unit=units_of(entry.target for entry in found.entries),
        notes=(note % {"places": found.places, "targets": found.targets},),
        frozen=3,
    )


def lagging_lines(summary: InspectionSummary, columns: tuple[SheetColumn[LaggingLine], ...]) -> Iterator[SheetLine]:
    entries = summary.board.lagging.entries
    if not entries:
        yield band_line(_("没有被预警的地区。"))
    for number, entry in enumerate(entries, 1):
        yield line_of(columns, LaggingLine(number, entry, summary.part(entry.cell)))


# --- 6 即将到期提示 ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HintLine:
    number: int
    entry: HintEntry
    part: SidePart

    @property
    def cell(self) -> Cell:
        return self.entry.cell

    def rise(self, needed: bool) -> str:
        """What each quarter left must bring, or what one brought of late."""
        pace = self.cell.hint.pace if self.cell.hint else None
        if pace is None:
            return _("进度未知")
        return rise_needed(pace, self.cell) if needed else rise_of_late(pace, self.cell) or _("进度未知")


PACE = lazy("每季进展")
HINTS: tuple[SheetColumn[HintLine], ...] = (
    SheetColumn(lazy("序号"), 5, lambda each: each.number),
    SheetColumn(lazy("地区"), 16, lambda each: each.entry.region.name),
    SheetColumn(lazy("目标"), 30, lambda each: each.entry.target.name, align="left"),
    SheetColumn(lazy("条款"), 13, lambda each: clause_number(each.entry.target)),
    SheetColumn(lazy("目标值"), 9, lambda each: wanted_content(each.cell), GOAL, "right"),
    SheetColumn(lazy("完成时限"), 15, lambda each: each.cell.milestone_due or NOT_JUDGED, GOAL),
    SheetColumn(lazy("余下季数"), 9, lambda each: each.cell.quarters_left, GOAL),
    SheetColumn(lazy("完成值"), 9, lambda each: figure_content(each.cell, each.part), DONE, "right"),
    SheetColumn(lazy("差距"), 15, lambda each: gap_content(each.cell, each.part), DONE, "right"),
    SheetColumn(lazy("还需每季"), 16, lambda each: each.rise(needed=True), PACE, "right"),
    SheetColumn(lazy("近期每季"), 16, lambda each: each.rise(needed=False), PACE, "right"),
    SheetColumn(lazy("姓名"), 9, lambda each: each.entry.person.name if each.entry.person else "", lazy("责任人")),
    SheetColumn(lazy("电话"), 15, lambda each: each.entry.person.phone if each.entry.person else "", lazy("责任人")),
)


def hints_sheet(summary: InspectionSummary) -> Sheet:
    found = summary.board.hints
    note = _(
        "说明：到期前两季内，近期每季进展小于还需每季进展，或进度未知的目标列入本表。"
        "共 %(places)d 个地区、%(targets)d 项目标。"
    )
    return Sheet(
        name=_("即将到期提示"),
        title=title_of(summary.board, _("目标即将到期提示表")),
        columns=HINTS,
        lines=hint_lines(summary),
        unit=units_of(entry.target for entry in found.entries),
        notes=(note % {"places": found.places, "targets": found.targets},),
        frozen=3,
    )


def hint_lines(summary: InspectionSummary) -> Iterator[SheetLine]:
    entries = summary.board.hints.entries
    if not entries:
        yield band_line(_("没有即将到期提示。"))
    for number, entry in enumerate(entries, 1):
        yield line_of(HINTS, HintLine(number, entry, summary.part(entry.cell)))


# --- 7 填报情况 -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OwingLine:
    number: int
    line: ReturnLine

    @property
    def submitted(self) -> Value:
        return self.line.submitted_at.date() if self.line.submitted_at else _("未报")


PERSON = lazy("联系人")
RETURNS: tuple[SheetColumn[OwingLine], ...] = (
    SheetColumn(lazy("序号"), 5, lambda each: each.number),
    SheetColumn(lazy("地区"), 18, lambda each: each.line.county.name),
    SheetColumn(lazy("单位"), 34, lambda each: each.line.name, align="left"),
    SheetColumn(lazy("机构类别"), 20, lambda each: each.line.kind_word),
    SheetColumn(lazy("状态"), 16, lambda each: status_content(each.line.badge)),
    SheetColumn(lazy("截止日期"), 15, lambda each: each.line.due_on, lazy("填报")),
    SheetColumn(
        lazy("提交日期"),
        15,
        lambda each: each.line.submitted_at.date() if each.line.submitted_at else _("未报"),
        lazy("填报"),
    ),
    SheetColumn(lazy("姓名"), 10, lambda each: each.line.person.name, PERSON),
    SheetColumn(lazy("电话"), 16, lambda each: each.line.person.phone, PERSON),
    SheetColumn(lazy("退回原因"), 30, lambda each: each.line.reason, align="left"),
)


def returns_sheet(summary: InspectionSummary) -> Sheet:
    page = summary.progress
    return Sheet(
        name=_("填报情况"),
        title=title_of(summary.board, _("报表填报情况表")),
        columns=RETURNS,
        lines=returns_lines(summary),
        unit=_("家"),
        notes=(_("说明：列出尚未通过审核的报表。合计：%s") % standing_counts(page.whole),),
        frozen=3,
    )


def returns_lines(summary: InspectionSummary) -> Iterator[SheetLine]:
    """By county: a band with its counts, then each return not yet approved."""
    number = 0
    for county in summary.progress.counties:
        yield band_line(f"{county.county.name}：{standing_counts(county)}")
        for each in summary.progress.returns:
            if each.county.id == county.county.id:
                number += 1
                yield line_of(RETURNS, OwingLine(number, each))


def standing_counts(county: CountyProgress) -> str:
    """应报 20，逾期未报 2，待审 1，已通过 17."""
    pairs = [(str(stand.label), count) for stand, count in zip(ReturnStanding, county.by_stand, strict=True) if count]
    counted = [_("应报 %d") % county.total, *(f"{word} {count}" for word, count in pairs)]
    return "，".join(counted) + (_("；其中迟报或仍欠 %d") % county.late if county.late else "")
