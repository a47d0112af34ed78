"""The shared catalogue: data elements and indicators of a plan file, brought into the database.

The same element or indicator may serve several plans. One that another plan's targets use is never
changed by a load: a difference is a problem.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from targets.actions.loading import UNCHANGED, UPDATED, Loading, record_value, spell_value
from targets.actions.values import element_values, indicator_values
from targets.models import ConditionValue, DataElement, Indicator, Plan, Target
from targets.plan_file import FileProblem, PlanFile, specs


def put_catalogue(loading: Loading, plan: Plan, file: PlanFile) -> dict[str, Indicator]:
    """The indicators of the file by code, with the elements under them."""
    shared = Shared.with_others(plan)
    elements = put_elements(loading, file, shared)
    codes = [each.code for each in file.indicators]
    found = Indicator.objects.filter(code__in=codes).prefetch_related("condition_values")
    known = {row.code: row for row in found}
    return {each.code: put_indicator(loading, known.get(each.code), each, elements, shared) for each in file.indicators}


@dataclass(frozen=True)
class Shared:
    """Entries that this change must leave as they are; none, unless said."""

    indicators: frozenset[int] = frozenset()
    elements: frozenset[int] = frozenset()

    @classmethod
    def with_others(cls, plan: Plan) -> "Shared":
        """What other plans' targets use."""
        elsewhere = Target.objects.exclude(plan=plan).values("indicator")
        used = Indicator.objects.filter(pk__in=elsewhere).values_list("pk", "element", "over", "against")
        elements = frozenset(pk for _indicator, *parts in used for pk in parts if pk)
        return cls(frozenset(pk for pk, *_parts in used), elements)

    def holds(self, row: DataElement | Indicator | None) -> bool:
        return row is not None and row.pk in (self.elements if isinstance(row, DataElement) else self.indicators)


def put_elements(loading: Loading, file: PlanFile, shared: Shared) -> dict[str, DataElement]:
    """Rows by code. Topics stay together on the form, in the order in which they first appear."""
    codes = [element.code for element in file.elements]
    known = {row.code: row for row in DataElement.objects.filter(code__in=codes)}
    topics = list(dict.fromkeys(element.topic for element in file.elements))
    rows: dict[str, DataElement] = {}
    for position, element in enumerate(sorted(file.elements, key=lambda each: topics.index(each.topic))):
        rows[element.code] = put_element(loading, known.get(element.code), element, position, shared)
    for element in file.elements:
        put_whole(loading, rows[element.code], rows.get(element.part_of), shared, element.line("part_of"))
    return rows


def put_element(
    loading: Loading, row: DataElement | None, element: specs.ElementSpec, position: int, shared: Shared
) -> DataElement:
    values, line = element_values(element), element.line("code")
    if row and shared.holds(row):
        keep_shared(loading, row, values, line)
        return row
    return loading.put(DataElement, row, values | {"position": position}, line)


def put_whole(loading: Loading, row: DataElement, whole: DataElement | None, shared: Shared, line: int) -> None:
    """The element of which this one is a part; written second, because it may stand later in the file."""
    if row.whole_id == (whole.pk if whole else None):
        return
    if shared.holds(row):
        loading.problems.append(differing_entry_problem(row, line))
    elif loading.frozen:
        loading.problems.append(FileProblem(line, _("计划已发布，“%s”的 part_of 有变，应作为修订办理") % row))
    else:
        before, row.whole = record_value(row, "whole"), whole
        row.save(update_fields=["whole"])
        if row in loading.kept:
            loading.report.note(UPDATED, row, {"whole": (before, record_value(row, "whole"))})


def put_indicator(
    loading: Loading,
    row: Indicator | None,
    indicator: specs.IndicatorSpec,
    elements: dict[str, DataElement],
    shared: Shared,
) -> Indicator:
    values = indicator_values(indicator, elements)
    by_class = dict(indicator.condition.by_class) if indicator.condition else {}
    if row and shared.holds(row):
        keep_shared(loading, row, values, indicator.line("code"))
        if classes_of(row) != by_class:
            loading.problems.append(differing_entry_problem(row, indicator.line("condition")))
        return row
    made = loading.put(Indicator, row, values, indicator.line("code"))
    if made.pk and classes_of(made) != by_class:
        put_classes(loading, made, by_class, indicator.line("condition"))
    return made


def put_classes(loading: Loading, row: Indicator, by_class: dict[str, Any], line: int) -> None:
    if loading.frozen:
        loading.problems.append(FileProblem(line, _("计划已发布，“%s”的分类条件有变，应作为修订办理") % row))
        return
    if row in loading.kept:
        loading.report.note(UPDATED, row, {"condition_values": (classes_text(classes_of(row)), classes_text(by_class))})
    row.condition_values.all().delete()
    ConditionValue.objects.bulk_create(
        ConditionValue(indicator=row, unit_class=unit_class, value=value) for unit_class, value in by_class.items()
    )


def classes_of(indicator: Indicator) -> dict[str, Any]:
    return {each.unit_class: each.value for each in indicator.condition_values.all()}


def classes_text(by_class: dict[str, Any]) -> str:
    return "、".join(f"{unit_class} {spell_value(value)}" for unit_class, value in by_class.items())


def keep_shared(loading: Loading, row: DataElement | Indicator, values: dict[str, Any], line: int) -> None:
    """Leave the row as the other plan has it; say so where the file means something else."""
    if any(getattr(row, name) != value for name, value in values.items() if name != "topic"):
        loading.problems.append(differing_entry_problem(row, line))
    loading.report.count(type(row), UNCHANGED)


def differing_entry_problem(row: DataElement | Indicator, line: int) -> FileProblem:
    text = _("“%s”（%s）已有其他计划使用，口径不同，不能覆盖；请改用另一代号或统一口径")
    return FileProblem(line, text % (row.code, row.name))
