"""How a reviewer reads an answer beside earlier ones."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from reports.base import numbers
from reports.questions import answers
from reports.questions.differences import (
    AnswerDifference,
    difference_since_last,
    difference_since_last_year,
    sum_of_known,
)
from reports.returns.forms.return_form import AnswerCell, AnswerGrid
from targets.enums import ElementType
from targets.periods import day_and_time

register = template.Library()
register.filter(day_and_time)


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """A difference in words: 大幅增加 is said, so that it does not hang on colour.

    added: what a running total grew by in the quarter; the difference is then between such rises.
    """

    text: str
    is_large: bool = False
    grows: bool = False
    added: str = ""


@register.inclusion_tag("reports/reviewing/change.html")
def change_since_last(cell: AnswerCell) -> dict[str, ChangeWords]:
    added = signed(cell.question.added(cell.value), cell.places) if cell.is_running and cell.value is not None else ""
    return {"change": change_words(cell, cell.question.last, difference_since_last(cell.question, cell.value), added)}


@register.inclusion_tag("reports/reviewing/change.html")
def change_since_last_year(cell: AnswerCell) -> dict[str, ChangeWords]:
    return {
        "change": change_words(cell, cell.question.year_before, difference_since_last_year(cell.question, cell.value))
    }


def change_words(
    cell: AnswerCell, before: Decimal | None, found: AnswerDifference | None, added: str = ""
) -> ChangeWords:
    if found:
        return ChangeWords(difference_words(found, cell.places), found.is_large, found.grows, added)
    if cell.question.is_number or cell.value is None or before is None or cell.value == before:
        return ChangeWords("", added=added)
    return ChangeWords(_("有变化"))


def difference_words(found: AnswerDifference, places: int) -> str:
    """+1,200（+12%）; +1.5 个百分点; 持平."""
    if not found.amount:
        return _("持平")
    amount = signed(found.amount, places)
    if found.in_points:
        return _("%(amount)s 个百分点") % {"amount": amount}
    if found.percent is None:
        return amount
    return amount + _("（%(what)s）") % {"what": percent(found.percent)}


@register.filter
def percent(value: Decimal) -> str:
    """+12%, −30%; one decimal under one per cent, so that a change never reads 0."""
    return f"{signed(value, 0 if abs(value) >= 1 else 1)}%"


def signed(value: Decimal, places: int) -> str:
    text = numbers.text(value, places=places, trim=False)
    return f"+{text}" if value > 0 else text


@register.filter
def last_year(cell: AnswerCell) -> str:
    return answers.answer_text(cell.question.year_before, cell.element)


@register.simple_tag
def column_totals(grid: AnswerGrid) -> list[str]:
    """Below each column of a table of units: the sum of numbers, how many say 是; nothing for other kinds."""
    columns = zip(*(cells for _unit, cells in grid.rows), strict=True)
    return [column_total([cell for cell in cells if cell]) for cells in columns]


def column_total(cells: list[AnswerCell]) -> str:
    element = cells[0].element
    found, last = sum_of_known(cell.value for cell in cells), sum_of_known(cell.question.last for cell in cells)
    if found is None or element.unit == "%" or not (cells[0].question.is_number or element.type == ElementType.YESNO):
        return ""
    if element.type == ElementType.YESNO:
        return _("是 %(now)s 家，上季 %(last)s 家") % {"now": numbers.text(found), "last": numbers.text(last)}
    places = answers.places_of(element)
    return _("%(now)s，上季 %(last)s") % {
        "now": numbers.text(found, element.unit, places, trim=False),
        "last": numbers.text(last, "", places, trim=False),
    }


@register.simple_tag
def aside(page: Any, cell: AnswerCell) -> Any:
    """What the page has beside an answer."""
    return page.asides[cell.question.key]
