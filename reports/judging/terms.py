"""What is asked of one target in one region at the end of a quarter, as plain values: its terms and milestones.

Pure. Source: docs/design.md#milestone.
Units: milestone values and baseline in the indicator's own unit (percent for shares).
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

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


def with_parts(promise: Promise, parts: dict[date, Fraction]) -> Promise:
    """The promise of a child region to which a quantity was allotted: its own parts, nothing else."""
    marks = tuple(replace(mark, value=parts[mark.due]) for mark in promise.marks if mark.due in parts)
    return replace(promise, marks=marks)
