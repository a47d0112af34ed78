"""What one cell of the 迎检汇总表 holds.

A number stays a number, the very one that the board shows, and its format says the rest; have/need of a unit itself
(1/2) is written as the board writes it. What is not a number is a word: 未报 (待审, 待报, 补报待审, 逾期未审), — for
不适用, · for not judged. A 0 is always a 0 that somebody reported.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from reports.base.enums import Status
from reports.base.status_badge import StatusBadge
from reports.base.xlsx.contents import CellContent, number_format, plain_number
from reports.boards.pages import Board, Cell, TargetHead
from reports.boards.pages.cell_words import (
    absence_text,
    answered_text,
    counted_to,
    difference_unit,
    expected_text,
    gap_text,
    hint_text,
    milestone_text,
    needed_text,
    share_text,
    short_share,
)
from reports.exports.summary import SidePart
from targets.enums import Comparator

NOT_JUDGED = "·"
NOT_APPLICABLE = "—"
SHARE_WIDTH = 13
CALM = (Status.MET, Status.GREEN, Status.SHOWN, Status.NOT_APPLICABLE)


def status_of_cell(cell: Cell) -> CellContent:
    """The status, and 提示 where the cell carries it."""
    content = status_content(cell.badge)
    return CellContent(_("%s（提示）") % content.value, key=content.key) if cell.hint else content


def percent_suffix(unit: str) -> str:
    return unit if unit == "%" else ""


def status_content(badge: StatusBadge) -> CellContent:
    return CellContent(f"{badge.sign} {badge.word}" if badge.sign != NOT_JUDGED else NOT_JUDGED, key=badge.key)


def absence_word(cell: Cell, part: SidePart) -> str:
    """The word that stands where there is no figure; "" where there is one."""
    if not cell.judged:
        return NOT_JUDGED
    if cell.status == Status.NOT_APPLICABLE or part.not_applicable:
        return NOT_APPLICABLE
    if word := part.absence:
        return word
    if cell.unreported:
        return _("未报")
    return (cell.badge.word if cell.cause else _("缺数")) if cell.value is None else ""


def figure_content(cell: Cell, part: SidePart) -> CellContent:
    """完成值: the number that the board shows; of a unit itself have/need."""
    word = absence_word(cell, part)
    head = cell.target
    if word or cell.value is None:
        return CellContent(word)
    return CellContent(text) if (text := short_share(cell)) else plain_number(cell.value, percent_suffix(head.unit))


def expected_content(cell: Cell) -> CellContent:
    """What the schedule asks by now, — where that is nothing, as the pages say it; a 0 that is asked is a 0."""
    if not cell.judged:
        return CellContent(NOT_JUDGED)
    if cell.expected is None or expected_text(cell) == NOT_APPLICABLE:
        return CellContent(NOT_APPLICABLE)
    return plain_number(cell.expected, percent_suffix(cell.target.unit))


def wanted_content(cell: Cell) -> CellContent:
    """目标值 with its comparator; a range has two ends and stays a text."""
    if cell.milestone is None:
        return CellContent(_("待下达") if cell.judged else NOT_JUDGED)
    if cell.target.qualitative:
        return CellContent(_("全部完成"))
    if counted_to(cell) or (cell.target.comparator == Comparator.RANGE and cell.high is not None):
        return CellContent(milestone_text(cell))
    sign = "≤" if cell.target.comparator == Comparator.AT_MOST else "≥"
    return plain_number(cell.milestone, percent_suffix(cell.target.unit), sign)


def rate_content(cell: Cell, part: SidePart) -> CellContent:
    """完成率; of a cap it would read the wrong way round."""
    if word := absence_word(cell, part):
        return CellContent(word)
    if cell.done_share is None or cell.target.comparator == Comparator.AT_MOST:
        return CellContent(NOT_APPLICABLE)
    return plain_number(cell.done_share, "%")


def share_lines(cell: Cell, part: SidePart) -> str:
    """分子/分母; the numbers of money stand on two lines."""
    text = absence_word(cell, part) or share_text(cell) or NOT_APPLICABLE
    return text if len(text) < SHARE_WIDTH else text.replace("/", "/\n")


def reported_text(cell: Cell) -> str:
    return answered_text(cell.counts) if cell.judged else NOT_JUDGED


def verdict_text(cell: Cell) -> str:
    """The last words of the sentence of how it was judged."""
    return cell.reason.rstrip("。").rpartition("；")[2]


def remark_text(cell: Cell) -> str:
    """What is short, who is out, and why it was judged so; of what is well only who is out."""
    if not cell.judged:
        return ""
    short = () if cell.status in CALM else (gap_text(cell), needed_text(cell))
    why = (hint_text(cell),) if cell.status in (*CALM, Status.NOT_DUE) else (verdict_text(cell),)
    return "；".join(part for part in (*short, absence_text(cell.counts), *why) if part)


def gap_content(cell: Cell, part: SidePart) -> CellContent:
    """差距 in the target's own unit, of percentages in 百分点; unknown where nobody gave a figure."""
    if cell.gap is None or cell.gap <= 0 or cell.target.qualitative:
        return CellContent("")
    if word := absence_word(cell, part):
        return CellContent(word)
    if counted_to(cell):
        return plain_number(cell.denominator - cell.numerator, cell.target.element_unit)
    return plain_number(cell.gap, difference_unit(cell.target))


def needed_content(cell: Cell, value: Decimal | None) -> CellContent:
    return CellContent("") if not value or not cell.lacking else CellContent(value, number_format(0, cell.needed_unit))


def lag_content(cell: Cell) -> CellContent:
    if cell.lag is None or cell.lag <= 0 or cell.target.qualitative:
        return CellContent("")
    return plain_number(cell.lag)


def units_of(heads: Iterable[TargetHead]) -> str:
    return "、".join(dict.fromkeys(head.unit for head in heads if head.unit))


def clause_text(head: TargetHead) -> str:
    return f"{clause_number(head)} {head.clause_title}"


def clause_number(head: TargetHead) -> str:
    """3（1）4, as a person would say the printed path."""
    return head.clause_path.replace("/（", "（").replace("）/", "）").replace("/", ".")


def offices_text(head: TargetHead) -> str:
    """责任单位: the leading ones, then those that cooperate."""
    cooperating = _("配合：%s") % "、".join(head.cooperating) if head.cooperating else ""
    return "；".join(part for part in ("、".join(head.lead), cooperating) if part)


def legend_text() -> str:
    return _(
        "说明：“0”为已报送且数值为零；“未报”为到期未报送，“待报”为尚未到期，“待审”“补报待审”“逾期未审”为已报送未审核；“—”为不适用；“·”为本季不考核。"
        "比率一律由分子、分母分别相加后计算，不是各地百分比的平均。差距以百分点计。"
    )


def title_of(board: Board, rest: str) -> str:
    place = {"region": board.region.name, "quarter": board.quarter.label, "rest": rest}
    return _("%(region)s%(quarter)s%(rest)s") % place
