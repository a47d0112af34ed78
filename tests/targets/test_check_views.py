"""The page of a plan's checks: who may open it, what it saves, what it refuses at which field."""

from datetime import date

import pytest
from django.urls import reverse

from institutions.enums import Role
from targets.models import CheckRule
from tests.factories import (
    CheckRuleFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

pytestmark = pytest.mark.django_db
LIST_QUERIES = 7
TYPED = {"left_1": "part", "operator": "<=", "right_1": "whole", "severity": "soft", "message": "部分大于全部。"}


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def plan(places):
    return PlanFactory(issuer=places.city)


@pytest.fixture(autouse=True)
def elements(plan):
    made = [DataElementFactory(code="part", name="基层人次"), DataElementFactory(code="whole", name="全部人次")]
    for element in made:
        target_with_terms(IndicatorFactory(element=element), {date(2024, 12, 31): 1}, plan=plan)
    return made


@pytest.fixture
def rule(plan, elements):
    return CheckRuleFactory(plan=plan, left=elements[:1], right=elements[1:], message="不能多于全部。")


@pytest.fixture(autouse=True)
def keeper(places, client):
    user = person(Role.PLAN_ADMIN, places.city, display_name="赵计划")
    client.force_login(user)
    return user


def test_the_list_says_each_check_in_words(plan, rule, client):
    page = client.get(reverse("plan_checks", args=[plan.pk])).content.decode()
    assert "基层人次 ≤ 全部人次" in page
    assert "不能多于全部。" in page


@pytest.mark.parametrize("rules", [1, 3])
def test_the_list_takes_the_same_queries_for_one_row_and_for_three(
    plan, elements, rules, client, django_assert_num_queries
):
    for _ in range(rules):
        CheckRuleFactory(plan=plan, left=elements[:1], right=elements[1:])
    client.get(reverse("plan_checks", args=[plan.pk]))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("plan_checks", args=[plan.pk]))


def test_a_new_check(plan, keeper, client):
    response = client.post(reverse("check_new", args=[plan.pk]), TYPED)
    made = CheckRule.objects.get()
    assert response.headers["Location"] == reverse("plan_checks", args=[plan.pk])
    assert (made.operator, made.severity, made.message, made.made_by) == ("<=", "soft", "部分大于全部。", keeper)


def test_a_refusal_stands_at_its_field(plan, client):
    page = client.post(reverse("check_new", args=[plan.pk]), TYPED | {"right_1": "part"})
    assert page.context["form"].errors == {"right_1": ["校验规则里同一个数据项写了两次"]}
    assert CheckRule.objects.count() == 0


def test_the_form_of_a_check_shows_what_it_is_and_a_place_more(rule, client):
    form = client.get(reverse("check_edit", args=[rule.pk])).context["form"]
    assert [form[name].value() for name in form.sides["left"]] == ["part", None, None]
    assert (form["right_1"].value(), form["message"].value()) == ("whole", "不能多于全部。")


def test_a_changed_check_takes_the_place_of_the_old_one(rule, client):
    seen = client.get(reverse("check_edit", args=[rule.pk])).context["page"].seen
    client.post(reverse("check_edit", args=[rule.pk]), TYPED | {"seen": seen})
    rule.refresh_from_db()
    assert rule.stopped_at is not None
    assert CheckRule.objects.get(stopped_at=None).message == "部分大于全部。"


def test_a_stopped_check_is_listed_as_such(plan, rule, client):
    page = client.post(reverse("check_stop", args=[rule.pk]), follow=True).content.decode()
    assert "已停用这条规则。" in page
    assert reverse("check_edit", args=[rule.pk]) not in page
    assert client.post(reverse("check_stop", args=[rule.pk])).status_code == 404


def test_another_citys_administrator_sees_none_of_it(plan, rule, client):
    client.force_login(person(Role.PLAN_ADMIN, kaifeng_like().city))
    addresses = [
        reverse("plan_checks", args=[plan.pk]),
        reverse("check_new", args=[plan.pk]),
        reverse("check_edit", args=[rule.pk]),
    ]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.post(reverse("check_stop", args=[rule.pk])).status_code == 404


def test_the_plan_links_to_its_checks(plan, client):
    assert reverse("plan_checks", args=[plan.pk]) in client.get(reverse("plan", args=[plan.pk])).content.decode()
