"""The ink of the filling sheets: head, locked and open cells, lists and number rules, print setup."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from reports.base.xlsx.contents import Shown, number_format
from reports.base.xlsx.drawing import A4, FOOT_MARGIN, MARGIN, lines_of, put, writable
from reports.questions import answers as reading
from reports.questions.answers import NUMERIC, Answer
from targets.enums import Accumulation, ElementType
from targets.models import DataElement

TITLE_ROW, UNIT_ROW, HINT_ROW, HEAD_ROW = 1, 2, 3, 4
BODY_ROW = HEAD_ROW + 1
NOTE_LENGTH = 500
DAY_FORMAT = "yyyy-mm-dd"
LONGEST_LIST = 255  # Excel's limit of a list written into the rule
NOT_APPLICABLE, YES, NO, NOT_DONE = "不适用", "是", "否", "尚未完成"

FONT = "宋体"
THIN = Side(style="thin", color="FFBFC3C8")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
OPEN_FILL = PatternFill("solid", fgColor="FFE9EFF6")  # the accent's soft tint in static/css/tokens.css
HEAD_FILL = PatternFill("solid", fgColor="FFF6F6F3")
OPEN, LOCKED = Protection(locked=False), Protection(locked=True)


def text(page: Worksheet, row: int, place: int, words: str, size: int = 10, bold: bool = False) -> Cell:
    """Words that cannot become a formula."""
    cell = writable(page, row, place)
    put(cell, Shown(words))
    cell.font = Font(name=FONT, size=size, bold=bold)
    cell.alignment = Alignment(vertical="center")
    return cell


def boxed(cell: Cell, align: str = "left") -> Cell:
    cell.border = BOX
    cell.alignment = Alignment(horizontal=align, vertical="center", wrap_text=True)
    return cell


def draw_top(page: Worksheet, title: str, facts: str, hint: str) -> None:
    """The three rows above the head. Nothing is merged, so that rows can be sorted and inserted."""
    text(page, TITLE_ROW, 1, title, 16, bold=True)
    text(page, UNIT_ROW, 1, facts)
    text(page, HINT_ROW, 1, hint)
    for row, height in ((TITLE_ROW, 30), (UNIT_ROW, 18), (HINT_ROW, 18)):
        page.row_dimensions[row].height = height


def draw_head(page: Worksheet, heads: Sequence[str], widths: Sequence[float]) -> None:
    for place, (head, width) in enumerate(zip(heads, widths, strict=True), 1):
        cell = boxed(text(page, HEAD_ROW, place, head, bold=True), "center")
        cell.fill = HEAD_FILL
        page.column_dimensions[get_column_letter(place)].width = width
    page.column_dimensions[get_column_letter(len(heads))].hidden = True
    tallest = max(lines_of(head, width) for head, width in zip(heads, widths, strict=True))
    page.row_dimensions[HEAD_ROW].height = max(22, tallest * 14 + 4)


def answer_cell(cell: Cell, answer: Answer | None, element: DataElement, is_open: bool) -> None:
    boxed(cell, "right" if element.type in NUMERIC else "center")
    cell.number_format = format_of(element)
    if answer and answer.value is not None:
        put(cell, content_of(answer.value, element))
    open_or_lock(cell, is_open)


def note_cell(cell: Cell, words: str, is_open: bool) -> None:
    boxed(cell)
    if words:
        put(cell, Shown(words))
    open_or_lock(cell, is_open)


def open_or_lock(cell: Cell, is_open: bool) -> None:
    cell.font = Font(name=FONT, size=10)
    cell.protection = OPEN if is_open else LOCKED
    if is_open:
        cell.fill = OPEN_FILL


def format_of(element: DataElement) -> str:
    if element.type == ElementType.DATE:
        return DAY_FORMAT
    return number_format(reading.places_of(element)) if element.type in NUMERIC else "General"


def content_of(value: Decimal, element: DataElement) -> Shown:
    """A stored value as the cell holds it: a number, a day, or the word of a state."""
    if element.type in NUMERIC:
        return Shown(round(value, reading.places_of(element)), format_of(element))
    if element.type == ElementType.DATE and value != reading.NOT_DONE:
        return Shown(date.fromordinal(int(value)), DAY_FORMAT)
    return Shown(reading.written(value, element))


def period_of(element: DataElement) -> str:
    return str(Accumulation(element.accumulation).label) if element.type in NUMERIC else ""


# --- Rules ------------------------------------------------------------------------------------------------------


def rule_of(element: DataElement, here: str, with_not_applicable: bool = False) -> DataValidation:
    """What Excel lets through in the answer cells from `here` on; the server checks again and more kindly."""
    if element.type in (ElementType.YESNO, ElementType.LEVEL):
        rule = choice([YES, NO] if element.type == ElementType.YESNO else element.levels, with_not_applicable)
    elif element.type == ElementType.DATE:
        rule = free(here, f"ISNUMBER({here})", [NOT_DONE, *([NOT_APPLICABLE] if with_not_applicable else [])])
    elif with_not_applicable:
        whole = f",{here}=INT({here})" if reading.places_of(element) == 0 else ""
        rule = free(here, f"IF(ISNUMBER({here}),AND({here}>=0{whole}),FALSE)", [NOT_APPLICABLE])
    else:
        is_whole = reading.places_of(element) == 0
        rule = DataValidation(type="whole" if is_whole else "decimal", operator="greaterThanOrEqual", formula1="0")
    return told(rule, _("填写格式"), sentence_of(element))


def choice(words: Sequence[str], with_not_applicable: bool) -> DataValidation:
    listed = ",".join([*words, *([NOT_APPLICABLE] if with_not_applicable else [])])
    if len(listed) > LONGEST_LIST or any("," in word or '"' in word for word in words):
        return DataValidation(type="textLength", operator="greaterThan", formula1="0")
    return DataValidation(type="list", formula1=f'"{listed}"')


def free(here: str, condition: str, words: Iterable[str]) -> DataValidation:
    said = ",".join(f'{here}="{word}"' for word in words)
    return DataValidation(type="custom", formula1=f"OR({condition},{said})")


def note_rule() -> DataValidation:
    rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1=str(NOTE_LENGTH))
    return told(rule, _("说明"), _("说明最多 %(most)d 字。") % {"most": NOTE_LENGTH})


def told(rule: DataValidation, title: str, sentence: str) -> DataValidation:
    rule.allow_blank = True
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = title[:32], sentence[:255]
    return rule


def sentence_of(element: DataElement) -> str:
    if element.type == ElementType.YESNO:
        return _("请选“是”或“否”。")
    if element.type == ElementType.LEVEL:
        return _("请从“%(levels)s”中选一项。") % {"levels": _("、").join(element.levels)}
    if element.type == ElementType.DATE:
        return _("日期请写成 2023-03-05；没有完成的写“尚未完成”。")
    places = reading.places_of(element)
    if places:
        return _("请填不小于 0 的数，最多 %(places)d 位小数。") % {"places": places}
    return _("请填不小于 0 的整数。")


# --- Sheet ------------------------------------------------------------------------------------------------------


def set_up(page: Worksheet, columns: int, frozen: str, one_page_wide: bool) -> None:
    """Protected without a password (against slips, not against people), A4 landscape, the head on every page."""
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = page.protection.sort = False
    page.freeze_panes = frozen
    page.sheet_view.showGridLines = False
    page.page_setup.paperSize, page.page_setup.orientation = A4, "landscape"
    page.page_setup.fitToWidth = 1 if one_page_wide else 0
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=one_page_wide)
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.print_area = f"A1:{get_column_letter(columns)}{page.max_row}"
    margins = page.page_margins
    margins.left = margins.right = margins.top = MARGIN
    margins.bottom, margins.header, margins.footer = FOOT_MARGIN, 0.2, 0.25
    if page.oddFooter is not None and page.oddFooter.center is not None:
        page.oddFooter.center.text = _("第%(page)s页 共%(pages)s页") % {"page": "&P", "pages": "&N"}
