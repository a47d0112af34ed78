"""Print who can log in to the demo, a person of every role, and the one password."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from institutions.demo import PASSWORD, PROFILES, DemoAccount, Profile, draw_demo
from institutions.models import User
from institutions.terminal import pad_text, text_width

HEADINGS = ("地区", "岗位", "用户名", "姓名", "所在单位")


class Command(BaseCommand):
    help = "Prints the accounts of the demo's places that are loaded."

    def handle(self, *args: Any, **options: Any) -> None:
        rows = [HEADINGS, *(row for profile in PROFILES.values() for row in rows_of(profile))]
        widths = [max(text_width(cells[column]) for cells in rows) for column in range(len(HEADINGS))]
        for cells in rows:
            self.stdout.write(
                "  ".join(pad_text(cell, size) for cell, size in zip(cells, widths, strict=True)).rstrip()
            )
        self.stdout.write(f"演示密码（全部账号相同）：{PASSWORD}")


def rows_of(profile: Profile) -> Iterator[tuple[str, ...]]:
    """Those that a visitor is told, where the place is loaded."""
    if not User.objects.filter(username__in=profile.shown).exists():
        return
    made = draw_demo(profile)
    units = {unit.code: unit.name for unit in made.units}
    for account in made.accounts:
        if account.shown:
            person = (str(account.role.label), account.username, account.display_name)
            yield profile.name, *person, at(account, profile, units)


def at(account: DemoAccount, profile: Profile, units: dict[str, str]) -> str:
    return {"": profile.name, "..": profile.above}.get(account.at) or units.get(account.at) or account.at
