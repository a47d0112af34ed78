"""The numbers page: who opens it, what is typed into it, and what comes back."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from institutions.enums import Role
from targets.enums import Denominator, IndicatorKind, PlanState
from targets.models import Allotment, Constant, Milestone
from tests.factories import (
    AllotmentFactory,
    ConstantFactory,
    IndicatorFactory,
    PlanFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

pytestmark = pytest.mark.django_db
YEAR_END = date(2023, 12, 31)


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def plan(places):
    return PlanFactory(issuer=places.city)


@pytest.fixture
def milestone(plan):
    """A quantity; beside it the plan has a rate over the resident population."""
    divisor = {"denominator": Denominator.CONSTANT, "constant": "resident-population"}
    target_with_terms(IndicatorFactory(kind=IndicatorKind.RATIO, **divisor), {YEAR_END: 40}, plan)
    return Milestone.objects.get(terms__target=target_with_terms(IndicatorFactory(), {YEAR_END: 800}, plan))


@pytest.fixture
def admin(places, client):
    user = person(Role.PLAN_ADMIN, places.city)
    client.force_login(user)
    return user


def address(plan, year=2023):
    return f"{reverse('plan_numbers', args=[plan.pk])}?year={year}"


def page_of(client, plan):
    return client.get(address(plan)).context["page"]


def post(client, plan, typed, seen=None):
    """Send the form as the page holds it, with what is typed over it."""
    page = page_of(client, plan)
    data = {field.name: field.typed for field in page.fields} | {"seen": seen or page.token} | typed
    return client.post(address(plan), data)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SUPERVISOR, Role.REVIEWER])
def test_only_plan_administrators_open_the_page(client, places, plan, role):
    client.force_login(person(role, places.city))
    assert client.get(address(plan)).status_code == 404


def test_an_administrator_of_a_county_does_not_touch_the_citys_plan(client, places, plan):
    client.force_login(person(Role.PLAN_ADMIN, places.counties[0]))
    assert client.get(address(plan)).status_code == 404
    assert client.post(address(plan)).status_code == 404


def test_a_draft_is_open_to_its_administrators(client, plan, milestone, admin):
    plan.state, plan.published_at = PlanState.DRAFT, None
    plan.save()
    assert client.get(address(plan)).status_code == 200


@pytest.mark.parametrize("year", ["2021", "2026", "now", "２０２３"])
def test_a_year_outside_the_plan_is_no_page(client, plan, admin, year):
    assert client.get(address(plan, year)).status_code == 404


def test_without_a_year_the_page_opens_at_the_present_one(client, plan, admin, settings):
    settings.BUSINESS_DATE = date(2031, 1, 1)
    assert client.get(reverse("plan_numbers", args=[plan.pk])).context["page"].year == 2025


def test_numbers_are_read_as_people_type_them(client, places, plan, milestone, admin):
    one, other = places.counties
    typed = {
        f"official-resident-population.{one.pk}": "４６９，３００人",
        f"official-resident-population.{other.pk}": "1 200",
        "official-resident-population.source": "2023年统计公报",
        f"allotment-{milestone.pk}.{one.pk}": "0",
    }
    response = post(client, plan, typed)
    assert (response.status_code, response.url) == (302, address(plan))
    assert list(Constant.objects.order_by("region").values_list("value", "source")) == [
        (469300, "2023年统计公报"),
        (1200, "2023年统计公报"),
    ]
    assert list(Allotment.objects.values_list("region", "value")) == [(one.pk, 0)]


@pytest.mark.parametrize("typed", ["12①", "12²", "٣", "12 34", "12\n34", "½", "35*"])
def test_only_digits_are_digits_here_too(client, places, plan, milestone, admin, typed):
    name = f"official-resident-population.{places.counties[0].pk}"
    (wrong,) = post(client, plan, {name: typed}).context["page"].errors
    assert (wrong.typed, wrong.error) == (typed, f"“{typed}”不是数字，请只填阿拉伯数字。")
    assert not Constant.objects.exists()


def test_what_cannot_be_saved_comes_back_whole_with_a_sentence_at_each_field(client, places, plan, milestone, admin):
    one, other = places.counties
    typed = {
        f"official-resident-population.{one.pk}": "五十万",
        f"allotment-{milestone.pk}.{one.pk}": "300",
        f"allotment-{milestone.pk}.{other.pk}": "-5",
    }
    response = post(client, plan, typed)
    page = response.context["page"]
    assert {field.name: (field.typed, field.error) for field in page.errors} == {
        f"official-resident-population.{one.pk}": ("五十万", "“五十万”不是数字，请只填阿拉伯数字。"),
        f"allotment-{milestone.pk}.{other.pk}": ("-5", "不能填负数。"),
    }
    html = response.content.decode()
    assert "有 2 处不能保存" in html
    assert 'value="300"' in html
    assert (Constant.objects.count(), Allotment.objects.count()) == (0, 0)


def test_a_number_without_a_source_is_sent_back(client, places, plan, milestone, admin):
    response = post(client, plan, {f"official-resident-population.{places.counties[0].pk}": "500"})
    assert [field.error for field in response.context["page"].errors] == ["请写明数据来源。"]


def test_a_new_source_is_that_of_the_whole_column(client, places, plan, milestone, admin):
    for county in places.counties:
        ConstantFactory(region=county, value=500, source="公报")
    post(client, plan, {"official-resident-population.source": "年鉴"})
    assert set(Constant.objects.values_list("source", flat=True)) == {"年鉴"}


def test_an_emptied_field_takes_the_part_away(client, places, plan, milestone, admin):
    AllotmentFactory(milestone=milestone, region=places.counties[0], value=300)
    post(client, plan, {f"allotment-{milestone.pk}.{places.counties[0].pk}": ""})
    assert Allotment.objects.count() == 0


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(client, places, plan, milestone, admin):
    county = places.counties[0]
    seen = page_of(client, plan).token
    AllotmentFactory(milestone=milestone, region=county, value=300)
    field = f"allotment-{milestone.pk}.{county.pk}"
    html = post(client, plan, {field: "280"}, seen=seen).content.decode()
    assert ("有人改过这些数" in html, 'value="280"' in html, "现存 300" in html) == (True, True, True)
    assert Allotment.objects.get().value == 300


def test_an_assigned_value_is_entered_with_its_document(client, plan, milestone, admin):
    Milestone.objects.filter(pk=milestone.pk).update(value=None)
    row = f"milestone-{milestone.pk}"
    post(client, plan, {f"{row}.value": "640", f"{row}.document": "苏卫〔2023〕5号"})
    assert Milestone.objects.get(pk=milestone.pk).value == Decimal(640)
    html = client.get(address(plan)).content.decode()
    assert ("苏卫〔2023〕5号" in html, str(admin) in html, f'name="{row}.value"' in html) == (True, True, False)


def test_a_closed_plan_is_shown_but_takes_nothing(client, places, plan, milestone, admin):
    plan.state, plan.closed_on = PlanState.CLOSED, YEAR_END
    plan.save()
    html = client.get(address(plan)).content.decode()
    assert ("计划已结束，数字只供查看。" in html, "保存全部" in html) == (True, False)
    response = post(client, plan, {f"allotment-{milestone.pk}.{places.counties[0].pk}": "1"})
    assert "没有保存：计划已结束，数字不能再改。" in response.content.decode()
    assert Allotment.objects.count() == 0


def test_a_year_without_numbers_does_not_call_them_complete(client, plan, admin):
    assert client.get(address(plan)).context["title"] == "2023年没有要录入的基础数据和分解数"


def test_the_title_says_what_is_missing(client, places, plan, milestone, admin):
    def title():
        return client.get(address(plan)).context["title"].removeprefix("2023年基础数据与指标分解：")

    assert title() == "缺 2 个数、1 项尚未分解"
    AllotmentFactory(milestone=milestone, region=places.counties[0], value=300)
    assert title() == "缺 2 个数、1 列合计不符"
    AllotmentFactory(milestone=milestone, region=places.counties[1], value=500)
    for county in places.counties:
        ConstantFactory(region=county, value=500)
    assert title() == "已填齐，合计相符"


def test_a_plan_without_such_numbers_says_so(client, plan, admin):
    assert "这一年没有要录入的数" in client.get(address(plan)).content.decode()
