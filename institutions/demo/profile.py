"""What a place's register is drawn from, and what is drawn."""

from dataclasses import dataclass
from datetime import date

from institutions.enums import Grade, InstitutionKind, Role
from institutions.roster import PlaceRow, UnitSpec

SEED = 20230101


@dataclass(frozen=True, slots=True)
class Seat:
    """A township hospital or community centre in a town that has its name already. number: as its code ends, where
    that is settled; 0: the next one."""

    town: str
    name: str
    grade: str = Grade.GENERAL
    kind: InstitutionKind = InstitutionKind.TOWNSHIP_HOSPITAL
    number: int = 0


@dataclass(frozen=True, slots=True)
class Other:
    """A unit of the county or city itself, beside its bureau."""

    suffix: str
    name: str
    kind: InstitutionKind
    grade: str = ""


@dataclass(frozen=True, slots=True)
class County:
    """What units a county gets. `seats` come first; then towns are invented until there are so many `hospitals`,
    and streets until there are so many `centres`. Up to the number `central` invented ones are central.

    clinics: the range of village clinics under one hospital.
    """

    name: str
    code: str
    slug: str
    bureau: str
    hospitals: int
    central: int
    centres: int
    clinics: tuple[int, int]
    others: tuple[Other, ...] = ()
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """A place that issues a plan: a city with counties, or a county that is its own only one (`is_county`).

    own: units of the city itself. posts: who works there: name behind the slug, role, and where ("" the place itself,
    ".." the place above it, whose name is `above`). shown: usernames that a visitor is told.
    """

    slug: str
    name: str
    code: str
    dial: str
    counties: tuple[County, ...]
    posts: tuple[tuple[str, Role, str], ...]
    shown: frozenset[str]
    above: str = ""
    own: tuple[Other, ...] = ()
    public_share: float = 0.93
    clinic: str = "卫生室"
    clinics_close: date | None = None
    seed: int = SEED

    @property
    def is_county(self) -> bool:
        return self.counties[0].code == self.code

    def path(self, *names: str) -> str:
        """The names on the way from the place that issues the plan; it itself is ""."""
        return "/".join(names[1:] if self.is_county else names)


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """A person with one post. `at` is a unit's code for a reporter, for all others a county's name, "" or ".."."""

    username: str
    display_name: str
    role: Role
    at: str
    phone: str = ""
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Demo:
    places: list[PlaceRow]
    units: list[UnitSpec]
    accounts: list[DemoAccount]
