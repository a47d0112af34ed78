"""The numbers of a plan and year: official numbers, assigned quotas, and what is allotted to the child regions.

Official numbers are entered where the targets that divide by them want them (`Target.base_level`), mostly in the
lowest judged regions, and added up; the issuer's own stands beside the sum and is only compared, unless a target
wants it there. Six queries, whatever the number of regions and targets.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from institutions.models import AuditRecord, Region
from targets.constants import official_constant
from targets.enums import Denominator, IndicatorKind, JudgedLevel
from targets.models import Allotment, Constant, Indicator, Milestone, Plan, Target, Terms
from targets.outline import plain_number
from targets.periods import day_label
from targets.queries.number_page import (
    AssignedRow,
    ColumnKind,
    Field,
    NumberCell,
    NumberColumn,
    NumbersPage,
    allotment_column,
    assigned_row,
    field_name,
    official_column,
)

ENTERED = "milestone.enter_value"  # the audit record that tells who entered an assigned value


@dataclass(slots=True)
class Kept:
    """What is stored, read once. constants: code -> region id -> year -> row."""

    constants: dict[str, dict[int, dict[int, Constant]]] = field(default_factory=dict)
    parts: dict[int, dict[int, Decimal]] = field(default_factory=dict)
    records: dict[int, AuditRecord] = field(default_factory=dict)


@dataclass(slots=True)
class Wanted:
    """A number by which targets of a plan are divided, and the levels at which they want it."""

    code: str
    quota: bool
    indicators: list[Indicator] = field(default_factory=list)
    levels: set[str] = field(default_factory=set)


def numbers_page(plan: Plan, year: int) -> NumbersPage:
    officials = [each for each in wanted_numbers(plan) if not each.quota or year >= plan.first_day.year]
    regions = rows_of(plan, year, officials)
    milestones = milestones_of(plan, year)
    kept = read_kept(plan, year, regions, officials, milestones)
    entered = [official_one(plan, year, regions, each, kept) for each in officials]
    allotted = [allotment_column_of(plan, regions, each, kept) for each in milestones if can_be_allotted(plan, each)]
    return NumbersPage(
        plan=plan,
        year=year,
        years=years_of(plan),
        regions=tuple(regions),
        columns=(*entered, *allotted),
        assigned=tuple(
            assigned_row_of(each, kept.records.get(each.pk))
            for each in milestones
            if each.value is None or each.pk in kept.records
        ),
    )


def years_of(plan: Plan) -> tuple[int, ...]:
    """Those of the plan and the one before, whose official numbers serve until newer ones are there."""
    return tuple(range(plan.first_day.year - 1, plan.last_day.year + 1))


def wanted_numbers(plan: Plan) -> list[Wanted]:
    """Official numbers first, then quotas, in the order of the plan's targets."""
    found: dict[str, Wanted] = {}
    targets = Target.objects.filter(
        plan=plan, indicator__denominator__in=[Denominator.CONSTANT, Denominator.QUOTA]
    ).select_related("indicator__element")
    for target in targets.order_by("indicator__denominator", "position"):
        target.plan, indicator = plan, target.indicator
        code, quota = indicator.official_number, indicator.denominator == Denominator.QUOTA
        each = found.setdefault(code, Wanted(code, quota))
        each.levels.add(target.base_level)
        if indicator not in each.indicators:
            each.indicators.append(indicator)
    return list(found.values())


def official_indicators(plan: Plan) -> list[Indicator]:
    """The plan's indicators that divide by an official number or an assigned quota."""
    return [indicator for each in wanted_numbers(plan) for indicator in each.indicators]


def rows_of(plan: Plan, year: int, officials: Iterable[Wanted]) -> list[Region]:
    """The regions of the lowest judged level, before them those between that divide by a number of their own."""
    levels = {plan.lowest_level}.union(*(each.levels for each in officials))
    if plan.lowest_level != plan.issuer.level:
        levels.discard(plan.issuer.level)
    return list(regions_at(plan, year, levels))


def child_regions(plan: Plan, year: int) -> QuerySet[Region]:
    """The regions of the lowest judged level."""
    return regions_at(plan, year, {plan.lowest_level})


def regions_at(plan: Plan, year: int, levels: Collection[str]) -> QuerySet[Region]:
    """The regions of these levels that exist in the year."""
    existing = Region.objects.within(plan.issuer_id).existing(date(year, 1, 1), date(year, 12, 31))
    return existing.filter(level__in=levels).highest_first()


def milestones_of(plan: Plan, year: int) -> list[Milestone]:
    """Due in the year, of the terms in force at its end, in the plan's order."""
    terms = Terms.objects.of_plan(plan).in_force_on(date(year, 12, 31))
    found = Milestone.objects.filter(terms__in=terms.values("pk"), due__year=year)
    return list(found.select_related("terms__target__indicator__element").order_by("terms__target__position", "due"))


def can_be_allotted(plan: Plan, milestone: Milestone) -> bool:
    """A quantity of units that lie in the child regions; percentages pass to them as they stand."""
    target, levels = milestone.terms.target, list(JudgedLevel)
    above = target.bureau_level and levels.index(JudgedLevel(target.bureau_level)) < levels.index(
        JudgedLevel(plan.lowest_level)
    )
    return target.indicator.kind == IndicatorKind.TOTAL and plan.issuer.level != plan.lowest_level and not above


def read_kept(
    plan: Plan, year: int, regions: list[Region], officials: list[Wanted], milestones: list[Milestone]
) -> Kept:
    kept = Kept(constants=defaultdict(lambda: defaultdict(dict)), parts=defaultdict(dict))
    constants = Constant.objects.filter(
        code__in=[each.code for each in officials],
        region__in=[plan.issuer_id, *(region.pk for region in regions)],
        year__in=[year - 1, year],
    )
    for row in constants:
        kept.constants[row.code][row.region_id][row.year] = row
    for part in Allotment.objects.filter(milestone__in=milestones):
        kept.parts[part.milestone_id][part.region_id] = part.value
    records = AuditRecord.objects.filter(action=ENTERED, object_id__in=[each.pk for each in milestones])
    kept.records = {record.object_id: record for record in records.select_related("by") if record.object_id}
    return kept


def official_one(plan: Plan, year: int, regions: list[Region], number: Wanted, kept: Kept) -> NumberColumn:
    key, known, about = official_column(number.code), kept.constants[number.code], official_constant(number.code)
    first, kept_below = number.indicators[0], any(region.pk in known for region in regions)
    cells = tuple(
        official_cell(key, region, year, known, number) if kept_below or region.level in number.levels else None
        for region in regions
    )
    whole = None if plan.issuer in regions else official_cell(key, plan.issuer, year, known, number)
    sources = {cell.source for cell in (*cells, whole) if cell and cell.field.kept}
    return NumberColumn(
        kind=ColumnKind.QUOTA if number.quota else ColumnKind.CONSTANT,
        key=key,
        code=number.code,
        name=first.name if number.quota else str(about.name),
        detail="" if number.quota else _("、").join(each.name for each in number.indicators),
        unit=first.element.unit if number.quota else about.unit,
        places=first.element.places if number.quota else about.places,
        cells=cells,
        whole=whole,
        source=Field.of(field_name(key, "source"), sources.pop() if len(sources) == 1 else ""),
    )


def official_cell(
    key: str, region: Region, year: int, known: Mapping[int, Mapping[int, Constant]], number: Wanted
) -> NumberCell:
    """A quota is assigned anew each year: last year's does not serve."""
    of_region = known.get(region.pk, {})
    now, before = of_region.get(year), None if number.quota else of_region.get(year - 1)
    return NumberCell(
        region=region,
        field=Field.of(field_name(key, region.pk), plain_number(now.value) if now else ""),
        last_year=before.value if before else None,
        source=now.source if now else "",
        needed=region.level in number.levels,
    )


def allotment_column_of(plan: Plan, regions: list[Region], milestone: Milestone, kept: Kept) -> NumberColumn:
    target, key, parts = milestone.terms.target, allotment_column(milestone.pk), kept.parts[milestone.pk]
    return NumberColumn(
        kind=ColumnKind.ALLOTMENT,
        key=key,
        code=str(milestone.pk),
        name=target.name,
        detail=day_label(milestone.due),
        unit=unit_of(target.indicator),
        places=target.indicator.places,
        cells=tuple(
            NumberCell(
                region,
                Field.of(field_name(key, region.pk), plain_number(parts[region.pk]) if region.pk in parts else ""),
            )
            if region.level == plan.lowest_level
            else None
            for region in regions
        ),
        milestone=milestone.value,
    )


def unit_of(indicator: Indicator) -> str:
    if indicator.condition or indicator.kind == IndicatorKind.QUALITATIVE:
        return "%"
    return indicator.unit or (indicator.element.unit if indicator.kind == IndicatorKind.TOTAL else "")


def assigned_row_of(milestone: Milestone, record: AuditRecord | None) -> AssignedRow:
    key = assigned_row(milestone.pk)
    return AssignedRow(
        milestone=milestone,
        name=milestone.terms.target.name,
        unit=unit_of(milestone.terms.target.indicator),
        value=Field.of(field_name(key, "value"), ""),
        document=Field.of(field_name(key, "document"), record.detail["document"] if record else ""),
        by=str(record.by or "") if record else "",
        at=day_label(record.at.date()) if record else "",
    )
