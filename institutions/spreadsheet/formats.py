"""Number formats of spreadsheets: whether a number under one is a day, and whether it is shown as a percentage. Pure.

Of everything that styles say, only this changes what a person saw in the cell.
"""

import operator
import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import lru_cache

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

GENERAL = "General"
# Days in the Chinese editions of Excel and WPS, which write these numbers and no format.
CHINESE_DAYS = dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy/m/d")
LITERAL = re.compile(r'"[^"]*(?:"|$)|[\\!_*].|\[[^\]]*\]', re.DOTALL)  # "text", \x, !x, _x, *x, [Red]
CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]")
HOLDS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}


class Percent(Enum):
    """NONE: no sign. SCALED: 0% shows 0.12 as 12%. LITERAL: 0"%" shows 12 as 12%."""

    NONE = "none"
    SCALED = "scaled"
    LITERAL = "literal"


def format_of(number: int, own: dict[int, str]) -> str:
    """The format by its number: the workbook's own, else the spreadsheet's."""
    return own.get(number) or BUILTIN_FORMATS.get(number) or CHINESE_DAYS.get(number) or GENERAL


@lru_cache(maxsize=1024)
def is_day_format(code: str) -> bool:
    return code != GENERAL and bool(is_date_format(code))


@lru_cache(maxsize=1024)
def is_duration_format(code: str) -> bool:
    return bool(is_timedelta_format(code))


def percent_of(code: str, value: float) -> Percent:
    """How the format shows this number."""
    if "%" not in code:
        return Percent.NONE
    section = section_for(code, value)
    if "%" in LITERAL.sub("", section):
        return Percent.SCALED
    shown = (found.group() for found in LITERAL.finditer(section))
    return Percent.LITERAL if any("%" in each and each[0] in '"\\!' for each in shown) else Percent.NONE


def section_for(code: str, value: float) -> str:
    """The part of the format that this number is shown by: positive;negative;zero;text, or by its condition."""
    sections = list(split_sections(code))
    conditions = [CONDITION.search(section) for section in sections]
    if any(conditions):
        for section, found in zip(sections, conditions, strict=True):
            if found is None or HOLDS[found[1]](value, as_number(found[2])):
                return section
        return sections[-1]
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def split_sections(code: str) -> Iterator[str]:
    start = at = 0
    while at < len(code):
        if literal := LITERAL.match(code, at):
            at = literal.end()
            continue
        if code[at] == ";":
            yield code[start:at]
            start = at + 1
        at += 1
    yield code[start:]


def as_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
