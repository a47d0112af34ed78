"""A workbook as it is read: sheets of the cells that hold something, and nothing of how it looks."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from openpyxl.utils import get_column_letter

from institutions.spreadsheet.formats import GENERAL

NUMBER, TEXT, FLAG, ERROR, FORMULA, DAY = "n", "s", "b", "e", "f", "d"


class UnreadableWorkbookError(Exception):
    """The file is not taken. `str(error)` says what it is and what to do; nothing was read or changed."""


class BookCell(NamedTuple):
    """kind: one of the letters above. text: what the file holds; of a formula the formula itself."""

    kind: str = TEXT
    text: str = ""
    number_format: str = GENERAL
    is_1904: bool = False


EMPTY = BookCell()


class MergedRange(NamedTuple):
    min_row: int
    min_col: int
    max_row: int
    max_col: int

    @property
    def coord(self) -> str:
        first = f"{get_column_letter(self.min_col)}{self.min_row}"
        return f"{first}:{get_column_letter(self.max_col)}{self.max_row}"


@dataclass
class BookSheet:
    """Rows and columns count from 1; what holds nothing is not kept and does not count. Not to be changed once read."""

    title: str
    cells: dict[tuple[int, int], BookCell] = field(default_factory=dict)
    merged: list[MergedRange] = field(default_factory=list)

    @cached_property
    def max_row(self) -> int:
        return max((row for row, _column in self.cells), default=0)

    @cached_property
    def max_column(self) -> int:
        return max((column for _row, column in self.cells), default=0)

    def cell(self, row: int, column: int) -> BookCell:
        return self.cells.get((row, column), EMPTY)

    @cached_property
    def rows(self) -> list[int]:
        """The rows that hold something, from the top."""
        return sorted({row for row, _column in self.cells})


@dataclass
class Book:
    sheets: list[BookSheet]

    def sheet(self, title: str) -> BookSheet | None:
        return next((each for each in self.sheets if each.title == title), None)
