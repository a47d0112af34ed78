"""A page's dataclass as plain JSON values; the same for every page, so that API and HTML cannot disagree."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from django.utils.functional import Promise

from reports.base import numbers
from reports.boards.pages import Cell
from reports.boards.pages.cell_words import milestone_text, value_text
from targets.periods import Quarter

FRACTION_PLACES = 4


def as_json_value(value: Any) -> Any:
    """Decimals as strings, days as ISO, quarters as 2023Q4; a cell names its target, and says what it shows."""
    if isinstance(value, Cell):
        return cell_as_json(value)
    if isinstance(value, Quarter | Decimal | Promise):
        return str(value)
    if isinstance(value, Fraction):
        return str(numbers.rounded(value, FRACTION_PLACES))
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: as_json_value(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, dict):
        return {str(key): as_json_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [as_json_value(each) for each in value]
    return value


def cell_as_json(value: Cell) -> dict[str, Any]:
    """The target only by its id: it stands once in the row or page. Not judged is a null."""
    own = {each.name: as_json_value(getattr(value, each.name)) for each in fields(value) if each.name != "target"}
    own["status"] = value.status or None
    shown = {
        "mark": as_json_value(value.badge),  # public: clients know the badge by this key
        "value_text": value_text(value),
        "milestone_text": milestone_text(value),
    }
    return {"target": value.target.id, **own, **shown}
