"""What runs in the worker. Each task is safe to run twice at once and to be killed; beside each stands a command."""

from datetime import datetime, timedelta

from celery import shared_task
from celery.schedules import crontab

from institutions import clock
from reports.judging import recompute
from reports.models import ReturnPeriod, StaleParent
from targets.models import Plan
from targets.periods import Quarter


@shared_task(name="reports.tasks.roll_up")
def roll_up(plan_id: int) -> None:
    """Bring a plan's parents up to date after approvals below them."""
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is not None:
        recompute.roll_up(plan, clock.now())


@shared_task(name="reports.tasks.roll_up_waiting")
def roll_up_waiting() -> None:
    """Every minute: what a lost message or a killed worker left waiting."""
    for plan_id in StaleParent.objects.order_by("plan").values_list("plan", flat=True).distinct():
        roll_up(plan_id)


@shared_task(name="reports.tasks.cross_date_lines")
def cross_date_lines() -> None:
    """Just after midnight: what yesterday was awaited or pending may be missing today."""
    now = clock.now()
    for period in recompute.periods_crossed_since(now.date() - timedelta(days=1)):
        judge_quarter(period, now)


@shared_task(name="reports.tasks.recompute_all")
def recompute_all() -> None:
    """At night: every opened quarter anew, oldest first, since a later one may stand on an earlier one."""
    for period in ReturnPeriod.objects.order_by("quarter"):
        judge_quarter(period, clock.now())


@shared_task(name="reports.tasks.recompute_quarter")
def recompute_quarter(ordinal: int) -> None:
    """One quarter anew, after its dates were moved."""
    period = ReturnPeriod.objects.filter(quarter=ordinal).first()
    if period is not None:
        judge_quarter(period, clock.now())


@shared_task(name="reports.tasks.recompute_plan")
def recompute_plan(plan_id: int, since: int) -> None:
    """A plan's opened quarters anew, from one on, after its terms or its numbers were changed."""
    for period in recompute.periods_from(since):
        for plan in recompute.judged_plans(Quarter.from_ordinal(period.quarter)):
            if plan.pk == plan_id:
                recompute.recompute_period(plan, period, clock.now())


def judge_quarter(period: ReturnPeriod, now: datetime) -> None:
    for plan in recompute.judged_plans(Quarter.from_ordinal(period.quarter)):
        recompute.recompute_period(plan, period, now)


SCHEDULE = {
    "roll up what waits": {"task": "reports.tasks.roll_up_waiting", "schedule": 60.0},
    "cross date lines": {"task": "reports.tasks.cross_date_lines", "schedule": crontab(hour=0, minute=1)},
    "recompute all": {"task": "reports.tasks.recompute_all", "schedule": crontab(hour=2, minute=0)},
}
