"""A revision and new numbers reach the results: which quarters are judged anew, and by what."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.clock import SHANGHAI
from reports.base.enums import Status
from reports.judging import recompute, tasks
from reports.models import Attainment
from targets.actions import revisions
from targets.as_file import latest_terms, target_of
from targets.enums import IndicatorKind, PlanState, Schedule
from targets.models import Plan
from targets.periods import Quarter
from targets.signals import numbers_changed, target_revised
from tests.factories import (
    IndicatorFactory,
    PlanFactory,
    ReturnPeriodFactory,
    approved,
    kaifeng_like,
    target_with_terms,
)

pytestmark = pytest.mark.django_db

Q1, Q2, Q3 = (Quarter(2023, n) for n in (1, 2, 3))
NOW = datetime(2023, 10, 31, 9, tzinfo=SHANGHAI)


@pytest.fixture
def places():
    return kaifeng_like(counties=1, hospitals=1)


@pytest.fixture
def plan(places) -> Plan:
    return PlanFactory(issuer=places.city)


@pytest.fixture
def target(places, plan):
    """A cap of ten a year; nine happened in the first quarter, and nothing since."""
    indicator = IndicatorFactory(kind=IndicatorKind.TOTAL)
    made = target_with_terms(indicator, {date(2023, 12, 31): 40}, plan, schedule=Schedule.EVEN)
    for quarter, value in ((Q1, 9), (Q2, 0), (Q3, 0)):
        approved(places.hospitals[0][0], quarter, {indicator.element: value})
        recompute.recompute_period(plan, ReturnPeriodFactory(quarter=quarter.ordinal), NOW)
    return made


def lower(target, day: date):
    revised = target_of(target, latest_terms(target))
    revised = replace(revised, milestones=(replace(revised.milestones[0], value=Decimal(9)),))
    why = {"reason": "任务核减", "document": "会议纪要"}
    return revisions.revise(target=target, revised=revised, effective_from=day, by=None, now=NOW, **why)


def statuses(target, region) -> list[str]:
    found = Attainment.objects.current().filter(target=target, region=region).order_by("quarter")
    return list(found.values_list("status", flat=True))


def test_a_revision_has_the_quarters_from_its_day_on_judged_anew(
    places, target, queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        lower(target, date(2023, 4, 1))
    assert queued() == [("reports.tasks.recompute_plan", [target.plan_id, Q2.ordinal])]


def test_a_plans_quarters_are_judged_by_the_terms_at_their_end(places, target):
    assert statuses(target, places.city) == [Status.AMBER, Status.RED, Status.RED]
    lower(target, date(2023, 4, 1))
    tasks.recompute_plan(target.plan_id, Q2.ordinal)
    assert statuses(target, places.city) == [Status.AMBER, Status.MET, Status.MET]


def test_quarters_before_the_revision_are_left_alone(places, target):
    lower(target, date(2023, 7, 1))
    tasks.recompute_plan(target.plan_id, Q3.ordinal)
    assert statuses(target, places.city) == [Status.AMBER, Status.RED, Status.MET]


def test_a_plan_that_is_gone_or_closed_before_is_left_alone(places, target):
    tasks.recompute_plan(0, Q1.ordinal)
    Plan.objects.update(state=PlanState.CLOSED, closed_on=date(2023, 3, 31))
    lowered = target.terms.get().milestones.get()
    lowered.value = 9
    lowered.save()
    tasks.recompute_plan(target.plan_id, Q2.ordinal)
    assert statuses(target, places.city) == [Status.AMBER, Status.RED, Status.RED]


def test_signals_name_the_plan_and_the_quarter(plan, target, queued):
    target_revised.send(sender=type(target), target=target, since=Q3, now=NOW)
    numbers_changed.send(sender=Plan, plan=plan, since=Q1, now=NOW)
    assert queued() == [
        ("reports.tasks.recompute_plan", [plan.pk, Q3.ordinal]),
        ("reports.tasks.recompute_plan", [plan.pk, Q1.ordinal]),
    ]
