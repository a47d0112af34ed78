"""A cell in words, as pages and workbooks write it: 39.99%, ≥40%, 差 3.2 个百分点, 需 2 家, 未报.

Functions of facts, each "" where there is nothing to say. `reports.templatetags.board_format` has them as filters.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from reports.base import numbers
from reports.boards.pages.cells import Cell, Counts, TargetHead
from reports.judging.flags import Pace
from targets.enums import Comparator, IndicatorKind
from targets.periods import day_label

CELL_CHARACTERS = 11
NOTHING = "—"
COMPARATOR_SIGNS = {Comparator.AT_LEAST: "≥", Comparator.AT_MOST: "≤", Comparator.RANGE: ""}


def value_text(cell: Cell) -> str:
    """The value with its unit, of a unit itself have/need (1/2); 未报 where nobody gave a figure; — where there is none
    to give."""
    if cell.unreported:
        return unreported_word(cell.counts)
    if cell.target.qualitative and cell.judged:
        return state_text(cell)
    return short_share(cell) or in_unit(cell.target, cell.value)


def short_value(cell: Cell) -> str:
    """The value in a matrix: of units that answer 1/2 or by state, that; nothing where the badge says it all."""
    if cell.unreported:
        word = unreported_word(cell.counts)
    elif cell.target.qualitative:
        word = state_text(cell)
    else:
        return short_share(cell) or without_unit(cell.target, cell.value)
    return word if word != cell.badge.word else ""


def short_share(cell: Cell) -> str:
    """have/need of the unit itself, where a cell holds it; of two sums of money the percentage says it."""
    share = share_text(cell) if cell.at_unit and cell.value is not None else ""
    return share if len(share) <= CELL_CHARACTERS else ""


def counted_to(cell: Cell) -> bool:
    """A unit itself that is to have all it needs is counted, never in percent: 1/2 of ≥2, 差 1."""
    return bool(short_share(cell)) and cell.milestone == 100 and cell.target.comparator == Comparator.AT_LEAST


def short_expected(cell: Cell) -> str:
    """What is expected by now, as short; nothing where the value is no single number."""
    alone = cell.target.qualitative or cell.waits or bool(short_share(cell))
    return "" if alone or cell.expected is None else without_unit(cell.target, cell.expected)


def unreported_word(counts: Counts) -> str:
    """Why nobody gave a figure, in one word."""
    words = (
        (counts.pending, _("待审")),
        (counts.awaited, _("待报")),
        (counts.overdue_review, _("逾期未审")),
        (counts.late_review and not counts.not_handed_in, _("补报待审")),
    )
    return next((word for holds, word in words if holds), _("未报"))


def state_text(cell: Cell) -> str:
    """全部 8/10，基本 1; for a single unit 全部完成, 基本完成 or 未完成."""
    counts = cell.counts
    if counts.units == 1:
        word = _("全部完成") if cell.numerator >= 1 else _("基本完成") if counts.partly else _("未完成")
        return word if counts.reported else "—"
    text = _("全部 %(done)s/%(units)d") % {"done": numbers.text(cell.numerator), "units": counts.units}
    return text + (_("，基本 %d") % counts.partly if counts.partly else "")


def expected_text(cell: Cell) -> str:
    return NOTHING if cell.target.qualitative or cell.waits else in_unit(cell.target, cell.expected)


def milestone_text(cell: Cell) -> str:
    """≥40%, or 10～20%."""
    if cell.target.qualitative and cell.judged:
        return _("全部完成")
    if cell.milestone is None:
        return _("待下达") if cell.judged else "—"
    if counted_to(cell):
        return f"≥{numbers.text(cell.denominator, cell.target.element_unit, 4)}".rstrip()
    if cell.target.comparator == Comparator.RANGE and cell.high is not None:
        return f"{plain_text(cell.milestone)}～{plain_text(cell.high, cell.target.unit)}"
    return COMPARATOR_SIGNS[Comparator(cell.target.comparator)] + plain_text(cell.milestone, cell.target.unit)


def line_text(cell: Cell) -> str:
    """The milestone with its day: ≥40% 2023年底."""
    return f"{milestone_text(cell)} {day_text(cell.milestone_due)}" if cell.milestone_due else ""


def gap_text(cell: Cell) -> str:
    """差 3.2 个百分点, 差 2 所; nothing where the target is met."""
    target = cell.target
    if cell.gap is None or cell.gap <= 0 or target.qualitative or cell.unreported:
        return ""
    if counted_to(cell):
        return f"{_('差')} {numbers.text(cell.denominator - cell.numerator, target.element_unit, 4)}".rstrip()
    word = _("超") if cell.beyond else _("差")
    gap = numbers.text(cell.gap, places=target.places)
    return f"{word} {gap} {difference_unit(target)}".rstrip()


def needed_text(cell: Cell) -> str:
    """需 2 家; nothing where nothing is lacking."""
    if not cell.lacking:
        return ""
    return _("需 %(count)s %(unit)s") % {"count": numbers.text(cell.needed), "unit": cell.needed_unit}


def share_text(cell: Cell) -> str:
    """The counts beside a percentage: 12/30. Nothing for totals."""
    if cell.target.kind in (IndicatorKind.TOTAL, IndicatorKind.QUALITATIVE) or not cell.denominator:
        return ""
    return f"{plain_text(cell.numerator)}/{plain_text(cell.denominator)}"


def counts_beside(cell: Cell) -> str:
    """The counts that stand beside the value, where these are not what it says itself."""
    return "" if short_share(cell) else share_text(cell)


def answered_text(counts: Counts) -> str:
    """8/10（待审 1）."""
    return f"{counts.reported}/{counts.units}" + (_("（待审 %d）") % counts.pending if counts.pending else "")


def absence_text(counts: Counts) -> str:
    """What is not there, by reason: 待审 1、未报 2."""
    parts = (
        (_("待审"), counts.pending),
        (_("待报"), counts.awaited),
        (_("未报"), counts.not_handed_in),
        (_("补报待审"), counts.late_review),
        (_("逾期未审"), counts.overdue_review),
        (_("不适用"), counts.not_applicable),
    )
    return _("、").join(f"{word} {count}" for word, count in parts if count)


def pace_text(pace: Pace | None, cell: Cell) -> str:
    """还需每季 +2.5 个百分点（近期平均每季 +1.2 个百分点）; nothing where no pace is needed."""
    if pace is None:
        return ""
    needed = _("还需每季 %s") % rise_needed(pace, cell)
    return needed + (_("（近期平均每季 %s）") % recent if (recent := rise_of_late(pace, cell)) else "")


def hint_text(cell: Cell) -> str:
    """提示：距到期还有 2 季，还需每季 +5 个百分点，近期每季 +2 个百分点; nothing where there is no hint."""
    if cell.hint is None:
        return ""
    left = _("提示：距到期还有 %d 季") % cell.hint.quarters_left
    pace, unknown = cell.hint.pace, _("进度未知")
    if pace is None:
        return _("，").join([left, _("本季没有数值"), unknown])
    recent = rise_of_late(pace, cell)
    return _("，").join(
        [
            left,
            _("还需每季 %s") % rise_needed(pace, cell),
            _("近期每季 %s") % recent if recent else unknown,
        ]
    )


def rise_needed(pace: Pace, cell: Cell) -> str:
    """+5 个百分点, or −5 where the value is to fall; never rounded down to the pace that does not suffice."""
    return signed(pace.needed, pace, cell, pace.recent)


def rise_of_late(pace: Pace, cell: Cell) -> str:
    """ "" where none is known."""
    return "" if pace.recent is None else signed(pace.recent, pace, cell)


def signed(value: Fraction, pace: Pace, cell: Cell, line: Fraction | None = None) -> str:
    """A rise with its sign, in the unit in which the value is written."""
    places, unit = max(cell.target.places, 1), difference_unit(cell.target)
    if counted_to(cell):
        part, unit = Fraction(cell.denominator) / 100, cell.target.element_unit
        value, line = value * part, None if line is None else line * part
    shown = numbers.rounded(value, places, line) * (-1 if pace.falling else 1)
    text = numbers.text(shown, unit, places).rstrip()
    return f"+{text}" if shown > 0 or (shown == 0 and not pace.falling) else text


def difference_unit(target: TargetHead) -> str:
    """Differences of percentages are percentage points."""
    return _("个百分点") if target.unit == "%" else target.unit


def day_text(day: date) -> str:
    """2023年底, or 2023年6月30日."""
    if (day.month, day.day) == (12, 31):
        return _("%d年底") % day.year
    return day_label(day)


def in_unit(target: TargetHead, value: Decimal | None) -> str:
    return numbers.text(value, target.unit, target.places)


def without_unit(target: TargetHead, value: Decimal | None) -> str:
    """As in a matrix, where the unit stands in the row's head; a percentage keeps its sign."""
    return numbers.text(value, "%" if target.unit == "%" else "", target.places)


def plain_text(value: Decimal, unit: str = "") -> str:
    return numbers.text(value, unit, places=4)
