"""Numbers as people type them: one reading for returns and for what a bureau enters itself. Pure."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

LARGEST = Decimal(10) ** 15
NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?")


class UnreadableNumberError(ValueError):
    """What was typed is no number; the text of the error is the sentence for the person."""


def read_number(text: str, unit: str = "") -> Decimal | None:
    """What was typed into a field; None where nothing was. Raises UnreadableNumberError."""
    return parse_number(text, unit) if text.strip() else None


def parse_number(text: str, unit: str = "") -> Decimal:
    """Digits, full-width too, with or without thousands separators; the unit behind them is let pass."""
    tidy = unicodedata.normalize("NFKC", text).strip()
    bare = "".join(tidy.split()).replace("。", ".").removeprefix("¥")
    bare = bare.removesuffix(unicodedata.normalize("NFKC", unit))
    if not NUMBER.fullmatch(bare):
        raise UnreadableNumberError(_("“%(typed)s”不是数字，请只填阿拉伯数字。") % {"typed": tidy})
    return Decimal(bare.replace(",", ""))


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
