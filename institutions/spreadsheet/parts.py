"""The parts of a workbook's container, each read once as a stream: workbook, texts, number formats, sheets.

Names are read by their namespace, of ordinary and of Strict OOXML alike. Styles are passed over but for the number
formats, so that no odd font or colour stands between a person and the figures. What is read is bounded: in cells, in
rows and columns of what holds something, and in the time that the reading takes (`READING_SECONDS` of work).
"""

import posixpath
import re
import time
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from django.utils.translation import gettext as _
from openpyxl.utils.cell import range_boundaries

from institutions.spreadsheet.book import (
    DAY,
    ERROR,
    FLAG,
    FORMULA,
    NUMBER,
    TEXT,
    Book,
    BookCell,
    BookSheet,
    MergedRange,
    UnreadableWorkbookError,
)
from institutions.spreadsheet.formats import GENERAL, format_of
from institutions.texts import trim

ROWS, COLUMNS, CELLS = 50_000, 1_000, 300_000
MERGED = 1_000  # kept of a sheet: each is only said to be in the way
READING_SECONDS = 3.0
CHUNK = 64 * 1024
MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
PACKAGE = ("http://schemas.openxmlformats.org/package/2006/relationships",)
KINDS = {"n": NUMBER, "b": FLAG, "e": ERROR, "d": DAY}  # every other is a text
ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
UNKEPT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no text of ours can hold them
LINE_ENDS = re.compile(r"\r\n?")

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Hear = Callable[[str], None]


def local_names(spaces: tuple[str, ...], *names: str) -> dict[str, str]:
    """The names as the parser gives them, by which they are known here."""
    return {f"{space} {name}": name for space in spaces for name in names}


def plain_text(text: str) -> str:
    """A text of the file as it was typed: _x000D_ and its like are the signs that they stand for."""
    if "_x" in text:
        text = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return UNKEPT.sub("", LINE_ENDS.sub("\n", text)) if text else ""


def whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else otherwise


class Stopwatch:
    """The work that one upload may cost, in seconds of this thread."""

    def __init__(self) -> None:
        self.end = time.thread_time() + READING_SECONDS

    def check(self) -> None:
        if time.thread_time() > self.end:
            raise UnreadableWorkbookError(
                _("工作簿内容过多，读取超过 %(seconds)d 秒，没有导入。请把内容复制到新下载的模板里再上传。")
                % {"seconds": READING_SECONDS}
            )


class Package:
    """The parts by their names, whatever way these are written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.infos = {part_name(info.filename): info for info in archive.infolist()}
        self.stopwatch = Stopwatch()

    def has(self, name: str) -> bool:
        return part_name(name) in self.infos

    def parse(self, name: str, start: Start, end: End | None = None, hear: Hear | None = None) -> None:
        """One part, piece by piece. A part that is no XML breaks with expat's error, one that is not there with a
        KeyError."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse_entities
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = hear
        with self.archive.open(self.infos[part_name(name)]) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
                self.stopwatch.check()
        parser.Parse(b"", True)

    def relations(self, of: str) -> list[tuple[str, str, str]]:
        """id, last word of the type, and target part of each relation of a part ("" for the package)."""
        folder, file = posixpath.split(of)
        found: list[tuple[str, str, str]] = []
        names = local_names(PACKAGE, "Relationship")

        def start(tag: str, attributes: dict[str, str]) -> None:
            if tag in names and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))
                found.append((attributes.get("Id", ""), attributes.get("Type", "").rpartition("/")[2], target))

        name = posixpath.join(folder, "_rels", f"{file}.rels")
        if self.has(name):
            self.parse(name, start)
        return found


def part_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def refuse_entities(*_declaration: object) -> None:
    raise UnreadableWorkbookError(
        _("文件里有不该有的内容（外部实体），为安全起见没有打开。请把内容复制到新下载的模板里再上传。")
    )


def main_part(package: Package) -> str:
    """Where the workbook itself lies."""
    named = (target for _id, kind, target in package.relations("") if kind == "officeDocument")
    return next(named, "xl/workbook.xml").lstrip("/")


def read_book(package: Package) -> Book:
    main = main_part(package)
    relations = {name: (kind, target) for name, kind, target in package.relations(main)}
    by_kind = dict(relations.values())
    listed = WorkbookPart()
    package.parse(main, listed.start)
    texts, formats = TextsPart(), FormatsPart()
    if (part := by_kind.get("sharedStrings", "")) and package.has(part):
        package.parse(part, texts.start, texts.end, texts.hear)
    if (part := by_kind.get("styles", "")) and package.has(part):
        package.parse(part, formats.start, formats.end)
    sheets, extent = [], Extent()
    for title, relation in listed.sheets:
        kind, part = relations.get(relation, ("", ""))
        if kind == "worksheet":
            page = SheetPart(BookSheet(title), texts.found, formats.codes(), listed.is_1904, extent)
            package.parse(part, page.start, page.end, page.hear)
            sheets.append(page.sheet)
    return Book(sheets)


class WorkbookPart:
    """The sheets in their order, with their relations, and from which year days are counted."""

    names = local_names(MAIN, "sheet", "workbookPr")

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.is_1904 = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names.get(tag)
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets.append((plain_text(attributes.get("name", "")), relation))
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "").lower() in ("1", "true", "on")


class TextsPart:
    """The texts that cells share, each of one or more runs; how it is to be pronounced is no part of it."""

    names = local_names(MAIN, "si", "t", "rPh")

    def __init__(self) -> None:
        self.found: list[str] = []
        self.runs: list[str] = []
        self.is_said = self.is_aside = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = self.names.get(tag)
        if name == "t":
            self.is_said = not self.is_aside
        elif name == "rPh":
            self.is_aside = True
        elif name == "si":
            self.runs = []

    def end(self, tag: str) -> None:
        name = self.names.get(tag)
        if name == "t":
            self.is_said = False
        elif name == "rPh":
            self.is_aside = False
        elif name == "si":
            self.found.append(plain_text("".join(self.runs)))

    def hear(self, text: str) -> None:
        if self.is_said:
            self.runs.append(text)


class FormatsPart:
    """The number format of each cell style; nothing else of the styles is looked at."""

    names = local_names(MAIN, "numFmts", "numFmt", "cellXfs", "xf")

    def __init__(self) -> None:
        self.own: dict[int, str] = {}
        self.used: list[int] = []
        self.within = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names.get(tag)
        if name == "xf" and self.within == "cellXfs":
            self.used.append(whole(attributes.get("numFmtId")))
        elif name == "numFmt" and self.within == "numFmts":
            self.own[whole(attributes.get("numFmtId"))] = plain_text(attributes.get("formatCode", ""))
        elif name in ("numFmts", "cellXfs"):
            self.within = name

    def end(self, tag: str) -> None:
        if self.names.get(tag) == self.within:
            self.within = ""

    def codes(self) -> list[str]:
        return [format_of(number, self.own) for number in self.used]


class Extent:
    """Counts the cells of all sheets that hold something; refuses beyond the limits."""

    def __init__(self) -> None:
        self.cells = 0

    def add(self, row: int, column: int) -> None:
        self.cells += 1
        if row > ROWS or column > COLUMNS:
            raise UnreadableWorkbookError(
                _(
                    "有工作表用到了第 %(row)d 行、第 %(column)d 列，超过 %(rows)d 行或 %(columns)d 列，没有导入。"
                    "请删除多余的空行空列（或把内容复制到新下载的模板里）再上传。"
                )
                % {"row": row, "column": column, "rows": ROWS, "columns": COLUMNS}
            )
        if self.cells > CELLS:
            raise UnreadableWorkbookError(
                _("工作簿用到的单元格超过 %(most)d 个，没有导入。请把内容复制到新下载的模板里再上传。")
                % {"most": CELLS}
            )


class SheetPart:
    """The cells of one sheet that hold something, and its merged ranges."""

    names = local_names(MAIN, "row", "c", "v", "f", "t", "rPh", "mergeCell")

    def __init__(self, sheet: BookSheet, texts: list[str], formats: list[str], is_1904: bool, extent: Extent) -> None:
        self.sheet, self.texts, self.formats, self.is_1904, self.extent = sheet, texts, formats, is_1904, extent
        self.row = self.column = 0
        self.columns: dict[str, int] = {}
        self.attributes: dict[str, str] = {}
        self.heard: list[str] | None = None
        self.value: list[str] = []
        self.formula: list[str] | None = None
        self.is_aside = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = self.names.get(tag)
        if name == "v" or (name == "t" and not self.is_aside):
            self.heard = self.value
        elif name == "c":
            self.column += 1
            self.attributes = attributes
        elif name == "f":
            self.heard = self.formula = []
        elif name == "row":
            self.row, self.column = whole(attributes.get("r"), self.row + 1), 0
        elif name == "rPh":
            self.is_aside = True
        elif name == "mergeCell":
            self.merge(attributes.get("ref", ""))

    def hear(self, text: str) -> None:
        if self.heard is not None:
            self.heard.append(text)

    def end(self, tag: str) -> None:
        name = self.names.get(tag)
        if name == "c":
            self.end_cell()
        elif name == "rPh":
            self.is_aside = False
        else:
            self.heard = None

    def end_cell(self) -> None:
        if address := self.attributes.get("r"):
            self.place(address)
        if self.formula is not None:
            self.keep(FORMULA, "=" + "".join(self.formula))
            self.formula = None
        elif self.value:
            kind, text = self.attributes.get("t", NUMBER), "".join(self.value)
            if kind == "s":
                self.keep(TEXT, self.texts[int(text)])
            elif kind in KINDS:
                self.keep(KINDS[kind], text)
            else:
                self.keep(TEXT, plain_text(text))
        self.value.clear()

    def place(self, address: str) -> None:
        letters = address.rstrip("0123456789")
        if letters not in self.columns:
            if not ADDRESS.fullmatch(address):
                raise ValueError(address)
            self.columns[letters] = column_number(letters)
        self.row, self.column = int(address[len(letters) :]), self.columns[letters]

    def keep(self, kind: str, text: str) -> None:
        if not trim(text):
            return
        style = self.attributes.get("s")
        number_format = self.formats[number] if 0 <= (number := whole(style, -1)) < len(self.formats) else GENERAL
        self.extent.add(self.row, self.column)
        self.sheet.cells[self.row, self.column] = BookCell(kind, text, number_format, self.is_1904)

    def merge(self, reference: str) -> None:
        if len(self.sheet.merged) == MERGED:
            return
        left, top, right, bottom = range_boundaries(reference)
        if left and top and right and bottom and (left, top) != (right, bottom):
            self.sheet.merged.append(MergedRange(top, left, bottom, right))


def column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
