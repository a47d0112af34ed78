"""The way to a milestone, and where it should stand at the end of a quarter.

Pure. Source: docs/design.md#way.
Units: values in the indicator's own unit (percent for shares); shares of the journey from 0 to 1.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from reports.judging.terms import EffectiveTerms, MilestonePoint
from targets.enums import Comparator, Schedule, Window
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Trajectory:
    """The journey from `start` to the milestone, and where it should stand at the end of one quarter.

    as_hold: a journey of 0 or against the comparator, or a `hold`; `share` is then 1 throughout.
    """

    milestone: MilestonePoint
    start: Fraction
    journey: Fraction
    share: Fraction
    as_hold: bool
    due_reached: bool

    @property
    def line(self) -> Fraction:
        """The value expected by now."""
        return self.start + self.share * self.journey


def runs_downwards(terms: EffectiveTerms, journey: Fraction) -> bool:
    return terms.comparator == Comparator.AT_MOST and journey < 0


def trajectory_to(terms: EffectiveTerms, milestone: MilestonePoint, quarter: Quarter) -> Trajectory:
    """The way to `milestone` as of the end of `quarter`. `milestone.value` must be entered."""
    if milestone.value is None:
        raise ValueError("a milestone without its value has no way to it")
    earlier = [each for each in terms.before(milestone) if each.value is not None]
    start = earlier[-1].value if earlier else terms.baseline
    start = Fraction(0) if start is None else start
    journey = milestone.value - start
    with_comparator = journey < 0 if terms.comparator == Comparator.AT_MOST else journey > 0
    due_reached = quarter >= milestone.quarter
    as_hold = terms.schedule == Schedule.HOLD or not with_comparator
    share = Fraction(1) if as_hold or due_reached else share_of_journey(terms, milestone, quarter)
    return Trajectory(milestone, start, journey, share, as_hold, due_reached)


def share_of_journey(terms: EffectiveTerms, milestone: MilestonePoint, quarter: Quarter) -> Fraction:
    """The share of the journey due by the end of a quarter before the milestone's own."""
    if terms.schedule == Schedule.AT_DUE:
        return Fraction(0)
    begin = span_start(terms, milestone)
    step = quarter - begin
    if step < 0:
        return Fraction(0)
    if terms.schedule == Schedule.CUSTOM:
        return terms.custom_shares[min(step, len(terms.custom_shares) - 1)] / 100
    return Fraction(step + 1, milestone.quarter - begin + 1)


def span_start(terms: EffectiveTerms, milestone: MilestonePoint) -> Quarter:
    """The first quarter of the way: after the previous milestone, else the window's first within the plan."""
    earlier = terms.before(milestone)
    if earlier:
        return min(earlier[-1].quarter + 1, milestone.quarter)
    if terms.window == Window.PLAN:
        return terms.first
    return max(Quarter(milestone.due.year, 1), terms.first)


@dataclass(frozen=True, eq=False)
class AssessedTerms:
    """Terms at the end of one quarter, worked out once for all the regions that they bind alike.

    milestone: the one in force; trajectory: None while its value is not entered; earlier: the milestones before it.
    """

    terms: EffectiveTerms
    quarter: Quarter
    milestone: MilestonePoint

    @cached_property
    def trajectory(self) -> Trajectory | None:
        return trajectory_to(self.terms, self.milestone, self.quarter) if self.milestone.value is not None else None

    @cached_property
    def earlier(self) -> tuple[MilestonePoint, ...]:
        return self.terms.before(self.milestone)

    @cached_property
    def is_due(self) -> bool:
        return self.quarter >= self.milestone.quarter

    @cached_property
    def is_over(self) -> bool:
        """Past the quarter of the last milestone: judged only until once met."""
        return self.quarter > self.terms.milestones[-1].quarter


def assess_terms(terms: EffectiveTerms, quarter: Quarter) -> AssessedTerms | None:
    """None where nothing is judged: 本年无目标, or 基数不足."""
    milestone = terms.milestone_for(quarter)
    return AssessedTerms(terms, quarter, milestone) if milestone is not None and milestone.judged else None


def whole_unit_line(terms: EffectiveTerms, trajectory: Trajectory, denominator: Fraction) -> Fraction:
    """The line rounded to a whole unit in the unit's favour (docs/design.md#whole-units)."""
    rounded = ceil if runs_downwards(terms, trajectory.journey) else floor
    if not terms.counts_units:
        return Fraction(rounded(trajectory.line))
    if not denominator:
        return trajectory.line
    return Fraction(rounded(trajectory.line * denominator / 100)) * 100 / denominator
