"""The catalogue of indicators and data elements: what each is used for, and who may change it."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from institutions.enums import Grade, InstitutionKind, RegionKind, Role
from institutions.permissions import Person, posts
from targets.enums import Denominator, IndicatorKind, PlanState
from targets.models import DataElement, Indicator, Plan, Target, WorkItem
from targets.models.plan import PlanQuerySet
from targets.outline import plain_number
from targets.queries.plans import editable_plans, visible_plans

Entry = DataElement | Indicator
CLASSES = dict([*RegionKind.choices, *Grade.choices, *InstitutionKind.choices])


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An entry with the targets that use it, of plans that the person reads.

    hidden: how many other plans use it. in_force: one of its plans is published or closed. of_item: a qualitative
    item has made it for itself, and there it is changed.
    """

    row: Entry
    targets: tuple[Target, ...]
    hidden: int
    in_force: bool
    of_item: bool
    editable: bool

    @property
    def plans(self) -> list[Plan]:
        return list({target.plan_id: target.plan for target in self.targets}.values())

    @property
    def used(self) -> bool:
        return bool(self.targets or self.hidden)


def may_keep_catalogue(user: Person) -> bool:
    return posts(user, [Role.PLAN_ADMIN]).exists()


def uses_of(entries: Collection[Entry]) -> Q:
    """The indicators, or the targets, that stand on the entries: given as a filter on indicators."""
    elements = [each.pk for each in entries if isinstance(each, DataElement)]
    indicators = [each.pk for each in entries if isinstance(each, Indicator)]
    return Q(pk__in=indicators) | Q(element__in=elements) | Q(over__in=elements) | Q(against__in=elements)


def plans_using(entry: Entry) -> PlanQuerySet:
    return Plan.objects.filter(targets__indicator__in=Indicator.objects.filter(uses_of([entry]))).distinct()


def is_in_force(entry: Entry) -> bool:
    """Whether a published or closed plan stands on the entry: then only its words may change."""
    return plans_using(entry).published().exists()


def list_entries(entries: Iterable[Entry], user: Person) -> list[CatalogueEntry]:
    """The same queries for any number of entries."""
    entries = list(entries)
    seen = set(visible_plans(user).values_list("pk", flat=True))
    own = set(editable_plans(user).values_list("pk", flat=True))
    used = Indicator.objects.filter(uses_of(entries))
    targets = Target.objects.filter(indicator__in=used).select_related("plan", "indicator").order_by("plan", "position")
    by_entry: defaultdict[int, list[Target]] = defaultdict(list)
    for target in targets:
        for pk in keys_of(target, entries):
            by_entry[pk].append(target)
    states = set(WorkItem.objects.filter(code__in=[entry.code for entry in entries]).values_list("code", flat=True))
    return [catalogue_entry(entry, by_entry[entry.pk], seen, own, entry.code in states) for entry in entries]


def keys_of(target: Target, entries: list[Entry]) -> set[int]:
    indicator = target.indicator
    if entries and isinstance(entries[0], Indicator):
        return {indicator.pk}
    return {pk for pk in (indicator.element_id, indicator.over_id, indicator.against_id) if pk}


def catalogue_entry(
    entry: Entry, targets: list[Target], seen: set[int], own: set[int], of_item: bool
) -> CatalogueEntry:
    plans = {target.plan_id for target in targets}
    return CatalogueEntry(
        row=entry,
        targets=tuple(target for target in targets if target.plan_id in seen),
        hidden=len(plans - seen),
        in_force=any(target.plan.state != PlanState.DRAFT for target in targets),
        of_item=of_item,
        editable=not of_item and plans <= own,
    )


def indicators_found(words: str, kind: str) -> QuerySet[Indicator]:
    """Those whose name, code or definition holds the words. Without a kind all that are judged by number."""
    found = Indicator.objects.with_elements().prefetch_related("condition_values")
    found = found.filter(kind=kind) if kind else found.exclude(kind=IndicatorKind.QUALITATIVE)
    return found.filter(holding_words(words)).order_by("name", "code")


def elements_found(words: str, kind: str) -> QuerySet[DataElement]:
    """As `indicators_found`; those of qualitative items only where that kind is asked for."""
    states = Q(indicators__kind=IndicatorKind.QUALITATIVE)
    found = (
        DataElement.objects.filter(states) if kind == IndicatorKind.QUALITATIVE else DataElement.objects.exclude(states)
    )
    return found.filter(holding_words(words)).distinct().order_by("topic", "position", "pk")


def holding_words(words: str) -> Q:
    words = words.strip()
    return Q(name__icontains=words) | Q(code__icontains=words) | Q(definition__icontains=words) if words else Q()


def all_elements() -> QuerySet[DataElement]:
    """Those to choose from for a formula; what a qualitative item asks is its own."""
    return DataElement.objects.exclude(code__in=WorkItem.objects.values("code")).order_by("name", "code")


DIVISORS = {Denominator.QUOTA: _("下达任务数"), Denominator.LAST_YEAR: _("上年同期")}


def formula_of(row: Indicator) -> str:
    """签约人数 ÷ 服务人口 × 100; 等级 ≥ 2; 基本药物 ÷ 全部药物 ≥ 60%."""
    if row.kind == IndicatorKind.RATIO:
        divisor = row.over or row.constant or DIVISORS.get(Denominator(row.denominator), "")
        factor = f" × {plain_number(row.multiplier)}" if row.multiplier != 1 else ""
        offset = f" {'+' if row.offset > 0 else '−'} {plain_number(abs(row.offset))}" if row.offset else ""
        return f"{row.element} ÷ {divisor}{factor}{offset}"
    if not row.condition:
        return str(row.element)
    sign = {">=": "≥", "<=": "≤"}.get(row.condition, row.condition)
    value = now("季末") if row.condition_value is None else threshold_text(row, row.condition_value)
    over = f" ÷ {row.over}" if row.over else ""
    return f"{row.element}{over} {sign} {row.against or value}{classes_of(row)}"


def threshold_text(row: Indicator, value: Decimal) -> str:
    """What a ratio of two is held against is written in percent."""
    return f"{plain_number(value * 100)}%" if row.over else plain_number(value)


def classes_of(row: Indicator) -> str:
    """（县 2，区 1）"""
    pairs = [
        f"{CLASSES.get(each.unit_class, each.unit_class)} {threshold_text(row, each.value)}"
        for each in row.condition_values.all()
    ]
    return now("（%(what)s）") % {"what": now("，").join(pairs)} if pairs else ""
