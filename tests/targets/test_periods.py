from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from targets.periods import (
    Quarter,
    day_and_time,
    end_of_day,
    is_working_day,
    nth_working_day_after,
    short_day_and_time,
)


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2023, 1, 1), Quarter(2023, 1)),
        (date(2023, 3, 31), Quarter(2023, 1)),
        (date(2023, 4, 1), Quarter(2023, 2)),
        (date(2023, 9, 30), Quarter(2023, 3)),
        (date(2023, 12, 31), Quarter(2023, 4)),
    ],
)
def test_quarter_of_a_day(day, quarter):
    assert Quarter.of(day) == quarter


@pytest.mark.parametrize("text", ["2024Q1", "2024q1", " 2024Q1 "])
def test_quarter_parse_reads_a_quarter(text):
    assert Quarter.parse(text) == Quarter(2024, 1)


@pytest.mark.parametrize(
    "text", ["", "2024", "Q1", "2024Q", "2024Q0", "2024Q5", "2024Q11", "24Q1", "２０２４Q1", "2024Q-1"]
)
def test_quarter_parse_refuses_anything_else(text):
    with pytest.raises(ValueError, match="not a quarter"):
        Quarter.parse(text)


def test_quarter_writes_what_it_reads():
    assert str(Quarter.parse("2023Q4")) == "2023Q4"


def test_quarter_label_is_chinese():
    assert [Quarter(2023, number).label for number in (1, 2, 3, 4)] == [
        "2023年第一季度",
        "2023年第二季度",
        "2023年第三季度",
        "2023年第四季度",
    ]


def test_quarter_ordinal_returns_to_the_quarter():
    quarters = [Quarter(year, number) for year in (2023, 2024) for number in (1, 2, 3, 4)]
    assert [Quarter.from_ordinal(each.ordinal) for each in quarters] == quarters


def test_quarter_ordinals_follow_each_other_over_the_year():
    assert Quarter(2024, 1).ordinal - Quarter(2023, 4).ordinal == 1


def test_quarters_later_and_earlier_run_over_the_year():
    assert (Quarter(2023, 4) + 1, Quarter(2023, 1) - 1, Quarter(2023, 1) - 4) == (
        Quarter(2024, 1),
        Quarter(2022, 4),
        Quarter(2022, 1),
    )


def test_quarters_between_two_are_a_number():
    assert (Quarter(2024, 2) - Quarter(2023, 3), Quarter(2023, 3) - Quarter(2024, 2)) == (3, -3)


def test_quarter_orders_by_time():
    assert sorted([Quarter(2024, 1), Quarter(2023, 4), Quarter(2023, 2)])[0] == Quarter(2023, 2)


def test_quarter_spans_its_days():
    assert (Quarter(2023, 4).first_day, Quarter(2023, 4).last_day) == (date(2023, 10, 1), date(2023, 12, 31))


def test_quarter_spans_a_leap_february():
    assert (Quarter(2024, 1).first_day, Quarter(2024, 1).last_day) == (date(2024, 1, 1), date(2024, 3, 31))


def test_due_day_ends_at_midnight_in_shanghai():
    assert end_of_day(date(2023, 10, 18)) == datetime(2023, 10, 18, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "written"), [("zh-hans", ("4月9日 11:51", "4月9日 11:51")), ("en", ("9 Apr 11:51", "9/4 11:51"))]
)
def test_moments_of_the_quarter_are_written_in_shanghai(language, written):
    moment = datetime(2024, 4, 9, 3, 51, tzinfo=UTC)
    with translation.override(language):
        assert (day_and_time(moment), short_day_and_time(moment)) == written


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2023, 10, 6), False, id="Friday of the national holiday"),
        pytest.param(date(2023, 10, 7), True, id="Saturday worked in its stead"),
        pytest.param(date(2023, 10, 9), True, id="an ordinary Monday"),
        pytest.param(date(2023, 10, 14), False, id="an ordinary Saturday"),
    ],
)
def test_working_day_knows_holidays_and_make_up_days(day, works):
    assert is_working_day(day) == (works, True)


def test_working_day_falls_back_to_weekdays_in_an_unknown_year():
    assert [is_working_day(date(2099, 1, day)) for day in (2, 3, 5)] == [(True, False), (False, False), (True, False)]


@pytest.mark.parametrize("year", [2027, 2099])
@pytest.mark.parametrize(("month", "day"), [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)])
def test_holidays_of_a_fixed_date_are_known_for_every_year(year, month, day):
    assert not is_working_day(date(year, month, day))[0]


def test_only_the_fixed_days_are_holidays_of_an_unknown_year():
    days = [date(2099, 1, 1) + timedelta(days=each) for each in range(365)]
    assert [day for day in days if day.weekday() < 5 and not is_working_day(day)[0]] == [
        date(2099, 1, 1),
        date(2099, 5, 1),
        date(2099, 10, 1),
        date(2099, 10, 2),
    ]


@pytest.mark.parametrize(
    ("quarter", "due"),
    [
        pytest.param(Quarter(2023, 3), date(2023, 10, 18), id="7, 8 and 9 to 13, 16 to 18 October"),
        pytest.param(Quarter(2024, 1), date(2024, 4, 15), id="1 to 3, 7 to 12, 15 April"),
    ],
)
def test_return_is_due_on_the_tenth_working_day_after_the_quarter(quarter, due):
    assert nth_working_day_after(quarter.last_day, 10) == (due, True)


def test_review_deadline_is_five_working_days_after_the_due_day():
    assert nth_working_day_after(date(2023, 10, 18), 5) == (date(2023, 10, 25), True)


def test_no_working_day_after_is_the_day_itself():
    assert nth_working_day_after(date(2023, 10, 1), 0) == (date(2023, 10, 1), True)


def test_working_days_through_an_unknown_year_say_so():
    assert nth_working_day_after(date(2098, 12, 31), 2) == (date(2099, 1, 5), False)
