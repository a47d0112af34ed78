"""The one writer of Tally, Attainment and FlagChange.

A region of the lowest judged level is tallied from figures; a parent from its children's tallies and
what lies at the parent itself. Whoever tallies a region first takes its lock, in a statement of its
own and in ascending order, so that two approvals never lose each other's part. Every function may be
run twice at once or killed half-way: it reads again what is stored and writes only what differs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q, Sum

from institutions.models import Region
from reports import sentence
from reports.enums import Status
from reports.models import Attainment, FlagChange, ReturnPeriod, StaleParent, Submission, Tally
from reports.promise import Promise
from reports.queries.judged import JudgedTree, judged_tree
from reports.queries.promises import TargetTerms, in_force
from reports.queries.tallies import INPUT_FIELDS, own_tallies
from reports.status import Count, Judgement, judge
from targets.enums import PlanState
from targets.models import Plan
from targets.periods import Quarter

Key = tuple[int, int]  # target id, region id
LOCK_SPACE = 0x4850  # the advisory locks of this module, apart from anybody else's


@dataclass(frozen=True, slots=True)
class Done:
    """What a recompute did: tallies read, results judged, results changed."""

    read: int = 0
    judged: int = 0
    changed: int = 0

    def __add__(self, other: "Done") -> "Done":
        return Done(self.read + other.read, self.judged + other.judged, self.changed + other.changed)


@dataclass(frozen=True)
class Scene:
    """One plan and quarter, as everything that is recomputed in it shares them."""

    plan: Plan
    quarter: Quarter
    due_on: date
    tree: JudgedTree
    terms: list[TargetTerms]
    now: datetime

    @classmethod
    def of(cls, plan: Plan, period: ReturnPeriod, now: datetime, target_ids: list[int] | None = None) -> "Scene":
        quarter = Quarter.from_ordinal(period.quarter)
        terms = in_force(plan, quarter, target_ids)
        return cls(plan, quarter, period.due_on, judged_tree(plan, quarter), terms, now)


def judged_plans(quarter: Quarter) -> list[Plan]:
    """Published plans that judge the quarter; a closed one only up to the quarter it was closed in."""
    running = Q(state=PlanState.PUBLISHED) | Q(state=PlanState.CLOSED, closed_on__gte=quarter.first_day)
    return list(Plan.objects.filter(running, first_day__lte=quarter.last_day).order_by("pk"))


def periods_from(quarter: int) -> list[ReturnPeriod]:
    """The opened quarters from one on: what a changed figure reaches."""
    return list(ReturnPeriod.objects.filter(quarter__gte=quarter).order_by("quarter"))


@transaction.atomic
def return_changed(submission: Submission, now: datetime) -> list[int]:
    """Write the results of the return's own region, in its quarter and every later one opened.

    Gives the ids of the plans whose parents went stale; the caller enqueues `tasks.roll_up` for them on commit.
    """
    stale = set()
    region = submission.reporter.region
    for period in periods_from(submission.quarter):
        for plan in judged_plans(Quarter.from_ordinal(period.quarter)):
            scene = Scene.of(plan, period, now, targets_reached(plan, submission))
            home = scene.tree.home_of(region)
            if home is None or not scene.terms:
                continue
            if home in scene.tree.leaves:
                refresh_leaves(scene, [home])
            parents = [] if home in scene.tree.leaves else [home]
            mark_stale(scene, parents + scene.tree.ancestors_of(home))
            if parents or scene.tree.ancestors_of(home):
                stale.add(plan.pk)
    return sorted(stale)


def targets_reached(plan: Plan, submission: Submission) -> list[int]:
    """Targets whose scope holds the reporter or one of the units it answers for."""
    reporter = submission.reporter
    kinds = {reporter.kind, *reporter.reports_for.values_list("kind", flat=True)}
    reached = plan.targets.filter(Q(kinds=[]) | Q(kinds__overlap=sorted(kinds)))
    return list(reached.order_by("pk").values_list("pk", flat=True))


def mark_stale(scene: Scene, regions: Iterable[int]) -> None:
    rows = [
        StaleParent(plan=scene.plan, target=each.target, region_id=region, quarter=scene.quarter.ordinal)
        for region in regions
        for each in scene.terms
    ]
    StaleParent.objects.bulk_create(rows)


@transaction.atomic
def roll_up(plan: Plan, now: datetime) -> Done:
    """Bring the stale parents of a plan up to date. One at a time per plan; a second waits, then finds nothing."""
    lock(plan.pk, [0])
    taken = take_stale(plan)
    done = Done()
    for ordinal in sorted({quarter for _, _, quarter in taken}):
        period = ReturnPeriod.objects.filter(quarter=ordinal).first()
        if period is None:
            continue
        wanted = {(target, region) for target, region, quarter in taken if quarter == ordinal}
        scene = Scene.of(plan, period, now, sorted({target for target, _ in wanted}))
        for region in scene.tree.above_leaves:
            targets = {target for target, place in wanted if place == region}
            if targets:
                done += refresh_parent(scene, region, targets)
    return done


def take_stale(plan: Plan) -> set[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM reports_staleparent WHERE plan_id = %s RETURNING target_id, region_id, quarter", [plan.pk]
        )
        return set(cursor.fetchall())


def recompute_period(plan: Plan, period: ReturnPeriod, now: datetime, region: Region | None = None) -> Done:
    """Recompute one plan and quarter at every judged level; with `region`, only its branch and what lies above.

    A region is one transaction, so a killed run has done whole regions and the next one does the rest.
    """
    scene = Scene.of(plan, period, now)
    done = Done()
    for leaf in scene.tree.leaves:
        if region is None or same_branch(scene.tree.regions[leaf], region):
            with transaction.atomic():
                done += refresh_leaves(scene, [leaf])
    everything = {each.target.pk for each in scene.terms}
    for parent in scene.tree.above_leaves:
        if region is None or same_branch(scene.tree.regions[parent], region):
            with transaction.atomic():
                lock(plan.pk, [0])
                done += refresh_parent(scene, parent, everything)
    return done


def same_branch(one: Region, other: Region) -> bool:
    """Whether one lies within the other."""
    return one.pk in other.lineage or other.pk in one.lineage


def refresh_leaves(scene: Scene, regions: Sequence[int]) -> Done:
    """Tally from figures and judge; inside the caller's transaction."""
    lock(scene.plan.pk, sorted(regions))
    tallies = own(scene, scene.terms, regions)
    store_tallies(scene, tallies)
    return judge_all(scene, tallies)


def refresh_parent(scene: Scene, region: int, target_ids: set[int]) -> Done:
    lock(scene.plan.pk, [region])
    terms = [each for each in scene.terms if each.target.pk in target_ids]
    tallies = own(scene, terms, [region])
    for key, count in children_sum(scene, region, target_ids).items():
        if key in tallies:
            tallies[key] = add(tallies[key], count)
    store_tallies(scene, tallies)
    return judge_all(scene, tallies)


def lock(plan_id: int, regions: Sequence[int]) -> None:
    """Held to the end of the transaction; region 0 stands for the plan's rolling up."""
    with connection.cursor() as cursor:
        for region in regions:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, hashint8(%s::bigint * 1000003 + %s))", [LOCK_SPACE, plan_id, region]
            )


def own(scene: Scene, terms: Sequence[TargetTerms], regions: Sequence[int]) -> dict[Key, Count]:
    rows = own_tallies(scene.plan, scene.quarter, terms, regions, scene.tree.lowest, scene.due_on, scene.now.date())
    return {(row[0], row[1]): count_of(row[2:]) for row in rows}


def children_sum(scene: Scene, region: int, target_ids: set[int]) -> dict[Key, Count]:
    sums = (
        Tally.objects.filter(
            region_id__in=scene.tree.children_of(region), quarter=scene.quarter.ordinal, target_id__in=target_ids
        )
        .values("target_id")
        .annotate(**{f"{name}_sum": Sum(name) for name in INPUT_FIELDS})
        .values_list("target_id", *(f"{name}_sum" for name in INPUT_FIELDS))
    )
    return {(row[0], region): count_of(row[1:]) for row in sums}


def count_of(values: Sequence[Any]) -> Count:
    pairs = zip(INPUT_FIELDS, values, strict=True)
    inputs: dict[str, Any] = {name: Fraction(value) if isinstance(value, Decimal) else value for name, value in pairs}
    return Count(**inputs)


def add(one: Count, other: Count) -> Count:
    return replace(one, **{field.name: getattr(one, field.name) + getattr(other, field.name) for field in fields(one)})


def as_columns(count: Count) -> dict[str, Any]:
    """Fractions of stored numbers are whole ten-thousandths, so this is exact."""
    values = {name: getattr(count, name) for name in INPUT_FIELDS}
    return {name: decimal(value) if isinstance(value, Fraction) else value for name, value in values.items()}


def decimal(value: Fraction, places: int = 4) -> Decimal:
    return Decimal(round(value * 10**places)).scaleb(-places)


def store_tallies(scene: Scene, tallies: dict[Key, Count]) -> None:
    """Upsert; a row that is the same already is not written again."""
    stored = Tally.objects.filter(
        quarter=scene.quarter.ordinal,
        region_id__in={region for _, region in tallies},
        target_id__in={target for target, _ in tallies},
    )
    known = {(row.target_id, row.region_id): count_of([getattr(row, name) for name in INPUT_FIELDS]) for row in stored}
    rows = [
        Tally(target_id=target, region_id=region, quarter=scene.quarter.ordinal, **as_columns(count))
        for (target, region), count in tallies.items()
        if known.get((target, region)) != count
    ]
    Tally.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["target", "region", "quarter"], update_fields=list(INPUT_FIELDS)
    )


def judge_all(scene: Scene, tallies: dict[Key, Count]) -> Done:
    current = current_results(scene, tallies)
    met = met_after_last_milestone(scene)
    terms = {each.target.pk: each for each in scene.terms}
    changed = []
    for key, count in sorted(tallies.items(), key=lambda item: item[0]):
        version = judged(scene, terms[key[0]], key, count, key in met)
        if differs(current.get(key), version):
            changed.append((key, current.get(key), version))
    keep_versions(scene, changed)
    return Done(read=len(tallies), judged=len(tallies), changed=len(changed))


def judged(scene: Scene, each: TargetTerms, key: Key, count: Count, met_before: bool) -> Attainment | None:
    """The result as it would be stored; None where the target is not judged in the region."""
    promise = each.for_region(scene.tree.regions[key[1]], count)
    result = judge(promise, count, scene.quarter, met_before) if promise else None
    return version_of(scene, key, promise, count, result) if promise and result else None


def current_results(scene: Scene, tallies: dict[Key, Count]) -> dict[Key, Attainment]:
    rows = Attainment.objects.filter(
        quarter=scene.quarter.ordinal,
        superseded_on__isnull=True,
        region_id__in={region for _, region in tallies},
        target_id__in={target for target, _ in tallies},
    )
    return {(row.target_id, row.region_id): row for row in rows}


def met_after_last_milestone(scene: Scene) -> set[Key]:
    """Targets past their last milestone that were met in its quarter or since: not judged any more."""
    ends = {each.target.pk: each.promise.last_quarter() for each in scene.terms}
    over = [target for target, end in ends.items() if end is not None and end < scene.quarter]
    if not over:
        return set()
    rows = (
        Attainment.objects.filter(
            target_id__in=over, quarter__lt=scene.quarter.ordinal, superseded_on__isnull=True, status=Status.MET
        )
        .values("target_id", "region_id")
        .annotate(last=Max("quarter"))
        .values_list("target_id", "region_id", "last")
    )
    return {(target, region) for target, region, last in rows if last >= ends[target].ordinal}  # type: ignore[union-attr]


def version_of(scene: Scene, key: Key, promise: Promise, count: Count, result: Judgement) -> Attainment:
    return Attainment(
        target_id=key[0],
        region_id=key[1],
        quarter=scene.quarter.ordinal,
        known_from=scene.now.date(),
        computed_at=scene.now,
        status=result.status,
        cause=result.cause,
        value=stored(result.value),
        milestone=stored(result.mark.value, 4),
        high=stored(result.mark.high, 4),
        milestone_due=result.mark.due,
        expected=stored(result.expected),
        gap=stored(result.gap),
        needed_units=stored(result.needed, 4),
        lag=stored(result.lag, 6) if isinstance(result.lag, Fraction) else None,
        reason=sentence.explain(promise, count, result, scene.quarter),
        **as_columns(count),
    )


def stored(value: Fraction | None, places: int = 10) -> Decimal | None:
    return None if value is None else decimal(value, places)


RESULT_FIELDS = (
    *("status", "cause", "value", "milestone", "high", "milestone_due", "expected", "gap", "needed_units", "lag"),
    "reason",
    *INPUT_FIELDS,
)


def differs(current: Attainment | None, version: Attainment | None) -> bool:
    if current is None or version is None:
        return current is not version
    return any(getattr(current, name) != getattr(version, name) for name in RESULT_FIELDS)


def keep_versions(scene: Scene, changed: list[tuple[Key, Attainment | None, Attainment | None]]) -> None:
    """Close what is superseded and add the new versions; a second change of a day replaces that day's version."""
    day = scene.now.date()
    of_today = [old.pk for _, old, _ in changed if old is not None and old.known_from >= day]
    before_today = [old.pk for _, old, _ in changed if old is not None and old.known_from < day]
    Attainment.objects.filter(pk__in=of_today).delete()
    Attainment.objects.filter(pk__in=before_today).update(superseded_on=day)
    Attainment.objects.bulk_create([new for _, _, new in changed if new is not None])
    flips = [flip(scene, key, old, new) for key, old, new in changed]
    FlagChange.objects.bulk_create([each for each in flips if each.before != each.after])


def flip(scene: Scene, key: Key, old: Attainment | None, new: Attainment | None) -> FlagChange:
    return FlagChange(
        target_id=key[0],
        region_id=key[1],
        quarter=scene.quarter.ordinal,
        at=scene.now,
        before=old.status if old else "",
        after=new.status if new else "",
    )


def crossed_since(day: date) -> list[ReturnPeriod]:
    """Opened quarters with a date line (due day or review deadline, its own or a unit's) at or after the day."""
    late = Submission.objects.filter(Q(due_on__gte=day) | Q(review_by__gte=day)).values("quarter")
    return list(
        ReturnPeriod.objects.filter(Q(due_on__gte=day) | Q(review_by__gte=day) | Q(quarter__in=late)).order_by(
            F("quarter").asc()
        )
    )
