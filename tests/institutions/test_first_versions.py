"""A database of the release before gets its first versions: every region, unit and contact as it stands."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("institutions", "0003_region_and_institution_versions"), ("targets", "0003_contact_versions")]
AFTER = [("institutions", "0004_first_versions"), ("targets", "0004_first_contact_versions")]


@pytest.mark.django_db
def test_every_row_gets_a_version_of_which_nobody_knows_when_it_was_recorded():
    executor = MigrationExecutor(connection)
    executor.migrate(BEFORE)
    apps = executor.loader.project_state(BEFORE).apps
    place = apps.get_model("institutions", "Region")
    city = place.objects.create(name="某市", level="city", kind="city", lineage=[1])
    county = place.objects.create(
        name="某县",
        code="410221",
        level="county",
        kind="county",
        parent=city,
        lineage=[1, 2],
        valid_to=date(2023, 5, 9),
    )
    apps.get_model("institutions", "Institution").objects.create(
        code="U1", name="某院", kind="hospital", region=county, contact_name="张三"
    )
    apps = MigrationExecutor(connection).migrate(AFTER).apps
    kept = apps.get_model("institutions", "RegionVersion").objects.order_by("region")
    assert list(kept.values_list("name", "code", "parent", "lineage", "valid_from", "valid_until", "recorded_at")) == [
        ("某市", "", None, [1], date(1949, 10, 1), None, None),
        ("某县", "410221", city.pk, [1, 2], date(1949, 10, 1), date(2023, 5, 9), None),
    ]
    unit = apps.get_model("institutions", "InstitutionVersion").objects.get()
    assert (unit.name, unit.region_id, unit.contact_name, unit.recorded_at) == ("某院", county.pk, "张三", None)
