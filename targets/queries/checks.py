"""The checks between numbers that a plan keeps, and the elements that they may speak of."""

from dataclasses import dataclass

from django.db.models import QuerySet

from institutions.permissions import Person
from targets.as_file import elements_under
from targets.enums import Operator, Severity
from targets.models import CheckRule, DataElement, Indicator, Plan
from targets.outline import plain_number
from targets.queries.plans import editable_plans


@dataclass(frozen=True, slots=True)
class CheckLine:
    """text: the condition as it is read, 推荐数 ≤ 基本数."""

    rule: CheckRule
    text: str

    @property
    def is_hard(self) -> bool:
        return self.rule.severity == Severity.HARD


def check_lines(plan: Plan) -> list[CheckLine]:
    """Those in force first, each group as it was made."""
    rules = plan.check_rules.select_related("made_by").prefetch_related("terms__element")
    lines = [CheckLine(rule, in_words(rule)) for rule in rules]
    return sorted(lines, key=lambda line: line.rule.stopped_at is not None)


def in_words(rule: CheckRule) -> str:
    terms = list(rule.terms.all())
    left = " + ".join(str(term.element) for term in terms if term.is_left)
    right = " + ".join(str(term.element) for term in terms if not term.is_left)
    return f"{left} {Operator(rule.operator).label} {side_text(right, rule)}"


def side_text(elements: str, rule: CheckRule) -> str:
    """1.5 ×（甲 + 乙）+ 10; a number that changes nothing is not said."""
    number = plain_number(abs(rule.number))
    if not elements:
        return f"{'−' if rule.number < 0 else ''}{number}"
    if rule.factor != 1:
        elements = (
            f"{plain_number(rule.factor)} ×（{elements}）"
            if " + " in elements
            else f"{plain_number(rule.factor)} × {elements}"
        )
    return f"{elements} {'+' if rule.number > 0 else '−'} {number}" if rule.number else elements


def elements_of(plan: Plan) -> list[DataElement]:
    """What the plan's targets are made of: asked of those whom it binds."""
    used = Indicator.objects.filter(targets__plan=plan).distinct()
    return elements_under(list(used))


def editable_rules(user: Person) -> QuerySet[CheckRule]:
    rules = CheckRule.objects.in_force().filter(plan__in=editable_plans(user))
    return rules.select_related("plan__issuer").prefetch_related("terms__element")
