"""Draws a place's register and people from its profile."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from institutions.demo.names import Names, streets, villages
from institutions.demo.profile import County, Demo, DemoAccount, Other, Profile, Seat
from institutions.enums import Grade, InstitutionKind, Ownership, RegionKind, RegionLevel, Role
from institutions.roster import PlaceRow, UnitSpec

KINDS_BY_ENDING = {
    "街道": RegionKind.STREET,
    "镇": RegionKind.TOWN,
    "乡": RegionKind.TOWNSHIP,
    "场": RegionKind.FARM,
}


@dataclass(frozen=True, slots=True)
class Town:
    """A township or street with the one hospital or centre in it, and its own stream of chance."""

    profile: Profile
    county: County
    seat: Seat
    number: int
    random: Random

    @property
    def code(self) -> str:
        letter = "S" if self.seat.kind == InstitutionKind.COMMUNITY_CENTRE else "H"
        return f"{self.county.code}-{letter}{self.number:02}"

    @property
    def path(self) -> str:
        return self.profile.path(self.county.name, self.seat.town)

    @property
    def kind(self) -> RegionKind:
        found = (kind for ending, kind in KINDS_BY_ENDING.items() if self.seat.town.endswith(ending))
        return next(found, RegionKind.ZONE)


def draw_demo(profile: Profile) -> Demo:
    """Everything, county by county; each town draws from its own stream, so one can change without the others."""
    names = Names(profile.seed, profile.dial)
    places: list[PlaceRow] = []
    units = [] if profile.is_county else [*draw_others(profile.code, "", profile.own, names)]
    for county in profile.counties:
        rural, urban = towns_of(profile, county, names), streets_of(profile, county)
        places += [PlaceRow(each.seat.town, RegionLevel.TOWNSHIP, each.kind, county.name) for each in [*rural, *urban]]
        units += draw_others(county.code, profile.path(county.name), bureau_and_others(county), names)
        for town in rural:
            units += hospital_and_clinics(town, names)
        for street in urban:
            units += centre_and_stations(street, names)
    return Demo(places, units, [*draw_accounts(profile, units, names)])


def towns_of(profile: Profile, county: County, names: Names) -> list[Town]:
    seats = [seat for seat in county.seats if seat.kind == InstitutionKind.TOWNSHIP_HOSPITAL]
    settled = {seat.number: seat for seat in seats if seat.number}
    rest = iter(seat for seat in seats if not seat.number)
    found = []
    for number in range(1, county.hospitals + 1):
        seat = (
            settled.get(number)
            or next(rest, None)
            or invent_hospital(names.town(), is_central=number <= county.central)
        )
        found.append(Town(profile, county, seat, number, Random(f"{profile.seed} {county.slug} {number - 1}")))
    return found


def invent_hospital(town: str, is_central: bool) -> Seat:
    grade, ending = (Grade.CENTRAL, "中心卫生院") if is_central else (Grade.GENERAL, "卫生院")
    return Seat(town, town + ending, grade)


def streets_of(profile: Profile, county: County) -> list[Town]:
    seats = [seat for seat in county.seats if seat.kind == InstitutionKind.COMMUNITY_CENTRE]
    for name in streets(county.centres - len(seats), f"{profile.seed} {county.slug}"):
        centre = f"{county.name}{name.removesuffix('街道')}社区卫生服务中心"
        seats.append(Seat(name, centre, "", InstitutionKind.COMMUNITY_CENTRE))
    return [
        Town(profile, county, seat, number, Random(f"{profile.seed} {county.slug} {seat.town}"))
        for number, seat in enumerate(seats, start=1)
    ]


def bureau_and_others(county: County) -> list[Other]:
    return [Other("B01", county.bureau, InstitutionKind.BUREAU), *county.others]


def draw_others(code: str, place: str, wanted: Iterable[Other], names: Names) -> Iterator[UnitSpec]:
    for each in wanted:
        yield UnitSpec(
            f"{code}-{each.suffix}",
            each.name,
            each.kind,
            place,
            grade=each.grade,
            contact_name=names.person(),
            contact_phone=names.phone(),
        )


def hospital_and_clinics(town: Town, names: Names) -> Iterator[UnitSpec]:
    yield from seat_of(town, names)
    profile = town.profile
    wanted = town.random.randint(*town.county.clinics)
    for position, village in enumerate(villages(wanted, town.random), start=1):
        ownership = clinic_ownership(town.random, profile.public_share)
        closes = town.random.random() < 0.004
        yield UnitSpec(
            f"{town.code}-V{position:02}",
            f"{town.seat.town}{village}{profile.clinic}",
            InstitutionKind.VILLAGE_CLINIC,
            town.path,
            ownership=ownership,
            reported_by=town.code,
            closed=profile.clinics_close if closes else None,
        )


def seat_of(town: Town, names: Names) -> Iterator[UnitSpec]:
    yield UnitSpec(
        town.code,
        town.seat.name,
        town.seat.kind,
        town.path,
        grade=town.seat.grade,
        contact_name=names.person(),
        contact_phone=names.phone(),
    )


def clinic_ownership(random: Random, public_share: float) -> Ownership:
    if random.random() < public_share:
        return Ownership.PUBLIC
    return random.choice([Ownership.COLLECTIVE, Ownership.PRIVATE])


def centre_and_stations(street: Town, names: Names) -> Iterator[UnitSpec]:
    yield from seat_of(street, names)
    stem = street.seat.name.removesuffix("社区卫生服务中心")
    for position in range(1, street.random.randint(1, 3) + 1):
        yield UnitSpec(
            f"{street.code}-Z{position}",
            f"{stem}第{'一二三'[position - 1]}社区卫生服务站",
            InstitutionKind.COMMUNITY_STATION,
            street.path,
            reported_by=street.code,
        )


def draw_accounts(profile: Profile, units: list[UnitSpec], names: Names) -> Iterator[DemoAccount]:
    """The place's people; the counties' reviewer and director; a reporter for every unit that answers for itself."""
    people = [(f"{profile.slug}-{suffix}", role, at) for suffix, role, at in profile.posts]
    for county in () if profile.is_county else profile.counties:
        people.append((f"{county.slug}-reviewer", Role.REVIEWER, county.name))
        people.append((f"{county.slug}-director", Role.DIRECTOR, county.name))
    for username, role, at in people:
        yield DemoAccount(username, names.person(), role, at, names.phone(), username in profile.shown)
    slugs = {county.code: county.slug for county in profile.counties} | {profile.code: profile.slug}
    for unit in units:
        if not unit.reported_by:
            prefix, _, suffix = unit.code.partition("-")
            username = f"{slugs[prefix]}-{'bureau' if suffix == 'B01' else suffix.lower()}"
            shown = username in profile.shown
            yield DemoAccount(username, unit.contact_name, Role.REPORTER, unit.code, unit.contact_phone, shown)
    yield from second_reviewers(profile, names)


def second_reviewers(profile: Profile, names: Names) -> Iterator[DemoAccount]:
    """What one reviewer of a county enters for a unit (代报) another one decides on. Drawn last: the others stay."""
    for slug, at in (
        [(profile.slug, "")] if profile.is_county else [(each.slug, each.name) for each in profile.counties]
    ):
        username = f"{slug}-reviewer-2"
        yield DemoAccount(username, names.person(), Role.REVIEWER, at, names.phone(), username in profile.shown)
