"""The list of statuses: the first line that holds. Every case is worked out by hand from
docs/design.md#status."""

import pytest

from reports.base.enums import Cause, Status
from targets.enums import Comparator, Strength
from targets.periods import Quarter
from tests.reports.judging.helpers import (
    EVEN,
    HOLD,
    YEAR,
    asked,
    at,
    case,
    growth_of,
    judge,
    outcome,
    part,
    percent_of,
    share,
    share_of,
    sums,
    total_of,
)

AT_MOST, RANGE = Comparator.AT_MOST, Comparator.RANGE

forty = share_of(at("2023Q4", 40), at("2024Q4", 60))  # of 20 hospitals: 8, then 12
even = total_of(at("2023Q4", 40), window=YEAR)  # 10 a quarter
signed = percent_of(at("2023Q4", 40), schedule=EVEN, by_official=True)  # 10, 20, 30, 40
visits = percent_of(at("2023Q4", 60), schedule=HOLD)
cap = asked("ratio", (at("2023Q4", 30),), HOLD, comparator=AT_MOST, multiplier=part(100))
pay = growth_of(at("2023Q4", 10, high=20), comparator=RANGE)
unentered = total_of(at("2023Q4", None))

NOT_APPLICABLE = [
    case("nothing in scope is not applicable", forty, share(0, 0), "2023Q4", Status.NOT_APPLICABLE),
    case(
        "every unit answered so is not applicable",
        forty,
        share(0, 0, not_applicable=3),
        "2023Q4",
        Status.NOT_APPLICABLE,
    ),
    case("nothing in scope comes before a missing value", unentered, sums(0, 0, 0), "2023Q2", Status.NOT_APPLICABLE),
    case("denominators adding to 0 are not applicable", visits, sums(0, 0, 2), "2023Q4", Status.NOT_APPLICABLE),
    case(
        "a reported 0 of 0 beside a missing unit is not applicable",  # the rest is judged by the same list
        visits,
        sums(0, 0, 2, missing=1, left_out=1),
        "2023Q4",
        Status.NOT_APPLICABLE,
    ),
    case(
        "denominators adding to 0 while one is pending lack data",
        visits,
        sums(0, 0, 2, pending=1, left_out=1),
        "2023Q4",
        Status.NO_DATA,
        Cause.PENDING,
        value=None,
    ),
    case(
        "one unit not applicable leaves the others to be judged",
        forty,
        share(2, 5, not_applicable=1),
        "2023Q4",
        Status.MET,
        value=40,
    ),
    case("a total has no denominator to be 0", even, sums(40), "2023Q4", Status.MET, value=40),
]

MET = [
    case("met at its date", forty, share(8, 20), "2023Q4", Status.MET, value=40, expected=40, gap=0),
    case("met before its date", forty, share(9, 20), "2023Q2", Status.MET, value=45, gap=-5),
    case("met early under an even schedule", even, sums(41), "2023Q1", Status.MET, value=41, gap=-1),
    case("met with a unit pending, which can only add", forty, share(8, 20, pending=5), "2023Q4", Status.MET),
    case("met with a unit awaited, which can only add", forty, share(8, 20, awaited=12), "2023Q4", Status.MET),
    case("met with a unit missing that counts as nothing", forty, share(8, 20, missing=12), "2023Q4", Status.MET),
    case(
        "growth is met on its last year's quarters", growth_of(at("2023Q4", 10)), sums(112, 100), "2023Q4", Status.MET
    ),
    case("a range is met at its lower end", pay, sums(110, 100), "2023Q4", Status.MET, value=10),
    case("a range is met at its upper end", pay, sums(120, 100), "2023Q4", Status.MET, value=20),
    case("a ratio cap is met at its line", cap, sums(30, 100), "2023Q4", Status.MET, value=30, gap=0, lag=0),
    case(
        "growth of flow over last year's flow can fall, so its range is met before its date",
        pay,
        sums(115, 100),
        "2023Q2",
        Status.MET,
        value=15,
    ),
]

NOT_DUE = [
    case("nothing done before its quarter is not due", forty, share(0, 20), "2023Q3", Status.NOT_DUE, value=0),
    case("not due expects only the start", forty, share(3, 20), "2023Q3", Status.NOT_DUE, expected=0, needed=5),
    case(
        "nobody reported before its quarter is not due",
        forty,
        share(0, 20, missing=20),
        "2023Q3",
        Status.NOT_DUE,
    ),
    case("a unit pending before its quarter is not due", forty, share(3, 20, pending=1), "2023Q3", Status.NOT_DUE),
    case("a unit awaited before its quarter is not due", forty, share(3, 20, awaited=1), "2023Q3", Status.NOT_DUE),
    case("a range below before its date is not due", pay, sums(101, 100), "2023Q3", Status.NOT_DUE, value=1),
    case("a range above before its date is not due", pay, sums(130, 100), "2023Q3", Status.NOT_DUE, value=30),
    case(
        "without its value it is never not due",
        share_of(at("2023Q4", None)),
        share(3, 20),
        "2023Q2",
        Status.NO_DATA,
        Cause.NO_TARGET_VALUE,
        value=15,
        expected=None,
        lag=None,
    ),
]

NO_DATA = [
    case(
        "a value not handed down yet",
        unentered,
        sums(12),
        "2023Q4",
        Status.NO_DATA,
        Cause.NO_TARGET_VALUE,
        value=12,
        expected=None,
        gap=None,
    ),
    case(
        "a value not handed down yet comes before nobody reporting",
        unentered,
        sums(0, missing=10),
        "2023Q4",
        Status.NO_DATA,
        Cause.NO_TARGET_VALUE,
    ),
    case(
        "a constant not entered",
        signed,
        sums(500, 0, units=1, unbased=1),
        "2023Q2",
        Status.NO_DATA,
        Cause.NO_CONSTANT,
        value=None,
    ),
    case(
        "a constant not entered at the date is not red",
        signed,
        sums(500, 0, units=1, unbased=1),
        "2023Q4",
        Status.NO_DATA,
        Cause.NO_CONSTANT,
    ),
    case(
        "last year's figure not entered",
        pay,
        sums(500, 0, units=1, unbased=1),
        "2023Q4",
        Status.NO_DATA,
        Cause.NO_LAST_YEAR,
        value=None,
    ),
    case(
        "short at the date while one is pending",
        forty,
        share(7, 20, pending=1),
        "2023Q4",
        Status.NO_DATA,
        Cause.PENDING,
        value=35,
        needed=1,
    ),
    case(
        "short at the date while one is awaited",
        forty,
        share(7, 20, awaited=1),
        "2023Q4",
        Status.NO_DATA,
        Cause.AWAITED,
    ),
    case("behind on the way while one is pending", even, sums(9, pending=1), "2023Q1", Status.NO_DATA, Cause.PENDING),
    case("all awaited", even, sums(0, awaited=10), "2023Q1", Status.NO_DATA, Cause.AWAITED),
]

RED = [
    case("nobody reported at the date", forty, share(0, 20, missing=20), "2023Q4", Status.RED, Cause.UNREPORTED),
    case("nobody reported on the way", even, sums(0, missing=10), "2023Q1", Status.RED, Cause.UNREPORTED),
    case("nobody reported a ratio", visits, sums(0, 0, 3, missing=3, left_out=3), "2023Q2", Status.RED, "unreported"),
    case("nobody reported a cap", cap, sums(0, 0, 3, missing=3, left_out=3), "2023Q2", Status.RED, Cause.UNREPORTED),
    case("one unit short at the date", forty, share(7, 20), "2023Q4", Status.RED, Cause.OVERDUE, gap=5, needed=1),
    case("short at the date by a missing unit", forty, share(7, 20, missing=1), "2023Q4", Status.RED, Cause.OVERDUE),
    case("a reported 0 at the date is not unreported", even, sums(0), "2023Q4", Status.RED, Cause.OVERDUE, value=0),
    case(
        "39.996 per cent is under 40",
        signed,
        sums(39996, 100000),
        "2023Q4",
        Status.RED,
        Cause.OVERDUE,
        value=part(39996, 1000),
        gap=part(4, 1000),
        needed=4,
    ),
    case("a range below at its date", pay, sums(109, 100), "2023Q4", Status.RED, Cause.OVERDUE, gap=1),
    case("a range above at its date", pay, sums(121, 100), "2023Q4", Status.RED, Cause.OVERDUE, lag=5, gap=1),
    case("a cap broken at its date", cap, sums(31, 100), "2023Q4", Status.RED, Cause.OVERDUE, value=31, gap=1),
    case(
        "an aim short at its date is red too",
        percent_of(at("2023Q4", 40), strength=Strength.AIM),
        sums(39, 100),
        "2023Q4",
        Status.RED,
        Cause.OVERDUE,
    ),
]

BY_LAG = [
    case("at the line is green", signed, sums(20, 100), "2023Q2", Status.GREEN, expected=20, lag=0, gap=20, needed=20),
    case("ahead of the line is green", signed, sums(22, 100), "2023Q2", Status.GREEN, lag=-5),
    case("just under the line is amber", signed, sums(19999, 100000), "2023Q2", Status.AMBER, lag=part(1, 400)),
    case("ten points behind is amber", signed, sums(16, 100), "2023Q2", Status.AMBER, value=16, lag=10),
    case(
        "a hair over ten points is red",  # 1/2 - 15.999/40 = 10.0025 points
        signed,
        sums(15999, 100000),
        "2023Q2",
        Status.RED,
        Cause.BEHIND,
        lag=part(100025, 10000),
    ),
    case(
        "the ten points are a setting",
        percent_of(at("2023Q4", 40), schedule=EVEN, amber=part(5)),
        sums(17, 100),
        "2023Q2",
        Status.RED,
        Cause.BEHIND,
        lag=part(75, 10),
    ),
    case("ahead with some pending is green", even, sums(10, pending=3), "2023Q1", Status.GREEN, lag=0),
    case("ahead with some awaited is green", even, sums(11, awaited=9), "2023Q1", Status.GREEN, lag=part(-25, 10)),
]


@pytest.mark.parametrize(
    ("effective", "count", "quarter", "expected"), NOT_APPLICABLE + MET + NOT_DUE + NO_DATA + RED + BY_LAG
)
def test_judge_takes_the_first_line_that_holds(effective, count, quarter, expected):
    assert outcome(judge(effective, count, quarter), expected) == expected


def test_judge_carries_the_milestone_it_judged_by():
    assert judge(forty, share(8, 20), Quarter(2024, 1)).milestone == forty.milestones[1]
