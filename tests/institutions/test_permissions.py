"""Who may and who may not; the outsider's county always exists."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from institutions import permissions
from institutions.enums import InstitutionKind, RegionKind, RegionLevel, Role
from institutions.models import Institution
from institutions.queries import get_visible_region_or_404
from tests.factories import (
    InstitutionFactory,
    Kaifeng,
    MembershipFactory,
    RegionFactory,
    UserFactory,
    VillageClinicFactory,
    kaifeng_like,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Kaifeng:
    return kaifeng_like()


def test_reporter_reports_for_own_institution_only(city: Kaifeng):
    own, other = city.hospitals[0]
    reporter = person(Role.REPORTER, own)
    assert permissions.may_report(reporter, own)
    assert not permissions.may_report(reporter, other)
    assert list(permissions.reporting_institutions(reporter)) == [own]


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REPORTER])
def test_only_a_reporter_reports(city: Kaifeng, role: Role):
    assert not permissions.may_report(person(role, city.counties[0]), city.hospitals[0][0])


def test_a_closed_account_may_nothing(city: Kaifeng):
    left = person(Role.SUPERVISOR, city.city, is_active=False)
    assert not permissions.may_see_region(left, city.city)
    assert not permissions.visible_regions(left).exists()


def test_somebody_not_logged_in_may_nothing(city: Kaifeng):
    nobody = AnonymousUser()
    assert not permissions.may_report(nobody, city.hospitals[0][0])
    assert not permissions.visible_regions(nobody).exists()
    assert not permissions.visible_institutions(nobody).exists()
    assert not permissions.reviewable_institutions(nobody).exists()


def test_a_county_unit_is_reviewed_by_its_county(city: Kaifeng):
    assert permissions.reviewing_region(city.hospitals[0][0]) == city.counties[0]


def test_a_township_unit_is_reviewed_by_its_county(city: Kaifeng):
    town = RegionFactory(parent=city.counties[0], level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN)
    assert permissions.reviewing_region(InstitutionFactory(region=town)) == city.counties[0]


def test_a_county_bureau_is_reviewed_by_the_city(city: Kaifeng):
    assert permissions.reviewing_region(city.bureaus[0]) == city.city


def test_a_city_unit_is_reviewed_by_the_city(city: Kaifeng):
    office = InstitutionFactory(region=city.city, kind=InstitutionKind.SUPERVISION_OFFICE)
    assert permissions.reviewing_region(city.city_bureau) == city.city
    assert permissions.reviewing_region(office) == city.city


def test_county_reviewer_reviews_own_county_but_neither_its_bureau_nor_the_next_county(city: Kaifeng):
    reviewer = person(Role.REVIEWER, city.counties[0])
    assert permissions.may_review(reviewer, city.hospitals[0][0])
    assert not permissions.may_review(reviewer, city.bureaus[0])
    assert not permissions.may_review(reviewer, city.hospitals[1][0])


def test_city_reviewer_reviews_bureaus_but_not_county_units(city: Kaifeng):
    reviewer = person(Role.REVIEWER, city.city)
    assert permissions.may_review(reviewer, city.bureaus[1])
    assert not permissions.may_review(reviewer, city.hospitals[1][0])


@pytest.mark.parametrize("level", ["city", "county"])
def test_the_reviewable_are_exactly_those_that_one_may_review(city: Kaifeng, level: str):
    town = RegionFactory(parent=city.counties[0], level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN)
    VillageClinicFactory(reported_by=InstitutionFactory(region=town))
    reviewer = person(Role.REVIEWER, city.city if level == "city" else city.counties[0])
    allowed = {unit for unit in Institution.objects.all() if permissions.may_review(reviewer, unit)}
    assert set(permissions.reviewable_institutions(reviewer)) == allowed
    assert allowed


@pytest.mark.parametrize("role", permissions.READERS)
def test_a_reader_sees_own_region_and_below_and_no_other(city: Kaifeng, role: Role):
    reader = person(role, city.counties[0])
    town = RegionFactory(parent=city.counties[0], level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN)
    assert list(permissions.visible_regions(reader).order_by("pk")) == [city.counties[0], town]
    assert permissions.may_see_region(reader, town)
    assert not permissions.may_see_region(reader, city.counties[1])
    assert not permissions.may_see_region(reader, city.city)


def test_a_city_reader_sees_every_county(city: Kaifeng):
    director = person(Role.DIRECTOR, city.city)
    assert set(permissions.visible_regions(director)) == {city.city, *city.counties}


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN])
def test_a_system_administrator_sees_no_figures(city: Kaifeng, role: Role):
    admin = person(role, city.city)
    assert not permissions.may_see_region(admin, city.city)
    assert not permissions.visible_institutions(admin).exists()
    assert permissions.top_region(admin) is None


def test_a_superuser_is_nobody_in_the_business(city: Kaifeng):
    root = UserFactory(is_superuser=True, is_staff=True)
    assert not permissions.may_see_region(root, city.city)
    assert not permissions.may_export(root, city.city)
    assert not permissions.may_administer(root)


def test_the_board_opens_at_the_highest_region(city: Kaifeng):
    director = person(Role.DIRECTOR, city.counties[0])
    MembershipFactory(user=director, role=Role.REVIEWER, region=city.city)
    assert permissions.top_region(director) == city.city
    assert permissions.top_region(UserFactory()) is None


def test_a_reporter_sees_own_unit_and_its_clinics_but_not_the_neighbour(city: Kaifeng):
    own, other = city.hospitals[0]
    clinic = VillageClinicFactory(reported_by=own)
    VillageClinicFactory(reported_by=other)
    reporter = person(Role.REPORTER, own)
    assert set(permissions.visible_institutions(reporter)) == {own, clinic}


def test_a_director_sees_the_county_units_but_not_the_next_county(city: Kaifeng):
    director = person(Role.DIRECTOR, city.counties[0])
    assert set(permissions.visible_institutions(director)) == {city.bureaus[0], *city.hospitals[0]}


@pytest.mark.parametrize(
    ("role", "exports"),
    [(role, role == Role.SUPERVISOR) for role in Role if role != Role.REPORTER],
)
def test_only_a_supervisor_exports(city: Kaifeng, role: Role, exports: bool):
    someone = person(role, city.city)
    assert permissions.may_export(someone, city.city) is exports
    assert permissions.may_export(someone, city.counties[0]) is exports


def test_a_supervisor_does_not_export_the_next_county(city: Kaifeng):
    assert not permissions.may_export(person(Role.SUPERVISOR, city.counties[0]), city.counties[1])


def test_only_the_plan_administrator_of_the_issuer_edits_its_plans(city: Kaifeng):
    assert permissions.may_edit_plans(person(Role.PLAN_ADMIN, city.city), city.city)
    assert not permissions.may_edit_plans(person(Role.PLAN_ADMIN, city.counties[0]), city.city)
    assert not permissions.may_edit_plans(person(Role.DIRECTOR, city.city), city.city)


def test_only_the_system_administrator_administers(city: Kaifeng):
    assert permissions.may_administer(person(Role.SYSTEM_ADMIN, city.city))
    assert not permissions.may_administer(person(Role.PLAN_ADMIN, city.city))


def test_what_one_may_not_see_is_not_found(city: Kaifeng):
    director = person(Role.DIRECTOR, city.counties[0])
    assert get_visible_region_or_404(director, city.counties[0].pk) == city.counties[0]
    with pytest.raises(Http404):
        get_visible_region_or_404(director, city.counties[1].pk)
