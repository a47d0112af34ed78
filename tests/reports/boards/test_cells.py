"""How one result is shown: rounding that crosses no line, and three kinds of nothing."""

from datetime import date
from decimal import Decimal

import pytest

from reports.base.enums import Cause, Status
from reports.boards.pages.cells import Cell, Counts, RegionHead, StatusCounts, TargetHead, cell_of, rounded, whole_up
from reports.models import Attainment
from targets.enums import Comparator, IndicatorKind, Strength
from targets.periods import Quarter

Q4 = Quarter(2023, 4)
PLACE = RegionHead(1, "甲县", "county")


def head(**fields):
    given = {
        "id": 1, "code": "t", "name": "推荐标准占比", "item": "", "kind": IndicatorKind.RATIO, "topic": "基本医疗",
        "clause_id": 1, "clause_path": "3/（一）/4", "clause_title": "", "group_key": "1", "group": "", "unit": "%",
        "places": 2, "element_unit": "人", "needed_unit": "家", "comparator": Comparator.AT_LEAST,
        "strength": Strength.MUST,
    }  # fmt: skip
    return TargetHead(**given | fields)


def cell(target=None, **fields):
    return Cell(target or head(), PLACE, Q4, **{"status": Status.AMBER} | fields)


def test_a_value_is_not_rounded_across_its_line():
    assert rounded(Decimal("39.996"), 2, [Decimal(40), Decimal(50)]) == Decimal("39.99")
    assert rounded(Decimal("40.004"), 2, [Decimal(40)]) == Decimal("40.01")


def test_a_need_is_rounded_up_to_what_can_be_done():
    assert whole_up(Decimal("1.2")) == 2
    assert whole_up(Decimal("2.0000")) == 2
    assert whole_up(None) is None


def test_not_reported_zero_and_not_applicable_read_differently():
    assert cell(status=Status.RED, cause=Cause.UNREPORTED, value=Decimal(0)).value_text == "未报"
    assert cell(value=Decimal("0.00")).value_text == "0.00%"
    assert cell(status=Status.NOT_APPLICABLE).value_text == "—"


@pytest.mark.parametrize(
    ("counts", "word"),
    [({"missing": 2}, "未报"), ({"pending": 1, "missing": 1}, "待审"), ({"awaited": 2}, "待报")],
)
def test_where_nobody_gave_a_figure_there_is_no_number(counts, word):
    assert cell(status=Status.NOT_DUE, counts=Counts(units=2, **counts)).value_text == word


def test_what_is_not_due_shows_nothing_expected():
    assert cell(status=Status.NOT_DUE, value=Decimal(10), expected=Decimal(0)).short_expected == ""
    assert cell(status=Status.AMBER, value=Decimal(10), expected=Decimal(12)).short_expected == "12%"


def test_a_cell_without_a_result_is_a_dot():
    blank = Cell(head(), PLACE, Q4)
    assert not blank.judged
    assert (blank.mark.sign, blank.mark.word) == ("·", "不考核")


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
    mark = cell(status=status, cause=cause, absent=absent).mark
    assert (mark.key, mark.sign, mark.word) == (status, sign, word)


def test_milestones_read_as_the_bureau_writes_them():
    assert cell(milestone=Decimal("40.0000")).milestone_text == "≥40%"
    assert cell(head(comparator=Comparator.AT_MOST, unit=""), milestone=Decimal("2.5")).milestone_text == "≤2.5"
    two_sided = cell(head(comparator=Comparator.RANGE), milestone=Decimal(10), high=Decimal(20))
    assert two_sided.milestone_text == "10～20%"
    assert cell(status=Status.NO_DATA, cause=Cause.NO_TARGET_VALUE).milestone_text == "待下达"


def test_gap_and_need_are_said_in_words():
    short = cell(gap=Decimal("3.20"), needed=Decimal(2), needed_unit="家")
    assert (short.gap_text, short.needed_text) == ("差 3.20 个百分点", "需 2 家")
    beyond = cell(head(comparator=Comparator.AT_MOST), gap=Decimal("1.00"))
    assert beyond.gap_text == "超 1.00 个百分点"
    met = cell(status=Status.MET, gap=Decimal(-1), needed=Decimal(0))
    assert (met.gap_text, met.needed_text) == ("", "")


def test_need_is_shared_over_the_quarters_left():
    short = cell(needed=Decimal(5), milestone_due=date(2024, 12, 31))
    assert (short.quarters_left, short.per_quarter) == (4, 2)
    assert cell(needed=Decimal(5), milestone_due=date(2023, 12, 31)).per_quarter is None


def test_counts_stand_beside_a_percentage_and_not_beside_a_total():
    counted = {"numerator": Decimal("12.0000"), "denominator": Decimal("30.0000")}
    assert cell(**counted).share_text == "12/30"
    assert cell(head(kind=IndicatorKind.TOTAL), **counted).share_text == ""


def test_a_unit_itself_reads_as_have_of_need_unless_the_cell_cannot_hold_it():
    rate = head(kind=IndicatorKind.EACH, unit="%", places=2)
    few = {"numerator": Decimal(1), "denominator": Decimal(2), "value": Decimal(50)}
    pay = {"numerator": Decimal("66893.09"), "denominator": Decimal("70080.53"), "value": Decimal("95.45")}
    answered = {"status": Status.AMBER, "at_unit": True, "counts": Counts(units=1, given=1, reported=1)}
    assert cell(rate, **answered, **few).short_value == "1/2"
    assert cell(rate, **answered, **pay).short_value == "95.45%"


def test_reported_of_expected():
    assert Counts(units=10, reported=8, pending=1, missing=1).text == "8/10（待审 1）"
    assert Counts(units=10, reported=8, pending=1, missing=1).absence_text == "待审 1、未报 1"
    assert Counts(units=3, reported=3).text == "3/3"


@pytest.mark.parametrize(
    ("numerator", "partly", "reported", "text"),
    [(1, 0, 1, "全部完成"), (0, 1, 1, "基本完成"), (0, 0, 1, "未完成"), (0, 0, 0, "—")],
)
def test_a_single_unit_answers_by_state(numerator, partly, reported, text):
    counts = Counts(units=1, partly=partly, reported=reported, given=reported)
    target = head(kind=IndicatorKind.QUALITATIVE)
    assert cell(target, numerator=Decimal(numerator), counts=counts).state_text == text


def test_many_units_answer_by_counts_of_states():
    counts = Counts(units=10, partly=1, reported=10, given=10)
    target = head(kind=IndicatorKind.QUALITATIVE)
    assert cell(target, numerator=Decimal(8), counts=counts).short_value == "全部 8/10，基本 1"


def test_status_counts_leave_out_what_is_not_judged():
    cells = [cell(), cell(status=Status.RED), cell(status=Status.MET), cell(status="")]
    counts = StatusCounts.of(cells)
    assert (counts.judged, counts.lagging) == (3, 2)
    assert {mark.key: count for mark, count in counts.by_status if count} == {"red": 1, "amber": 1, "met": 1}


def test_a_unit_that_needs_no_number_is_counted_as_one_of_one():
    met = Attainment(quarter=Quarter(2023, 4).ordinal, numerator=Decimal(1), denominator=Decimal(1))
    made = cell_of(met, head(kind=IndicatorKind.EACH), PLACE, at_unit=True)
    assert (made.numerator, made.denominator, made.at_unit) == (1, 1, False)
