"""The numbers that a bureau enters beside its plan's document: official ones, quotas, assigned values, parts."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from institutions.models import Institution
from reports.demo.behaviour import shared_out
from reports.demo.history import PlaceHistory
from reports.demo.people import published_places
from reports.questions.queries.reach import is_in_scope
from targets.actions import numbers
from targets.actions.numbers import AssignedEntry, Entries, OfficialEntry
from targets.enums import Denominator, IndicatorKind
from targets.models import Milestone, Plan
from targets.queries.numbers import child_regions, official_indicators

SAMPLE = "示例数据，非官方统计"
PRINTED = "统计公报或普查数"
DOCUMENT = "上级下达任务数的通知（示例）"


def hand_down(plan: Plan, history: PlaceHistory, people: Mapping[int, int], now: datetime) -> None:
    """Year by year, while the plan is a draft: as one form of the page 基础数据与分解 each."""
    for year in range(plan.first_day.year, plan.last_day.year + 1):
        milestones = list(milestones_due(plan, year))
        assigned = {
            each.pk: AssignedEntry(value_of(each, history), DOCUMENT)
            for each in milestones
            if each.value is None and value_of(each, history) is not None
        }
        entries = Entries(
            constants=constants(plan, people),
            quotas=quotas(plan, history, people),
            parts={each.pk: parts_of(plan, each, history, people) for each in milestones if is_shared(each, history)},
            assigned=assigned,
        )
        numbers.save(plan, year, entries, None, now)


def milestones_due(plan: Plan, year: int) -> Iterator[Milestone]:
    found = Milestone.objects.of_plan(plan).filter(due__year=year)
    yield from found.select_related("terms__target__indicator").order_by("terms__target__position", "due")


def value_of(milestone: Milestone, history: PlaceHistory) -> Decimal | None:
    """What the document says, else what came from above."""
    return milestone.value or history.handed.assigned.get(milestone.terms.target.code)


def constants(plan: Plan, people: Mapping[int, int]) -> dict[str, OfficialEntry]:
    """Residents by region; where all of them are published, or only shared out, is told by the source."""
    codes = {each.constant for each in official_indicators(plan) if each.denominator == Denominator.CONSTANT}
    by_region: dict[int, Decimal | None] = {pk: Decimal(count) for pk, count in people.items()}
    printed = published_places(plan)[plan.issuer.name].population
    if printed:
        by_region[plan.issuer_id] = Decimal(printed)
    source = f"{plan.issuer.name}总数为{PRINTED}，下级为{SAMPLE}" if printed else SAMPLE
    return {code: OfficialEntry(by_region, source) for code in sorted(codes)}


def quotas(plan: Plan, history: PlaceHistory, people: Mapping[int, int]) -> dict[str, OfficialEntry]:
    codes = [each.code for each in official_indicators(plan) if each.denominator == Denominator.QUOTA]
    return {
        code: OfficialEntry(
            {pk: Decimal(int(count * history.handed.quotas[code])) for pk, count in people.items()}, SAMPLE
        )
        for code in codes
        if code in history.handed.quotas
    }


def is_shared(milestone: Milestone, history: PlaceHistory) -> bool:
    target = milestone.terms.target
    if target.indicator.kind != IndicatorKind.TOTAL or value_of(milestone, history) is None:
        return False
    shared = history.handed.by_units | history.handed.by_people
    return target.code in shared or milestone.due.year in history.handed.parts.get(target.code, {})


def parts_of(
    plan: Plan, milestone: Milestone, history: PlaceHistory, people: Mapping[int, int]
) -> dict[int, Decimal | None]:
    """By the table, else by residents or by the units in scope."""
    target, handed = milestone.terms.target, history.handed
    regions = {each.name: each.pk for each in child_regions(plan, milestone.due.year)}
    if by_name := handed.parts.get(target.code, {}).get(milestone.due.year):
        return {regions[name]: Decimal(value) for name, value in by_name.items()}
    weights = people if target.code in handed.by_people else units_by_region(plan, milestone, regions.values())
    shares = shared_out(value_of(milestone, history) or Decimal(0), weights)
    return {pk: Decimal(value) for pk, value in shares.items()}


def units_by_region(plan: Plan, milestone: Milestone, regions: Iterable[int]) -> dict[int, float]:
    units = Institution.objects.within(plan.issuer_id).never_closed()
    found = dict.fromkeys(regions, 0.0)
    for unit in units.select_related("region"):
        for pk in found.keys() & set(unit.region.lineage):
            found[pk] += is_in_scope(milestone.terms.target, unit)
    return {pk: count for pk, count in found.items() if count}
