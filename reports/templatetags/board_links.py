"""Where a cell of the board leads."""

from django import template
from django.urls import reverse

from reports.boards.pages import Cell

register = template.Library()


@register.simple_tag
def trace_url(cell: Cell) -> str:
    """The trace of the cell's region or institution."""
    name = "trace_institution" if cell.institution else "trace"
    return reverse(name, args=[cell.target.id, cell.place.id, cell.quarter])
