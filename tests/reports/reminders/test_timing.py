"""On which days somebody is reminded."""

from datetime import date, timedelta

import pytest

from reports.reminders.timing import ReminderCall, call_to_report, call_to_review

DUE = date(2024, 4, 15)


def day(days: int) -> date:
    return DUE + timedelta(days=days)


@pytest.mark.parametrize(
    ("today", "said", "overdue"),
    [
        (-7, -7, False),
        (-6, -7, False),
        (-2, -2, False),
        (0, -2, False),
        (1, 1, True),
        (7, 1, True),
        (8, 8, True),
        (21, 15, True),
    ],
)
def test_call_to_report_is_the_newest_day_of_the_calendar(today, said, overdue):
    assert call_to_report(DUE, day(today), [7, 2], 7) == ReminderCall(day(said), overdue)


def test_nobody_is_called_before_the_first_day():
    assert call_to_report(DUE, day(-8), [7, 2], 7) is None
    assert call_to_report(DUE, DUE, [], 7) is None


@pytest.mark.parametrize(
    ("today", "call"), [(-3, None), (-2, ReminderCall(day(-2), False)), (9, ReminderCall(day(1), True))]
)
def test_call_to_review_comes_before_the_deadline_and_once_after_it(today, call):
    assert call_to_review(DUE, day(today)) == call


@pytest.mark.parametrize(
    ("since", "last", "is_open"),
    [
        (-20, None, True),
        (-7, None, True),
        (-6, None, False),
        (-20, -7, False),
        (-20, -9, True),
    ],
)
def test_a_call_is_open_until_told_and_never_for_what_came_after_its_day(since, last, is_open):
    call = ReminderCall(day(-7), overdue=False)
    assert call.is_open(day(since), None if last is None else day(last)) is is_open


def test_what_came_when_it_was_already_overdue_is_told():
    assert ReminderCall(day(1), overdue=True).is_open(day(3), None) is True
