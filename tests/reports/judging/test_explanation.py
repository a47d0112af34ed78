"""The sentence says what was asked, what was reached, who is not in it, and what cures it."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from reports.base import numbers
from reports.judging.explanation import explain
from reports.judging.status import judge_assessed
from reports.judging.trajectory import assess_terms
from targets.enums import Comparator, Strength
from targets.periods import Quarter
from tests.reports.judging.helpers import EVEN, HOLD, at, growth_of, percent_of, share, share_of, sums, total_of

AT_MOST, RANGE = Comparator.AT_MOST, Comparator.RANGE
PERCENT = {"unit": "%", "places": 2}


def sentence(terms, count, quarter):
    assessed = assess_terms(terms, Quarter.parse(quarter))
    return explain(assessed, count, judge_assessed(assessed, count))


def asked(terms, quarter="2024Q1"):
    return sentence(terms, share(3, 4), quarter).partition("；")[0]


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        (share_of(at("2024Q4", 40)), "2024年12月31日前应不低于 40%"),
        (share_of(at("2024Q4", 40), schedule=EVEN, strength=Strength.AIM), "2024年12月31日前力争不低于 40%"),
        (share_of(at("2024Q4", 40), strength=Strength.PERMISSION), "2024年12月31日前可不低于 40%"),
        (share_of(at("2024Q4", 40), schedule=HOLD), "至2024年12月31日应始终保持不低于 40%"),
        (share_of(at("2024Q4", 40), schedule=HOLD, strength=Strength.AIM), "至2024年12月31日力争始终保持不低于 40%"),
        (share_of(at("2024Q4", 5), schedule=HOLD, comparator=AT_MOST), "至2024年12月31日任何时候应不高于 5%"),
        (
            percent_of(at("2024Q4", 95, high=105), schedule=HOLD, comparator=RANGE, **PERCENT),
            "至2024年12月31日应始终保持在 95%至105%之间",
        ),
        (
            share_of(at("2024Q4", 40), baseline=60),
            "至2024年12月31日应始终保持不低于 40%",  # a journey against the comparator is held
        ),
        (total_of(at("2024Q4", 2, high=3), unit="个"), "2024年12月31日前应不低于 2 个（文件写明上限 3 个）"),
    ],
)
def test_explain_states_what_was_asked(terms, words):
    assert asked(terms) == words


held = percent_of(at("2024Q4", 40), schedule=HOLD, **PERCENT)


@pytest.mark.parametrize(
    ("numerator", "value", "lag", "verdict"),
    [
        (399_960, "39.99%", "0.1", "判为滞后"),
        (399_999, "39.99%", "0.1", "判为滞后"),
        (360_000, "36%", "10", "判为滞后"),
        (359_840, "35.98%", "10.1", "严重滞后，判为未达标"),
        (359_999, "36%", "10.1", "严重滞后，判为未达标"),
    ],
)
def test_explain_never_rounds_a_lag_across_its_line(numerator, value, lag, verdict):
    said = sentence(held, sums(numerator, 1_000_000), "2024Q1")
    assert f"现为 {value}（" in said
    assert f"落后 {lag} 个进度百分点" in said
    assert said.endswith(f"{verdict}。")


def test_explain_never_rounds_a_value_up_to_the_line_on_its_way():
    way = percent_of(at("2023Q4", 40), schedule=EVEN, **PERCENT)
    said = sentence(way, sums(19_996, 100_000), "2023Q2")
    assert "现为 19.99%" in said
    assert "应达 20%，落后 0.1 个进度百分点" in said


@pytest.mark.parametrize(
    ("lag", "amber", "shown"),
    [
        ("0.01", "10", "0.1"),
        ("0", "10", "0.0"),
        ("5.04", "10", "5.0"),
        ("9.96", "10", "9.9"),
        ("10", "10", "10.0"),
        ("10.04", "10", "10.1"),
        ("9.95", "9.95", "9.9"),
        ("9.951", "9.95", "10.0"),
        ("-0.01", "10", "-0.1"),
    ],
)
def test_rounded_lag_stays_on_its_side(lag, amber, shown):
    assert numbers.rounded_lag(Decimal(lag), Fraction(amber)) == Decimal(shown)


def test_explain_names_the_slipped_milestone_with_its_cure():
    steps = share_of(at("2023Q4", 40), at("2024Q4", 60), schedule=EVEN)
    said = sentence(steps, share(7, 20), "2024Q1")
    assert "节点目标 2023年12月31日 不低于 40% 未保持，按已核定数为 35%（7/20 家），补足 1 家即恢复" in said


def test_explain_names_what_cures_a_slipped_number():
    signing = percent_of(at("2023Q4", 40), at("2024Q4", 60), schedule=EVEN, **PERCENT)
    assert "按已核定数为 39.99%（39,996 ÷ 100,000），升到 40% 即恢复" in sentence(
        signing, sums(39_996, 100_000), "2024Q1"
    )
    falling = percent_of(at("2023Q4", 25), at("2024Q4", 20), schedule=EVEN, comparator=AT_MOST, baseline=30, **PERCENT)
    assert "不高于 25% 未保持，按已核定数为 26%（26 ÷ 100），降到 25% 即恢复" in sentence(
        falling, sums(26, 100), "2024Q1"
    )
    band = percent_of(at("2023Q4", 10, high=20), at("2024Q4", 10, high=30), schedule=EVEN, comparator=RANGE, **PERCENT)
    assert "在 10%至20%之间 未保持，按已核定数为 35%（35 ÷ 100），降到 20% 即恢复" in sentence(
        band, sums(35, 100), "2024Q1"
    )


def test_explain_says_how_many_have_no_part_in_it():
    signed = percent_of(at("2023Q4", 40), schedule=EVEN, by_official=True, base_level="county", **PERCENT)
    said = sentence(signed, sums(41, 100, 2, based=1, unbased=1), "2023Q4")
    assert "应报 2 家，已报 2 家；1 个县区有基础数据已计入，缺 1 个县区基础数据未计入" in said
    assert said.endswith("；缺 1 个县区基础数据，最高判为滞后。")
    pay = growth_of(at("2023Q4", 10), **PERCENT)
    said = sentence(pay, sums(120, 100, based=8, unbased=2), "2023Q4")
    assert "8 家有上年同期数已计入，缺 2 家上年同期数未计入" in said
    visits = percent_of(at("2023Q4", 60), schedule=HOLD, **PERCENT)
    assert "1 家无分母可用，两边均未计入" in sentence(visits, sums(60, 100, missing=1, left_out=1), "2023Q4")


def test_explain_says_a_closing():
    even = total_of(at("2023Q4", 40), unit="个")
    gone = replace(sums(27), units=0, reported=0, given=1, closed=1)
    assert "应报 0 家，已报 0 家；1 家已关停，按此前完成数判定；" in sentence(even, gone, "2023Q3")
    stations = share_of(at("2024Q4", 100), schedule=HOLD)
    assert sentence(stations, replace(share(0, 0), closed=2), "2024Q1").endswith(
        "2 家已关停；全部单位已关停，判为不适用。"
    )


def test_explain_tells_silence_from_a_late_return():
    even = total_of(at("2023Q4", 40), unit="个")
    said = sentence(even, sums(20, missing=10, late_review=2, given=10), "2023Q2")
    assert "应报 10 家，已报 0 家，未报 8 家，补报待审 2 家" in said
    assert said.endswith("本季无人报送，按未报处理，判为未达标。")


def test_explain_does_not_call_late_returns_alone_unreported():
    even = total_of(at("2023Q4", 40), unit="个")
    late = sums(0, missing=3, late_review=3, units=3)
    assert sentence(even, late, "2023Q2").endswith("补报待审 3 家；本季报表均为补报待审，尚无核定数，判为未达标。")


def test_explain_never_rounds_the_line_down_to_the_value_behind_it():
    way = percent_of(at("2024Q3", 40), schedule=EVEN, **PERCENT)  # 40 / 7 is 5.714285…
    behind = sentence(way, sums(57_141, 1_000_000), "2023Q1")
    assert "现为 5.71%" in behind
    assert "应达 5.72%，落后 0.1 个进度百分点" in behind
    assert "应达 5.71%" in sentence(way, sums(57_143, 1_000_000), "2023Q1")
