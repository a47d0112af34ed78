"""The lagging rule and the pace, by hand."""

from fractions import Fraction

import pytest

from reports.base.enums import Status
from reports.judging.flags import Ground, Pace, PacePoint, behind_since, ground_of, pace_towards, rises_between
from targets.enums import Strength
from targets.periods import Quarter

Q1, Q2, Q3, Q4 = (Quarter(2023, number) for number in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("strength", "status", "before", "ground"),
    [
        (Strength.MUST, Status.RED, "", Ground.MUST_RED),
        (Strength.MUST, Status.RED, Status.AMBER, Ground.MUST_RED),
        (Strength.AIM, Status.RED, Status.GREEN, None),
        (Strength.AIM, Status.RED, Status.AMBER, Ground.TWO_QUARTERS),
        (Strength.MUST, Status.AMBER, Status.GREEN, None),
        (Strength.MUST, Status.AMBER, Status.AMBER, Ground.TWO_QUARTERS),
        (Strength.AIM, Status.AMBER, Status.RED, Ground.TWO_QUARTERS),
        (Strength.MUST, Status.NO_DATA, Status.RED, None),
        (Strength.MUST, Status.MET, Status.RED, None),
        (Strength.PERMISSION, Status.SHOWN, Status.SHOWN, None),
        (Strength.MUST, "", Status.RED, None),
    ],
)
def test_ground_of(strength, status, before, ground):
    assert ground_of(strength, status, before) == ground


def test_behind_since_is_the_start_of_the_unbroken_run():
    statuses = {Q1: Status.RED, Q2: Status.GREEN, Q3: Status.AMBER, Q4: Status.RED}
    assert behind_since(statuses, Q4) == Q3


def test_behind_since_stops_at_a_quarter_without_a_result():
    assert behind_since({Q1: Status.RED, Q3: Status.RED, Q4: Status.RED}, Q4) == Q3


def points(*values):
    return [PacePoint(Q1 + n, None if value is None else Fraction(value)) for n, value in enumerate(values)]


def test_pace_shares_what_lacks_over_the_quarters_left():
    assert pace_towards(points(10, 20), Fraction(50), Q4, yearly=False) == Pace(Fraction(15), Fraction(10), 2)


def test_pace_takes_the_last_four_rises():
    found = pace_towards(points(0, 100, 101, 102, 103, 104), Fraction(200), Quarter(2025, 4), yearly=False)
    assert found.recent == 1


def test_pace_without_a_known_rise_still_says_what_is_needed():
    assert pace_towards(points(10), Fraction(40), Q4, yearly=False) == Pace(Fraction(10), None, 3)


@pytest.mark.parametrize("values", [(None,), (10, None), ()])
def test_no_pace_without_a_value(values):
    assert pace_towards(points(*values), Fraction(40), Q4, yearly=False) is None


def test_no_pace_at_the_milestone_or_once_it_is_reached():
    assert pace_towards(points(1, 2, 3, 4), Fraction(40), Q4, yearly=False) is None
    assert pace_towards(points(40), Fraction(40), Q4, yearly=False) is None


def test_pace_of_a_falling_line_counts_the_fall():
    assert pace_towards(points(30, 28), Fraction(20), Q4, yearly=False, falling=True) == Pace(
        Fraction(4), Fraction(2), 2
    )


def test_rises_skip_quarters_without_a_figure():
    assert rises_between(points(10, None, 30, 35), yearly=False) == [5]


def test_rises_of_a_yearly_window_start_from_nothing_each_january():
    assert rises_between(points(10, 25, 40, 60, 5, 12), yearly=True) == [10, 15, 15, 20, 5, 7]


def test_rises_of_a_plan_window_run_through_january():
    assert rises_between(points(10, 25, 40, 60, 65), yearly=False) == [15, 15, 20, 5]
