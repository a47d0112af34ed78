"""What is measured at every size. Each function runs in a process of its own and gives plain figures."""

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing import get_context
from typing import Any, TypeVar

from django.db import connection

from healthplan.celery import app
from institutions.clock import SHANGHAI
from reports.judging import parallel, recompute
from reports.models import Attainment, Figure, ReturnPeriod, StaleParent, StatusChange, Tally
from reports.reviewing.actions import reviews
from targets.models import Plan
from tests.bench.corrections import counties_below, prepare
from tests.bench.generate import LAST
from tests.bench.sizes import Size

Given = TypeVar("Given")

JUDGED_ON = datetime(2024, 1, 16, 2, tzinfo=SHANGHAI)  # the due day is over, the review deadline (22) is not
DAYS = [datetime(2024, 1, day, 10, tzinfo=SHANGHAI) for day in (17, 18, 19, 20, 21)]

FLOOR = """
SELECT township.parent_id, element_id, sum(value), count(value) FROM reports_figure figure
JOIN institutions_institution unit ON unit.id = figure.subject_id
JOIN institutions_region township ON township.id = unit.region_id
WHERE figure.quarter = %s
GROUP BY township.parent_id, element_id
"""


def alone(measure: Callable[..., Given], *given: Any) -> Given:
    """In a process of its own, so that peak memory is its own, too; forked from one that never met the database."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
        return pool.submit(measure, *given).result()


def seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def peak_megabytes() -> float:
    """The larger of this process and of any of those it started."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(each).ru_maxrss for each in whose) / 1024


def p95(figures: Sequence[float]) -> float:
    return statistics.quantiles(figures, n=20)[-1]


# --- Full recompute -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Recomputed:
    """Seconds, but for the counts and the megabytes; `idle`: of memory, before anything was computed."""

    floor: float
    full: float
    again: float
    figures: int
    results: int
    idle: float
    peak: float
    version_bytes: float


def recomputed(size: Size) -> Recomputed:
    """In one session: the floor, a quarter from nothing, and the same again."""
    figures = Figure.objects.of_quarter(LAST).count()
    idle = peak_megabytes()
    floor = statistics.median([seconds(read_floor) for _ in range(4)][1:])
    full = statistics.median([from_nothing() for _ in range(size.repeats)])
    peak = peak_megabytes()
    run_sql("VACUUM ANALYZE reports_tally, reports_attainment")
    again = statistics.median([seconds(nothing_changed) for _ in range(size.repeats)])
    return Recomputed(
        floor=floor,
        full=full,
        again=again,
        figures=figures,
        results=Attainment.objects.count(),
        idle=idle,
        peak=max(peak, peak_megabytes()),
        version_bytes=bytes_a_version(),
    )


def read_floor() -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [LAST.ordinal])
        cursor.fetchall()


def from_nothing() -> float:
    tables = ", ".join(model._meta.db_table for model in (Tally, Attainment, StatusChange, StaleParent))
    run_sql(f"TRUNCATE {tables} CASCADE")
    return seconds(judge)


def nothing_changed() -> None:
    changed = judge().changed
    if changed:
        raise SystemExit(f"a recompute without any news changed {changed} results")


def judge() -> recompute.RecomputeTotals:
    """As `manage.py recompute` does it, by two processes."""
    scene = recompute.RecomputeContext.of(the_plan(), ReturnPeriod.objects.get(quarter=LAST.ordinal), JUDGED_ON)
    run = parallel.RecomputeRun("bench", jobs=2)
    run.forget()
    return run.recompute(scene, lambda regions: None)


def the_plan() -> Plan:
    return Plan.objects.get(code="bench")


def run_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def bytes_a_version() -> float:
    """With its share of the indexes, in a table without dead rows."""
    run_sql("VACUUM FULL reports_attainment")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size('reports_attainment')")
        return cursor.fetchone()[0] / max(Attainment.objects.count(), 1)


# --- One approval ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Approved:
    """Milliseconds each, and the versions that were added to the results."""

    took: list[float]
    versions: int


def approvals(size: Size) -> Approved:
    """One writer, over five days. What lies above the counties is rolled up at the end of a day, untimed."""
    plan = the_plan()
    counties = counties_below(plan.issuer)
    before, took = Attainment.objects.count(), []
    for day in DAYS:
        for task in prepare(counties, size.approvals // len(DAYS), day, seed=day.day):
            took.append(1000 * seconds(partial(reviews.approve, task.submission, task.reviewer, day)))
        recompute.roll_up(plan, day)
    app.control.purge()
    return Approved(took, Attainment.objects.count() - before)
