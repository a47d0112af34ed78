"""Numbers as people type them: one reading for returns and for what a bureau enters itself. Pure.

`static/js/return_cells.js` reads the same way, so that what a page shows before it is sent is what is taken.
"""

import re
import unicodedata
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from institutions.texts import fold_width, is_invisible, is_picture, trim

# No number that is typed, uploaded or kept reaches this.
LARGEST = Decimal(10) ** 12
MOST_SHOWN = 40
GAP = "[ \u00a0\u2009\u202f]"  # a blank between digits, one kind of them in a number
WHOLE = rf"[0-9]+|[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]{{1,3}}({GAP})[0-9]{{3}}(?:\4[0-9]{{3}})*"
NUMBER = re.compile(rf"([+-]?)¥?{GAP}*([+-]?)((?:{WHOLE})(?:\.[0-9]*)?)")
TWO_DIGITS = re.compile("[0-9]{2}")
SEPARATORS = re.compile(rf",|{GAP}")


class UnreadableNumberError(ValueError):
    """What was typed is no number; the text of the error is the sentence for the person."""


def read_number(text: str, unit: str = "") -> Decimal | None:
    """What was typed into a field; None where nothing was. Raises UnreadableNumberError."""
    return parse_number(text, unit) if trim(text) else None


def parse_number(text: str, unit: str = "") -> Decimal:
    """Digits, full-width too, with or without thousands separators; the unit behind them is let pass.

    Thousands are set off by commas or by one kind of blank, in groups of three; no other sign stands between digits.
    """
    shown = trim(text)
    found = NUMBER.fullmatch(without_unit(trim(fold_width(shown)).replace("。", "."), unit))
    if found is None or (found[1] and found[2]):
        raise UnreadableNumberError(unreadable_sentence(shown))
    return Decimal(found[1] + found[2] + SEPARATORS.sub("", found[3]))


def unreadable_sentence(shown: str) -> str:
    if is_picture(shown):
        return picture_sentence()
    shown = shown if len(shown) <= MOST_SHOWN else f"{shown[:MOST_SHOWN]}…"
    return _("“%(typed)s”不是数字，请只填阿拉伯数字。") % {"typed": shown}


def picture_sentence() -> str:
    return _("单元格里是图片，读不出数字或文字。请删去图片，改填内容。")


def without_unit(text: str, unit: str) -> str:
    """The text up to its unit, however that is written (㎡ or m2, with blanks or without).

    A unit that begins with a digit is set off by a blank: 81/10万 may be 8 or 81 of 1/10万.
    """
    wanted = bare_unit(unit)
    if wanted:
        for start in range(max(0, len(text) - 2 * len(wanted) - 2), len(text)):
            if bare_unit(text[start:]) == wanted and not TWO_DIGITS.fullmatch(text[max(0, start - 1) : start + 1]):
                return trim(text[:start])
    return text


def bare_unit(text: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFKC", text) if not is_invisible(sign))


def within_bounds(*columns: str) -> Q:
    """The same bound as the database holds it; what is empty is within."""
    found = Q()
    for column in columns:
        found &= Q(**{f"{column}__gt": -LARGEST, f"{column}__lt": LARGEST})
    return found


def problem_of(value: Decimal, places: int) -> str:
    """Why a number cannot be kept with so many decimals, in one sentence; empty where it can."""
    if value < 0:
        return negative_sentence()
    if value >= LARGEST:
        return _("数字过大，请核对单位。")
    return too_fine(places) if value != round(value, places) else ""


def negative_sentence() -> str:
    return _("不能填负数。")


def too_fine(places: int) -> str:
    return _("最多保留 %(places)d 位小数。") % {"places": places} if places else _("应填整数，不能带小数。")


def typed_number(value: Decimal | None, places: int = 4) -> str:
    """A kept number as it stands in a field, so that `read_number` reads it back."""
    if value is None:
        return ""
    plain = f"{value:.{places}f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
