"""A region renamed, recoded, turned into a district or moved, or several merged, from a day on (行政区划变更).

Says what would change; with --apply it does it.
"""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from institutions import clock
from institutions.actions import regions
from institutions.enums import RegionKind
from institutions.models import Region
from institutions.region_changes import RegionRefusedError, RegionRequest


class Command(BaseCommand):
    help = "Changes a region from a day on, or merges several; without --apply it only says what would change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("regions", nargs="+", help="their codes; more than one: they are merged")
        parser.add_argument("--on", required=True, type=date.fromisoformat, help="from this day on, e.g. 2024-05-01")
        parser.add_argument("--document", required=True, help="the document that decided it")
        parser.add_argument("--goes-on", default="", help="of a merger the code of the region that takes the others in")
        parser.add_argument("--name", default="", help="the new name")
        parser.add_argument("--code", default="", help="the new code")
        parser.add_argument("--kind", default="", choices=["", *RegionKind.values], help="the new kind, e.g. district")
        parser.add_argument("--parent", default="", help="the code of the new parent")
        parser.add_argument("--apply", action="store_true", help="do it")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = RegionRequest(
            regions=tuple(region_of(code) for code in options["regions"]),
            goes_on=region_of(options["goes_on"]) if options["goes_on"] else None,
            name=options["name"],
            code=options["code"],
            kind=options["kind"],
            parent=region_of(options["parent"]) if options["parent"] else None,
            on=options["on"],
            document=options["document"],
        )
        if problems := asked.problems(clock.today()):
            raise CommandError("\n".join(problems))
        self.stdout.write("\n".join(asked.effects()))
        if options["apply"]:
            self.apply(asked)

    def apply(self, asked: RegionRequest) -> None:
        try:
            done = regions.carry_out(asked, None, clock.now())
        except RegionRefusedError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已登记：{done}，自 {asked.on} 起。")


def region_of(code: str) -> Region:
    found = Region.objects.filter(code=code).select_related("parent").first()
    if found is None:
        raise CommandError(f"没有区划代码为 {code} 的地区。")
    return found
