"""One answer: reading what a person typed, and writing a stored value for people.

Pure. A stored answer is one number whatever its type (see `targets.enums.ElementType`). A thing not done yet
(尚未完成) is the last day there is: after every quarter's end, and not the same as no answer.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt

from django.utils.translation import gettext as _

from institutions import numerals
from institutions.models import Institution
from institutions.texts import fold_width, strip_blanks, trim, without_midnight
from reports.base import numbers
from targets.enums import Accumulation, ElementType, Operator, Severity
from targets.models import DataElement
from targets.periods import Quarter, day_label

AnswerKey = tuple[int, int]  # element id, subject id

NUMERIC = (ElementType.COUNT, ElementType.DECIMAL, ElementType.MONEY)
NOT_DONE = Decimal(date.max.toordinal())
NOT_DONE_WORDS = ("尚未完成", "未完成")
DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
YES = ("是", "有", "yes", "y", "1", "true")
NO = ("否", "无", "no", "n", "0", "false")


class UnreadableAnswerError(ValueError):
    """What was typed is no answer to this element; the text of the error is the sentence for the person."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A value, or 不适用, about one subject and element. Not answered is no Answer at all."""

    element_id: int
    subject_id: int
    value: Decimal | None
    not_applicable: bool = False
    note: str = ""

    @property
    def key(self) -> AnswerKey:
        return self.element_id, self.subject_id


HOLDS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    Operator.AT_MOST: le,
    Operator.LESS: lt,
    Operator.EQUAL: eq,
    Operator.AT_LEAST: ge,
    Operator.MORE: gt,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A plan's check between numbers of one unit: Σ left `operator` factor x Σ right + number.

    message: may say {left} and {right}, the two amounts.
    """

    left: tuple[DataElement, ...]
    operator: Operator
    right: tuple[DataElement, ...]
    severity: Severity
    message: str
    factor: Decimal = Decimal(1)
    number: Decimal = Decimal(0)

    def amounts(self, values: Mapping[int, Decimal | None]) -> tuple[Decimal, Decimal] | None:
        """Both sides, from values by element; None where one of them is not given."""
        left, right = sum_of_elements(self.left, values), sum_of_elements(self.right, values)
        return None if left is None or right is None else (left, self.factor * right + self.number)

    def holds(self, left: Decimal, right: Decimal) -> bool:
        return HOLDS[self.operator](left, right)


def sum_of_elements(elements: tuple[DataElement, ...], values: Mapping[int, Decimal | None]) -> Decimal | None:
    given = [value for each in elements if (value := values.get(each.pk)) is not None]
    return sum(given, Decimal(0)) if len(given) == len(elements) else None


@dataclass(frozen=True, slots=True)
class OfficialValue:
    """The official number of the unit's region of which an answer is a part. is_of_year: not last year's serving on."""

    name: str
    value: Decimal
    unit: str
    year: int
    is_of_year: bool


@dataclass(frozen=True, slots=True)
class RegionGoal:
    """What a total is to reach in the unit's own region, and what was approved of it earlier in the same window."""

    name: str
    wanted: Decimal
    before: Decimal


@dataclass(frozen=True, slots=True)
class LaterReturn:
    """An approved return of a later quarter, where its answer can be corrected."""

    submission_id: int
    quarter: Quarter


@dataclass(frozen=True, slots=True)
class LaterAnswer:
    """An approved answer of a later quarter, that stands on the one asked about.

    rise: what it adds to its year. follows: it is the next of its year, so that its rise is reckoned from here.
    between: what the quarters between the two added to the year.
    """

    at: LaterReturn
    value: Decimal
    rise: Decimal | None
    follows: bool
    between: Decimal


@dataclass(frozen=True, slots=True)
class Question:
    """One element asked about one subject, with what is known from before.

    last: the approved answer of the quarter before. last_rise: what that quarter added (flow, running).
    year_before, year_before_rise: the same of the same quarter of last year.
    floor: a running total's latest approved value earlier in the same year.
    qualitative: its answer is a state (全部/基本/未) that wants an account in words.
    official, goals: what the answer is held against. comparisons: the checks of plans whose first number this is.
    in_force: the approved answer of this very quarter. later: those of later quarters that look back at it, without
    the ones that are corrected together with it.
    """

    element: DataElement
    subject: Institution
    last: Decimal | None = None
    last_not_applicable: bool = False
    last_rise: Decimal | None = None
    year_before: Decimal | None = None
    year_before_rise: Decimal | None = None
    floor: Decimal | None = None
    qualitative: bool = False
    official: OfficialValue | None = None
    goals: tuple[RegionGoal, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    in_force: Decimal | None = None
    later: tuple[LaterAnswer, ...] = ()

    @property
    def key(self) -> AnswerKey:
        return self.element.pk, self.subject.pk

    @property
    def is_number(self) -> bool:
        return self.element.type in NUMERIC

    def added(self, value: Decimal) -> Decimal:
        """What a value of this quarter stands for when quarters are compared: a running total by its rise."""
        return value - (self.floor or 0) if self.element.accumulation == Accumulation.RUNNING else value

    @property
    def last_amount(self) -> Decimal | None:
        """Of the quarter before, in the sense of `added`; a page shows the same."""
        return self.last_rise if self.element.accumulation == Accumulation.RUNNING else self.last

    @property
    def year_before_amount(self) -> Decimal | None:
        """Of the same quarter of last year, in the sense of `added`."""
        return self.year_before_rise if self.element.accumulation == Accumulation.RUNNING else self.year_before


def parse_answer(words: str, element: DataElement) -> Decimal | None:
    """The value of what was typed; None where nothing was. Raises UnreadableAnswerError."""
    text = trim(words)
    if not text:
        return None
    value = READERS[ElementType(element.type)](text, element)
    if problem := problem_of(value, element):
        raise UnreadableAnswerError(problem)
    return value


def read_number(text: str, element: DataElement) -> Decimal:
    """The element's own unit behind the digits is let pass."""
    try:
        return numerals.parse_number(text, element.unit)
    except numerals.UnreadableNumberError as error:
        raise UnreadableAnswerError(str(error)) from error


def read_yes_no(text: str, element: DataElement) -> Decimal:
    word = fold_width(text).lower()
    if word in YES:
        return Decimal(1)
    if word in NO:
        return Decimal(0)
    raise UnreadableAnswerError(choose_one(element))


def read_level(text: str, element: DataElement) -> Decimal:
    levels = [fold_width(level) for level in element.levels]
    if fold_width(text) in levels:
        return Decimal(levels.index(fold_width(text)))
    raise UnreadableAnswerError(choose_one(element))


def read_date(text: str, element: DataElement) -> Decimal:
    bare = strip_blanks(without_midnight(fold_width(text)))
    if bare in (_("尚未完成"), *NOT_DONE_WORDS):
        return NOT_DONE
    found = DAY.fullmatch(bare)
    if not found:
        raise UnreadableAnswerError(write_day())
    try:
        return Decimal(date(*map(int, found.groups())).toordinal())
    except ValueError as error:
        raise UnreadableAnswerError(_("没有“%(typed)s”这一天，请核对。") % {"typed": text}) from error


READERS: dict[ElementType, Callable[[str, DataElement], Decimal]] = {
    ElementType.COUNT: read_number,
    ElementType.DECIMAL: read_number,
    ElementType.MONEY: read_number,
    ElementType.YESNO: read_yes_no,
    ElementType.LEVEL: read_level,
    ElementType.DATE: read_date,
}


def problem_of(value: Decimal, element: DataElement) -> str:
    """Why a number cannot be this element's answer, in one sentence; empty where it can."""
    if element.type == ElementType.YESNO and value >= 0 and value not in (0, 1):
        return choose_one(element)
    if element.type == ElementType.LEVEL and value >= 0 and value not in range(len(element.levels)):
        return choose_one(element)
    return numerals.problem_of(value, places_of(element))


def choose_one(element: DataElement) -> str:
    """What to do where something else than a choice was typed."""
    if element.type == ElementType.YESNO:
        return _("请选“是”或“否”。")
    return _("请从“%(levels)s”中选一项。") % {"levels": _("、").join(element.levels)}


def write_day() -> str:
    return _("日期请写成 2023-03-05 或 2023年3月5日；没有完成的写“尚未完成”。")


def choice_words(element: DataElement) -> dict[str, str]:
    """Every word that is read as a choice, in lower case, with the choice as it is shown."""
    if element.type == ElementType.YESNO:
        yes, no = answer_text(Decimal(1), element), answer_text(Decimal(0), element)
        return {yes: yes, no: no} | dict.fromkeys(YES, yes) | dict.fromkeys(NO, no)
    return {level: level for level in element.levels}


def places_of(element: DataElement) -> int:
    """Decimals accepted; the database keeps four."""
    return min(element.places, 4) if element.type in (ElementType.DECIMAL, ElementType.MONEY) else 0


def answer_text(value: Decimal | None, element: DataElement, unit: bool = False) -> str:
    """A stored value for reading: 1,234 · 是 · 基本标准 · 2023年3月5日. None is "—"."""
    if value is None:
        return "—"
    if element.type == ElementType.YESNO:
        return _("是") if value else _("否")
    if element.type == ElementType.LEVEL:
        return element.levels[int(value)] if value < len(element.levels) else str(value)
    if element.type == ElementType.DATE:
        return day_text(value)
    return numbers.text(value, element.unit if unit else "", places_of(element), trim=False)


def day_text(value: Decimal) -> str:
    if value == NOT_DONE:
        return _("尚未完成")
    return day_label(date.fromordinal(int(value)))


def typed_text(value: Decimal | None, element: DataElement) -> str:
    """A stored value as it stands in a field, so that `parse_answer` reads it back."""
    if value is None:
        return ""
    if element.type in (ElementType.YESNO, ElementType.LEVEL):
        return answer_text(value, element)
    if element.type == ElementType.DATE:
        return day_text(value) if value == NOT_DONE else date.fromordinal(int(value)).isoformat()
    return numerals.typed_number(value, places_of(element))
