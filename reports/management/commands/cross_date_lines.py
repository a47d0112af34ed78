"""Act on the date lines of yesterday: the command beside `tasks.cross_date_lines`."""

from typing import Any

from django.core.management.base import BaseCommand

from reports.judging import tasks


class Command(BaseCommand):
    help = "Recompute the quarters whose due day or review deadline passed last midnight."

    def handle(self, *args: Any, **options: Any) -> None:
        tasks.cross_date_lines()
        self.stdout.write("done")
