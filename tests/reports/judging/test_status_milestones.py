"""Which milestone is judged: windows, earlier milestones, the time after the last one, no row at all, by hand."""

from datetime import date

import pytest

from reports.base.enums import Cause, Status
from reports.judging.terms import MilestonePoint
from targets.enums import Comparator
from targets.periods import Quarter
from tests.reports.judging.helpers import (
    AT_DUE,
    EVEN,
    HOLD,
    YEAR,
    at,
    case,
    judge,
    outcome,
    part,
    percent_of,
    share,
    share_of,
    sums,
    total_of,
)

forty_sixty = share_of(at("2023Q4", 40), at("2024Q4", 60))  # of 20: 8, then 12
even_steps = share_of(at("2023Q4", 40), at("2024Q4", 60), schedule=EVEN)
half_years = percent_of(at("2023Q2", 40), at("2023Q4", 80), window=YEAR)
one_quarter = percent_of(
    MilestonePoint(date(2023, 10, 31), part(30)), MilestonePoint(date(2023, 12, 31), part(40)), schedule=EVEN
)
yearly = total_of(at("2023Q4", 40), at("2024Q4", 40), window=YEAR, schedule=AT_DUE)
yearly_even = total_of(at("2023Q4", 40), at("2024Q4", 80), window=YEAR)
too_small = share_of(at("2023Q4", 20, judged=False), at("2024Q4", 60))  # of 4: 0.8 is under one unit
unentered = total_of(at("2023Q4", None), at("2024Q4", 80), schedule=AT_DUE)

EARLIER = [
    case(
        "the milestone of the quarter is judged, not the next", forty_sixty, share(8, 20), "2023Q4", Status.MET, gap=0
    ),
    case("from the next quarter on it is the next one", forty_sixty, share(8, 20), "2024Q1", Status.NOT_DUE, gap=20),
    case(
        "while the earlier one holds it is not due", forty_sixty, share(11, 20), "2024Q3", Status.NOT_DUE, expected=40
    ),
    case("an earlier one that never held", forty_sixty, share(7, 20), "2024Q1", Status.RED, Cause.SLIPPED, gap=25),
    case("an earlier one that no longer holds", forty_sixty, share(7, 20), "2024Q3", Status.RED, Cause.SLIPPED),
    case("the earlier one caught up", forty_sixty, share(8, 20), "2024Q2", Status.NOT_DUE),
    case("the next one met early", forty_sixty, share(12, 20), "2024Q1", Status.MET),
    case("the next one at its date", forty_sixty, share(11, 20), "2024Q4", Status.RED, Cause.OVERDUE, needed=1),
    case(
        "the earlier one holds with a missing unit as last approved",
        forty_sixty,
        share(7, 20, kept=8, missing=1),
        "2024Q1",
        Status.NOT_DUE,
        value=35,
    ),
    case(
        "the earlier one does not hold even as last approved",
        forty_sixty,
        share(6, 20, kept=7, missing=1),
        "2024Q1",
        Status.RED,
        Cause.SLIPPED,
    ),
    case(
        "an earlier one slipped while one is pending lacks data",
        forty_sixty,
        share(6, 20, kept=7, pending=1),
        "2024Q1",
        Status.NO_DATA,
        Cause.PENDING,
    ),
    case(
        "as last approved it did not slip, but is behind",  # the line is 45 % = 9 units; 1/4 - (35 - 40) / 20
        even_steps,
        share(7, 20, kept=8, missing=1),
        "2024Q1",
        Status.RED,
        Cause.BEHIND,
        expected=45,
        lag=50,
    ),
    case("slipped on an even way", even_steps, share(7, 20), "2024Q1", Status.RED, Cause.SLIPPED, lag=50),
    case("on the even way after the earlier one", even_steps, share(9, 20), "2024Q1", Status.GREEN, lag=0),
    case("one unit short after the earlier one", even_steps, share(8, 20), "2024Q1", Status.AMBER, lag=25),
    case("an earlier one of too few units is not asked", too_small, share(0, 4), "2024Q1", Status.NOT_DUE),
    case("an earlier one without its value is not asked", unentered, sums(0), "2024Q1", Status.NOT_DUE),
    case(
        "an earlier held line slipped",  # 70, then 75: at 69 the first is broken
        percent_of(at("2023Q4", 70), at("2024Q4", 75), schedule=HOLD),
        sums(69, 100),
        "2024Q1",
        Status.RED,
        Cause.SLIPPED,
        lag=8,
    ),
    case(
        "not due asks only for the milestone just before",
        percent_of(at("2023Q2", 50), at("2023Q4", 40), at("2024Q4", 60)),
        sums(45, 100),
        "2024Q1",
        Status.NOT_DUE,
    ),
    case(
        "on an even way every earlier milestone is asked",
        percent_of(at("2023Q2", 50), at("2023Q4", 40), at("2024Q4", 60), schedule=EVEN),
        sums(45, 100),
        "2024Q1",
        Status.RED,
        Cause.SLIPPED,
        lag=0,
    ),
    case(
        "a lower milestone met in its quarter does not mind an earlier one",
        percent_of(at("2023Q2", 50), at("2023Q4", 40)),
        sums(45, 100),
        "2023Q4",
        Status.MET,
    ),
]

WINDOWS = [
    case("the half-year milestone at its date", half_years, sums(39, 100), "2023Q2", Status.RED, Cause.OVERDUE, gap=1),
    case("the half-year milestone held after", half_years, sums(50, 100), "2023Q3", Status.NOT_DUE, expected=40),
    case("the half-year milestone slipped", half_years, sums(30, 100), "2023Q3", Status.RED, Cause.SLIPPED),
    case("last year's shortfall is not asked in a year window", yearly, sums(0), "2024Q1", Status.NOT_DUE, expected=0),
    case("a year's way does not start at last year's milestone", yearly_even, sums(20), "2024Q1", Status.GREEN, lag=0),
    case("this year's total is judged alone", yearly, sums(39), "2024Q4", Status.RED, Cause.OVERDUE, gap=1, needed=1),
    case("of two dates in a quarter the first is ahead", one_quarter, sums(21, 100), "2023Q3", Status.AMBER, gap=9),
    case("of two dates in a quarter the latest counts", one_quarter, sums(35, 100), "2023Q4", Status.RED, "overdue"),
    case("both dates of a quarter met", one_quarter, sums(40, 100), "2023Q4", Status.MET, gap=0),
    case(
        "after a year's own last milestone it stays asked",
        percent_of(at("2023Q2", 40), at("2024Q2", 50), window=YEAR),
        sums(39, 100),
        "2023Q3",
        Status.RED,
        Cause.OVERDUE,
    ),
]

once = share_of(at("2023Q4", 40))

AFTER_THE_LAST = [
    case("not met at the last milestone, met later", once, share(8, 20), "2024Q2", Status.MET, value=40),
    case("not met at the last milestone, nor later", once, share(7, 20), "2024Q2", Status.RED, Cause.OVERDUE, gap=5),
    case("nobody reports after the last milestone", once, share(0, 20, missing=20), "2024Q2", Status.RED, "unreported"),
    case("pending after the last milestone", once, share(7, 20, pending=1), "2024Q2", Status.NO_DATA, Cause.PENDING),
]


@pytest.mark.parametrize(("effective", "count", "quarter", "expected"), EARLIER + WINDOWS + AFTER_THE_LAST)
def test_judge_asks_for_the_right_milestone(effective, count, quarter, expected):
    assert outcome(judge(effective, count, quarter), expected) == expected


@pytest.mark.parametrize(
    ("effective", "quarter"),
    [
        pytest.param(yearly, "2025Q1", id="no milestone this year"),
        pytest.param(percent_of(at("2024Q4", 40), window=YEAR), "2023Q4", id="no milestone yet this year"),
        pytest.param(too_small, "2023Q2", id="the milestone ahead is under one unit here"),
        pytest.param(too_small, "2023Q4", id="the milestone due is under one unit here"),
        pytest.param(total_of(), "2023Q4", id="a total not allotted here"),
    ],
)
def test_judge_gives_no_result(effective, quarter):
    assert judge(effective, share(4, 4), Quarter.parse(quarter)) is None


def test_judge_stops_after_the_last_milestone_once_met():
    assert judge(once, share(7, 20), Quarter(2024, 1), met_before=True) is None


def test_judge_still_judges_the_quarter_of_the_last_milestone_once_met():
    assert judge(once, share(7, 20), Quarter(2023, 4), met_before=True).status == Status.RED


def test_judge_still_judges_a_target_met_early():
    assert judge(forty_sixty, share(13, 20), Quarter(2024, 2)).status == Status.MET


def test_judge_takes_a_cap_broken_last_year_as_slipped_where_it_can_fall():
    cap = percent_of(at("2023Q4", 30), at("2024Q4", 35), schedule=HOLD, comparator=Comparator.AT_MOST)
    assert judge(cap, sums(36, 100), Quarter(2024, 1)).cause == Cause.SLIPPED
