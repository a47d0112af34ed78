"""On which days somebody is reminded of a return. Pure; days are Shanghai's.

What is owed: so many days before its due day (REMIND_DAYS_BEFORE), on the first day overdue, and every
REMIND_EVERY_DAYS days from then on. What waits for review: two days before the review deadline, and once after it.
A day on which nothing ran is caught up on the next run, by one reminder however many days were missed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

REVIEW_DAYS_BEFORE = (2,)


@dataclass(frozen=True, slots=True)
class ReminderCall:
    """The newest day, up to today, on which a reminder was to go out."""

    day: date
    overdue: bool

    def is_open(self, since: date, last: date | None) -> bool:
        """since: when the return came to the person; one that came after a day before the deadline has not missed it.
        last: when the person was last reminded of it by the calendar."""
        came_in_time = self.overdue or since <= self.day
        return came_in_time and (last is None or last < self.day)


def call_to_report(due_on: date, today: date, before: Collection[int], every: int) -> ReminderCall | None:
    days_over = (today - due_on).days
    if days_over > 0:
        return ReminderCall(due_on + timedelta(days=1 + (days_over - 1) // every * every), overdue=True)
    return call_before(due_on, today, before)


def call_to_review(review_by: date, today: date) -> ReminderCall | None:
    if today > review_by:
        return ReminderCall(review_by + timedelta(days=1), overdue=True)
    return call_before(review_by, today, REVIEW_DAYS_BEFORE)


def call_before(last_day: date, today: date, before: Collection[int]) -> ReminderCall | None:
    past = [day for day in (last_day - timedelta(days=days) for days in before) if day <= today]
    return ReminderCall(max(past), overdue=False) if past else None
