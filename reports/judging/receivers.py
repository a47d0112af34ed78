"""What the results must hear of from the plans: each means that opened quarters are judged anew, in the worker.

The signals come when their change has committed. Connected by `reports.apps`.
"""

from typing import Any

from django.dispatch import receiver

from reports.judging import tasks
from targets.models import Plan, Target
from targets.periods import Quarter
from targets.signals import numbers_changed, target_revised


@receiver(target_revised, sender=Target)
def judge_revised(target: Target, since: Quarter, **_: Any) -> None:
    tasks.recompute_plan.delay(target.plan_id, since.ordinal)


@receiver(numbers_changed, sender=Plan)
def judge_numbers(plan: Plan, since: Quarter, **_: Any) -> None:
    tasks.recompute_plan.delay(plan.pk, since.ordinal)
