"""Whether a return is owed, overdue or was late: worked out from its dates, never stored. Pure."""

from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.enums import SubmissionState
from targets.periods import SHANGHAI, end_of_day

OWED = (SubmissionState.DRAFT, SubmissionState.RETURNED)


class Lateness(models.TextChoices):
    NONE = "", ""
    OVERDUE = "overdue", _("逾期未报")
    LATE = "late", _("逾期提交")
    REVIEW_OVERDUE = "review_overdue", _("逾期未审")


def lateness(state: str, due_on: date, review_by: date, submitted_at: datetime | None, now: datetime) -> Lateness:
    """`submitted_at` is the latest hand-in's. A returned one is owed again; a due day ends at 24:00."""
    if state in OWED:
        return Lateness.OVERDUE if now >= end_of_day(due_on) else Lateness.NONE
    if state == SubmissionState.SUBMITTED and now >= end_of_day(review_by):
        return Lateness.REVIEW_OVERDUE
    if submitted_at and submitted_at >= end_of_day(due_on):
        return Lateness.LATE
    return Lateness.NONE


def days_left(due_on: date, now: datetime) -> int:
    """Whole days to the due day: 0 on the day itself, negative after it."""
    return (due_on - now.astimezone(SHANGHAI).date()).days
