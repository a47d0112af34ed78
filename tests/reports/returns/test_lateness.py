"""Owed, overdue, 补报: from the dates alone."""

from datetime import date, datetime

import pytest

from institutions.clock import SHANGHAI
from reports.returns.lateness import handed_in_late, lateness, working_days_taken

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
