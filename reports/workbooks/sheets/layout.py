"""How the filling sheets look: the rows above, the head, locked and open cells, print setup."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.base.xlsx.contents import CellContent, number_format
from reports.base.xlsx.drawing import A4, FOOT_MARGIN, MARGIN, lines_of, put_content, writable_cell
from reports.questions.answers import NOT_DONE, NUMERIC, Answer, answer_text, places_of
from targets.enums import Accumulation, ElementType
from targets.models import DataElement

TITLE_ROW, UNIT_ROW, HINT_ROW, HEAD_ROW = 1, 2, 3, 4
BODY_ROW = HEAD_ROW + 1
DAY_FORMAT = "yyyy-mm-dd"

FONT = "宋体"
THIN = Side(style="thin", color="FFBFC3C8")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
OPEN_FILL = PatternFill("solid", fgColor="FFE9EFF6")  # the accent's soft tint in static/css/tokens.css
HEAD_FILL = PatternFill("solid", fgColor="FFF6F6F3")
OPEN, LOCKED = Protection(locked=False), Protection(locked=True)


def write_text(sheet: Worksheet, row: int, place: int, words: str, size: int = 10, bold: bool = False) -> Cell:
    """Words that cannot become a formula."""
    cell = writable_cell(sheet, row, place)
    put_content(cell, CellContent(words))
    cell.font = Font(name=FONT, size=size, bold=bold)
    cell.alignment = Alignment(vertical="center")
    return cell


def box_cell(cell: Cell, align: str = "left") -> Cell:
    cell.border = BOX
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    return cell


def draw_top(sheet: Worksheet, title: str, facts: str, hint: str) -> None:
    """The three rows above the head. Nothing is merged, so that rows can be sorted and inserted."""
    write_text(sheet, TITLE_ROW, 1, title, 16, bold=True)
    write_text(sheet, UNIT_ROW, 1, facts)
    write_text(sheet, HINT_ROW, 1, hint)
    for row, height in ((TITLE_ROW, 30), (UNIT_ROW, 18), (HINT_ROW, 18)):
        sheet.row_dimensions[row].height = height


def draw_head(sheet: Worksheet, heads: Sequence[str], widths: Sequence[float]) -> None:
    for place, (head, width) in enumerate(zip(heads, widths, strict=True), 1):
        cell = box_cell(write_text(sheet, HEAD_ROW, place, head, bold=True), "center")
        cell.fill = HEAD_FILL
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.column_dimensions[get_column_letter(len(heads))].hidden = True
    tallest = max(lines_of(head, width) for head, width in zip(heads, widths, strict=True))
    sheet.row_dimensions[HEAD_ROW].height = max(22, tallest * 14 + 4)


def draw_answer(cell: Cell, answer: Answer | None, element: DataElement, is_open: bool) -> None:
    box_cell(cell, "right" if element.type in NUMERIC else "center")
    cell.number_format = choose_format(element)
    if answer and answer.value is not None:
        put_content(cell, show_value(answer.value, element))
    open_or_lock_cell(cell, is_open)


def draw_note(cell: Cell, words: str, is_open: bool) -> None:
    box_cell(cell)
    if words:
        put_content(cell, CellContent(words))
    open_or_lock_cell(cell, is_open)


def open_or_lock_cell(cell: Cell, is_open: bool) -> None:
    cell.font = Font(name=FONT, size=10)
    cell.protection = OPEN if is_open else LOCKED
    if is_open:
        cell.fill = OPEN_FILL


def choose_format(element: DataElement) -> str:
    if element.type == ElementType.DATE:
        return DAY_FORMAT
    return number_format(places_of(element)) if element.type in NUMERIC else "General"


def show_value(value: Decimal, element: DataElement) -> CellContent:
    """A stored value as the cell holds it: a number, a day, or the word of a state."""
    if element.type in NUMERIC:
        return CellContent(round(value, places_of(element)), choose_format(element))
    if element.type == ElementType.DATE and value != NOT_DONE:
        return CellContent(date.fromordinal(int(value)), DAY_FORMAT)
    return CellContent(answer_text(value, element))


def period_of(element: DataElement) -> str:
    return str(Accumulation(element.accumulation).label) if element.type in NUMERIC else ""


def set_up_sheet(sheet: Worksheet, columns: int, frozen: str, one_page_wide: bool) -> None:
    """Protected without a password (against slips, not against people), A4 landscape, the head on every page."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = sheet.protection.sort = False
    sheet.freeze_panes = frozen
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize, sheet.page_setup.orientation = A4, "landscape"
    sheet.page_setup.fitToWidth = 1 if one_page_wide else 0
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=one_page_wide)
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    sheet.print_area = f"A1:{get_column_letter(columns)}{sheet.max_row}"
    margins = sheet.page_margins
    margins.left = margins.right = margins.top = MARGIN
    margins.bottom, margins.header, margins.footer = FOOT_MARGIN, 0.2, 0.25
    if sheet.oddFooter is not None and sheet.oddFooter.center is not None:
        sheet.oddFooter.center.text = _("第%(page)s页 共%(pages)s页") % {"page": "&P", "pages": "&N"}
