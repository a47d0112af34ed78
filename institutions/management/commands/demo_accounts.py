"""Print who can log in to the demo, a person of every role, and the one password."""

import unicodedata
from typing import Any

from django.core.management.base import BaseCommand

from institutions.demo import CITY_NAME, PASSWORD, Account, demo

HEADINGS = ("岗位", "用户名", "姓名", "所在单位")


class Command(BaseCommand):
    help = "Prints the demo accounts."

    def handle(self, *args: Any, **options: Any) -> None:
        made = demo()
        units = {unit.code: unit.name for unit in made.units}
        rows = [HEADINGS, *(row(account, units) for account in made.accounts if account.shown)]
        widths = [max(width(cells[column]) for cells in rows) for column in range(len(HEADINGS))]
        for cells in rows:
            self.stdout.write("  ".join(padded(cell, size) for cell, size in zip(cells, widths, strict=True)).rstrip())
        self.stdout.write(f"演示密码（全部账号相同）：{PASSWORD}")


def row(account: Account, units: dict[str, str]) -> tuple[str, ...]:
    place = units.get(account.at) or account.at or CITY_NAME
    return str(account.role.label), account.username, account.display_name, place


def padded(text: str, size: int) -> str:
    return text + " " * (size - width(text))


def width(text: str) -> int:
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
