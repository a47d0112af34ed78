"""The only rounding and formatting of numbers: pages, sentences and workbooks all pass through here.

One form everywhere: what was worked out is written with the decimals it needs, up to so many: 80%, 39.99%. What was
typed keeps those of its data item (`trim=False`), as the form has it.
"""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from fractions import Fraction

Number = Decimal | Fraction | int
MINUS = "−"


def rounded(value: Number, places: int, line: Number | None = None) -> Decimal:
    """Round half up for display, but never across `line`: 39.996 under 40 is 39.99.

    This is also the number that a workbook holds.
    """
    nearest = quantize(value, places, ROUND_HALF_UP)
    if line is None:
        return nearest
    if value < line <= nearest:
        return quantize(value, places, ROUND_FLOOR)
    if value > line >= nearest:
        return quantize(value, places, ROUND_CEILING)
    return nearest


def rounded_beside(value: Number, places: int, lines: Iterable[Number | None]) -> Decimal:
    """Rounded for display, not across the nearest line (only the nearest could be crossed)."""
    return rounded(value, places, nearest_line(value, lines))


def nearest_line(value: Number, lines: Iterable[Number | None]) -> Number | None:
    known = [line for line in lines if line is not None]
    return min(known, key=lambda line: abs(Fraction(line) - Fraction(value)), default=None)


def rounded_lag(lag: Number, amber: Number) -> Decimal:
    """A lag with one decimal, on the side of the status that it explains: 0.01 is 0.1, 10.04 over 10 is 10.1."""
    shown = rounded_beside(lag, 1, (0, amber))
    return quantize(lag, 1, ROUND_FLOOR) if lag <= amber < shown else shown


def quantize(value: Number, places: int, rounding: str) -> Decimal:
    """Exactly round a number to `places` decimals (never through a float)."""
    if isinstance(value, Decimal):
        return value.quantize(Decimal(1).scaleb(-places), rounding)
    low, rest = divmod(value.numerator * 10**places, value.denominator)
    if rounding == ROUND_HALF_UP:
        up = 2 * rest >= value.denominator if value >= 0 else 2 * rest > value.denominator
    else:
        up = rounding == ROUND_CEILING and rest > 0
    return Decimal(low + up).scaleb(-places)


def text(value: Number | None, unit: str = "", places: int = 0, line: Number | None = None, trim: bool = True) -> str:
    """A number with its unit, thousands separated: 1,234 所, 39.99%, 80%. None is "—"."""
    if value is None:
        return "—"
    number = rounded(value, places, line)
    written = f"{abs(number):,.{places}f}"
    if trim and "." in written:
        written = written.rstrip("0").rstrip(".")
    sign = MINUS if number < 0 else ""
    return f"{sign}{written}{unit}" if unit in ("%", "") else f"{sign}{written} {unit}"


def places_needed(value: Decimal) -> int:
    """The decimals that `text` writes of a rounded number; a workbook shows as many."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def trimmed(value: Number | None) -> str:
    """Up to four decimals, without trailing zeros: 40, 7.5."""
    return text(value, places=4)
