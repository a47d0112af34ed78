"""One result as facts: rounding that crosses no line, marks, and what is needed."""

from datetime import date
from decimal import Decimal

import pytest

from reports.base import numbers
from reports.base.enums import UNANSWERED, Cause, Status
from reports.boards.pages.cells import Cell, StatusCounts, cell_of, whole_up
from reports.boards.queries.results import past_of
from reports.models import Attainment
from targets.enums import IndicatorKind
from targets.periods import Quarter
from tests.reports.boards.helpers import PLACE, Q4, cell, head


def test_a_value_is_not_rounded_across_its_line():
    assert numbers.rounded_beside(Decimal("39.996"), 2, [Decimal(40), Decimal(50)]) == Decimal("39.99")
    assert numbers.rounded_beside(Decimal("40.004"), 2, [Decimal(40)]) == Decimal("40.01")


def test_a_need_is_rounded_up_to_what_can_be_done():
    assert whole_up(Decimal("1.2")) == 2
    assert whole_up(Decimal("2.0000")) == 2
    assert whole_up(None) is None


def test_a_cell_without_a_result_is_a_dot():
    blank = Cell(head(), PLACE, Q4)
    assert not blank.judged
    assert (blank.badge.sign, blank.badge.word) == ("·", "不考核")


@pytest.mark.parametrize(
    ("status", "cause", "absent", "sign", "word"),
    [
        (Status.RED, Cause.OVERDUE, 0, "✕", "未达标"),
        (Status.RED, Cause.BEHIND, 0, "✕", "严重滞后"),
        (Status.AMBER, Cause.NONE, 0, "▲", "滞后"),
        (Status.AMBER, Cause.MISSING_UNITS, 2, "▲", "滞后 缺2家"),
        (Status.NO_DATA, Cause.PENDING, 0, "?", "待审"),
        (Status.NOT_DUE, "", 0, "○", "未到期"),
        (Status.GREEN, "", 0, "●", "正常"),
        (Status.MET, Cause.LATE_DONE, 0, "✓", "逾期完成"),
        (Status.NOT_APPLICABLE, "", 0, "—", "不适用"),
    ],
)
def test_a_status_has_a_sign_and_a_word(status, cause, absent, sign, word):
    badge = cell(status=status, cause=cause, absent=absent).badge
    assert (badge.key, badge.sign, badge.word) == (status, sign, word)


def test_need_is_shared_over_the_quarters_left():
    short = cell(needed=Decimal(5), milestone_due=date(2024, 12, 31))
    assert (short.quarters_left, short.per_quarter) == (4, 2)
    assert cell(needed=Decimal(5), milestone_due=date(2023, 12, 31)).per_quarter is None


def test_status_counts_leave_out_what_is_not_judged():
    cells = [cell(), cell(status=Status.RED), cell(status=Status.MET), cell(status="")]
    counts = StatusCounts.of(cells)
    assert (counts.judged, counts.lagging) == (3, 2)
    assert {badge.key: count for badge, count in counts.by_status if count} == {"red": 1, "amber": 1, "met": 1}


def test_a_unit_that_needs_no_number_is_counted_as_one_of_one():
    met = Attainment(quarter=Quarter(2023, 4).ordinal, numerator=Decimal(1), denominator=Decimal(1))
    made = cell_of(met, head(kind=IndicatorKind.EACH), PLACE, at_unit=True)
    assert (made.numerator, made.denominator, made.at_unit) == (1, 1, False)


def test_the_line_is_not_rounded_down_to_the_value_behind_it():
    result = Attainment(
        quarter=Q4.ordinal,
        status=Status.AMBER,
        units=1,
        given=1,
        value=Decimal("5.7141"),
        expected=Decimal("5.7142857143"),
    )
    found = cell_of(result, head(places=2), PLACE)
    assert (found.value, found.expected) == (Decimal("5.71"), Decimal("5.72"))


def test_what_earlier_quarters_brought_is_shown_however_this_one_is_silent():
    for cause in (Cause.SILENT, Cause.UNREVIEWED, Cause.LATE_PENDING):
        result = Attainment(quarter=Q4.ordinal, status=Status.RED, cause=cause, units=2, given=2, value=Decimal(20))
        assert not cell_of(result, head(), PLACE).unreported
        result.given = 0
        assert cell_of(result, head(), PLACE).unreported


def test_of_a_silent_quarter_nothing_enters_the_pace():
    for cause in UNANSWERED:
        result = Attainment(quarter=Q4.ordinal, status=Status.RED, cause=cause, units=2, given=2, value=Decimal(20))
        assert past_of(result).value is None
