"""What one cell of a workbook holds, and the shape of a sheet: columns declared once, lines from a generator."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from django.utils.functional import Promise

from reports.base.numbers import places_needed

T = TypeVar("T")
Text = str | Promise
Value = str | int | Decimal | date | None

DATE_FORMAT = 'yyyy"年"m"月"d"日"'
WHOLE_FORMAT = "#,##0"


@dataclass(frozen=True, slots=True)
class CellContent:
    """One cell. `format` of a number or day; `key` names the status colour."""

    value: Value
    format: str = "General"
    key: str = ""


@dataclass(frozen=True, slots=True)
class SheetColumn(Generic[T]):
    """`group` is the heading over neighbouring columns; width in characters of half a Chinese one."""

    head: Text
    width: float
    get: Callable[[T], Value | CellContent]
    group: Text = ""
    align: str = "center"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One row, in step with the columns. A band is one text over the whole width.

    joined: so many of the first columns are one with the line below. bold: a 合计 line.
    """

    cells: tuple[CellContent, ...]
    band: bool = False
    bold: bool = False
    joined: int = 0


@dataclass(frozen=True)
class Sheet:
    """frozen: columns that stay when scrolling. unit: what the figures are measured in."""

    name: str
    title: str
    columns: tuple[SheetColumn, ...]
    lines: Iterable[SheetLine]
    unit: str = ""
    notes: tuple[str, ...] = field(default=())
    frozen: int = 2


def line_of(columns: Iterable[SheetColumn[T]], item: T, bold: bool = False, joined: int = 0) -> SheetLine:
    return SheetLine(tuple(cell_content(column.get(item)) for column in columns), bold=bold, joined=joined)


def band_line(text: str) -> SheetLine:
    return SheetLine((CellContent(text),), band=True)


def cell_content(content: Value | CellContent) -> CellContent:
    if isinstance(content, CellContent):
        return content
    if isinstance(content, date):
        return CellContent(content, DATE_FORMAT)
    return CellContent(content, WHOLE_FORMAT) if isinstance(content, int) else CellContent(content)


def number_format(places: int, suffix: str = "", prefix: str = "") -> str:
    """#,##0.00"%", with literal text around the number."""
    digits = WHOLE_FORMAT + ("." + "0" * places if places else "")
    return "".join([f'"{prefix}"' if prefix else "", digits, f'"{suffix}"' if suffix else ""])


def plain_number(value: Decimal, suffix: str = "", prefix: str = "") -> CellContent:
    """A number as pages write it: with the decimals that it needs."""
    return CellContent(value, number_format(places_needed(value), suffix, prefix))
