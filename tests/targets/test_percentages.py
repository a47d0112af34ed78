"""Percentages as they are read and typed: a condition on a ratio of two, and milestones over 100."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from institutions.enums import Role
from targets.actions.editing import targets as editing
from targets.actions.loading import PlanRefused
from targets.as_file import latest_terms, target_of
from targets.enums import Comparator, IndicatorKind, PlanState
from targets.outline import over_a_hundred
from targets.plan_file import specs
from targets.queries.catalogue import formula_of
from targets.queries.plans import editable_targets
from tests.factories import (
    ConditionValueFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

pytestmark = pytest.mark.django_db
DUE = date(2024, 12, 31)


def test_a_condition_on_a_ratio_of_two_is_read_in_percent():
    kept, all_kinds = DataElementFactory(name="基本药物"), DataElementFactory(name="全部药物")
    share = IndicatorFactory(kind=IndicatorKind.SHARE, element=kept, over=all_kinds, condition_value=Decimal("0.6"))
    ConditionValueFactory(indicator=share, unit_class="central", value=Decimal("0.55"))
    assert formula_of(share) == "基本药物 ÷ 全部药物 ≥ 60%（中心 55%）"


def test_a_condition_on_one_element_is_read_as_it_stands():
    share = IndicatorFactory(kind=IndicatorKind.SHARE, element=DataElementFactory(name="次数"))
    assert formula_of(share) == "次数 ≥ 1"


@pytest.fixture
def city():
    return kaifeng_like().city


@pytest.fixture
def admin(city):
    return person(Role.PLAN_ADMIN, city)


def draft(city, value, **indicator):
    plan = PlanFactory(issuer=city, state=PlanState.DRAFT)
    return target_with_terms(IndicatorFactory(**indicator), {DUE: value}, plan=plan)


@pytest.mark.parametrize("kind", [IndicatorKind.SHARE, IndicatorKind.EACH])
@pytest.mark.parametrize(("comparator", "value", "high"), [("at_least", 1200, None), ("range", 50, 1200)])
def test_a_share_over_a_hundred_is_refused(city, admin, kind, comparator, value, high):
    row = draft(city, 50, kind=kind)
    target = editable_targets(admin).get(pk=row.pk)
    said = target_of(target, latest_terms(target))
    milestone = specs.MilestoneSpec(
        due=DUE, value=Decimal(value), high=high and Decimal(high), lines={"": 0, "value": 1}
    )
    changed = specs.TargetSpec(**{**vars(said), "comparator": Comparator(comparator), "milestones": (milestone,)})
    with pytest.raises(PlanRefused, match="节点值应在0到100之间，现为1200"):
        editing.change(target, changed, None, [], admin, row.terms.get().made_at)


def test_a_rate_over_a_hundred_is_saved_with_a_warning(city, admin, client):
    row = draft(city, 50, kind=IndicatorKind.RATIO, element=DataElementFactory(), over=DataElementFactory())
    client.force_login(admin)
    page = client.get(reverse("target_edit", args=[row.pk])).context["page"]
    sheets = [page.form, *page.milestones.forms, *page.contacts.forms]
    sheets += [page.milestones.management_form, page.contacts.management_form]
    typed = {field.html_name: field.value() for sheet in sheets for field in sheet if field.value() is not None}
    milestone = page.milestones.forms[0]["value"].html_name
    response = client.post(reverse("target_edit", args=[row.pk]), typed | {milestone: "1,200"}, follow=True)
    assert "节点值 1,200% 超过 100%，请核对是否多写了位数；确实如此的不用改。" in map(str, response.context["messages"])
    assert row.terms.get().milestones.get().value == 1200


def test_a_rate_up_to_a_hundred_and_a_number_are_not_warned_of(city):
    elements = {"element": DataElementFactory(), "over": DataElementFactory()}
    rate = draft(city, 100, kind=IndicatorKind.RATIO, **elements)
    total = draft(city, 1200, element=DataElementFactory())
    assert [over_a_hundred(row, row.terms.get()) for row in (rate, total)] == [[], []]
