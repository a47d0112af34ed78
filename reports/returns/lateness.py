"""Whether a return is owed, overdue or was late: worked out from its dates, never stored. Pure."""

from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.clock import SHANGHAI
from reports.base.enums import OWED, SubmissionState
from reports.models import Round
from targets.periods import end_of_day, is_working_day


class Lateness(models.TextChoices):
    NONE = "", ""
    OVERDUE = "overdue", _("逾期未报")
    LATE = "late", _("补报")
    LATE_PENDING = "late_pending", _("补报待审")
    REVIEW_OVERDUE = "review_overdue", _("逾期未审")


def lateness(
    state: str, due_on: date, review_by: date, was_late: bool, now: datetime, waits_late: bool = False
) -> Lateness:
    """A returned one is owed again; one opened again is not. A due day ends at 24:00.

    was_late: any of its rounds came late; waits_late: the one under review did. That is 补报待审 however long it waits:
    the review deadline belongs to what came in time.
    """
    if state in OWED:
        return Lateness.OVERDUE if is_overdue(state, due_on, day_of(now)) else Lateness.NONE
    if state == SubmissionState.SUBMITTED and waits_late:
        return Lateness.LATE_PENDING
    if state == SubmissionState.SUBMITTED and now >= end_of_day(review_by):
        return Lateness.REVIEW_OVERDUE
    return Lateness.LATE if was_late else Lateness.NONE


def state_word(state: str, how_late: str = Lateness.NONE) -> str:
    """Where a return stands, in one word: what waits for review and came late is 补报待审."""
    known = Lateness(how_late) if how_late == Lateness.LATE_PENDING else SubmissionState(state)
    return str(known.label)


def is_overdue(state: str, due_on: date, today: date) -> bool:
    """逾期未报: owed after its own due day, never handed in or sent back alike. Every page counts by this."""
    return state in OWED and today > due_on


def came_late(due_on: date, made: Round | None) -> bool:
    """Whether a hand-in came after its return's due day, more time given since considered. As `Round.objects.late`."""
    return made is not None and made.due_on is not None and handed_in_late(max(made.due_on, due_on), made.submitted_at)


def books_closed(closes_on: date | None, due_on: date, today: date) -> bool:
    """已关账: the quarter takes nothing more, but for a return with a later day of its own."""
    return closes_on is not None and closes_on < today and due_on < today


def day_of(now: datetime) -> date:
    return now.astimezone(SHANGHAI).date()


def handed_in_late(due_on: date | None, submitted_at: datetime | None) -> bool:
    """补报. `due_on` is the deadline as it was at the hand-in; a 补录 and a correction have none and are never late."""
    return bool(due_on and submitted_at and submitted_at >= end_of_day(due_on))


def days_left(due_on: date, now: datetime) -> int:
    """Whole days to the due day: 0 on the day itself, negative after it."""
    return (due_on - day_of(now)).days


def working_days_taken(begun: datetime, ended: datetime) -> int:
    """Working days after the day of the beginning, up to and with the day of the end: 0 within one day."""
    first, last = day_of(begun), day_of(ended)
    days = (first + timedelta(days=number + 1) for number in range((last - first).days))
    return sum(is_working_day(day)[0] for day in days)
