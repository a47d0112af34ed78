"""What the official numbers that plans divide by are called. One that is not listed goes by its code."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class OfficialConstant:
    """unit: as elements have theirs, a record and not translated; places: decimals accepted."""

    name: Any
    unit: str = ""
    places: int = 0


OFFICIAL = {
    "resident-population": OfficialConstant(_("常住人口"), "人"),
}


def official_constant(code: str) -> OfficialConstant:
    return OFFICIAL.get(code) or OfficialConstant(code, places=4)
