"""The terms in force at the end of a quarter, as `reports.promise.Promise` values.

A constant number of queries for a plan, however many targets and regions.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import Prefetch

from institutions.enums import RegionLevel
from institutions.models import Region
from reports.promise import Mark, Promise, with_parts
from reports.status import Count
from targets.enums import Accumulation, Comparator, Denominator, ElementType, IndicatorKind, Schedule, Strength, Window
from targets.models import Allotment, Milestone, Plan, Target, Terms
from targets.periods import Quarter

LEVELS = list(RegionLevel)
COUNTED = (ElementType.COUNT, ElementType.YESNO)


@dataclass(frozen=True, slots=True)
class TargetTerms:
    """A target with the terms that judge it in one quarter, and what was allotted of it to child regions.

    parts: region id -> milestone day -> allotted value.
    """

    target: Target
    terms: Terms
    promise: Promise
    parts: dict[int, dict[date, Fraction]]

    def for_region(self, region: Region, count: Count) -> Promise | None:
        """The promise as it binds a region; None where it does not reach it (not allotted, or of a level above)."""
        plan = self.target.plan
        above = self.target.bureau_level and LEVELS.index(region.level) > LEVELS.index(self.target.bureau_level)
        if above:
            return None
        promise = replace(self.promise, at_unit=self.is_unit(region))
        if region.pk == plan.issuer_id:
            return promise
        if promise.kind == IndicatorKind.TOTAL:
            parts = self.parts.get(region.pk)
            return with_parts(promise, parts) if parts else None
        return without_small_base(promise, count.units) if promise.kind == IndicatorKind.SHARE else promise

    def is_unit(self, region: Region) -> bool:
        return self.promise.kind == IndicatorKind.EACH and self.target.bureau_level == region.level


def without_small_base(promise: Promise, units: int) -> Promise:
    """Milestones of a share that come to less than one unit of N here are not judged (基数不足)."""
    marks = tuple(
        replace(mark, judged=not units or mark.value is None or mark.value * units >= 100) for mark in promise.marks
    )
    return replace(promise, marks=marks)


def in_force(plan: Plan, quarter: Quarter, target_ids: list[int] | None = None) -> list[TargetTerms]:
    """Every target of the plan with its terms at the quarter's end; targets without terms yet are left out."""
    targets = plan.targets.select_related(
        "indicator__element", "indicator__over", "indicator__against", "plan"
    ).prefetch_related(
        "indicator__condition_values",
        Prefetch(
            "terms",
            Terms.objects.filter(effective_from__lte=quarter.last_day)
            .order_by("effective_from")
            .prefetch_related(Prefetch("milestones", Milestone.objects.order_by("due"))),
        ),
    )
    if target_ids is not None:
        targets = targets.filter(pk__in=target_ids)
    latest = [(target, list(target.terms.all())[-1]) for target in targets if target.terms.all()]
    parts = allotted([terms for _, terms in latest])
    return [TargetTerms(target, terms, promise_of(target, terms), parts[terms.pk]) for target, terms in latest]


def allotted(terms: list[Terms]) -> defaultdict[int, dict[int, dict[date, Fraction]]]:
    """Allotments by terms, region and day."""
    found: defaultdict[int, dict[int, dict[date, Fraction]]] = defaultdict(dict)
    rows = Allotment.objects.filter(milestone__terms__in=terms).values_list(
        "milestone__terms_id", "region_id", "milestone__due", "value"
    )
    for terms_id, region_id, due, value in rows:
        found[terms_id].setdefault(region_id, {})[due] = Fraction(value)
    return found


def promise_of(target: Target, terms: Terms) -> Promise:
    indicator, plan = target.indicator, target.plan
    counts_units = indicator.denominator == Denominator.NONE and indicator.kind != IndicatorKind.TOTAL
    return Promise(
        kind=IndicatorKind(indicator.kind),
        comparator=Comparator(terms.comparator),
        schedule=Schedule(terms.schedule),
        window=Window(terms.window),
        marks=tuple(mark_of(milestone) for milestone in terms.milestones.all()),
        first=Quarter.of(plan.first_day),
        strength=Strength(terms.strength),
        custom_shares=tuple(Fraction(share) for share in terms.custom_shares),
        baseline=exact(terms.baseline),
        amber=Fraction(plan.amber_points if terms.amber_points is None else terms.amber_points),
        multiplier=Fraction(indicator.multiplier),
        offset=Fraction(indicator.offset),
        whole_units=counts_units or (indicator.element.type in COUNTED and indicator.kind == IndicatorKind.TOTAL),
        only_grows=only_grows(target),
        unit=indicator.unit,
        places=indicator.places,
    )


def mark_of(milestone: Milestone) -> Mark:
    return Mark(milestone.due, exact(milestone.value), exact(milestone.high))


def exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def only_grows(target: Target) -> bool:
    """Flow, running, or these over a constant or a stock."""
    indicator = target.indicator
    if indicator.kind not in (IndicatorKind.TOTAL, IndicatorKind.RATIO):
        return False
    over_flow = indicator.over is not None and indicator.over.accumulation != Accumulation.STOCK
    flows = indicator.element.accumulation != Accumulation.STOCK
    return flows and not over_flow and indicator.denominator != Denominator.LAST_YEAR
