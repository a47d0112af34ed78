"""Storing notices, whoever sends them."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.utils import translation

from institutions.clock import SHANGHAI
from institutions.models import User
from reports.models import Notice, Reminder
from reports.reminders.queries import DueReturn
from reports.reminders.wording import text_of, title_of


def keep_notices(
    told: Sequence[tuple[User, Sequence[DueReturn]]], now: datetime, by: User | None = None
) -> list[Notice]:
    """One notice a person, and that each return was told of. Inside the caller's transaction."""
    today = now.astimezone(SHANGHAI).date()
    with translation.override(settings.LANGUAGE_CODE):
        notices = Notice.objects.bulk_create(
            Notice(
                to=to,
                title=title_of(due, today, chased=by is not None),
                text=text_of(to, due, today, by),
                address=to.email,
                at=now,
            )
            for to, due in told
        )
    Reminder.objects.bulk_create(
        Reminder(submission_id=each.submission_id, notice=notice, kind=each.kind, day=today, by=by)
        for notice, (_to, due) in zip(notices, told, strict=True)
        for each in due
    )
    return notices
