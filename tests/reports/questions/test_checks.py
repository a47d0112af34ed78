"""Findings between the answers of one return, on values in memory."""

from datetime import date
from decimal import Decimal

import pytest

from institutions.models import Institution
from reports.questions.answers import NOT_DONE, Answer, Comparison, OfficialValue, Question, RegionGoal
from reports.questions.checks import Severity, check_answers, facts_for_page, hard_findings, unexplained_findings
from targets.enums import Accumulation, ElementType, Operator
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
ROOM = DataElement(pk=18, name="用房是否达标", type=ElementType.YESNO, accumulation=Accumulation.STOCK)
STATE = DataElement(pk=16, name="机制", type=ElementType.LEVEL, levels=["未", "基本", "全部"])
DONE_ON = DataElement(pk=17, name="验收日期", type=ElementType.DATE)


def question(element, **known):
    known = {name: Decimal(value) if isinstance(value, int) else value for name, value in known.items() if value != ""}
    return Question(element, HOSPITAL, **known)


def answer(element, value, note="", subject=HOSPITAL):
    amount = None if value is None else Decimal(value)
    return Answer(element.pk, subject.pk, amount, not_applicable=value is None, note=note)


def findings(questions, answers):
    return [(found.severity, found.message) for found in check_answers(questions, answers, Quarter(2024, 1))]


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
    found = check_answers([question(RUNNING, floor=120)], [answer(RUNNING, value)], Quarter(2024, 2))
    assert [finding.message for finding in hard_findings(found)] == [
        "本年累计数不能小于前一季的 120 人。前一季有误的，请先申请更正。"
    ] * hard_ones


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
    keys = [finding.key for finding in check_answers([question(STOCK), question(ALL)], [], Quarter(2024, 1))]
    assert keys == [(13, 1), (10, 1)]


# --- Against last year, against itself, against what is to be reached ---------------------------------------------


@pytest.mark.parametrize(
    ("before", "value", "sentence"),
    [
        (100, 130, ""),
        (100, 131, "比上年同期（100 人次）增加 31%，请核实。"),
        (100, 69, "比上年同期（100 人次）减少 31%，请核实。"),
        (9, 3, ""),
        (0, 10, "上年同期为 0，请核实。"),
    ],
)
def test_a_large_change_on_the_year_is_soft(before, value, sentence):
    assert soft(ALL, value, year_before=before) == ([(Severity.SOFT, sentence)] if sentence else [])


def test_a_running_total_is_compared_with_last_years_rise():
    known = {"floor": 100, "year_before": 900, "year_before_rise": 50}
    assert soft(RUNNING, 150, **known) == []
    assert soft(RUNNING, 180, **known) == [(Severity.SOFT, "比上年同期（50 人）增加 60%，请核实。")]


def test_a_change_on_the_quarter_and_one_on_the_year_are_two_findings():
    assert soft(ALL, 200, last=100, year_before=400) == [
        (Severity.SOFT, "比上季（100 人次）增加 100%，请核实。"),
        (Severity.SOFT, "比上年同期（400 人次）减少 50%，请核实。"),
    ]


@pytest.mark.parametrize(("element", "value", "found"), [(ALL, 100, 1), (ALL, 9, 0), (STOCK, 100, 0)])
def test_a_flow_equal_to_the_last_one_is_soft(element, value, found):
    same = (Severity.SOFT, f"与上季（{value} 人次）完全相同，请核实。")
    assert soft(element, value, last=value) == [same] * found


@pytest.mark.parametrize(
    ("wanted", "before", "value", "found"), [(20, 10, 20, 0), (20, 10, 21, 1), (19, 0, 100, 0), (200, 0, 301, 1)]
)
def test_over_half_as_much_again_as_the_goal_is_soft(wanted, before, value, found):
    goal = RegionGoal("建设800个", Decimal(wanted), Decimal(before))
    sentence = f"连同已通过的共 {before + value} 人次，超过目标“建设800个”（{wanted} 人次）的 150%，请核实。"
    assert soft(ALL, value, goals=(goal,)) == [(Severity.SOFT, sentence)] * found


def test_a_running_total_counts_by_its_rise_towards_the_goal():
    goal = RegionGoal("培训", Decimal(20), Decimal(25))
    assert soft(RUNNING, 30, floor=25, goals=(goal,)) == []


def official(is_of_year):
    return OfficialValue("常住人口", Decimal(5000), "人", 2024 if is_of_year else 2023, is_of_year)


def test_a_part_of_an_official_number():
    assert soft(STOCK, 5000, official=official(is_of_year=True)) == []
    assert soft(STOCK, 5001, official=official(is_of_year=True)) == [
        (Severity.HARD, "5,001 大于本地2024年常住人口 5,000 人，部分不能大于总数。")
    ]


def test_last_years_official_number_may_be_outgrown():
    assert soft(STOCK, 5001, official=official(is_of_year=False)) == [
        (Severity.SOFT, "5,001 大于本地2023年常住人口 5,000 人，今年的数还没有录入，请核实。")
    ]


# --- What plans keep as data --------------------------------------------------------------------------------------


def comparison(left, operator, right=(), **more):
    made = {"severity": Severity.HARD, "message": "{left} 与 {right} 不符。"} | more
    return Comparison(tuple(left), Operator(operator), tuple(right), **made)


def of_plan(values, *comparisons):
    """The findings at the first of the elements; `values` by element."""
    questions = [Question(element, HOSPITAL) for element in values]
    questions[0] = Question(questions[0].element, HOSPITAL, comparisons=comparisons)
    given = [answer(element, value, "无" if value is None else "") for element, value in values.items()]
    return check_answers(questions, given, Quarter(2024, 1))


@pytest.mark.parametrize(
    ("operator", "holds"),
    [("<=", [1, 1, 0]), ("<", [1, 0, 0]), ("=", [0, 1, 0]), (">=", [0, 1, 1]), (">", [0, 0, 1])],
)
def test_a_comparison_holds_below_at_and_above(operator, holds):
    rule = comparison([ALL], operator, [STOCK])
    assert [int(not of_plan({ALL: value, STOCK: 10}, rule)) for value in (9, 10, 11)] == holds


def test_a_comparison_adds_up_both_sides_and_says_both_amounts():
    rule = comparison([ALL, STOCK], "<=", [RUNNING], factor=Decimal("1.5"), number=Decimal(-1))
    values = {ALL: 1000, STOCK: 1, RUNNING: 100}
    assert [found.message for found in of_plan(values, rule)] == ["1,001 人次 与 149 人 不符。"]


def test_a_comparison_with_a_number_alone():
    rule = comparison([ALL], ">", message="{left}，应多于 {right}。", severity=Severity.SOFT)
    assert [(found.severity, found.message) for found in of_plan({ALL: 0}, rule)] == [
        (Severity.SOFT, "0 人次，应多于 0 人次。")
    ]


def test_a_comparison_of_yes_and_no():
    rule = comparison([EQUIPPED], ">=", [ROOM], message="配齐 {left}，用房 {right}。")
    assert [found.message for found in of_plan({EQUIPPED: 0, ROOM: 1}, rule)] == ["配齐 否，用房 是。"]


def test_a_comparison_is_passed_over_where_a_number_is_not_applicable():
    assert of_plan({ALL: 5, RUNNING: None}, comparison([ALL], "<", [RUNNING])) == []


def test_a_comparison_is_found_at_the_first_number_and_names_the_others():
    (found,) = of_plan({ALL: 5, STOCK: 1}, comparison([ALL], "<=", [STOCK]))
    assert (found.key, found.others, found.check) == ((10, 1), ((13, 1),), "of_a_plan")


def test_two_plans_that_say_the_same_say_it_once():
    rule = comparison([ALL], "<=", [STOCK], severity=Severity.SOFT)
    assert len(of_plan({ALL: 5, STOCK: 1}, rule, rule)) == 1


def test_a_message_with_braces_of_its_own_is_said_as_it_stands():
    rule = comparison([ALL], "<", message="{left} {0} {")
    assert [found.message for found in of_plan({ALL: 5}, rule)] == ["5 人次 {0} {"]


def test_comparisons_for_the_page():
    yes_no, numbers = comparison([NEW], "<=", [EQUIPPED]), comparison([ALL, STOCK], "<=", [RUNNING])
    questions = [Question(NEW, HOSPITAL, comparisons=(yes_no,)), Question(ALL, HOSPITAL, comparisons=(numbers,))]
    assert facts_for_page(questions) == [
        {
            "left": ["10-1", "13-1"],
            "operator": "<=",
            "right": ["12-1"],
            "factor": "1",
            "number": "0",
            "severity": "hard",
            "message": "{left} 与 {right} 不符。",
            "left_unit": "人次",
            "right_unit": "人",
        }
    ]


# --- A word of explanation ----------------------------------------------------------------------------------------


def left_open(question, given):
    return [
        found.message for found in unexplained_findings(check_answers([question], [given], Quarter(2024, 1)), [given])
    ]


def test_a_soft_finding_asks_for_a_note():
    known = question(ALL, last=100)
    assert left_open(known, answer(ALL, 200)) == [
        "比上季（100 人次）增加 100%，请核实。请在“核实说明”中写一句原因，再提交。"
    ]
    assert left_open(known, answer(ALL, 200, "  ")) != []
    assert left_open(known, answer(ALL, 200, "集中体检。")) == []


def test_two_soft_findings_of_a_field_ask_once():
    assert left_open(question(ALL, last=100, year_before=100), answer(ALL, 200)) == [
        "比上季（100 人次）增加 100%，请核实。比上年同期（100 人次）增加 100%，请核实。"
        "请在“核实说明”中写一句原因，再提交。"
    ]


def test_an_account_is_asked_for_in_its_own_words():
    known = Question(STATE, HOSPITAL, qualitative=True)
    assert left_open(known, answer(STATE, 1)) == ["没有写完成情况说明，请补充做了什么。"]


def test_a_hard_finding_is_not_explained_away():
    assert left_open(question(ALL), answer(ALL, -1)) == []
