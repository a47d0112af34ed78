"""Results as rows, without the recompute."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import factory

from institutions.clock import SHANGHAI
from reports.base.enums import Status
from reports.models import Attainment, StatusChange
from targets.periods import Quarter
from tests.factories.institutions import RegionFactory
from tests.factories.reports import QUARTER
from tests.factories.targets import TargetFactory


class AttainmentFactory(factory.django.DjangoModelFactory):
    """A current GREEN result of 40 against 40 by the year's end, all of 10 units reported."""

    class Meta:
        model = Attainment

    target = factory.SubFactory(TargetFactory)
    region = factory.SubFactory(RegionFactory)
    quarter = QUARTER.ordinal
    known_from = factory.LazyAttribute(lambda made: Quarter.from_ordinal(made.quarter).last_day + timedelta(days=20))
    computed_at = factory.LazyAttribute(
        lambda made: datetime(made.known_from.year, made.known_from.month, made.known_from.day, 9, tzinfo=SHANGHAI)
    )
    status = Status.GREEN
    value = Decimal(40)
    expected = Decimal(40)
    milestone = Decimal(80)
    milestone_due = factory.LazyAttribute(lambda made: date(Quarter.from_ordinal(made.quarter).year, 12, 31))
    gap = factory.LazyAttribute(
        lambda made: None if made.value is None or made.milestone is None else made.milestone - made.value
    )
    needed_units = factory.LazyAttribute(lambda made: None if made.gap is None else max(Decimal(0), made.gap))
    lag = Decimal(0)
    numerator = Decimal(4)
    denominator = Decimal(10)
    units = 10
    given = 10
    reported = 10
    reason = "按进度正常。"


class StatusChangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StatusChange

    target = factory.SubFactory(TargetFactory)
    region = factory.SubFactory(RegionFactory)
    quarter = QUARTER.ordinal
    at = datetime(2023, 4, 20, 9, tzinfo=SHANGHAI)
    before = ""
    after = Status.RED
