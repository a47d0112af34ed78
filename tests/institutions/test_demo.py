from collections import Counter

import pytest

from institutions.demo import PROFILES, draw_demo
from institutions.demo.profile import County, Profile, Seat
from institutions.enums import InstitutionKind, RegionKind, Role
from institutions.roster import UnitSpec
from tests.institutions.helpers import load_register

MADE = {slug: draw_demo(profile) for slug, profile in PROFILES.items()}
SLUGS = list(PROFILES)


def unit(slug: str, code: str) -> UnitSpec:
    return next(each for each in MADE[slug].units if each.code == code)


@pytest.mark.parametrize("slug", SLUGS)
def test_the_same_seed_gives_the_same_rows(slug: str):
    assert draw_demo(PROFILES[slug]) == MADE[slug]


@pytest.mark.parametrize(
    ("slug", "hospitals", "clinics", "reporters"),
    [
        ("kaifeng", 80, 2147, 133),
        ("guanyun", 16, 188, 23),
        ("wuzhong", 20, 92, 54),
        ("nanchang", 32, 105, 87),
        ("xinhui", 10, 79, 20),
    ],
)
def test_the_registers_are_of_a_plausible_size(slug: str, hospitals: int, clinics: int, reporters: int):
    kinds = Counter(each.kind for each in MADE[slug].units)
    assert (kinds[InstitutionKind.TOWNSHIP_HOSPITAL], kinds[InstitutionKind.VILLAGE_CLINIC]) == (hospitals, clinics)
    assert sum(not each.reported_by for each in MADE[slug].units) == reporters


@pytest.mark.parametrize("slug", SLUGS)
def test_every_judged_county_has_one_bureau(slug: str):
    bureaus = Counter(each.place for each in MADE[slug].units if each.kind == InstitutionKind.BUREAU)
    profile = PROFILES[slug]
    assert bureaus == Counter({"", *(profile.path(county.name) for county in profile.counties)})


@pytest.mark.parametrize("slug", SLUGS)
def test_codes_are_unique_and_reporters_answer_for_themselves(slug: str):
    units = MADE[slug].units
    reporters = {each.code for each in units if not each.reported_by}
    assert len({each.code for each in units}) == len(units)
    assert {each.reported_by for each in units if each.reported_by} <= reporters


def test_no_code_and_no_username_is_used_in_two_places():
    codes = [each.code for made in MADE.values() for each in made.units]
    usernames = [each.username for made in MADE.values() for each in made.accounts]
    assert len(set(codes)) == len(codes)
    assert len(set(usernames)) == len(usernames)


@pytest.mark.parametrize("slug", SLUGS)
def test_every_telephone_number_is_of_the_invented_range(slug: str):
    phones = [each.contact_phone for each in MADE[slug].units if each.contact_phone]
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith(f"{PROFILES[slug].dial}-5550") for phone in phones)


def test_every_role_has_an_account_that_is_shown():
    shown = [account for account in MADE["kaifeng"].accounts if account.shown]
    assert {account.role for account in shown} == set(Role)
    assert sum(account.role == Role.REVIEWER and account.at == "" for account in shown) == 2


@pytest.mark.parametrize("slug", SLUGS)
def test_whoever_is_to_be_shown_is_there(slug: str):
    assert {account.username for account in MADE[slug].accounts if account.shown} == PROFILES[slug].shown


def test_a_hospital_outlives_the_township_it_is_named_for():
    assert (unit("guanyun", "320723-H07").name, unit("guanyun", "320723-H07").place) == ("陡沟中心卫生院", "圩丰镇")


def test_a_seat_with_a_number_of_its_own_stands_among_the_invented_ones():
    assert unit("wuzhong", "640323-H03").name == "惠安堡镇中心卫生院"
    others = [f"640323-H0{number}" for number in (1, 2, 4)]
    assert "惠安堡镇" not in {unit("wuzhong", code).place for code in others}


def test_towns_are_of_the_kind_that_their_names_end_in():
    towns = ("甲镇", "乙乡", "丙农场", "丁开发区")
    county = County("某县", "1", "some", "某局", 4, 0, 0, (1, 1), seats=tuple(Seat(town, town) for town in towns))
    places = draw_demo(Profile("some", "某县", "1", "000", (county,), (), frozenset())).places
    assert [place.kind for place in places] == [
        RegionKind.TOWN,
        RegionKind.TOWNSHIP,
        RegionKind.FARM,
        RegionKind.ZONE,
    ]


@pytest.mark.django_db
def test_the_register_enters_the_database_once_and_is_marked_as_sample():
    city, added = load_register()
    assert added == len(MADE["kaifeng"].units)
    assert load_register() == (city, 0)
    hospital = city.children.get(name="杞县").children.first().institutions.get(reported_by=None)
    assert hospital.is_sample
    assert hospital.reports_for.first().region == hospital.region


@pytest.mark.django_db
def test_the_units_of_a_county_lie_in_its_real_towns():
    county, _ = load_register("guanyun")
    town = county.children.get(name="四队镇")
    assert town.code == "320723105"
    assert [each.code for each in town.institutions.filter(reported_by=None)] == ["320723-H05"]
