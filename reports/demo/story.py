"""When each return is filled in, handed in, decided on: a life of dated steps. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from reports.demo.temper import Temper
from targets.periods import SHANGHAI, is_working_day, nth_working_day_after

SEED = 20230101
REASONS = [
    "“已培训家庭医生团队数”与培训台账不一致，请核对后重报。",
    "结余数与财务报表不符，请附经主管部门核定的依据。",
    "部分村卫生室的验收日期不在本季度，请逐室核对。",
    "签约服务收入口径有误，应含医保、公卫和个人三部分。",
]


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


# Told on purpose, so that every state stands somewhere; by quarter and unit code.
TOLD = {
    ("2023Q2", "410222-H04"): Fate.MISSING,
    ("2023Q3", "4102SF-H03"): Fate.MISSING,
    ("2023Q3", "410222-H07"): Fate.MISSING,
    ("2023Q4", "4102SF-B01"): Fate.MISSING,
    ("2023Q4", "4102SF-H02"): Fate.MISSING,
    ("2023Q4", "4102SF-H03"): Fate.MISSING,
    ("2023Q4", "410222-H05"): Fate.SENT_BACK,
    ("2023Q4", "410222-H09"): Fate.MISSING,
    ("2023Q4", "410205-S02"): Fate.UNREVIEWED,
    ("2023Q4", "410205-S03"): Fate.UNREVIEWED,
    ("2024Q1", "410221-H01"): Fate.DRAFTED,
    ("2024Q1", "410221-B01"): Fate.DRAFTED,
    ("2024Q1", "410225-H01"): Fate.SENT_BACK,
    ("2024Q1", "410202-S01"): Fate.PLAIN,
}
EARLY = {"410225-H01", "410202-S01", "410221-H01", "410221-B01"}  # act on the first days of the open quarter


def fate_of(quarter: str, code: str, temper: Temper) -> Fate:
    if told := TOLD.get((quarter, code)):
        return told
    chance = Random(f"{SEED} fate {code} {quarter}").random()
    if chance < temper.late:
        return Fate.LATE
    return Fate.CORRECTED if chance < temper.late + temper.returned else Fate.PLAIN


def life(quarter: str, code: str, temper: Temper, opened: date, due: date, review_by: date) -> Iterator[Step]:
    """The dated steps of one return, in order; all on working days within office hours."""
    fate = fate_of(quarter, code, temper)
    random = Random(f"{SEED} life {code} {quarter}")
    if fate == Fate.MISSING:
        return
    handed_in = first_day(fate, code, random, opened, due)
    at = moment(handed_in, random, 9, 12)
    yield Step(at, Deed.SAVE)
    if fate == Fate.DRAFTED:
        return
    yield Step(at + timedelta(minutes=20), Deed.SUBMIT)
    if fate == Fate.UNREVIEWED:
        return
    decided = decision_day(fate, code, handed_in, random, review_by)
    if fate in (Fate.CORRECTED, Fate.SENT_BACK):
        yield Step(moment(decided, random, 14, 15), Deed.SEND_BACK, random.choice(REASONS))
        if fate == Fate.SENT_BACK:
            return
        handed_in = decided = working_day(decided, 2)
        at = moment(handed_in, random, 9, 12)
        yield Step(at, Deed.SAVE)
        yield Step(at + timedelta(minutes=20), Deed.SUBMIT)
    yield Step(moment(decided, random, 15, 17), Deed.APPROVE)


def first_day(fate: Fate, code: str, random: Random, opened: date, due: date) -> date:
    """Most hand in during the second week; the late ones up to six working days after the due day."""
    if fate == Fate.LATE:
        return working_day(due, random.choice([2, 4, 6]))
    days = working_days(opened, due)[1::2]
    return days[0] if code in EARLY else days[min(int(random.triangular(0, len(days), len(days) * 0.7)), len(days) - 1)]


def decision_day(fate: Fate, code: str, handed_in: date, random: Random, review_by: date) -> date:
    """Reviewers sit down to it every other day."""
    if code in EARLY:
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
