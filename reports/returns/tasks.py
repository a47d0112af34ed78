"""What the worker does for returns. Safe to run twice at once and to be killed; beside it stands a command."""

from datetime import datetime

from celery import shared_task
from celery.schedules import crontab

from institutions import clock
from reports.judging.tasks import judge_quarter
from reports.models import ReturnPeriod
from reports.returns.actions import opening
from targets.periods import Quarter


@shared_task(name="reports.tasks.open_quarter")
def open_quarter() -> None:
    """Every night: the quarter that ended last is open, also for units that came since."""
    now = clock.now()
    open_and_judge(Quarter.of(now.date()) - 1, now)


def open_and_judge(quarter: Quarter, now: datetime) -> ReturnPeriod:
    period = opening.open_quarter(quarter, now)
    judge_quarter(period, now)
    return period


SCHEDULE = {
    "open the quarter": {"task": "reports.tasks.open_quarter", "schedule": crontab(hour=0, minute=5)},
}
