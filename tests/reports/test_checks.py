"""Findings between the answers of one return, on values in memory."""

from datetime import date
from decimal import Decimal

import pytest

from institutions.models import Institution
from reports.answers import NOT_DONE, Answer, Question
from reports.checks import Severity, check, hard
from targets.enums import Accumulation, ElementType
from targets.models import DataElement
from targets.periods import Quarter

HOSPITAL, CLINIC = Institution(pk=1, name="某镇卫生院"), Institution(pk=2, name="东村卫生室")
ALL = DataElement(pk=10, name="全部诊疗人次", type=ElementType.COUNT, unit="人次", accumulation=Accumulation.FLOW)
PART = DataElement(
    pk=11, name="基层诊疗人次", type=ElementType.COUNT, unit="人次", accumulation=Accumulation.FLOW, whole=ALL
)
RUNNING = DataElement(
    pk=12,
    name="培训人次",
    type=ElementType.COUNT,
    unit="人",
    accumulation=Accumulation.RUNNING,
    allow_not_applicable=True,
)
STOCK = DataElement(pk=13, name="信息化人员", type=ElementType.COUNT, unit="人", accumulation=Accumulation.STOCK)
EQUIPPED = DataElement(pk=14, name="是否配齐", type=ElementType.YESNO, accumulation=Accumulation.STOCK)
NEW = DataElement(pk=15, name="本季是否新配齐", type=ElementType.YESNO, accumulation=Accumulation.FLOW, whole=EQUIPPED)
STATE = DataElement(pk=16, name="机制", type=ElementType.LEVEL, levels=["未", "基本", "全部"])
DONE_ON = DataElement(pk=17, name="验收日期", type=ElementType.DATE)


def question(element, **known):
    known = {name: Decimal(value) if isinstance(value, int) else value for name, value in known.items() if value != ""}
    return Question(element, HOSPITAL, **known)


def answer(element, value, note="", subject=HOSPITAL):
    amount = None if value is None else Decimal(value)
    return Answer(element.pk, subject.pk, amount, not_applicable=value is None, note=note)


def findings(questions, answers):
    return [(found.severity, found.message) for found in check(questions, answers, Quarter(2024, 1))]


def soft(element, value, **known):
    return findings([question(element, **known)], [answer(element, value)])


def test_zero_is_an_answer():
    assert soft(ALL, 0) == []


@pytest.mark.parametrize(
    ("element", "sentence"),
    [
        (ALL, "未填。没有发生的请填 0。"),
        (RUNNING, "未填。没有发生的请填 0；确实不适用的请勾选“不适用”并写明原因。"),
        (EQUIPPED, "未填。"),
    ],
)
def test_no_answer_is_hard(element, sentence):
    assert findings([question(element)], []) == [(Severity.HARD, sentence)]


def test_not_applicable_needs_a_reason():
    assert findings([question(RUNNING)], [answer(RUNNING, None, "  ")]) == [(Severity.HARD, "请写明不适用的原因。")]
    assert findings([question(RUNNING)], [answer(RUNNING, None, "无此业务")]) == []


def test_not_applicable_where_it_is_not_allowed():
    assert findings([question(ALL)], [answer(ALL, None, "无此业务")]) == [(Severity.HARD, "此项不能填不适用。")]


@pytest.mark.parametrize(
    ("element", "value", "sentence"),
    [
        (ALL, -1, "不能填负数。"),
        (ALL, "1.5", "应填整数，不能带小数。"),
        (EQUIPPED, 2, "请选“是”或“否”。"),
        (STATE, 3, "请从“未、基本、全部”中选一项。"),
    ],
)
def test_a_number_that_is_no_answer(element, value, sentence):
    assert soft(element, value) == [(Severity.HARD, sentence)]


@pytest.mark.parametrize(("value", "expected"), [(100, []), (0, [])])
def test_a_part_up_to_its_whole_passes(value, expected):
    assert findings([question(ALL), question(PART)], [answer(ALL, 100), answer(PART, value)]) == expected


def test_a_part_over_its_whole():
    assert findings([question(ALL), question(PART)], [answer(ALL, 1000), answer(PART, 1001)]) == [
        (Severity.HARD, "1,001 大于“全部诊疗人次”的 1,000，部分不能大于总数。")
    ]


def test_a_part_of_a_yes_no():
    assert findings([question(EQUIPPED), question(NEW)], [answer(EQUIPPED, 0), answer(NEW, 1)]) == [
        (Severity.HARD, "填“是”时，“是否配齐”也应为“是”。")
    ]


def test_a_part_is_held_against_its_own_units_whole_only():
    questions = [question(ALL), Question(PART, CLINIC)]
    assert findings(questions, [answer(ALL, 1), answer(PART, 5, subject=CLINIC)]) == []


def test_a_part_of_a_whole_that_is_not_applicable_passes():
    whole = DataElement(pk=20, name="总", type=ElementType.COUNT, allow_not_applicable=True)
    part = DataElement(pk=21, name="分", type=ElementType.COUNT, whole=whole)
    assert findings([question(whole), question(part)], [answer(whole, None, "无"), answer(part, 5)]) == []


@pytest.mark.parametrize(("value", "hard_ones"), [(119, 1), (120, 0), (121, 0)])
def test_a_running_total_may_not_fall(value, hard_ones):
    found = check([question(RUNNING, floor=120)], [answer(RUNNING, value)], Quarter(2024, 2))
    assert [finding.message for finding in hard(found)] == ["本年累计数不能小于前一季的 120 人。"] * hard_ones


def test_a_date_after_the_quarter():
    assert soft(DONE_ON, date(2024, 3, 31).toordinal()) == []
    assert soft(DONE_ON, date(2024, 4, 1).toordinal()) == [
        (Severity.HARD, "日期晚于本季末 2024年3月31日，本季只填已经完成的。")
    ]


def test_a_date_not_reached_passes():
    assert soft(DONE_ON, NOT_DONE) == []


@pytest.mark.parametrize(
    ("last", "value", "sentence"),
    [
        (100, 130, ""),
        (100, 131, "比上季（100 人次）增加 31%，请核实。"),
        (100, 70, ""),
        (100, 69, "比上季（100 人次）减少 31%，请核实。"),
        (9, 3, ""),
        (9, 10, ""),
        (9, 12, "比上季（9 人次）增加 33%，请核实。"),
        (0, 9, ""),
        (0, 10, "上季为 0，请核实。"),
        (20, 0, "比上季（20 人次）减少 100%，请核实。"),
    ],
)
def test_a_large_change_is_soft(last, value, sentence):
    assert soft(ALL, value, last=last) == ([(Severity.SOFT, sentence)] if sentence else [])


def test_a_first_quarter_has_nothing_to_compare():
    assert soft(ALL, 1000) == []


def test_a_running_total_is_compared_by_its_rise():
    assert soft(RUNNING, 150, floor=100, last=100, last_rise=50) == []
    assert soft(RUNNING, 200, floor=100, last=100, last_rise=50) == [
        (Severity.SOFT, "比上季（50 人）增加 100%，请核实。")
    ]


def test_a_running_total_in_january_is_compared_by_its_rise():
    assert soft(RUNNING, 50, last=400, last_rise=50) == []


def test_a_yes_no_has_no_percent():
    assert soft(EQUIPPED, 1, last=0) == []


def test_a_state_without_an_account_is_soft():
    known = Question(STATE, HOSPITAL, qualitative=True)
    assert findings([known], [answer(STATE, 1)]) == [(Severity.SOFT, "没有写完成情况说明，请补充做了什么。")]
    assert findings([known], [answer(STATE, 1, "已发文")]) == []


def test_a_field_says_one_hard_sentence_and_then_no_soft_one():
    assert soft(STOCK, "1.5", last=100) == [(Severity.HARD, "应填整数，不能带小数。")]


def test_findings_come_in_the_order_of_the_questions():
    keys = [finding.key for finding in check([question(STOCK), question(ALL)], [], Quarter(2024, 1))]
    assert keys == [(13, 1), (10, 1)]
