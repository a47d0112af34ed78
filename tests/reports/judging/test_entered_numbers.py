"""Numbers that a bureau enters, as the results then have them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.clock import SHANGHAI
from reports.judging import tasks
from reports.models import Attainment
from targets.enums import Denominator, IndicatorKind, Schedule
from targets.models import Milestone
from targets.periods import Quarter
from tests import entering
from tests.factories import (
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    ReturnPeriodFactory,
    approved,
    kaifeng_like,
    target_with_terms,
)

pytestmark = pytest.mark.django_db
Q4 = Quarter(2023, 4)
YEAR_END = date(2023, 12, 31)
NOW = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def plan(places):
    ReturnPeriodFactory(quarter=Q4.ordinal)
    return PlanFactory(issuer=places.city)


def made(plan, places, value=50, **indicator):
    """A target at its date; every hospital has reported 10 for it."""
    element = DataElementFactory()
    target = target_with_terms(
        IndicatorFactory(element=element, **indicator), {YEAR_END: value}, plan, schedule=Schedule.AT_DUE
    )
    for hospital in (*places.hospitals[0], *places.hospitals[1]):
        approved(hospital, Q4, {element: 10})
    return target


def judged(plan, *places):
    """Cause or status, and value, of each place after the task that the signal starts."""
    tasks.recompute_plan(plan.pk, Quarter(2023, 1).ordinal)
    found = {row.region: row for row in Attainment.objects.current().select_related("region")}
    return [
        (found[place].cause or found[place].status, found[place].value) if place in found else None for place in places
    ]


@pytest.mark.parametrize("kind", [Denominator.CONSTANT, Denominator.QUOTA])
def test_children_are_added_up_and_the_printed_number_is_not(places, plan, kind):
    code = "resident-population" if kind == Denominator.CONSTANT else ""
    target = made(plan, places, kind=IndicatorKind.RATIO, denominator=kind, constant=code)
    everywhere = (places.city, *places.counties)
    assert judged(plan, *everywhere) == [("no_constant", None)] * 3
    values = {place.pk: Decimal(number) for place, number in zip(everywhere, (999, 40, 25), strict=True)}
    if kind == Denominator.CONSTANT:
        entering.set_constants(plan, 2023, code, values, "公报", None, NOW)
    else:
        entering.set_quotas(plan, 2023, target.indicator, values, "省卫健委", None, NOW)
    assert judged(plan, *everywhere) == [
        ("met", Decimal("61.5384615385")),
        ("met", 50),
        ("met", 80),
    ]


def test_last_years_constant_serves(places, plan):
    county = places.counties[0]
    constant = {"denominator": Denominator.CONSTANT, "constant": "resident-population"}
    made(plan, places, kind=IndicatorKind.RATIO, **constant)
    entering.set_constants(plan, 2022, "resident-population", {county.pk: Decimal(40)}, "公报", None, NOW)
    assert judged(plan, county) == [("met", 50)]


def test_last_years_quota_does_not_serve(places, plan):
    county = places.counties[0]
    target = made(plan, places, kind=IndicatorKind.RATIO, denominator=Denominator.QUOTA)
    entering.set_quotas(plan, 2022, target.indicator, {county.pk: Decimal(40)}, "省卫健委", None, NOW)
    assert judged(plan, county) == [("no_constant", None)]


def test_a_part_makes_its_place_judged(places, plan):
    target = made(plan, places)
    assert judged(plan, *places.counties) == [None, None]
    milestone = Milestone.objects.get(terms__target=target)
    entering.allot(milestone, {places.counties[0].pk: Decimal(20)}, None, NOW)
    assert judged(plan, *places.counties) == [("met", 20), None]


def test_an_assigned_value_is_judged_once_it_is_there(places, plan):
    target = made(plan, places, value=None)
    assert judged(plan, places.city) == [("no_target_value", 40)]
    milestone = Milestone.objects.get(terms__target=target)
    entering.enter_milestone_value(milestone, Decimal(40), "省卫健委", None, NOW)
    assert judged(plan, places.city) == [("met", 40)]
