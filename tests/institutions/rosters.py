"""Register workbooks for tests: rows as people would fill them in."""

from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook

from institutions import roster
from institutions.roster import PEOPLE, PEOPLE_COLUMNS, UNIT_COLUMNS, UNITS, Roster
from institutions.workbooks import open_bytes

UNIT: dict[str, Any] = {"code": "N1", "name": "新镇卫生院", "kind": "乡镇卫生院", "grade": "一般", "place": "甲县"}
PERSON: dict[str, Any] = {"username": "lisi", "display_name": "李四", "role": "审核员", "at": "甲县"}


def unit(**cells: Any) -> dict[str, Any]:
    return UNIT | cells


def person_row(**cells: Any) -> dict[str, Any]:
    return PERSON | cells


def workbook(units: list[dict[str, Any]] | None = None, people: list[dict[str, Any]] | None = None) -> Workbook:
    """The empty template with these rows below its example, so the first is row 3."""
    book = roster.draw_roster([], [], ["甲县"])
    for sheet, columns, rows in ((UNITS, UNIT_COLUMNS, units), (PEOPLE, PEOPLE_COLUMNS, people)):
        for number, row in enumerate(rows or [], 3):
            for place, column in enumerate(columns, 1):
                book[sheet].cell(number, place).value = row.get(column.name)
    return book


def as_bytes(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read_back(book: Workbook) -> Roster:
    """The workbook as an upload of it is read."""
    return roster.read_roster(open_bytes(as_bytes(book)))


def upload(client: Client, book: Workbook) -> Any:
    return client.post("/register/check/", {"file": SimpleUploadedFile("名册.xlsx", as_bytes(book))}, follow=True)


NEW_YEAR = date(2024, 1, 1)
