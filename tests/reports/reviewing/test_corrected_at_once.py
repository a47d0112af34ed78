"""Two reviewers at two quarters of one unit in the same moment, each by a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from institutions.enums import Role
from reports.base.errors import RefusedError
from reports.models import Figure, Submission
from reports.returns.actions import opening, submissions
from reports.reviewing.actions import corrections, reviews
from targets.periods import Quarter
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON, Q1, Filling, filling
from tests.reports.reviewing.test_corrected_together import both_handed_in, hand_in, of, save, states

pytestmark = pytest.mark.django_db(transaction=True)
Q2 = Quarter(2024, 2)
TRIES = 5


def at_once(*acts: Callable[[], Submission]) -> list[str]:
    """What became of each: its state, or the refusal."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=30)
            return act().state
        except RefusedError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def approvals(scene: Filling) -> list[str]:
    other = person(Role.REVIEWER, scene.places.counties[0], display_name="郑审核")
    first, second = of(scene, Q1), of(scene, Q2)
    return at_once(lambda: reviews.approve(first, scene.reviewer, NOON), lambda: reviews.approve(second, other, NOON))


def rises(scene):
    rows = Figure.objects.filter(element=scene.trained).order_by("quarter")
    return [(int(each.value), int(each.rise)) for each in rows]


@pytest.fixture
def scene() -> Filling:
    made = filling()
    made.hand_in(trained=30)
    made.approve()
    opening.open_quarter(Q2, MORNING)
    return made


@pytest.mark.parametrize("_again", range(TRIES))
def test_two_who_approve_a_set_from_both_ends_approve_it_once(scene, _again):
    hand_in(scene, Q2, trained=35)
    reviews.approve(of(scene, Q2), scene.reviewer, NOON)
    corrections.grant(corrections.ask(of(scene, Q1), "少计", scene.reporter, NOON), scene.reviewer, NOON)
    both_handed_in(scene)
    done = approvals(scene)
    assert (done.count("approved"), states(scene)) == (1, ["approved", "approved"])
    assert rises(scene) == [(50, 50), (60, 10)]


@pytest.mark.parametrize("_again", range(TRIES))
def test_of_two_that_contradict_each_other_only_one_is_approved(scene, _again):
    """Q2's first return waits with 35 while Q1's correction waits with 50: each went through its own hand-in."""
    hand_in(scene, Q2, trained=35)
    corrections.grant(corrections.ask(of(scene, Q1), "少计", scene.reporter, NOON), scene.reviewer, NOON)
    save(scene, Q1, trained=50)
    submissions.submit(of(scene, Q1), scene.reporter, NOON)
    done = approvals(scene)
    assert (done.count("approved"), sorted(states(scene))) == (1, ["approved", "submitted"])
    assert sum("会小于" in each for each in done) == 1
    assert rises(scene) in ([(50, 50)], [(30, 30), (35, 5)])
