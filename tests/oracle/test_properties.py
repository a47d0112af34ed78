"""What must hold whatever the rule is: order, repetition, siblings, sums, versions."""

from collections import defaultdict
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from reports.judging import recompute
from reports.models import Attainment, StatusChange, Tally
from targets.periods import Quarter
from tests.oracle.comparing import by_key, current, recompute_all
from tests.oracle.events import Sequel, approve, approve_all, rows_as_they_lie, sequels
from tests.oracle.oracle import NAMES, Key, Oracle
from tests.oracle.rows import Place, World, read
from tests.oracle.scenarios import Built, DrawnWorld, Stage, worlds
from tests.oracle.staging import stage, standing

__all__ = ["stage"]

Results = dict[Key, dict[str, Any]]
few = settings(
    max_examples=40,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


def test_approvals_one_by_one_in_any_order_equal_a_full_recompute(stage: Stage):
    @seed(0)
    @few
    @given(sequel=sequels())
    def holds(sequel: Sequel) -> None:
        now = sequel.full.now
        with standing(sequel.before, stage) as built:
            recompute_all(built, now)
            approve_all(built, sequel, stage, now)
            one_by_one = shown(built)
            recompute_all(built, now)
            assert one_by_one == shown(built)

    holds()


def test_recomputing_twice_writes_nothing(stage: Stage):
    @seed(0)
    @few
    @given(world=worlds())
    def holds(world: DrawnWorld) -> None:
        with standing(world, stage) as built:
            recompute_all(built, world.now)
            before = rows_as_they_lie()
            recompute_all(built, world.now)
            recompute.roll_up(built.plan, world.now)
            assert rows_as_they_lie() == before

    holds()


def test_a_child_never_changes_a_sibling(stage: Stage):
    @seed(0)
    @few
    @given(sequel=sequels())
    def holds(sequel: Sequel) -> None:
        now = sequel.full.now
        with standing(sequel.before, stage) as built:
            recompute_all(built, now)
            for key in sequel.order:
                unit = built.units[key[0]]
                mine = {unit, *unit.reports_for.all()}
                touched = {
                    place
                    for each in mine
                    for region in [each.region, *(placement.region for placement in each.placements.all())]
                    for place in region.lineage
                }
                others = Tally.objects.exclude(region__in=touched).exclude(institution__in=mine)
                before = set(others.values_list("pk", *NAMES))
                recompute.refresh_after_returns([approve(built, sequel, key, stage)], now)
                recompute.roll_up(built.plan, now)
                assert set(others.values_list("pk", *NAMES)) == before

    holds()


def test_a_parents_inputs_are_its_childrens_sum_plus_its_own(stage: Stage):
    @seed(0)
    @few
    @given(world=worlds())
    def holds(world: DrawnWorld) -> None:
        with standing(world, stage) as built:
            recompute_all(built, world.now)
            rows = read(built.plan)
            oracle = Oracle(rows, world.now)
            tallies = {
                (row.target_id, row.quarter, row.region_id): row
                for row in Tally.objects.filter(target__plan=built.plan, region__isnull=False)
            }
            for (target, quarter, region), row in tallies.items():
                judged = judged_in(rows, quarter)
                children = [
                    tallies[target, quarter, each]
                    for each, parent in parents_among(judged).items()
                    if parent == region and (target, quarter, each) in tallies
                ]
                if not children:
                    continue
                of_target = next(each for each in rows.targets if each.id == target)
                own = oracle.own(of_target, quarter, region, judged.keys())
                for name in NAMES:
                    parts = [Fraction(getattr(each, name)) for each in children] + [getattr(own, name)]
                    assert Fraction(getattr(row, name)) == sum(parts), f"{name} of target {target} in {region}"

    holds()


def judged_in(rows: World, quarter: int) -> dict[int, Place]:
    places = rows.division_on(Quarter.from_ordinal(quarter).last_day).places
    return {
        each: place for each, place in places.items() if rows.issuer in place.lineage and place.level in rows.levels
    }


def parents_among(judged: dict[int, Place]) -> dict[int, int | None]:
    return {
        each: next((above for above in reversed(place.lineage[:-1]) if above in judged), None)
        for each, place in judged.items()
    }


def test_each_day_keeps_what_was_known_on_it(stage: Stage):
    @seed(0)
    @few
    @given(sequel=sequels(), gaps=st.lists(st.integers(1, 12), min_size=1, max_size=2))
    def holds(sequel: Sequel, gaps: list[int]) -> None:
        now, known, rows = sequel.full.now, {}, {}
        with standing(sequel.before, stage) as built:
            for step, gap in enumerate([0, *gaps]):
                now += timedelta(days=gap)
                for key in sequel.order[step - 1 : step] if step else ():
                    approve(built, sequel, key, stage)
                recompute_all(built, now)
                known[now.date()] = shown(built)
                rows[now.date()] = {key: row.pk for key, row in current(built).items()}
            for day, results in known.items():
                versions = Attainment.objects.filter(known_from__lte=day).exclude(superseded_on__lte=day)
                assert results == fields_of(by_key(versions))
            for before, after in pairwise(known):
                assert changed(rows[before], rows[after]) == changed(known[before], known[after])
            assert flips() == steps_of_status(list(known.values()))

    holds()


def shown(built: Built) -> Results:
    return fields_of(current(built))


def fields_of(rows: dict[Key, Attainment]) -> Results:
    """What the results say, without their ids and times."""
    apart = {"id", "known_from", "superseded_on", "computed_at"}
    names = [each.attname for each in Attainment._meta.fields if each.name not in apart]
    return {key: {name: getattr(row, name) for name in names} for key, row in rows.items()}


def changed(one: dict[Key, Any], other: dict[Key, Any]) -> set[Key]:
    return {key for key in one | other if one.get(key) != other.get(key)}


def flips() -> dict[Key, list[tuple[str, str]]]:
    found = defaultdict(list)
    for row in StatusChange.objects.order_by("pk"):
        found[row.target_id, row.region_id, row.institution_id, row.quarter].append((row.before, row.after))
    return dict(found)


def steps_of_status(known: list[Results]) -> dict[Key, list[tuple[str, str]]]:
    """Each change of status from one recompute to the next, from nothing to the first."""
    found = defaultdict(list)
    for before, after in pairwise([{}, *known]):
        for key in before | after:
            was, now = (each[key]["status"] if key in each else "" for each in (before, after))
            if was != now:
                found[key].append((was, now))
    return dict(found)
