"""The sheets of the workbook in their order. What each holds is data; `workbook` alone knows of fonts and borders."""

from collections.abc import Iterator

from reports.base.xlsx.contents import Sheet
from reports.exports.figures import apart_sheet, overview_sheet, parts_sheet, places_sheet
from reports.exports.lists import hints_sheet, lagging_sheet, returns_sheet, states_sheet
from reports.exports.summary import InspectionSummary


def sheets_of(summary: InspectionSummary) -> Iterator[Sheet]:
    yield overview_sheet(summary)
    if summary.board.columns:
        yield places_sheet(summary)
    if summary.board.apart and summary.board.apart.rows:
        yield apart_sheet(summary, summary.board.apart)
    yield parts_sheet(summary)
    yield states_sheet(summary)
    yield lagging_sheet(summary)
    yield hints_sheet(summary)
    yield returns_sheet(summary)
