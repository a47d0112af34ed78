"""Reading what was typed, and writing what is stored."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.questions import answers
from reports.questions.answers import UnreadableAnswerError, answer_text, parse_answer, typed_text
from targets.enums import ElementType
from targets.models import DataElement

VISITS = DataElement(type=ElementType.COUNT, unit="人次")
RATE = DataElement(type=ElementType.DECIMAL, unit="%", places=2)
PAY = DataElement(type=ElementType.MONEY, unit="元", places=2)
EQUIPPED = DataElement(type=ElementType.YESNO)
GRADE = DataElement(type=ElementType.LEVEL, levels=["未达标", "基本标准", "推荐标准"])
OPENED = DataElement(type=ElementType.DATE)


@pytest.mark.parametrize(
    ("text", "element", "value"),
    [
        ("0", VISITS, "0"),
        ("1234", VISITS, "1234"),
        ("1,234", VISITS, "1234"),
        ("１，２３４", VISITS, "1234"),
        ("1 234", VISITS, "1234"),
        ("　12　人次", VISITS, "12"),
        ("12.00", VISITS, "12"),
        ("+5", VISITS, "5"),
        ("39.5%", RATE, "39.5"),
        ("３９．５％", RATE, "39.5"),
        ("39。5", RATE, "39.5"),
        ("￥1,234.50元", PAY, "1234.50"),
        ("是", EQUIPPED, "1"),
        ("否", EQUIPPED, "0"),
        ("Yes", EQUIPPED, "1"),
        ("0", EQUIPPED, "0"),
        ("推荐标准", GRADE, "2"),
        ("未达标", GRADE, "0"),
        ("2023-03-05", OPENED, date(2023, 3, 5).toordinal()),
        ("2023年3月5日", OPENED, date(2023, 3, 5).toordinal()),
        ("２０２３／３／５", OPENED, date(2023, 3, 5).toordinal()),
        ("2023.3.5", OPENED, date(2023, 3, 5).toordinal()),
        ("尚未完成", OPENED, date.max.toordinal()),
    ],
)
def test_parse_reads(text, element, value):
    assert parse_answer(text, element) == Decimal(value)


@pytest.mark.parametrize("text", ["", "   ", "　"])
def test_parse_of_nothing_is_no_answer(text):
    assert parse_answer(text, VISITS) is None


@pytest.mark.parametrize(
    ("text", "element", "sentence"),
    [
        ("abc", VISITS, "“abc”不是数字，请只填阿拉伯数字。"),
        ("十二", VISITS, "“十二”不是数字，请只填阿拉伯数字。"),
        ("12,34", VISITS, "“12,34”不是数字，请只填阿拉伯数字。"),
        ("1.2万", VISITS, "“1.2万”不是数字，请只填阿拉伯数字。"),
        ("1e5", VISITS, "“1e5”不是数字，请只填阿拉伯数字。"),
        ("NaN", VISITS, "“NaN”不是数字，请只填阿拉伯数字。"),
        ("-1", VISITS, "不能填负数。"),
        ("1.5", VISITS, "应填整数，不能带小数。"),
        ("39.555", RATE, "最多保留 2 位小数。"),
        ("9999999999999999", VISITS, "数字过大，请核对单位。"),
        ("也许", EQUIPPED, "请选“是”或“否”。"),
        ("优秀", GRADE, "请从“未达标、基本标准、推荐标准”中选一项。"),
        ("三月五日", OPENED, "日期请写成 2023-03-05 或 2023年3月5日；没有完成的写“尚未完成”。"),
        ("2023年2月30日", OPENED, "没有“2023年2月30日”这一天，请核对。"),
    ],
)
def test_parse_refuses_with_one_sentence(text, element, sentence):
    with pytest.raises(UnreadableAnswerError) as refused:
        parse_answer(text, element)
    assert str(refused.value) == sentence


@given(st.text(max_size=30), st.sampled_from([VISITS, RATE, PAY, EQUIPPED, GRADE, OPENED]))
def test_parse_never_fails_otherwise(text, element):
    with suppress(UnreadableAnswerError):
        value = parse_answer(text, element)
        assert value is None or answers.problem_of(value, element) == ""


@given(st.decimals(min_value=0, max_value=10**12 - 1, places=2))
def test_what_is_typed_back_reads_as_the_same_value(value):
    assert parse_answer(typed_text(value, PAY), PAY) == value
    assert parse_answer(answer_text(value, PAY, unit=True), PAY) == value


@pytest.mark.parametrize(
    ("value", "element", "text"),
    [
        (None, VISITS, "—"),
        (0, VISITS, "0"),
        (1234, VISITS, "1,234"),
        ("39.5000", RATE, "39.50"),
        (1, EQUIPPED, "是"),
        (0, EQUIPPED, "否"),
        (1, GRADE, "基本标准"),
        (date(2023, 3, 5).toordinal(), OPENED, "2023年3月5日"),
        (date.max.toordinal(), OPENED, "尚未完成"),
    ],
)
def test_written_is_for_reading(value, element, text):
    assert answer_text(None if value is None else Decimal(value), element) == text


@pytest.mark.parametrize(
    ("value", "element", "text"),
    [
        (None, VISITS, ""),
        ("0.0000", VISITS, "0"),
        ("1200.0000", VISITS, "1200"),
        ("39.5000", RATE, "39.5"),
        (0, EQUIPPED, "否"),
        (date(2023, 3, 5).toordinal(), OPENED, "2023-03-05"),
        (date.max.toordinal(), OPENED, "尚未完成"),
    ],
)
def test_typed_is_for_the_field(value, element, text):
    assert typed_text(None if value is None else Decimal(value), element) == text
