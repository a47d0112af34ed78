"""The plan pages: read-only, for those whom the plan binds."""

from datetime import date

import pytest
from django.urls import reverse

from institutions.enums import Role
from targets.enums import Comparator, IndicatorKind, PlanState
from targets.models import Anomaly
from targets.outline import outline_of
from tests.factories import ClauseFactory, IndicatorFactory, PlanFactory, kaifeng_like, person, target_with_terms

pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def plan(places):
    return PlanFactory(issuer=places.city)


def made_target(plan, milestones=None, **terms):
    return target_with_terms(
        IndicatorFactory(kind=IndicatorKind.SHARE), milestones or {date(2023, 12, 31): 40}, plan, **terms
    )


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DIRECTOR, Role.SUPERVISOR, Role.PLAN_ADMIN])
def test_a_county_reads_the_plan_of_its_city(client, places, plan, role):
    client.force_login(person(role, places.counties[0]))
    assert plan.title in client.get(reverse("plans")).content.decode()
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 200


def test_a_reporter_reads_the_plan_that_asks_for_the_figures(client, places, plan):
    client.force_login(person(Role.REPORTER, places.hospitals[0][0]))
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 200


def test_a_plan_of_another_city_does_not_exist(client, places):
    other = PlanFactory(title="别市计划")
    client.force_login(person(Role.DIRECTOR, places.city))
    assert "别市计划" not in client.get(reverse("plans")).content.decode()
    assert client.get(reverse("plan", args=[other.pk])).status_code == 404


def test_a_province_reads_the_plans_of_its_cities(client, places, plan):
    client.force_login(person(Role.DIRECTOR, places.province))
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 200


def test_a_draft_is_not_shown(client, places, plan):
    plan.state = PlanState.DRAFT
    plan.save()
    client.force_login(person(Role.DIRECTOR, places.city))
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 404


def test_strangers_and_people_without_a_post_see_no_plan(client, places, plan):
    assert client.get(reverse("plans")).status_code == 302
    outsider = person(Role.DIRECTOR, places.city)
    outsider.memberships.all().delete()
    client.force_login(outsider)
    assert "还没有发布的工作计划" in client.get(reverse("plans")).content.decode()


def test_clauses_stand_in_the_documents_order_with_what_is_odd(client, places, plan):
    second = ClauseFactory(plan=plan, position=20, path="4/（一）", title="加强领导")
    ClauseFactory(plan=plan, position=10, path="3", title="重点任务")
    Anomaly.objects.create(clause=second, text="编号重复")
    outline = outline_of(plan)
    assert [(line.number, line.depth, line.clause.title) for line in outline.clauses] == [
        ("3", 0, "重点任务"),
        ("（一）", 1, "加强领导"),
    ]
    assert [anomaly.text for anomaly in outline.clauses[1].anomalies] == ["编号重复"]


def test_milestones_read_with_their_day_sign_and_unit(plan):
    made_target(plan, {date(2023, 12, 31): 40, date(2024, 12, 31): None})
    lines = outline_of(plan).items[0].targets[0].lines
    assert lines == ("2023年12月31日 ≥40%", "2024年12月31日 目标值待下达")


def test_a_two_sided_range_reads_from_to(plan):
    target = made_target(plan, {date(2023, 12, 31): 10}, comparator=Comparator.RANGE)
    target.terms.get().milestones.update(high=20)
    assert outline_of(plan).items[0].targets[0].lines == ("2023年12月31日 10～20%",)


@pytest.mark.parametrize("targets", [1, 3])
def test_a_plan_takes_as_many_queries_for_three_targets_as_for_one(
    client, places, plan, targets, django_assert_num_queries
):
    for _ in range(targets):
        made_target(plan)
    client.force_login(person(Role.DIRECTOR, places.city))
    with django_assert_num_queries(12):
        client.get(reverse("plan", args=[plan.pk]))
