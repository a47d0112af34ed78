"""The way to a milestone: even, custom, at_due, hold, caps, falling targets, ranges and whole units, by hand."""

from datetime import date
from math import inf

import pytest

from reports.base.enums import Cause, Status
from reports.judging.terms import MilestonePoint
from targets.enums import Comparator, IndicatorKind
from targets.periods import Quarter
from tests.reports.judging.helpers import (
    AT_DUE,
    CUSTOM,
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
SHARES = (part(10), part(40), part(75), part(100))

yearly = total_of(at("2023Q4", 40), at("2024Q4", 80), window=YEAR)
mid_year = total_of(at("2023Q4", 40), at("2024Q4", 80), window=YEAR, first=Quarter(2023, 3))
clinics = total_of(at("2023Q4", 800), at("2024Q4", 1600))
three_years = percent_of(at("2025Q4", 60), schedule=EVEN)
doctors = percent_of(at("2023Q4", 40), schedule=EVEN, baseline=20)
august = percent_of(MilestonePoint(due=date(2023, 8, 15), value=part(30)), schedule=EVEN)

EVENLY = [
    case("a quarter of the year", yearly, sums(10), "2023Q1", Status.GREEN, expected=10, lag=0),
    case("three quarters of the year", yearly, sums(28), "2023Q3", Status.AMBER, expected=30, lag=5, gap=12, needed=12),
    case("a plan begun in July has two quarters", mid_year, sums(20), "2023Q3", Status.GREEN, expected=20, lag=0),
    case("the next year starts afresh in January", mid_year, sums(20), "2024Q1", Status.GREEN, expected=20, lag=0),
    case(
        "running totals go on from the previous milestone",  # 800 + 1/4 x 800; (950 - 800) / 800 = 0.1875
        clinics,
        sums(950),
        "2024Q1",
        Status.AMBER,
        expected=1000,
        lag=part(625, 100),
    ),
    case("the sixth of a plan's twelve quarters", three_years, sums(30, 100), "2024Q2", Status.GREEN, expected=30),
    case("a baseline is where the way starts", doctors, sums(28, 100), "2023Q2", Status.AMBER, expected=30, lag=10),
    case(
        "below the baseline the lag exceeds the way",  # 1/2 - (18 - 20) / 20
        doctors,
        sums(18, 100),
        "2023Q2",
        Status.RED,
        Cause.BEHIND,
        lag=60,
    ),
    case("a date in August has three quarters", august, sums(20, 100), "2023Q2", Status.GREEN, expected=20, lag=0),
    case("a date in August is due in the third", august, sums(29, 100), "2023Q3", Status.RED, Cause.OVERDUE, gap=1),
]

custom = percent_of(at("2023Q4", 40), at("2024Q4", 80), schedule=CUSTOM, custom_shares=SHARES)

CUSTOMLY = [
    case("the first custom share", custom, sums(4, 100), "2023Q1", Status.GREEN, expected=4, lag=0),
    case("the second custom share", custom, sums(15, 100), "2023Q2", Status.AMBER, expected=16, lag=part(25, 10)),
    case(
        "the third custom share",
        custom,
        sums(25, 100),
        "2023Q3",
        Status.RED,
        Cause.BEHIND,
        expected=30,
        lag=part(25, 2),
    ),
    case("the last custom share is the date", custom, sums(39, 100), "2023Q4", Status.RED, Cause.OVERDUE, expected=40),
    case("custom shares begin again after a milestone", custom, sums(56, 100), "2024Q2", Status.GREEN, expected=56),
]

rising = percent_of(at("2023Q4", 40), schedule=AT_DUE, baseline=20)

AT_THE_DATE = [
    case(
        "before the date the start is expected", rising, sums(22, 100), "2023Q3", Status.NOT_DUE, expected=20, lag=-10
    ),
    case("below the baseline is still not due", rising, sums(18, 100), "2023Q3", Status.NOT_DUE, expected=20, lag=10),
    case(
        "at the date all is expected", rising, sums(38, 100), "2023Q4", Status.RED, Cause.OVERDUE, expected=40, lag=10
    ),
]

steady = percent_of(at("2023Q4", 70), at("2024Q4", 75), schedule=HOLD)
no_fall = growth_of(at("2023Q4", 0), schedule=HOLD)
small_fall = growth_of(at("2023Q4", -5), schedule=HOLD)

HOLDING = [
    case("holding from the first quarter", steady, sums(70, 100), "2023Q1", Status.MET, expected=70, lag=0),
    case("5 per cent under a held line", steady, sums(665, 1000), "2023Q1", Status.AMBER, expected=70, lag=5),
    case("far under a held line", steady, sums(60, 100), "2023Q1", Status.RED, Cause.BEHIND, lag=part(100, 7)),
    case("under a held line at the date", steady, sums(69, 100), "2023Q4", Status.RED, Cause.OVERDUE),
    case("the next held line holds at once", steady, sums(72, 100), "2024Q1", Status.AMBER, expected=75, lag=4),
    case("a line of 0 is met at 0", no_fall, sums(100, 100), "2023Q1", Status.MET, value=0, lag=0),
    case("any distance under 0 is red", no_fall, sums(9999, 10000), "2023Q1", Status.RED, Cause.BEHIND, lag=inf),
    case("a line under 0 is met above it", small_fall, sums(96, 100), "2023Q1", Status.MET, value=-4, lag=-20),
    case("a line under 0 is measured by its size", small_fall, sums(94, 100), "2023Q1", Status.RED, "behind", lag=20),
]

level = {"baseline": 40}
backward = {"baseline": 50}

NO_WAY_TO_GO = [
    case(
        "a journey of 0 is held",
        percent_of(at("2023Q4", 40), schedule=EVEN, **level),
        sums(38, 100),
        "2023Q1",
        Status.AMBER,
        expected=40,
        lag=5,
    ),
    case(
        "a journey of 0 is never not due",
        percent_of(at("2023Q4", 40), schedule=AT_DUE, **level),
        sums(38, 100),
        "2023Q1",
        Status.AMBER,
        expected=40,
        lag=5,
    ),
    case(
        "a journey backward is held",
        percent_of(at("2023Q4", 40), schedule=AT_DUE, **backward),
        sums(39, 100),
        "2023Q1",
        Status.AMBER,
        expected=40,
        lag=part(25, 10),
    ),
    case(
        "a journey backward is met at its end",
        percent_of(at("2023Q4", 40), schedule=EVEN, **backward),
        sums(40, 100),
        "2023Q1",
        Status.MET,
    ),
    case(
        "a journey of 0 from the previous milestone slips with it",
        percent_of(at("2023Q4", 40), at("2024Q4", 40), schedule=EVEN),
        sums(38, 100),
        "2024Q1",
        Status.RED,
        Cause.SLIPPED,
        lag=5,
    ),
]

fees = total_of(at("2023Q4", 100), schedule=HOLD, comparator=AT_MOST)
complaints = total_of(at("2023Q4", 0), schedule=HOLD, comparator=AT_MOST)
deaths = percent_of(at("2023Q4", 0), schedule=HOLD, comparator=AT_MOST)
growing = total_of(at("2023Q4", 100), at("2024Q4", 180), schedule=HOLD, comparator=AT_MOST)

CAPPED = [
    case("under a cap that only grows, before its quarter", fees, sums(60), "2023Q2", Status.GREEN, lag=-40, gap=-40),
    case("at a cap that only grows, before its quarter", fees, sums(100), "2023Q2", Status.GREEN, expected=100, lag=0),
    case("at a cap that only grows, in its quarter", fees, sums(100), "2023Q4", Status.MET, lag=0, gap=0),
    case("a little over a cap", fees, sums(105), "2023Q2", Status.AMBER, lag=5, gap=5, needed=None),
    case("far over a cap", fees, sums(120), "2023Q2", Status.RED, Cause.BEHIND, lag=20),
    case("over a cap in its quarter", fees, sums(101), "2023Q4", Status.RED, Cause.OVERDUE, lag=1),
    case(
        "a cap is not spread over the year",
        total_of(at("2023Q4", 100), schedule=EVEN, comparator=AT_MOST),
        sums(60),
        "2023Q1",
        Status.GREEN,
        expected=100,
        lag=-40,
    ),
    case(
        "a cap is never not due",
        total_of(at("2023Q4", 100), schedule=AT_DUE, comparator=AT_MOST),
        sums(105),
        "2023Q1",
        Status.AMBER,
        expected=100,
        lag=5,
    ),
    case(
        "a baseline under the line makes a cap",
        percent_of(at("2023Q4", 30), schedule=EVEN, comparator=AT_MOST, baseline=20),
        sums(33, 100),
        "2023Q1",
        Status.AMBER,
        expected=30,
        lag=10,
    ),
    case("none under a cap of 0, before its quarter", complaints, sums(0), "2023Q2", Status.GREEN, lag=0),
    case("none under a cap of 0, in its quarter", complaints, sums(0), "2023Q4", Status.MET, lag=0),
    case("one over a cap of 0 is red", complaints, sums(1), "2023Q2", Status.RED, Cause.BEHIND, lag=inf),
    case("a rate at a cap of 0", deaths, sums(0, 100), "2023Q2", Status.MET, value=0, lag=0),
    case(
        "what only grows is not held to last year's cap",  # (150 - 180) / 180
        growing,
        sums(150),
        "2024Q2",
        Status.GREEN,
        lag=part(-50, 3),
    ),
]

sections = percent_of(at("2023Q4", 20), schedule=EVEN, comparator=AT_MOST, baseline=30)
sections_at_due = percent_of(at("2023Q4", 20), schedule=AT_DUE, comparator=AT_MOST, baseline=30)
sections_held = percent_of(at("2023Q4", 20), schedule=HOLD, comparator=AT_MOST, baseline=30)
two_steps = percent_of(at("2023Q4", 25), at("2024Q4", 20), schedule=EVEN, comparator=AT_MOST, baseline=30)

FALLING = [
    case("falling on the line", sections, sums(25, 100), "2023Q2", Status.GREEN, expected=25, lag=0),
    case("falling faster than the line", sections, sums(24, 100), "2023Q2", Status.GREEN, lag=-10),
    case("falling ten points behind", sections, sums(26, 100), "2023Q2", Status.AMBER, lag=10, gap=6, needed=None),
    case("falling far behind", sections, sums(27, 100), "2023Q2", Status.RED, Cause.BEHIND, lag=20),
    case("rising instead of falling", sections, sums(32, 100), "2023Q1", Status.RED, Cause.BEHIND, lag=45),
    case("fallen all the way early", sections, sums(20, 100), "2023Q1", Status.MET, gap=0),
    case("not fallen all the way at the date", sections, sums(21, 100), "2023Q4", Status.RED, Cause.OVERDUE, lag=10),
    case("falling is not due before its date", sections_at_due, sums(29, 100), "2023Q3", Status.NOT_DUE, expected=30),
    case("a falling line held is a cap", sections_held, sums(21, 100), "2023Q1", Status.AMBER, expected=20, lag=5),
    case(
        "falling on from the previous milestone",  # 1/2 - (24 - 25) / -5
        two_steps,
        sums(24, 100),
        "2024Q2",
        Status.RED,
        Cause.BEHIND,
        expected=part(225, 10),
        lag=30,
    ),
    case("risen over the previous milestone", two_steps, sums(26, 100), "2024Q2", Status.RED, Cause.SLIPPED),
    case(
        "falling to 0 has a way to go",  # from 10 to 0: the line is 5
        percent_of(at("2023Q4", 0), schedule=EVEN, comparator=AT_MOST, baseline=10),
        sums(6, 100),
        "2023Q2",
        Status.AMBER,
        expected=5,
        lag=10,
    ),
]

band = percent_of(at("2023Q4", 95, high=105), schedule=HOLD, comparator=RANGE)
toward = percent_of(at("2023Q4", 10, high=20), schedule=EVEN, comparator=RANGE)
filling = percent_of(at("2023Q4", 10, high=20), schedule=EVEN, comparator=RANGE, only_grows=True)
filling_at_due = percent_of(at("2023Q4", 10, high=20), schedule=AT_DUE, comparator=RANGE, only_grows=True)
no_growth = growth_of(at("2023Q4", -5, high=0), schedule=HOLD, comparator=RANGE)

RANGES = [
    case("within a held range", band, sums(100, 100), "2023Q1", Status.MET),
    case("under a held range", band, sums(94, 100), "2023Q1", Status.AMBER, expected=95, lag=part(20, 19), gap=1),
    case("over a held range", band, sums(110, 100), "2023Q1", Status.AMBER, lag=part(100, 21), gap=5),
    case("far over a held range", band, sums(120, 100), "2023Q1", Status.RED, Cause.BEHIND, lag=part(100, 7)),
    case("any distance over an upper end of 0", no_growth, sums(101, 100), "2023Q1", Status.RED, "behind", lag=inf),
    case("on the way to a range", toward, sums(5, 100), "2023Q2", Status.GREEN, expected=5, lag=0),
    case("behind on the way to a range", toward, sums(4, 100), "2023Q2", Status.AMBER, lag=10, gap=6),
    case("within a range early", toward, sums(15, 100), "2023Q2", Status.MET),
    case("past a range early", toward, sums(25, 100), "2023Q2", Status.RED, Cause.BEHIND, lag=25),
    case("what only grows, within its range early", filling, sums(15, 100), "2023Q2", Status.GREEN, lag=-100),
    case("what only grows, past its range early", filling, sums(21, 100), "2023Q2", Status.AMBER, lag=5),
    case("what only grows, within its range at the date", filling, sums(15, 100), "2023Q4", Status.MET),
    case(
        "what only grows is not held to last year's upper end",  # 10 + 1/2 x 20; (20 - 22) / 20
        total_of(at("2023Q4", 10, high=20), at("2024Q4", 30, high=40), comparator=RANGE),
        sums(22),
        "2024Q2",
        Status.GREEN,
        expected=20,
        lag=-10,
    ),
    case("what only grows at_due, within its range early", filling_at_due, sums(15, 100), "2023Q2", Status.NOT_DUE),
]

ten = total_of(at("2023Q4", 10))
three = total_of(at("2023Q4", 3))
half = share_of(at("2023Q4", 50), schedule=EVEN)
every = share_of(at("2023Q4", 100), schedule=EVEN, kind=IndicatorKind.EACH)
few = share_of(at("2023Q4", 40), schedule=EVEN)
steps = share_of(at("2023Q4", 40), at("2024Q4", 50), schedule=EVEN)
ten_custom = total_of(at("2023Q4", 10), schedule=CUSTOM, custom_shares=SHARES)
empty_posts = asked("total", (at("2023Q4", 0),), EVEN, comparator=AT_MOST, baseline=3, whole_units=True)

WHOLE_UNITS = [
    case("2.5 expected asks for 2", ten, sums(2), "2023Q1", Status.GREEN, expected=2, lag=0, needed=8),
    case("one short is ten points here", ten, sums(1), "2023Q1", Status.AMBER, expected=2, lag=10),
    case("two short is red here", ten, sums(0), "2023Q1", Status.RED, Cause.BEHIND, expected=2, lag=20),
    case("custom shares are rounded too", ten_custom, sums(7), "2023Q3", Status.GREEN, expected=7, lag=0),
    case("one short of 3 is amber at worst", three, sums(0), "2023Q2", Status.AMBER, expected=1, lag=part(100, 3)),
    case("two short of 3 is red", three, sums(0), "2023Q3", Status.RED, Cause.BEHIND, expected=2, lag=part(200, 3)),
    case("one short of 3 at the date is red", three, sums(2), "2023Q4", Status.RED, Cause.OVERDUE, needed=1),
    case("2.5 of 20 units expected asks for 2", half, share(2, 20), "2023Q1", Status.GREEN, expected=10, lag=0),
    case("one of 20 short", half, share(1, 20), "2023Q1", Status.AMBER, value=5, lag=10, needed=9),
    case("two of 20 short", half, share(0, 20), "2023Q1", Status.RED, Cause.BEHIND, lag=20),
    case(
        "one of every 3 short is amber at worst",  # 2.25 of 3 asks for 2
        every,
        share(1, 3),
        "2023Q3",
        Status.AMBER,
        expected=part(200, 3),
        lag=part(100, 3),
        needed=2,
    ),
    case("two of every 3 short", every, share(0, 3), "2023Q3", Status.RED, Cause.BEHIND, lag=part(200, 3)),
    case("less than one unit expected asks for none", few, share(0, 3), "2023Q1", Status.GREEN, expected=0, lag=0),
    case("none expected, none given, all pending", few, share(0, 3, pending=3), "2023Q1", Status.NO_DATA, "pending"),
    case("none expected, none given, all missing", few, share(0, 3, missing=3), "2023Q1", Status.RED, "unreported"),
    case("one short and nobody reported", three, sums(0, missing=10), "2023Q2", Status.RED, Cause.UNREPORTED),
    case(
        "at the date the line is not rounded down",  # 10.5 of 21: 10 do not meet and one may still come
        half,
        share(10, 21, pending=1),
        "2023Q4",
        Status.NO_DATA,
        Cause.PENDING,
        needed=1,
    ),
    case(
        "at the date a half unit asks for a whole one", half, share(10, 21), "2023Q4", Status.RED, "overdue", needed=1
    ),
    case(
        "rounding does not excuse a slipped milestone",  # 42.5 % of 21 = 8.925 asks for 8; 40 % asks for 9
        steps,
        share(8, 21),
        "2024Q1",
        Status.RED,
        Cause.SLIPPED,
        expected=part(800, 21),
        lag=0,
    ),
    case("falling in whole units rounds up", empty_posts, sums(2), "2023Q2", Status.GREEN, expected=2, lag=0),
    case(
        "falling, one unit over has no excuse",
        empty_posts,
        sums(3),
        "2023Q2",
        Status.RED,
        Cause.BEHIND,
        expected=2,
        lag=part(100, 3),
    ),
    case(
        "what is not counted in units is not rounded",
        total_of(at("2023Q4", 10), whole_units=False),
        sums(2),
        "2023Q1",
        Status.AMBER,
        expected=part(25, 10),
        lag=5,
    ),
]


@pytest.mark.parametrize(
    ("effective", "count", "quarter", "expected"),
    EVENLY + CUSTOMLY + AT_THE_DATE + HOLDING + NO_WAY_TO_GO + CAPPED + FALLING + RANGES + WHOLE_UNITS,
)
def test_judge_measures_the_way(effective, count, quarter, expected):
    assert outcome(judge(effective, count, quarter), expected) == expected
