"""Load the demo: Kaifeng's plan, an invented register, five quarters of history. Returns at once when loaded."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from reports.demo.load import is_loaded, load


class Command(BaseCommand):
    help = "Loads the demo once; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if is_loaded():
            self.stdout.write("演示数据已在库中。")
            return
        began = time.monotonic()
        load(self.say)
        self.say(f"演示数据已载入，用时 {time.monotonic() - began:.0f} 秒。")

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
