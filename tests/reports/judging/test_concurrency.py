"""Eight reviewers under one city at once, again and again; `python -m tests.bench eight` does it a thousand times."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from threading import Barrier

import pytest
from django.db import connection
from django.db.models import Sum

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel, Role
from institutions.models import Institution, Region, User
from reports.base.enums import SubmissionState
from reports.judging import recompute
from reports.models import Attainment, Figure, StaleParent, Submission, Tally
from reports.reviewing.actions import reviews
from targets.enums import Accumulation, ElementType, IndicatorKind, Schedule
from targets.models import DataElement, Plan, Target
from targets.periods import Quarter
from tests.factories import (
    AllotmentFactory,
    ConstantFactory,
    DataElementFactory,
    EntryFactory,
    IndicatorFactory,
    PlanFactory,
    ReturnPeriodFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

pytestmark = pytest.mark.django_db(transaction=True)

Q1 = Quarter(2023, 1)
NOW = datetime(2023, 4, 14, 10, tzinfo=SHANGHAI)  # the due day: whoever has not answered is awaited
YEAR_END = date(2023, 12, 31)
WRITERS = 8
ROUNDS = 40


@dataclass
class City:
    """Eight counties with two hospitals and a reviewer each; a province's plan of four targets over three elements."""

    province: Region
    plan: Plan
    visits: DataElement
    elements: list[DataElement]
    total: Target
    clerk: User
    reviewers: list[User]
    hospitals: list[list[Institution]]

    def hand_in(self, number: int) -> list[Submission]:
        """The next round of one hospital of each county, with new answers."""
        return [self.answered(hospitals[number % 2], number) for hospitals in self.hospitals]

    def answered(self, hospital: Institution, number: int) -> Submission:
        submission = Submission.objects.get(reporter=hospital)
        handed_in = RoundFactory(submission=submission, handed_in=True, saved_by=self.clerk)
        answers = (10 + number % 7, number % 5, (number + hospital.pk) % 3)
        for element, value in zip(self.elements, answers, strict=True):
            EntryFactory(round=handed_in, element=element, value=value)
        submission.state = SubmissionState.SUBMITTED
        submission.save()
        return submission


@pytest.fixture
def city() -> City:
    places = kaifeng_like(counties=WRITERS, hospitals=2)
    ReturnPeriodFactory(quarter=Q1.ordinal)
    for hospital in chain.from_iterable(places.hospitals):
        SubmissionFactory(reporter=hospital, quarter=Q1.ordinal)
    levels = [RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY]
    plan = PlanFactory(issuer=places.province, judged_levels=levels)
    visits, referrals = DataElementFactory(), DataElementFactory(accumulation=Accumulation.RUNNING)
    level = DataElementFactory(type=ElementType.LEVEL, accumulation=Accumulation.STOCK)
    total = target_with_terms(IndicatorFactory(element=visits), {YEAR_END: 100}, plan)
    target_with_terms(IndicatorFactory(kind=IndicatorKind.RATIO, element=referrals, over=visits), {YEAR_END: 50}, plan)
    target_with_terms(
        IndicatorFactory(kind=IndicatorKind.RATIO, element=referrals, constant="resident-population"),
        {YEAR_END: 1},
        plan,
    )
    target_with_terms(
        IndicatorFactory(kind=IndicatorKind.SHARE, element=level), {YEAR_END: 60}, plan, schedule=Schedule.HOLD
    )
    for county in places.counties:
        ConstantFactory(region=county)
        AllotmentFactory(milestone=total.terms.get().milestones.get(), region=county, value=10)
    reviewers = [person(Role.REVIEWER, county) for county in places.counties]
    elements = [visits, referrals, level]
    return City(places.province, plan, visits, elements, total, UserFactory(), reviewers, places.hospitals)


def test_eight_approvals_at_once_lose_nothing(city):
    """No error, no lost part, nobody left waiting, and a full recompute finds nothing to change."""
    together = Barrier(WRITERS)

    def approve(submission: Submission, reviewer: User) -> None:
        together.wait(30)
        reviews.approve(submission, reviewer, NOW)
        recompute.roll_up(city.plan, NOW)

    with ThreadPoolExecutor(WRITERS) as pool:
        for number in range(ROUNDS):
            list(pool.map(approve, city.hand_in(number), city.reviewers))
            assert total_of(city) == Figure.objects.filter(element=city.visits).aggregate(sum=Sum("value"))["sum"]
        list(pool.map(lambda _: (together.wait(30), connection.close()), range(WRITERS)))
    assert StaleParent.objects.count() == 0
    assert Attainment.objects.current().filter(region=city.province).count() == 4
    changed = [
        recompute.recompute_period(city.plan, period, NOW).changed for period in recompute.periods_from(Q1.ordinal)
    ]
    assert changed == [0]


def total_of(city: City) -> int:
    return Tally.objects.get(target=city.total, region=city.province, quarter=Q1.ordinal).numerator
