"""manage.py open_quarter 2024Q1: opens the quarter's returns, as the nightly task does."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from reports.models import Submission
from reports.returns import tasks
from targets.periods import Quarter


class Command(BaseCommand):
    help = "Open a quarter's returns; safe to repeat, and then adds units that came since."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("quarter", help="e.g. 2024Q1")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            quarter = Quarter.parse(options["quarter"])
        except ValueError as error:
            raise CommandError(f'"{options["quarter"]}" is not a quarter; write it as 2024Q1.') from error
        period = tasks.open_and_judge(quarter, clock.now())
        returns = Submission.objects.of_quarter(quarter).count()
        self.stdout.write(f"{quarter}: {returns} returns, due {period.due_on}, to be reviewed by {period.review_by}.")
        if not period.calendar_known:
            self.stderr.write("The holiday calendar does not know these days; weekdays were counted. Check the dates.")
