"""The formula of a target in words, and with the numbers of one result put in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from institutions.enums import Grade, InstitutionKind, RegionKind
from reports.base import numbers
from reports.boards.pages.cell_words import short_share, value_text
from reports.boards.pages.cells import Cell
from targets.enums import Accumulation, Denominator, ElementType, IndicatorKind, Window
from targets.models import DataElement, Indicator, Terms
from targets.periods import day_label

CLASS_WORDS = {str(value): label for each in (RegionKind, Grade, InstitutionKind) for value, label in each.choices}


@dataclass(frozen=True, slots=True)
class Formula:
    """words: as defined; filled: with numbers, "" where there are none. condition: of one unit, "" where none is asked.

    accumulates: what part of time the numbers cover.
    """

    words: str
    filled: str
    condition: str
    accumulates: str


def formula_of(indicator: Indicator, terms: Terms, cell: Cell) -> Formula:
    return Formula(
        words=in_words(indicator),
        filled=with_numbers(indicator, cell),
        condition=condition_of(indicator),
        accumulates=accumulation_words(indicator.element, terms.window),
    )


def in_words(indicator: Indicator) -> str:
    """人均经费 = Σ经费 ÷ Σ常住人口."""
    if indicator.kind == IndicatorKind.TOTAL:
        return _("各单位“%s”合计") % indicator.element.name
    if indicator.kind == IndicatorKind.RATIO:
        top = _("“%s”合计") % indicator.element.name
        return f"{factor(indicator)}{top} ÷ {denominator_words(indicator)}{offset(indicator)}"
    return _("符合条件的单位数 ÷ 应考核的单位数 × 100%")


def with_numbers(indicator: Indicator, cell: Cell) -> str:
    if cell.value is None or cell.unreported:
        return ""
    if indicator.kind == IndicatorKind.TOTAL or short_share(cell):
        return value_text(cell)
    top, bottom = (numbers.text(each, places=4) for each in (cell.numerator, cell.denominator))
    if indicator.kind == IndicatorKind.RATIO:
        return f"{factor(indicator)}{top} ÷ {bottom}{offset(indicator)} = {value_text(cell)}"
    return f"{top} ÷ {bottom} × 100% = {value_text(cell)}"


def factor(indicator: Indicator) -> str:
    return "" if indicator.multiplier == 1 else f"{numbers.trimmed(indicator.multiplier)} × "


def offset(indicator: Indicator) -> str:
    if not indicator.offset:
        return ""
    return f" {numbers.MINUS if indicator.offset < 0 else '+'} {numbers.trimmed(abs(indicator.offset))}"


def denominator_words(indicator: Indicator) -> str:
    if indicator.denominator == Denominator.ELEMENT and indicator.over:
        return _("“%s”合计") % indicator.over.name
    if indicator.denominator == Denominator.LAST_YEAR:
        return _("上年同期“%s”合计") % indicator.element.name
    return str(Denominator(indicator.denominator).label)


def condition_of(indicator: Indicator) -> str:
    """“基本药物品种数” ÷ “全部药物品种数” ≥ 60%; for a class of its own: ≥ 1（县 2）."""
    if indicator.kind == IndicatorKind.QUALITATIVE:
        return _("状态为“%s”") % (indicator.element.levels[-1:] or [""])[0]
    if not indicator.condition:
        return ""
    if indicator.element.type == ElementType.DATE:
        return _("“%s”不晚于季末") % indicator.element.name
    left = f"“{indicator.element.name}”" + (f" ÷ “{indicator.over.name}”" if indicator.over else "")
    number = threshold_text(indicator)
    right = f"“{indicator.against.name}”" if indicator.against else number
    sign = indicator.get_condition_display()
    return f"{left} {sign} {right}{class_words(indicator)}"


def threshold_text(indicator: Indicator) -> str:
    """A condition on a ratio is written in percent; else as its element is typed."""
    if indicator.over and indicator.condition_value is not None:
        return f"{numbers.trimmed(indicator.condition_value * 100)}%"
    return answer_text(indicator.element, indicator.condition_value)


def class_words(indicator: Indicator) -> str:
    classes = [
        f"{CLASS_WORDS.get(each.unit_class, each.unit_class)} {numbers.trimmed(each.value)}"
        for each in indicator.condition_values.all()
    ]
    return _("（%(what)s）") % {"what": _("、").join(classes)} if classes else ""


def accumulation_words(element: DataElement, window: str) -> str:
    if element.type == ElementType.DATE:
        return _("以完成日期计")
    if element.accumulation == Accumulation.STOCK:
        return _("季末数")
    return _("年初至季末累计") if window == Window.YEAR else _("计划开始至季末累计")


def answer_text(element: DataElement, value: Decimal | None) -> str:
    """An answer as its element is typed: a level's name, 是/否, a date, a number with its unit."""
    if value is None:
        return "—"
    if element.type == ElementType.LEVEL:
        place = int(value)
        return element.levels[place] if 0 <= place < len(element.levels) else numbers.trimmed(value)
    if element.type == ElementType.YESNO:
        return _("是") if value else _("否")
    if element.type == ElementType.DATE:
        return day_label(date.fromordinal(int(value)))
    return numbers.text(value, element.unit, element.places, trim=False)
