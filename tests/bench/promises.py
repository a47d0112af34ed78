"""A plan to be measured: 30 data elements, and 30 targets of every kind judged from country to county."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from institutions.enums import InstitutionKind, Ownership, RegionLevel
from institutions.models import Region
from targets.enums import Accumulation, Comparator, ElementType, IndicatorKind, Schedule, Window
from targets.models import Allotment, DataElement, Indicator, Milestone, Plan, Target
from tests.factories import DataElementFactory, IndicatorFactory, PlanFactory, target_with_terms

HOSPITAL, CENTRE = InstitutionKind.TOWNSHIP_HOSPITAL, InstitutionKind.COMMUNITY_CENTRE
YEAR_END, PLAN_END = date(2023, 12, 31), date(2025, 12, 31)
LEVELS = [RegionLevel.COUNTRY, RegionLevel.PROVINCE, RegionLevel.CITY, RegionLevel.COUNTY]
PROBE = "home-visits"  # every correction adds 1 to it, so the country's total tells how many have arrived
FLOW, RUNNING, STOCK = Accumulation.FLOW, Accumulation.RUNNING, Accumulation.STOCK
COUNT, MONEY, YESNO, LEVEL = ElementType.COUNT, ElementType.MONEY, ElementType.YESNO, ElementType.LEVEL


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit's quarterly answer lies from `low` to `low + span`, at most `top`; `off`: some answer 不适用."""

    code: str
    accumulation: str
    low: int
    span: int
    top: int = 10**9
    type: str = COUNT
    off: bool = False


ELEMENTS = [
    Asked("visits", FLOW, 800, 400),
    Asked("tcm-visits", FLOW, 200, 200, off=True),
    Asked("admissions", FLOW, 60, 40, off=True),
    Asked("referrals-up", FLOW, 20, 20),
    Asked("referrals-down", FLOW, 8, 20),
    Asked("home-visits", FLOW, 100, 100),
    Asked("follow-ups", FLOW, 300, 200),
    Asked("lectures", FLOW, 1, 4),
    Asked("trainings", FLOW, 0, 4),
    Asked("prescriptions", FLOW, 700, 300),
    Asked("antibiotics", FLOW, 100, 100),
    Asked("income", FLOW, 400_000, 200_000, type=MONEY),
    Asked("drug-income", FLOW, 110_000, 80_000, type=MONEY),
    Asked("equipment", FLOW, 0, 50_000, type=MONEY, off=True),
    Asked("signed", RUNNING, 300, 300),
    Asked("key-signed", RUNNING, 100, 100),
    Asked("elderly-checked", RUNNING, 80, 60),
    Asked("hypertension-managed", RUNNING, 120, 60),
    Asked("diabetes-managed", RUNNING, 40, 30),
    Asked("vaccinated", RUNNING, 30, 20),
    Asked("doctors", STOCK, 6, 6),
    Asked("nurses", STOCK, 6, 8),
    Asked("staff", STOCK, 20, 12),
    Asked("beds", STOCK, 20, 30, off=True),
    Asked("hypertension-registered", STOCK, 800, 200),
    Asked("diabetes-registered", STOCK, 250, 100),
    Asked("elderly-registered", STOCK, 500, 200),
    Asked("capability", STOCK, 0, 4, top=2, type=LEVEL),
    Asked("tcm-room", STOCK, 0, 4, top=1, type=YESNO, off=True),
    Asked("telemedicine", STOCK, 0, 3, top=1, type=YESNO),
]
CONSTANTS = {"resident-population": 5000, "key-population": 1200, "elderly-population": 700, "children": 250}


@dataclass(frozen=True, slots=True)
class Promised:
    """A target over elements: `over` another element or a constant, or `least` of a single unit."""

    kind: IndicatorKind
    element: str
    value: int
    over: str = ""
    least: int | None = None
    schedule: Schedule = Schedule.HOLD
    comparator: Comparator = Comparator.AT_LEAST
    window: Window = Window.YEAR
    scope: tuple[str, ...] = ()


RATIO, SHARE, EACH, TOTAL = IndicatorKind.RATIO, IndicatorKind.SHARE, IndicatorKind.EACH, IndicatorKind.TOTAL
EVEN, AT_DUE, AT_MOST = Schedule.EVEN, Schedule.AT_DUE, Comparator.AT_MOST
TARGETS = [
    Promised(TOTAL, "home-visits", 620, schedule=EVEN),
    Promised(TOTAL, "follow-ups", 1600, schedule=EVEN),
    Promised(TOTAL, "lectures", 10, schedule=EVEN, scope=(HOSPITAL,)),
    Promised(TOTAL, "trainings", 6, schedule=AT_DUE),
    Promised(TOTAL, "equipment", 90_000, schedule=EVEN, window=Window.PLAN),
    Promised(TOTAL, "vaccinated", 150, schedule=EVEN),
    Promised(RATIO, "tcm-visits", 30, over="visits"),
    Promised(RATIO, "admissions", 8, over="visits", scope=(HOSPITAL,)),
    Promised(RATIO, "referrals-down", 60, over="referrals-up"),
    Promised(RATIO, "prescriptions", 80, over="visits"),
    Promised(RATIO, "antibiotics", 18, over="prescriptions", comparator=AT_MOST),
    Promised(RATIO, "drug-income", 30, over="income", comparator=AT_MOST),
    Promised(RATIO, "equipment", 5, over="income"),
    Promised(RATIO, "signed", 35, over="resident-population", schedule=EVEN),
    Promised(RATIO, "key-signed", 50, over="key-population", schedule=EVEN),
    Promised(RATIO, "elderly-checked", 60, over="elderly-population", schedule=EVEN),
    Promised(RATIO, "vaccinated", 60, over="children", schedule=EVEN),
    Promised(RATIO, "hypertension-managed", 65, over="hypertension-registered"),
    Promised(RATIO, "diabetes-managed", 70, over="diabetes-registered"),
    Promised(RATIO, "doctors", 34, over="staff"),
    Promised(RATIO, "nurses", 100, over="doctors", window=Window.PLAN),
    Promised(RATIO, "doctors", 25, over="beds", scope=(HOSPITAL,)),
    Promised(RATIO, "elderly-registered", 60, over="hypertension-registered", comparator=AT_MOST),
    Promised(SHARE, "capability", 50, least=2, schedule=AT_DUE, window=Window.PLAN),
    Promised(SHARE, "tcm-room", 80, least=1, schedule=AT_DUE),
    Promised(SHARE, "telemedicine", 60, least=1, schedule=AT_DUE, scope=(CENTRE,)),
    Promised(SHARE, "doctors", 70, least=8),
    Promised(SHARE, "lectures", 60, least=9, schedule=AT_DUE),
    Promised(SHARE, "trainings", 60, least=5, schedule=AT_DUE),
    Promised(EACH, "lectures", 100, least=6, schedule=AT_DUE, scope=(HOSPITAL,)),
]


def make_plan(units: int) -> Plan:
    """The published plan with elements and targets; totals are so many times a unit's part."""
    country = Region.objects.get(level=RegionLevel.COUNTRY)
    plan = PlanFactory(code="bench", issuer=country, judged_levels=LEVELS, last_day=PLAN_END)
    elements = {asked.code: make_element(asked) for asked in ELEMENTS}
    for promise in TARGETS:
        make_target(plan, promise, elements, units)
    return plan


def make_element(asked: Asked) -> DataElement:
    return DataElementFactory(
        code=asked.code,
        name=asked.code,
        accumulation=asked.accumulation,
        type=asked.type,
        kinds=[HOSPITAL, CENTRE],
        allow_not_applicable=asked.off,
    )


def make_target(plan: Plan, promise: Promised, elements: dict[str, DataElement], units: int) -> Target:
    value = promise.value * units if promise.kind == TOTAL else promise.value
    marks = {YEAR_END: value} if promise.window == Window.YEAR else {YEAR_END: value, PLAN_END: value * 2}
    if promise.window == Window.PLAN and promise.kind != TOTAL:
        marks = {YEAR_END: value, PLAN_END: min(value + 20, 100)}
    target = target_with_terms(
        make_indicator(promise, elements),
        marks,
        plan,
        schedule=promise.schedule,
        comparator=promise.comparator,
        window=promise.window,
    )
    target.kinds = list(promise.scope) or [HOSPITAL, CENTRE]
    target.ownerships = [Ownership.PUBLIC] if promise.element == "diabetes-managed" else []
    target.save(update_fields=["kinds", "ownerships"])
    return target


def make_indicator(promise: Promised, elements: dict[str, DataElement]) -> Indicator:
    parts: dict[str, Any] = {"kind": promise.kind, "element": elements[promise.element]}
    if promise.over in elements:
        parts["over"] = elements[promise.over]
    elif promise.over:
        parts["constant"] = promise.over
    if promise.least is not None:
        parts["condition_value"] = Decimal(promise.least)
    return IndicatorFactory(**parts)


def allot(units_of: dict[int, int], units: int) -> None:
    """Pass every total down by the number of units: region id -> units in it."""
    marks = Milestone.objects.filter(terms__target__indicator__kind=TOTAL)
    Allotment.objects.bulk_create(
        (
            Allotment(milestone=mark, region_id=region, value=mark.value * count // units)
            for mark in marks
            for region, count in units_of.items()
        ),
        batch_size=5000,
    )
