"""A plan as it is read: clauses in the document's order, their items, their targets. Five queries for any plan."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from targets.enums import Comparator, IndicatorKind, Schedule, Strength, Window
from targets.models import Anomaly, Clause, Indicator, Milestone, Plan, Target, Terms, WorkItem
from targets.periods import day_label


@dataclass(frozen=True, slots=True)
class TargetLine:
    """lines: each milestone as it is read, e.g. 2023年12月31日 ≥40%."""

    target: Target
    terms: Terms | None
    lines: tuple[str, ...]

    @property
    def strength_word(self) -> str:
        return str(Strength(self.terms.strength).label) if self.terms else ""


@dataclass(frozen=True, slots=True)
class ItemLine:
    item: WorkItem
    targets: tuple[TargetLine, ...]


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """depth: 0 for a clause of the top; number: as printed."""

    clause: Clause
    depth: int
    number: str
    items: tuple[ItemLine, ...]
    anomalies: tuple[Anomaly, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    plan: Plan
    clauses: tuple[ClauseLine, ...]

    @property
    def items(self) -> list[ItemLine]:
        return [item for clause in self.clauses for item in clause.items]

    @property
    def target_count(self) -> int:
        """Targets by number; the qualitative ones are counted apart."""
        return sum(len(item.targets) for item in self.items if not item.item.qualitative)

    @property
    def qualitative_count(self) -> int:
        return sum(item.item.qualitative for item in self.items)

    @property
    def anomaly_count(self) -> int:
        return sum(len(clause.anomalies) for clause in self.clauses)


def outline_of(plan: Plan) -> Outline:
    terms = Terms.objects.with_milestones()
    targets: defaultdict[int, list[Target]] = defaultdict(list)
    for target in plan.targets.select_related("indicator").prefetch_related(Prefetch("terms", terms)):
        targets[target.item_id].append(target)
    items: defaultdict[int, list[ItemLine]] = defaultdict(list)
    for item in WorkItem.objects.of_plan(plan).order_by("position"):
        items[item.clause_id].append(ItemLine(item, tuple(target_line(each) for each in targets[item.pk])))
    anomalies: defaultdict[int, list[Anomaly]] = defaultdict(list)
    for anomaly in Anomaly.objects.of_plan(plan).select_related("target"):
        anomalies[anomaly.clause_id].append(anomaly)
    clauses = [
        ClauseLine(
            clause=clause,
            depth=clause.path.count("/"),
            number=clause.path.rpartition("/")[2],
            items=tuple(items[clause.pk]),
            anomalies=tuple(anomalies[clause.pk]),
        )
        for clause in plan.clauses.order_by("position")
    ]
    return Outline(plan, tuple(clauses))


def target_line(target: Target) -> TargetLine:
    """With the latest terms."""
    kept = list(target.terms.all())
    if not kept:
        return TargetLine(target, None, ())
    return TargetLine(target, kept[-1], terms_lines(kept[-1], target))


def terms_lines(terms: Terms, target: Target) -> tuple[str, ...]:
    unit = target.indicator.unit or ("%" if target.indicator.condition else "")
    return tuple(milestone_text(terms, each, target.indicator, unit) for each in terms.milestones.all())


def terms_in_words(terms: Terms) -> dict[str, str]:
    """How the target is judged, by column, but for its milestones."""
    return {
        "comparator": str(Comparator(terms.comparator).label),
        "strength": str(Strength(terms.strength).label),
        "window": str(Window(terms.window).label),
        "schedule": str(Schedule(terms.schedule).label),
        "custom_shares": " / ".join(plain_number(share) for share in terms.custom_shares) or "—",
        "baseline": "—" if terms.baseline is None else plain_number(terms.baseline),
        "amber_points": _("同计划") if terms.amber_points is None else plain_number(terms.amber_points),
    }


def over_a_hundred(target: Target, terms: Terms) -> list[str]:
    """Milestones of a percentage that can hardly be meant: a rate may pass 100 %, a share is refused before."""
    if target.indicator.unit != "%":
        return []
    values = terms.milestones.filter(value__gt=100).order_by("due").values_list("value", flat=True)
    return [f"{plain_number(value)}%" for value in values]


def milestone_text(terms: Terms, milestone: Milestone, indicator: Indicator, unit: str) -> str:
    day = day_label(milestone.due)
    if milestone.value is None:
        return _("%(day)s 目标值待下达") % {"day": day}
    if indicator.kind == IndicatorKind.QUALITATIVE:
        return _("%(day)s 全部完成") % {"day": day}
    value, high = plain_number(milestone.value), milestone.high and plain_number(milestone.high)
    if terms.comparator == Comparator.RANGE and high:
        return f"{day} {value}～{high}{unit}"
    upper = _("（上限 %s）") % f"{high}{unit}" if high else ""
    return f"{day} {Comparator(terms.comparator).label}{value}{unit}{upper}"


def plain_number(value: object) -> str:
    """40, not 40.0000."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")
