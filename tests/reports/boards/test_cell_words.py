"""How a cell is said: numbers with their units, and kinds of nothing that read differently."""

from datetime import date
from decimal import Decimal

import pytest

from reports.base.enums import Cause, Status
from reports.boards.pages.cell_words import (
    absence_text,
    answered_text,
    gap_text,
    line_text,
    milestone_text,
    needed_text,
    share_text,
    short_expected,
    short_value,
    state_text,
    value_text,
)
from reports.boards.pages.cells import Counts
from targets.enums import Comparator, IndicatorKind
from tests.reports.boards.helpers import cell, head


def test_not_reported_zero_and_not_applicable_read_differently():
    assert value_text(cell(status=Status.RED, cause=Cause.UNREPORTED, value=Decimal(0))) == "未报"
    assert value_text(cell(value=Decimal("0.00"))) == "0.00%"
    assert value_text(cell(status=Status.NOT_APPLICABLE)) == "—"


@pytest.mark.parametrize(
    ("counts", "word"),
    [({"missing": 2}, "未报"), ({"pending": 1, "missing": 1}, "待审"), ({"awaited": 2}, "待报")],
)
def test_where_nobody_gave_a_figure_there_is_no_number(counts, word):
    assert value_text(cell(status=Status.NOT_DUE, counts=Counts(units=2, **counts))) == word


def test_what_is_not_due_shows_nothing_expected():
    assert short_expected(cell(status=Status.NOT_DUE, value=Decimal(10), expected=Decimal(0))) == ""
    assert short_expected(cell(status=Status.AMBER, value=Decimal(10), expected=Decimal(12))) == "12%"


def test_milestones_read_as_the_bureau_writes_them():
    assert milestone_text(cell(milestone=Decimal("40.0000"))) == "≥40%"
    assert milestone_text(cell(head(comparator=Comparator.AT_MOST, unit=""), milestone=Decimal("2.5"))) == "≤2.5"
    two_sided = cell(head(comparator=Comparator.RANGE), milestone=Decimal(10), high=Decimal(20))
    assert milestone_text(two_sided) == "10～20%"
    assert milestone_text(cell(status=Status.NO_DATA, cause=Cause.NO_TARGET_VALUE)) == "待下达"


def test_gap_and_need_are_said_in_words():
    short = cell(gap=Decimal("3.20"), needed=Decimal(2), needed_unit="家")
    assert (gap_text(short), needed_text(short)) == ("差 3.20 个百分点", "需 2 家")
    beyond = cell(head(comparator=Comparator.AT_MOST), gap=Decimal("1.00"))
    assert gap_text(beyond) == "超 1.00 个百分点"
    met = cell(status=Status.MET, gap=Decimal(-1), needed=Decimal(0))
    assert (gap_text(met), needed_text(met)) == ("", "")


def test_counts_stand_beside_a_percentage_and_not_beside_a_total():
    counted = {"numerator": Decimal("12.0000"), "denominator": Decimal("30.0000")}
    assert share_text(cell(**counted)) == "12/30"
    assert share_text(cell(head(kind=IndicatorKind.TOTAL), **counted)) == ""


def test_a_unit_itself_reads_as_have_of_need_unless_the_cell_cannot_hold_it():
    rate = head(kind=IndicatorKind.EACH, unit="%", places=2)
    few = {"numerator": Decimal(1), "denominator": Decimal(2), "value": Decimal(50)}
    pay = {"numerator": Decimal("66893.09"), "denominator": Decimal("70080.53"), "value": Decimal("95.45")}
    answered = {"status": Status.AMBER, "at_unit": True, "counts": Counts(units=1, given=1, reported=1)}
    assert short_value(cell(rate, **answered, **few)) == "1/2"
    assert short_value(cell(rate, **answered, **pay)) == "95.45%"


def test_reported_of_expected():
    assert answered_text(Counts(units=10, reported=8, pending=1, missing=1)) == "8/10（待审 1）"
    assert absence_text(Counts(units=10, reported=8, pending=1, missing=1)) == "待审 1、未报 1"
    assert answered_text(Counts(units=3, reported=3)) == "3/3"


@pytest.mark.parametrize(
    ("numerator", "partly", "reported", "text"),
    [(1, 0, 1, "全部完成"), (0, 1, 1, "基本完成"), (0, 0, 1, "未完成"), (0, 0, 0, "—")],
)
def test_a_single_unit_answers_by_state(numerator, partly, reported, text):
    counts = Counts(units=1, partly=partly, reported=reported, given=reported)
    target = head(kind=IndicatorKind.QUALITATIVE)
    assert state_text(cell(target, numerator=Decimal(numerator), counts=counts)) == text


def test_many_units_answer_by_counts_of_states():
    counts = Counts(units=10, partly=1, reported=10, given=10)
    target = head(kind=IndicatorKind.QUALITATIVE)
    assert short_value(cell(target, numerator=Decimal(8), counts=counts)) == "全部 8/10，基本 1"


def test_a_milestone_is_said_with_its_day():
    assert line_text(cell(milestone=Decimal(40), milestone_due=date(2023, 12, 31))) == "≥40% 2023年底"
    assert line_text(cell(milestone=Decimal(40), milestone_due=date(2023, 6, 30))) == "≥40% 2023年6月30日"
    assert line_text(cell(milestone=Decimal(40))) == ""
