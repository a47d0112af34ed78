"""Everybody at once, on the last evening of the quarter."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.load import truth, world
from tests.load.person import Person, Unreachable
from tests.load.stack import Stack, running
from tests.load.world import NOW, PASSWORD, Return

EVERY_TENTH = 10


@dataclass(frozen=True, slots=True)
class Click:
    """One hand-in: whose, how long it took from the click to the answer, and what came of it."""

    submission_id: int
    seconds: float
    status: int


def rush(people: int) -> int:
    made = world.make(people)
    print(f"{people} returns of {len(made.returns[0].fields)} fields", flush=True)
    with running() as stack:
        persons = [person_of(stack, each) for each in made.returns]
        began = time.monotonic()
        in_turn(lambda person: person.log_in(PASSWORD), persons)
        print(f"logged in: {people} people in {time.monotonic() - began:.1f} s", flush=True)
        pages = opened(persons, made.returns)
        clicks, seconds = click_together(persons, made.returns, pages)
        caught_up = truth.wait_for_rollup()
    accepted = {each.submission_id for each in clicks if each.status == 302}
    found = truth.problems(made.returns, accepted, set())
    report(clicks, seconds, accepted, people)
    wrong = truth.recomputed_otherwise(NOW)
    print(f"rolled up by the worker: {caught_up}; a full recompute changes {wrong} results")
    print("\n".join(found) or "every accepted return is there, whole, and once")
    return int(bool(found) or bool(wrong) or len(accepted) < people)


def person_of(stack: Stack, each: Return) -> Person:
    where = urlsplit(stack.url)
    return Person(where.hostname or "", where.port or 0, each.username)


def in_turn(do: Callable[[Person], None], persons: Sequence[Person], at_once: int = 8) -> None:
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(do, persons))


def opened(persons: Sequence[Person], returns: Sequence[Return]) -> list[str]:
    """Everybody has the form in front of them."""
    began = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        asked = [(person, f"/returns/{each.submission_id}/") for person, each in zip(persons, returns, strict=True)]
        pages = list(pool.map(lambda pair: pair[0].request("GET", pair[1])[2], asked))
    print(f"forms opened: {len(pages)} in {time.monotonic() - began:.1f} s, {len(pages[0]) / 1024:.0f} kB", flush=True)
    return pages


def click_together(
    persons: Sequence[Person], returns: Sequence[Return], pages: Sequence[str]
) -> tuple[list[Click], float]:
    """All clicks at one moment; a double click is a second request at once. Also how long it took for all."""
    tasks = []
    for n, (person, each, page) in enumerate(zip(persons, returns, pages, strict=True)):
        tasks += [(person, each, person.form(page, each.fields))] * (1 + (n % EVERY_TENTH == 0))
    gate = threading.Barrier(len(tasks) + 1)
    with ThreadPoolExecutor(len(tasks)) as pool:
        done = [pool.submit(click, gate, *task) for task in tasks]
        gate.wait()
        began = time.monotonic()
        clicks = [each.result() for each in done]
    return clicks, time.monotonic() - began


def click(gate: threading.Barrier, person: Person, each: Return, fields: dict[str, str]) -> Click:
    gate.wait()
    began = time.monotonic()
    try:
        status, _to, _page = person.request("POST", f"/returns/{each.submission_id}/", fields)
    except Unreachable:
        status = 0
    return Click(each.submission_id, time.monotonic() - began, status)


def report(clicks: Sequence[Click], seconds: float, accepted: set[int], people: int) -> None:
    took = sorted(each.seconds for each in clicks)
    errors = sum(each.status not in (200, 302) for each in clicks)
    middle, late = took[len(took) // 2], took[int(len(took) * 0.95)]
    print(f"clicks {len(clicks)}, accepted returns {len(accepted)} of {people}, errors {errors}")
    print(
        f"all answered in {seconds:.1f} s: {len(clicks) / seconds:.1f} a second; p50 {middle:.1f} s, p95 {late:.1f} s"
    )
