"""Load a plan file; every problem is printed with its line, and then nothing is loaded."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from targets.actions import plans
from targets.actions.loading import PlanRefused
from targets.plan_file import read


class Command(BaseCommand):
    help = "Checks a plan file and loads it. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--publish", action="store_true", help="put the plan in force after loading")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"找不到计划文件：{path}")
        now = clock.now()
        try:
            report = plans.load(read(path), by=None, now=now)
            if options["publish"] and report.plan:
                plans.publish(report.plan, by=None, now=now)
        except PlanRefused as refused:
            self.refuse(path, refused)
        self.stdout.write(f"{report.plan}")
        for line in report.lines():
            self.stdout.write(f"  {line}")

    def refuse(self, path: Path, refused: PlanRefused) -> None:
        for problem in refused.problems:
            place = f"{path.name}:{problem.line}" if problem.line else path.name
            self.stderr.write(f"{place}：{problem.message}")
        raise CommandError(f"{path.name} 有 {len(refused.problems)} 处问题，没有载入任何内容。")
