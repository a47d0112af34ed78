"""What is asked of one target in one region, as plain values: milestones, the way to them, the line now.

Pure. Source: design.md, section 4 ("The milestone", "The way to it").
Units: milestone values, baseline and values in the indicator's own unit (percent for shares).
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from targets.enums import Comparator, IndicatorKind, Schedule, Strength, Window
from targets.periods import Quarter

COUNTING_UNITS = (IndicatorKind.SHARE, IndicatorKind.EACH, IndicatorKind.DELIVERABLE, IndicatorKind.QUALITATIVE)


@dataclass(frozen=True, slots=True)
class Mark:
    """One milestone for this region. `value` None: assigned from above and not entered yet.

    `judged` False: a share whose milestone is under one unit here (基数不足).
    """

    due: date
    value: Fraction | None
    high: Fraction | None = None
    judged: bool = True

    @property
    def quarter(self) -> Quarter:
        return Quarter.of(self.due)


@dataclass(frozen=True, slots=True)
class Promise:
    """The terms of a target in force at the end of a quarter, for one region.

    marks: by due date; of a quantity passed to a child region, the allotted parts.
    whole_units: shares, eaches and totals of a count are measured in whole units.
    only_grows: flows and running totals, or these over a constant or a stock.
    at_unit: an `each` at the very unit that is asked (have/need instead of a share of units).
    by_official: divided by a constant or an assigned quota; without one there is nothing to divide by.
    """

    kind: IndicatorKind
    comparator: Comparator
    schedule: Schedule
    window: Window
    marks: tuple[Mark, ...]
    first: Quarter
    strength: Strength = Strength.MUST
    custom_shares: tuple[Fraction, ...] = ()
    baseline: Fraction | None = None
    amber: Fraction = Fraction(10)
    multiplier: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)
    whole_units: bool = False
    only_grows: bool = False
    at_unit: bool = False
    by_official: bool = False
    unit: str = ""
    places: int = 0

    @property
    def counts_units(self) -> bool:
        return self.kind in COUNTING_UNITS

    def marks_of_window(self, quarter: Quarter) -> tuple[Mark, ...]:
        if self.window == Window.PLAN:
            return self.marks
        return tuple(mark for mark in self.marks if mark.due.year == quarter.year)

    def mark_for(self, quarter: Quarter) -> Mark | None:
        """The latest milestone due within the quarter, else the first after it, else the last.

        None: a `year` window without a milestone in its year (本年无目标).
        """
        marks = self.marks_of_window(quarter)
        within = [mark for mark in marks if mark.quarter == quarter]
        after = [mark for mark in marks if mark.quarter > quarter]
        candidates = within[-1:] or after[:1] or list(marks[-1:])
        return candidates[0] if candidates else None

    def before(self, mark: Mark) -> tuple[Mark, ...]:
        """The earlier milestones of the same window, oldest first."""
        return tuple(each for each in self.marks_of_window(mark.quarter) if each.due < mark.due)

    def last_quarter(self) -> Quarter | None:
        return self.marks[-1].quarter if self.marks else None


@dataclass(frozen=True, slots=True)
class Way:
    """The journey from `start` to the milestone, and where it should stand at the end of one quarter.

    as_hold: a journey of 0 or against the comparator, or a `hold`; `share` is then 1 throughout.
    """

    mark: Mark
    start: Fraction
    journey: Fraction
    share: Fraction
    as_hold: bool
    due_reached: bool

    @property
    def line(self) -> Fraction:
        """The value expected by now."""
        return self.start + self.share * self.journey


def falls(promise: Promise, journey: Fraction) -> bool:
    return promise.comparator == Comparator.AT_MOST and journey < 0


def way_to(promise: Promise, mark: Mark, quarter: Quarter) -> Way:
    """The way to `mark` as of the end of `quarter`. `mark.value` must be entered."""
    if mark.value is None:
        raise ValueError("a milestone without its value has no way to it")
    earlier = [each for each in promise.before(mark) if each.value is not None]
    start = earlier[-1].value if earlier else promise.baseline
    start = Fraction(0) if start is None else start
    journey = mark.value - start
    with_comparator = journey < 0 if promise.comparator == Comparator.AT_MOST else journey > 0
    due_reached = quarter >= mark.quarter
    as_hold = promise.schedule == Schedule.HOLD or not with_comparator
    share = Fraction(1) if as_hold or due_reached else share_of_way(promise, mark, quarter)
    return Way(mark, start, journey, share, as_hold, due_reached)


def share_of_way(promise: Promise, mark: Mark, quarter: Quarter) -> Fraction:
    """The share of the journey due by the end of a quarter before the milestone's own."""
    if promise.schedule == Schedule.AT_DUE:
        return Fraction(0)
    begin = span_start(promise, mark)
    step = quarter - begin
    if step < 0:
        return Fraction(0)
    if promise.schedule == Schedule.CUSTOM:
        return promise.custom_shares[min(step, len(promise.custom_shares) - 1)] / 100
    return Fraction(step + 1, mark.quarter - begin + 1)


def span_start(promise: Promise, mark: Mark) -> Quarter:
    """The first quarter of the way: after the previous milestone, else the window's first within the plan."""
    earlier = promise.before(mark)
    if earlier:
        return min(earlier[-1].quarter + 1, mark.quarter)
    if promise.window == Window.PLAN:
        return promise.first
    return max(Quarter(mark.due.year, 1), promise.first)


@dataclass(frozen=True, eq=False)
class Course:
    """A promise at the end of one quarter, worked out once for all the regions that it binds alike.

    mark: the milestone in force; way: None while its value is not entered; earlier: those before it.
    """

    promise: Promise
    quarter: Quarter
    mark: Mark

    @cached_property
    def way(self) -> Way | None:
        return way_to(self.promise, self.mark, self.quarter) if self.mark.value is not None else None

    @cached_property
    def earlier(self) -> tuple[Mark, ...]:
        return self.promise.before(self.mark)

    @cached_property
    def is_due(self) -> bool:
        return self.quarter >= self.mark.quarter

    @cached_property
    def is_over(self) -> bool:
        """Past the quarter of the last milestone: judged only until once met."""
        return self.quarter > self.promise.marks[-1].quarter


def course_of(promise: Promise, quarter: Quarter) -> Course | None:
    """None where nothing is judged: 本年无目标, or 基数不足."""
    mark = promise.mark_for(quarter)
    return Course(promise, quarter, mark) if mark is not None and mark.judged else None


def whole_unit_line(promise: Promise, way: Way, denominator: Fraction) -> Fraction:
    """The line rounded to a whole unit in the unit's favour (design.md: "Where whole units are counted")."""
    rounded = ceil if falls(promise, way.journey) else floor
    if not promise.counts_units:
        return Fraction(rounded(way.line))
    if not denominator:
        return way.line
    return Fraction(rounded(way.line * denominator / 100)) * 100 / denominator


def with_parts(promise: Promise, parts: dict[date, Fraction]) -> Promise:
    """The promise of a child region to which a quantity was allotted: its own parts, nothing else."""
    marks = tuple(replace(mark, value=parts[mark.due]) for mark in promise.marks if mark.due in parts)
    return replace(promise, marks=marks)
