"""Rows written as the plan file would say them, so that one set of checks holds for files and for what is typed in."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Model, Prefetch, Q, QuerySet

from targets.enums import Denominator
from targets.models import CheckRule, DataElement, Indicator, Milestone, Plan, Target, Terms
from targets.models.indicator import Scope
from targets.plan_file import PlanFile, specs

Lines = Mapping[str, int]
NOWHERE: Lines = {"": 0}
PARTS = ("indicator__element", "indicator__over", "indicator__against")  # what a target's indicator is made of


class LineNumbering:
    """Gives each row a "line" of its own, by which a problem leads back to it."""

    def __init__(self) -> None:
        self.rows: dict[int, Model] = {}

    def line(self, row: Model) -> Lines:
        number = len(self.rows) + 1
        self.rows[number] = row
        return {"": number}


def plan_as_file(plan: Plan) -> tuple[PlanFile, dict[int, Model]]:
    """The plan with its targets' latest terms, and the row behind each "line"."""
    numbering = LineNumbering()
    header = header_of(plan, numbering.line(plan))
    targets: defaultdict[int, list[specs.TargetSpec]] = defaultdict(list)
    used: dict[int, Indicator] = {}
    for target in with_terms(plan.targets.all()):
        used[target.indicator_id] = target.indicator
        targets[target.item_id].append(target_of(target, latest_terms(target), numbering.line(target)))
    items: defaultdict[int, list[specs.ItemSpec]] = defaultdict(list)
    clauses = list(plan.clauses.order_by("position").prefetch_related("items"))
    for clause in clauses:
        for item in clause.items.all():
            own = tuple(targets[item.pk])
            items[clause.pk].append(
                specs.ItemSpec(code=item.code, title=item.title, targets=own, lines=numbering.line(item))
            )
    rules = list(plan.check_rules.in_force().prefetch_related("terms__element__whole"))
    elements = {row.pk: row for row in elements_under(used.values())}
    elements |= {term.element_id: term.element for rule in rules for term in rule.terms.all()}
    file = PlanFile(
        header=header,
        elements=tuple(element_of(row, numbering.line(row)) for row in elements.values()),
        indicators=tuple(indicator_of(row, numbering.line(row)) for row in used.values()),
        clauses=tuple(
            specs.ClauseSpec(path=each.path, title=each.title, items=tuple(items[each.pk]), lines=numbering.line(each))
            for each in clauses
        ),
        checks=tuple(check_of(row, numbering.line(row)) for row in rules),
    )
    return file, numbering.rows


def with_terms(targets: "QuerySet[Target]") -> "QuerySet[Target]":
    """With all that `target_of` and `indicator_of` read."""
    return (
        targets.order_by("position", "pk")
        .select_related("plan__issuer", *PARTS)
        .prefetch_related("indicator__condition_values", "units", Prefetch("terms", Terms.objects.with_milestones()))
    )


def latest_terms(target: Target) -> Terms | None:
    return max(target.terms.all(), key=lambda terms: terms.effective_from, default=None)


def all_elements() -> dict[str, specs.ElementSpec]:
    """The whole catalogue by code, as the checks of one entry want it."""
    return {row.code: element_of(row) for row in DataElement.objects.select_related("whole")}


def elements_under(indicators: Collection[Indicator]) -> list[DataElement]:
    """What the indicators are made of, with the wholes of which those are parts."""
    wanted = {pk for each in indicators for pk in (each.element_id, each.over_id, each.against_id) if pk}
    rows: dict[int, DataElement] = {}
    while wanted:
        found = DataElement.objects.filter(Q(pk__in=wanted)).select_related("whole")
        rows |= {row.pk: row for row in found}
        wanted = {row.whole_id for row in found if row.whole_id} - rows.keys()
    return sorted(rows.values(), key=lambda row: (row.position, row.pk))


def header_of(plan: Plan, lines: Lines = NOWHERE) -> specs.HeaderSpec:
    return specs.HeaderSpec(
        code=plan.code,
        title=plan.title,
        issuer=plan.issuer.code or "",
        document_number=plan.document_number,
        published_on=plan.published_on,
        first_day=plan.first_day,
        last_day=plan.last_day,
        judged_levels=tuple(plan.judged_levels),
        sha256=plan.document_sha256,
        lines=lines,
    )


def scope_of(row: Scope, lines: Lines = NOWHERE) -> specs.ScopeSpec:
    return specs.ScopeSpec(
        kinds=tuple(row.kinds),
        grades=tuple(row.grades),
        ownerships=tuple(row.ownerships),
        bureau_level=row.bureau_level,
        lines=lines,
    )


def element_of(row: DataElement, lines: Lines = NOWHERE) -> specs.ElementSpec:
    return specs.ElementSpec(
        code=row.code,
        name=row.name,
        definition=row.definition,
        topic=row.topic,
        type=row.type,
        accumulates=row.accumulation,
        asked_of=scope_of(row, lines),
        unit=row.unit,
        places=row.places,
        levels=tuple(row.levels),
        allow_na=row.allow_not_applicable,
        part_of=row.whole.code if row.whole else "",
        lines=lines,
    )


def indicator_of(row: Indicator, lines: Lines = NOWHERE) -> specs.IndicatorSpec:
    return specs.IndicatorSpec(
        code=row.code,
        name=row.name,
        definition=row.definition,
        kind=row.kind,
        element=row.element.code,
        denominator=divisor_of(row, lines),
        condition=condition_of(row, lines),
        multiplier=row.multiplier,
        offset=row.offset,
        unit=row.unit,
        places=row.places,
        lines=lines,
    )


def check_of(row: CheckRule, lines: Lines = NOWHERE) -> specs.CheckSpec:
    """With its terms at hand."""
    terms = list(row.terms.all())
    return specs.CheckSpec(
        left=tuple(term.element.code for term in terms if term.is_left),
        operator=row.operator,
        right=tuple(term.element.code for term in terms if not term.is_left),
        factor=row.factor,
        number=row.number,
        severity=row.severity,
        message=row.message,
        lines=lines,
    )


def divisor_of(row: Indicator, lines: Lines) -> specs.DivisorSpec | None:
    if row.denominator == Denominator.NONE:
        return None
    element = row.over.code if row.over and row.denominator == Denominator.ELEMENT else ""
    return specs.DivisorSpec(kind=row.denominator, element=element, constant=row.constant, lines=lines)


def condition_of(row: Indicator, lines: Lines) -> specs.ConditionSpec | None:
    """None, too, where a dated deliverable has only the condition that it implies."""
    if not row.condition or (row.condition_value is None and row.against is None):
        return None
    return specs.ConditionSpec(
        operator=row.condition,
        value=row.condition_value,
        by_class=tuple((each.unit_class, each.value) for each in row.condition_values.all()),
        over=row.over.code if row.over else "",
        against=row.against.code if row.against else "",
        lines=lines,
    )


def target_of(target: Target, terms: Terms | None, lines: Lines = NOWHERE) -> specs.TargetSpec:
    return specs.TargetSpec(
        code=target.code,
        name=target.name,
        indicator=target.indicator.code,
        scope=scope_of(target, lines),
        comparator=terms.comparator if terms else "",
        strength=terms.strength if terms else "",
        window=terms.window if terms else "",
        schedule=terms.schedule if terms else "",
        milestones=tuple(milestone_of(each, lines) for each in terms.milestones.all()) if terms else (),
        citation=citation_of(target, lines),
        units=tuple(unit.code for unit in target.units.all()),
        custom_shares=tuple(terms.custom_shares) if terms else (),
        baseline=terms.baseline if terms else None,
        evidence=target.needs_evidence,
        lines=lines,
    )


def milestone_of(row: Milestone, lines: Lines = NOWHERE) -> specs.MilestoneSpec:
    return specs.MilestoneSpec(
        due=row.due, value=row.value, high=row.high, quote=row.quote, offset=row.offset, lines=lines
    )


def citation_of(row: Target, lines: Lines = NOWHERE) -> specs.CitationSpec:
    return specs.CitationSpec(
        quote=row.quote, offset=row.offset, paragraph=row.paragraph, prefix=row.prefix, suffix=row.suffix, lines=lines
    )
