"""The reminders that the worker sends. Safe to run twice at once and to be killed; beside it stands a command."""

from celery import shared_task
from celery.schedules import crontab

from institutions import clock
from reports.reminders import digests, mail


@shared_task(name="reports.tasks.send_reminders")
def send_reminders() -> int:
    """Every morning: one digest to each person of whom something is open, and its mail."""
    told = digests.send_digests(clock.now())
    send_mails()
    return told


@shared_task(name="reports.tasks.send_mails")
def send_mails(again: bool = False) -> int:
    """Every minute what waits; every quarter of an hour `again` what failed, for a day."""
    return mail.send_waiting(clock.now(), again)


SCHEDULE = {
    "send reminders": {"task": "reports.tasks.send_reminders", "schedule": crontab(hour=8, minute=30)},
    "send mails": {"task": "reports.tasks.send_mails", "schedule": 60.0},
    "send mails again": {"task": "reports.tasks.send_mails", "schedule": 900.0, "kwargs": {"again": True}},
}
