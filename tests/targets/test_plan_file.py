from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from targets.enums import IndicatorKind, Schedule, Window
from targets.plan_file import expand_plan, read
from targets.plan_file.citations import document_faults, fault_of, quote_findings
from tests.targets.small_plan import DOCUMENT, SMALL, changed, line_of, small


def only(text: str):
    (problem,) = read(text).problems
    return problem


def replaced(old: str, new: str) -> str:
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


def test_a_right_file_has_no_problems():
    assert small().problems == ()


def test_values_are_read_as_they_stand():
    file = small()
    ((_clause, _item, target),) = file.targets()
    assert file.header.first_day == date(2023, 1, 1)
    assert file.elements[0].part_of == "residents"
    assert file.indicators[0].multiplier == Decimal(100)
    assert [each.value for each in target.milestones] == [Decimal(40), Decimal(50)]
    assert target.milestones[1].quote == "2024年签约率达到50%"
    assert target.citation.paragraph == 2


def test_lines_count_from_one():
    ((_clause, _item, target),) = small().targets()
    assert target.line("schedule") == line_of("schedule: at_due")


def test_a_file_is_read_from_a_path(tmp_path: Path):
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    assert read(path) == small()


def test_a_qualitative_item_makes_its_element_indicator_and_target():
    full = expand_plan(small())
    element, indicator = full.elements[-1], full.indicators[-1]
    target = list(full.targets())[-1][2]
    assert (element.code, indicator.code, target.code) == ("sm-referral",) * 3
    assert element.levels == ("未完成", "基本完成", "全部完成")
    assert element.topic == "签约"
    assert indicator.kind == IndicatorKind.QUALITATIVE
    assert (target.schedule, target.window) == (Schedule.AT_DUE, Window.YEAR)
    assert [(each.due, each.value) for each in target.milestones] == [
        (date(2023, 12, 31), 100),
        (date(2024, 12, 31), 100),
    ]


def test_without_due_days_a_qualitative_item_is_due_at_the_end_of_the_plan():
    full = expand_plan(read(replaced("          due: [2023-12-31, 2024-12-31]\n", "")))
    target = list(full.targets())[-1][2]
    assert target.window == Window.PLAN
    assert [each.due for each in target.milestones] == [date(2024, 12, 31)]


def test_an_item_whose_targets_are_all_states_is_qualitative():
    file = small()
    assert [file.is_qualitative(item) for _clause, item in file.items()] == [False, True]


# One fault, one sentence, at its line.
FAULTS = [
    ("  code: small", "  code: [small", "不是正确的YAML，请检查缩进、括号、冒号和引号（"),
    ("  code: small\n", "", "计划缺少“code”"),
    ("  title: 签约工作方案", "  title: ''", "计划的“title”是空的"),
    ("first_day: 2023-01-01", "first_day: 2023-1-1", "计划的“first_day”应为日期，如2023-12-31"),
    ("first_day: 2023-01-01", "first_day: 2023-02-30", "计划的“first_day”不是日历上的日期：2023-02-30"),
    ('issuer: "410200"', "issuer: 410200", "计划的“issuer”应为文字（像数字、日期的请加引号）"),
    ("[city, county]", "[city, village]",
     "计划的“judged_levels”不能是“village”，只能是：country、province、city、county、township、institution"),
    ("    type: count\n    unit: 人\n    accumulates: stock\n    asked_of: {kinds: [township_hospital]}",
     "    type: counted\n    unit: 人\n    accumulates: stock\n    asked_of: {kinds: [township_hospital]}",
     "数据项的“type”不能是“counted”，只能是：count、decimal、money、yesno、level、date"),
    ("part_of: residents", "part_of: people", "没有数据项“people”"),
    ("code: sm-signing", "code: 签约", "工作任务的“code”应为小写字母、数字和连字符，现为“签约”"),
    ("[bureau], bureau_level: county}", "[bureau]}", "填报单位有 bureau 时，须写 bureau_level"),
    ("    kind: ratio\n    element: signed\n    denominator: {element: residents}\n    multiplier: 100",
     "    kind: total\n    element: signed\n    denominator: {element: residents}",
     "指标“signing-rate”不是比率，不能有 denominator"),
    ("    denominator: {element: residents}\n", "", "指标“signing-rate”是比率，缺少 denominator"),
    ("{element: residents}", "{element: people}", "没有数据项“people”"),
    ("{element: residents}", "{element: residents, quota: true}",
     "指标的分母应写且只写一种：element、constant、quota、last_year"),
    ("    multiplier: 100", "    multiplier: 1_00", "指标的“multiplier”应为普通写法的数，现为“1_00”"),
    ("  - path: 一", "  - path: 一/1", "条款“一/1”之前没有上级条款“一”"),
    ("indicator: signing-rate", "indicator: signing", "没有指标“signing”"),
    ("scope: {kinds: [township_hospital]}", "scope: {kinds: [community_centre]}",
     "目标“sm-rate”的范围里有不填报“signed”的单位"),
    ("schedule: at_due", "schedule: even", "目标“sm-rate”的数据项是季末数，没有 baseline 不能 even"),
    ("comparator: at_least", "comparator: more", "目标的“comparator”不能是“more”，只能是：at_least、at_most、range"),
    ("strength: must", "strength: must\n            rating: 5", "目标里没有“rating”这一项，可用的是："),
    ("strength: must", "strength: must\n            name: 又一个", "目标里的“name”写了两次"),
    ("due: 2023-12-31, value: 40", "due: 2022-12-31, value: 40", "期限2022-12-31不在计划期2023-01-01至2024-12-31内"),
    ("due: 2023-12-31, value: 40", "due: 2024-12-31, value: 40", "期限2024-12-31写了两次"),
    ("value: 40}", "value: 40, high: 60}", "目标“sm-rate”不是区间，节点不能有 high"),
    ("value: 40}", "value: forty}", "节点目标的“value”应为数"),
    ("{due: 2023-12-31, value: 40}", "{due: 2023-12-31}", "节点目标缺少“value”（待下达的写 null）"),
    ("quote: 2023年签约率达到40%, ", "", "引文缺少“quote”"),
    ("offset: 5", "offset: 38", "引文位置38超出文件的40个字"),
    ("          definition: 已印发并执行的填全部完成。\n", "", "定性工作缺少“definition”"),
    ("due: [2023-12-31, 2024-12-31]", "due: [2024-06-30, 2024-12-31]", "定性工作一年只考核一次"),
    ("        citation: {quote: 完善转诊制度, offset: 33, paragraph: 2}\n", "", "工作任务“sm-referral”缺少 citation"),
    ("code: sm-referral", "code: sm-rate", "目标代号“sm-rate”重复"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_a_fault_is_a_sentence(old: str, new: str, sentence: str):
    assert only(replaced(old, new)).message.startswith(sentence)


def test_the_line_of_a_fault_is_the_line_of_its_key():
    assert only(changed(schedule="schedule: sometimes")).line == line_of("schedule: at_due")
    assert only(changed(part_of="part_of: people")).line == line_of("part_of: residents")


def test_every_fault_is_told_not_only_the_first():
    file = small(schedule="schedule: sometimes", part_of="part_of: people", issuer="issuer: 5")
    assert [problem.line for problem in file.problems] == [
        line_of("issuer:"),
        line_of("part_of:"),
        line_of("schedule:"),
    ]


def test_a_repeated_code_names_the_line_that_had_it_first():
    problem = only(replaced("code: sm-referral", "code: sm-rate"))
    assert problem.message == f"目标代号“sm-rate”重复，第{line_of('code: sm-rate')}行已用"


def test_an_element_is_no_part_of_itself():
    text = replaced("    name: 服务人口", "    part_of: signed\n    name: 服务人口")
    assert "数据项“signed”的 part_of 绕回了自己" in [problem.message for problem in read(text).problems]


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ("[25, 50, 75, 100]", ""),
        ("[10, 40, 30, 100]", "目标“sm-rate”的 custom_shares 是累计进度，不能下降"),
        ("[10, 40, 75, 90]", "目标“sm-rate”的 custom_shares 应从不小于0开始，到100结束"),
        ("[10, 40, 100]", "到2023-12-31有4个季度，custom_shares 却有3个数"),
    ],
)
def test_custom_shares_are_one_a_quarter_rising_to_100(shares: str, sentence: str):
    file = small(schedule=f"schedule: custom\n            custom_shares: {shares}")
    assert sentence in [problem.message for problem in file.problems] or not (sentence or file.problems)


def test_custom_shares_and_the_schedule_go_together():
    assert only(changed(schedule="schedule: custom")).message == (
        "目标“sm-rate”的 custom_shares 与 schedule: custom 应同时写"
    )


def test_a_range_needs_its_upper_end():
    messages = [problem.message for problem in small(comparator="comparator: range").problems]
    assert messages == ["目标“sm-rate”是区间，节点缺少上限 high"] * 2


def test_a_value_to_be_assigned_is_null_not_missing():
    file = read(replaced("value: 40}", "value: null}"))
    assert file.problems == ()
    assert next(file.targets())[2].milestones[0].value is None


def test_a_share_counts_units_up_to_100_percent():
    text = replaced("kind: ratio", "kind: share\n    condition: {at_least: 1}")
    text = text.replace("    denominator: {element: residents}\n    multiplier: 100\n", "")
    assert read(text).problems == ()
    assert "节点值应在0到100之间" in only(text.replace("value: 40}", "value: 101}")).message


def test_a_condition_on_a_level_names_one_of_its_levels():
    text = replaced("kind: ratio", "kind: share\n    condition: {at_least: 3}")
    text = text.replace("    denominator: {element: residents}\n    multiplier: 100\n", "")
    text = text.replace("type: count", "type: level\n    levels: [未, 基本, 全部]")
    assert only(text).message == "指标“signing-rate”的条件应为0到2的整数，现为3"


def test_a_file_that_is_no_mapping_is_one_problem():
    assert only("- 1").message == "文件应以 plan、elements、indicators、clauses 开头"
    assert only("").line == 1


def test_a_file_in_another_encoding_is_one_problem(tmp_path: Path):
    path = tmp_path / "gb.yaml"
    path.write_bytes("计划".encode("gb18030"))
    assert [problem.message for problem in read(path).problems] == ["文件不是UTF-8编码"]


def test_quotes_stand_in_the_document():
    assert [each.fault for each in quote_findings(small(), DOCUMENT)] == ["", "", ""]
    assert document_faults(small().header, DOCUMENT.encode()) == []


def test_another_document_is_seen_by_its_hash_and_length():
    assert len(document_faults(small().header, b"other")) == 2


@pytest.mark.parametrize(
    ("offset", "quote", "prefix", "suffix", "fault"),
    [
        (0, "一次", "", "。", ""),
        (4, "一次", "第", "", ""),
        (0, "一次", "", "", "引文在文件里有2处，应写前后文"),
        (1, "一次", "", "。", "此处是“次。”，引文在0"),
        (0, "两次", "", "", "此处是“一次”，文件里没有引文"),
        (0, "一次", "每年", "", "前文不是“每年”"),
        (0, "一次", "", "，", "后文不是“，”"),
    ],
)
def test_a_quote_stands_at_its_place_and_nowhere_else(offset, quote, prefix, suffix, fault):
    assert fault_of("一次。第一次", offset, quote, prefix, suffix) == fault
