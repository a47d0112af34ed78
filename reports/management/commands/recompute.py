"""Recompute results from approved figures: the command beside the night's task."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from institutions import clock
from institutions.models import Region
from reports import recompute
from reports.models import ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter


class Command(BaseCommand):
    help = "Recompute results. Safe beside running workers, and may be stopped and started again."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="every plan and opened quarter")
        parser.add_argument("--plan", help="the code of one plan")
        parser.add_argument("--region", help="the code of a region: its branch and what lies above it")
        parser.add_argument("--since", help="the first quarter, as 2023Q1")

    def handle(self, *args: Any, **options: Any) -> None:
        if not any(options[name] for name in ("all", "plan", "region", "since")):
            raise CommandError("say what: --all, --plan CODE, --region CODE or --since 2023Q1")
        region = self.region(options["region"])
        done = recompute.Done()
        work = self.work(options["plan"], options["since"])
        for plan, period in tqdm(work, unit="plan-quarter", disable=not work):
            done += recompute.recompute_period(plan, period, clock.now(), region)
        self.stdout.write(f"read {done.read:,} tallies, judged {done.judged:,} results, changed {done.changed:,}")

    def work(self, code: str | None, since: str | None) -> list[tuple[Plan, ReturnPeriod]]:
        if code and not Plan.objects.filter(code=code).exists():
            raise CommandError(f"no plan has the code {code!r}")
        try:
            first = Quarter.parse(since).ordinal if since else 0
        except ValueError as error:
            raise CommandError(f"--since wants a quarter such as 2023Q1, not {since!r}") from error
        periods = ReturnPeriod.objects.filter(quarter__gte=first).order_by("quarter")
        pairs = [
            (p, period) for period in periods for p in recompute.judged_plans(Quarter.from_ordinal(period.quarter))
        ]
        return [(plan, period) for plan, period in pairs if not code or plan.code == code]

    def region(self, code: str | None) -> Region | None:
        if not code:
            return None
        found = Region.objects.filter(code=code).first()
        if found is None:
            raise CommandError(f"no region has the code {code!r}")
        return found
