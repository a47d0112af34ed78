"""The rows of one plan as plain values: no rule here, and nothing of the engine."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from institutions.models import Institution, Placement, Region, RegionVersion
from reports.models import Figure, ReturnPeriod, Round, Submission
from targets.models import Allotment, ConditionValue, Constant, DataElement, Indicator, Milestone, Plan, Target, Terms

NA = "不适用"
Answer = Fraction | str  # a value, or NA


@dataclass(frozen=True, slots=True)
class Place:
    id: int
    name: str
    level: str
    kind: str
    lineage: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a place was from one day to another. former: it had gone into that place, and is none itself."""

    since: date
    until: date | None
    place: Place
    former: int | None


@dataclass(frozen=True, slots=True)
class Division:
    """The places of a day, and where those lie that had gone into another."""

    places: dict[int, Place]
    former: dict[int, int]


@dataclass(frozen=True, slots=True)
class Unit:
    id: int
    name: str
    kind: str
    grade: str
    ownership: str
    place: int
    reporter: int
    opened: date
    closed: date | None
    placements: tuple[tuple[date, int], ...]  # until, place: where it lay before it moved


@dataclass(frozen=True, slots=True)
class Element:
    id: int
    type: str
    accumulation: str


@dataclass(frozen=True, slots=True)
class Formula:
    code: str
    kind: str
    element: Element
    over: Element | None
    against: Element | None
    denominator: str
    constant: str
    condition: str
    condition_value: Fraction | None
    by_class: dict[str, Fraction]
    multiplier: Fraction
    offset: Fraction

    @property
    def elements(self) -> list[Element]:
        return [each for each in (self.element, self.over, self.against) if each]


@dataclass(frozen=True, slots=True)
class Mark:
    due: date
    value: Fraction | None
    high: Fraction | None
    allotted: dict[int, Fraction]


@dataclass(frozen=True, slots=True)
class Deal:
    """The terms of a target from a day on, with their milestones by date."""

    since: date
    comparator: str
    strength: str
    window: str
    schedule: str
    shares: tuple[Fraction, ...]
    baseline: Fraction | None
    amber: Fraction | None
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Promised:
    id: int
    name: str
    formula: Formula
    kinds: tuple[str, ...]
    grades: tuple[str, ...]
    ownerships: tuple[str, ...]
    bureau_level: str
    named: frozenset[int]
    deals: tuple[Deal, ...]


@dataclass(frozen=True, slots=True)
class Return:
    state: str
    due_on: date
    review_by: date
    handed_in: datetime | None  # the round that waits for a decision


@dataclass(frozen=True, slots=True)
class Period:
    quarter: int
    due_on: date
    review_by: date


@dataclass(frozen=True, slots=True)
class World:
    issuer: int
    first_day: date
    last_day: date
    levels: tuple[str, ...]
    amber: Fraction
    closed_on: date | None
    names: dict[int, str]  # of regions, today
    stretches: list[Stretch]
    units: dict[int, Unit]
    targets: list[Promised]
    constants: dict[tuple[str, int, int], Fraction]  # code, region, year
    periods: list[Period]
    returns: dict[tuple[int, int], Return]  # reporter, quarter
    answers: dict[tuple[int, int], dict[int, Answer]]  # subject, element -> quarter -> answer

    def division_on(self, day: date) -> Division:
        now = [each for each in self.stretches if each.since <= day and (each.until is None or each.until >= day)]
        return Division(
            {each.place.id: each.place for each in now if each.former is None},
            {each.place.id: each.former for each in now if each.former is not None},
        )


def read(plan: Plan) -> World:
    plan = Plan.objects.get(pk=plan.pk)
    return World(
        issuer=plan.issuer_id,
        first_day=plan.first_day,
        last_day=plan.last_day,
        levels=tuple(plan.judged_levels),
        amber=Fraction(plan.amber_points),
        closed_on=plan.closed_on,
        names=dict(Region.objects.values_list("pk", "name")),
        stretches=stretches(),
        units=units(),
        targets=targets(plan),
        constants=constants(),
        periods=[Period(*row) for row in ReturnPeriod.objects.order_by("quarter").values_list(*columns(Period))],
        returns=returns(),
        answers=answers(),
    )


def columns(made: Any) -> list[str]:
    return list(made.__dataclass_fields__)


def exact(value: Decimal | None) -> Fraction | None:
    return None if value is None else Fraction(value)


def stretches() -> list[Stretch]:
    found = []
    for row in RegionVersion.objects.filter(superseded_at__isnull=True).select_related("region").order_by("region"):
        place = Place(row.region_id, row.name, row.region.level, row.kind, tuple(row.lineage))
        former = row.parent_id if row.is_former else None
        found.append(Stretch(row.valid_from, row.valid_until, place, former))
    return found


def units() -> dict[int, Unit]:
    moves: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for unit, until, region in Placement.objects.order_by("until").values_list("institution", "until", "region"):
        moves[unit].append((until, region))
    rows = Institution.objects.order_by("pk").values_list(
        "pk", "name", "kind", "grade", "ownership", "region", "reported_by", "opened", "closed"
    )
    return {row[0]: Unit(*row[:6], row[6] or row[0], *row[7:], tuple(moves[row[0]])) for row in rows}


def targets(plan: Plan) -> list[Promised]:
    named = defaultdict(set)
    for target_id, unit_id in Target.units.through.objects.filter(target__plan=plan).values_list(
        "target_id", "institution_id"
    ):
        named[target_id].add(unit_id)
    indicators, deals = formulas(plan), all_deals(plan)
    return [
        Promised(
            id=row.pk,
            name=row.code,
            formula=indicators[row.indicator_id],
            kinds=tuple(row.kinds),
            grades=tuple(row.grades),
            ownerships=tuple(row.ownerships),
            bureau_level=row.bureau_level,
            named=frozenset(named[row.pk]),
            deals=tuple(deals[row.pk]),
        )
        for row in Target.objects.filter(plan=plan).order_by("position", "pk")
    ]


def formulas(plan: Plan) -> dict[int, Formula]:
    elements = {row[0]: Element(*row) for row in DataElement.objects.values_list("pk", "type", "accumulation")}
    by_class: dict[int, dict[str, Fraction]] = defaultdict(dict)
    for row in ConditionValue.objects.filter(indicator__targets__plan=plan):
        by_class[row.indicator_id][row.unit_class] = Fraction(row.value)
    return {
        row.pk: Formula(
            code=row.code,
            kind=row.kind,
            element=elements[row.element_id],
            over=elements.get(row.over_id),
            against=elements.get(row.against_id),
            denominator=row.denominator,
            constant=row.constant,
            condition=row.condition,
            condition_value=exact(row.condition_value),
            by_class=by_class[row.pk],
            multiplier=Fraction(row.multiplier),
            offset=Fraction(row.offset),
        )
        for row in Indicator.objects.filter(targets__plan=plan).distinct()
    }


def all_deals(plan: Plan) -> dict[int, list[Deal]]:
    allotted: dict[int, dict[int, Fraction]] = defaultdict(dict)
    for row in Allotment.objects.filter(milestone__terms__target__plan=plan):
        allotted[row.milestone_id][row.region_id] = Fraction(row.value)
    marks: dict[int, list[Mark]] = defaultdict(list)
    for row in Milestone.objects.filter(terms__target__plan=plan).order_by("due"):
        marks[row.terms_id].append(Mark(row.due, exact(row.value), exact(row.high), allotted[row.pk]))
    found: dict[int, list[Deal]] = defaultdict(list)
    for row in Terms.objects.filter(target__plan=plan).order_by("effective_from"):
        found[row.target_id].append(
            Deal(
                since=row.effective_from,
                comparator=row.comparator,
                strength=row.strength,
                window=row.window,
                schedule=row.schedule,
                shares=tuple(Fraction(share) for share in row.custom_shares),
                baseline=exact(row.baseline),
                amber=exact(row.amber_points),
                marks=tuple(marks[row.pk]),
            )
        )
    return found


def constants() -> dict[tuple[str, int, int], Fraction]:
    rows = Constant.objects.values_list("code", "region", "year", "value")
    return {(code, region, year): Fraction(value) for code, region, year, value in rows}


def returns() -> dict[tuple[int, int], Return]:
    waiting = dict(
        Round.objects.filter(submitted_at__isnull=False, decision="").values_list("submission_id", "submitted_at")
    )
    return {
        (row.reporter_id, row.quarter): Return(row.state, row.due_on, row.review_by, waiting.get(row.pk))
        for row in Submission.objects.all()
    }


def answers() -> dict[tuple[int, int], dict[int, Answer]]:
    found: dict[tuple[int, int], dict[int, Answer]] = defaultdict(dict)
    rows: Iterable[tuple[int, int, int, Decimal | None, bool]] = Figure.objects.values_list(
        "subject_id", "element_id", "quarter", "value", "not_applicable"
    )
    for subject, element, quarter, value, not_applicable in rows:
        found[subject, element][quarter] = NA if not_applicable or value is None else Fraction(value)
    return found
