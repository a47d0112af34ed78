"""The plans and quarters that a page can be about."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from institutions.models import Region
from institutions.queries import lineage_ever
from reports.models import Attainment, ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter


def plans_judging(region: Region) -> QuerySet[Plan]:
    """Plans in force or closed that a region or one above it issued, newest first; above it also in earlier days."""
    return Plan.objects.published().filter(issuer__in=lineage_ever(region)).select_related("issuer")


def plans_below(region: Region) -> QuerySet[Plan]:
    """Plans that places below have issued: what a province opens with that has none of its own."""
    found = Plan.objects.published().filter(issuer__lineage__contains=[region.pk])
    return found.select_related("issuer")


def periods_of(plan: Plan) -> list[ReturnPeriod]:
    """The opened quarters that a plan judges, oldest first: its own, and later ones in which anything is left of it."""
    first, last = Quarter.of(plan.first_day), Quarter.of(plan.closed_on or date.max)
    left = Attainment.objects.current().filter(target__plan=plan, quarter=OuterRef("quarter"))
    own = Q(quarter__lte=Quarter.of(plan.last_day).ordinal) | Exists(left)
    return list(ReturnPeriod.objects.filter(own, quarter__range=(first.ordinal, last.ordinal)).order_by("quarter"))


def last_due(periods: Collection[ReturnPeriod], today: date) -> ReturnPeriod | None:
    """The newest period whose due date is past; before there is one, the first that opened."""
    past = [period for period in periods if period.due_on < today]
    return next(iter(past[-1:] or periods), None)
