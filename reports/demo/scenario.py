"""When each return is filled in, handed in, decided on: its dated steps. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from institutions.clock import SHANGHAI
from reports.demo.behaviour import BehaviourProfile
from targets.periods import is_working_day, nth_working_day_after

SEED = 20230101  # with the words beside it in each draw below: another word there is another history


class ReturnOutcome(StrEnum):
    """What becomes of a return."""

    PLAIN = "plain"  # handed in on time, passed
    LATE = "late"  # handed in after the due day, passed
    CORRECTED = "corrected"  # sent back once, handed in again, passed
    SENT_BACK = "sent_back"  # sent back and still owed
    UNREVIEWED = "unreviewed"  # handed in on time, never looked at
    DRAFTED = "drafted"  # a draft and no more
    MISSING = "missing"


class ScenarioAction(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    at: datetime
    action: ScenarioAction
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is the same for all returns of a place. told: outcomes by quarter and unit code, on purpose, so that every
    state stands somewhere. early: units that act on the first days. reasons: what returns are sent back with."""

    told: Mapping[tuple[str, str], ReturnOutcome]
    early: frozenset[str]
    reasons: tuple[str, ...]


def outcome_of(scenario: Scenario, quarter: str, code: str, behaviour: BehaviourProfile) -> ReturnOutcome:
    if told := scenario.told.get((quarter, code)):
        return told
    chance = Random(f"{SEED} fate {code} {quarter}").random()
    if chance < behaviour.late:
        return ReturnOutcome.LATE
    return ReturnOutcome.CORRECTED if chance < behaviour.late + behaviour.returned else ReturnOutcome.PLAIN


def dated_steps(
    scenario: Scenario, quarter: str, code: str, behaviour: BehaviourProfile, opened: date, due: date, review_by: date
) -> Iterator[ScenarioStep]:
    """The dated steps of one return, in order; all on working days within office hours."""
    outcome, early = outcome_of(scenario, quarter, code, behaviour), code in scenario.early
    random = Random(f"{SEED} life {code} {quarter}")
    if outcome == ReturnOutcome.MISSING:
        return
    handed_in = first_day(outcome, early, random, opened, due)
    at = moment(handed_in, random, 9, 12)
    yield ScenarioStep(at, ScenarioAction.SAVE)
    if outcome == ReturnOutcome.DRAFTED:
        return
    yield ScenarioStep(at + timedelta(minutes=20), ScenarioAction.SUBMIT)
    if outcome == ReturnOutcome.UNREVIEWED:
        return
    decided = decision_day(outcome, early, handed_in, random, review_by)
    if outcome in (ReturnOutcome.CORRECTED, ReturnOutcome.SENT_BACK):
        yield ScenarioStep(moment(decided, random, 14, 15), ScenarioAction.SEND_BACK, random.choice(scenario.reasons))
        if outcome == ReturnOutcome.SENT_BACK:
            return
        handed_in = decided = working_day(decided, 2)
        at = moment(handed_in, random, 9, 12)
        yield ScenarioStep(at, ScenarioAction.SAVE)
        yield ScenarioStep(at + timedelta(minutes=20), ScenarioAction.SUBMIT)
    yield ScenarioStep(moment(decided, random, 15, 17), ScenarioAction.APPROVE)


def first_day(outcome: ReturnOutcome, early: bool, random: Random, opened: date, due: date) -> date:
    """Most hand in during the second week; the late ones up to six working days after the due day."""
    if outcome == ReturnOutcome.LATE:
        return working_day(due, random.choice([2, 4, 6]))
    days = working_days(opened, due)[1::2]
    return days[0] if early else days[min(int(random.triangular(0, len(days), len(days) * 0.7)), len(days) - 1)]


def decision_day(outcome: ReturnOutcome, early: bool, handed_in: date, random: Random, review_by: date) -> date:
    """Reviewers sit down to it every other day."""
    if early:
        return handed_in
    day = working_day(handed_in, random.choice([0, 0, 2]))
    return day if outcome == ReturnOutcome.LATE else min(day, review_by)


def working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if is_working_day(day)[0]]


def working_day(day: date, after: int) -> date:
    return nth_working_day_after(day, after)[0]


def moment(day: date, random: Random, first_hour: int, last_hour: int) -> datetime:
    minutes = random.randrange((last_hour - first_hour) * 60)
    return datetime.combine(day, time(first_hour), SHANGHAI) + timedelta(minutes=minutes)
