"""How a cell is said: numbers with their units, and kinds of nothing that read differently."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from reports.base.enums import Cause, Status
from reports.boards.pages.cell_words import (
    absence_text,
    answered_text,
    counts_beside,
    gap_text,
    hint_text,
    line_text,
    milestone_text,
    needed_text,
    pace_text,
    share_text,
    short_expected,
    short_value,
    state_text,
    unreported_word,
    value_text,
)
from reports.boards.pages.cells import Counts
from reports.judging.flags import Hint, Pace
from targets.enums import Comparator, IndicatorKind
from tests.reports.boards.helpers import cell, head


def test_not_reported_zero_and_not_applicable_read_differently():
    assert value_text(cell(status=Status.RED, cause=Cause.UNREPORTED, value=Decimal(0))) == "未报"
    assert value_text(cell(value=Decimal("0.00"))) == "0%"
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
    assert (gap_text(short), needed_text(short)) == ("差 3.2 个百分点", "需 2 家")
    beyond = cell(head(comparator=Comparator.AT_MOST), gap=Decimal("1.00"))
    assert gap_text(beyond) == "超 1 个百分点"
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
    assert [short_value(cell(rate, **answered, **known)) for known in (few, pay)] == ["1/2", "95.45%"]
    assert [value_text(cell(rate, **answered, **known)) for known in (few, pay)] == ["1/2", "95.45%"]
    counted = cell(rate, **answered, **few, milestone=Decimal(100), gap=Decimal(50))
    assert (milestone_text(counted), gap_text(counted)) == ("≥2 人", "差 1 人")
    assert pace_text(Pace(Fraction(50), Fraction(25), 1), counted) == "还需每季 +1 人（近期平均每季 +0.5 人）"
    assert [counts_beside(cell(rate, **answered, **known)) for known in (few, pay)] == ["", "66,893.09/70,080.53"]


def test_reported_of_expected():
    assert answered_text(Counts(units=10, reported=8, pending=1, missing=1)) == "8/10（待审 1）"
    assert absence_text(Counts(units=10, reported=8, pending=1, missing=1)) == "待审 1、未报 1"
    assert absence_text(Counts(units=10, reported=7, missing=3, late_review=2)) == "未报 1、补报待审 2"
    assert unreported_word(Counts(units=2, missing=2, late_review=1)) == "未报"
    assert unreported_word(Counts(units=2, missing=2, late_review=2)) == "补报待审"
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


@pytest.mark.parametrize(("value", "text"), [("80.00", "80%"), ("80.50", "80.5%"), ("39.99", "39.99%"), ("0.00", "0%")])
def test_a_percentage_has_one_form_in_the_matrix_and_beside_it(value, text):
    shown = cell(value=Decimal(value))
    assert (short_value(shown), value_text(shown)) == (text, text)


@pytest.mark.parametrize(
    ("pace", "text"),
    [
        (Pace(Fraction(5), Fraction(2), 2), "还需每季 +5 个百分点，近期每季 +2 个百分点"),
        (Pace(Fraction(5), Fraction(-2), 2), "还需每季 +5 个百分点，近期每季 −2 个百分点"),
        (Pace(Fraction(5), Fraction(0), 2), "还需每季 +5 个百分点，近期每季 +0 个百分点"),
        (Pace(Fraction(5), None, 2), "还需每季 +5 个百分点，进度未知"),
        (Pace(Fraction(5), Fraction(2), 2, falling=True), "还需每季 −5 个百分点，近期每季 −2 个百分点"),
        (Pace(Fraction(5), Fraction(-2), 2, falling=True), "还需每季 −5 个百分点，近期每季 +2 个百分点"),
        (Pace(Fraction("5.004"), Fraction(5), 2), "还需每季 +5.01 个百分点，近期每季 +5 个百分点"),
        (None, "本季没有数值，进度未知"),
    ],
)
def test_a_hint_says_what_each_quarter_must_bring_against_what_it_brought(pace, text):
    hinted = cell(status=Status.NOT_DUE, hint=Hint(2, pace))
    assert hint_text(hinted) == f"提示：距到期还有 2 季，{text}"


def test_a_pace_downwards_is_said_with_a_minus():
    assert pace_text(Pace(Fraction(4), Fraction(2), 2, falling=True), cell()) == (
        "还需每季 −4 个百分点（近期平均每季 −2 个百分点）"
    )
