"""The shared catalogue: data elements and indicators of a plan file, brought into the database.

The same element or indicator may serve several plans. One that another plan's targets use is never
changed by a load: a difference is a problem.
"""

from typing import Any

from django.utils.translation import gettext as _

from targets.actions.loading import UNCHANGED, Loading
from targets.enums import Denominator, IndicatorKind
from targets.models import ConditionValue, DataElement, Indicator, Plan, Target
from targets.plan_file import PlanFile, Problem, specs


def put_catalogue(loading: Loading, plan: Plan, file: PlanFile) -> dict[str, Indicator]:
    """The indicators of the file by code, with the elements under them."""
    elsewhere = Target.objects.exclude(plan=plan).values("indicator")
    shared = {row.pk: row for row in Indicator.objects.filter(pk__in=elsewhere)}
    used = {pk for row in shared.values() for pk in (row.element_id, row.over_id, row.against_id)}
    elements = put_elements(loading, file, used)
    codes = [each.code for each in file.indicators]
    found = Indicator.objects.filter(code__in=codes).prefetch_related("condition_values")
    known = {row.code: row for row in found}
    rows = {}
    for indicator in file.indicators:
        row = known.get(indicator.code)
        is_shared = row is not None and row.pk in shared
        rows[indicator.code] = put_indicator(loading, row, indicator, elements, is_shared)
    return rows


def put_elements(loading: Loading, file: PlanFile, used: set[int | None]) -> dict[str, DataElement]:
    """Rows by code. Topics stay together on the form, in the order in which they first appear."""
    codes = [element.code for element in file.elements]
    known = {row.code: row for row in DataElement.objects.filter(code__in=codes)}
    topics = list(dict.fromkeys(element.topic for element in file.elements))
    rows: dict[str, DataElement] = {}
    for position, element in enumerate(sorted(file.elements, key=lambda each: topics.index(each.topic))):
        row, values, line = known.get(element.code), element_values(element), element.line("code")
        if row and row.pk in used:
            keep_shared(loading, row, values, line)
        else:
            row = loading.put(DataElement, row, values | {"position": position}, line)
        rows[element.code] = row
    for element in file.elements:
        put_whole(loading, rows[element.code], rows.get(element.part_of), used, element.line("part_of"))
    return rows


def element_values(element: specs.Element) -> dict[str, Any]:
    return {
        "code": element.code,
        "name": element.name,
        "definition": element.definition,
        "topic": element.topic,
        "type": element.type,
        "unit": element.unit,
        "places": element.places,
        "accumulation": element.accumulates,
        "levels": list(element.levels),
        "allow_not_applicable": element.allow_na,
        **scope_values(element.asked_of),
    }


def put_whole(loading: Loading, row: DataElement, whole: DataElement | None, used: set[int | None], line: int) -> None:
    """The element of which this one is a part; written second, because it may stand later in the file."""
    if row.whole_id == (whole.pk if whole else None):
        return
    if row.pk in used:
        loading.problems.append(differs(row, line))
    elif loading.frozen:
        loading.problems.append(Problem(line, _("计划已发布，“%s”的 part_of 有变，应作为修订办理") % row))
    else:
        row.whole = whole
        row.save(update_fields=["whole"])


def put_indicator(
    loading: Loading,
    row: Indicator | None,
    indicator: specs.Indicator,
    elements: dict[str, DataElement],
    is_shared: bool,
) -> Indicator:
    values = indicator_values(indicator, elements)
    by_class = dict(indicator.condition.by_class) if indicator.condition else {}
    if row and is_shared:
        keep_shared(loading, row, values, indicator.line("code"))
        if classes_of(row) != by_class:
            loading.problems.append(differs(row, indicator.line("condition")))
        return row
    made = loading.put(Indicator, row, values, indicator.line("code"))
    if made.pk and classes_of(made) != by_class:
        put_classes(loading, made, by_class, indicator.line("condition"))
    return made


def indicator_values(indicator: specs.Indicator, elements: dict[str, DataElement]) -> dict[str, Any]:
    """`over` holds a ratio's denominator element, or the second element of a condition on a ratio."""
    divisor, condition = indicator.denominator, indicator.condition
    over = (divisor.element if divisor else "") or (condition.over if condition else "")
    return {
        "code": indicator.code,
        "name": indicator.name,
        "definition": indicator.definition,
        "kind": indicator.kind,
        "element_id": elements[indicator.element].pk,
        "denominator": divisor.kind if divisor else Denominator.NONE,
        "constant": divisor.constant if divisor else "",
        "over_id": elements[over].pk if over else None,
        **condition_values(indicator, elements),
        "multiplier": indicator.multiplier,
        "offset": indicator.offset,
        "unit": indicator.unit,
        "places": indicator.places,
    }


def condition_values(indicator: specs.Indicator, elements: dict[str, DataElement]) -> dict[str, Any]:
    condition = indicator.condition
    if condition is None:
        # A dated deliverable needs none: the day must not lie after the quarter's end.
        dated = indicator.kind == IndicatorKind.DELIVERABLE
        return {"condition": "<=" if dated else "", "condition_value": None, "against_id": None}
    return {
        "condition": condition.operator,
        "condition_value": condition.value,
        "against_id": elements[condition.against].pk if condition.against else None,
    }


def put_classes(loading: Loading, row: Indicator, by_class: dict[str, Any], line: int) -> None:
    if loading.frozen:
        loading.problems.append(Problem(line, _("计划已发布，“%s”的分类条件有变，应作为修订办理") % row))
        return
    row.condition_values.all().delete()
    ConditionValue.objects.bulk_create(
        ConditionValue(indicator=row, unit_class=unit_class, value=value) for unit_class, value in by_class.items()
    )


def classes_of(indicator: Indicator) -> dict[str, Any]:
    return {each.unit_class: each.value for each in indicator.condition_values.all()}


def keep_shared(loading: Loading, row: DataElement | Indicator, values: dict[str, Any], line: int) -> None:
    """Leave the row as the other plan has it; say so where the file means something else."""
    if any(getattr(row, name) != value for name, value in values.items() if name != "topic"):
        loading.problems.append(differs(row, line))
    loading.report.count(type(row), UNCHANGED)


def differs(row: DataElement | Indicator, line: int) -> Problem:
    text = _("“%s”（%s）已有其他计划使用，口径不同，不能覆盖；请改用另一代号或统一口径")
    return Problem(line, text % (row.code, row.name))


def scope_values(scope: specs.Scope) -> dict[str, Any]:
    return {
        "kinds": list(scope.kinds),
        "grades": list(scope.grades),
        "ownerships": list(scope.ownerships),
        "bureau_level": scope.bureau_level,
    }
