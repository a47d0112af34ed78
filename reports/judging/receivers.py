"""What the results must hear of from the plans and the register: opened quarters are judged anew, in the worker.

The signals come when their change has committed. Connected by `reports.apps`.
"""

from datetime import date
from typing import Any

from django.dispatch import receiver

from institutions.models import Region
from institutions.signals import regions_changed
from reports.judging import recompute, tasks
from targets.models import Plan, Target
from targets.periods import Quarter
from targets.signals import numbers_changed, target_revised


@receiver(target_revised, sender=Target)
def judge_revised(target: Target, since: Quarter, **_: Any) -> None:
    tasks.recompute_plan.delay(target.plan_id, since.ordinal)


@receiver(numbers_changed, sender=Plan)
def judge_numbers(plan: Plan, since: Quarter, **_: Any) -> None:
    tasks.recompute_plan.delay(plan.pk, since.ordinal)


@receiver(regions_changed, sender=Region)
def judge_regions(since: date, **_: Any) -> None:
    """Quarters that ended before the day stay as they are."""
    for period in recompute.periods_from(Quarter.of(since).ordinal):
        tasks.recompute_quarter.delay(period.quarter)
