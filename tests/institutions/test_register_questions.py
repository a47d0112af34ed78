"""What the register asks before it does it: another one of the same name, days that change what is over, odd places."""

from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from institutions.enums import RegionKind, RegionLevel
from institutions.models import AuditRecord, Institution, Region, User
from reports.judging import receivers, tasks
from reports.models import ReturnPeriod
from targets.periods import Quarter
from tests.factories import (
    InstitutionFactory,
    Kaifeng,
    RegionFactory,
    ReturnPeriodFactory,
    VillageClinicFactory,
)
from tests.institutions.rosters import person_row, unit, upload, workbook

pytestmark = pytest.mark.django_db

TODAY = date(2024, 4, 10)
OVER = [Quarter(2023, 3), Quarter(2023, 4)]
OPEN = Quarter(2024, 1)


@pytest.fixture(autouse=True)
def _today(settings: Any):
    cache.clear()
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def running() -> None:
    """Two quarters are over, the first of 2024 is filled in."""
    for quarter in [*OVER, OPEN]:
        ReturnPeriodFactory(quarter=quarter.ordinal)


def confirm(client: Client, page: Any, **answers: Any) -> Any:
    return client.post(page.redirect_chain[-1][0], {"seen": page.context["plan"].fingerprint} | answers)


# --- Another one of the same name -------------------------------------------------------------------------------


@pytest.fixture
def known(city: Kaifeng) -> Institution:
    return InstitutionFactory(code="410221-H01", name="新镇 卫生院", region=city.counties[0])


def test_same_name_and_place_is_asked_and_nothing_is_made_without_an_answer(
    client: Client, admin: User, known: Institution
):
    page = upload(client, workbook([unit(code="N1", name="新镇卫生院")]))
    assert "新镇卫生院（N1）与新镇 卫生院（410221-H01）同名同地，确认是另一家" in page.content.decode()
    assert "没有错误，请先答复下面的问题，再导入" in page.content.decode()
    refused = confirm(client, page)
    assert refused.status_code == 409
    assert "没有导入。与已有机构同名同地的，请逐家确认是另一家：新镇卫生院。" in refused.content.decode()
    assert not Institution.objects.filter(code="N1").exists()


def test_it_is_made_when_the_person_says_it_is_another_one(client: Client, admin: User, known: Institution):
    confirm(client, upload(client, workbook([unit(code="N1")])), another=["n9", "N1"])
    assert Institution.objects.filter(code="N1").exists()


def test_two_new_ones_of_one_name_are_asked_about_each(client: Client, admin: User):
    page = upload(client, workbook([unit(code="N1"), unit(code="N2")]))
    assert [(step.key, step.twin) for step in page.context["plan"].twins] == [
        ("N1", "新镇卫生院（N2）"),
        ("N2", "新镇卫生院（N1）"),
    ]
    assert confirm(client, page, another=["N1"]).status_code == 409
    assert not Institution.objects.filter(code="N1").exists()


def test_the_same_name_elsewhere_is_no_question(client: Client, admin: User, city: Kaifeng):
    InstitutionFactory(name="新镇卫生院", region=city.counties[1])
    InstitutionFactory(name="新镇卫生院", region=RegionFactory(parent=city.counties[0]))
    assert upload(client, workbook([unit()])).context["plan"].twins == []


def add_unit(client: Client, region: Region, **fields: Any) -> Any:
    given = {"code": "N1", "name": "新镇卫生院", "kind": "township_hospital", "ownership": "public"}
    return client.post(
        "/admin/institutions/institution/add/", given | {"region": region.pk, "opened": "2024-01-01"} | fields
    )


def test_the_administration_asks_the_same(client: Client, admin: User, known: Institution):
    page = add_unit(client, known.region)
    assert "与 新镇 卫生院（410221-H01）同名同地。确实是另一家的，请在下面确认。" in page.content.decode()
    assert add_unit(client, known.region, is_another="on").status_code == 302
    assert Institution.objects.filter(code="N1").exists()


def test_both_kinds_of_question_are_answered_at_once_with_one_reason(
    client: Client, admin: User, known: Institution, running: None
):
    """A namesake whose opening reaches back, beside a merger that reaches a quarter whose books are closed."""
    ReturnPeriod.objects.filter(quarter__lt=OPEN.ordinal).update(closes_on=date(2024, 2, 1))
    old = InstitutionFactory(code="410221-H02", name="旧镇卫生院", region=known.region)
    VillageClinicFactory(reported_by=old)
    merged = unit(code=old.code, name=old.name, closed="2023-12-15", merged_into=known.code)
    page = upload(client, workbook([unit(opened="2023-12-01"), merged]))
    plan, html = page.context["plan"], page.content.decode()
    assert [bool(found) for found in (plan.twins, plan.backdated, plan.effects)] == [True] * 3
    assert any(effect.is_past for effect in plan.effects)
    assert (html.count('name="reason"'), html.count('name="another"')) == (1, 1)
    assert [
        confirm(client, page, **given).status_code for given in ({}, {"reason": "批复迟到"}, {"another": "N1"})
    ] == [409] * 3
    assert confirm(client, page, another="N1", reason="批复迟到").status_code == 302
    old.refresh_from_db()
    assert (old.merged_into, Institution.objects.get(code="N1").opened) == (known, date(2023, 12, 1))
    kept = AuditRecord.objects.filter(action__in=["register.backdate", "register.import"])
    assert [each.detail["reason"] for each in kept] == ["批复迟到"] * 2


@pytest.mark.usefixtures("running")
def test_a_reason_that_shows_nothing_is_none_in_the_administration_either(client: Client, admin: User, city: Kaifeng):
    page = add_unit(client, city.counties[0], opened="2023-12-01", reason="\u200b\u3000")
    assert "请在下面写明原因" in page.content.decode()


# --- Quarters that are over -------------------------------------------------------------------------------------


def test_without_any_quarter_a_blank_opening_day_is_long_ago(client: Client, admin: User):
    confirm(client, upload(client, workbook([unit()])))
    assert Institution.objects.get(code="N1").opened == date(2000, 1, 1)


@pytest.mark.parametrize(
    ("today", "since"),
    [
        pytest.param(date(2024, 4, 10), date(2024, 1, 1), id="the first quarter is filled in"),
        pytest.param(date(2024, 5, 20), date(2024, 4, 1), id="its due day is over"),
    ],
)
@pytest.mark.usefixtures("running")
def test_a_blank_opening_day_is_the_first_of_the_quarter_filled_in(
    client: Client, admin: User, settings: Any, today: date, since: date
):
    settings.BUSINESS_DATE = today
    page = upload(client, workbook([unit()]))
    assert page.context["plan"].backdated == []
    confirm(client, page)
    assert Institution.objects.get(code="N1").opened == since


@pytest.mark.usefixtures("running")
def test_a_blank_opening_day_of_a_known_unit_changes_nothing(client: Client, admin: User, city: Kaifeng):
    known = InstitutionFactory(code="N1", region=city.counties[0], name="新镇卫生院", opened=date(2023, 2, 1))
    plan = upload(client, workbook([unit()])).context["plan"]
    assert (plan.does_something, plan.backdated) == (False, [])
    assert known.opened == plan.units[0].row.opened


@pytest.mark.usefixtures("running")
def test_an_earlier_day_names_the_quarters_and_needs_a_reason(
    client: Client, admin: User, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
):
    judged: list[int] = []
    monkeypatch.setattr(tasks.recompute_quarter, "delay", judged.append)
    page = upload(client, workbook([unit(opened="2023-12-01")]))
    assert "新镇卫生院（N1），2023-12-01 开业：2023年第四季度" in page.content.decode()
    assert "2023年第三季度" not in page.content.decode()
    refused = [confirm(client, page, reason=blank) for blank in (" ", "\u200b\u3000\ufeff")][-1]
    assert refused.status_code == 409
    assert "没有导入。这次变动会改变已结束季度的结果，请写明原因后再确认。" in refused.content.decode()
    assert not Institution.objects.filter(code="N1").exists()
    with django_capture_on_commit_callbacks(execute=True):
        confirm(client, page, reason="开业批复补登记")
    kept = AuditRecord.objects.get(action="register.backdate")
    assert kept.object_id == Institution.objects.get(code="N1").pk
    assert (kept.by, kept.detail["reason"], kept.detail["quarters"]) == (admin, "开业批复补登记", ["2023年第四季度"])
    assert judged == [Quarter(2023, 4).ordinal, OPEN.ordinal]


@pytest.mark.usefixtures("running")
def test_a_known_unit_that_opens_otherwise_is_asked_about_too(client: Client, admin: User, city: Kaifeng):
    InstitutionFactory(code="N1", region=city.counties[0], name="新镇卫生院", opened=date(2023, 2, 1))
    [step] = upload(client, workbook([unit(opened="2023-10-01")])).context["plan"].backdated
    assert [quarter.label for quarter in step.quarters] == ["2023年第三季度"]


@pytest.mark.usefixtures("running")
def test_a_blank_closing_day_that_opens_a_unit_again_reaches_back_and_is_asked(
    client: Client, admin: User, city: Kaifeng
):
    InstitutionFactory(code="N1", region=city.counties[0], name="新镇卫生院", closed=date(2023, 10, 1))
    page = upload(client, workbook([unit()]))
    assert [[quarter.label for quarter in step.quarters] for step in page.context["plan"].backdated] == [
        ["2023年第四季度"]
    ]
    assert confirm(client, page).status_code == 409


@pytest.mark.usefixtures("running")
def test_a_closing_needs_no_reason(client: Client, admin: User, city: Kaifeng):
    InstitutionFactory(code="N1", region=city.counties[0], name="新镇卫生院")
    assert upload(client, workbook([unit(closed="2023-10-01")])).context["plan"].backdated == []


@pytest.mark.usefixtures("running")
def test_the_administration_begins_with_the_quarter_filled_in_and_asks_the_same(
    client: Client, admin: User, city: Kaifeng
):
    form = client.get("/admin/institutions/institution/add/").context["adminform"].form
    assert form.initial["opened"] == date(2024, 1, 1)
    place = client.get("/admin/institutions/region/add/").context["adminform"].form
    assert place.initial["valid_from"] == date(2024, 1, 1)
    page = add_unit(client, city.counties[0], opened="2023-12-01")
    assert "这个日期改变已结束的季度：2023年第四季度。请在下面写明原因。" in page.content.decode()
    assert add_unit(client, city.counties[0], opened="2023-12-01", reason="补登记").status_code == 302
    assert AuditRecord.objects.get(action="register.backdate").detail["reason"] == "补登记"


@pytest.mark.usefixtures("running")
def test_what_is_over_and_open_is_told_by_the_returns():
    told = receivers.tell_quarters(TODAY)
    assert told is not None
    assert (told.open_from, [quarter.last_day for quarter in told.over]) == (
        date(2024, 1, 1),
        [date(2023, 9, 30), date(2023, 12, 31)],
    )


# --- Rows that wait, and odd places -----------------------------------------------------------------------------


def test_one_bad_unit_is_one_problem_and_its_people_wait(client: Client, admin: User):
    units = [unit(grade="甲等"), unit(code="V1", name="新村卫生室", kind="村卫生室", grade="", reported_by="n1")]
    people = [person_row(role="填报员", at="N1"), person_row(username="wangwu", role="填报员", at="n1")]
    page = upload(client, workbook(units, people))
    assert [found.place for found in page.context["plan"].problems] == ["机构!D3"]
    assert page.context["plan"].waiting == ["“机构”表第 3 行（N1）改好后再核对：机构!4、人员!3、人员!4。"]
    assert page.context["plan"].waiting[0] in page.content.decode()


def test_an_unread_sheet_of_units_is_one_problem(client: Client, admin: User):
    book = workbook([unit()], [person_row(role="填报员", at="N1")])
    book["机构"]["B1"] = "机构的名字"
    plan = upload(client, book).context["plan"]
    assert [found.place for found in plan.problems] == ["机构!1"]
    assert plan.waiting == ["“机构”表读出后再核对 N1：人员!3。"]


def test_a_known_unit_does_not_wait(client: Client, admin: User, city: Kaifeng):
    known = city.hospitals[0][0].code
    plan = upload(client, workbook([unit(code=known, grade="甲等")], [person_row(role="填报员", at=known)])).context[
        "plan"
    ]
    assert ([found.place for found in plan.problems], plan.waiting) == (["机构!D3"], [])


def test_a_bad_row_of_ones_own_takes_no_post_away(client: Client, admin: User):
    row = person_row(username=admin.username, display_name=admin.display_name, role="审核员")
    plan = upload(client, workbook([], [row, row | {"role": "系统管理", "at": "甲县"}])).context["plan"]
    assert [found.place for found in plan.problems] == ["人员!E4"]


@pytest.fixture
def town(city: Kaifeng) -> Region:
    return RegionFactory(name="大营镇", level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN, parent=city.counties[0])


@pytest.mark.usefixtures("town")
def test_a_township_hospital_at_the_county_is_remarked_and_may_pass(client: Client, admin: User):
    page = upload(client, workbook([unit()]))
    assert page.context["plan"].problems == []
    assert "乡镇卫生院通常在乡镇街道，这里填的是“甲县”。" in page.content.decode()
    assert confirm(client, page).status_code == 302
    assert Institution.objects.filter(code="N1").exists()


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("cells", [{"place": "大营镇"}, {"kind": "医院", "grade": "二级"}])
def test_what_lies_where_it_belongs_is_not_remarked(client: Client, admin: User, cells: dict[str, str]):
    assert upload(client, workbook([unit(**cells)])).context["plan"].remarked == []


def test_where_no_township_is_known_nothing_is_remarked(client: Client, admin: User):
    assert upload(client, workbook([unit()])).context["plan"].remarked == []


@pytest.mark.usefixtures("town")
def test_a_unit_that_stays_where_it_is_is_not_remarked_again(client: Client, admin: User, city: Kaifeng):
    known = city.hospitals[0][1]
    assert upload(client, workbook([unit(code=known.code, name="改名")])).context["plan"].remarked == []
