"""Recompute results from approved figures: the command beside the night's task."""

import argparse
import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from institutions import clock
from institutions.models import Region
from reports.judging import parallel, recompute
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
        parser.add_argument("--resume", action="store_true", help="go on where the same command was stopped")
        parser.add_argument(
            "--jobs", type=int, default=min(2, os.cpu_count() or 1), help="processes at once (default: %(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        asked = {name: options[name] for name in ("all", "plan", "region", "since") if options[name]}
        if not asked:
            raise CommandError("say what: --all, --plan CODE, --region CODE or --since 2023Q1")
        name = " ".join(f"{option}={value}" for option, value in asked.items())
        run = parallel.RecomputeRun(name, self.region(options["region"]), max(1, options["jobs"]))
        if not options["resume"]:
            run.forget()
        done = recompute.RecomputeTotals()
        work = self.work(options["plan"], options["since"])
        for number, (plan, period) in enumerate(work, start=1):
            context = recompute.RecomputeContext.of(plan, period, clock.now())
            label = f"{number}/{len(work)} {plan.code} {context.quarter}"
            with tqdm(total=parallel.count_regions(context, run.region), desc=label, unit="region") as bar:
                done += run.recompute(context, bar.update)
        run.forget()
        self.stdout.write(f"read {done.read:,} tallies, judged {done.judged:,} results, changed {done.changed:,}")

    def work(self, code: str | None, since: str | None) -> list[tuple[Plan, ReturnPeriod]]:
        if code and not Plan.objects.filter(code=code).exists():
            raise CommandError(f"no plan has the code {code!r}")
        try:
            first = Quarter.parse(since).ordinal if since else 0
        except ValueError as error:
            raise CommandError(f"--since wants a quarter such as 2023Q1, not {since!r}") from error
        periods = recompute.periods_from(first)
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
