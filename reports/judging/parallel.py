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
from reports.judging.recompute import RecomputeContext, RecomputeTotals, batches_by_layer, recompute_batch
from reports.models import RecomputeStep

Tick = Callable[[int], object]  # told how many regions are done


@dataclass(frozen=True)
class RecomputeRun:
    """What is recomputed, as the person asked for it; `name` tells it from other runs."""

    name: str
    region: Region | None = None
    jobs: int = 1

    def recompute(self, context: RecomputeContext, tick: Tick) -> RecomputeTotals:
        """One plan and quarter, less what this run has done before it was stopped."""
        done = RecomputeTotals()
        known = self.steps_done(context)
        for layer in batches_by_layer(context, self.region):
            waiting = [batch for batch in layer if batch[0] not in known]
            tick(sum(len(batch) for batch in layer if batch[0] in known))
            for batch, result in zip(waiting, self.results(context, waiting), strict=True):
                done += result
                tick(len(batch))
        return done

    def steps_done(self, context: RecomputeContext) -> set[int]:
        steps = RecomputeStep.objects.filter(run=self.name, plan=context.plan, quarter=context.quarter.ordinal)
        return set(steps.values_list("region", flat=True))

    def results(self, context: RecomputeContext, batches: list[list[int]]) -> Iterator[RecomputeTotals]:
        if self.jobs == 1 or len(batches) == 1:
            yield from (run_step(self.name, context, batch) for batch in batches)
            return
        # The processes inherit the context as they are forked; connections cannot be shared and are opened anew.
        connections.close_all()
        with ProcessPoolExecutor(self.jobs, get_context("fork"), inherit_work, (self.name, context)) as pool:
            yield from pool.map(run_inherited_step, batches)

    def forget(self) -> None:
        RecomputeStep.objects.filter(run=self.name).delete()


@transaction.atomic
def run_step(run: str, context: RecomputeContext, batch: list[int]) -> RecomputeTotals:
    done = recompute_batch(context, batch)
    RecomputeStep.objects.create(run=run, plan=context.plan, quarter=context.quarter.ordinal, region_id=batch[0])
    return done


INHERITED: dict[str, tuple[str, RecomputeContext]] = {}
OF_THE_PARENT: list[object] = []


def inherit_work(run: str, context: RecomputeContext) -> None:
    """A connection that the parent had open after all is neither used nor closed here."""
    for each in connections.all(initialized_only=True):
        OF_THE_PARENT.append(each.connection)
        each.connection = None
    INHERITED["work"] = (run, context)


def run_inherited_step(batch: list[int]) -> RecomputeTotals:
    run, context = INHERITED["work"]
    return run_step(run, context, batch)


def count_regions(context: RecomputeContext, region: Region | None) -> int:
    return sum(len(batch) for layer in batches_by_layer(context, region) for batch in layer)
