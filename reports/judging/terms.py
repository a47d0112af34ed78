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
class MilestonePoint:
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
class EffectiveTerms:
    """The terms of a target in force at the end of a quarter, for one region.

    milestones: by due date; of a quantity passed to a child region, the allotted parts.
    whole_units: shares, eaches and totals of a count are measured in whole units.
    only_grows: flows and running totals, or these over a constant or a stock.
    at_unit: an `each` at the very unit that is asked (have/need instead of a share of units).
    by_official: divided by a constant or an assigned quota; without one there is nothing to divide by.
    base_level: of the regions where that number is entered.
    by_last_year: growth, measured against the unit's own figures of the same quarters of last year.
    """

    kind: IndicatorKind
    comparator: Comparator
    schedule: Schedule
    window: Window
    milestones: tuple[MilestonePoint, ...]
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
    by_last_year: bool = False
    base_level: str = ""
    unit: str = ""
    places: int = 0

    @property
    def counts_units(self) -> bool:
        return self.kind in COUNTING_UNITS

    def milestones_of_window(self, quarter: Quarter) -> tuple[MilestonePoint, ...]:
        if self.window == Window.PLAN:
            return self.milestones
        return tuple(milestone for milestone in self.milestones if milestone.due.year == quarter.year)

    def milestone_for(self, quarter: Quarter) -> MilestonePoint | None:
        """The latest milestone due within the quarter, else the first after it, else the last.

        None: a `year` window without a milestone in its year (本年无目标).
        """
        milestones = self.milestones_of_window(quarter)
        within = [milestone for milestone in milestones if milestone.quarter == quarter]
        after = [milestone for milestone in milestones if milestone.quarter > quarter]
        candidates = within[-1:] or after[:1] or list(milestones[-1:])
        return candidates[0] if candidates else None

    def before(self, milestone: MilestonePoint) -> tuple[MilestonePoint, ...]:
        """The earlier milestones of the same window, oldest first."""
        return tuple(each for each in self.milestones_of_window(milestone.quarter) if each.due < milestone.due)

    def last_quarter(self) -> Quarter | None:
        return self.milestones[-1].quarter if self.milestones else None


def with_allotted_parts(effective: EffectiveTerms, parts: dict[date, Fraction]) -> EffectiveTerms:
    """The terms of a child region to which a quantity was allotted: its own parts, nothing else."""
    milestones = tuple(
        replace(milestone, value=parts[milestone.due]) for milestone in effective.milestones if milestone.due in parts
    )
    return replace(effective, milestones=milestones)
