"""A large recompute: several processes, stopped and taken up again."""

from datetime import date, datetime

import pytest
from django.core.management import call_command

from institutions.clock import SHANGHAI
from reports.judging import parallel, recompute
from reports.models import Attainment, RecomputeStep, Tally
from targets.periods import Quarter
from tests.factories import (
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    ReturnPeriodFactory,
    approved,
    kaifeng_like,
    target_with_terms,
)

Q1 = Quarter(2023, 1)
LATER = datetime(2023, 5, 1, tzinfo=SHANGHAI)


def scene_of_four_counties():
    place = kaifeng_like(counties=4, hospitals=1)
    plan = PlanFactory(issuer=place.city)
    asked = DataElementFactory()
    target_with_terms(IndicatorFactory(element=asked), {date(2023, 12, 31): 100}, plan)
    for (hospital,) in place.hospitals:
        approved(hospital, Q1, {asked: 5})
    return recompute.RecomputeContext.of(plan, ReturnPeriodFactory(quarter=Q1.ordinal), LATER)


def ticks(run, scene):
    seen = []
    run.recompute(scene, seen.append)
    return seen


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(recompute, "REGIONS_AT_ONCE", 2)


@pytest.mark.django_db(transaction=True)
def test_processes_at_once_write_what_one_writes():
    scene = scene_of_four_counties()
    assert parallel.RecomputeRun("all", jobs=2).recompute(scene, lambda regions: None).changed == 1
    assert Tally.objects.get(region=scene.plan.issuer).numerator == 20
    assert Attainment.objects.get().value == 20
    assert parallel.RecomputeRun("again", jobs=1).recompute(scene, lambda regions: None).changed == 0


@pytest.mark.django_db
def test_run_that_was_stopped_goes_on_with_the_batches_that_are_left():
    scene = scene_of_four_counties()
    first, second = scene.tree.leaves[:2], scene.tree.leaves[2:]
    parallel.run_step("all", scene, first)
    assert ticks(parallel.RecomputeRun("all"), scene) == [2, 2, 0, 1]
    assert set(RecomputeStep.objects.values_list("region", flat=True)) == {first[0], second[0], scene.plan.issuer_id}


@pytest.mark.django_db
@pytest.mark.parametrize(("options", "left"), [([], 0), (["--resume"], 4)])
def test_command_takes_up_a_stopped_run_only_when_asked(options, left, capsys):
    scene = scene_of_four_counties()
    parallel.run_step("all=True", scene, scene.tree.leaves[:2])
    Tally.objects.update(numerator=99)
    call_command("recompute", "--all", "--jobs=1", *options)
    assert Tally.objects.filter(numerator=99).count() == (2 if left else 0)
    assert not RecomputeStep.objects.exists()
