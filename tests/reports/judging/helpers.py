"""Builders for the tables that test the judging rule: a promise, what was counted, and one row of a table."""

from fractions import Fraction
from typing import Any

import pytest

from reports.judging.status import Judgement, TallyInputs, judge_assessed
from reports.judging.terms import EffectiveTerms, MilestonePoint
from reports.judging.trajectory import assess_terms
from targets.enums import Comparator, IndicatorKind, Schedule, Window
from targets.periods import Quarter

EVEN, CUSTOM, AT_DUE, HOLD = Schedule.EVEN, Schedule.CUSTOM, Schedule.AT_DUE, Schedule.HOLD
YEAR, PLAN = Window.YEAR, Window.PLAN


def part(top: int, bottom: int = 1) -> Fraction:
    return Fraction(top, bottom)


def at(quarter: str, value: Any, high: Any = None, judged: bool = True) -> MilestonePoint:
    """A milestone due on the last day of a quarter."""
    return MilestonePoint(
        due=Quarter.parse(quarter).last_day,
        value=None if value is None else Fraction(value),
        high=None if high is None else Fraction(high),
        judged=judged,
    )


def asked(
    kind: IndicatorKind, milestones: tuple[MilestonePoint, ...], schedule: Schedule = AT_DUE, **terms: Any
) -> EffectiveTerms:
    terms = {"comparator": Comparator.AT_LEAST, "window": PLAN, "first": Quarter(2023, 1), **terms}
    if terms.get("baseline") is not None:
        terms["baseline"] = Fraction(terms["baseline"])
    return EffectiveTerms(kind=kind, milestones=milestones, schedule=schedule, **terms)


def share_of(
    *milestones: MilestonePoint, schedule: Schedule = AT_DUE, kind: IndicatorKind = IndicatorKind.SHARE, **terms: Any
):
    """Percent of units that meet a condition."""
    return asked(kind, milestones, schedule, multiplier=Fraction(100), whole_units=True, **terms)


def percent_of(*milestones: MilestonePoint, schedule: Schedule = AT_DUE, **terms: Any) -> EffectiveTerms:
    """A ratio in percent."""
    return asked(IndicatorKind.RATIO, milestones, schedule, multiplier=Fraction(100), **terms)


def growth_of(*milestones: MilestonePoint, schedule: Schedule = AT_DUE, **terms: Any) -> EffectiveTerms:
    """Growth on the same quarters of last year, in percent."""
    return percent_of(*milestones, schedule=schedule, offset=Fraction(-100), **terms)


def total_of(
    *milestones: MilestonePoint, schedule: Schedule = EVEN, whole_units: bool = True, **terms: Any
) -> EffectiveTerms:
    """A total of a count that happens quarter by quarter."""
    return asked(IndicatorKind.TOTAL, milestones, schedule, whole_units=whole_units, only_grows=True, **terms)


def sums(numerator: Any, denominator: Any = 0, units: int = 10, kept: Any = None, **states: Any) -> TallyInputs:
    """Sums over units; who is not pending, awaited, missing or overdue has reported and given a figure."""
    silent = sum(states.get(state, 0) for state in ("pending", "awaited", "missing", "overdue_review"))
    return TallyInputs(
        numerator=Fraction(numerator),
        denominator=Fraction(denominator),
        kept_numerator=Fraction(numerator if kept is None else kept),
        kept_denominator=Fraction(denominator),
        units=units,
        reported=units - silent,
        given=states.pop("given", units - silent),
        **states,
    )


def share(have: int, of: int, **states: Any) -> TallyInputs:
    """So many units meet, of all in scope."""
    return sums(have, of, units=of, **states)


def case(
    sentence: str,
    effective: EffectiveTerms,
    count: TallyInputs,
    quarter: str,
    status: Any,
    cause: Any = "",
    **figures: Any,
):
    """One row: what is asked, what was counted, when, and what must come out."""
    expected = {"status": status, "cause": cause, **figures}
    return pytest.param(effective, count, Quarter.parse(quarter), expected, id=sentence)


def outcome(result: Judgement | None, expected: dict[str, Any]) -> dict[str, Any] | None:
    """The fields of a result that the row speaks of."""
    return result and {name: getattr(result, name) for name in expected}


def judge(
    effective: EffectiveTerms, count: TallyInputs, quarter: Quarter, met_before: bool = False
) -> Judgement | None:
    """None: not judged at all (no milestone for the quarter, 基数不足, or met and past its last milestone)."""
    assessed = assess_terms(effective, quarter)
    return judge_assessed(assessed, count, met_before) if assessed else None
