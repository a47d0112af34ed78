"""What the results must hear of from the plans and the register: opened quarters are judged anew, in the worker.

The signals come when their change has committed. Connected by `reports.apps`.
"""

from datetime import date
from typing import Any

from django.dispatch import receiver

from institutions.models import Institution, Region
from institutions.quarters import KeptQuarters, PastQuarter
from institutions.signals import quarters_asked, regions_changed, units_backdated
from reports.judging import recompute, tasks
from reports.models import ReturnPeriod
from targets.models import Plan, Target
from targets.periods import Quarter
from targets.signals import numbers_changed, target_revised


@receiver(target_revised, sender=Target)
def judge_revised(target: Target, since: Quarter, **_: Any) -> None:
    tasks.recompute_plan.delay(target.plan_id, since.ordinal)


@receiver(numbers_changed, sender=Plan)
def judge_numbers(plan: Plan, since: Quarter, **_: Any) -> None:
    tasks.recompute_plan.delay(plan.pk, since.ordinal)


@receiver(quarters_asked, sender=KeptQuarters)
def tell_quarters(today: date, **_: Any) -> KeptQuarters | None:
    """Filled in now is the earliest quarter opened whose due day is not over, else the calendar's. Without any opened
    quarter there is nothing to tell."""
    periods = list(ReturnPeriod.objects.order_by("quarter"))
    due = [period.quarter for period in periods if period.due_on >= today]
    first = Quarter.from_ordinal(min([*due, Quarter.of(today).ordinal]))
    over = [Quarter.from_ordinal(period.quarter) for period in periods if period.quarter < first.ordinal]
    if not periods:
        return None
    return KeptQuarters(first.first_day, tuple(PastQuarter(quarter.in_chinese, quarter.last_day) for quarter in over))


@receiver(units_backdated, sender=Institution)
@receiver(regions_changed, sender=Region)
def judge_regions(since: date, **_: Any) -> None:
    """Quarters that ended before the day stay as they are."""
    for period in recompute.periods_from(Quarter.of(since).ordinal):
        tasks.recompute_quarter.delay(period.quarter)
