"""The judging rule: one decision list for every kind of target.

Pure. Source: docs/design.md#judging. All arithmetic is exact (Fractions); rounding is for display only.
"""

from dataclasses import dataclass, fields, replace
from fractions import Fraction
from math import ceil, inf

from reports.base.enums import Cause, Status
from reports.judging.terms import Mark, Promise
from reports.judging.trajectory import Course, Way, whole_unit_line
from targets.enums import Comparator, IndicatorKind, Schedule, Strength

Points = Fraction | float  # of the way (进度百分点); infinite at a line of 0


@dataclass(frozen=True, slots=True)
class Count:
    """The additive inputs of one target, region and quarter; field by field as `reports.models.attainment.Inputs`."""

    numerator: Fraction = Fraction(0)
    denominator: Fraction = Fraction(0)
    kept_numerator: Fraction = Fraction(0)
    kept_denominator: Fraction = Fraction(0)
    units: int = 0
    given: int = 0
    reported: int = 0
    pending: int = 0
    awaited: int = 0
    missing: int = 0
    overdue_review: int = 0
    not_applicable: int = 0
    left_out: int = 0
    unbased: int = 0
    partly: int = 0
    late: int = 0
    have: Fraction = Fraction(0)
    need: Fraction = Fraction(0)

    def __add__(self, other: "Count") -> "Count":
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return Count(*(one + another for one, another in pairs))

    @property
    def open(self) -> int:
        """Units whose answer may still come in time."""
        return self.pending + self.awaited

    @property
    def lost(self) -> int:
        """Units without an approved answer after their time: not handed in, or not reviewed."""
        return self.missing + self.overdue_review


@dataclass(slots=True)
class Judgement:
    """A result. value, expected and gap in the indicator's unit; lag in points of the way.

    gap: how far short of the milestone (≥) or beyond it (≤); negative when better.
    needed: what the numerator lacks to reach the milestone, whole where units are counted.
    absent: units that could not be counted as nothing (缺 n 家).
    """

    status: Status
    cause: Cause
    mark: Mark
    value: Fraction | None = None
    expected: Fraction | None = None
    lag: Points | None = None
    gap: Fraction | None = None
    needed: Fraction | None = None
    absent: int = 0


def judge_on(course: Course, count: Count, met_before: bool = False) -> Judgement | None:
    """Judge one target of one region at the end of a quarter.

    met_before: it was once met in or after the quarter of its last milestone.
    None: met and past its last milestone.
    """
    promise = course.promise
    if met_before and course.is_over:
        return None
    measured = measure(course, count)
    if promise.strength == Strength.PERMISSION:
        return replace(measured, status=Status.SHOWN, cause=Cause.NONE)
    status, cause = decide(course, count, measured)
    absent = uncountable(promise.comparator, count.left_out, count.lost)
    if absent and status in (Status.MET, Status.GREEN):
        status, cause = Status.AMBER, Cause.MISSING_UNITS
    measured.status, measured.cause, measured.absent = status, cause, absent
    return measured


def decide(course: Course, count: Count, now: Judgement) -> tuple[Status, Cause]:
    """The list of docs/design.md#status: the first line that holds."""
    promise, way = course.promise, course.way
    if nothing_to_judge(promise, count):
        return Status.NOT_APPLICABLE, Cause.NONE
    if way and is_met(promise, count, now, way):
        return Status.MET, Cause.LATE_DONE if count.late else Cause.NONE
    if way and waits_for_its_date(promise, way) and holds_earlier(promise, count, course.earlier[-1:]):
        return Status.NOT_DUE, Cause.NONE
    if cause := lacks_data(promise, count, now, way):
        return Status.NO_DATA, cause
    if count.given == 0:
        return Status.RED, Cause.UNREVIEWED if count.overdue_review else Cause.UNREPORTED
    if course.is_due:
        return at_its_date(promise, count)
    if not holds_earlier(promise, count, course.earlier):
        return Status.RED, Cause.SLIPPED
    return by_lag(promise, count, now, way)


def nothing_to_judge(promise: Promise, count: Count) -> bool:
    if count.units == 0:
        return True
    empty = promise.kind == IndicatorKind.RATIO and count.denominator == 0
    return empty and count.given > 0 and count.unbased == 0 and count.open == 0


def is_met(promise: Promise, count: Count, now: Judgement, way: Way) -> bool:
    if now.value is None or count.given == 0 or not holds(promise, now.value, way.mark):
        return False
    if (promise.comparator != Comparator.AT_LEAST or count.left_out) and count.open:
        return False
    return way.due_reached or not (promise.only_grows and promise.comparator != Comparator.AT_LEAST)


def waits_for_its_date(promise: Promise, way: Way) -> bool:
    return promise.schedule == Schedule.AT_DUE and not way.as_hold and not way.due_reached


def lacks_data(promise: Promise, count: Count, now: Judgement, way: Way | None) -> Cause:
    if way is None:
        return Cause.NO_TARGET_VALUE
    if count.denominator == 0 and count.unbased:
        return Cause.NO_CONSTANT if promise.by_official else Cause.NO_LAST_YEAR
    if not count.open:
        return Cause.NONE
    ahead = now.lag is not None and now.lag <= 0
    if promise.comparator == Comparator.AT_LEAST and not count.left_out and count.given and ahead:
        return Cause.NONE
    return Cause.PENDING if count.pending else Cause.AWAITED


def at_its_date(promise: Promise, count: Count) -> tuple[Status, Cause]:
    """The milestone is due and not met."""
    if promise.kind == IndicatorKind.QUALITATIVE and count.numerator + count.partly == count.units:
        return Status.AMBER, Cause.PARTLY
    return Status.RED, Cause.OVERDUE


def by_lag(promise: Promise, count: Count, now: Judgement, way: Way | None) -> tuple[Status, Cause]:
    if now.lag is None or way is None:
        return Status.RED, Cause.UNREPORTED
    if now.lag <= 0:
        return Status.GREEN, Cause.NONE
    if now.lag <= promise.amber or one_unit_short(promise, count, now, way):
        return Status.AMBER, Cause.NONE
    return Status.RED, Cause.BEHIND


def measure(course: Course, count: Count) -> Judgement:
    """Value, line, lag, gap and need; the status is decided after."""
    promise, mark, way = course.promise, course.mark, course.way
    value = value_of(promise, count.numerator, count.denominator) if count.given else None
    if value is not None and promise.at_unit:
        value = count.have * 100 / count.need
    measured = Judgement(Status.NO_DATA, Cause.NONE, mark, value)
    if way is None or mark.value is None:
        return measured
    measured.expected = expected = expected_by_now(promise, count, way)
    if value is not None:
        measured.lag = lag_of(promise, value, expected, way)
        measured.gap = gap_of(promise, value, mark)
        measured.needed = needed_of(promise, count, mark.value)
    return measured


def value_of(promise: Promise, numerator: Fraction, denominator: Fraction) -> Fraction | None:
    """The indicator's value; None where there is nothing to divide by."""
    if promise.kind == IndicatorKind.TOTAL:
        return numerator
    if not denominator:
        return None
    if promise.counts_units:
        return numerator * 100 / denominator
    return promise.multiplier * numerator / denominator + promise.offset


def goes_by_steps(promise: Promise, way: Way) -> bool:
    """Whether the line lies somewhere on the way; at the date it is the milestone itself, unrounded."""
    return promise.schedule in (Schedule.EVEN, Schedule.CUSTOM) and not (way.as_hold or way.due_reached)


def expected_by_now(promise: Promise, count: Count, way: Way) -> Fraction:
    if promise.whole_units and goes_by_steps(promise, way):
        denominator = count.need if promise.at_unit else count.denominator
        return whole_unit_line(promise, way, denominator)
    return way.line


def lag_of(promise: Promise, value: Fraction, expected: Fraction, way: Way) -> Points:
    """How far behind, in points. At or before the line: 0 or less."""
    m, high = way.mark.value, way.mark.high
    if promise.comparator == Comparator.RANGE and high is not None and value > high:
        return distance(value - high, high)
    if m is None:
        raise ValueError("a milestone without its value has no lag")
    if way.as_hold:
        return distance(value - m if promise.comparator == Comparator.AT_MOST else m - value, m)
    return (expected - value) / way.journey * 100


def distance(beyond: Fraction, line: Fraction) -> Points:
    if line == 0:
        return inf if beyond > 0 else Fraction(0)
    return beyond / abs(line) * 100


def gap_of(promise: Promise, value: Fraction, mark: Mark) -> Fraction | None:
    if mark.value is None:
        return None
    if promise.comparator == Comparator.AT_MOST:
        return value - mark.value
    if mark.high is not None and promise.comparator == Comparator.RANGE and value > mark.high:
        return value - mark.high
    return mark.value - value


def needed_of(promise: Promise, count: Count, m: Fraction) -> Fraction | None:
    """What the numerator lacks to reach m; None where more of it does not help (≤)."""
    if promise.comparator == Comparator.AT_MOST:
        return None
    if promise.at_unit:
        return max(Fraction(0), count.need - count.have)
    if promise.kind == IndicatorKind.TOTAL:
        lacking = m - count.numerator
    elif promise.counts_units:
        lacking = Fraction(ceil(m * count.denominator / 100)) - count.numerator
    elif promise.multiplier:
        lacking = (m - promise.offset) * count.denominator / promise.multiplier - count.numerator
    else:
        return None
    return max(Fraction(0), lacking)


def one_unit_short(promise: Promise, count: Count, now: Judgement, way: Way) -> bool:
    """Before the date, one whole unit short of the rounded line is AMBER at worst."""
    if not (promise.whole_units and goes_by_steps(promise, way)) or now.value is None or now.expected is None:
        return False
    short = abs(now.expected - now.value)
    if not promise.counts_units:
        return short <= 1
    denominator = count.need if promise.at_unit else count.denominator
    return short * denominator / 100 <= 1


def holds(promise: Promise, value: Fraction, mark: Mark) -> bool:
    if mark.value is None:
        return False
    if promise.comparator == Comparator.AT_MOST:
        return value <= mark.value
    if promise.comparator == Comparator.RANGE and mark.high is not None and value > mark.high:
        return False
    return value >= mark.value


def holds_earlier(promise: Promise, count: Count, marks: tuple[Mark, ...]) -> bool:
    """Whether earlier milestones still hold, a unit without an answer standing as last approved.

    One that was 基数不足 here, or was never entered, is not asked.
    """
    value = value_of(promise, count.kept_numerator, count.kept_denominator)
    asked = [mark for mark in marks if mark.judged and mark.value is not None]
    if promise.only_grows:  # a cap or an upper end on it is asked in its own quarter only
        asked = [replace(mark, high=None) for mark in asked if promise.comparator != Comparator.AT_MOST]
    return all(value is not None and holds(promise, value, mark) for mark in asked)


def uncountable(comparator: str, left_out: int, lost: int) -> int:
    """Units whose answer is lost and which cannot be counted as nothing (≤, range, left out)."""
    return min(left_out, lost) if comparator == Comparator.AT_LEAST else lost
