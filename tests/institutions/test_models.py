"""What the database itself holds, both ways."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from institutions.enums import Role
from institutions.models import Membership
from tests.factories import InstitutionFactory, MembershipFactory, RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db


def refuses(constraint: str):
    return pytest.raises(IntegrityError, match=constraint)


def test_a_region_ends_after_it_began():
    RegionFactory(valid_from=date(2020, 1, 1), valid_to=date(2020, 1, 1))
    with refuses("region_valid_to_after_from"):
        RegionFactory(valid_from=date(2020, 1, 1), valid_to=date(2019, 12, 31))


def test_a_name_stands_once_under_a_parent():
    city = RegionFactory()
    RegionFactory(name="新区", parent=city)
    RegionFactory(name="新区", parent=RegionFactory())
    with refuses("region_name_once_under_parent"):
        RegionFactory(name="新区", parent=city)


def test_a_code_is_one_regions_but_many_have_none():
    RegionFactory(code="410221")
    RegionFactory(code=None)
    RegionFactory(code=None)
    with refuses("code"):
        RegionFactory(code="410221")


def test_an_institution_closes_after_it_opened():
    InstitutionFactory(opened=date(2020, 1, 1), closed=date(2020, 1, 1))
    with refuses("institution_closed_after_opened"):
        InstitutionFactory(opened=date(2020, 1, 1), closed=date(2019, 12, 31))


def test_nobody_is_reported_by_itself():
    unit = InstitutionFactory()
    unit.reported_by = InstitutionFactory()
    unit.save()
    unit.reported_by = unit
    with refuses("institution_not_reported_by_itself"):
        unit.save()


def test_a_reporter_belongs_to_an_institution():
    assert person(Role.REPORTER, InstitutionFactory()).memberships.count() == 1
    with refuses("membership_at_the_place_its_role_needs"):
        Membership.objects.create(user=UserFactory(), role=Role.REPORTER, region=RegionFactory())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.REPORTER])
def test_every_other_role_belongs_to_a_region(role: Role):
    assert person(role, RegionFactory()).memberships.count() == 1
    with refuses("membership_at_the_place_its_role_needs"):
        Membership.objects.create(user=UserFactory(), role=role, institution=InstitutionFactory())


def test_a_post_is_held_once():
    post = MembershipFactory()
    MembershipFactory(institution=post.institution)
    with refuses("membership_once"), transaction.atomic():
        MembershipFactory(user=post.user, institution=post.institution)
