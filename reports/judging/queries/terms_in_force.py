"""The terms in force at the end of a quarter, as `reports.judging.terms.EffectiveTerms` values.

A constant number of queries for a plan, however many targets and regions.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from institutions.enums import RegionLevel
from institutions.models import Region
from reports.judging.status import TallyInputs
from reports.judging.terms import EffectiveTerms, MilestonePoint, with_allotted_parts
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
    effective: EffectiveTerms
    parts: dict[int, dict[date, Fraction]]

    def for_region(self, region: Region, count: TallyInputs) -> EffectiveTerms | None:
        """The terms as they bind a region; None where they do not reach it (not allotted, or of a level above)."""
        plan = self.target.plan
        above = self.target.bureau_level and rank(region.level) > rank(self.target.bureau_level)
        if above:
            return None
        effective = replace(self.effective, at_unit=True) if self.is_unit(region) and count.need else self.effective
        if region.pk == plan.issuer_id:
            return effective
        if effective.kind == IndicatorKind.TOTAL:
            parts = self.parts.get(region.pk)
            return with_allotted_parts(effective, parts) if parts else None
        return without_small_base(effective, count.units) if effective.kind == IndicatorKind.SHARE else effective

    def for_institution(self, count: TallyInputs) -> EffectiveTerms | None:
        """The terms as they bind one institution; None for quantities, and where an official number divides."""
        effective, denominator = self.effective, self.target.indicator.denominator
        if effective.kind == IndicatorKind.TOTAL or denominator in (Denominator.CONSTANT, Denominator.QUOTA):
            return None
        if effective.kind == IndicatorKind.EACH and count.units == 1 and count.need:
            return replace(effective, at_unit=True)
        return without_small_base(effective, count.units) if effective.kind == IndicatorKind.SHARE else effective

    def is_unit(self, region: Region) -> bool:
        return self.effective.kind == IndicatorKind.EACH and self.target.bureau_level == region.level


def rank(level: str) -> int:
    """0 for the country; the deeper, the greater."""
    return LEVELS.index(RegionLevel(level))


def without_small_base(effective: EffectiveTerms, units: int) -> EffectiveTerms:
    """Milestones of a share that come to less than one unit of N here are not judged (基数不足)."""
    small = [
        milestone
        for milestone in effective.milestones
        if units and milestone.value is not None and milestone.value * units < 100
    ]
    if not small:
        return effective
    return replace(
        effective,
        milestones=tuple(replace(milestone, judged=milestone not in small) for milestone in effective.milestones),
    )


def terms_in_force(
    plan: Plan, quarter: Quarter, target_ids: list[int] | None = None, regions: Collection[int] | None = None
) -> list[TargetTerms]:
    """Every target of the plan with its terms at the quarter's end; targets without terms yet are left out.

    regions: of the allotments only those to these.
    """
    terms = (
        Terms.objects.of_plan(plan)
        .in_force_on(quarter.last_day)
        .select_related("target__indicator__element", "target__indicator__over", "target__indicator__against")
    )
    if target_ids is not None:
        terms = terms.filter(target__in=target_ids)
    latest = sorted(terms, key=lambda each: (each.target.position, each.target_id))
    milestones, parts = milestones_by_terms(latest), allotted_parts(latest, regions)
    for each in latest:
        each.target.plan = plan
    return [
        TargetTerms(each.target, each, effective_terms_of(each, milestones[each.pk]), parts[each.pk]) for each in latest
    ]


def milestones_by_terms(terms: list[Terms]) -> defaultdict[int, tuple[MilestonePoint, ...]]:
    """Milestones by terms, each by due day."""
    found: defaultdict[int, tuple[MilestonePoint, ...]] = defaultdict(tuple)
    rows = Milestone.objects.filter(terms__in=terms).order_by("due").values_list("terms_id", "due", "value", "high")
    for terms_id, due, value, high in rows:
        found[terms_id] += (MilestonePoint(due, exact(value), exact(high)),)
    return found


def allotted_parts(
    terms: list[Terms], regions: Collection[int] | None
) -> defaultdict[int, dict[int, dict[date, Fraction]]]:
    """Allotments by terms, region and day."""
    found: defaultdict[int, dict[int, dict[date, Fraction]]] = defaultdict(dict)
    parts = Allotment.objects.filter(milestone__terms__in=terms)
    if regions is not None:
        parts = parts.filter(region__in=regions)
    rows = parts.values_list("milestone__terms_id", "region_id", "milestone__due", "value")
    for terms_id, region_id, due, value in rows:
        found[terms_id].setdefault(region_id, {})[due] = Fraction(value)
    return found


def effective_terms_of(terms: Terms, milestones: tuple[MilestonePoint, ...]) -> EffectiveTerms:
    target = terms.target
    indicator, plan = target.indicator, target.plan
    counts_units = indicator.denominator == Denominator.NONE and indicator.kind != IndicatorKind.TOTAL
    return EffectiveTerms(
        kind=IndicatorKind(indicator.kind),
        comparator=Comparator(terms.comparator),
        schedule=Schedule(terms.schedule),
        window=Window(terms.window),
        milestones=milestones,
        first=Quarter.of(plan.first_day),
        strength=Strength(terms.strength),
        custom_shares=tuple(Fraction(share) for share in terms.custom_shares),
        baseline=exact(terms.baseline),
        amber=Fraction(plan.amber_points if terms.amber_points is None else terms.amber_points),
        multiplier=Fraction(indicator.multiplier),
        offset=Fraction(indicator.offset),
        whole_units=counts_units or (indicator.element.type in COUNTED and indicator.kind == IndicatorKind.TOTAL),
        only_grows=only_grows(target),
        by_official=bool(indicator.official_number),
        by_last_year=indicator.denominator == Denominator.LAST_YEAR,
        base_level=target.base_level,
        unit=indicator.unit,
        places=indicator.places,
    )


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
