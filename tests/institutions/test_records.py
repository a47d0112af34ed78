"""When the register said what: every change of a unit leaves the row that stood before, with its time."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from institutions.actions import records, register
from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind
from institutions.models import Institution, InstitutionVersion
from institutions.roster import UnitSpec
from tests.factories import InstitutionFactory, RegionFactory, UserFactory

pytestmark = pytest.mark.django_db

FIRST = datetime(2024, 1, 10, 9, tzinfo=SHANGHAI)
LATER = FIRST + timedelta(days=30)
SPEC = UnitSpec("U1", "某卫生院", InstitutionKind.TOWNSHIP_HOSPITAL, "", contact_name="张三")


def test_a_unit_is_on_record_from_its_enrolment_and_as_it_was_before_each_change():
    by, region, town = UserFactory(), RegionFactory(), RegionFactory()
    register.enrol(units=[SPEC], city=region, is_sample=False, by=by, now=FIRST)
    unit = Institution.objects.get()
    register.move(unit=unit, to=town, on=date(2024, 2, 1), by=by, now=LATER)
    kept = unit.versions.values_list("name", "region", "recorded_at", "superseded_at", "recorded_by")
    assert list(kept) == [
        ("某卫生院", region.pk, FIRST, LATER, by.pk),
        ("某卫生院", town.pk, LATER, None, by.pk),
    ]
    assert unit.placements.get().recorded_at == LATER


@pytest.mark.parametrize(("moment", "name"), [(FIRST, "甲院"), (LATER - timedelta(seconds=1), "甲院"), (LATER, "乙院")])
def test_what_was_held_true_at_a_moment_can_be_told(moment, name):
    unit = InstitutionFactory(name="甲院")
    records.keep_versions([unit.pk], None, FIRST)
    Institution.objects.update(name="乙院")
    records.keep_versions([unit.pk], None, LATER)
    assert unit.versions.known_at(moment).get().name == name


def test_what_did_not_change_leaves_no_row(django_assert_num_queries):
    units = InstitutionFactory.create_batch(3)
    records.keep_versions([unit.pk for unit in units], None, FIRST)
    units[0].contact_phone = "0371-1"
    units[0].save()
    with django_assert_num_queries(6):
        records.keep_versions([unit.pk for unit in units], None, LATER)
    assert [unit.versions.count() for unit in units] == [2, 1, 1]


def test_the_database_holds_one_current_version_a_unit():
    unit = InstitutionFactory()
    records.keep_versions([unit.pk], None, FIRST)
    again = InstitutionVersion.objects.get()
    again.pk = None
    with pytest.raises(IntegrityError, match="institution_version_one_current"), transaction.atomic():
        again.save()


def test_enrolling_again_records_nothing():
    region = RegionFactory()
    for spec in (SPEC, replace(SPEC, name="另一个名字")):
        register.enrol(units=[spec], city=region, is_sample=False, by=None, now=FIRST)
    assert InstitutionVersion.objects.count() == 1
