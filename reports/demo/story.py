"""When each return is filled in, handed in, decided on: a life of dated steps. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from institutions.clock import SHANGHAI
from reports.demo.temper import Temper
from targets.periods import is_working_day, nth_working_day_after

SEED = 20230101


class Fate(StrEnum):
    """What becomes of a return."""

    PLAIN = "plain"  # handed in on time, passed
    LATE = "late"  # handed in after the due day, passed
    CORRECTED = "corrected"  # sent back once, handed in again, passed
    SENT_BACK = "sent_back"  # sent back and still owed
    UNREVIEWED = "unreviewed"  # handed in on time, never looked at
    DRAFTED = "drafted"  # a draft and no more
    MISSING = "missing"


class Deed(StrEnum):
    SAVE = "save"
    SUBMIT = "submit"
    APPROVE = "approve"
    SEND_BACK = "send_back"


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    deed: Deed
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """What is the same for all returns of a place. told: fates by quarter and unit code, on purpose, so that every
    state stands somewhere. early: units that act on the first days. reasons: what returns are sent back with."""

    told: Mapping[tuple[str, str], Fate]
    early: frozenset[str]
    reasons: tuple[str, ...]


def fate_of(plot: Plot, quarter: str, code: str, temper: Temper) -> Fate:
    if told := plot.told.get((quarter, code)):
        return told
    chance = Random(f"{SEED} fate {code} {quarter}").random()
    if chance < temper.late:
        return Fate.LATE
    return Fate.CORRECTED if chance < temper.late + temper.returned else Fate.PLAIN


def life(
    plot: Plot, quarter: str, code: str, temper: Temper, opened: date, due: date, review_by: date
) -> Iterator[Step]:
    """The dated steps of one return, in order; all on working days within office hours."""
    fate, early = fate_of(plot, quarter, code, temper), code in plot.early
    random = Random(f"{SEED} life {code} {quarter}")
    if fate == Fate.MISSING:
        return
    handed_in = first_day(fate, early, random, opened, due)
    at = moment(handed_in, random, 9, 12)
    yield Step(at, Deed.SAVE)
    if fate == Fate.DRAFTED:
        return
    yield Step(at + timedelta(minutes=20), Deed.SUBMIT)
    if fate == Fate.UNREVIEWED:
        return
    decided = decision_day(fate, early, handed_in, random, review_by)
    if fate in (Fate.CORRECTED, Fate.SENT_BACK):
        yield Step(moment(decided, random, 14, 15), Deed.SEND_BACK, random.choice(plot.reasons))
        if fate == Fate.SENT_BACK:
            return
        handed_in = decided = working_day(decided, 2)
        at = moment(handed_in, random, 9, 12)
        yield Step(at, Deed.SAVE)
        yield Step(at + timedelta(minutes=20), Deed.SUBMIT)
    yield Step(moment(decided, random, 15, 17), Deed.APPROVE)


def first_day(fate: Fate, early: bool, random: Random, opened: date, due: date) -> date:
    """Most hand in during the second week; the late ones up to six working days after the due day."""
    if fate == Fate.LATE:
        return working_day(due, random.choice([2, 4, 6]))
    days = working_days(opened, due)[1::2]
    return days[0] if early else days[min(int(random.triangular(0, len(days), len(days) * 0.7)), len(days) - 1)]


def decision_day(fate: Fate, early: bool, handed_in: date, random: Random, review_by: date) -> date:
    """Reviewers sit down to it every other day."""
    if early:
        return handed_in
    day = working_day(handed_in, random.choice([0, 0, 2]))
    return day if fate == Fate.LATE else min(day, review_by)


def working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [day for day in days if is_working_day(day)[0]]


def working_day(day: date, after: int) -> date:
    return nth_working_day_after(day, after)[0]


def moment(day: date, random: Random, first_hour: int, last_hour: int) -> datetime:
    minutes = random.randrange((last_hour - first_hour) * 60)
    return datetime.combine(day, time(first_hour), SHANGHAI) + timedelta(minutes=minutes)
