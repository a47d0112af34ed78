"""The one writer of Tally, Attainment and StatusChange.

A region of the lowest judged level is tallied from figures; a parent from its children's tallies and
what lies at the parent itself; where the plan judges institutions, each of those too. Whoever tallies
regions first takes their locks, in a statement of its own and in ascending order, so that two approvals
never lose each other's part. Every function may be run twice at once or killed half-way: it reads again
what is stored and writes only what differs.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from django.db import connection, models, transaction
from django.db.models import F, Max, Q

from institutions.models import Placement, Region
from institutions.queries import answered_for, region_on, regions_on
from reports.base.enums import Status
from reports.judging import explanation
from reports.judging.queries.judged_regions import JudgedTree, judged_tree
from reports.judging.queries.prepared import PreparedStatement
from reports.judging.queries.tallies import INPUT_FIELDS, OF_REGIONS_ALONE, TYPES, WITH_INSTITUTIONS, TallyRequest
from reports.judging.queries.terms_in_force import TargetTerms, terms_in_force
from reports.judging.status import Judgement, TallyInputs, judge_assessed
from reports.judging.terms import EffectiveTerms
from reports.judging.trajectory import AssessedTerms, assess_terms
from reports.judging.version_days import version_day
from reports.models import Attainment, ReturnPeriod, StaleParent, Submission
from targets.models import Plan
from targets.periods import Quarter

LOCK_SPACE = 0x4850  # the advisory locks of this module, apart from anybody else's
REGIONS_AT_ONCE = 100  # of a large recompute in one transaction: a worker stays small, an approval waits little


class ResultKey(NamedTuple):
    """What a result is of: a target, and a region or (region None) an institution."""

    target: int
    region: int | None
    institution: int | None = None


@dataclass(frozen=True, slots=True)
class RecomputeTotals:
    """What a recompute did: tallies read, results judged, results changed."""

    read: int = 0
    judged: int = 0
    changed: int = 0

    def __add__(self, other: "RecomputeTotals") -> "RecomputeTotals":
        return RecomputeTotals(self.read + other.read, self.judged + other.judged, self.changed + other.changed)


@dataclass(frozen=True)
class RecomputeContext:
    """One plan and quarter, as everything that is recomputed in it shares them.

    assessed_terms: by the object of the effective terms, kept beside it; regions that these bind alike share them.
    """

    plan: Plan
    quarter: Quarter
    due_on: date
    tree: JudgedTree
    terms: list[TargetTerms]
    now: datetime
    assessed_terms: dict[int, tuple[EffectiveTerms, AssessedTerms | None]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        plan: Plan,
        period: ReturnPeriod,
        now: datetime,
        target_ids: list[int] | None = None,
        around: Collection[int] | None = None,
    ) -> "RecomputeContext":
        """`around`: of the regions only these and their children: so a country costs no more than a county."""
        quarter = Quarter.from_ordinal(period.quarter)
        tree = judged_tree(plan, quarter, around)
        terms = terms_in_force(plan, quarter, target_ids, None if around is None else tree.regions)
        return cls(plan, quarter, period.due_on, tree, terms, now)

    def assessed(self, each: TargetTerms, key: ResultKey, count: TallyInputs) -> AssessedTerms | None:
        """None where the target is not judged there."""
        if key.region is None:
            effective = each.for_institution(count)
        else:
            effective = each.for_region(self.tree.regions[key.region], count)
        if effective is None or effective is not each.effective:
            return assess_terms(effective, self.quarter) if effective else None
        if id(effective) not in self.assessed_terms:
            self.assessed_terms[id(effective)] = (effective, assess_terms(effective, self.quarter))
        return self.assessed_terms[id(effective)][1]

    def request(
        self, homes: Sequence[int], terms: Sequence[TargetTerms], *, from_figures: bool = False
    ) -> TallyRequest:
        below = {home: self.tree.children[home] for home in homes}
        childless = [home for home, children in below.items() if not children]
        children = {} if from_figures else below
        return TallyRequest(self.plan, self.quarter, terms, homes, self.due_on, self.now.date(), children, childless)


def judged_plans(quarter: Quarter) -> list[Plan]:
    """Published plans that judge the quarter; a closed one only up to the quarter it was closed in."""
    return list(Plan.objects.asking_in(quarter).order_by("pk"))


def periods_from(quarter: int) -> list[ReturnPeriod]:
    """The opened quarters from one on: what a changed figure reaches."""
    return list(ReturnPeriod.objects.filter(quarter__gte=quarter).order_by("quarter"))


@transaction.atomic
def refresh_after_returns(submissions: Sequence[Submission], now: datetime) -> list[int]:
    """Write the results of the regions in which the units of these returns lie, in the quarter of the earliest and
    every later one opened; once for all of them.

    Gives the ids of the plans whose parents went stale; the caller enqueues `tasks.roll_up` for them on commit.
    """
    stale = set()
    reached = regions_reached(submissions)
    for period in periods_from(min(each.quarter for each in submissions)):
        regions = regions_on(reached, Quarter.from_ordinal(period.quarter).last_day).values()
        branch = {pk for region in regions for pk in region.lineage}
        for plan in judged_plans(Quarter.from_ordinal(period.quarter)):
            context = RecomputeContext.of(plan, period, now, targets_reached(plan, submissions), branch)
            homes = {home for region in regions if (home := context.tree.home_of(region)) is not None}
            if not homes or not context.terms:
                continue
            leaves = sorted(home for home in homes if home in context.tree.leaves)
            if leaves:
                refresh_regions(context, leaves)
            above = {home for home in homes if home not in leaves}
            above |= {place for home in homes for place in context.tree.ancestors_of(home)}
            mark_stale(context, above)
            if above:
                stale.add(plan.pk)
    return sorted(stale)


def regions_reached(submissions: Iterable[Submission]) -> set[int]:
    """Where the reporters and the units of their lines lie, and lay before they moved."""
    reporters = {each.reporter_id: each.reporter.region_id for each in submissions}
    units = dict(answered_for(reporters).values_list("pk", "region")) | reporters
    left = Placement.objects.filter(institution__in=units).values_list("region", flat=True)
    return {*units.values(), *left}


def targets_reached(plan: Plan, submissions: Iterable[Submission]) -> list[int]:
    """Targets whose scope holds one of the reporters or one of the units they answer for."""
    reporters = {each.reporter_id: each.reporter.kind for each in submissions}
    lines = answered_for(reporters).order_by()
    kinds = {*reporters.values(), *lines.values_list("kind", flat=True).distinct()}
    reached = plan.targets.filter(Q(kinds=[]) | Q(kinds__overlap=sorted(kinds)))
    return list(reached.order_by("pk").values_list("pk", flat=True))


def mark_stale(context: RecomputeContext, regions: Iterable[int]) -> None:
    rows = [
        StaleParent(plan=context.plan, target=each.target, region_id=region, quarter=context.quarter.ordinal)
        for region in regions
        for each in context.terms
    ]
    # Rows without a unique key: two approvals below one parent add theirs and never wait for each other.
    StaleParent.objects.bulk_create(rows)


@transaction.atomic
def roll_up(plan: Plan, now: datetime) -> RecomputeTotals:
    """Bring the stale parents of a plan up to date. One at a time per plan; a second waits, then finds nothing."""
    lock_regions(plan.pk, [0])
    taken = take_stale(plan)
    done = RecomputeTotals()
    for ordinal in sorted({quarter for _, _, quarter in taken}):
        period = ReturnPeriod.objects.filter(quarter=ordinal).first()
        if period is None:
            continue
        wanted = {(target, region) for target, region, quarter in taken if quarter == ordinal}
        around = {region for _, region in wanted}
        context = RecomputeContext.of(plan, period, now, sorted({target for target, _ in wanted}), around)
        for layer in context.tree.layers_above:
            stale = sorted({region for _, region in wanted} & set(layer))
            if stale:
                done += refresh_regions(context, stale)
    return done


def take_stale(plan: Plan) -> set[tuple[int, int, int]]:
    # Taken and read at once: what is marked after this stays for the next, and a killed run gives all back.
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM reports_staleparent WHERE plan_id = %s RETURNING target_id, region_id, quarter", [plan.pk]
        )
        return set(cursor.fetchall())


def recompute_period(plan: Plan, period: ReturnPeriod, now: datetime, region: Region | None = None) -> RecomputeTotals:
    """Recompute one plan and quarter at every judged level; with `region`, only its branch and what lies above."""
    context = RecomputeContext.of(plan, period, now)
    return sum(
        (recompute_batch(context, batch) for layer in batches_by_layer(context, region) for batch in layer),
        withdraw_vanished(context) if region is None else RecomputeTotals(),
    )


@transaction.atomic
def withdraw_vanished(context: RecomputeContext) -> RecomputeTotals:
    """Close the results of regions that, as is known now, were not there or not the plan's when the quarter ended."""
    current = Attainment.objects.current().of_quarter(context.quarter).filter(target__plan=context.plan)
    gone = current.filter(region__isnull=False).exclude(region__in=context.tree.regions)
    lock_regions(context.plan.pk, sorted(set(gone.order_by().values_list("region", flat=True))))
    rows = gone.values_list("target_id", "region_id", "pk", "known_from", "status")
    changes: list[ResultChange] = [
        (ResultKey(target, region), StoredResult(pk, known_from, status), None)
        for target, region, pk, known_from, status in rows
    ]
    keep_versions(context, changes)
    return RecomputeTotals(changed=len(changes))


def recompute_batch(context: RecomputeContext, regions: Sequence[int]) -> RecomputeTotals:
    """One transaction, so a killed run has done whole regions and the next one does the rest."""
    with transaction.atomic():
        # Parents read their children's tallies: the plan's lock keeps a second rolling up from passing between.
        if regions[0] not in context.tree.leaves:
            lock_regions(context.plan.pk, [0])
        return refresh_regions(context, regions)


def batches_by_layer(context: RecomputeContext, region: Region | None = None) -> Iterator[list[list[int]]]:
    """Batches of regions: those of one layer may be done in any order, a deeper layer comes before a higher one."""
    tree = context.tree
    region = region and region_on(region, context.quarter.last_day)
    for layer in [tree.leaves, *tree.layers_above]:
        wanted = [pk for pk in layer if region is None or same_branch(tree.regions[pk], region)]
        if wanted:
            yield [wanted[start : start + REGIONS_AT_ONCE] for start in range(0, len(wanted), REGIONS_AT_ONCE)]


def same_branch(one: Region, other: Region) -> bool:
    """Whether one lies within the other."""
    return one.pk in other.lineage or other.pk in one.lineage


def refresh_regions(context: RecomputeContext, regions: Sequence[int]) -> RecomputeTotals:
    """Tally and judge regions of one layer, inside the caller's transaction."""
    regions = sorted(regions)
    lock_regions(context.plan.pk, regions)
    request = context.request(regions, context.terms)
    return judge_all(context, request, run_tally(request, STORING))


def lock_regions(plan_id: int, regions: Sequence[int]) -> None:
    """Held to the end of the transaction; region 0 stands for the plan's rolling up."""
    # Advisory, since a region may have no tally yet to lock; its second key has 32 bits, hence the hash.
    # In the caller's ascending order: two transactions never wait for each other in a ring.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashint8(%s::bigint * 1000003 + region))"
            " FROM unnest(%s::bigint[]) WITH ORDINALITY AS wanted(region, place) ORDER BY place",
            [LOCK_SPACE, plan_id, list(regions)],
        )


class PreviewedResult(NamedTuple):
    """A result that is not stored."""

    assessed: AssessedTerms
    inputs: TallyInputs
    result: Judgement


@transaction.atomic
def preview_results(plan: Plan, period: ReturnPeriod, now: datetime) -> dict[ResultKey, PreviewedResult]:
    """How a quarter's approved figures would be judged under a plan, a draft too; nothing is stored."""
    context = RecomputeContext.of(plan, period, now)
    terms = {each.target.pk: each for each in context.terms}
    counts: dict[ResultKey, TallyInputs] = {}
    for layer in [context.tree.leaves, *context.tree.layers_above]:
        request = context.request(layer, context.terms, from_figures=True)
        for key, count in run_tally(request, READING).items():
            below = [counts[ResultKey(key.target, child)] for child in context.tree.children[key.region or 0]]
            counts[key] = sum(below, count)
    return dict(judge_previewed(context, terms, counts))


def judge_previewed(
    context: RecomputeContext, terms: dict[int, TargetTerms], counts: dict[ResultKey, TallyInputs]
) -> Iterator[tuple[ResultKey, PreviewedResult]]:
    for key, count in counts.items():
        assessed = context.assessed(terms[key.target], key, count)
        result = judge_assessed(assessed, count) if assessed else None
        if assessed and result:
            yield key, PreviewedResult(assessed, count, result)


# --- Tallies ----------------------------------------------------------------------------------------------------

COLUMNS = ", ".join(INPUT_FIELDS)
# The tally is read twice, to be stored and to be given; MATERIALIZED reckons it once.
STORE = """
WITH tally AS MATERIALIZED (<statement>), <stored>
SELECT target_id, region_id, institution_id, <columns> FROM tally
"""
# Only rows that differ are written, since most don't: no dead rows, no new index entries. The `known` rows are named by
# a list of ids, so that the join is a hash join. ON CONFLICT names the partial unique key of the kind of subject.
STORED = """<subject>_stored AS (
    INSERT INTO reports_tally (target_id, <subject>_id, quarter, <columns>)
    SELECT tally.target_id, tally.<subject>_id, %(quarter)s, <tally_columns>
    FROM tally
    LEFT JOIN reports_tally known
        ON known.<subject>_id = tally.<subject>_id AND known.quarter = %(quarter)s
        AND known.target_id = tally.target_id AND known.<subject>_id = ANY(%(<subjects>)s)
    WHERE tally.<subject>_id IS NOT NULL AND (known.id IS NULL OR (<known_columns>) IS DISTINCT FROM (<tally_columns>))
    ON CONFLICT (<subject>_id, quarter, target_id) WHERE <subject>_id IS NOT NULL DO UPDATE SET <assignments>
)"""


def store_statement(by_institution: bool) -> str:
    """Tally, write what differs from the stored rows, and give all rows."""
    subjects = [("region", "homes"), ("institution", "units")][: 1 + by_institution]
    pieces = {
        "<stored>": ", ".join(STORED.replace("<subject>", one).replace("<subjects>", many) for one, many in subjects),
        "<statement>": WITH_INSTITUTIONS if by_institution else OF_REGIONS_ALONE,
        "<columns>": COLUMNS,
        "<tally_columns>": ", ".join(f"tally.{name}" for name in INPUT_FIELDS),
        "<known_columns>": ", ".join(f"known.{name}" for name in INPUT_FIELDS),
        "<assignments>": ", ".join(f"{name} = excluded.{name}" for name in INPUT_FIELDS),
    }
    text = STORE
    for name, piece in pieces.items():
        text = text.replace(name, piece)
    return text


# By whether the plan judges institutions.
STORING = {each: PreparedStatement(store_statement(each), TYPES) for each in (False, True)}
READING = {False: PreparedStatement(OF_REGIONS_ALONE, TYPES), True: PreparedStatement(WITH_INSTITUTIONS, TYPES)}


def run_tally(request: TallyRequest, statements: dict[bool, PreparedStatement]) -> dict[ResultKey, TallyInputs]:
    """What the statement gives. The planner cannot know how many rows the steps yield, so it is told not to look
    them up one by one; every table is narrowed by a list of ids instead."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off; SET LOCAL work_mem = '64MB';"
            " SET LOCAL plan_cache_mode = force_generic_plan"
        )
        rows = statements[request.plan.judges_institutions].run(cursor, request.parameters)
        cursor.execute("RESET enable_nestloop; RESET enable_mergejoin; RESET work_mem; RESET plan_cache_mode")
    return {ResultKey(*row[:3]): count_of(row[3:]) for row in rows}


def count_of(values: Sequence[Any]) -> TallyInputs:
    inputs: list[Any] = [Fraction(value) if isinstance(value, Decimal) else value for value in values]
    return TallyInputs(*inputs)


# --- Results ----------------------------------------------------------------------------------------------------


class ResultVersion(NamedTuple):
    """What a result says; field by field as `Attainment`."""

    status: str
    cause: str
    value: Decimal | None
    milestone: Decimal | None
    high: Decimal | None
    milestone_due: date
    expected: Decimal | None
    gap: Decimal | None
    needed_units: Decimal | None
    lag: Decimal | None
    reason: str


class StoredResult(NamedTuple):
    pk: int
    known_from: date
    status: str


ResultChange = tuple[ResultKey, StoredResult | None, ResultVersion | None]
RESULT_FIELDS = (*ResultVersion._fields, *INPUT_FIELDS)
LARGEST_STORED = {
    column.name: Decimal(10 ** (column.max_digits - column.decimal_places) - 1)
    for column in Attainment._meta.get_fields()
    if isinstance(column, models.DecimalField)
}


def judge_all(
    context: RecomputeContext, request: TallyRequest, tallies: dict[ResultKey, TallyInputs]
) -> RecomputeTotals:
    current = current_results(context, request)
    met = met_after_last_milestone(context, request)
    terms = {each.target.pk: each for each in context.terms}
    changes: list[ResultChange] = []
    for key, count in tallies.items():
        version = judge_version(context, terms[key.target], key, count, key in met)
        before, said = current.pop(key, NOTHING)
        if not is_unchanged(said, version, count):
            changes.append((key, before, version))
    changes += [(key, before, None) for key, (before, _) in current.items()]
    keep_versions(context, changes)
    return RecomputeTotals(read=len(tallies), judged=len(tallies), changed=len(changes))


NOTHING: tuple[None, None] = (None, None)


def is_unchanged(said: tuple[Any, ...] | None, version: ResultVersion | None, count: TallyInputs) -> bool:
    """Whether the stored version says just this, inputs included."""
    if said is None or version is None:
        return said is version
    return said[: len(version)] == version and said[len(version) :] == tuple(as_numbers(count))


def judge_version(
    context: RecomputeContext, each: TargetTerms, key: ResultKey, count: TallyInputs, met_before: bool
) -> ResultVersion | None:
    """The result as it would be stored; None where the target is not judged there."""
    assessed = context.assessed(each, key, count)
    result = judge_assessed(assessed, count, met_before) if assessed else None
    return version_of(assessed, count, result) if assessed and result else None


def current_results(
    context: RecomputeContext, request: TallyRequest
) -> dict[ResultKey, tuple[StoredResult, tuple[Any, ...]]]:
    """The versions in force of these regions, and of the institutions that lie in them."""
    of_regions = Q(region__in=request.homes)
    of_institutions = Q(institution__in=request.reporters_here)
    subjects = of_regions | of_institutions if context.plan.judges_institutions else of_regions
    current = Attainment.objects.current().of_quarter(context.quarter)
    rows = current.filter(subjects, target__in=[each.target.pk for each in context.terms]).values_list(
        "target_id", "region_id", "institution_id", "pk", "known_from", *RESULT_FIELDS
    )
    return {
        ResultKey(*row[:3]): (StoredResult(row[3], row[4], row[5]), row[5:]) for row in rows.iterator(chunk_size=5000)
    }


def met_after_last_milestone(context: RecomputeContext, request: TallyRequest) -> set[ResultKey]:
    """Targets past their last milestone that were met in its quarter or since: not judged any more."""
    ends = {each.target.pk: each.effective.last_quarter() for each in context.terms}
    over = [target for target, end in ends.items() if end is not None and end < context.quarter]
    if not over:
        return set()
    rows = (
        Attainment.objects.current()
        .filter(
            Q(region__in=request.homes) | Q(institution__in=request.reporters_here),
            target_id__in=over,
            quarter__lt=context.quarter.ordinal,
            status=Status.MET,
        )
        .values("target_id", "region_id", "institution_id")
        .annotate(last=Max("quarter"))
        .values_list("target_id", "region_id", "institution_id", "last")
    )
    return {ResultKey(*row[:3]) for row in rows if row[3] >= ends[row[0]].ordinal}  # type: ignore[union-attr]


def version_of(assessed: AssessedTerms, count: TallyInputs, result: Judgement) -> ResultVersion:
    milestone = result.milestone
    return ResultVersion(
        status=result.status.value,
        cause=result.cause.value,
        value=bounded("value", as_stored(result.value, lines=(milestone.value, milestone.high, result.expected))),
        milestone=as_stored(milestone.value, 4),
        high=as_stored(milestone.high, 4),
        milestone_due=milestone.due,
        expected=bounded("expected", as_stored(result.expected)),
        gap=bounded("gap", as_stored(result.gap)),
        needed_units=bounded("needed_units", as_stored(result.needed, 4)),
        lag=bounded(
            "lag", as_stored(result.lag, 6, (0, assessed.terms.amber)) if isinstance(result.lag, Fraction) else None
        ),
        reason=explanation.explain(assessed, count, result),
    )


def as_stored(value: Fraction | None, places: int = 10, lines: Sequence[Fraction | int | None] = ()) -> Decimal | None:
    """Rounded half up, but never onto one of the lines beside which it is shown."""
    if value is None:
        return None
    low, rest = divmod(value.numerator * 10**places, value.denominator)
    up = 2 * rest >= value.denominator
    number = Decimal(low + up).scaleb(-places)
    onto = rest and any(number == line for line in lines)
    return number if not onto else Decimal(low + (not up)).scaleb(-places)


def bounded(name: str, number: Decimal | None) -> Decimal | None:
    """What the column takes at most, where a result of huge numbers lies beyond it; its status was judged exactly."""
    largest = LARGEST_STORED[name]
    return None if number is None else max(-largest, min(number, largest))


def as_numbers(count: TallyInputs) -> Iterator[Any]:
    """The inputs as the database holds them; sums of stored numbers are whole ten-thousandths, so this is exact."""
    for name in INPUT_FIELDS:
        value = getattr(count, name)
        yield as_stored(value, 4) if isinstance(value, Fraction) else value


# One statement for any number of results; the inputs are copied from the tallies and do not travel again.
INSERT = """
INSERT INTO reports_attainment (
    target_id, region_id, institution_id, quarter, known_from, computed_at, <said>, <columns>
)
SELECT said.target_id, said.region_id, said.institution_id, %(quarter)s, %(day)s, %(now)s, <said>, <tally_columns>
FROM unnest(
    %(targets)s::bigint[], %(regions)s::bigint[], %(institutions)s::bigint[],
    %(status)s::text[], %(cause)s::text[], %(value)s::numeric[], %(milestone)s::numeric[], %(high)s::numeric[],
    %(milestone_due)s::date[], %(expected)s::numeric[], %(gap)s::numeric[], %(needed_units)s::numeric[],
    %(lag)s::numeric[], %(reason)s::text[]
) AS said(target_id, region_id, institution_id, <said>)
JOIN reports_tally tally ON tally.target_id = said.target_id AND tally.quarter = %(quarter)s AND <same_subject>
"""
OF_REGION = "tally.region_id = said.region_id"
OF_INSTITUTION = "tally.institution_id = said.institution_id"


def keep_versions(context: RecomputeContext, changes: Sequence[ResultChange]) -> None:
    """Close what is superseded and add the new versions; a second change of a day replaces that day's version."""
    day = version_day(context.now.date(), latest_kept_day(context, changes))
    of_today = [old.pk for _, old, _ in changes if old is not None and old.known_from >= day]
    before_today = [old.pk for _, old, _ in changes if old is not None and old.known_from < day]
    if of_today:
        Attainment.objects.filter(pk__in=of_today).delete()
    if before_today:
        Attainment.objects.filter(pk__in=before_today).update(superseded_on=day)
    new = [(key, version) for key, _, version in changes if version is not None]
    insert_versions(context, day, [pair for pair in new if pair[0].institution is None], OF_REGION)
    insert_versions(context, day, [pair for pair in new if pair[0].institution is not None], OF_INSTITUTION)
    keep_status_changes(context, changes)


def latest_kept_day(context: RecomputeContext, changes: Sequence[ResultChange]) -> date | None:
    """The last day on which one of the changed results began, or ended where it has no current version."""
    days = [old.known_from for _, old, _ in changes if old is not None]
    without = [key for key, old, _ in changes if old is None]
    if without:
        ended = Attainment.objects.of_quarter(context.quarter).filter(
            Q(region__in={key.region for key in without}) | Q(institution__in={key.institution for key in without}),
            target__in={key.target for key in without},
            superseded_on__isnull=False,
        )
        days.append(ended.aggregate(last=Max("superseded_on"))["last"])
    return max((each for each in days if each is not None), default=None)


def insert_versions(
    context: RecomputeContext, day: date, new: Sequence[tuple[ResultKey, ResultVersion]], same_subject: str
) -> None:
    """The inputs come from the tallies, which were written with the same locks."""
    if not new:
        return
    text = INSERT.replace("<said>", ", ".join(ResultVersion._fields)).replace("<same_subject>", same_subject)
    text = text.replace("<columns>", COLUMNS).replace("<tally_columns>", ", ".join(f"tally.{n}" for n in INPUT_FIELDS))
    columns = zip(*(version for _, version in new), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            text,
            {name: list(column) for name, column in zip(ResultVersion._fields, columns, strict=True)}
            | {
                "targets": [key.target for key, _ in new],
                "regions": [key.region for key, _ in new],
                "institutions": [key.institution for key, _ in new],
                "quarter": context.quarter.ordinal,
                "day": day,
                "now": context.now,
            },
        )


STATUS_CHANGES = """
INSERT INTO reports_statuschange (target_id, region_id, institution_id, quarter, at, before, after)
SELECT target_id, region_id, institution_id, %(quarter)s, %(now)s, before, after
FROM unnest(
    %(targets)s::bigint[], %(regions)s::bigint[], %(institutions)s::bigint[], %(before)s::text[], %(after)s::text[]
) AS change(target_id, region_id, institution_id, before, after)
"""


def keep_status_changes(context: RecomputeContext, changes: Sequence[ResultChange]) -> None:
    changes_of_status = [(key, old.status if old else "", new.status if new else "") for key, old, new in changes]
    changes_of_status = [change for change in changes_of_status if change[1] != change[2]]
    if not changes_of_status:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            STATUS_CHANGES,
            {
                "targets": [key.target for key, _, _ in changes_of_status],
                "regions": [key.region for key, _, _ in changes_of_status],
                "institutions": [key.institution for key, _, _ in changes_of_status],
                "before": [before for _, before, _ in changes_of_status],
                "after": [after for _, _, after in changes_of_status],
                "quarter": context.quarter.ordinal,
                "now": context.now,
            },
        )


def periods_crossed_since(day: date) -> list[ReturnPeriod]:
    """Opened quarters with a date line (due day or review deadline, its own or a unit's) at or after the day."""
    late = Submission.objects.filter(Q(due_on__gte=day) | Q(review_by__gte=day)).values("quarter")
    return list(
        ReturnPeriod.objects.filter(Q(due_on__gte=day) | Q(review_by__gte=day) | Q(quarter__in=late)).order_by(
            F("quarter").asc()
        )
    )
