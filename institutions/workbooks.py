"""Uploaded workbooks: the one place that opens them, and how their cells are read and written.

`open_upload` looks at the container first: size, password, macros, links to other files, and how much would come out
of it. Then `institutions.spreadsheet` reads it, within its bounds. A refusal is an UnreadableWorkbookError; its text is
the sentence for the person.
"""

import re
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from openpyxl.cell import Cell as DrawnCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from institutions.numerals import picture_sentence
from institutions.spreadsheet.book import DAY, ERROR, FLAG, FORMULA, NUMBER, Book, BookCell, UnreadableWorkbookError
from institutions.spreadsheet.formats import Percent, is_day_format, is_duration_format, percent_of
from institutions.spreadsheet.parts import Package, main_part, read_book
from institutions.texts import is_picture, trim

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEMBERS = 1_000
MOST_ENTRIES = 5_000  # of the container and of what lies packed in it; listing more would take too long
UNPACKED_MEGABYTES = 64
RATIO = 200  # of a sheet: about 10 to 30
MEGABYTE = 1024 * 1024
CELL_LENGTH = 32_767

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, .et, and every encrypted workbook
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
MACRO_NAMES = (".xlsm", ".xltm", ".xlam")
MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/", "xl/activex/")
LINK_PARTS = ("xl/externallinks/", "xl/connections.xml")
STORED_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([Ee][+-]?[0-9]+)?")
DIRECTORY_ENTRY = b"PK\x01\x02"
ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class UnreadableCellError(Exception):
    """What stands in the cell is not taken; the text has no address, the caller knows sheet and cell."""


# --- Opening ----------------------------------------------------------------------------------------------------


def open_upload(file: "File[Any]") -> Book:
    """The uploaded workbook with its formulas as formulas, or an UnreadableWorkbookError."""
    if file.size > settings.WORKBOOK_MEGABYTES * MEGABYTE:
        raise UnreadableWorkbookError(
            _("文件有 %(size)d MB，超过 %(most)d MB，没有导入。请用下载的模板填写，不要插入图片。")
            % {"size": -(-file.size // MEGABYTE), "most": settings.WORKBOOK_MEGABYTES}
        )
    return open_bytes(file.read(), name=file.name or "")


def open_bytes(data: bytes, name: str = "") -> Book:
    """The same for bytes that were kept since their upload."""
    must_be_a_zip(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            package = Package(archive)
            must_be_a_plain_workbook(package, name)
            must_stay_small(archive)
            book = read_book(package)
    except UnreadableWorkbookError:
        raise
    except Exception as error:  # a damaged file may break the reader at any place
        raise UnreadableWorkbookError(
            _("文件不完整或已损坏，没有导入。请在 Excel 或 WPS 中打开检查，另存为 .xlsx 后再上传。")
        ) from error
    if not book.sheets:
        raise UnreadableWorkbookError(_("工作簿里没有工作表。请用下载的模板填写后再上传。"))
    return book


def must_be_a_zip(data: bytes) -> None:
    if not data:
        raise UnreadableWorkbookError(_("文件是空的（0 字节）。请重新保存后再上传。"))
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise UnreadableWorkbookError(_("文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码，保存后再上传。"))
        raise UnreadableWorkbookError(
            _("这是旧格式的文件（.xls 或 .et）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")
        )
    if not data.startswith(ZIP):
        raise UnreadableWorkbookError(
            _("这不是 Excel 工作簿（可能是 .csv 或网页改了后缀）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。")
        )
    if data.count(DIRECTORY_ENTRY) > MOST_ENTRIES:
        raise UnreadableWorkbookError(swollen_sentence())


def must_be_a_plain_workbook(package: Package, name: str) -> None:
    """A workbook of sheets, without a password, macros or a way to other files."""
    parts = package.infos.keys()
    if any(info.flag_bits & 1 for info in package.infos.values()):
        raise UnreadableWorkbookError(_("压缩包设有密码，无法读取。请取消密码，保存为 .xlsx 后再上传。"))
    if name.lower().endswith(MACRO_NAMES) or any(mark in part for part in parts for mark in MACRO_PARTS):
        raise UnreadableWorkbookError(_("文件含有宏，为安全起见没有打开。请另存为不含宏的 .xlsx 后再上传。"))
    if any(part.startswith(LINK_PARTS) for part in parts):
        raise UnreadableWorkbookError(
            _("文件含有指向其他文件的链接，没有打开。请在“数据－编辑链接”中断开链接，保存后再上传。")
        )
    main = main_part(package)
    if not package.has("[Content_Types].xml") or not package.has(main) or main.endswith(".bin"):
        raise UnreadableWorkbookError(_("这个文件不是 .xlsx 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"))


def must_stay_small(archive: zipfile.ZipFile) -> None:
    """What would come out, as the container says; the reader is given no more than that."""
    members = archive.infolist()
    unpacked = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    is_dense = unpacked > MEGABYTE and unpacked > RATIO * packed
    if len(members) > MEMBERS or unpacked > UNPACKED_MEGABYTES * MEGABYTE or is_dense:
        raise UnreadableWorkbookError(swollen_sentence())


def swollen_sentence() -> str:
    return _("文件解压后大得不正常，为安全起见没有打开。请把内容复制到新下载的模板里再上传。")


# --- Cells ------------------------------------------------------------------------------------------------------


def text_at(cell: BookCell) -> str:
    """What stands in the cell as text without blanks around it; "" for nothing.

    Numbers in full (12, not 12.0 or 1.2E1), of 15 digits as a spreadsheet keeps them; with a percent format as shown
    (85%), because 0.85 was not what the person saw. Days as 2024-03-05. A formula, a picture or an error value is an
    UnreadableCellError.
    """
    if cell.kind != NUMBER and is_picture(cell.text):
        raise UnreadableCellError(picture_sentence())
    if cell.kind == FORMULA:
        raise UnreadableCellError(_("单元格里是公式。请复制后“选择性粘贴－数值”，再上传。"))
    if cell.kind == ERROR:
        raise UnreadableCellError(_("单元格里是错误值 %(value)s。请改为数值或文字。") % {"value": trim(cell.text)})
    return label_at(cell)


def label_at(cell: BookCell) -> str:
    """The same of a cell that is no answer (a head, a name, a key): a formula or an error value as it is written."""
    if cell.kind == FLAG:
        return _("是") if cell.text.strip() in ("1", "true") else _("否")
    if cell.kind == NUMBER:
        return shown_number(cell)
    if cell.kind == DAY:
        return shown_iso(cell.text.strip())
    return trim(cell.text)


def number_at(cell: BookCell) -> Decimal | None:
    """The number that the cell holds, of 15 digits; None where it holds no number."""
    if cell.kind != NUMBER:
        return None
    text = cell.text.strip()
    if not STORED_NUMBER.fullmatch(text):
        return None
    value = float(text)
    return Decimal(f"{value:.15g}") if abs(value) < float("inf") else None


def shown_number(cell: BookCell) -> str:
    number = number_at(cell)
    if number is None:
        return trim(cell.text)
    if is_day_format(cell.number_format) and (shown := shown_day(number, cell)):
        return shown
    return number_text(number, percent=percent_of(cell.number_format, float(number)))


def shown_day(number: Decimal, cell: BookCell) -> str:
    """A day or a time by its count of days; "" where there is none of that count."""
    is_duration = is_duration_format(cell.number_format)
    epoch = CALENDAR_MAC_1904 if cell.is_1904 else CALENDAR_WINDOWS_1900
    try:
        return day_text(from_excel(float(number), epoch=epoch, timedelta=is_duration))
    except (OverflowError, ValueError):
        return ""


def shown_iso(text: str) -> str:
    try:
        return day_text(datetime.fromisoformat(text))
    except ValueError:
        return text


def day_text(moment: object) -> str:
    if isinstance(moment, datetime):
        return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "minutes")
    return moment.isoformat() if isinstance(moment, date) else str(moment)


def number_text(number: Decimal, *, percent: Percent = Percent.NONE) -> str:
    if percent is Percent.SCALED:
        number *= 100
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    return text if percent is Percent.NONE else f"{text}%"


def put_text(cell: DrawnCell, text: str) -> None:
    """Write a text so that it can never become a formula, an error value, another text or a broken file."""
    kept = ESCAPE_LIKE.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_LENGTH])
    cell.value = kept or None
    if kept:
        cell.data_type = "s"
    if kept.startswith(FORMULA_STARTS):
        cell.quotePrefix = True  # stays a text when somebody edits it
