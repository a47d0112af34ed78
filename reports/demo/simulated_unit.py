"""One unit that has something to tell in one quarter, and its luck. Pure: chance depends on the seed, the unit, the
element and the quarter alone, so anything can be asked for in any order."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from institutions.models import Institution
from reports.demo.behaviour import BehaviourProfile
from targets.periods import Quarter

SEED = 20230101
GOLDEN = 0.618034


def spread_luck(code: str, of: str) -> float:
    """Luck that is spread evenly over the units of a row (H01, H02 …), so that a small row has no runs of it."""
    stem = code.rstrip("0123456789")
    return (Random(f"{SEED} {stem} {of}").random() + int(code.removeprefix(stem) or 0) * GOLDEN) % 1


@dataclass(frozen=True, slots=True)
class SimulatedUnit:
    """`luck` is fixed for a unit and an element; `noise` is new each quarter.

    place, place_kind: of the judged region that the unit lies in. first: the plan's first quarter.
    """

    unit: Institution
    place: str
    place_kind: str
    behaviour: BehaviourProfile
    quarter: Quarter
    element: str
    first: Quarter

    @property
    def step(self) -> int:
        """Quarters since the plan began, counting this one."""
        return self.quarter - self.first + 1

    def luck(self, of: str = "") -> float:
        return Random(f"{SEED} {self.unit.code} {of or self.element}").random()

    def turn(self, of: str = "") -> float:
        return spread_luck(self.unit.code, of or self.element)

    def noise(self, quarter: Quarter | None = None, of: str = "") -> float:
        return Random(f"{SEED} {self.unit.code} {of or self.element} {quarter or self.quarter}").random()

    def share(self, start: float, rise: float) -> float:
        """A share that grows by `rise` a quarter at the plan's own speed."""
        return start + rise * self.step * self.behaviour.pace

    def of_year(self) -> list[Quarter]:
        return [Quarter(self.quarter.year, number) for number in range(1, self.quarter.number + 1)]

    def at(self, quarter: Quarter) -> "SimulatedUnit":
        return replace(self, quarter=quarter)

    def about(self, element: str) -> "SimulatedUnit":
        return replace(self, element=element)


Rule = Callable[[SimulatedUnit], float | Decimal | None]
