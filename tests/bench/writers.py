"""Eight writers under one city, each a process with a connection of its own, and the product's worker behind them."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context
from threading import Barrier

from django.db import connections

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel
from institutions.models import Region
from reports.judging import recompute
from reports.models import ReturnPeriod, Tally
from reports.reviewing.actions import reviews
from targets.enums import IndicatorKind
from targets.models import Plan, Target
from tests.bench.corrections import Task, counties_below, prepare
from tests.bench.generate import LAST
from tests.bench.promises import PROBE
from tests.bench.worker import worker

WRITERS = 8
PATIENCE = 60.0
NOW = datetime(2024, 1, 22, 10, tzinfo=SHANGHAI)
Click = tuple[float, float]  # when an approval was clicked and when it was done

_barrier: Barrier | None = None


@dataclass(frozen=True)
class Together:
    """Milliseconds: of each approval, and from its click until the country's total held it. `wrong`: results that a
    full recompute found different."""

    took: list[float]
    arrived: list[float]
    wrong: int


def eight(approvals: int) -> Together:
    """All at once, each writer as fast as it can."""
    tasks = prepare(one_city(), approvals, NOW)
    with worker(), writers() as pool:
        total = Total()
        before = total.read()
        done = approve_at_once(pool, tasks)
        seen = watch(total, before + len(tasks), lambda: all(each.done() for each in done))
        clicks = sorted((click for each in done for click in each.result()), key=lambda click: click[1])
    arrivals = [moment_of(seen, number) for number in range(before + 1, before + len(tasks) + 1)]
    return Together(
        took=[1000 * (finished - clicked) for clicked, finished in clicks],
        arrived=[1000 * (arrival - clicked) for arrival, (clicked, _) in zip(arrivals, clicks, strict=True)],
        wrong=recomputed_otherwise(),
    )


def rounds(count: int) -> Iterator[int]:
    """Eight approvals at once, `count` times; gives the number of each round once the country holds all eight."""
    city = one_city()
    with worker(), writers() as pool:
        total = Total()
        for number in range(1, count + 1):
            tasks = prepare(city, WRITERS, NOW, seed=number)
            before = total.read()
            done = approve_at_once(pool, tasks)
            for each in done:
                each.result()
            watch(total, before + len(tasks), lambda: True)
            yield number


def one_city() -> list[int]:
    """The counties of the city that has most of them, eight at most."""
    cities = Region.objects.filter(level=RegionLevel.CITY).order_by("pk")
    return max((counties_below(city) for city in cities), key=len)[:WRITERS]


@contextmanager
def writers() -> Iterator[ProcessPoolExecutor]:
    """The processes exist before this one connects again; no connection is shared."""
    connections.close_all()
    context = get_context("fork")
    with ProcessPoolExecutor(WRITERS, context, take_barrier, (context.Barrier(WRITERS),)) as pool:
        approve_at_once(pool, [])
        yield pool


def take_barrier(barrier: Barrier) -> None:
    global _barrier
    _barrier = barrier


def approve_at_once(pool: ProcessPoolExecutor, tasks: Sequence[Task]) -> "list[Future[list[Click]]]":
    """One parcel each: nobody begins before all eight have theirs, so none takes two."""
    return [pool.submit(approve, tasks[n::WRITERS]) for n in range(WRITERS)]


def approve(tasks: Sequence[Task]) -> list[Click]:
    assert _barrier is not None
    _barrier.wait(PATIENCE)
    clicks = []
    for task in tasks:
        clicked = time.monotonic()
        reviews.approve(task.submission, task.reviewer, NOW)
        clicks.append((clicked, time.monotonic()))
    return clicks


class Total:
    """The country's total of the probe. Every correction adds one, and what is committed first is in it first."""

    def __init__(self) -> None:
        target = Target.objects.get(indicator__kind=IndicatorKind.TOTAL, indicator__element__code=PROBE)
        self.rows = Tally.objects.filter(target=target, region=target.plan.issuer_id, quarter=LAST.ordinal)

    def read(self) -> int:
        return int(self.rows.values_list("numerator", flat=True).get())


def watch(total: Total, wanted: int, is_over: Callable[[], bool]) -> list[Click]:
    """Moments at which the total had grown, and to what; until it is all there."""
    seen: list[tuple[float, int]] = []
    deadline = None
    while True:
        held = total.read()
        if not seen or held != seen[-1][1]:
            seen.append((time.monotonic(), held))
        if held == wanted:
            return seen
        if deadline is None and is_over():
            deadline = time.monotonic() + PATIENCE
        if held > wanted or (deadline and time.monotonic() > deadline):
            raise SystemExit(f"the country holds {held} where {wanted} were approved")
        time.sleep(0.005)


def moment_of(seen: Sequence[tuple[float, int]], number: int) -> float:
    return next(moment for moment, held in seen if held >= number)


def recomputed_otherwise() -> int:
    plan, period = Plan.objects.get(code="bench"), ReturnPeriod.objects.get(quarter=LAST.ordinal)
    return recompute.recompute_period(plan, period, NOW).changed
