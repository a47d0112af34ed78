"""Places and units of a places file and of the demo."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from institutions.enums import InstitutionKind, Ownership

LONG_AGO = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A region. `parent` is the name of a place before it; `population` is approximate where the file says so."""

    name: str
    level: str
    kind: str
    parent: str
    code: str | None = None
    population: int | None = None


@dataclass(frozen=True, slots=True)
class UnitSpec:
    """An institution. `place` is the region's path of names below the city (尉氏县/大营镇; "" is the city itself);
    `reported_by` is the code of the unit whose return carries this one's line."""

    code: str
    name: str
    kind: InstitutionKind
    place: str
    grade: str = ""
    ownership: Ownership = Ownership.PUBLIC
    reported_by: str = ""
    opened: date = LONG_AGO
    closed: date | None = None
    contact_name: str = ""
    contact_phone: str = ""


def read_places(file: Path) -> list[PlaceRow]:
    """The lines of a places.tsv in its order: parents stand before their children."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            PlaceRow(
                name=row["name"],
                level=row["level"],
                kind=row["kind"],
                parent=row["parent"],
                code=row["code"] or None,
                population=int(row["population"]) if row["population"] else None,
            )
            for row in csv.DictReader(lines, delimiter="\t")
        ]
