"""A large recompute by several processes: batches of one layer at once, a deeper layer before a higher one.

Every batch is a transaction of its own and takes the same locks as an approval, so this is safe beside running workers.
What was done is kept as `RecomputeStep` rows until the whole run is through; a killed run is taken up again there.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from django.db import connections, transaction

from institutions.models import Region
from reports.judging.recompute import Done, Scene, layers, recompute_batch
from reports.models import RecomputeStep

Tick = Callable[[int], object]  # told how many regions are done


@dataclass(frozen=True)
class Run:
    """What is recomputed, as the person asked for it; `name` tells it from other runs."""

    name: str
    region: Region | None = None
    jobs: int = 1

    def recompute(self, scene: Scene, tick: Tick) -> Done:
        """One plan and quarter, less what this run has done before it was stopped."""
        done = Done()
        known = self.steps_done(scene)
        for layer in layers(scene, self.region):
            waiting = [batch for batch in layer if batch[0] not in known]
            tick(sum(len(batch) for batch in layer if batch[0] in known))
            for batch, result in zip(waiting, self.results(scene, waiting), strict=True):
                done += result
                tick(len(batch))
        return done

    def steps_done(self, scene: Scene) -> set[int]:
        steps = RecomputeStep.objects.filter(run=self.name, plan=scene.plan, quarter=scene.quarter.ordinal)
        return set(steps.values_list("region", flat=True))

    def results(self, scene: Scene, batches: list[list[int]]) -> Iterator[Done]:
        if self.jobs == 1 or len(batches) == 1:
            yield from (step(self.name, scene, batch) for batch in batches)
            return
        # The processes inherit the scene as they are forked; connections cannot be shared and are opened anew.
        connections.close_all()
        with ProcessPoolExecutor(self.jobs, get_context("fork"), inherit, (self.name, scene)) as pool:
            yield from pool.map(inherited_step, batches)

    def forget(self) -> None:
        RecomputeStep.objects.filter(run=self.name).delete()


@transaction.atomic
def step(run: str, scene: Scene, batch: list[int]) -> Done:
    done = recompute_batch(scene, batch)
    RecomputeStep.objects.create(run=run, plan=scene.plan, quarter=scene.quarter.ordinal, region_id=batch[0])
    return done


INHERITED: dict[str, tuple[str, Scene]] = {}
OF_THE_PARENT: list[object] = []


def inherit(run: str, scene: Scene) -> None:
    """A connection that the parent had open after all is neither used nor closed here."""
    for each in connections.all(initialized_only=True):
        OF_THE_PARENT.append(each.connection)
        each.connection = None
    INHERITED["work"] = (run, scene)


def inherited_step(batch: list[int]) -> Done:
    run, scene = INHERITED["work"]
    return step(run, scene, batch)


def regions_in(scene: Scene, region: Region | None) -> int:
    return sum(len(batch) for layer in layers(scene, region) for batch in layer)
