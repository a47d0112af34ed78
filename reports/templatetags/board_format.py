"""How a cell of the board is written and drawn: its words as filters, its bar as a tag."""

from decimal import Decimal

from django import template

from reports.boards.pages import Cell, cell_words

register = template.Library()

for words in (
    cell_words.value_text,
    cell_words.short_value,
    cell_words.short_expected,
    cell_words.expected_text,
    cell_words.milestone_text,
    cell_words.line_text,
    cell_words.gap_text,
    cell_words.needed_text,
    cell_words.share_text,
    cell_words.counts_beside,
    cell_words.answered_text,
    cell_words.absence_text,
    cell_words.pace_text,
    cell_words.hint_text,
):
    register.filter(words.__name__, words)


@register.inclusion_tag("components/bar.html")
def cell_bar(cell: Cell) -> dict[str, str]:
    """The value as a bar, nothing where nobody gave one; across it the milestone as a line."""
    value = None if cell.unreported else cell.value
    return {"share": on_scale(cell, value), "line": on_scale(cell, cell.milestone) if cell.milestone else ""}


@register.inclusion_tag("components/bar.html")
def share_bar(part: int, whole: int) -> dict[str, str]:
    """A part of a whole; empty where there is no whole."""
    return {"share": f"{part * 100 / whole:.1f}" if whole else "0"}


def on_scale(cell: Cell, value: Decimal | None) -> str:
    """Percent of a bar's width: percentages are drawn on 0–100, all else so that the milestone is at three quarters."""
    if value is None or cell.milestone is None:
        return "0.0"
    full = Decimal(100) if cell.target.unit == "%" and cell.milestone <= 100 else abs(cell.milestone) * 4 / 3
    return f"{max(Decimal(0), min(Decimal(100), value * 100 / full)) if full else 0:.1f}"
