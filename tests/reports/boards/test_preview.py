"""A plan before it is published: who would be asked what, and what the last quarter would come to."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from institutions.clock import SHANGHAI
from institutions.enums import Grade, InstitutionKind, RegionLevel, Role
from reports.boards.pages import preview_page
from reports.boards.queries.preview import units_asked
from reports.boards.views.titles import preview_title
from reports.judging import preview, recompute
from reports.models import Attainment, StatusChange, Tally
from targets.enums import IndicatorKind, PlanState, Schedule
from targets.periods import Quarter
from tests.factories import (
    AllotmentFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    ReturnPeriodFactory,
    VillageClinicFactory,
    approved,
    kaifeng_like,
    person,
    target_with_terms,
)
from tests.reports.boards.helpers import state_target

pytestmark = pytest.mark.django_db
Q4 = Quarter(2023, 4)
YEAR_END = date(2023, 12, 31)
NOW = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def draft(places):
    return PlanFactory(issuer=places.city, state=PlanState.DRAFT, published_at=None)


@pytest.fixture
def admin(places, client):
    user = person(Role.PLAN_ADMIN, places.city)
    client.force_login(user)
    return user


def ask(plan, element=None, units=(), **scope):
    """A total of an element of this scope."""
    element = element or DataElementFactory(**scope)
    target = target_with_terms(IndicatorFactory(element=element), {YEAR_END: 10}, plan, schedule=Schedule.AT_DUE)
    target.units.set(units)
    return target


def asked(plan):
    """(kind, level, units, lines, [(element id, units, new)]) of each group."""
    return [
        (
            group.kind,
            group.level,
            group.units,
            group.lines,
            [(each.element.pk, each.units, each.new) for each in group.elements],
        )
        for group in units_asked(plan, Q4)
    ]


def page_of(plan, period=None):
    results = preview.preview_attainments(plan, period, NOW).values() if period else ()
    return preview_page(plan, Q4, period, results)


def test_units_are_counted_by_kind_and_level_with_what_they_are_asked(places, draft):
    hospital = places.hospitals[0][0]
    VillageClinicFactory(reported_by=hospital)
    of_hospitals, of_clinics = ask(draft).indicator.element, ask(draft, kinds=["village_clinic"]).indicator.element
    bureaus = ask(draft, kinds=["bureau"], bureau_level=RegionLevel.COUNTY).indicator.element
    assert sorted(asked(draft)) == [
        (InstitutionKind.BUREAU, "county", 2, 0, [(bureaus.pk, 2, 2)]),
        (InstitutionKind.TOWNSHIP_HOSPITAL, "county", 4, 0, [(of_hospitals.pk, 4, 4)]),
        (InstitutionKind.VILLAGE_CLINIC, "county", 1, 1, [(of_clinics.pk, 1, 1)]),
    ]


def test_what_another_plan_in_force_asks_is_not_new(places, draft):
    element = ask(draft).indicator.element
    other = PlanFactory(issuer=places.counties[0])
    ask(other, element)
    assert asked(draft)[0][4] == [(element.pk, 4, 2)]
    other.state, other.published_at = PlanState.DRAFT, None
    other.save()
    assert asked(draft)[0][4] == [(element.pk, 4, 4)]


def test_a_published_plan_does_not_make_its_own_elements_old(places):
    plan = PlanFactory(issuer=places.city)
    element = ask(plan).indicator.element
    assert asked(plan)[0][4] == [(element.pk, 4, 4)]


def test_an_element_is_asked_once_whatever_number_of_targets_it_feeds(draft):
    element = ask(draft).indicator.element
    ask(draft, element)
    assert asked(draft)[0][4] == [(element.pk, 4, 4)]


def test_named_units_alone_are_asked(places, draft):
    named = places.hospitals[0][0]
    element = ask(draft, units=[named]).indicator.element
    assert asked(draft) == [("township_hospital", "county", 1, 0, [(element.pk, 1, 1)])]


def test_an_element_of_some_of_the_group_says_how_many(draft):
    everybody, central = ask(draft).indicator.element, ask(draft, grades=[Grade.CENTRAL]).indicator.element
    assert asked(draft)[0][4] == [(everybody.pk, 4, 4), (central.pk, 2, 2)]


def test_a_plan_that_asks_nobody(draft):
    ask(draft, kinds=["cdc"])
    assert asked(draft) == []
    assert preview_title(page_of(draft)) == "发布预览：没有单位会被要求填报"


def test_the_title_counts_units_and_elements(places, draft):
    shared = ask(draft).indicator.element
    ask(draft, kinds=["bureau"])
    ask(PlanFactory(issuer=places.province), shared)
    assert preview_title(page_of(draft)) == "发布预览：7 家单位将填报 2 个数据项，其中 1 个是新增"


def test_of_a_published_plan_nothing_is_called_new(client, places, admin):
    plan = PlanFactory(issuer=places.city)
    ask(plan)
    html = client.get(reverse("plan_preview", args=[plan.pk])).content.decode()
    assert ("按现行条款试算：4 家单位填报 1 个数据项" in html, "新增" in html) == (True, False)


@pytest.mark.parametrize("size", [1, 3])
def test_as_many_queries_for_one_county_as_for_three(django_assert_num_queries, size):
    plan = PlanFactory(issuer=kaifeng_like(counties=size).city, state=PlanState.DRAFT, published_at=None)
    for _ in range(size):
        ask(plan)
    period = ReturnPeriodFactory(quarter=Q4.ordinal)
    found = preview.preview_attainments(plan, period, NOW).values()
    with django_assert_num_queries(11):
        preview_page(plan, Q4, period, found)


@pytest.fixture
def figures(places, draft):
    """A quantity allotted to one county, a share, and a state; the other county has not reported."""
    total, share = ask(draft), target_with_terms(IndicatorFactory(kind=IndicatorKind.SHARE), {YEAR_END: 50}, draft)
    AllotmentFactory(milestone=total.terms.get().milestones.get(), region=places.counties[0], value=4)
    state_target(draft)
    for hospital in places.hospitals[0]:
        approved(hospital, Q4, {total.indicator.element: 3, share.indicator.element: 1})
    return ReturnPeriodFactory(quarter=Q4.ordinal)


def test_the_last_quarter_is_judged_in_the_region_and_its_children(places, draft, figures):
    page = page_of(draft, figures)
    assert [region.name for region in page.columns] == ["甲县", "乙县"]
    assert [[cell.badge.word for cell in row.all_cells] for row in page.rows] == [
        ["未达标", "达标", "不考核"],
        ["达标", "达标", "未报"],
        ["未报", "未报", "未报"],
    ]
    assert (page.counts.judged, page.counts.lagging) == (2, 1)
    assert [label for label, _ in page.groups] == ["量化目标", "定性工作"]


def test_a_concern_says_why(draft, figures):
    row = page_of(draft, figures).rows[0]
    assert [cell.region.name for cell in row.concerns] == ["某市"]
    assert row.concerns[0].reason.startswith("2023年12月31日前应不低于 10")


def test_the_preview_is_what_publishing_gives_and_stores_nothing(draft, figures):
    foreseen = {place: found.status for place, found in preview.preview_attainments(draft, figures, NOW).items()}
    assert [model.objects.count() for model in (Tally, Attainment, StatusChange)] == [0, 0, 0]
    draft.state, draft.published_at = PlanState.PUBLISHED, NOW
    draft.save()
    recompute.recompute_period(draft, figures, NOW)
    stored = {(row.target_id, row.region_id): row.status for row in Attainment.objects.all()}
    assert (foreseen, len(foreseen)) == (stored, 8)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SUPERVISOR, Role.REVIEWER])
def test_only_plan_administrators_see_a_preview(client, places, draft, role):
    client.force_login(person(role, places.city))
    assert client.get(reverse("plan_preview", args=[draft.pk])).status_code == 404


def test_an_administrator_of_a_county_does_not_see_the_citys(client, places, draft):
    client.force_login(person(Role.PLAN_ADMIN, places.counties[0]))
    assert client.get(reverse("plan_preview", args=[draft.pk])).status_code == 404


def test_the_page_shows_both_halves(client, draft, figures, admin):
    html = client.get(reverse("plan_preview", args=[draft.pk])).content.decode()
    assert ("乡镇卫生院" in html, "某市：2 项目标中 1 项滞后" in html, "只是试算" in html) == (True, True, True)


def test_before_the_first_quarter_of_the_plan_there_is_nothing_to_judge(client, draft, admin):
    ask(draft)
    ReturnPeriodFactory(quarter=Quarter(2022, 4).ordinal)
    response = client.get(reverse("plan_preview", args=[draft.pk]))
    assert (response.context["page"].quarter, response.context["page"].asked_from) == (None, Quarter(2023, 1))
    assert "计划期内还没有开放过填报的季度" in response.content.decode()
