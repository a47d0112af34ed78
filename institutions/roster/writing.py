"""Draws the register's workbook: empty with an example row as a template, or with the rows that there are."""

from collections.abc import Sequence
from datetime import date
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from institutions.roster.columns import NOTES, PEOPLE, PLACES, SHEETS, UNITS, YES_VALUE, RosterColumn
from institutions.workbooks import put_text

A4 = 9
LAST_ROW = 5000  # down to here cells are formatted and lists offered
TEXT, DAY = "@", "yyyy-mm-dd"
HEAD_FONT, EXAMPLE_FONT = Font(bold=True), Font(italic=True, color="FF808080")
HEAD_FILL = PatternFill("solid", fgColor="FFE9EAEC")
WRAP = Alignment(wrap_text=True, vertical="top")

Value = str | date | None
EXAMPLES: dict[str, list[Value]] = {
    UNITS: [
        "示例-001",
        "某某镇中心卫生院",
        "乡镇卫生院",
        "中心",
        "政府办",
        "",
        "",
        date(2000, 1, 1),
        None,
        "",
        "张三",
        "0371-55500001",
    ],
    PEOPLE: ["示例-zhangsan", "张三", "13800000000", "zhangsan@example.org", "填报员", "示例-001", ""],
}
NOTE_LINES = (
    "一、在“机构”和“人员”两张表里填写，每行一家机构或一个岗位；第 2 行的示例不会导入，可以删除。",
    "二、表头带 * 的列必填。列可以换位置，不要改表头和工作表的名称，不要合并单元格，不要用公式。",
    "三、已有的机构代码和用户名，导入后以表中所填为准：留空即清空（举办主体、开业日期留空则不变）；表中没有的行不受影响。",
    "四、一个人的岗位以表中各行为准：原有而表中没有写的岗位将撤销。",
    "五、上传后先核对，列出新增、修改和每一处问题；没有问题才能确认导入，要么全部导入，要么一行不动。",
    "六、新账号的初始密码随机生成，只显示一次；本人首次登录时须改密码。",
)


def draw_roster(units: Sequence[Sequence[Value]], people: Sequence[Sequence[Value]], places: Sequence[str]) -> Workbook:
    """Rows run in step with the columns. Without any row, each sheet has its example instead."""
    book = Workbook()
    draw_notes(book.worksheets[0])
    for name, rows in ((UNITS, units), (PEOPLE, people)):
        page = book.create_sheet(name)
        draw_sheet(page, SHEETS[name], len(places))
        is_template = not units and not people
        for number, row in enumerate([EXAMPLES[name]] if is_template else rows, 2):
            draw_row(page, number, row, EXAMPLE_FONT if is_template else None)
    draw_places(book.create_sheet(PLACES), places)
    book.active = 1
    return book


def value_at(row: object, column: RosterColumn) -> Value:
    """The field of a row as the sheet shows it: the word of a list, not its value."""
    value = getattr(row, column.name)
    if not column.choices:
        return cast("Value", value)
    kept = (YES_VALUE if value else "") if isinstance(value, bool) else value
    return next((word for word, meant in column.choices.items() if meant == kept and kept), "")


def fit_to_width(page: Worksheet) -> None:
    """One page wide on A4, as long as it is."""
    page.page_setup.paperSize = A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def draw_notes(page: Worksheet) -> None:
    page.title = NOTES
    fit_to_width(page)
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 16, 90
    row = 0
    for row, line in enumerate(NOTE_LINES, 1):
        page.merge_cells(start_row=row, end_row=row, start_column=1, end_column=2)
        page.cell(row, 1, line).alignment = WRAP
        page.row_dimensions[row].height = 32
    for name, columns in SHEETS.items():
        row += 2
        page.cell(row, 1, name).font = HEAD_FONT
        for column in columns:
            row += 1
            page.cell(row, 1, head_of(column))
            page.cell(row, 2, column.note).alignment = WRAP


def head_of(column: RosterColumn) -> str:
    return f"{column.head}*" if column.required else column.head


def draw_sheet(page: Worksheet, columns: Sequence[RosterColumn], places: int) -> None:
    page.freeze_panes = "C2"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    fit_to_width(page)
    for number, column in enumerate(columns, 1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = DAY if column.is_day else TEXT
        head = page.cell(1, number, head_of(column))
        head.font, head.fill = HEAD_FONT, HEAD_FILL
        words = f'"{",".join(column.choices)}"' if column.choices else ""
        if column.is_place:
            words = f"'{PLACES}'!$A$2:$A${max(places, 1) + 1}"
        if words:
            offer_choices(page, f"{letter}2:{letter}{LAST_ROW}", words)


def offer_choices(page: Worksheet, cells: str, words: str) -> None:
    """A list to choose from; other words are left to the reading, which says what is wrong."""
    choice = DataValidation("list", formula1=words, allow_blank=True, showErrorMessage=False)
    choice.add(cells)
    page.add_data_validation(choice)


def draw_row(page: Worksheet, number: int, row: Sequence[Value], font: Font | None) -> None:
    for place, value in enumerate(row, 1):
        cell = page.cell(number, place)
        if not isinstance(cell, Cell):
            raise TypeError(f"{cell.coordinate} is merged into another cell")
        if isinstance(value, date):
            cell.value, cell.number_format = value, DAY
        else:
            put_text(cell, value or "")
            cell.number_format = TEXT
        if font:
            cell.font = font


def draw_places(page: Worksheet, places: Sequence[str]) -> None:
    page.column_dimensions["A"].width = 40
    page.cell(1, 1, "行政区划（“机构”的行政区划、“人员”的岗位所在照此填写）").font = HEAD_FONT
    for number, place in enumerate(places, 2):
        draw_row(page, number, [place], None)
