"""What an answer is held against besides earlier answers: official numbers, goals, the checks that plans keep as data.

The same few queries for any number of units. Keys are those of the questions of the returns at hand.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from institutions.models import Institution
from reports.judging.queries.terms_in_force import exact
from reports.judging.terms import EffectiveTerms, MilestonePoint
from reports.models import Figure
from reports.questions.answers import AnswerKey, Comparison, OfficialValue, RegionGoal
from reports.questions.queries.reach import is_in_scope
from targets.constants import official_constant
from targets.enums import (
    Accumulation,
    Comparator,
    Denominator,
    IndicatorKind,
    Operator,
    Schedule,
    Severity,
    Window,
)
from targets.models import Allotment, CheckRule, Constant, Milestone, Target, Terms
from targets.models.plan import asks_in
from targets.periods import Quarter

AskedUnits = Mapping[AnswerKey, Institution]
PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Benchmarks:
    officials: Mapping[AnswerKey, OfficialValue]
    goals: Mapping[AnswerKey, list[RegionGoal]]
    comparisons: Mapping[AnswerKey, list[Comparison]]


def benchmarks_of(asked: AskedUnits, quarter: Quarter) -> Benchmarks:
    return Benchmarks(officials_of(asked, quarter), goals_of(asked, quarter), comparisons_of(asked, quarter))


# --- Official numbers ---------------------------------------------------------------------------------------------


def officials_of(asked: AskedUnits, quarter: Quarter) -> dict[AnswerKey, OfficialValue]:
    """Of what is asked as a percentage of an official number: that number of the unit's own region.

    Where this year's is not entered yet, last year's serves.
    """
    percentages = Target.objects.filter(
        asks_in(quarter, "plan__"),
        indicator__kind=IndicatorKind.RATIO,
        indicator__denominator=Denominator.CONSTANT,
        indicator__multiplier=PERCENT,
        indicator__offset=0,
    )
    codes = dict(percentages.values_list("indicator__element", "indicator__constant").distinct())
    wanted = {key: unit.region_id for key, unit in asked.items() if key[0] in codes}
    if not wanted:
        return {}
    rows = Constant.objects.filter(
        code__in=codes.values(), region__in=set(wanted.values()), year__in=[quarter.year - 1, quarter.year]
    ).order_by("year")
    latest = {(row.code, row.region_id): row for row in rows}
    found = {key: latest.get((codes[key[0]], region_id)) for key, region_id in wanted.items()}
    return {key: official_of(row, quarter) for key, row in found.items() if row}


def official_of(row: Constant, quarter: Quarter) -> OfficialValue:
    known = official_constant(row.code)
    return OfficialValue(str(known.name), row.value, known.unit, row.year, row.year == quarter.year)


# --- Goals --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegionPart:
    """What one region is to reach of a total."""

    target: Target
    terms: Terms
    milestones: tuple[MilestonePoint, ...]

    def goal(
        self, key: AnswerKey, earlier: Mapping[AnswerKey, Mapping[int, Decimal]], quarter: Quarter
    ) -> RegionGoal | None:
        milestone = self.milestone(quarter)
        if milestone is None or milestone.value is None:
            return None
        of_year = self.terms.window == Window.YEAR
        since = Quarter(quarter.year, 1).ordinal if of_year else Quarter.of(self.target.plan.first_day).ordinal
        before = sum((rise for ordinal, rise in earlier.get(key, {}).items() if ordinal >= since), Decimal(0))
        wanted = Decimal(milestone.value.numerator) / Decimal(milestone.value.denominator)
        return RegionGoal(self.target.name, wanted, before)

    def milestone(self, quarter: Quarter) -> MilestonePoint | None:
        total, window = IndicatorKind.TOTAL, Window(self.terms.window)
        return EffectiveTerms(
            total, Comparator.AT_LEAST, Schedule.AT_DUE, window, self.milestones, quarter
        ).milestone_for(quarter)


def goals_of(asked: AskedUnits, quarter: Quarter) -> dict[AnswerKey, list[RegionGoal]]:
    """What totals are to reach in the unit's own region: allotted to it, or the whole where the plan is its own."""
    parts = parts_of({unit.region_id for unit in asked.values()}, quarter)
    held = {
        key: [part for part in parts[key[0], unit.region_id] if is_in_scope(part.target, unit)]
        for key, unit in asked.items()
        if (key[0], unit.region_id) in parts
    }
    earlier = earlier_rises(held, quarter) if held else {}
    return {
        key: [goal for part in of_key if (goal := part.goal(key, earlier, quarter))] for key, of_key in held.items()
    }


def parts_of(region_ids: Collection[int], quarter: Quarter) -> dict[tuple[int, int], list[RegionPart]]:
    """By element and region, under the terms in force at the quarter's end."""
    floors = floors_in_force(quarter)
    own = [pk for pk, terms in floors.items() if terms.target.plan.issuer_id in region_ids]
    whole = Milestone.objects.filter(terms__in=own)
    allotted = Allotment.objects.filter(milestone__terms__in=list(floors), region__in=region_ids)
    milestones: defaultdict[tuple[Terms, int], list[MilestonePoint]] = defaultdict(list)
    for each in whole.order_by("due"):
        terms = floors[each.terms_id]
        milestones[terms, terms.target.plan.issuer_id].append(MilestonePoint(each.due, exact(each.value)))
    for part in allotted.select_related("milestone").order_by("milestone__due"):
        milestones[floors[part.milestone.terms_id], part.region_id].append(
            MilestonePoint(part.milestone.due, exact(part.value))
        )
    found: defaultdict[tuple[int, int], list[RegionPart]] = defaultdict(list)
    for (terms, region_id), of_region in milestones.items():
        found[terms.target.indicator.element_id, region_id].append(RegionPart(terms.target, terms, tuple(of_region)))
    return found


def floors_in_force(quarter: Quarter) -> dict[int, Terms]:
    """The terms of totals that judge the quarter and ask for at least so many, by their id."""
    in_force = (
        Terms.objects.in_force_on(quarter.last_day)
        .filter(asks_in(quarter, "target__plan__"), target__indicator__kind=IndicatorKind.TOTAL)
        .select_related("target__indicator", "target__plan")
    )
    return {terms.pk: terms for terms in in_force if terms.comparator == Comparator.AT_LEAST}


def earlier_rises(held: Collection[AnswerKey], quarter: Quarter) -> dict[AnswerKey, dict[int, Decimal]]:
    """What each earlier quarter added, of what adds up."""
    rows = Figure.objects.filter(
        element__in={element_id for element_id, _ in held},
        subject__in={subject_id for _, subject_id in held},
        element__accumulation__in=[Accumulation.FLOW, Accumulation.RUNNING],
        quarter__lt=quarter.ordinal,
    ).values_list("element_id", "subject_id", "quarter", "rise")
    found: defaultdict[AnswerKey, dict[int, Decimal]] = defaultdict(dict)
    for element_id, subject_id, ordinal, rise in rows:
        if rise is not None:
            found[element_id, subject_id][ordinal] = rise
    return found


# --- The checks of plans ------------------------------------------------------------------------------------------


def comparisons_of(asked: AskedUnits, quarter: Quarter) -> dict[AnswerKey, list[Comparison]]:
    """Under the first element of the left side, for units of which all its elements are asked."""
    rules = CheckRule.objects.in_force().filter(asks_in(quarter, "plan__")).select_related("plan")
    units = {unit.pk: unit for unit in asked.values()}
    found: defaultdict[AnswerKey, list[Comparison]] = defaultdict(list)
    for rule in rules.prefetch_related("terms__element"):
        comparison = comparison_of(rule)
        elements = [element.pk for element in (*comparison.left, *comparison.right)]
        for unit in units.values():
            reached = rule.plan.issuer_id in unit.region.lineage
            if reached and all((pk, unit.pk) in asked for pk in elements):
                found[elements[0], unit.pk].append(comparison)
    return found


def comparison_of(rule: CheckRule) -> Comparison:
    """From a rule with its terms."""
    terms = list(rule.terms.all())
    return Comparison(
        left=tuple(term.element for term in terms if term.is_left),
        operator=Operator(rule.operator),
        right=tuple(term.element for term in terms if not term.is_left),
        severity=Severity(rule.severity),
        message=rule.message,
        factor=rule.factor,
        number=rule.number,
    )
