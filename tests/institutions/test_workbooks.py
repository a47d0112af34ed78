"""Uploaded workbooks: each kind of damage has its sentence, and a cell is read as what the person saw."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from institutions.spreadsheet import parts
from institutions.spreadsheet.book import BookCell
from institutions.workbooks import (
    UnreadableCellError,
    UnreadableWorkbookError,
    open_upload,
    put_text,
    text_at,
)
from tests.institutions.odd_workbooks import ODDITIES, as_book
from tests.institutions.odd_workbooks import repacked as repack

DAMAGED = "文件不完整或已损坏，没有导入。请在 Excel 或 WPS 中打开检查，另存为 .xlsx 后再上传。"
NO_WORKBOOK = "这个文件不是 .xlsx 工作簿。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
NO_ZIP = "这不是 Excel 工作簿（可能是 .csv 或网页改了后缀）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
OLD = "这是旧格式的文件（.xls 或 .et）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"
ENCRYPTED = "文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码，保存后再上传。"
MACROS = "文件含有宏，为安全起见没有打开。请另存为不含宏的 .xlsx 后再上传。"
LINKS = "文件含有指向其他文件的链接，没有打开。请在“数据－编辑链接”中断开链接，保存后再上传。"
BOMB = "文件解压后大得不正常，为安全起见没有打开。请把内容复制到新下载的模板里再上传。"
ENTITIES = "文件里有不该有的内容（外部实体），为安全起见没有打开。请把内容复制到新下载的模板里再上传。"
TOO_FAR = (
    "有工作表用到了第 %d 行、第 %d 列，超过 50000 行或 1000 列，没有导入。"
    "请删除多余的空行空列（或把内容复制到新下载的模板里）再上传。"
)
TOO_MANY = "工作簿用到的单元格超过 10 个，没有导入。请把内容复制到新下载的模板里再上传。"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SHEET = "xl/worksheets/sheet1.xml"


def plain(fill: Callable[[Any], Any] = lambda page: page.append(["机构代码", 12])) -> bytes:
    book, out = Workbook(), BytesIO()
    fill(book.worksheets[0])
    book.save(out)
    return out.getvalue()


def repacked(changed: dict[str, bytes | None]) -> bytes:
    """A plain workbook with parts replaced, added or (None) left out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(plain())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        parts = {info.filename: old.read(info) for info in old.infolist()} | changed
        for name, content in parts.items():
            if content is not None:
                made.writestr(name, content)
    return out.getvalue()


def with_sheet(body: bytes, head: bytes = b"") -> bytes:
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return repacked({SHEET: head + b'<worksheet xmlns="' + space + b'">' + body + b"</worksheet>"})


def first_cell(data: bytes) -> BookCell:
    return open_upload(SimpleUploadedFile("a.xlsx", data)).sheets[0].cell(1, 1)


def sentence(data: bytes, name: str = "a.xlsx") -> str:
    with pytest.raises(UnreadableWorkbookError) as refused:
        open_upload(SimpleUploadedFile(name, data))
    return str(refused.value)


DAMAGES = {
    "empty": (b"", "文件是空的（0 字节）。请重新保存后再上传。"),
    "csv": ("机构代码,名称\nU1,一院\n".encode("gb18030"), NO_ZIP),
    "web page": (b"<html><table></table></html>", NO_ZIP),
    "xls": (OLE + b"Workbook", OLD),
    "encrypted": (OLE + "EncryptedPackage".encode("utf-16-le"), ENCRYPTED),
    "truncated": (plain()[:-400], DAMAGED),
    "cut to half": (plain()[: len(plain()) // 2], DAMAGED),
    "other zip": (repacked({"xl/workbook.xml": None}), NO_WORKBOOK),
    "no content types": (repacked({"[Content_Types].xml": None}), NO_WORKBOOK),
    "macros": (repacked({"xl/vbaProject.bin": b"x"}), MACROS),
    "excel 4 macros": (repacked({"xl/macrosheets/sheet1.xml": b"<a/>"}), MACROS),
    "external link": (repacked({"xl/externalLinks/externalLink1.xml": b"<a/>"}), LINKS),
    "data connection": (repacked({"xl/connections.xml": b"<a/>"}), LINKS),
    "zip bomb": (repacked({SHEET: b"<a>" + b" " * 30_000_000}), BOMB),
    "far too many parts": (repacked({f"xl/media/{n}.png": b"x" for n in range(1000)}), BOMB),
    "entities": (with_sheet(b"", head=b'<!DOCTYPE a [<!ENTITY b "bb">]>'), ENTITIES),
    "broken xml": (with_sheet(b"<sheetData><row>"), DAMAGED),
    "absurd address": (with_sheet(b'<sheetData><row><c r="1A"/></row></sheetData>'), DAMAGED),
    "last row": (
        with_sheet(b'<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'),
        TOO_FAR % (1048576, 1),
    ),
    "last column": (
        with_sheet(b'<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>'),
        TOO_FAR % (1, 16384),
    ),
    "too many parts listed": (repacked({f"xl/a{n}.xml": b"x" for n in range(5001)}), BOMB),
}


@pytest.mark.parametrize(("data", "told"), DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_refused_with_its_sentence(data: bytes, told: str):
    assert sentence(data) == told


def test_what_holds_something_is_bounded_in_cells(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "CELLS", 10)
    assert open_upload(SimpleUploadedFile("a.xlsx", plain(lambda page: page.append(range(10)))))
    assert sentence(plain(lambda page: page.append(range(11)))) == TOO_MANY


def test_the_work_of_reading_is_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(parts, "READING_SECONDS", 0)
    told = "工作簿内容过多，读取超过 0 秒，没有导入。请把内容复制到新下载的模板里再上传。"
    assert sentence(plain()) == told


def test_a_macro_workbook_is_known_by_its_name():
    assert sentence(plain(), name="一院.XLSM") == MACROS


def test_a_file_over_the_limit_is_not_even_looked_at(settings: Any):
    settings.WORKBOOK_MEGABYTES = 1
    told = "文件有 2 MB，超过 1 MB，没有导入。请用下载的模板填写，不要插入图片。"
    assert sentence(b"x" * (1024 * 1024 + 1)) == told


def test_a_sound_workbook_opens_whatever_its_name():
    book = open_upload(SimpleUploadedFile("一院.xls", plain()))
    assert {place: text_at(cell) for place, cell in book.sheets[0].cells.items()} == {(1, 1): "机构代码", (1, 2): "12"}


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        (None, "General", ""),
        ("  一院　", "General", "一院"),
        (12, "General", "12"),
        (12.0, "General", "12"),
        (-0.0, "General", "0"),
        (1200, "#,##0", "1200"),
        (1e21, "General", "1000000000000000000000"),
        (1e-7, "General", "0.0000001"),
        (0.1 + 0.2, "General", "0.3"),
        (Decimal("12.50"), "General", "12.5"),
        (0.855, "0.0%", "85.5%"),
        (1, "0%", "100%"),
        (True, "General", "是"),
        (date(2024, 3, 5), "yyyy-mm-dd", "2024-03-05"),
        (datetime(2024, 3, 5), "yyyy年m月d日", "2024-03-05"),
        (datetime(2024, 3, 5, 9, 30), "yyyy-mm-dd hh:mm", "2024-03-05 09:30"),
    ],
)
def test_a_cell_is_read_as_the_person_saw_it(value: Any, shown: str, text: str):
    def fill(page: Any) -> None:
        page["A1"].value = value
        page["A1"].number_format = shown

    assert text_at(first_cell(plain(fill))) == text


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("=1+1", "单元格里是公式。请复制后“选择性粘贴－数值”，再上传。"),
        ("#DIV/0!", "单元格里是错误值 #DIV/0!。请改为数值或文字。"),
    ],
)
def test_a_formula_or_an_error_in_a_cell_is_not_taken(value: str, told: str):
    with pytest.raises(UnreadableCellError) as refused:
        text_at(first_cell(plain(lambda page: page.append([value]))))
    assert str(refused.value) == told


@pytest.mark.parametrize("text", ["=1+1", "+86 371", "-3", "@SUM(A1)", "一\x0b院", "#N/A", "_x000D_", "_x005F_x000D_"])
def test_a_written_text_stays_a_text(text: str):
    data = plain(lambda page: put_text(page["A1"], text))
    assert load_workbook(BytesIO(data)).worksheets[0]["A1"].data_type == "s"
    assert text_at(first_cell(data)) == text.replace("\x0b", "")


# --- Read as it was meant ---------------------------------------------------------------------------------------


def oddly(kind: str, name: str, data: bytes = b"") -> bytes:
    """The plain workbook, odd in its cell B1."""
    variant = next(each for each in ODDITIES[kind] if each.name == name)
    return variant.make(data or plain(), "B1")


def second_cell(data: bytes) -> BookCell:
    return open_upload(SimpleUploadedFile("a.xlsx", data)).sheets[0].cell(1, 2)


@pytest.mark.parametrize(
    ("kind", "name", "text"),
    [
        ("percent formats", "literal", "12%"),
        ("percent formats", "true", "12%"),
        ("percent formats", "backslash", "12%"),
        ("percent formats", "sections", "1200%"),
        ("percent formats", "condition", "12%"),
        ("percent formats", "coloured", "12%"),
        ("percent formats", "padding", "12"),
        ("odd formats", "broken", "12%"),
        ("odd formats", "万", "12000"),
        ("days", "midnight", "2024-03-05"),
        ("days", "noon", "2024-03-05 12:00"),
        ("days", "past all days", "9999999"),
        ("days since 1904", "1904", "2024-03-05"),
        ("escapes", "line break", "一\n院"),
        ("escapes", "literal", "_x000D_"),
        ("escapes", "nought", "一院"),
        ("escapes", "half a pair", "\ufffd"),
        ("escapes", "a pair", "\U0001f600"),
        ("texts in runs", "runs", "12"),
        ("texts in runs", "pronounced", "12"),
        ("numbers", "infinite", "1E999"),
        ("numbers", "underscored", "1_000"),
        ("numbers", "float", "0.3"),
        ("numbers", "minus nought", "0"),
        ("kinds of cells", "true", "是"),
        ("kinds of cells", "iso day", "2024-03-05"),
        ("kinds of cells", "iso nonsense", "2024-99-05"),
        ("invisible ends", repr("12\u200b"), "12"),
        ("invisible ends", repr("\ufeff12"), "12"),
        ("invisible ends", repr("\u200b"), ""),
    ],
)
def test_an_odd_cell_is_read_as_it_was_meant(kind: str, name: str, text: str):
    assert text_at(second_cell(oddly(kind, name))) == text


HARMLESS = ("far and empty", "ways of writing", "odd sheet settings", "many styles")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("Strict", "strict"),
        *(
            (kind, each.name)
            for kind in ("far and empty", "ways of writing", "odd sheet settings")
            for each in ODDITIES[kind]
        ),
        *(("odd styles", each.name) for each in ODDITIES["odd styles"] if each.name != "broken styles"),
        ("merged to the end", "column"),
    ],
)
def test_what_holds_no_figure_changes_no_figure(kind: str, name: str):
    data = plain(lambda page: page.append(["机构代码", 0.12]))
    data = as_book(data, lambda book: setattr(book.worksheets[0]["B1"], "number_format", "0%"))
    without_formats = name == "no styles"
    assert text_at(second_cell(oddly(kind, name, data))) == ("0.12" if without_formats else "12%")


def test_a_style_sheet_that_cannot_be_read_is_refused_rather_than_its_percentages_misread():
    assert sentence(oddly("odd styles", "broken styles")) == DAMAGED


@pytest.mark.parametrize("name", ["formula", "text"])
def test_a_picture_in_a_cell_is_called_one(name: str):
    with pytest.raises(UnreadableCellError, match=r"^单元格里是图片"):
        text_at(second_cell(oddly("pictures in cells", name)))


@pytest.mark.parametrize("code", [14, 22, 27, 31, 36, 50, 57, 58])
def test_days_that_chinese_editions_write_by_number_alone(code: int):
    """Excel and WPS write these numbers and no format; without them a day would be a number."""
    styles = b'<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>'
    xfs = b'<xf numFmtId="0"/><xf numFmtId="%d"/></cellXfs></styleSheet>' % code
    sheet = with_sheet(b'<sheetData><row><c/><c s="1"><v>45356</v></c></row></sheetData>')
    assert text_at(second_cell(repack(sheet, {"xl/styles.xml": styles + xfs}))) == "2024-03-05"
