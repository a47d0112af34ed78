"""A made-up register and its people for Kaifeng's real counties. Pure: the same seed gives the same rows.

The nine counties and districts and the zone are real (fixtures/places.tsv). Every town, street, village, unit,
person and telephone number below them is invented, and the units are marked as sample data.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random

from institutions.enums import Grade, InstitutionKind, Ownership, RegionKind, RegionLevel, Role
from institutions.roster import Place, Unit

SEED = 20230101
PASSWORD = "Kaifeng-2024"
CITY_CODE = "410200"
CITY_NAME = "开封市"
PUBLIC_SHARE = 0.93
SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂玉文建国华志红海燕春梅晓东宏立新永庆"
SIDES = ["", "", "大", "小", "东", "西", "南", "北", "前", "后", "上", "下", "新"]
TOWN_ENDINGS = "集庄寨营岗店楼桥堂屯"
VILLAGE_ENDINGS = "庄村寨楼岗营堂屯店坟陂洼"
STREET_STEMS = [
    *("文化", "解放", "中山", "建设", "人民", "和平", "新华", "胜利", "青年"),
    *("滨河", "迎宾", "友谊", "光明", "幸福", "团结", "朝阳", "前进", "育才"),
]


@dataclass(frozen=True, slots=True)
class CountyPlan:
    """How many units of each kind a county gets; `clinics` is the range of village clinics under one hospital."""

    name: str
    code: str
    slug: str
    bureau: str
    hospitals: int
    central: int
    centres: int
    clinics: tuple[int, int]
    county_hospital: str = ""


COUNTIES = [
    CountyPlan("龙亭区", "410202", "longting", "龙亭区卫生健康委员会", 3, 1, 7, (11, 17)),
    CountyPlan("顺河回族区", "410203", "shunhe", "顺河回族区卫生健康委员会", 2, 1, 6, (11, 17)),
    CountyPlan("鼓楼区", "410204", "gulou", "鼓楼区卫生健康委员会", 2, 1, 6, (11, 17)),
    CountyPlan("禹王台区", "410205", "yuwangtai", "禹王台区卫生健康委员会", 2, 1, 5, (11, 17)),
    CountyPlan("祥符区", "410212", "xiangfu", "祥符区卫生健康委员会", 12, 3, 2, (26, 34), "祥符区第一人民医院"),
    CountyPlan("杞县", "410221", "qixian", "杞县卫生健康委员会", 16, 4, 2, (26, 34), "杞县人民医院"),
    CountyPlan("通许县", "410222", "tongxu", "通许县卫生健康委员会", 11, 3, 1, (24, 32), "通许县人民医院"),
    CountyPlan("尉氏县", "410223", "weishi", "尉氏县卫生健康委员会", 14, 4, 2, (26, 34), "尉氏县人民医院"),
    CountyPlan("兰考县", "410225", "lankao", "兰考县卫生健康委员会", 14, 4, 2, (24, 32), "兰考县中心医院"),
    CountyPlan("城乡一体化示范区", "4102SF", "shifanqu", "示范区卫生健康委员会", 4, 1, 3, (18, 24)),
]


@dataclass(frozen=True, slots=True)
class Account:
    """A person with one post. `at` is a unit's code for a reporter, a region's path for all others."""

    username: str
    display_name: str
    role: Role
    at: str
    phone: str = ""
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Demo:
    places: list[Place]
    units: list[Unit]
    accounts: list[Account]


def demo(seed: int = SEED) -> Demo:
    """Everything, county by county; each county draws from its own stream, so one can change without the others."""
    names = Names(seed)
    places: list[Place] = []
    units = list(city_units(names))
    for county in COUNTIES:
        towns = [Town(county, names.town(), Random(f"{seed} {county.slug} {n}")) for n in range(county.hospitals)]
        streets = [
            Town(county, street, Random(f"{seed} {county.slug} {street}")) for street in streets_of(county, seed)
        ]
        places += [Place(town.name, RegionLevel.TOWNSHIP, town.kind, county.name) for town in [*towns, *streets]]
        units += county_units(county, names)
        for number, town in enumerate(towns, start=1):
            units += hospital_and_clinics(town, number, names)
        for number, street in enumerate(streets, start=1):
            units += centre_and_stations(street, number, names)
    return Demo(places, units, [*accounts(units, names)])


class Names:
    """Invented names and numbers; towns never repeat within the city."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.towns: set[str] = set()
        self.phones = 0

    def town(self) -> str:
        while True:
            stem = self.random.choice(SURNAMES) + self.random.choice(TOWN_ENDINGS)
            if stem not in self.towns:
                self.towns.add(stem)
                return stem + self.random.choice("镇镇镇乡")

    def person(self) -> str:
        given = self.random.choice(GIVEN) + self.random.choice(["", *GIVEN])
        return self.random.choice(SURNAMES) + given

    def phone(self) -> str:
        self.phones += 1
        return f"0371-5550{self.phones:04}"


@dataclass(frozen=True, slots=True)
class Town:
    """A township or street of the demo with its own stream of chance."""

    county: CountyPlan
    name: str
    random: Random

    @property
    def path(self) -> str:
        return f"{self.county.name}/{self.name}"

    @property
    def kind(self) -> RegionKind:
        if self.name.endswith("街道"):
            return RegionKind.STREET
        return RegionKind.TOWN if self.name.endswith("镇") else RegionKind.TOWNSHIP


def streets_of(county: CountyPlan, seed: int) -> list[str]:
    stems = Random(f"{seed} {county.slug}").sample(STREET_STEMS, county.centres)
    return [f"{stem}路街道" for stem in stems]


def city_units(names: Names) -> Iterator[Unit]:
    for suffix, name, kind in (
        ("B01", "开封市卫生健康委员会", InstitutionKind.BUREAU),
        ("G01", "开封市政府督查局", InstitutionKind.SUPERVISION_OFFICE),
    ):
        yield Unit(f"{CITY_CODE}-{suffix}", name, kind, "", contact_name=names.person(), contact_phone=names.phone())


def county_units(county: CountyPlan, names: Names) -> Iterator[Unit]:
    yield Unit(
        f"{county.code}-B01",
        county.bureau,
        InstitutionKind.BUREAU,
        county.name,
        contact_name=names.person(),
        contact_phone=names.phone(),
    )
    if county.county_hospital:
        yield Unit(
            f"{county.code}-Y01",
            county.county_hospital,
            InstitutionKind.HOSPITAL,
            county.name,
            grade=Grade.SECOND,
            contact_name=names.person(),
            contact_phone=names.phone(),
        )


def hospital_and_clinics(town: Town, number: int, names: Names) -> Iterator[Unit]:
    central = number <= town.county.central
    code = f"{town.county.code}-H{number:02}"
    yield Unit(
        code,
        town.name + ("中心卫生院" if central else "卫生院"),
        InstitutionKind.TOWNSHIP_HOSPITAL,
        town.path,
        grade=Grade.CENTRAL if central else Grade.GENERAL,
        contact_name=names.person(),
        contact_phone=names.phone(),
    )
    for position, village in enumerate(villages(town), start=1):
        yield Unit(
            f"{code}-V{position:02}",
            f"{town.name}{village}卫生室",
            InstitutionKind.VILLAGE_CLINIC,
            town.path,
            ownership=clinic_ownership(town.random),
            reported_by=code,
            closed=date(2023, 7, 1) if town.random.random() < 0.004 else None,
        )


def villages(town: Town) -> list[str]:
    """Distinct village names, all ending in 村."""
    wanted = town.random.randint(*town.county.clinics)
    found: dict[str, None] = {}
    while len(found) < wanted:
        stem = town.random.choice(SIDES) + town.random.choice(SURNAMES) + town.random.choice(VILLAGE_ENDINGS)
        found[stem if stem.endswith("村") else f"{stem}村"] = None
    return list(found)


def clinic_ownership(random: Random) -> Ownership:
    if random.random() < PUBLIC_SHARE:
        return Ownership.PUBLIC
    return random.choice([Ownership.COLLECTIVE, Ownership.PRIVATE])


def centre_and_stations(street: Town, number: int, names: Names) -> Iterator[Unit]:
    code = f"{street.county.code}-S{number:02}"
    base = street.name.removesuffix("街道")
    yield Unit(
        code,
        f"{street.county.name}{base}社区卫生服务中心",
        InstitutionKind.COMMUNITY_CENTRE,
        street.path,
        contact_name=names.person(),
        contact_phone=names.phone(),
    )
    for position in range(1, street.random.randint(1, 3) + 1):
        yield Unit(
            f"{code}-Z{position}",
            f"{street.county.name}{base}第{'一二三'[position - 1]}社区卫生服务站",
            InstitutionKind.COMMUNITY_STATION,
            street.path,
            reported_by=code,
        )


def accounts(units: list[Unit], names: Names) -> Iterator[Account]:
    """A reporter for every unit that answers for itself; the bureaus' people; the city's people."""
    yield from city_accounts(names)
    for county in COUNTIES:
        shown = county.slug == "qixian"
        yield Account(f"{county.slug}-reviewer", names.person(), Role.REVIEWER, county.name, names.phone(), shown)
        yield Account(f"{county.slug}-director", names.person(), Role.DIRECTOR, county.name, names.phone(), shown)
    slugs = {county.code: county.slug for county in COUNTIES} | {CITY_CODE: "kaifeng"}
    for unit in units:
        if not unit.reported_by:
            prefix, _, suffix = unit.code.partition("-")
            username = f"{slugs[prefix]}-{'bureau' if suffix == 'B01' else suffix.lower()}"
            shown = username in ("qixian-bureau", "qixian-h01", "lankao-h01", "longting-s01")
            yield Account(username, unit.contact_name, Role.REPORTER, unit.code, unit.contact_phone, shown)


def city_accounts(names: Names) -> Iterator[Account]:
    for username, role in (
        ("kaifeng-director", Role.DIRECTOR),
        ("kaifeng-supervisor", Role.SUPERVISOR),
        ("kaifeng-plans", Role.PLAN_ADMIN),
        ("kaifeng-reviewer-1", Role.REVIEWER),
        ("kaifeng-reviewer-2", Role.REVIEWER),
        ("kaifeng-admin", Role.SYSTEM_ADMIN),
    ):
        yield Account(username, names.person(), role, "", names.phone(), shown=True)
