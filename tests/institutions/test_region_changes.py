"""行政区划变更: what is refused with which sentence, what is shown before, and who may."""

from datetime import date, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from institutions import queries
from institutions.actions import regions
from institutions.clock import SHANGHAI
from institutions.enums import RegionKind, RegionLevel, Role
from institutions.models import AuditRecord, Region, RegionVersion
from institutions.region_changes import RegionRefusedError, RegionState
from tests.factories import InstitutionFactory, RegionFactory, kaifeng_like, person

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)
ON = date(2024, 3, 1)


@pytest.fixture
def city():
    made = kaifeng_like(counties=3, hospitals=1)
    for n, county in enumerate(made.counties):
        county.code = f"41022{n}"
        county.save()
        county.versions.update(code=county.code)
    return made


def change(region: Region, on: date = ON, **state: Any) -> Region:
    region = Region.objects.get(pk=region.pk)
    return regions.change(
        region=region, state=RegionState.of(region, **state), on=on, document="批复", by=None, now=NOW
    )


def merge(*given: Region, into: Region | None = None, on: date = ON, **state: Any) -> Region:
    asked = RegionState(
        **{"name": "新区", "code": None, "kind": RegionKind.DISTRICT, "parent": given[0].parent} | state
    )
    return regions.merge(regions=given, into=into, state=asked, on=on, document="批复", by=None, now=NOW)


def test_two_versions_of_one_day_are_refused_by_the_database(city):
    county = city.counties[0]
    again = regions.first_version(county, None, NOW)
    again.valid_from = date(2020, 1, 1)
    with pytest.raises(IntegrityError, match="region_version_one_a_day"), transaction.atomic():
        again.save()
    again.superseded_at = NOW
    again.save()


def test_one_before_and_one_after_a_day_stand_side_by_side(city):
    change(city.counties[0], name="甲区")
    names = [queries.region_on(city.counties[0], day).name for day in (date(2024, 2, 29), ON)]
    assert names == ["甲县", "甲区"]


def test_every_region_of_the_register_has_a_version_from_its_first_day(city):
    made = regions.add(
        name="戊县", level=RegionLevel.COUNTY, kind=RegionKind.COUNTY, parent=city.city, by=None, now=NOW, valid_from=ON
    )
    version = made.versions.get()
    assert (version.name, version.valid_from, version.recorded_at) == ("戊县", ON, NOW)
    assert RegionVersion.objects.count() == Region.objects.count()


@pytest.mark.parametrize(
    ("state", "on", "sentence"),
    [
        ({}, ON, "没有任何变动"),
        ({"name": " "}, ON, "名称没有填"),
        ({"name": "乙县"}, ON, "上级之下已有“乙县”"),
        ({"code": "410221"}, ON, "已是“乙县”的"),
        ({"code": "41A"}, ON, "须是 6 至 12 位数字"),
        ({"kind": RegionKind.TOWN}, ON, "类别须是：县、区、功能区"),
        ({"name": "甲区"}, date(2024, 4, 11), "还没有到（今天是 2024-04-10）"),
        ({"name": "甲区"}, date(1949, 1, 1), "只能登记更晚的变更"),
    ],
)
def test_a_change_is_refused_with_a_sentence(city, state, on, sentence):
    with pytest.raises(RegionRefusedError, match=sentence):
        change(city.counties[0], on, **state)
    assert RegionVersion.objects.count() == Region.objects.count()


def test_a_parent_below_the_region_itself_or_of_another_level_is_refused(city):
    town = RegionFactory(parent=city.counties[0], level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN)
    with pytest.raises(RegionRefusedError, match="不能作上级"):
        change(city.counties[0], parent=town)
    with pytest.raises(RegionRefusedError, match="须与原来的上级同级"):
        change(town, parent=city.city)


def test_a_merger_is_refused_with_every_reason(city):
    first, second, third = city.counties
    for county in (first, second):
        RegionFactory(name="城关镇", parent=county, level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN)
    newcomer = InstitutionFactory(region=second, name="新院", opened=date(2024, 3, 5))
    with pytest.raises(RegionRefusedError) as caught:
        merge(first, second, name="丙县")
    said = "\n".join(caught.value.problems)
    assert "上级之下已有“丙县”" in said
    assert "合并后会有两个“城关镇”" in said
    assert f"“{newcomer}”在 2024-03-01 或之后才开业或迁入" in said
    with pytest.raises(RegionRefusedError, match="至少要有两个"):
        merge(third)
    with pytest.raises(RegionRefusedError, match="同一上级、同一级别"):
        merge(third, RegionFactory())
    assert not Region.objects.filter(valid_to__isnull=False).exists()


def test_what_was_merged_away_cannot_change_any_more(city):
    merge(*city.counties[:2])
    with pytest.raises(RegionRefusedError, match="已于 2024-02-29 停用"):
        change(city.counties[0], date(2024, 4, 1), name="甲区")


def test_a_new_county_may_take_the_code_of_one_that_went_into_it(city):
    new = merge(*city.counties[:2], code="410220")
    assert (new.code, new.parent, new.valid_from) == ("410220", city.city, ON)
    assert queries.region_by_code("410220", date(2023, 12, 31)) == city.counties[0]
    assert queries.region_by_code("410220", date(2024, 3, 31)) == new


def test_a_merger_leaves_an_audit_row(city):
    new = merge(*city.counties[:2])
    kept = AuditRecord.objects.get(action="region.merge")
    assert (kept.object_id, kept.detail["ended"]) == (new.pk, ["甲县", "乙县"])


# --- The page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def keeper(city, client, settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)
    client.force_login(person(Role.SYSTEM_ADMIN, city.city))
    return client


def sent(*given: Region, **fields: Any) -> dict[str, Any]:
    return {"regions": [region.pk for region in given], "on": "2024-03-01", "document": "国函〔2024〕1号"} | fields


def test_the_page_says_what_would_change_and_then_does_it(city, keeper):
    url, asked = reverse("region_changes"), sent(city.counties[0], name="甲区", kind="district")
    shown = keeper.post(url, asked)
    assert "甲县（410220，县）自 2024-03-01 起为甲区（410220，区）。" in shown.content.decode()
    assert Region.objects.get(pk=city.counties[0].pk).name == "甲县"
    assert keeper.post(url, asked | {"name": "甲甲区", "seen": shown.context["seen"]}).status_code == 200
    assert Region.objects.get(pk=city.counties[0].pk).name == "甲县"
    done = keeper.post(url, asked | {"seen": shown.context["seen"]}, follow=True)
    assert "已登记：甲区，自 2024-03-01 起。" in done.content.decode()
    assert Region.objects.get(pk=city.counties[0].pk).kind == RegionKind.DISTRICT
    assert AuditRecord.objects.filter(action="region.change", by__isnull=False).exists()


def test_the_page_merges_several(city, keeper):
    url, asked = reverse("region_changes"), sent(*city.counties[:2], name="新区", kind="district")
    shown = keeper.post(url, asked)
    assert "甲县、乙县自 2024-03-01 起并入新区（区）。" in shown.context["effects"]
    assert keeper.post(url, asked | {"seen": shown.context["seen"]}).status_code == 302
    assert [str(each) for each in city.city.children.all().without_end()] == ["新区", "丙县"]


def test_the_page_says_what_is_wrong(city, keeper):
    shown = keeper.post(reverse("region_changes"), sent(city.counties[0], name="乙县"))
    assert (shown.status_code, "上级之下已有“乙县”。" in shown.content.decode()) == (400, True)
    shown = keeper.post(reverse("region_changes"), sent(*city.counties[:2], goes_on=city.counties[2].pk, name="新区"))
    assert "合并后沿用的地区须是要合并的地区之一。" in shown.content.decode()


def test_what_cannot_be_seen_is_no_part_of_a_name_and_no_document(city, keeper):
    url = reverse("region_changes")
    shown = keeper.post(url, sent(city.counties[0], name="\ufeff乙\u200b县"))
    assert "上级之下已有“乙县”。" in shown.content.decode()
    shown = keeper.post(url, sent(city.counties[0], name="甲区") | {"document": "\u200b"})
    assert list(shown.context["form"].errors) == ["document"]


def test_what_one_does_not_keep_cannot_be_chosen(city, client, settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)
    client.force_login(person(Role.SYSTEM_ADMIN, city.counties[0]))
    shown = client.post(reverse("region_changes"), sent(city.counties[1], name="乙区"))
    assert shown.status_code == 400
    assert Region.objects.get(pk=city.counties[1].pk).name == "乙县"
    client.force_login(person(Role.DIRECTOR, city.city))
    assert client.get(reverse("region_changes")).status_code == 404


def test_the_command_says_first_and_does_it_when_told(city, settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)
    asked = ["change_regions", "410220", "--on=2024-03-01", "--document=批复", "--name=甲区", "--kind=district"]
    out = StringIO()
    call_command(*asked, stdout=out)
    assert "甲县（410220，县）自 2024-03-01 起为甲区（410220，区）。" in out.getvalue()
    assert Region.objects.get(code="410220").name == "甲县"
    call_command(*asked, "--apply", stdout=out)
    assert Region.objects.get(code="410220").name == "甲区"
    with pytest.raises(CommandError, match="没有任何变动"):
        call_command(*asked, "--apply", stdout=out)
