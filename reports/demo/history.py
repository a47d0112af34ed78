"""What there is to know of one place's invented history, apart from its register."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from institutions.demo import PROFILES
from reports.demo.behaviour import STEADY, BehaviourProfile
from reports.demo.demo_plan import DemoPlan
from reports.demo.plausible import plausible
from reports.demo.scenario import Scenario
from reports.demo.simulated_unit import SimulatedUnit
from targets.models import DataElement
from targets.periods import Quarter

AnswerRule = Callable[[SimulatedUnit, DataElement, DemoPlan], float | Decimal | None]
REASONS = (
    "部分数据与台账不一致，请核对后重报。",
    "与上季相差较大，没有写明原因，请补充说明。",
    "缺少验收文件的日期，请按口径核对本季是否计入。",
    "人数与签约服务系统不一致，请以系统为准。",
)


@dataclass(frozen=True, slots=True)
class HandedDown:
    """What comes from above or beside the document: made-up numbers that the bureau enters.

    parts: a target's quantities by year and region. by_units, by_people: targets whose quantities are shared out by
    the units in scope, or by residents. assigned: values of milestones that the document leaves open. quotas: per
    head, by indicator code. people: residents of regions for which fixtures/places.tsv has no figure.
    """

    parts: Mapping[str, Mapping[int, Mapping[str, int]]] = field(default_factory=dict)
    by_units: frozenset[str] = frozenset()
    by_people: frozenset[str] = frozenset()
    assigned: Mapping[str, Decimal] = field(default_factory=dict)
    quotas: Mapping[str, float] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceHistory:
    """`began`: the register and the people. `published`: the plan. `until`: the last step of the replay; a plan that
    is over is then closed as of its last day. slip: the element of a slip of the pen; the first count of the
    return where it is empty.
    """

    slug: str
    plan: str
    began: datetime
    published: datetime
    until: datetime
    first: Quarter
    last: Quarter
    behaviours: Mapping[str, BehaviourProfile]
    scenario: Scenario
    handed: HandedDown
    slip: str = ""
    not_applicable: Mapping[str, str] = field(default_factory=dict)
    tell: AnswerRule = plausible
    closed_on: date | None = None

    @property
    def name(self) -> str:
        return PROFILES[self.slug].name

    @property
    def quarters(self) -> list[Quarter]:
        return [self.first + number for number in range(self.last - self.first + 1)]

    def behaviour_of(self, place: str) -> BehaviourProfile:
        return self.behaviours.get(place, STEADY)
