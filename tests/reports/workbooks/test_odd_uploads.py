"""Odd workbooks through every upload: each ends in a page that says what it is, none in a 500, none takes long.

`python -m tests.odd_uploads` puts all of them through all and prints the table; here it is the first of each kind, each
through two doors.
"""

import os
from collections import Counter, defaultdict
from datetime import date

import pytest

from tests.institutions.odd_workbooks import ODDITIES, Variant, every_variant
from tests.reports.workbooks.doors import BROKEN, PROBLEM, REFUSED, TAKEN, Door, make_doors

pytestmark = pytest.mark.django_db
SECONDS = 8.0  # of the clock, on a busy machine; what reading itself may cost is bounded in the code
ALL = os.environ.get("ODD_UPLOADS") == "all"


@pytest.fixture(autouse=True)
def april_tenth(settings, tmp_path):
    settings.BUSINESS_DATE = date(2024, 4, 10)
    settings.EVIDENCE_ROOT = tmp_path


@pytest.fixture
def doors() -> list[Door]:
    return make_doors()


def test_a_sound_file_passes_every_door(doors: list[Door]):
    assert {door.name: door.send(door.data)[0] for door in doors} == {
        "register": TAKEN,
        "people": TAKEN,
        "return": TAKEN,
        "county": TAKEN,
        "past": TAKEN,
        "plan": REFUSED,
        "evidence": TAKEN,
    }


def test_no_odd_workbook_ends_in_a_500(doors: list[Door], capsys: pytest.CaptureFixture[str]):
    variants = every_variant() if ALL else [found[0] for found in ODDITIES.values()]
    outcomes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    slowest = (0.0, "")
    broken = []
    for number, variant in enumerate(variants):
        for door in doors if ALL else {doors[number % len(doors)], doors[(number * 3 + 1) % len(doors)]}:
            outcome, seconds = door.send(variant.make(door.data, door.place))
            outcomes[variant.kind, door.name][outcome] += 1
            slowest = max(slowest, (seconds, f"{variant} at {door.name}"))
            if outcome == BROKEN:
                broken.append(f"{variant} at {door.name}")
    with capsys.disabled():
        if ALL:
            print(table(outcomes, doors), f"{len(variants)} workbooks, {len(broken)} x 500, slowest", *slowest)
    assert broken == []
    assert slowest[0] < SECONDS, slowest


def table(outcomes: dict[tuple[str, str], Counter[str]], doors: list[Door]) -> str:
    """A line a kind; of each upload: taken / problems at their cells / the file refused."""
    lines = ["", f"{'':22}" + "".join(f"{door.name:>11}" for door in doors)]
    for kind in ODDITIES:
        counts = (outcomes[kind, door.name] for door in doors)
        cells = ("/".join(str(found[each]) for each in (TAKEN, PROBLEM, REFUSED)) for found in counts)
        lines.append(f"{kind:22}" + "".join(f"{cell:>11}" for cell in cells))
    return "\n".join([*lines, ""])


def named(kind: str, name: str) -> Variant:
    return next(each for each in ODDITIES[kind] if each.name == name)
