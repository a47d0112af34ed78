"""The lagging rule and the pace, by hand."""

from fractions import Fraction

import pytest

from reports.base.enums import Status
from reports.judging.flags import (
    Ground,
    Hint,
    Pace,
    PacePoint,
    behind_since,
    ground_of,
    hint_of,
    pace_towards,
    rises_between,
)
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
        Fraction(4), Fraction(2), 2, falling=True
    )


def test_rises_skip_quarters_without_a_figure():
    assert rises_between(points(10, None, 30, 35), yearly=False) == [5]


def test_rises_of_a_yearly_window_start_from_nothing_each_january():
    assert rises_between(points(10, 25, 40, 60, 5, 12), yearly=True) == [10, 15, 15, 20, 5, 7]


def test_rises_of_a_plan_window_run_through_january():
    assert rises_between(points(10, 25, 40, 60, 65), yearly=False) == [15, 15, 20, 5]


# --- 提示 -------------------------------------------------------------------------------------------------------

SLOW, ENOUGH, UNKNOWN = Pace(Fraction(6), Fraction(5), 2), Pace(Fraction(5), Fraction(5), 2), Pace(Fraction(5), None, 2)


@pytest.mark.parametrize(
    ("pace", "hinted"),
    [(SLOW, True), (ENOUGH, False), (UNKNOWN, True), (Pace(Fraction(1), Fraction(-1), 2), True), (None, False)],
)
def test_a_hint_is_due_where_each_quarter_left_must_bring_more_than_the_last_ones_did(pace, hinted):
    assert hint_of(Status.NOT_DUE, 2, 0, has_value=True, pace=pace) == (Hint(2, pace) if hinted else None)


@pytest.mark.parametrize(("left", "hinted"), [(0, False), (1, True), (2, True), (3, False)])
def test_a_hint_stands_in_the_last_two_quarters_before_that_of_the_date(left, hinted):
    assert bool(hint_of(Status.NOT_DUE, left, 0, has_value=True, pace=SLOW)) == hinted


def test_only_what_is_not_due_carries_a_hint():
    hinted = [status for status in Status if hint_of(status, 1, 0, has_value=True, pace=SLOW)]
    assert hinted == [Status.NOT_DUE]


def test_while_an_answer_may_still_come_nothing_is_said_of_the_pace():
    assert hint_of(Status.NOT_DUE, 1, 1, has_value=True, pace=SLOW) is None
    assert hint_of(Status.NOT_DUE, 1, 1, has_value=False, pace=None) is None


def test_without_any_value_the_pace_is_unknown_and_that_is_hinted_at():
    assert hint_of(Status.NOT_DUE, 1, 0, has_value=False, pace=None) == Hint(1, None)
