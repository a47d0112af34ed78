"""Bring stale parents up to date: the command beside `tasks.roll_up`."""

from typing import Any

from django.core.management.base import BaseCommand

from institutions import clock
from reports.judging import recompute
from targets.models import Plan


class Command(BaseCommand):
    help = "Roll up whatever approvals left waiting, for every plan."

    def handle(self, *args: Any, **options: Any) -> None:
        for plan in Plan.objects.order_by("pk"):
            done = recompute.roll_up(plan, clock.now())
            self.stdout.write(f"{plan.code}: judged {done.judged:,}, changed {done.changed:,}")
