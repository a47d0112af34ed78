"""Engine and oracle agree on whatever world is drawn. More by hand: `python -m tests.oracle --examples 20000`."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, note, seed, settings

from tests.oracle.comparing import differences, recompute_all
from tests.oracle.scenarios import DrawnWorld, Stage, worlds
from tests.oracle.staging import stage, standing

__all__ = ["stage"]

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "500"))
FIRST_SEED = int(os.environ.get("ORACLE_SEED", "0"))
CHUNK = 1000


@pytest.mark.parametrize("chunk", range(-(-EXAMPLES // CHUNK)))
def test_engine_agrees_with_the_oracle(stage: Stage, chunk: int):
    @seed(FIRST_SEED + chunk)
    @settings(
        max_examples=min(CHUNK, EXAMPLES - chunk * CHUNK),
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    @given(world=worlds())
    def agree(world: DrawnWorld) -> None:
        with standing(world, stage) as built:
            recompute_all(built, world.now)
            found = differences(built, world.now)
        for line in found:
            note(line)
        assert not found

    agree()
