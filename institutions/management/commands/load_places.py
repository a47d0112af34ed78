"""Add the places of fixtures/places.tsv to the tree. Safe to run again."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from institutions import clock
from institutions.actions import regions
from institutions.roster import read_places


class Command(BaseCommand):
    help = "Adds the places of a places.tsv that are not there yet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "places.tsv")

    def handle(self, *args: Any, **options: Any) -> None:
        places = read_places(options["file"])
        added = regions.load(places=places, by=None, now=clock.now())
        self.stdout.write(f"行政区划：共 {len(places)} 个，新增 {added} 个。")
