"""What runs in the worker. Each task is safe to run twice at once and to be killed; beside each stands a command."""

from datetime import timedelta

from celery import shared_task

from institutions import clock
from reports import recompute
from reports.models import ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter


@shared_task
def roll_up(plan_id: int) -> None:
    """Bring a plan's parents up to date after approvals below them."""
    plan = Plan.objects.filter(pk=plan_id).first()
    if plan is not None:
        recompute.roll_up(plan, clock.now())


@shared_task
def cross_date_lines() -> None:
    """Just after midnight: what yesterday was awaited or pending may be missing today."""
    now = clock.now()
    for period in recompute.crossed_since(now.date() - timedelta(days=1)):
        recompute_quarter(period.quarter)


@shared_task
def recompute_all() -> None:
    """At night: every opened quarter anew, oldest first, since a later one may stand on an earlier one."""
    for ordinal in ReturnPeriod.objects.order_by("quarter").values_list("quarter", flat=True):
        recompute_quarter(ordinal)


def recompute_quarter(ordinal: int) -> recompute.Done:
    period = ReturnPeriod.objects.get(quarter=ordinal)
    done = recompute.Done()
    for plan in recompute.judged_plans(Quarter.from_ordinal(ordinal)):
        done += recompute.recompute_period(plan, period, clock.now())
    return done
