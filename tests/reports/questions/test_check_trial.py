"""A check tried out on the last quarter's figures."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from institutions.enums import Role
from reports.questions.queries.trial import try_check
from targets.models import CheckRule
from targets.plan_file import specs
from tests.factories import (
    CheckRuleFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    ReturnPeriodFactory,
    approved,
    kaifeng_like,
    person,
    target_with_terms,
)
from tests.reports.returns.helpers import Q1

pytestmark = pytest.mark.django_db
TODAY = date(2024, 5, 20)


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def plan(places):
    return PlanFactory(issuer=places.city)


@pytest.fixture
def elements(plan):
    """What is asked, the part first; the check is that the part is no more than all."""
    made = [DataElementFactory(code="part", name="基层人次"), DataElementFactory(code="all", name="全部人次")]
    for element in made:
        target_with_terms(IndicatorFactory(element=element), {date(2024, 12, 31): 1}, plan=plan)
    return made


def given(places, elements, pairs, quarter=Q1):
    for unit, pair in zip(places.hospitals[0] + places.hospitals[1], pairs, strict=False):
        approved(unit, quarter, dict(zip(elements, pair, strict=True)))
    ReturnPeriodFactory(quarter=quarter.ordinal, due_on=date(2024, 4, 20), review_by=date(2024, 4, 27))


def check(**changed):
    said = {"operator": "<=", "severity": "hard", "message": "{left} 多于 {right}。", "lines": {"": 0}}
    return specs.CheckSpec(**{"left": ("part",), "right": ("all",)} | said | changed)


def test_a_trial_counts_the_units_that_gave_all_the_numbers(places, plan, elements):
    given(places, elements, [(1, 2), (3, 2), (None, 2)])
    found = try_check(plan, check(), TODAY)
    assert (found.quarter, found.total, found.met, found.more) == (Q1, 2, 1, 0)
    assert found.failed == [(places.hospitals[0][1], "3 人次 多于 2 人次。")]


def test_a_trial_stays_within_the_issuers_region(places, elements):
    given(places, elements, [(1, 2), (1, 2), (1, 2)])
    assert try_check(PlanFactory(issuer=places.counties[0]), check(), TODAY).total == 2


def test_a_trial_takes_the_newest_quarter_that_was_due(places, plan, elements):
    given(places, elements, [(1, 2)])
    ReturnPeriodFactory(quarter=Q1.ordinal + 1, due_on=date(2024, 7, 12), review_by=date(2024, 7, 19))
    approved(places.hospitals[1][0], Q1 + 1, dict(zip(elements, (3, 2), strict=True)))
    assert try_check(plan, check(factor=Decimal("0.5")), TODAY).met == 1
    assert try_check(plan, check(), date(2024, 8, 1)).quarter == Q1 + 1


def typed(**changed):
    fields = {"left_1": "part", "operator": "<=", "right_1": "all", "severity": "hard", "message": "多于全部。"}
    return fields | changed


def test_the_form_shows_the_trial_and_saves_nothing(places, plan, elements, client, settings):
    settings.BUSINESS_DATE = TODAY
    given(places, elements, [(1, 2), (3, 2)])
    client.force_login(person(Role.PLAN_ADMIN, places.city))
    page = client.post(reverse("check_trial", args=[plan.pk]), typed())
    words = page.content.decode()
    assert "2024年第一季度已通过的数据中，2 家有 1 家符合。" in words
    assert f'action="{reverse("check_new", args=[plan.pk])}"' in words
    assert CheckRule.objects.count() == 0


def test_the_form_of_another_check_is_saved_in_its_place(places, plan, elements, client):
    rule = CheckRuleFactory(plan=plan, left=elements[:1], right=elements[1:])
    client.force_login(person(Role.PLAN_ADMIN, places.city))
    page = client.post(f"{reverse('check_trial', args=[plan.pk])}?rule={rule.pk}", typed())
    assert f'action="{reverse("check_edit", args=[rule.pk])}"' in page.content.decode()


def test_a_check_that_cannot_be_is_not_tried_out(places, plan, elements, client):
    client.force_login(person(Role.PLAN_ADMIN, places.city))
    page = client.post(reverse("check_trial", args=[plan.pk]), typed(right_1="part"))
    assert page.context["trial"] is None
    assert page.context["form"].errors["right_1"] == ["校验规则里同一个数据项写了两次"]


def test_another_citys_administrator_may_not_try(places, plan, elements, client):
    client.force_login(person(Role.PLAN_ADMIN, kaifeng_like().city))
    assert client.post(reverse("check_trial", args=[plan.pk]), typed()).status_code == 404
