"""All that an invented value is made of beside the unit's luck: what the plan's targets want of each data element in a
quarter, how many people there are, which official numbers, and what a quantity comes to for one unit. Read only."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.db.models import F

from institutions.models import Institution, Region
from reports.demo.behaviour import shared_out
from reports.demo.simulated_unit import spread_luck
from reports.judging.queries.terms_in_force import TargetTerms, terms_in_force
from reports.judging.terms import EffectiveTerms, MilestonePoint
from reports.judging.trajectory import span_start
from reports.questions.queries.reach import is_in_scope
from targets.enums import Denominator, IndicatorKind, Window
from targets.models import Allotment, Constant, DataElement, Plan, Target, Terms
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class ElementGoal:
    """One target as one of its elements must serve it in one quarter.

    wanted: of the milestone in force; None where it is not entered. start: the milestone before it, or the
    baseline. elapsed: how much of the time to the milestone is over at quarter end, 0 to 1. numbers: the condition's
    number by class of unit, "" for all others. constant: the code of what is divided by, also of a quota.
    """

    target: Target
    effective: EffectiveTerms
    milestone: MilestonePoint
    elapsed: float
    constant: str
    numbers: Mapping[str, float]
    named: frozenset[int]

    @property
    def kind(self) -> IndicatorKind:
        return self.effective.kind

    @property
    def wanted(self) -> float | None:
        return None if self.milestone.value is None else float(self.milestone.value)

    @property
    def start(self) -> float | None:
        earlier = [each.value for each in self.effective.before(self.milestone) if each.value is not None]
        start = earlier[-1] if earlier else self.effective.baseline
        return None if start is None else float(start)

    @property
    def over(self) -> DataElement | None:
        return self.target.indicator.over

    @property
    def against(self) -> DataElement | None:
        return self.target.indicator.against

    def holds(self, unit: Institution) -> bool:
        return is_in_scope(self.target, unit) and (not self.named or unit.pk in self.named)

    def number_for(self, unit: Institution) -> float:
        classes = (unit.region.kind, unit.grade, unit.kind, "")
        return next((self.numbers[name] for name in classes if name in self.numbers), 1.0)


@dataclass
class DemoPlan:
    """Of one plan. people: residents by judged region. yearly: elements that start afresh each January."""

    plan: Plan
    people: Mapping[int, int]
    elements: dict[str, DataElement]
    units: list[Institution]
    homes: dict[int, Region]
    official: dict[tuple[str, int], dict[int, float]]
    allotted: dict[tuple[int, date], dict[int, Decimal]]
    numbers: dict[int, dict[str, float]]
    named: dict[int, frozenset[int]]
    yearly: frozenset[str]
    goals: dict[Quarter, dict[str, list[ElementGoal]]] = field(default_factory=dict)
    parts: dict[tuple[int, date], dict[int, int]] = field(default_factory=dict)
    counts: dict[str, Counter[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan, people: Mapping[int, int]) -> "DemoPlan":
        targets = Target.objects.filter(plan=plan)
        slots = targets.values_list("indicator__element", "indicator__over", "indicator__against")
        elements = DataElement.objects.filter(pk__in={pk for row in slots for pk in row}).select_related("whole")
        yearly = Terms.objects.of_plan(plan).filter(window=Window.YEAR)
        below = Institution.objects.within(plan.issuer_id)
        return cls(
            plan,
            people,
            {element.code: element for element in elements},
            list(below.select_related("region").order_by("code")),
            judged_regions(plan),
            official_numbers(plan),
            allotted_parts(plan),
            condition_numbers(plan),
            named_units(plan),
            frozenset(yearly.values_list("target__indicator__element__code", flat=True)),
        )

    def home_of(self, region: Region) -> Region | None:
        """The judged region that a place lies in; None above them."""
        return next((self.homes[pk] for pk in region.lineage if pk in self.homes), None)

    def goals_for(self, element: str, unit: Institution, quarter: Quarter) -> list[ElementGoal]:
        """What targets that count the unit want of the element, in the order of the plan."""
        if quarter not in self.goals:
            self.goals[quarter] = self.goals_of(quarter)
        return [goal for goal in self.goals[quarter].get(element, ()) if goal.holds(unit)]

    def goals_of(self, quarter: Quarter) -> dict[str, list[ElementGoal]]:
        found: defaultdict[str, list[ElementGoal]] = defaultdict(list)
        for terms in terms_in_force(self.plan, quarter):
            milestone = terms.effective.milestone_for(quarter)
            if milestone is not None:
                found[terms.target.indicator.element.code].append(self.goal(terms, milestone, quarter))
        return found

    def goal(self, terms: TargetTerms, milestone: MilestonePoint, quarter: Quarter) -> ElementGoal:
        indicator = terms.target.indicator
        begin = span_start(terms.effective, milestone)
        return ElementGoal(
            terms.target,
            terms.effective,
            milestone,
            elapsed=min(1.0, max(0.0, (quarter - begin + 1) / (milestone.quarter - begin + 1))),
            constant=indicator.code if indicator.denominator == Denominator.QUOTA else indicator.constant,
            numbers=self.numbers.get(indicator.pk, {}),
            named=self.named.get(terms.target.pk, frozenset()),
        )

    def people_of(self, unit: Institution) -> float:
        """The residents that one unit serves: its like share those of the region among themselves."""
        return self.in_region(self.people, unit) / max(1, self.like(unit.kind, unit))

    def official_of(self, code: str, year: int, element: DataElement, unit: Institution) -> float | None:
        """A unit's part of a constant or a quota; None where it is not entered."""
        known = self.official.get((code, year)) or self.official.get((code, year - 1))
        return self.in_region(known, unit) / max(1, self.asked(element, unit)) if known else None

    def in_region(self, numbers: Mapping[int, float], unit: Institution) -> float:
        home = self.home_of(unit.region)
        return numbers.get(home.pk, 0) if home else sum(numbers.values())

    def like(self, kind: str, unit: Institution) -> int:
        return self.counted(kind, (each for each in self.units if each.kind == kind), unit)

    def asked(self, element: DataElement, unit: Institution) -> int:
        return self.counted(element.code, (each for each in self.units if is_in_scope(element, each)), unit)

    def counted(self, name: str, units: Iterable[Institution], unit: Institution) -> int:
        """How many of the units lie in the same judged region."""
        if name not in self.counts:
            self.counts[name] = Counter(self.home_key(each) for each in units if each.closed is None)
        return self.counts[name][self.home_key(unit)]

    def home_key(self, unit: Institution) -> int:
        home = self.home_of(unit.region)
        return home.pk if home else 0

    def part_of(self, goal: ElementGoal, unit: Institution) -> int:
        """What a quantity comes to for one unit: by what its region was allotted, else by people and luck."""
        key = goal.target.pk, goal.milestone.due
        if key not in self.parts:
            self.parts[key] = self.shared_among_units(goal)
        return self.parts[key].get(unit.pk, 0)

    def shared_among_units(self, goal: ElementGoal) -> dict[int, int]:
        units = [unit for unit in self.units if goal.holds(unit) and unit.closed is None]
        allotted = self.allotted.get((goal.target.pk, goal.milestone.due))
        if not allotted:
            return shared_by_luck(goal, units, goal.milestone.value)
        found: dict[int, int] = {}
        for region_id, value in allotted.items():
            found |= shared_by_luck(goal, [each for each in units if region_id in each.region.lineage], Fraction(value))
        return found


def shared_by_luck(goal: ElementGoal, units: list[Institution], whole: Fraction | None) -> dict[int, int]:
    """Few things go one each to the luckiest; many by size."""
    if not units or not whole:
        return {}
    root = goal.target.indicator.element.whole or goal.target.indicator.element
    luck = {unit.pk: spread_luck(unit.code, root.code) for unit in units}
    if whole <= len(units):
        return dict.fromkeys(sorted(luck, key=lambda pk: luck[pk])[: int(whole)], 1)
    return shared_out(Decimal(int(whole)), {pk: 0.7 + 0.6 * chance for pk, chance in luck.items()})


def judged_regions(plan: Plan) -> dict[int, Region]:
    below = Region.objects.within(plan.issuer_id).filter(level=plan.lowest_level)
    return {region.pk: region for region in below}


def official_numbers(plan: Plan) -> dict[tuple[str, int], dict[int, float]]:
    """Constants and quotas by code and year, then region; the printed number of the issuer is left aside."""
    found: defaultdict[tuple[str, int], dict[int, float]] = defaultdict(dict)
    rows = Constant.objects.filter(region__lineage__contains=[plan.issuer_id], region__level=plan.lowest_level)
    for row in rows:
        found[row.code, row.year][row.region_id] = float(row.value)
    return found


def allotted_parts(plan: Plan) -> dict[tuple[int, date], dict[int, Decimal]]:
    found: defaultdict[tuple[int, date], dict[int, Decimal]] = defaultdict(dict)
    rows = Allotment.objects.filter(milestone__terms__target__plan=plan).annotate(
        target=F("milestone__terms__target"), due=F("milestone__due")
    )
    for row in rows.values_list("target", "due", "region", "value"):
        found[row[0], row[1]][row[2]] = row[3]
    return found


def condition_numbers(plan: Plan) -> dict[int, dict[str, float]]:
    """By indicator, then class of unit; "" for every class that has none of its own."""
    found: defaultdict[int, dict[str, float]] = defaultdict(dict)
    for target in Target.objects.filter(plan=plan).select_related("indicator"):
        if target.indicator.condition_value is not None:
            found[target.indicator_id][""] = float(target.indicator.condition_value)
        for each in target.indicator.condition_values.all():
            found[target.indicator_id][each.unit_class] = float(each.value)
    return found


def named_units(plan: Plan) -> dict[int, frozenset[int]]:
    rows = Target.objects.filter(plan=plan, units__isnull=False).values_list("pk", "units")
    found: defaultdict[int, set[int]] = defaultdict(set)
    for target, unit in rows:
        found[target].add(unit)
    return {target: frozenset(units) for target, units in found.items()}
