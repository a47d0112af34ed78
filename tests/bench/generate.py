"""A whole tree with four quarters of approved figures, the same on every machine.

Places and units through the models; returns, rounds and figures, up to twelve million, by one statement a quarter
without indexes and triggers, which are built again afterwards. What chance decides comes from a hash of the ids.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from institutions.actions.regions import first_version
from institutions.clock import SHANGHAI
from institutions.enums import Grade, Ownership, RegionKind, RegionLevel, Role
from institutions.models import Institution, Membership, Region, RegionVersion, User
from reports.models import Entry, Figure, ReturnPeriod, Round
from reports.reviewing.actions.figures import apply_answers
from targets.models import Constant, DataElement
from targets.periods import Quarter
from tests.bench import kept
from tests.bench.promises import CENTRE, CONSTANTS, ELEMENTS, HOSPITAL, allot, make_plan
from tests.bench.sizes import Size

YEAR = 2023
QUARTERS = [Quarter(YEAR, number) for number in (1, 2, 3, 4)]
LAST = QUARTERS[-1]
CLOSED_ON = date(YEAR, 8, 15)
PLACES = [
    (RegionLevel.COUNTRY, RegionKind.COUNTRY),
    (RegionLevel.PROVINCE, RegionKind.PROVINCE),
    (RegionLevel.CITY, RegionKind.CITY),
    (RegionLevel.COUNTY, RegionKind.COUNTY),
    (RegionLevel.TOWNSHIP, RegionKind.TOWN),
]


def generate(size: Size) -> None:
    with transaction.atomic():
        places = make_places(size)
        units_of = make_units(size, places)
        make_plan(size.units)
        allot(units_of, size.units)
        make_constants(units_of)
        make_people(places)
        make_periods()
    fill()
    check_sums()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    kept.is_made_now()


# --- Places and units -----------------------------------------------------------------------------------------


def make_places(size: Size) -> list[list[Region]]:
    """By level, the country first. Children are dealt out evenly, those of one parent side by side."""
    counts = [1, size.provinces, size.cities, size.counties, size.townships]
    levels: list[list[Region]] = []
    for (level, kind), count in zip(PLACES, counts, strict=True):
        above = levels[-1] if levels else []
        made = [
            Region(
                name=f"{level}{n}",
                level=level,
                kind=kind,
                position=n,
                parent=above[n * len(above) // count] if above else None,
            )
            for n in range(count)
        ]
        Region.objects.bulk_create(made, batch_size=2000)
        for region in made:
            region.lineage = [*(region.parent.lineage if region.parent else []), region.pk]
        Region.objects.bulk_update(made, ["lineage"], batch_size=2000)
        RegionVersion.objects.bulk_create([first_version(region, None, None) for region in made], batch_size=2000)
        levels.append(made)
    return levels


def make_units(size: Size, places: list[list[Region]]) -> Counter[int]:
    """Three hospitals to two centres; one in 200 closes in summer. Gives the number of units in each judged region."""
    townships = places[-1]
    units = [unit(n, townships[n * len(townships) // size.units]) for n in range(size.units)]
    Institution.objects.bulk_create(units, batch_size=2000)
    return Counter(region for each in units for region in each.region.lineage[:-1])


def unit(n: int, region: Region) -> Institution:
    is_hospital = n % 5 < 3
    return Institution(
        code=f"U{n:06}",
        name=f"单位{n}",
        kind=HOSPITAL if is_hospital else CENTRE,
        grade=(Grade.CENTRAL if n % 4 == 0 else Grade.GENERAL) if is_hospital else "",
        ownership=Ownership.PRIVATE if n % 11 == 0 else Ownership.PUBLIC,
        region=region,
        closed=CLOSED_ON if n % 200 == 199 else None,
    )


def make_constants(units_of: Counter[int]) -> None:
    """Of every county; now and then only last year's, or none."""
    counties = Region.objects.filter(level=RegionLevel.COUNTY).order_by("pk")
    rows = [
        Constant(
            code=code, region=county, year=YEAR - (n % 97 == 96), value=each * units_of[county.pk], source="统计公报"
        )
        for n, county in enumerate(counties)
        for code, each in CONSTANTS.items()
        if n % 499 != 498
    ]
    Constant.objects.bulk_create(rows, batch_size=2000)


def make_people(places: list[list[Region]]) -> None:
    """One clerk who filled in everything, and a reviewer for each county."""
    User.objects.create(username="clerk", password="!")
    counties = places[-2]
    reviewers = User.objects.bulk_create(
        [User(username=f"reviewer-{county.pk}", password="!") for county in counties], batch_size=2000
    )
    Membership.objects.bulk_create(
        [
            Membership(user=user, role=Role.REVIEWER, region=county)
            for user, county in zip(reviewers, counties, strict=True)
        ],
        batch_size=2000,
    )


def make_periods() -> None:
    for quarter in QUARTERS:
        due = due_on(quarter)
        opened = datetime.combine(quarter.last_day, datetime.min.time(), SHANGHAI)
        ReturnPeriod.objects.create(
            quarter=quarter.ordinal, opened_at=opened, due_on=due, review_by=due + timedelta(days=7)
        )


def due_on(quarter: Quarter) -> date:
    return quarter.last_day + timedelta(days=15)


# --- Returns and figures --------------------------------------------------------------------------------------

# Of 1024 returns 973 are approved (95 %), 20 wait for review, 15 were sent back, 16 were never filled in.
RETURNS = """
INSERT INTO reports_submission (id, reporter_id, quarter, state, due_on, review_by, approved_round_id)
SELECT row_number() OVER (ORDER BY quarter, reporter_id), reporter_id, quarter,
    CASE WHEN chance < 16 THEN 'draft' WHEN chance < 31 THEN 'returned' WHEN chance < 51 THEN 'submitted'
        ELSE 'approved' END,
    due_on, review_by,
    CASE WHEN chance >= 51 THEN row_number() OVER (ORDER BY quarter, reporter_id) END
FROM (
    SELECT unit.id AS reporter_id, period.quarter, period.due_on, period.review_by,
        hashint8extended(unit.id, period.quarter) & 1023 AS chance
    FROM reports_returnperiod period
    JOIN institutions_institution unit ON unit.closed IS NULL OR period.quarter <= %(last_open)s
) owed
"""
ROUNDS = """
INSERT INTO reports_round (
    id, submission_id, number, saved_at, saved_by_id, submitted_at, submitted_by_id,
    decision, decided_at, decided_by_id, reason, origin
)
SELECT submission.id, submission.id, 1, handed_in, clerk.id, handed_in, clerk.id,
    CASE state WHEN 'approved' THEN 'approved' WHEN 'returned' THEN 'returned' ELSE '' END,
    CASE WHEN state <> 'submitted' THEN handed_in + interval '2 days' END,
    CASE WHEN state <> 'submitted' THEN reviewer.user_id END,
    CASE WHEN state = 'returned' THEN '与台账不一致，请核对。' ELSE '' END, ''
FROM reports_submission submission
JOIN institutions_institution unit ON unit.id = submission.reporter_id
JOIN institutions_region township ON township.id = unit.region_id
JOIN institutions_membership reviewer ON reviewer.region_id = township.parent_id
CROSS JOIN (SELECT id FROM institutions_user WHERE username = 'clerk') clerk
CROSS JOIN LATERAL (SELECT (submission.due_on - 3)::timestamp AT TIME ZONE 'Asia/Shanghai' AS handed_in) at
WHERE state <> 'draft'
ORDER BY submission.id
"""
# elapsed: quarters since the last approved return of the year, which is what a running total has risen by.
# so_far: the approved quarters of the year up to this one.
APPROVED = """
CREATE TEMP TABLE bench_return AS
SELECT reporter_id, quarter, approved_round_id AS round_id, quarter %% 4 + 1 AS number,
    quarter - coalesce(lag(quarter) OVER year, quarter - quarter %% 4 - 1) AS elapsed,
    array_agg(quarter) OVER year AS so_far
FROM reports_submission WHERE state = 'approved'
WINDOW year AS (PARTITION BY reporter_id ORDER BY quarter)
"""
ASKED = """
CREATE TEMP TABLE bench_asked AS
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::int[], %s::int[], %s::int[], %s::bool[])
    AS asked(element_id, accumulation, low, span, top, off)
"""
# step: what the unit answers in a quarter, of a running total its rise, NULL is 不适用. Only flows differ by quarter.
FIGURES = """
INSERT INTO reports_figure (
    subject_id, element_id, quarter, round_id, value, not_applicable, rise, year_sum, year_quarters
)
SELECT reporter_id, element_id, quarter, round_id,
    CASE accumulation WHEN 'running' THEN step * number ELSE step END,
    step IS NULL,
    CASE accumulation WHEN 'running' THEN step * elapsed WHEN 'flow' THEN step END,
    CASE WHEN step IS NOT NULL THEN CASE accumulation WHEN 'running' THEN step * number WHEN 'flow' THEN steps END END,
    CASE WHEN step IS NULL THEN 0 ELSE quarters END
FROM (SELECT * FROM bench_return WHERE quarter = %(quarter)s ORDER BY reporter_id) approved
CROSS JOIN bench_asked asked
CROSS JOIN LATERAL (
    SELECT max(made.step) FILTER (WHERE each = quarter) AS step, sum(made.step) AS steps,
        sum(1 << each %% 4) FILTER (WHERE made.step IS NOT NULL) AS quarters
    FROM unnest(so_far) each
    CROSS JOIN LATERAL (SELECT CASE accumulation WHEN 'flow' THEN each ELSE 0 END AS varies) varying
    CROSS JOIN LATERAL (SELECT hashint8extended(reporter_id * 64 + element_id, varies) AS chance) hashed
    LEFT JOIN LATERAL (
        SELECT least(top, low + ((chance & 1023) * span >> 10)) AS step WHERE NOT off OR (chance >> 10) & 63 > 1
    ) made ON true
) year
"""


def fill() -> None:
    clock = {"last_open": Quarter.of(CLOSED_ON).ordinal - 1}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no triggers of foreign keys
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        with without_indexes("reports_submission"):
            cursor.execute(RETURNS, clock)
        with without_indexes("reports_round"):
            cursor.execute(ROUNDS)
        cursor.execute(APPROVED, [])
        cursor.execute(ASKED, asked_columns())
        cursor.execute("ANALYZE bench_return, bench_asked")
        with without_indexes("reports_figure"):
            for quarter in QUARTERS:
                cursor.execute(FIGURES, {"quarter": quarter.ordinal})
        for table in ("reports_submission", "reports_round"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}", [table])


def asked_columns() -> list[list[object]]:
    known = dict(DataElement.objects.values_list("code", "pk"))
    rows = [(known[each.code], each.accumulation, each.low, each.span, each.top, each.off) for each in ELEMENTS]
    return [list(column) for column in zip(*rows, strict=True)]


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Drop a table's indexes and unique constraints, and build them again as they were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'u'",
            [table],
        )
        constraints = cursor.fetchall()
        for name, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
            "WHERE indrelid = %s::regclass AND NOT indisprimary",
            [table],
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _, definition in indexes:
            cursor.execute(definition)
        for name, definition in constraints:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def check_sums() -> None:
    """What was generated beside a value is what the product itself reckons when the returns are approved: ten units."""
    figures = Figure.objects.filter(subject__in=Institution.objects.order_by("pk")[:10]).order_by("pk")
    with transaction.atomic():
        generated = list(figures.values("rise", "year_sum", "year_quarters"))
        figures.update(rise=None, year_sum=None, year_quarters=0)
        for approved in Round.objects.filter(figures__in=figures).distinct().order_by("submission__quarter"):
            Entry.objects.bulk_create(
                Entry(
                    round=approved,
                    subject_id=figure.subject_id,
                    element_id=figure.element_id,
                    value=figure.value,
                    not_applicable=figure.not_applicable,
                )
                for figure in approved.figures.all()
            )
            apply_answers(approved)
        reckoned = list(figures.values("rise", "year_sum", "year_quarters"))
        transaction.set_rollback(True)
    if generated != reckoned:
        raise SystemExit("the generated sums are not those that reports.reviewing.actions.figures reckons")
