from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from institutions.actions import regions
from institutions.clock import SHANGHAI
from institutions.enums import RegionKind, RegionLevel
from institutions.models import AuditRecord, Region
from institutions.roster import read_places
from tests.factories import RegionFactory, UserFactory

PLACES = Path(settings.BASE_DIR) / "fixtures" / "places.tsv"
NOW = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)


def test_the_file_holds_kaifengs_ten_counties():
    counties = [place for place in read_places(PLACES) if place.parent == "开封市"]
    assert len(counties) == 10
    assert [place.name for place in counties if place.kind == RegionKind.COUNTY] == [
        "杞县",
        "通许县",
        "尉氏县",
        "兰考县",
    ]
    assert [place.name for place in counties if place.code is None] == ["城乡一体化示范区"]


@pytest.mark.parametrize(("parent", "count", "codes"), [("吴忠市", 5, 5), ("南昌市", 12, 9), ("灌云县", 17, 17)])
def test_the_other_places_stand_with_their_real_codes_and_zones_without(parent: str, count: int, codes: int):
    below = [place for place in read_places(PLACES) if place.parent == parent]
    assert (len(below), sum(place.code is not None for place in below)) == (count, codes)


def test_a_population_not_given_is_none_and_not_zero():
    populations = {place.name: place.population for place in read_places(PLACES)}
    assert populations["杞县"] == 920000
    assert populations["城乡一体化示范区"] is None


@pytest.mark.django_db
def test_adding_a_region_keeps_its_lineage_and_an_audit_row():
    city, by = RegionFactory(), UserFactory()
    county = regions.add(name="新县", level=RegionLevel.COUNTY, kind=RegionKind.COUNTY, parent=city, by=by, now=NOW)
    assert county.lineage == [city.pk, county.pk]
    kept = AuditRecord.objects.get()
    assert (kept.action, kept.by, kept.object_id) == ("region.add", by, county.pk)


@pytest.mark.django_db
def test_load_places_twice_adds_once(capsys: pytest.CaptureFixture[str]):
    call_command("load_places")
    call_command("load_places")
    assert capsys.readouterr().out == "行政区划：共 70 个，新增 70 个。\n行政区划：共 70 个，新增 0 个。\n"
    city = Region.objects.get(code="410200")
    assert [child.name for child in city.children.all()][-1] == "城乡一体化示范区"
    assert city.lineage == [city.parent_id, city.pk]
