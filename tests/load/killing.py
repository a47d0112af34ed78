"""Hand-ins and approvals while web and worker are killed at random. A person who got no answer looks again."""

import queue
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from random import Random
from urllib.parse import urlsplit

from tests.load import truth, world
from tests.load.person import Person, Unreachable, log_in_patiently
from tests.load.rush import person_of
from tests.load.stack import Stack, running
from tests.load.world import NOW, PASSWORD, Return, World

REPORTERS_AT_ONCE = 8
KILL_SECONDS = (1.0, 4.0)
GIVE_UP_SECONDS = 900


class Course:
    """What was accepted and approved so far; `waiting`: handed in, for the reviewers of each county."""

    def __init__(self, made: World) -> None:
        self.accepted: set[int] = set()
        self.approved: set[int] = set()
        self.retries = 0
        self.waiting: dict[int, queue.SimpleQueue[int | None]] = {
            county: queue.SimpleQueue() for county in made.reviewers
        }
        self.until = time.monotonic() + GIVE_UP_SECONDS
        self.over = threading.Event()


def killing(people: int, seed: int) -> int:
    made = world.make(people)
    course = Course(made)
    with running() as stack:
        killer = threading.Thread(target=kill_on, args=(stack, course, Random(seed)))
        began = time.monotonic()
        killer.start()
        work(stack, course, made)
        seconds = time.monotonic() - began
        course.over.set()
        killer.join()
        stack.mend()
        caught_up = truth.wait_for_rollup()
    found = truth.problems(made.returns, course.accepted, course.approved)
    wrong = truth.recomputed_otherwise(NOW)
    print(f"{len(course.accepted)} hand-ins and {len(course.approved)} approvals in {seconds:.0f} s")
    print(f"{stack.kills} processes killed, {course.retries} requests without an answer, looked at again")
    print(f"rolled up by the worker: {caught_up}; a full recompute changes {wrong} results")
    print("\n".join(found) or "nothing accepted is lost, nothing is half there, nothing is there twice")
    complete = len(course.accepted) == len(course.approved) == people
    return int(bool(found) or bool(wrong) or not complete)


def work(stack: Stack, course: Course, made: World) -> None:
    """Reporters hand in; each county's reviewer approves what has come."""
    with ThreadPoolExecutor(REPORTERS_AT_ONCE) as reporters, ThreadPoolExecutor(len(made.reviewers)) as reviewers:
        deciding = [reviewers.submit(review, stack, course, *pair) for pair in made.reviewers.items()]
        handing = [reporters.submit(report, stack, course, each) for each in made.returns]
        for each in handing:
            each.result()
        for waiting in course.waiting.values():
            waiting.put(None)
        for each in deciding:
            each.result()


def report(stack: Stack, course: Course, each: Return) -> None:
    person = person_of(stack, each)
    log_in_patiently(person, PASSWORD, course.until)
    while time.monotonic() < course.until:
        try:
            if person.hand_in(each.submission_id, each.fields):
                break
        except Unreachable:
            course.retries += 1
            time.sleep(0.2)
    course.accepted.add(each.submission_id)
    course.waiting[each.county_id].put(each.submission_id)


def review(stack: Stack, course: Course, county: int, username: str) -> None:
    where = urlsplit(stack.url)
    person = Person(where.hostname or "", where.port or 0, username)
    log_in_patiently(person, PASSWORD, course.until)
    while (submission_id := course.waiting[county].get()) is not None:
        decide(person, course, submission_id)


def decide(person: Person, course: Course, submission_id: int) -> None:
    """A return that can no longer be decided on was approved by the click that got no answer."""
    while time.monotonic() < course.until:
        try:
            person.approve(submission_id)
            course.approved.add(submission_id)
            return
        except Unreachable:
            course.retries += 1
            time.sleep(0.2)


def kill_on(stack: Stack, course: Course, random: Random) -> None:
    killed: Counter[str] = Counter()
    while not course.over.wait(random.uniform(*KILL_SECONDS)):
        killed[stack.kill_one(random)] += 1
        stack.mend()
    print("killed:", dict(sorted(killed.items())), flush=True)
