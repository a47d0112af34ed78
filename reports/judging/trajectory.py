"""The way to a milestone, and where it should stand at the end of a quarter.

Pure. Source: docs/design.md#way.
Units: values in the indicator's own unit (percent for shares); shares of the journey from 0 to 1.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from reports.judging.terms import Mark, Promise
from targets.enums import Comparator, Schedule, Window
from targets.periods import Quarter


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
    """The line rounded to a whole unit in the unit's favour (docs/design.md#whole-units)."""
    rounded = ceil if falls(promise, way.journey) else floor
    if not promise.counts_units:
        return Fraction(rounded(way.line))
    if not denominator:
        return way.line
    return Fraction(rounded(way.line * denominator / 100)) * 100 / denominator
