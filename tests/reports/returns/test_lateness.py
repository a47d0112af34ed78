"""Owed, overdue, 补报: from the dates alone."""

from datetime import date, datetime

import pytest

from institutions.clock import SHANGHAI
from reports.returns.lateness import books_closed, handed_in_late, is_overdue, lateness, state_word, working_days_taken

DUE, REVIEW = date(2024, 4, 15), date(2024, 4, 22)


def at(day, hour=9, month=4):
    return datetime(2024, month, day, hour, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("state", "was_late", "now", "expected"),
    [
        ("draft", False, at(15, 23), ""),
        ("draft", False, at(16, 0), "overdue"),
        ("returned", True, at(15), ""),
        ("returned", True, at(16), "overdue"),
        ("submitted", False, at(22, 23), ""),
        ("submitted", True, at(22, 23), "late"),
        ("submitted", True, at(23, 0), "review_overdue"),
        ("approved", False, at(30), ""),
        ("approved", True, at(30), "late"),
        ("reopened", False, at(30), ""),
        ("reopened", True, at(30), "late"),
    ],
)
def test_lateness(state, was_late, now, expected):
    assert lateness(state, DUE, REVIEW, was_late, now) == expected


@pytest.mark.parametrize("now", [at(16), at(22), at(30)])
def test_what_came_late_and_waits_is_never_an_overdue_review(now):
    assert lateness("submitted", DUE, REVIEW, True, now, waits_late=True) == "late_pending"


def test_the_word_of_a_state_says_what_came_late():
    words = [state_word("submitted"), state_word("submitted", "late"), state_word("submitted", "late_pending")]
    assert words == ["待审核", "待审核", "补报待审"]


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_overdue_is_what_is_owed_after_its_day_sent_back_or_not(state):
    assert [is_overdue(state, DUE, day) for day in (DUE, REVIEW)] == [False, True]
    assert not is_overdue("submitted", DUE, REVIEW)


@pytest.mark.parametrize(
    ("closes_on", "due_on", "today", "closed"),
    [
        (None, DUE, REVIEW, False),
        (REVIEW, DUE, REVIEW, False),
        (REVIEW, DUE, date(2024, 4, 23), True),
        (REVIEW, date(2024, 4, 25), date(2024, 4, 23), False),  # more time of its own
    ],
)
def test_books_are_closed_after_their_day_but_for_who_has_more_time(closes_on, due_on, today, closed):
    assert books_closed(closes_on, due_on, today) == closed


def test_a_due_day_ends_at_midnight():
    assert (handed_in_late(DUE, at(15, 23)), handed_in_late(DUE, at(16, 0))) == (False, True)


def test_without_a_deadline_nothing_is_late():
    assert (handed_in_late(None, at(30)), handed_in_late(DUE, None)) == (False, False)


@pytest.mark.parametrize(
    ("begun", "ended", "days"),
    [
        (at(10), at(10, 17), 0),
        (at(10), at(11), 1),
        (at(12), at(15), 1),  # over a weekend
        (at(30), at(6, month=5), 1),  # 1 to 5 May are holidays
        (at(26), at(28), 1),  # Sunday 28 April is a make-up day
    ],
)
def test_working_days_taken(begun, ended, days):
    assert working_days_taken(begun, ended) == days
