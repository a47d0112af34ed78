"""The ink of the workbook: title, head, borders, colours and print setup. It knows nothing of targets.

Layout (source: docs/domain.md#inspection-workbook): title in row 1; 填报单位, 填报日期 and 单位 in row 2;
a head of two merged rows; the body; notes; last the line of signatures. Fonts are only named, never shipped.
"""

import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import accumulate, groupby
from math import ceil

from django.utils.translation import gettext as _
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from institutions.workbooks import put_text
from reports.base.xlsx.contents import CellContent, Sheet, SheetColumn, SheetLine

TITLE_ROW, SUBTITLE_ROW, HEAD_ROW = 1, 2, 3
HEAD_ROWS = 2
BODY_ROW = HEAD_ROW + HEAD_ROWS
A4 = 9
MARGIN, FOOT_MARGIN = 0.4, 0.6  # inches
LINE_POINTS = 15.0
GB2312, ROMAN = 134, 1  # the character set by which Excel finds a stand-in for a font that is not there

TITLE_FONT = Font(name="方正小标宋简体", size=20, bold=True, family=ROMAN, charset=GB2312)
HEAD_FONT = Font(name="黑体", size=11, charset=GB2312)
BODY_FONT = Font(name="仿宋", size=11, charset=GB2312)
BOLD_FONT = Font(name="仿宋", size=11, bold=True, charset=GB2312)
THIN = Side(style="thin", color="FF000000")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
BAND_FILL = PatternFill("solid", fgColor="FFF6F6F3")
# The tints and inks of static/css/tokens.css; a test keeps the two the same.
COLOURS = {
    "red": ("F6C9C4", "7D0F08"),
    "amber": ("FDE6A8", "5C3F00"),
    "green": ("E1F1E2", "1D5A2C"),
    "met": ("C3E3C8", "10451F"),
    "no_data": ("E9EAEC", "454C55"),
}


def draw_sheet(page: Worksheet, sheet: Sheet, unit_name: str, filled_on: date) -> None:
    """The whole of one sheet, from the title to the signatures."""
    for place, column in enumerate(sheet.columns, 1):
        page.column_dimensions[get_column_letter(place)].width = column.width
    draw_title(page, sheet)
    draw_subtitle(page, sheet, unit_name, filled_on)
    draw_head(page, sheet.columns)
    row = BODY_ROW
    for row, line in enumerate(sheet.lines, BODY_ROW):
        draw_line(page, row, line, sheet.columns)
    end = draw_foot(page, row + 1, sheet)
    set_up_print(page, sheet, end)


def put_content(cell: Cell, shown: CellContent) -> None:
    """Write a value so that no text can ever become a formula, an error value or a broken file."""
    value = shown.value
    if not isinstance(value, str):
        cell.value = value
        cell.number_format = shown.format
        return
    put_text(cell, value)


# --- Head -------------------------------------------------------------------------------------------------------


def merge_cells(page: Worksheet, row: int, first: int, last: int, last_row: int | None = None) -> Cell:
    if (first, row) != (last, last_row or row):
        page.merge_cells(start_row=row, end_row=last_row or row, start_column=first, end_column=last)
    return writable_cell(page, row, first)


def writable_cell(page: Worksheet, row: int, place: int) -> Cell:
    cell = page.cell(row, place)
    if not isinstance(cell, Cell):
        raise TypeError(f"{cell.coordinate} is merged into another cell")
    return cell


def draw_title(page: Worksheet, sheet: Sheet) -> None:
    cell = merge_cells(page, TITLE_ROW, 1, len(sheet.columns))
    put_content(cell, CellContent(sheet.title))
    cell.font = TITLE_FONT
    cell.alignment = Alignment(horizontal="center", vertical="center")
    page.row_dimensions[TITLE_ROW].height = 36


def draw_subtitle(page: Worksheet, sheet: Sheet, unit_name: str, filled_on: date) -> None:
    day = _("填报日期：%(year)d年%(month)d月%(day)d日") % {
        "year": filled_on.year,
        "month": filled_on.month,
        "day": filled_on.day,
    }
    unit = _("单位：%s") % sheet.unit if sheet.unit else ""
    texts = [_("填报单位（盖章）：%s") % unit_name, day, unit]
    for (first, last), text, side in zip(split_width(sheet.columns, (0.5, 0.3, 0.2)), texts, SIDES, strict=True):
        cell = merge_cells(page, SUBTITLE_ROW, first, last)
        put_content(cell, CellContent(text))
        cell.font = BODY_FONT
        cell.alignment = Alignment(horizontal=side, vertical="center")
    page.row_dimensions[SUBTITLE_ROW].height = 22


SIDES = ("left", "right", "right")


def split_width(columns: Sequence[SheetColumn], shares: Sequence[float]) -> list[tuple[int, int]]:
    """First and last column of each part, so that the parts have about these shares of the width."""
    reached = list(accumulate(column.width for column in columns))
    ends: list[int] = []
    for share in accumulate(shares[:-1]):
        nearest = min(range(len(columns)), key=lambda place: abs(reached[place] - share * reached[-1])) + 1
        ends.append(max(nearest, (ends[-1] if ends else 0) + 1))
    firsts = [1, *(end + 1 for end in ends)]
    return list(zip(firsts, [*ends, len(columns)], strict=True))


def draw_head(page: Worksheet, columns: Sequence[SheetColumn]) -> None:
    """Columns of one group stand under its heading; the others reach over both rows."""
    place = 1
    for group, members in groupby(columns, key=lambda column: str(column.group)):
        heads = [str(column.head) for column in members]
        last = place + len(heads) - 1
        if group:
            head_cell(merge_cells(page, HEAD_ROW, place, last), group)
        for number, head in enumerate(heads, place):
            top = HEAD_ROW + 1 if group else HEAD_ROW
            head_cell(merge_cells(page, top, number, number, HEAD_ROW + HEAD_ROWS - 1), head)
        place = last + 1
    for row in range(HEAD_ROW, HEAD_ROW + HEAD_ROWS):
        box_row(page, row, len(columns))
    tallest = max(lines_of(str(column.head), column.width) for column in columns)
    page.row_dimensions[HEAD_ROW].height = 20
    page.row_dimensions[HEAD_ROW + 1].height = max(20, tallest * LINE_POINTS + 3)


def head_cell(cell: Cell, text: str) -> None:
    put_content(cell, CellContent(text))
    cell.font = HEAD_FONT
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def box_row(page: Worksheet, row: int, columns: int) -> None:
    for place in range(1, columns + 1):
        page.cell(row, place).border = BOX


# --- Body -------------------------------------------------------------------------------------------------------


def draw_line(page: Worksheet, row: int, line: SheetLine, columns: Sequence[SheetColumn]) -> None:
    if line.band:
        return draw_band(page, row, line, len(columns))
    for place, (shown, column) in enumerate(zip(line.cells, columns, strict=True), 1):
        if joined_above(page, row, place):
            page.cell(row, place).border = BOX
            continue
        cell = (
            merge_cells(page, row, place, place, row + 1) if place <= line.joined else writable_cell(page, row, place)
        )
        put_content(cell, shown)
        ink_cell(cell, shown, column.align, BOLD_FONT if line.bold else BODY_FONT)
    page.row_dimensions[row].height = height_of(line, columns)
    return None


def joined_above(page: Worksheet, row: int, place: int) -> bool:
    """Whether the cell was merged into the one above; such a cell cannot be written."""
    return not isinstance(page.cell(row, place), Cell)


def draw_band(page: Worksheet, row: int, line: SheetLine, columns: int) -> None:
    cell = merge_cells(page, row, 1, columns)
    put_content(cell, line.cells[0])
    cell.font = BOLD_FONT
    cell.fill = BAND_FILL
    cell.alignment = Alignment(horizontal="left", vertical="center")
    box_row(page, row, columns)
    page.row_dimensions[row].height = 20


def ink_cell(cell: Cell, shown: CellContent, align: str, font: Font) -> None:
    cell.border = BOX
    cell.font = font
    side = "center" if align == "right" and isinstance(shown.value, str) else align
    is_text = isinstance(shown.value, str)
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=is_text)
    if shown.key in COLOURS:
        tint, dark = COLOURS[shown.key]
        cell.fill = PatternFill("solid", fgColor=f"FF{tint}")
        cell.font = Font(name=font.name, size=font.size, bold=font.bold, charset=font.charset, color=f"FF{dark}")


def height_of(line: SheetLine, columns: Sequence[SheetColumn]) -> float:
    """Tall enough for the longest text; a text over two joined lines has both."""
    tallest = 1
    for place, (shown, column) in enumerate(zip(line.cells, columns, strict=True), 1):
        if isinstance(shown.value, str):
            needed = lines_of(shown.value, column.width)
            tallest = max(tallest, ceil(needed / 2) if place <= line.joined else needed)
    return max(20.0, tallest * LINE_POINTS + 4)


def lines_of(text: str, width: float) -> int:
    """Lines that a text takes in a column; a Chinese character is two wide."""
    room = max(1.0, width - 1.5)
    return sum(max(1, ceil(width_of(part) / room)) for part in text.split("\n"))


def width_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


# --- Foot and paper ---------------------------------------------------------------------------------------------


def draw_foot(page: Worksheet, row: int, sheet: Sheet) -> int:
    """The notes and, last, who signs. Gives the last row."""
    width = sum(column.width for column in sheet.columns)
    for note in sheet.notes:
        cell = merge_cells(page, row, 1, len(sheet.columns))
        put_content(cell, CellContent(note))
        cell.font = BODY_FONT
        cell.alignment = Alignment(horizontal="left", vertical="center", wrap_text=True)
        page.row_dimensions[row].height = lines_of(note, width) * LINE_POINTS + 5
        row += 1
    signs = (_("单位负责人："), _("审核人："), _("填报人："), _("联系电话："))
    for (first, last), text in zip(split_width(sheet.columns, (0.25,) * 4), signs, strict=True):
        cell = merge_cells(page, row, first, last)
        put_content(cell, CellContent(text))
        cell.font = BODY_FONT
        cell.alignment = Alignment(horizontal="left", vertical="center")
    page.row_dimensions[row].height = 28
    return row


def set_up_print(page: Worksheet, sheet: Sheet, end: int) -> None:
    """A4 landscape, one page wide, the head on every page, 第X页 共Y页."""
    page.page_setup.paperSize = A4
    page.page_setup.orientation = "landscape"
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.print_area = f"A1:{get_column_letter(len(sheet.columns))}{end}"
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW + HEAD_ROWS - 1}"
    page.print_options.horizontalCentered = True
    margins = page.page_margins
    margins.left = margins.right = margins.top = MARGIN
    margins.bottom, margins.header, margins.footer = FOOT_MARGIN, 0.2, 0.25
    if page.oddFooter is not None and page.oddFooter.center is not None:
        page.oddFooter.center.text = _("第%(page)s页 共%(pages)s页") % {"page": "&P", "pages": "&N"}
    page.freeze_panes = f"{get_column_letter(sheet.frozen + 1)}{BODY_ROW}"
    page.sheet_view.showGridLines = False
