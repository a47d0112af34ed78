"""The morning's reminders by hand: the command beside `tasks.send_reminders`."""

from typing import Any

from django.core.management.base import BaseCommand

from reports.reminders import tasks


class Command(BaseCommand):
    help = "Send today's digests and their mails; safe to repeat: nobody is told twice on one day."

    def handle(self, *args: Any, **options: Any) -> None:
        told = tasks.send_reminders()
        self.stdout.write(f"{told} people reminded.")
