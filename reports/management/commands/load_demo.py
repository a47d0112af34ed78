"""Load the demo: a place's register, its plan and the quarters of its history. Places that are there are left alone."""

import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from reports.demo.load import is_loaded, load
from reports.demo.places import AT_ONCE, HISTORIES

LOCK = 0x4450  # one load at a time: a second one waits, then finds what the first has done


class Command(BaseCommand):
    help = "Loads the demo's places once; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("places", nargs="*", help=f"of: {', '.join(HISTORIES)}")
        parser.add_argument("--all", action="store_true", help="all five places, not only those of `make run`")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = list(HISTORIES) if options["all"] else options["places"] or AT_ONCE
        if unknown := [slug for slug in wanted if slug not in HISTORIES]:
            raise CommandError(f"没有演示地区“{'、'.join(unknown)}”，请从中选：{'、'.join(HISTORIES)}。")
        with hold_load_lock():
            missing = [HISTORIES[slug] for slug in wanted if not is_loaded(HISTORIES[slug])]
            if not missing:
                self.say("演示数据已在库中。")
            for number, history in enumerate(missing, start=1):
                began = time.monotonic()
                say = self.telling(f"[{number}/{len(missing)} {history.name}] ")
                load(history, say)
                say(f"已载入，用时 {time.monotonic() - began:.0f} 秒。")

    def telling(self, about: str) -> Callable[[str], None]:
        return lambda line: self.say(about + line)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


@contextmanager
def hold_load_lock() -> Iterator[None]:
    with connection.cursor() as cursor:
        # Of the session, since a load commits day by day; a killed one frees it with its connection.
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
