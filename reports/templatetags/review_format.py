"""How a reviewer reads an answer beside earlier ones."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from reports.base import numbers
from reports.questions import answers
from reports.questions.differences import Difference, since_last, since_last_year, total
from reports.returns.forms.return_form import Cell, Grid
from targets.enums import ElementType
from targets.periods import day_and_time

register = template.Library()
register.filter(day_and_time)


@dataclass(frozen=True, slots=True)
class Change:
    """A difference in words: 大幅增加 is said, so that it does not hang on colour.

    added: what a running total grew by in the quarter; the difference is then between such rises.
    """

    text: str
    is_large: bool = False
    grows: bool = False
    added: str = ""


@register.inclusion_tag("reports/reviewing/change.html")
def change_since_last(cell: Cell) -> dict[str, Change]:
    added = signed(cell.question.added(cell.value), cell.places) if cell.is_running and cell.value is not None else ""
    return {"change": change(cell, cell.question.last, since_last(cell.question, cell.value), added)}


@register.inclusion_tag("reports/reviewing/change.html")
def change_since_last_year(cell: Cell) -> dict[str, Change]:
    return {"change": change(cell, cell.question.year_before, since_last_year(cell.question, cell.value))}


def change(cell: Cell, before: Decimal | None, found: Difference | None, added: str = "") -> Change:
    if found:
        return Change(written(found, cell.places), found.is_large, found.grows, added)
    if cell.question.is_number or cell.value is None or before is None or cell.value == before:
        return Change("", added=added)
    return Change(_("有变化"))


def written(found: Difference, places: int) -> str:
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
    text = numbers.text(value, places=places)
    return f"+{text}" if value > 0 else text


@register.filter
def last_year(cell: Cell) -> str:
    return answers.written(cell.question.year_before, cell.element)


@register.simple_tag
def column_totals(grid: Grid) -> list[str]:
    """Below each column of a table of units: the sum of numbers, how many say 是; nothing for other kinds."""
    columns = zip(*(cells for _unit, cells in grid.rows), strict=True)
    return [column_total([cell for cell in cells if cell]) for cells in columns]


def column_total(cells: list[Cell]) -> str:
    element = cells[0].element
    found, last = total(cell.value for cell in cells), total(cell.question.last for cell in cells)
    if found is None or element.unit == "%" or not (cells[0].question.is_number or element.type == ElementType.YESNO):
        return ""
    if element.type == ElementType.YESNO:
        return _("是 %(now)s 家，上季 %(last)s 家") % {"now": numbers.text(found), "last": numbers.text(last)}
    places = answers.places_of(element)
    return _("%(now)s，上季 %(last)s") % {
        "now": numbers.text(found, element.unit, places),
        "last": numbers.text(last, "", places),
    }


@register.simple_tag
def aside(page: Any, cell: Cell) -> Any:
    """What the page has beside an answer."""
    return page.asides[cell.question.key]
