"""Uploaded workbooks: the one place that opens them, and how their cells are read and written.

`open_upload` looks into the file before openpyxl does: size, container, macros, links to other files, and how much
would come out of it. What it gives back has bounded sheets (ROWS, COLUMNS, CELLS) and can be walked without fear.
A refusal is an UnreadableWorkbookError; its text is the sentence for the person.
"""

import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from typing import Any
from xml.parsers import expat

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS, COLUMNS, CELLS = 50_000, 1_000, 500_000
MEMBERS = 1_000
UNPACKED_MEGABYTES = 64
RATIO = 200  # of a sheet: about 10 to 30
MEGABYTE = 1024 * 1024
CHUNK = 64 * 1024
CELL_LENGTH = 32_767

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, .et, and every encrypted workbook
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ZIP = b"PK\x03\x04"
MACRO_NAMES = (".xlsm", ".xltm", ".xlam")
MACRO_PARTS = ("vbaproject.bin", "xl/macrosheets/", "xl/activex/")
LINK_PARTS = ("xl/externallinks/", "xl/connections.xml")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class UnreadableWorkbookError(Exception):
    """The file is not taken. `str(error)` says what it is and what to do; nothing was read or changed."""


class UnreadableCellError(Exception):
    """What stands in the cell is not taken; the text has no address, the caller knows sheet and cell."""


# --- Opening ----------------------------------------------------------------------------------------------------


def open_upload(file: "File[Any]") -> Workbook:
    """The uploaded workbook with its formulas as formulas, or an UnreadableWorkbookError."""
    if file.size > settings.WORKBOOK_MEGABYTES * MEGABYTE:
        raise UnreadableWorkbookError(
            _("文件有 %(size)d MB，超过 %(most)d MB，没有导入。请用下载的模板填写，不要插入图片。")
            % {"size": -(-file.size // MEGABYTE), "most": settings.WORKBOOK_MEGABYTES}
        )
    return open_bytes(file.read(), name=file.name or "")


def open_bytes(data: bytes, name: str = "") -> Workbook:
    """The same for bytes that were kept since their upload."""
    must_be_a_zip(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            must_be_a_plain_workbook(archive, name)
            must_stay_small(archive)
        book = load_workbook(BytesIO(data), keep_links=False)
    except UnreadableWorkbookError:
        raise
    except Exception as error:  # a damaged file may break the reader at any place
        raise UnreadableWorkbookError(
            _("文件不完整或已损坏，没有导入。请在 Excel 或 WPS 中打开检查，另存为 .xlsx 后再上传。")
        ) from error
    if not book.worksheets:
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


def must_be_a_plain_workbook(archive: zipfile.ZipFile, name: str) -> None:
    """A workbook of sheets, without a password, macros or a way to other files."""
    parts = [info.filename.lower().lstrip("/") for info in archive.infolist()]
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise UnreadableWorkbookError(_("压缩包设有密码，无法读取。请取消密码，保存为 .xlsx 后再上传。"))
    if name.lower().endswith(MACRO_NAMES) or any(mark in part for part in parts for mark in MACRO_PARTS):
        raise UnreadableWorkbookError(_("文件含有宏，为安全起见没有打开。请另存为不含宏的 .xlsx 后再上传。"))
    if any(part.startswith(LINK_PARTS) for part in parts):
        raise UnreadableWorkbookError(
            _("文件含有指向其他文件的链接，没有打开。请在“数据－编辑链接”中断开链接，保存后再上传。")
        )
    if "[content_types].xml" not in parts or "xl/workbook.xml" not in parts:
        raise UnreadableWorkbookError(_("这个文件不是 .xlsx 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"))


def must_stay_small(archive: zipfile.ZipFile) -> None:
    """What comes out is counted before it is opened: first as the container says, then cell by cell."""
    members = archive.infolist()
    unpacked = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members)
    is_dense = unpacked > MEGABYTE and unpacked > RATIO * packed
    if len(members) > MEMBERS or unpacked > UNPACKED_MEGABYTES * MEGABYTE or is_dense:
        raise UnreadableWorkbookError(
            _("文件解压后大得不正常，为安全起见没有打开。请把内容复制到新下载的模板里再上传。")
        )
    extent = Extent()
    for info in members:
        measure_part(archive, info, extent)


def measure_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo, extent: "Extent") -> None:
    """Count the cells of one part. A part that is no XML counts until it breaks; if it is needed, opening fails."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = extent.start
    parser.StartDoctypeDeclHandler = refuse_entities
    extent.begin()
    with archive.open(info) as part:
        try:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
        except expat.ExpatError:
            return


def refuse_entities(*_declaration: object) -> None:
    raise UnreadableWorkbookError(
        _("文件里有不该有的内容（外部实体），为安全起见没有打开。请把内容复制到新下载的模板里再上传。")
    )


class Extent:
    """Counts the cells, merged ranges and linked ranges of the parts fed to it; refuses beyond the limits."""

    def __init__(self) -> None:
        self.cells = 0
        self.rows = 0

    def begin(self) -> None:
        self.rows = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "c":
            self.add(1, attributes.get("r", ""))
        elif kind == "row":
            self.rows = max(self.rows + 1, int(attributes.get("r") or 0))
            self.bound(self.rows, 1)
        elif kind in {"mergeCell", "hyperlink"} and "ref" in attributes:
            left, top, right, bottom = (edge or 0 for edge in range_boundaries(attributes["ref"]))
            self.bound(bottom, right)
            self.add((right - left + 1) * (bottom - top + 1))

    def add(self, count: int, address: str = "") -> None:
        self.cells += count
        if address:
            self.bound(*coordinate_to_tuple(address))
        if self.cells > CELLS:
            raise UnreadableWorkbookError(
                _("工作簿用到的单元格超过 %(most)d 个，没有导入。请把内容复制到新下载的模板里再上传。")
                % {"most": CELLS}
            )

    def bound(self, row: int, column: int) -> None:
        if row > ROWS or column > COLUMNS:
            raise UnreadableWorkbookError(
                _(
                    "有工作表用到了第 %(row)d 行、第 %(column)d 列，超过 %(rows)d 行或 %(columns)d 列，没有导入。"
                    "请删除多余的空行空列（或把内容复制到新下载的模板里）再上传。"
                )
                % {"row": row, "column": column, "rows": ROWS, "columns": COLUMNS}
            )


# --- Cells ------------------------------------------------------------------------------------------------------


def text_at(cell: Cell | MergedCell) -> str:
    """What stands in the cell as text without blanks around it; "" for nothing.

    Numbers in full (12, not 12.0 or 1.2E1), of 15 digits as a spreadsheet keeps them; with a percent format as shown
    (85%), because 0.85 was not what the person saw. Days as 2024-03-05. A formula or an error value is an
    UnreadableCellError.
    """
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f":
        raise UnreadableCellError(_("单元格里是公式。请复制后“选择性粘贴－数值”，再上传。"))
    if cell.data_type == "e":
        raise UnreadableCellError(_("单元格里是错误值 %(value)s。请改为数值或文字。") % {"value": value})
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, int | float | Decimal):
        return number_text(value, is_percent="%" in (cell.number_format or ""))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()


def number_text(value: int | float | Decimal, *, is_percent: bool = False) -> str:
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    if is_percent:
        number *= 100
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text == "-0":
        text = "0"
    return f"{text}%" if is_percent else text


def put_text(cell: Cell, text: str) -> None:
    """Write a text so that it can never become a formula, an error value or a broken file."""
    kept = ILLEGAL_CHARACTERS_RE.sub("", text)[:CELL_LENGTH]
    cell.value = kept or None
    if kept:
        cell.data_type = "s"
    if kept.startswith(FORMULA_STARTS):
        cell.quotePrefix = True  # stays a text when somebody edits it
