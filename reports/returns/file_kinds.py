"""What an uploaded file (佐证材料) is: told by its content, never by what its name or the browser says.

Pure. A file is taken where it is one of `KINDS`, whole, without macros, not encrypted, and its name's ending belongs
to it. Everything else is refused with a sentence. What is inside a document is not judged: files are only ever given
out as downloads, never shown by this application.
"""

import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

import puremagic
from django.utils.translation import gettext as _

NAME_MOST = 120
MARGIN = 2048  # bytes at either end in which a PDF says that it begins and ends; what fills it up behind does not count
FILLING = b"\0 \t\r\n\x1a"
LARGEST_SIDE = 30_000
LARGEST_PICTURE = 200_000_000  # pixels
MOST_PARTS = 5_000
MOST_PIECES = 100_000  # segments and chunks of a picture that are walked through
DIRECTORY_ENTRY = b"PK\x01\x02"
MOST_UNPACKED = 300_000_000
MOST_LIST = 1_000_000  # bytes of the list of content types
PNG_HEAD, JPEG_HEAD, OLE_HEAD = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers that tell width and height
JPEG_ALONE = frozenset([0x01, *range(0xD0, 0xD8)])  # markers without a segment
FILL = re.compile(rb"\xff+")
FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
HIDDEN = ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")  # control and direction characters, lone surrogates, line ends


class RefusedFileError(ValueError):
    """The text of the error is the sentence for the person."""


@dataclass(frozen=True, slots=True)
class FileKind:
    name: str
    mime: str
    endings: tuple[str, ...]


OFFICE = "application/vnd.openxmlformats-officedocument"
PDF = FileKind("PDF", "application/pdf", ("pdf",))
JPEG = FileKind("JPG", "image/jpeg", ("jpg", "jpeg", "jfif", "jpe"))
PNG = FileKind("PNG", "image/png", ("png",))
WORD = FileKind("Word", f"{OFFICE}.wordprocessingml.document", ("docx",))
SHEET = FileKind("Excel", f"{OFFICE}.spreadsheetml.sheet", ("xlsx",))
OLD_WORD = FileKind("Word 97—2003", "application/msword", ("doc", "wps"))
OLD_SHEET = FileKind("Excel 97—2003", "application/vnd.ms-excel", ("xls", "et"))
OFD = FileKind("OFD", "application/ofd", ("ofd",))
KINDS = (PDF, JPEG, PNG, WORD, SHEET, OLD_WORD, OLD_SHEET, OFD)
ENDINGS = tuple(ending for kind in KINDS for ending in kind.endings)


def kind_of(data: bytes, name: str) -> FileKind:
    """Raises RefusedFileError."""
    if not data:
        raise RefusedFileError(_("文件是空的，请核对后重新选择。"))
    kind = kind_by_content(data)
    ending = ending_of(name)
    if ending and ending not in kind.endings:
        raise RefusedFileError(
            _("文件名的后缀是 .%(ending)s，内容却是 %(kind)s 文件，请核对是否选错了文件，或改正后缀再上传。")
            % {"ending": ending, "kind": kind.name}
        )
    return kind


def kind_by_content(data: bytes) -> FileKind:
    """By its first bytes; only a PDF may have something before them, such as a byte order mark."""
    if data.startswith(PNG_HEAD):
        return kind_of_png(data)
    if data.startswith(JPEG_HEAD):
        return kind_of_jpeg(data)
    if data.startswith(b"PK"):
        return kind_of_zip(data)
    if data.startswith(OLE_HEAD):
        return kind_of_old_office(data)
    if b"%PDF-" in data[:MARGIN]:
        return kind_of_pdf(data)
    raise RefusedFileError(not_taken_sentence(data))


def not_taken_sentence(data: bytes) -> str:
    try:
        seems = puremagic.from_string(data).removeprefix(".")
    except puremagic.PureError:
        seems = ""
    only = _("只收 PDF、OFD、JPG、PNG、Word、Excel 和 WPS 文件")
    if seems:
        return _("%(only)s；这个文件的内容像是 %(seems)s。") % {"only": only, "seems": seems}
    return _("%(only)s；看不出这个文件是什么。") % {"only": only}


def kind_of_pdf(data: bytes) -> FileKind:
    if b"%%EOF" not in data.rstrip(FILLING)[-MARGIN:]:
        raise RefusedFileError(_("这个 PDF 不完整（没有文件尾），请重新导出或扫描后再上传。"))
    return PDF


def kind_of_png(data: bytes) -> FileKind:
    """Walks through the chunks to the last one; each is told whole by its checksum."""
    at, chunk = len(PNG_HEAD), b""
    for _number in range(MOST_PIECES):
        if chunk == b"IEND":
            return kind_of_picture(PNG, int.from_bytes(data[16:20]), int.from_bytes(data[20:24]))
        length, chunk = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        told = data[at + 8 + length : at + 12 + length]
        if len(told) != 4 or zlib.crc32(data[at + 4 : at + 8 + length]) != int.from_bytes(told):
            raise RefusedFileError(broken_sentence("PNG"))
        at += 12 + length
    raise RefusedFileError(broken_sentence("PNG"))


def kind_of_jpeg(data: bytes) -> FileKind:
    """Walks through the segments to the one that tells the size; behind the picture there must be its end.

    Before a marker any number of fill bytes may stand, and some markers stand without a segment.
    """
    at = 2
    for _number in range(MOST_PIECES):
        if data[at : at + 1] != b"\xff":
            break
        at = FILL.match(data, at).end() - 1  # type: ignore[union-attr]
        marker, length = int.from_bytes(data[at + 1 : at + 2]), int.from_bytes(data[at + 2 : at + 4])
        if marker in JPEG_ALONE:
            at += 2
            continue
        if marker in JPEG_SIZES and b"\xff\xd9" in data[at:]:
            return kind_of_picture(JPEG, int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7]))
        at += 2 + max(length, 2)
    raise RefusedFileError(broken_sentence("JPG"))


def kind_of_picture(kind: FileKind, width: int, height: int) -> FileKind:
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE and width * height <= LARGEST_PICTURE):
        sentence = _("图片尺寸不正常（%(width)d×%(height)d），请压缩或裁剪后再上传。")
        raise RefusedFileError(sentence % {"width": width, "height": height})
    return kind


def kind_of_zip(data: bytes) -> FileKind:
    """docx, xlsx and OFD are zip archives; any other archive is not taken."""
    if data.count(DIRECTORY_ENTRY) > 2 * MOST_PARTS:
        raise RefusedFileError(swollen_sentence())
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = archive.infolist()
            must_be_modest(parts)
            return kind_of_parts(archive, {part.filename for part in parts})
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise RefusedFileError(broken_sentence(_("文档"))) from error


def must_be_modest(parts: list[zipfile.ZipInfo]) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedFileError(encrypted_sentence())
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise RefusedFileError(swollen_sentence())


def swollen_sentence() -> str:
    return _("文件解开后大得不正常，没有接收。请重新导出，或转成 PDF 再上传。")


def kind_of_parts(archive: zipfile.ZipFile, names: set[str]) -> FileKind:
    if "OFD.xml" in names:
        return OFD
    if "[Content_Types].xml" not in names:
        raise RefusedFileError(_("不收压缩包，请解压后把里面的文件分别上传。"))
    with archive.open("[Content_Types].xml") as part:
        types = part.read(MOST_LIST)
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise RefusedFileError(macros_sentence())
    if b"wordprocessingml.document.main+xml" in types:
        return WORD
    if b"spreadsheetml.sheet.main+xml" in types:
        return SHEET
    raise RefusedFileError(_("Office 文件只收 Word 和 Excel，其他的请转成 PDF 再上传。"))


def kind_of_old_office(data: bytes) -> FileKind:
    """doc, wps, xls, et: the streams are named, in two-byte letters, in the file's own directory."""
    if has_stream(data, "EncryptedPackage"):
        raise RefusedFileError(encrypted_sentence())
    if has_stream(data, "_VBA_PROJECT") or has_stream(data, "_VBA_PROJECT_CUR"):
        raise RefusedFileError(macros_sentence())
    if has_stream(data, "WordDocument"):
        return OLD_WORD
    if has_stream(data, "Workbook") or has_stream(data, "Book"):
        return OLD_SHEET
    raise RefusedFileError(_("Office 文件只收 Word 和 Excel，其他的请转成 PDF 再上传。"))


def has_stream(data: bytes, name: str) -> bool:
    return f"{name}\0".encode("utf-16-le") in data


def broken_sentence(what: str) -> str:
    return _("这个%(what)s文件已损坏，打不开，请重新导出后再上传。") % {"what": what}


def encrypted_sentence() -> str:
    return _("文件加了密码，审核的人打不开，请去掉密码后再上传。")


def macros_sentence() -> str:
    return _("文件里有宏，不能接收。请另存为不含宏的格式，或转成 PDF 再上传。")


def ending_of(name: str) -> str:
    stem, dot, ending = name.rpartition(".")
    return ending.strip().lower() if dot and stem else ""


def clean_name(name: str, kind: FileKind) -> str:
    """The last part of a path, without what is invisible or means something to a file system; with its ending."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in HIDDEN)
    text = " ".join(FORBIDDEN.sub("_", seen).split())
    stem, dot, ending = text.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        stem, ending = text, kind.endings[0]
    stem = stem.strip(" .") or _("未命名")
    return f"{stem[: NAME_MOST - len(ending) - 1]}.{ending.lower()}"
