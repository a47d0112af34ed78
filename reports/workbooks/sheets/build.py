"""The workbooks as bytes. An official form is Chinese, whatever the language of the page that gives it out."""

from collections.abc import Collection
from io import BytesIO

from django.utils import translation
from openpyxl import Workbook

from institutions.models import Region
from reports.workbooks.queries import FilledReturn
from reports.workbooks.sheets import guide, long, wide
from reports.workbooks.sheets.seal import Seal, SealedPage, write_seal
from reports.workbooks.upload_scope import WorkbookKind
from targets.periods import Quarter

LANGUAGE = "zh-hans"
CREATOR = "healthplan"

States = dict[int, str]


def build_return_workbook(filled: FilledReturn) -> bytes:
    """One return, a row a question."""
    with translation.override(LANGUAGE):
        book = create_workbook()
        page = long.draw_return_sheet(book.create_sheet(filled.quarter.in_chinese), filled)
        guide.draw_guide(book, guide.RETURN_GUIDE)
        unit = filled.reporter
        return seal_workbook(book, Seal(WorkbookKind.RETURN, unit.pk, f"{unit.name}（{unit.code}）", [page]))


def build_county_workbook(region: Region, returns: Collection[FilledReturn], states: States) -> bytes:
    """All units of a region in rows. states: by reporter, why a return cannot be written."""
    with translation.override(LANGUAGE):
        book = create_workbook()
        pages = list(wide.draw_unit_sheets(book, returns, states))
        guide.draw_guide(book, guide.COUNTY_GUIDE)
        return seal_workbook(book, Seal(WorkbookKind.COUNTY, region.pk, region.name, pages))


def build_past_workbook(region: Region, returns: dict[Quarter, list[FilledReturn]]) -> bytes:
    """The same for quarters before the system began, each with its own sheets."""
    with translation.override(LANGUAGE):
        book = create_workbook()
        pages: list[SealedPage] = []
        for quarter, of_quarter in sorted(returns.items()):
            pages.extend(wide.draw_unit_sheets(book, of_quarter, {}, prefix=f"{quarter} "))
        guide.draw_guide(book, guide.PAST_GUIDE)
        return seal_workbook(book, Seal(WorkbookKind.PAST, region.pk, region.name, pages))


def create_workbook() -> Workbook:
    book = Workbook()
    book.properties.creator = CREATOR
    if book.active is not None:
        book.remove(book.active)
    return book


def seal_workbook(book: Workbook, seal: Seal) -> bytes:
    write_seal(book, seal)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
