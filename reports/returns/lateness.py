"""Whether a return is owed, overdue or was late: worked out from its dates, never stored. Pure."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.clock import SHANGHAI
from reports.base.enums import OWED, SubmissionState
from targets.periods import end_of_day, is_working_day


class Lateness(models.TextChoices):
    NONE = "", ""
    OVERDUE = "overdue", _("逾期未报")
    LATE = "late", _("补报")
    REVIEW_OVERDUE = "review_overdue", _("逾期未审")


def lateness(state: str, due_on: date, review_by: date, was_late: bool, now: datetime) -> Lateness:
    """A returned one is owed again; one opened again is not. A due day ends at 24:00."""
    if state in OWED:
        return Lateness.OVERDUE if now >= end_of_day(due_on) else Lateness.NONE
    if state == SubmissionState.SUBMITTED and now >= end_of_day(review_by):
        return Lateness.REVIEW_OVERDUE
    return Lateness.LATE if was_late else Lateness.NONE


def handed_in_late(due_on: date | None, submitted_at: datetime | None) -> bool:
    """补报. `due_on` is the deadline as it was at the hand-in; a 补录 and a correction have none and are never late."""
    return bool(due_on and submitted_at and submitted_at >= end_of_day(due_on))


def days_left(due_on: date, now: datetime) -> int:
    """Whole days to the due day: 0 on the day itself, negative after it."""
    return (due_on - now.astimezone(SHANGHAI).date()).days


def working_days_taken(begun: datetime, ended: datetime) -> int:
    """Working days after the day of the beginning, up to and with the day of the end: 0 within one day."""
    first, last = begun.astimezone(SHANGHAI).date(), ended.astimezone(SHANGHAI).date()
    days = (first + timedelta(days=number + 1) for number in range((last - first).days))
    return sum(is_working_day(day)[0] for day in days)
