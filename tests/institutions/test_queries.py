from datetime import date

import pytest

from institutions import queries
from institutions.enums import RegionKind, RegionLevel
from institutions.models import Institution, Region
from tests.factories import BureauFactory, InstitutionFactory, RegionFactory, VillageClinicFactory, kaifeng_like

pytestmark = pytest.mark.django_db

DAY = date(2023, 7, 1)


@pytest.mark.parametrize(
    ("opened", "closed", "counts"),
    [
        (DAY, None, True),
        (date(2023, 7, 2), None, False),
        (date(2020, 1, 1), date(2023, 7, 2), True),
        (date(2020, 1, 1), DAY, False),
    ],
)
def test_register_holds_what_is_open_on_the_day(opened: date, closed: date | None, counts: bool):
    InstitutionFactory(opened=opened, closed=closed)
    assert Institution.objects.open_on(DAY).exists() is counts


def test_reporters_are_those_nobody_reports_for():
    clinic = VillageClinicFactory()
    assert list(queries.reporters_at(DAY)) == [clinic.reported_by]


def test_below_is_the_region_and_all_under_it():
    city = kaifeng_like()
    town = RegionFactory(parent=city.counties[0], level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN)
    assert set(Region.objects.within(city.counties[0].pk)) == {city.counties[0], town}
    assert set(Region.objects.within(city.city.pk)) == {city.city, *city.counties, town}


def test_children_judged_are_of_the_levels_asked_for():
    city = kaifeng_like()
    assert list(queries.children_judged(city.city, [RegionLevel.CITY, RegionLevel.COUNTY], DAY)) == city.counties
    assert not queries.children_judged(city.city, [RegionLevel.CITY], DAY)


def test_the_bureau_of_a_region_is_its_open_one():
    county = RegionFactory()
    assert queries.bureau_of(county, DAY) is None
    BureauFactory(region=county, closed=DAY)
    bureau = BureauFactory(region=county)
    assert queries.bureau_of(county, DAY) == bureau
