"""The checks of plan files speak to people who have never seen one."""

import pytest

from targets.labels import column_label, in_words
from targets.models import DataElement, Indicator, Target


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("填报单位有 bureau 时，须写 bureau_level", "填报单位有卫生健康行政部门时，须写行政级别"),
        ("bureau_level 只用于 bureau、supervision_office", "行政级别只用于卫生健康行政部门、政府督查机构"),
        ("目标“x”是区间，节点缺少上限 high", "目标“x”是区间，节点缺少上限"),
        ("目标“x”不是区间，节点不能有 high", "目标“x”不是区间，节点不能有上限"),
        ("指标“x”不是比率，不能有 multiplier 和 offset", "指标“x”不是比率，不能有乘数和加数"),
        ("目标“even”的数据项是季末数，没有 baseline 不能 even", "目标“even”的数据项是季末数，没有基数不能按季均衡"),
        ("到2023-12-31有4个季度，custom_shares 却有3个数", "到2023-12-31有4个季度，各季进度却有3个数"),
        ("目标“x”与上年同期比较，window 应为 year", "目标“x”与上年同期比较，累计区间应为按年"),
    ],
)
def test_words_of_the_plan_file_become_those_of_the_page(said, read):
    assert in_words(said) == read


def test_codes_in_quotes_become_names():
    said = in_words("“beds”与“rooms”的类型不同，无法比较", {"beds": "床位数"})
    assert said == "“床位数”与“rooms”的类型不同，无法比较"


def test_english_words_of_an_english_sentence_stay():
    said = 'The data element of target "sm-rate" is a stock: without a baseline it cannot be even'
    assert in_words(said, {"sm-rate": "签约率"}) == said.replace("sm-rate", "签约率")


def test_every_column_has_a_name():
    assert [column_label(Target, name) for name in ("quote", "offset", "units")] == ["原文", "引文位置", "点名机构"]
    assert (column_label(Indicator, "offset"), column_label(DataElement, "whole")) == ("加数", "属于哪个数据项")
