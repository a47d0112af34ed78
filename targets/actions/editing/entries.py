"""Single entries of the catalogue: a data element, an indicator. What a plan in force uses keeps its meaning."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, Model, ProtectedError
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from targets.actions import catalogue
from targets.actions.catalogue import Shared
from targets.actions.loading import REMOVED, Loading, PlanRefused
from targets.as_file import all_elements
from targets.models import DataElement, Indicator, Plan
from targets.plan_file import FileProblem, specs
from targets.plan_file.checks import check_element, check_indicator
from targets.queries.catalogue import is_in_force


@dataclass
class Keeping:
    """One change of the catalogue under way."""

    loading: Loading
    of: Model | None


@contextmanager
def keep_entry(action: str, row: DataElement | Indicator | None, by: User | None, now: datetime) -> Iterator[Keeping]:
    """Raises PlanRefused, and then nothing has changed."""
    with transaction.atomic():
        if row:
            # Two who change one entry follow each other, and the record of each tells what it found.
            type(row)._default_manager.select_for_update().get(pk=row.pk)
        kept = Keeping(Loading(frozen=row is not None and is_in_force(row)), row)
        yield kept
        if kept.loading.problems:
            raise PlanRefused(kept.loading.problems)
        if changes := [each.as_json() for each in kept.loading.report.changes]:
            audit.record(action, kept.of, by, now, changes=changes)


def put_element(row: DataElement | None, element: specs.ElementSpec, by: User | None, now: datetime) -> DataElement:
    """Change the entry, or add one."""
    with keep_entry("element.change" if row else "element.add", row, by, now) as kept:
        loading = kept.loading
        known = all_elements()
        if row is None and element.code in known:
            loading.problems.append(taken_code_problem(element))
        loading.problems.extend(check_element(element, known | {element.code: element}))
        if loading.problems:
            raise PlanRefused(loading.problems)
        position = row.position if row else place_of(element)
        kept.of = made = catalogue.put_element(loading, row, element, position, Shared())
        whole = DataElement.objects.filter(code=element.part_of).first() if element.part_of else None
        catalogue.put_whole(loading, made, whole, Shared(), element.line("part_of"))
        return made


def put_indicator(row: Indicator | None, indicator: specs.IndicatorSpec, by: User | None, now: datetime) -> Indicator:
    """Change the entry, or add one."""
    with keep_entry("indicator.change" if row else "indicator.add", row, by, now) as kept:
        loading = kept.loading
        if row is None and Indicator.objects.filter(code=indicator.code).exists():
            loading.problems.append(taken_code_problem(indicator))
        loading.problems.extend(check_indicator(indicator, all_elements()))
        if loading.problems:
            raise PlanRefused(loading.problems)
        codes = [code for code, _line in indicator.elements()]
        elements = {each.code: each for each in DataElement.objects.filter(code__in=codes)}
        kept.of = made = catalogue.put_indicator(loading, row, indicator, elements, Shared())
        return made


def put_state(loading: Loading, plan: Plan, element: specs.ElementSpec, indicator: specs.IndicatorSpec) -> None:
    """The entries that a qualitative item makes; `loading` is that of the plan's edit."""
    shared = Shared.with_others(plan)
    row = DataElement.objects.filter(code=element.code).first()
    position = row.position if row else place_of(element)
    made = catalogue.put_element(loading, row, element, position, shared)
    known = Indicator.objects.filter(code=indicator.code).first()
    if made.pk:
        catalogue.put_indicator(loading, known, indicator, {element.code: made}, shared)


def remove(row: DataElement | Indicator, by: User | None, now: datetime) -> None:
    """Only what nothing stands on."""
    noun = "element" if isinstance(row, DataElement) else "indicator"
    with keep_entry(f"{noun}.remove", row, by, now) as kept:
        kept.of = copy(row)  # a deleted row forgets its key
        kept.loading.report.changed_row(REMOVED, row)
        try:
            row.delete()
        except ProtectedError as error:
            raise PlanRefused([FileProblem(0, _("“%s”还在使用，不能删除") % row)]) from error


def place_of(element: specs.ElementSpec) -> int:
    """Behind the last of its topic, or at the end of the form."""
    of_topic = DataElement.objects.filter(topic=element.topic).aggregate(last=Max("position"))["last"]
    if of_topic is not None:
        return int(of_topic)
    return int(DataElement.objects.aggregate(last=Max("position"))["last"] or 0) + 1


def taken_code_problem(entry: specs.ElementSpec | specs.IndicatorSpec) -> FileProblem:
    return FileProblem(entry.line("code"), _("代号“%s”已被使用，请换一个") % entry.code)
