"""The workbook as bytes."""

from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook

from reports.base.xlsx.drawing import draw_sheet
from reports.exports.sheets import sheets_of
from reports.exports.summary import InspectionSummary

MAKER = "healthplan"


def inspection_summary(summary: InspectionSummary) -> bytes:
    """The 迎检汇总表 of a region and a quarter."""
    book = Workbook()
    book.properties.creator = MAKER
    book.properties.title = _("%(region)s%(quarter)s迎检汇总表") % {
        "region": summary.board.region.name,
        "quarter": summary.board.quarter.label,
    }
    if book.active is not None:
        book.remove(book.active)
    for sheet in sheets_of(summary):
        draw_sheet(book.create_sheet(sheet.name), sheet, summary.bureau, summary.filled_on)
    out = BytesIO()
    book.save(out)
    return out.getvalue()
