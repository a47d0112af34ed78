"""Quarters and working days. Pure: nothing here reads the clock or the database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self, overload

import chinese_calendar
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from institutions.clock import SHANGHAI

NUMERALS = "一二三四"
LABELS = (
    lazy("%(year)d年第一季度"),
    lazy("%(year)d年第二季度"),
    lazy("%(year)d年第三季度"),
    lazy("%(year)d年第四季度"),
)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter. In the database it is one integer, `ordinal` = year x 4 + number - 1,
    so that quarters subtract and compare as numbers."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Self:
        return cls(ordinal // 4, ordinal % 4 + 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "2024Q1". Raises ValueError for anything else."""
        year, mark, number = text.strip().upper().partition("Q")
        if not (mark and year.isascii() and year.isdigit() and len(year) == 4 and number in ("1", "2", "3", "4")):
            raise ValueError(f"not a quarter: {text!r}")
        return cls(int(year), int(number))

    @property
    def ordinal(self) -> int:
        return self.year * 4 + self.number - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_day(self) -> date:
        return (self + 1).first_day - timedelta(days=1)

    @property
    def label(self) -> str:
        """2023年第四季度, in the reader's language."""
        return str(LABELS[self.number - 1]) % {"year": self.year}

    @property
    def in_chinese(self) -> str:
        """2023年第四季度, for what is kept as a record."""
        return f"{self.year}年第{NUMERALS[self.number - 1]}季度"

    def __add__(self, quarters: int) -> "Quarter":
        return Quarter.from_ordinal(self.ordinal + quarters)

    @overload
    def __sub__(self, other: "Quarter") -> int: ...

    @overload
    def __sub__(self, other: int) -> "Quarter": ...

    def __sub__(self, other: "Quarter | int") -> "Quarter | int":
        """The quarters between two; or the quarter so many before."""
        return self + -other if isinstance(other, int) else self.ordinal - other.ordinal

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def day_label(day: date) -> str:
    """2023年3月5日, without leading zeros, in the reader's language."""
    return date_format(day, _("Y年n月j日"))


def month_day(day: date) -> str:
    """4月15日, or 15 Apr: for days of the quarter at hand."""
    return date_format(day, _("n月j日"))


def day_and_time(moment: datetime) -> str:
    """4月9日 11:51, or 9 Apr 11:51, in Shanghai: where the quarter is known."""
    there = moment.astimezone(SHANGHAI)
    return f"{month_day(there)} {there:%H:%M}"


def short_day_and_time(moment: datetime) -> str:
    """The same within a sentence, which in English says 9/4 11:51."""
    there = moment.astimezone(SHANGHAI)
    return _("%(month)d月%(day)d日 %(time)s") % {"month": there.month, "day": there.day, "time": f"{there:%H:%M}"}


def end_of_day(day: date) -> datetime:
    """24:00 of the day in Shanghai: a due day is over only then."""
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)


# Holidays whose date the law fixes (国务院令第795号, since 2025): 1 January, 1 and 2 May, 1 to 3 October. Of a year
# that the calendar does not hold it is not known which weekends are worked, which days off are moved to, and when
# the feasts of the moon and the sun fall: 春节 (four days), 清明, 端午, 中秋.
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})


def is_working_day(day: date) -> tuple[bool, bool]:
    """Whether people work on the day, and whether the holiday calendar of its year is known.

    Make-up working days count. A year that the calendar does not hold falls back to weekdays without the holidays of
    a fixed date.
    """
    try:
        return chinese_calendar.is_workday(day), True
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS, False


def nth_working_day_after(day: date, count: int) -> tuple[date, bool]:
    """The count-th working day after `day`, and whether every year passed through is in the calendar."""
    known = True
    while count:
        day += timedelta(days=1)
        works, year_known = is_working_day(day)
        known = known and year_known
        count -= works
    return day, known
