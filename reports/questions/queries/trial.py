"""A check between numbers, held against the approved figures of one quarter before anybody is asked to meet it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max

from institutions.models import Institution
from reports.models import Figure, ReturnPeriod
from reports.models.submission import QuarterQuerySet
from reports.questions.answers import Comparison
from reports.questions.checks.between import comparison_sentence
from targets.enums import Operator, Severity
from targets.models import DataElement, Plan
from targets.periods import Quarter
from targets.plan_file import specs

SHOWN = 20


@dataclass(frozen=True, slots=True)
class CheckTrial:
    """failed: the first units that do not meet it, with the sentence that their reporter would read."""

    quarter: Quarter
    total: int
    met: int
    failed: list[tuple[Institution, str]]

    @property
    def more(self) -> int:
        return self.total - self.met - len(self.failed)


def try_check(plan: Plan, check: specs.CheckSpec, today: date) -> CheckTrial:
    """In the newest quarter whose returns were due and that has figures of these elements."""
    comparison = comparison_of(check)
    figures = figures_of(plan, comparison)
    quarter = last_quarter(figures, today)
    amounts = {unit: comparison.amounts(values) for unit, values in given_values(figures, quarter).items()}
    known = {unit: both for unit, both in amounts.items() if both}
    failed = {unit: both for unit, both in known.items() if not comparison.holds(*both)}
    shown = Institution.objects.filter(pk__in=sorted(failed)[:SHOWN]).order_by("code")
    sentences = [(unit, comparison_sentence(comparison, *failed[unit.pk])) for unit in shown]
    return CheckTrial(quarter, len(known), len(known) - len(failed), sentences)


def comparison_of(check: specs.CheckSpec) -> Comparison:
    rows = DataElement.objects.in_bulk([code for code, _line in check.elements()], field_name="code")
    return Comparison(
        left=tuple(rows[code] for code in check.left),
        operator=Operator(check.operator),
        right=tuple(rows[code] for code in check.right),
        severity=Severity(check.severity),
        message=check.message,
        factor=check.factor,
        number=check.number,
    )


def figures_of(plan: Plan, comparison: Comparison) -> QuarterQuerySet[Figure]:
    """Of the elements, below the plan's issuer."""
    return Figure.objects.filter(
        element__in=(*comparison.left, *comparison.right), subject__region__lineage__contains=[plan.issuer_id]
    )


def last_quarter(figures: QuarterQuerySet[Figure], today: date) -> Quarter:
    due = list(ReturnPeriod.objects.filter(due_on__lt=today).values_list("quarter", flat=True))
    newest = figures.filter(quarter__in=due).aggregate(newest=Max("quarter"))["newest"]
    return Quarter.from_ordinal(newest) if newest else Quarter.of(today) - 1


def given_values(figures: QuarterQuerySet[Figure], quarter: Quarter) -> dict[int, dict[int, Decimal | None]]:
    """The approved values by unit and element."""
    rows = figures.of_quarter(quarter).values_list("subject_id", "element_id", "value")
    found: defaultdict[int, dict[int, Decimal | None]] = defaultdict(dict)
    for subject_id, element_id, value in rows:
        found[subject_id][element_id] = value
    return found
