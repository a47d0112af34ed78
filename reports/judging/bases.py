"""How many units stand behind results before and after a change of the register, and what the results say.

Inputs are additive: what changes in a region of the lowest judged level changes by as much in every region above it.
Nothing is stored and nothing is locked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import NamedTuple

from institutions.models import Region
from reports.judging.queries.tallies import INPUT_FIELDS
from reports.judging.recompute import (
    READING,
    RecomputeContext,
    ResultKey,
    count_of,
    judged_plans,
    periods_from,
    run_tally,
)
from reports.judging.status import TallyInputs, judge_assessed
from reports.models import ReturnPeriod, Tally
from targets.models import Plan
from targets.periods import Quarter

NOTHING = TallyInputs()


class BaseKey(NamedTuple):
    quarter: int
    plan: int
    target: int
    region: int


@dataclass(frozen=True, slots=True)
class BaseChange:
    """N and status of one result, before and after; a status of "" is not judged."""

    quarter: int
    target: str
    region: str
    units: tuple[int, int]
    statuses: tuple[str, str]


def context_around(plan: Plan, period: ReturnPeriod, places: Iterable[Region], now: datetime) -> RecomputeContext:
    return RecomputeContext.of(plan, period, now, around={pk for place in places for pk in place.lineage})


def read_inputs(places: list[Region], since: Quarter, now: datetime) -> dict[BaseKey, TallyInputs]:
    """Of the regions that answer for what lies in these, in every opened quarter from one on; of a region above the
    lowest judged level only what lies at the region itself."""
    found: dict[BaseKey, TallyInputs] = {}
    for period in periods_from(since.ordinal):
        for plan in judged_plans(Quarter.from_ordinal(period.quarter)):
            context = context_around(plan, period, places, now)
            homes = sorted({home for place in places if (home := context.tree.home_of(place)) is not None})
            if homes and context.terms:
                counts = run_tally(context.request(homes, context.terms, from_figures=True), READING)
                found |= {
                    BaseKey(period.quarter, plan.pk, key.target, key.region): count
                    for key, count in counts.items()
                    if key.region is not None
                }
    return found


def changed_bases(
    before: Mapping[BaseKey, TallyInputs],
    after: Mapping[BaseKey, TallyInputs],
    places: list[Region],
    since: Quarter,
    now: datetime,
) -> list[BaseChange]:
    """Every result whose N or status is another one, the lowest judged regions and all above them."""
    found = []
    for period in periods_from(since.ordinal):
        for plan in judged_plans(Quarter.from_ordinal(period.quarter)):
            context = context_around(plan, period, places, now)
            keys = [key for key in {*before, *after} if (key.quarter, key.plan) == (period.quarter, plan.pk)]
            differing = {key for key in keys if before.get(key, NOTHING) != after.get(key, NOTHING)}
            found += changes_of_plan(context, differing, before, after)
    return found


def changes_of_plan(
    context: RecomputeContext,
    differing: Iterable[BaseKey],
    before: Mapping[BaseKey, TallyInputs],
    after: Mapping[BaseKey, TallyInputs],
) -> list[BaseChange]:
    counts: dict[tuple[int, int], tuple[TallyInputs, TallyInputs]] = {}
    above: dict[tuple[int, int], TallyInputs] = {}
    for key in differing:
        was, now = before.get(key, NOTHING), after.get(key, NOTHING)
        if key.region in context.tree.leaves:
            counts[key.target, key.region] = was, now
        higher = context.tree.ancestors_of(key.region)
        for region in higher if key.region in context.tree.leaves else [key.region, *higher]:
            so_far = above.get((key.target, region), NOTHING)
            above[key.target, region] = so_far + difference(now, was)
    stored = stored_inputs(context, above)
    counts |= {place: (stored[place], stored[place] + delta) for place, delta in above.items() if place in stored}
    terms = {each.target.pk: each for each in context.terms}
    found = []
    for (target, region), pair in sorted(counts.items()):
        statuses = tuple(status_of(context, ResultKey(target, region), count) for count in pair)
        change = BaseChange(
            context.quarter.ordinal,
            terms[target].target.name,
            context.tree.regions[region].name,
            (pair[0].units, pair[1].units),
            (statuses[0], statuses[1]),
        )
        if any(statuses) and (change.units[0] != change.units[1] or statuses[0] != statuses[1]):
            found.append(change)
    return found


def difference(now: TallyInputs, was: TallyInputs) -> TallyInputs:
    return TallyInputs(*(getattr(now, each.name) - getattr(was, each.name) for each in fields(now)))


def stored_inputs(context: RecomputeContext, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], TallyInputs]:
    """By target and region, as they were last added up."""
    wanted = set(places)
    rows = Tally.objects.filter(
        quarter=context.quarter.ordinal,
        target__in={target for target, _ in wanted},
        region__in={region for _, region in wanted},
    ).values_list("target", "region", *INPUT_FIELDS)
    return {(row[0], row[1]): count_of(row[2:]) for row in rows}


def status_of(context: RecomputeContext, key: ResultKey, count: TallyInputs) -> str:
    terms = next(each for each in context.terms if each.target.pk == key.target)
    assessed = context.assessed(terms, key, count)
    result = judge_assessed(assessed, count) if assessed else None
    return str(result.status) if result else ""
