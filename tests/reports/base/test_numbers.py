from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.base.numbers import rounded, text

numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=9999)


@pytest.mark.parametrize(
    ("value", "places", "line", "number"),
    [
        pytest.param("39.996", 2, 40, "39.99", id="under the line stays under"),
        pytest.param("39.996", 2, None, "40.00", id="without a line it rounds"),
        pytest.param("40.004", 2, 40, "40.01", id="over the line stays over"),
        pytest.param("40", 2, 40, "40.00", id="on the line stays on it"),
        pytest.param("39.994", 2, 40, "39.99", id="what rounds away from the line is let"),
        pytest.param("39.996", 0, 40, "39", id="under the line without decimals"),
        pytest.param("-0.4", 0, 0, "-1", id="under a line of 0"),
        pytest.param("0.4", 0, 0, "1", id="over a line of 0"),
        pytest.param("-5.001", 2, -5, "-5.01", id="under a line below 0"),
        pytest.param("2.5", 0, None, "3", id="a half goes up"),
        pytest.param("-2.5", 0, None, "-3", id="a half below 0 goes away from 0"),
        pytest.param("2.4", 0, None, "2", id="less than a half goes down"),
        pytest.param("-2.4", 0, None, "-2", id="less than a half below 0 goes up"),
        pytest.param("39.97", 1, "39.97", "40.0", id="a line finer than the display"),
    ],
)
def test_shown_rounds_but_never_over_the_line(value, places, line, number):
    assert str(rounded(Fraction(value), places, line and Fraction(line))) == number


def test_shown_keeps_a_third_exact_before_it_rounds():
    assert rounded(Fraction(200, 3), 4) == Decimal("66.6667")


@given(numbers, st.integers(0, 4), st.integers(-1000, 1000))
def test_shown_stands_on_the_same_side_of_a_round_line(value, places, line):
    number = Fraction(rounded(value, places, line))
    assert (number > line, number < line) == (value > line, value < line)


@given(numbers, st.integers(0, 4))
def test_shown_is_within_half_a_step_without_a_line(value, places):
    assert abs(Fraction(rounded(value, places)) - value) <= Fraction(1, 2 * 10**places)


@pytest.mark.parametrize(
    ("words", "written"),
    [
        pytest.param({"value": None}, "—", id="nothing"),
        pytest.param({"value": 0}, "0", id="zero is 0"),
        pytest.param({"value": 0, "unit": "所"}, "0 所", id="zero units"),
        pytest.param({"value": 1234, "unit": "所"}, "1,234 所", id="thousands"),
        pytest.param({"value": Fraction("39.996"), "unit": "%", "places": 2, "line": 40}, "39.99%", id="percent"),
        pytest.param({"value": Fraction("40.50"), "places": 2}, "40.5", id="trimmed"),
        pytest.param({"value": 80, "unit": "%", "places": 2}, "80%", id="trimmed to a whole"),
        pytest.param({"value": 100, "places": 0}, "100", id="whole numbers keep their zeros"),
        pytest.param({"value": 80, "unit": "%", "places": 2, "trim": False}, "80.00%", id="as it was typed"),
        pytest.param({"value": -3, "unit": "家"}, "−3 家", id="below zero"),
        pytest.param({"value": Fraction("-0.001"), "places": 2}, "0", id="no minus before a rounded 0"),
    ],
)
def test_text_writes_a_number_with_its_unit(words, written):
    assert text(**words) == written
