"""Odd workbooks: a sound one, changed in the ways that real files, other programs and bad luck change them.

`ODDITIES` names the kinds; each has variants, and a variant makes new bytes out of a workbook's bytes and one cell of
its first sheet. Nothing here knows what the right outcome is; the tests that use it do.
"""

import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import CALENDAR_MAC_1904

Odd = Callable[[bytes, str], bytes]
Rewrite = Callable[[bytes], bytes]
SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/": b"http://purl.oclc.org/ooxml/officeDocument/",
}


@dataclass(frozen=True)
class Variant:
    kind: str
    name: str
    make: Odd

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


# --- Ways to change a workbook ----------------------------------------------------------------------------------


def as_book(data: bytes, change: Callable[[Workbook], Any]) -> bytes:
    """Changed as a spreadsheet would change and save it."""
    book, out = load_workbook(BytesIO(data)), BytesIO()
    change(book)
    book.save(out)
    return out.getvalue()


def repacked(data: bytes, changed: dict[str, Rewrite | bytes | None], names: Callable[[str], str] = str) -> bytes:
    """Parts rewritten, replaced, added, or (None) left out."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        parts = {info.filename: old.read(info) for info in old.infolist()}
        for name in {**parts, **changed}:
            change = changed.get(name, parts.get(name))
            content = change(parts[name]) if callable(change) else change
            if content is not None:
                made.writestr(names(name), content)
    return out.getvalue()


def every_part(data: bytes, change: Rewrite) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return repacked(data, {name: change for name in archive.namelist() if name.endswith((".xml", ".rels"))})


def put(value: Any, number_format: str = "", data: bytes = b"", place: str = "") -> bytes:
    """A value in the cell, written by openpyxl."""

    def change(book: Workbook) -> None:
        cell = book.worksheets[0][place]
        cell.value = value
        if number_format:
            cell.number_format = number_format

    return as_book(data, change)


def raw(content: str, attributes: str = "", data: bytes = b"", place: str = "") -> bytes:
    """The cell written by hand; it keeps its style."""
    pattern = re.compile(rf'<c r="{place}"([^>]*?)(?:/>|>.*?</c>)'.encode(), re.DOTALL)

    def change(sheet: bytes) -> bytes:
        style = re.search(rf'<c r="{place}"[^>]*?( s="\d+")'.encode(), sheet)
        made = f'<c r="{place}"{style[1].decode() if style else ""}{attributes}>{content}</c>'.encode()
        return pattern.sub(lambda _found: made, sheet, count=1)

    return repacked(as_book(data, lambda book: set_value(book, place, "x")), {SHEET: change})


def set_value(book: Workbook, place: str, value: Any) -> None:
    book.worksheets[0][place].value = value


def valued(values: dict[str, Any]) -> Iterator[tuple[str, Odd]]:
    for name, value in values.items():
        yield name, lambda data, place, value=value: put(value, "", data, place)


def formatted(shown: dict[str, tuple[Any, str]]) -> Iterator[tuple[str, Odd]]:
    for name, (value, code) in shown.items():
        yield name, lambda data, place, value=value, code=code: put(value, code, data, place)


def handwritten(cells: dict[str, tuple[str, str]]) -> Iterator[tuple[str, Odd]]:
    for name, (attributes, content) in cells.items():
        yield name, lambda data, place, a=attributes, c=content: raw(c, a, data, place)


def rewritten(parts: dict[str, dict[str, Rewrite | bytes | None]]) -> Iterator[tuple[str, Odd]]:
    for name, changed in parts.items():
        yield name, lambda data, _place, changed=changed: repacked(data, changed)


def rebooked(changes: dict[str, Callable[[Workbook, str], Any]]) -> Iterator[tuple[str, Odd]]:
    for name, change in changes.items():
        yield name, lambda data, place, change=change: as_book(data, lambda book: change(book, place))


def swap(old: bytes, new: bytes, part: bytes) -> bytes:
    return part.replace(old, new)


def behind_the_rows(new: bytes) -> Rewrite:
    return partial(swap, b"</sheetData>", new + b"</sheetData>")


# --- The kinds --------------------------------------------------------------------------------------------------


def typed(*texts: str) -> Iterator[tuple[str, Odd]]:
    return valued({repr(text): text for text in texts})


def strict(data: bytes, _place: str) -> bytes:
    def change(part: bytes) -> bytes:
        for old, new in STRICT.items():
            part = part.replace(old, new)
        return part

    return every_part(data, change)


def many_formats(count: int) -> Rewrite:
    """Formats that no two share, as workbooks gather them over the years."""

    def change(styles: bytes) -> bytes:
        made = b"".join(b'<xf numFmtId="%d" fontId="%d" fillId="%d"/>' % (n % 44, n % 997, n) for n in range(count))
        return styles.replace(b"</cellXfs>", made + b"</cellXfs>")

    return change


def prefixed(data: bytes, _place: str) -> bytes:
    """Every name under a prefix, as some writers have it."""

    def change(sheet: bytes) -> bytes:
        found = re.sub(rb"<(/?)(?![?!])([A-Za-z])", rb"<\1x:\2", sheet)
        return found.replace(b"xmlns=", b"xmlns:x=")

    return repacked(data, {SHEET: change})


def without_addresses(data: bytes, _place: str) -> bytes:
    return repacked(data, {SHEET: partial(re.sub, rb'<(c|row) r="[A-Z0-9]+"', rb"<\1")})


def flipped(seed: int) -> Odd:
    """Some bytes of the container are others, as after a bad stick."""

    def make(data: bytes, _place: str) -> bytes:
        chance, made = random.Random(seed), bytearray(data)
        for _ in range(8):
            made[chance.randrange(30, len(made))] = chance.randrange(256)
        return bytes(made)

    return make


def mangled(seed: int) -> Odd:
    """Attributes of the first sheet lose or change their values; the container is whole."""

    def make(data: bytes, _place: str) -> bytes:
        chance = random.Random(seed)
        words = [b"", b"-1", b"99999999999", b"x", b"NaN", b"A0", b"1E999"]

        def change(sheet: bytes) -> bytes:
            return re.sub(
                rb'"[^"<]{1,12}"',
                lambda found: b'"%s"' % chance.choice(words) if chance.random() < 0.02 else found[0],
                sheet,
            )

        return repacked(data, {SHEET: change})

    return make


def cut(share: float) -> Odd:
    return lambda data, _place: data[: int(len(data) * share)]


def instead(content: bytes) -> Odd:
    return lambda _data, _place: content


def utf16(data: bytes, _place: str) -> bytes:
    def change(sheet: bytes) -> bytes:
        text = sheet.decode()
        return ('<?xml version="1.0" encoding="UTF-16"?>' + re.sub(r"^<\?xml[^>]*\?>", "", text)).encode("utf-16")

    return repacked(data, {SHEET: change})


def since_1904(data: bytes, place: str) -> bytes:
    def change(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904
        cell = book.worksheets[0][place]
        cell.value, cell.number_format = datetime(2024, 3, 5), "yyyy-mm-dd"

    return as_book(data, change)


def merge(reference: str) -> Callable[[Workbook, str], Any]:
    return lambda book, _place: book.worksheets[0].merge_cells(reference)


def merge_below(book: Workbook, place: str) -> None:
    row, column = coordinate_to_tuple(place)
    book.worksheets[0].merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column)


def hide(book: Workbook, place: str) -> None:
    page, (row, _column) = book.worksheets[0], coordinate_to_tuple(place)
    page.row_dimensions[row].hidden = True
    page.auto_filter.ref = page.dimensions


def add_sheets(book: Workbook, _place: str) -> None:
    book.create_sheet("我的草稿", 0)["A1"].value = "草稿"
    book.create_sheet("备份").sheet_state = "hidden"


def fill_rows(count: int, columns: int) -> Callable[[Workbook, str], Any]:
    def change(book: Workbook, _place: str) -> None:
        page = book.worksheets[0]
        for row in range(page.max_row + 1, page.max_row + 1 + count):
            for column in range(1, columns + 1):
                page.cell(row, column).value = row * column

    return change


def break_heads(book: Workbook, place: str) -> None:
    page, (bottom, _column) = book.worksheets[0], coordinate_to_tuple(place)
    for row in page.iter_rows(max_row=bottom - 1):
        for cell in row:
            if isinstance(cell.value, str) and 2 < len(cell.value) < 12:
                cell.value = f"{cell.value[:2]}\n{cell.value[2:]}"


def rename_parts(data: bytes, _place: str) -> bytes:
    return repacked(data, {}, names=lambda name: name.replace("/sheet1.xml", "/Sheet1.XML"))


def backslashed(data: bytes, _place: str) -> bytes:
    return repacked(data, {}, names=lambda name: name if "[" in name else name.replace("/", "\\"))


TAIL = b'<row r="1048576"/>'
FAR_STYLED = b'<row r="1"><c r="XFD1" s="1"/></row>'
EMPTY_ROWS = b"".join(b'<row r="%d"><c s="1"/></row>' % number for number in range(99, 200_000))
KINDS: dict[str, Iterator[tuple[str, Odd]]] = {
    "other digits": typed(
        "12①", "12²", "45.6①", "½", "Ⅳ", "٣", "𝟏𝟐", "35*", "１２", "12。5", "十二", "1O", "１２％", "12."
    ),
    "blanks within": typed(
        "12 34", "12\n34", "1 234 567", "1 234\u00a0567", "1\u202f234", "1,2345", "1，234", "12\t34"
    ),
    "invisible ends": typed("12\u200b", "\ufeff12", "\u00a012\u00a0", "\u206012", "12\u200e\n", "\u200b", "一院\u200b"),
    "percent formats": formatted(
        {
            "literal": (12, '0"%"'),
            "true": (0.12, "0%"),
            "backslash": (12, "0\\%"),
            "sections": (12, '0%;0%;0"%"'),
            "condition": (12, '[>1]0"%";0%'),
            "coloured": (0.12, "[Red]0.00%"),
            "padding": (12, "0_%"),
        }
    ),
    "odd formats": formatted(
        {
            "万": (12000, '0!.0,"万"'),
            "text": (12, "@"),
            "broken": (12, '0"%'),
            "long": (12, "0" * 250),
            "clock": (0.5, "h:mm"),
        }
    ),
    "days": formatted(
        {
            "midnight": (datetime(2024, 3, 5, 0, 0), "yyyy-mm-dd h:mm"),
            "noon": (datetime(2024, 3, 5, 12, 0), "yyyy-mm-dd h:mm"),
            "past all days": (9_999_999, "yyyy-mm-dd"),
            "before all days": (-5, "yyyy-mm-dd"),
            "sixtieth": (60, "yyyy-mm-dd"),
            "duration": (1.5, "[h]:mm"),
        }
    ),
    "days as text": typed(
        "2024-03-05 0:00", "2024/3/5 0:00:00", "２０２４-3-5", "2024-02-30", "2024年3月5日", "0000-01-01"
    ),
    "days since 1904": iter([("1904", since_1904)]),
    "escapes": handwritten(
        {
            "line break": (' t="inlineStr"', "<is><t>一_x000D__x000A_院</t></is>"),
            "literal": (' t="inlineStr"', "<is><t>_x005F_x000D_</t></is>"),
            "nought": (' t="inlineStr"', "<is><t>一_x0000_院</t></is>"),
            "half a pair": (' t="inlineStr"', "<is><t>_xD83D_</t></is>"),
            "a pair": (' t="inlineStr"', "<is><t>_xD83D__xDE00_</t></is>"),
            "in a formula's text": (' t="str"', "<v>_x0041_</v>"),
        }
    ),
    "texts in runs": handwritten(
        {
            "runs": (' t="inlineStr"', "<is><r><t>1</t></r><r><t>2</t></r></is>"),
            "pronounced": (' t="inlineStr"', '<is><t>12</t><rPh sb="0" eb="1"><t>34</t></rPh></is>'),
            "empty": (' t="inlineStr"', "<is/>"),
        }
    ),
    "numbers": handwritten(
        {
            name: ("", f"<v>{text}</v>")
            for name, text in {
                "huge": "1E308",
                "infinite": "1E999",
                "no number": "NaN",
                "word": "abc",
                "long": "12345678901234567890",
                "phone": "1.38001380009E+10",
                "minus nought": "-0",
                "tiny": "1E-20",
                "float": "0.30000000000000004",
                "bound": "1000000000000",
                "empty": "",
                "hex": "0x1F",
                "underscored": "1_000",
            }.items()
        }
    ),
    "shortened numbers": typed("1.38E+10", "4.1E+17", "1e3"),
    "kinds of cells": handwritten(
        {
            "true": (' t="b"', "<v>1</v>"),
            "error": (' t="e"', "<v>#N/A</v>"),
            "iso day": (' t="d"', "<v>2024-03-05T00:00:00</v>"),
            "iso nonsense": (' t="d"', "<v>2024-99-05</v>"),
            "dangling text": (' t="s"', "<v>99999</v>"),
            "negative text": (' t="s"', "<v>-1</v>"),
            "unknown kind": (' t="zz"', "<v>12</v>"),
            "style beyond": (' s="99999"', "<v>12</v>"),
        }
    ),
    "formulas": handwritten(
        {
            "cached": ("", "<f>1+1</f><v>2</v>"),
            "never worked out": ("", "<f>SUM(A1:A3)</f>"),
            "shared": ("", '<f t="shared" si="0"/><v>2</v>'),
            "array": ("", '<f t="array" ref="A1:A2">1+1</f><v>2</v>'),
            "with an error": (' t="e"', "<f>1/0</f><v>#DIV/0!</v>"),
        }
    ),
    "pictures in cells": handwritten(
        {
            "formula": (' t="str"', '<f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v>'),
            "text": (' t="inlineStr"', '<is><t>=DISPIMG("ID_1",1)</t></is>'),
        }
    ),
    "Strict": iter([("strict", strict)]),
    "far and empty": rewritten(
        {
            "last row": {SHEET: behind_the_rows(TAIL)},
            "last column": {SHEET: behind_the_rows(FAR_STYLED)},
            "blanks": {SHEET: behind_the_rows(b'<row r="1048576"><c r="B1048576" t="str"><v> </v></c></row>')},
            "200000 empty rows": {SHEET: behind_the_rows(EMPTY_ROWS)},
        }
    ),
    "far and full": rewritten(
        {
            "last row": {SHEET: behind_the_rows(b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>')},
            "last column": {SHEET: behind_the_rows(b'<row r="1"><c r="XFD1"><v>1</v></c></row>')},
        }
    ),
    "many styles": rewritten(
        {f"{count} formats": {STYLES: many_formats(count)} for count in (5_000, 64_000)}
        | {
            "40000 fonts": {
                STYLES: partial(swap, b"</fonts>", b"<font><b/><sz val='9'/></font>" * 40_000 + b"</fonts>")
            }
        }
    ),
    "odd styles": rewritten(
        {
            "no style name": {STYLES: partial(re.sub, rb'(<cellStyle )name="[^"]*"', rb"\1")},
            "family 34": {STYLES: partial(re.sub, rb'<family val="\d+"', rb'<family val="34"')},
            "short colour": {STYLES: partial(re.sub, rb'rgb="[0-9A-F]{8}"', rb'rgb="FFF"')},
            "font without end": {STYLES: partial(re.sub, rb'<sz val="\d+"', rb'<sz val="big"')},
            "no styles": {STYLES: None},
            "unknown pattern": {STYLES: partial(re.sub, rb'patternType="\w+"', rb'patternType="dots"')},
            "formats twice": {
                STYLES: partial(swap, b"<cellXfs", b'<numFmts><numFmt numFmtId="x" formatCode="0"/></numFmts><cellXfs')
            },
            "no theme": {"xl/theme/theme1.xml": None},
            "broken styles": {STYLES: b"<styleSheet"},
        }
    ),
    "odd sheet settings": rewritten(
        {
            "view": {
                SHEET: partial(swap, b"<sheetData", b'<sheetViews><sheetView view="odd"/></sheetViews><sheetData')
            },
            "rule": {SHEET: partial(swap, b"</sheetData>", b'</sheetData><conditionalFormatting sqref="?"/>')},
            "list": {
                SHEET: partial(
                    swap, b"</sheetData>", b'</sheetData><dataValidations><dataValidation type="x"/></dataValidations>'
                )
            },
            "drawing": {SHEET: partial(swap, b"</worksheet>", b'<drawing id="rId99"/></worksheet>')},
            "dimension": {SHEET: partial(re.sub, rb'<dimension ref="[^"]*"', rb'<dimension ref="A1:XFD1048576"')},
            "name": {
                BOOK: partial(
                    swap, b"<sheets>", b'<definedNames><definedName name="?">#REF!</definedName></definedNames><sheets>'
                )
            },
        }
    ),
    "merged": rebooked({"two cells": merge_below, "a column": merge("B1:B50000"), "the head": merge("A1:B1")}),
    "merged to the end": rewritten(
        {
            "column": {
                SHEET: partial(
                    swap, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:A1048576"/></mergeCells>'
                )
            }
        }
    ),
    "hidden and added": rebooked({"hidden rows": hide, "other sheets": add_sheets}),
    "headers": rebooked({"line breaks": break_heads}),
    "ways of writing": iter(
        [
            ("prefixes", prefixed),
            ("no addresses", without_addresses),
            ("capitals", rename_parts),
            ("backslashes", backslashed),
            ("UTF-16", utf16),
        ]
    ),
    "very full": rebooked(
        {"3000 rows": fill_rows(3_000, 10), "20000 rows": fill_rows(20_000, 4), "800 columns": fill_rows(3, 800)}
    ),
    "long texts": valued({"32767 signs": "长" * 32_767, "5000 digits": "1" * 5_000, "spaces": " " * 5_000 + "1"}),
    "dangerous texts": typed(
        "=1+1", "@SUM(A1)", "<script>alert(1)</script>", "'; DROP TABLE", "%(typed)s {left} %s", "\U0001f600"
    ),
    "cut short": iter([(f"{share:.0%}", cut(share)) for share in (0.1, 0.5, 0.9, 0.99)]),
    "bytes changed": iter([(f"seed {seed}", flipped(seed)) for seed in range(12)]),
    "attributes changed": iter([(f"seed {seed}", mangled(seed)) for seed in range(24)]),
    "no workbook": iter(
        [
            ("empty", instead(b"")),
            ("csv", instead("机构代码,名称\n".encode("gb18030"))),
            ("page", instead(b"<html></html>")),
            ("xls", instead(bytes.fromhex("d0cf11e0a1b11ae1") + b"Workbook")),
            ("locked", instead(bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"))),
            ("pdf", instead(b"%PDF-1.4")),
            ("zip", instead(repacked(b"PK\x05\x06" + b"\0" * 18, {"a.txt": b"a"}))),
        ]
    ),
    "dangerous parts": rewritten(
        {
            "macros": {"xl/vbaProject.bin": b"x"},
            "links": {"xl/externalLinks/externalLink1.xml": b"<a/>"},
            "entities": {
                SHEET: lambda part: b'<!DOCTYPE a [<!ENTITY b "bb">]>' + re.sub(rb"^<\?xml[^>]*\?>", b"", part)
            },
            "bomb": {SHEET: b"<a>" + b" " * 30_000_000},
            "6000 parts": {f"xl/media/{n}.png": b"x" for n in range(6_000)},
        }
    ),
    "missing parts": rewritten(
        {
            "sheet": {SHEET: None},
            "workbook": {BOOK: None},
            "types": {"[Content_Types].xml": None},
            "relations": {"xl/_rels/workbook.xml.rels": None},
            "texts": {"xl/sharedStrings.xml": None},
            "broken sheet": {SHEET: lambda part: part[: len(part) // 2]},
        }
    ),
}
ODDITIES = {kind: [Variant(kind, name, make) for name, make in found] for kind, found in KINDS.items()}


def every_variant() -> list[Variant]:
    return [variant for found in ODDITIES.values() for variant in found]
