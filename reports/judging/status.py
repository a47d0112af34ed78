"""The judging rule: one decision list for every kind of target.

Pure. Source: docs/design.md#judging. All arithmetic is exact (Fractions); rounding is for display only.
"""

from dataclasses import dataclass, fields, replace
from fractions import Fraction
from math import ceil, inf

from reports.base.enums import Cause, Status
from reports.judging.terms import EffectiveTerms, MilestonePoint
from reports.judging.trajectory import AssessedTerms, Trajectory, whole_unit_line
from targets.enums import Comparator, IndicatorKind, Schedule, Strength

Points = Fraction | float  # of the way (进度百分点); infinite at a line of 0


@dataclass(frozen=True, slots=True)
class TallyInputs:
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
    late_review: int = 0
    closed: int = 0
    not_applicable: int = 0
    left_out: int = 0
    based: int = 0
    unbased: int = 0
    partly: int = 0
    late: int = 0
    have: Fraction = Fraction(0)
    need: Fraction = Fraction(0)

    def __add__(self, other: "TallyInputs") -> "TallyInputs":
        pairs = ((getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return TallyInputs(*(one + another for one, another in pairs))

    @property
    def open(self) -> int:
        """Units whose answer may still come in time."""
        return self.pending + self.awaited

    @property
    def lost(self) -> int:
        """Units without an approved answer after their time: not handed in, or not reviewed."""
        return self.missing + self.overdue_review

    @property
    def silent(self) -> bool:
        """There are units in scope and none of them reported for this quarter."""
        return self.units > 0 and self.reported == 0

    @property
    def without_base(self) -> bool:
        """A constant, or last year's figure, is there for nobody in scope."""
        return self.unbased > 0 and self.based == 0


@dataclass(slots=True)
class Judgement:
    """A result. value, expected and gap in the indicator's unit; lag in points of the way.

    gap: how far short of the milestone (≥) or beyond it (≤); negative when better.
    needed: what the numerator lacks to reach the milestone, whole where units are counted.
    absent: units that could not be counted as nothing (缺 n 家).
    slipped: the latest earlier milestone that does not hold, where that is the cause.
    """

    status: Status
    cause: Cause
    milestone: MilestonePoint
    value: Fraction | None = None
    expected: Fraction | None = None
    lag: Points | None = None
    gap: Fraction | None = None
    needed: Fraction | None = None
    absent: int = 0
    slipped: MilestonePoint | None = None


def judge_assessed(assessed: AssessedTerms, count: TallyInputs, met_before: bool = False) -> Judgement | None:
    """Judge one target of one region at the end of a quarter.

    met_before: it was once met in or after the quarter of its last milestone.
    None: met and past its last milestone.
    """
    terms = assessed.terms
    if met_before and assessed.is_over:
        return None
    measured = measure(assessed, count)
    if terms.strength == Strength.PERMISSION:
        return replace(measured, status=Status.SHOWN, cause=Cause.NONE)
    status, cause = decide(assessed, count, measured)
    absent = uncountable_units(terms.comparator, count.left_out, count.lost)
    if status in (Status.MET, Status.GREEN) and (absent or count.unbased):
        status, cause = Status.AMBER, Cause.MISSING_UNITS if absent else Cause.MISSING_BASE
    measured.status, measured.cause, measured.absent = status, cause, absent
    if cause == Cause.SLIPPED:
        measured.slipped = slipped_milestones(terms, count, assessed.earlier)[-1]
    return measured


def decide(assessed: AssessedTerms, count: TallyInputs, now: Judgement) -> tuple[Status, Cause]:
    """The list of docs/design.md#status: the first line that holds."""
    terms, trajectory = assessed.terms, assessed.trajectory
    if nothing_to_judge(terms, count):
        all_closed = count.units == count.not_applicable == 0 and count.closed
        return Status.NOT_APPLICABLE, Cause.CLOSED if all_closed else Cause.NONE
    if trajectory and is_met(terms, count, now, trajectory):
        return Status.MET, Cause.LATE_DONE if count.late else Cause.NONE
    waits = trajectory is not None and waits_for_its_date(terms, trajectory)
    if waits and not slipped_milestones(terms, count, assessed.earlier[-1:]):
        return Status.NOT_DUE, Cause.NONE
    if cause := lacks_data(terms, count, now, trajectory):
        return Status.NO_DATA, cause
    if count.silent or count.given == 0:
        return Status.RED, why_silent(count)
    if assessed.is_due:
        return at_its_date(terms, count)
    if slipped_milestones(terms, count, assessed.earlier):
        return Status.RED, Cause.SLIPPED
    return by_lag(terms, count, now, trajectory)


def nothing_to_judge(terms: EffectiveTerms, count: TallyInputs) -> bool:
    """What was done before the last unit closed or answered 不适用 stays judged; only flows are `given` then."""
    if count.units == 0 and (terms.counts_units or count.given == 0):
        return True
    empty = terms.kind == IndicatorKind.RATIO and count.denominator == 0
    return empty and count.given > 0 and not count.without_base and count.open == 0


def is_met(terms: EffectiveTerms, count: TallyInputs, now: Judgement, trajectory: Trajectory) -> bool:
    if now.value is None or count.given == 0 or not holds(terms, now.value, trajectory.milestone):
        return False
    if (terms.comparator != Comparator.AT_LEAST or count.left_out) and (count.open or count.silent):
        return False
    return trajectory.due_reached or not (terms.only_grows and terms.comparator != Comparator.AT_LEAST)


def waits_for_its_date(terms: EffectiveTerms, trajectory: Trajectory) -> bool:
    return terms.schedule == Schedule.AT_DUE and not trajectory.as_hold and not trajectory.due_reached


def lacks_data(terms: EffectiveTerms, count: TallyInputs, now: Judgement, trajectory: Trajectory | None) -> Cause:
    if trajectory is None:
        return Cause.NO_TARGET_VALUE
    if count.without_base or (terms.by_last_year and count.units and not count.based):
        return Cause.NO_CONSTANT if terms.by_official else Cause.NO_LAST_YEAR
    if not count.open:
        return Cause.NONE
    ahead = now.lag is not None and now.lag <= 0
    if terms.comparator == Comparator.AT_LEAST and not (count.left_out or count.silent) and ahead:
        return Cause.NONE
    return Cause.PENDING if count.pending else Cause.AWAITED


def why_silent(count: TallyInputs) -> Cause:
    if count.overdue_review:
        return Cause.UNREVIEWED
    if count.late_review and count.late_review == count.missing:
        return Cause.LATE_PENDING
    return Cause.SILENT if count.given else Cause.UNREPORTED


def at_its_date(terms: EffectiveTerms, count: TallyInputs) -> tuple[Status, Cause]:
    """The milestone is due and not met."""
    if terms.kind == IndicatorKind.QUALITATIVE and count.numerator + count.partly == count.units:
        return Status.AMBER, Cause.PARTLY
    return Status.RED, Cause.OVERDUE


def by_lag(
    terms: EffectiveTerms, count: TallyInputs, now: Judgement, trajectory: Trajectory | None
) -> tuple[Status, Cause]:
    if now.lag is None or trajectory is None:
        return Status.RED, Cause.UNREPORTED
    if now.lag <= 0:
        return Status.GREEN, Cause.NONE
    if now.lag <= terms.amber or one_unit_short(terms, count, now):
        return Status.AMBER, Cause.NONE
    return Status.RED, Cause.BEHIND


def measure(assessed: AssessedTerms, count: TallyInputs) -> Judgement:
    """Value, line, lag, gap and need; the status is decided after."""
    terms, milestone, trajectory = assessed.terms, assessed.milestone, assessed.trajectory
    value = value_of(terms, count.numerator, count.denominator) if count.given else None
    if value is not None and terms.at_unit:
        value = count.have * 100 / count.need
    measured = Judgement(Status.NO_DATA, Cause.NONE, milestone, value)
    if trajectory is None or milestone.value is None:
        return measured
    measured.expected = expected = expected_by_now(terms, count, trajectory)
    if value is not None:
        measured.lag = lag_of(terms, value, expected, trajectory)
        measured.gap = gap_of(terms, value, milestone)
        measured.needed = needed_of(terms, count, milestone.value)
    return measured


def value_of(terms: EffectiveTerms, numerator: Fraction, denominator: Fraction) -> Fraction | None:
    """The indicator's value; None where there is nothing to divide by."""
    if terms.kind == IndicatorKind.TOTAL:
        return numerator
    if not denominator:
        return None
    if terms.counts_units:
        return numerator * 100 / denominator
    return terms.multiplier * numerator / denominator + terms.offset


def goes_by_steps(terms: EffectiveTerms, trajectory: Trajectory) -> bool:
    """Whether the line lies somewhere on the way; at the date it is the milestone itself, unrounded."""
    return terms.schedule in (Schedule.EVEN, Schedule.CUSTOM) and not (trajectory.as_hold or trajectory.due_reached)


def expected_by_now(terms: EffectiveTerms, count: TallyInputs, trajectory: Trajectory) -> Fraction:
    if terms.whole_units and goes_by_steps(terms, trajectory):
        denominator = count.need if terms.at_unit else count.denominator
        return whole_unit_line(terms, trajectory, denominator)
    return trajectory.line


def lag_of(terms: EffectiveTerms, value: Fraction, expected: Fraction, trajectory: Trajectory) -> Points:
    """How far behind, in points. At or before the line: 0 or less."""
    m, high = trajectory.milestone.value, trajectory.milestone.high
    if terms.comparator == Comparator.RANGE and high is not None and value > high:
        return relative_distance(value - high, high)
    if m is None:
        raise ValueError("a milestone without its value has no lag")
    if trajectory.as_hold:
        return relative_distance(value - m if terms.comparator == Comparator.AT_MOST else m - value, m)
    return (expected - value) / trajectory.journey * 100


def relative_distance(beyond: Fraction, line: Fraction) -> Points:
    if line == 0:
        return inf if beyond > 0 else Fraction(0)
    return beyond / abs(line) * 100


def gap_of(terms: EffectiveTerms, value: Fraction, milestone: MilestonePoint) -> Fraction | None:
    if milestone.value is None:
        return None
    if terms.comparator == Comparator.AT_MOST:
        return value - milestone.value
    if milestone.high is not None and terms.comparator == Comparator.RANGE and value > milestone.high:
        return value - milestone.high
    return milestone.value - value


def needed_of(terms: EffectiveTerms, count: TallyInputs, m: Fraction) -> Fraction | None:
    """What the numerator lacks to reach m; None where more of it does not help (≤)."""
    if terms.comparator == Comparator.AT_MOST:
        return None
    if terms.at_unit:
        return max(Fraction(0), count.need - count.have)
    if terms.kind == IndicatorKind.TOTAL:
        lacking = m - count.numerator
    elif terms.counts_units:
        lacking = Fraction(ceil(m * count.denominator / 100)) - count.numerator
    elif terms.multiplier:
        lacking = (m - terms.offset) * count.denominator / terms.multiplier - count.numerator
    else:
        return None
    return max(Fraction(0), lacking)


def one_unit_short(terms: EffectiveTerms, count: TallyInputs, now: Judgement) -> bool:
    """Before the date, one whole unit short of a line that is to be reached from below is AMBER at worst."""
    if not terms.whole_units or terms.comparator == Comparator.AT_MOST or now.lag == inf:
        return False
    if now.value is None or now.expected is None:
        return False
    denominator = count.need if terms.at_unit else count.denominator
    one_unit = 100 / denominator if terms.counts_units else Fraction(1)
    return 0 < now.expected - now.value <= one_unit


def holds(terms: EffectiveTerms, value: Fraction, milestone: MilestonePoint) -> bool:
    if milestone.value is None:
        return False
    if terms.comparator == Comparator.AT_MOST:
        return value <= milestone.value
    if terms.comparator == Comparator.RANGE and milestone.high is not None and value > milestone.high:
        return False
    return value >= milestone.value


def slipped_milestones(
    terms: EffectiveTerms, count: TallyInputs, milestones: tuple[MilestonePoint, ...]
) -> list[MilestonePoint]:
    """Which of earlier milestones do not, or no longer, hold, a unit without an answer standing as last approved.

    One that was 基数不足 here, or was never entered, is not asked.
    """
    value = value_of(terms, count.kept_numerator, count.kept_denominator)
    asked = [milestone for milestone in milestones if milestone.judged and milestone.value is not None]
    if terms.only_grows:  # a cap or an upper end on it is asked in its own quarter only
        asked = [replace(milestone, high=None) for milestone in asked if terms.comparator != Comparator.AT_MOST]
    return [milestone for milestone in asked if value is None or not holds(terms, value, milestone)]


def uncountable_units(comparator: str, left_out: int, lost: int) -> int:
    """Units whose answer is lost and which cannot be counted as nothing (≤, range, left out)."""
    return min(left_out, lost) if comparator == Comparator.AT_LEAST else lost
