"""Texts as people type, paste and keep them: what is invisible at their ends, and full-width signs. Pure."""

import re
import unicodedata

INVISIBLE = ("Cc", "Cf", "Zs", "Zl", "Zp")  # line ends, zero-width signs, byte order marks, blanks of every width
ASCII_INVISIBLE = "".join(map(chr, (*range(33), 127)))
# Full-width signs by their ordinary ones. No other digit becomes an ordinary one: ① is not 1, nor is ².
HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥"}
MIDNIGHT = re.compile(r"[T\s]+0{1,2}:00(:00(\.0+)?)?\Z")
PICTURE = re.compile(r"=?(_xlfn\.)?DISPIMG\(", re.IGNORECASE)
SHORTENED = re.compile(r"[+-]?[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def trim(text: str) -> str:
    """Without what nobody sees at either end."""
    if text.isascii():
        return text.strip(ASCII_INVISIBLE)
    start, end = 0, len(text)
    while start < end and is_invisible(text[start]):
        start += 1
    while start < end and is_invisible(text[end - 1]):
        end -= 1
    return text[start:end]


def is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) in INVISIBLE


def fold_width(text: str) -> str:
    """Full-width digits, letters and marks as ordinary ones; everything else as it is."""
    return text.translate(HALF_WIDTH)


def strip_blanks(text: str) -> str:
    """Without any blank or invisible sign, for comparing heads and names."""
    return "".join(sign for sign in text if not is_invisible(sign))


def without_midnight(text: str) -> str:
    """A day that carries the time 0:00, as spreadsheets write it, without that time."""
    return MIDNIGHT.sub("", text)


def is_picture(text: str) -> bool:
    """A picture that WPS keeps in a cell stands there as a call of DISPIMG."""
    return PICTURE.match(text) is not None


def is_shortened(text: str) -> bool:
    """1.38E+10: a spreadsheet wrote a long number so; its other digits are gone."""
    return SHORTENED.fullmatch(text) is not None
