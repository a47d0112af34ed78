"""Milestones, windows and the way to them, by hand."""

from datetime import date
from fractions import Fraction

import pytest

from reports.judging.terms import MilestonePoint, with_allotted_parts
from reports.judging.trajectory import trajectory_to
from targets.enums import Comparator
from targets.periods import Quarter
from tests.reports.judging.helpers import AT_DUE, CUSTOM, EVEN, HOLD, YEAR, at, part, percent_of, share_of, total_of

steps = percent_of(at("2023Q4", 40), at("2024Q4", 60), at("2025Q4", 80), schedule=EVEN)
yearly = total_of(at("2023Q4", 40), at("2024Q2", 10), at("2024Q4", 50), window=YEAR)
october = MilestonePoint(date(2023, 10, 31), part(30))
december = MilestonePoint(date(2023, 12, 31), part(40))
two_dates = percent_of(october, december, schedule=EVEN)


@pytest.mark.parametrize(
    ("effective", "quarter", "value"),
    [
        pytest.param(steps, "2023Q1", 40, id="the first ahead"),
        pytest.param(steps, "2023Q4", 40, id="the one due"),
        pytest.param(steps, "2024Q1", 60, id="the next ahead"),
        pytest.param(steps, "2026Q3", 80, id="the last when all are past"),
        pytest.param(yearly, "2024Q1", 10, id="the first of the year"),
        pytest.param(yearly, "2024Q3", 50, id="the second of the year"),
        pytest.param(two_dates, "2023Q3", 30, id="two dates in the next quarter, the first ahead"),
        pytest.param(two_dates, "2023Q4", 40, id="two dates within the quarter, the latest"),
    ],
)
def test_mark_for_a_quarter(effective, quarter, value):
    assert effective.milestone_for(Quarter.parse(quarter)).value == value


def test_mark_for_a_year_without_one_is_none():
    assert yearly.milestone_for(Quarter(2025, 1)) is None


def test_mark_for_without_milestones_is_none():
    assert percent_of().milestone_for(Quarter(2023, 1)) is None


def test_before_a_milestone_come_the_earlier_of_the_plan():
    assert steps.before(steps.milestones[2]) == steps.milestones[:2]


def test_before_a_milestone_come_only_those_of_its_year():
    assert yearly.before(yearly.milestones[2]) == (yearly.milestones[1],)


def test_last_quarter_is_that_of_the_last_milestone():
    assert steps.last_quarter() == Quarter(2025, 4)


def line(effective, quarter: str) -> Fraction:
    now = Quarter.parse(quarter)
    return trajectory_to(effective, effective.milestone_for(now), now).line


@pytest.mark.parametrize(
    ("effective", "lines"),
    [
        pytest.param(percent_of(at("2023Q4", 40), schedule=EVEN), [10, 20, 30, 40], id="evenly from 0"),
        pytest.param(percent_of(at("2023Q4", 40), schedule=EVEN, baseline=20), [25, 30, 35, 40], id="from a baseline"),
        pytest.param(
            percent_of(at("2023Q4", 40), schedule=EVEN, first=Quarter(2023, 3)), [0, 0, 20, 40], id="begun in July"
        ),
        pytest.param(percent_of(at("2023Q2", 40), schedule=EVEN), [20, 40, 40, 40], id="due in June"),
        pytest.param(percent_of(at("2023Q4", 40), schedule=AT_DUE, baseline=20), [20, 20, 20, 40], id="at its date"),
        pytest.param(percent_of(at("2023Q4", 40), schedule=HOLD), [40, 40, 40, 40], id="held"),
        pytest.param(
            percent_of(at("2023Q4", 40), schedule=CUSTOM, custom_shares=(part(10), part(40), part(75), part(100))),
            [4, 16, 30, 40],
            id="custom",
        ),
        pytest.param(
            percent_of(at("2023Q4", 20), schedule=EVEN, comparator=Comparator.AT_MOST, baseline=30),
            [Fraction(55, 2), 25, Fraction(45, 2), 20],
            id="falling",
        ),
        pytest.param(
            percent_of(at("2023Q4", 30), schedule=EVEN, comparator=Comparator.AT_MOST), [30, 30, 30, 30], id="a cap"
        ),
        pytest.param(percent_of(at("2023Q4", 40), schedule=EVEN, baseline=40), [40, 40, 40, 40], id="no way to go"),
        pytest.param(percent_of(at("2023Q4", 40), schedule=AT_DUE, baseline=50), [40, 40, 40, 40], id="a way back"),
    ],
)
def test_line_of_each_quarter(effective, lines):
    assert [line(effective, f"2023Q{number}") for number in (1, 2, 3, 4)] == lines


def test_line_goes_on_from_the_previous_milestone():
    assert [line(steps, f"2024Q{number}") for number in (1, 2, 3, 4)] == [45, 50, 55, 60]


def test_line_of_a_year_starts_at_nothing_again():
    assert [line(yearly, f"2024Q{number}") for number in (1, 2, 3, 4)] == [5, 10, 30, 50]


def test_line_of_a_year_starts_at_its_baseline_again():
    effective = percent_of(at("2023Q4", 40), at("2024Q4", 40), schedule=EVEN, window=YEAR, baseline=20)
    assert line(effective, "2024Q1") == 25


def test_way_from_a_milestone_too_small_to_judge_starts_at_its_value():
    effective = share_of(at("2023Q4", 20, judged=False), at("2024Q4", 60), schedule=EVEN)
    assert line(effective, "2024Q1") == 30


def test_way_to_a_milestone_without_its_value_is_refused():
    with pytest.raises(ValueError, match="without its value"):
        trajectory_to(percent_of(at("2023Q4", None)), at("2023Q4", None), Quarter(2023, 4))


def test_parts_replace_the_whole():
    parts = {date(2023, 12, 31): part(4), date(2024, 12, 31): part(6)}
    allotted = with_allotted_parts(total_of(at("2023Q4", 40), at("2024Q4", 60)), parts)
    assert [milestone.value for milestone in allotted.milestones] == [4, 6]


def test_parts_not_allotted_are_not_asked():
    allotted = with_allotted_parts(total_of(at("2023Q4", 40), at("2024Q4", 60)), {date(2024, 12, 31): part(6)})
    assert [milestone.due.year for milestone in allotted.milestones] == [2024]
