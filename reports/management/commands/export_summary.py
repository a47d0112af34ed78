"""manage.py export_summary 410200 2023Q4 --plan CODE --out FILE: the 迎检汇总表, as the page gives it out."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import audit, clock
from institutions.models import User
from institutions.queries import region_by_code
from reports.base.errors import RefusedError
from reports.exports.actions import exports
from targets.models import Plan
from targets.periods import Quarter


class Command(BaseCommand):
    help = "Write the summary workbook of a region and a quarter. With --by it is kept, as if that person had got it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("region", help="the code of a region, e.g. 410200")
        parser.add_argument("quarter", help="e.g. 2023Q4")
        parser.add_argument("--plan", required=True, help="the code of the plan")
        parser.add_argument("--out", required=True, type=Path, help="the file to write")
        parser.add_argument("--by", help="the user name of a supervisor to whom it is given out")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        out.write_bytes(self.content(**options))
        self.stdout.write(f"{out}: {out.stat().st_size:,} bytes")

    def content(self, **options: Any) -> bytes:
        plan = require_row(Plan.objects.filter(code=options["plan"]).first(), "plan", options["plan"])
        now = clock.now()
        try:
            quarter = Quarter.parse(options["quarter"])
            region = require_row(region_by_code(options["region"], quarter.last_day), "region", options["region"])
            if options["by"]:
                by = require_row(User.objects.filter(username=options["by"]).first(), "user", options["by"])
                return bytes(exports.give_out(plan, region, quarter, by, now).content)
            period = exports.period_to_export(plan, region, quarter)
            audit.record("export.written", plan, None, now, region=region.pk, quarter=str(quarter))
            return exports.draw_workbook(plan, region, period, now)
        except ValueError as error:
            raise CommandError(f'"{options["quarter"]}" is not a quarter; write it as 2023Q4.') from error
        except PermissionDenied as error:
            raise CommandError(f"{options['by']} is not a supervisor of {region}.") from error
        except RefusedError as error:
            raise CommandError(str(error)) from error


def require_row(row: Any, what: str, code: str) -> Any:
    if row is None:
        raise CommandError(f"no {what} is called {code!r}")
    return row
