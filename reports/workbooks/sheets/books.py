"""The workbooks as bytes. An official form is Chinese, whatever the language of the page that gives it out."""

from collections.abc import Collection
from io import BytesIO

from django.utils import translation
from openpyxl import Workbook

from institutions.models import Region
from reports.workbooks.queries import Filled
from reports.workbooks.sheets import guide, long, wide
from reports.workbooks.sheets.seal import Kind, Page, Seal, put_seal
from targets.periods import Quarter

LANGUAGE = "zh-hans"
MAKER = "healthplan"

States = dict[int, str]


def return_book(filled: Filled) -> bytes:
    """One return, a row a question."""
    with translation.override(LANGUAGE):
        book = empty_book()
        page = long.draw(book.create_sheet(filled.quarter.in_chinese), filled)
        guide.draw(book.create_sheet(guide.TITLE), guide.of_a_return())
        unit = filled.reporter
        return sealed(book, Seal(Kind.RETURN, unit.pk, f"{unit.name}（{unit.code}）", [page]))


def county_book(region: Region, returns: Collection[Filled], states: States) -> bytes:
    """All units of a region in rows. states: by reporter, why a return cannot be written."""
    with translation.override(LANGUAGE):
        book = empty_book()
        pages = list(wide.pages_of(book, returns, states))
        guide.draw(book.create_sheet(guide.TITLE), guide.of_a_county())
        return sealed(book, Seal(Kind.COUNTY, region.pk, region.name, pages))


def past_book(region: Region, returns: dict[Quarter, list[Filled]]) -> bytes:
    """The same for quarters before the system began, each with its own sheets."""
    with translation.override(LANGUAGE):
        book = empty_book()
        pages: list[Page] = []
        for quarter, of_quarter in sorted(returns.items()):
            pages.extend(wide.pages_of(book, of_quarter, {}, named=f"{quarter} "))
        guide.draw(book.create_sheet(guide.TITLE), guide.of_past_quarters())
        return sealed(book, Seal(Kind.PAST, region.pk, region.name, pages))


def empty_book() -> Workbook:
    book = Workbook()
    book.properties.creator = MAKER
    if book.active is not None:
        book.remove(book.active)
    return book


def sealed(book: Workbook, seal: Seal) -> bytes:
    put_seal(book, seal)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
