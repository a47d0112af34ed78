"""What was done to a plan or a target: the audit records, and the terms by the day from which they judge."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.paginator import Page, Paginator
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from institutions.models import AuditRecord
from targets.as_file import with_terms
from targets.constants import official_constant
from targets.labels import column_label
from targets.models import Milestone, Plan, Target, Terms
from targets.outline import plain_number, terms_lines
from targets.periods import day_label

PAGE = 50
ACTIONS = {
    "clause.add": lazy("增加条款"),
    "clause.change": lazy("修改条款"),
    "clause.remove": lazy("删除条款"),
    "demo.loaded": lazy("载入演示数据"),
    "constants.set": lazy("录入基础数据"),
    "item.add": lazy("增加工作任务"),
    "item.change": lazy("修改工作任务"),
    "item.remove": lazy("删除工作任务"),
    "milestone.allot": lazy("分解目标"),
    "milestone.enter_value": lazy("录入下达的目标值"),
    "plan.add": lazy("新建计划"),
    "plan.change": lazy("修改计划"),
    "plan.close": lazy("结案"),
    "plan.load": lazy("载入计划文件"),
    "plan.publish": lazy("发布"),
    "quotas.set": lazy("录入下达任务数"),
    "target.add": lazy("增加目标"),
    "target.change": lazy("修改目标"),
    "target.remove": lazy("删除目标"),
    "target.revise": lazy("修订目标"),
}
KINDS = {"新增": lazy("新增"), "更新": lazy("修改"), "删除": lazy("删除")}


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of one row. Of a row that is new, or gone, there is only the row."""

    what: str
    row: str
    field: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One audit record as it is read."""

    record: AuditRecord
    label: str
    notes: tuple[str, ...]
    differences: tuple[FieldDifference, ...]


@dataclass(frozen=True, slots=True)
class TermsStage:
    """Terms with their milestones in words."""

    target: Target
    terms: Terms
    lines: tuple[str, ...]

    @property
    def is_revision(self) -> bool:
        return bool(self.terms.reason)


def records_of_plan(plan: Plan) -> QuerySet[AuditRecord]:
    milestones = Milestone.objects.of_plan(plan).values("pk")
    return AuditRecord.objects.filter(
        Q(object_type="targets.plan", object_id=plan.pk)
        | Q(object_type__startswith="targets.", detail__plan=plan.pk)
        | Q(object_type="targets.milestone", object_id__in=milestones)
    )


def records_of_target(target: Target) -> QuerySet[AuditRecord]:
    milestones = Milestone.objects.filter(terms__target=target).values("pk")
    return AuditRecord.objects.filter(
        Q(object_type="targets.target", object_id=target.pk)
        | Q(object_type="targets.milestone", object_id__in=milestones)
    )


def events(records: QuerySet[AuditRecord], page: str) -> tuple[Page[AuditRecord], list[HistoryEvent]]:
    """The newest first, a page of them."""
    found = Paginator(records.select_related("by").order_by("-at", "-pk"), PAGE).get_page(page)
    named = [record.object_id for record in found if record.object_type == "targets.milestone"]
    rows = Milestone.objects.filter(pk__in=named).select_related("terms__target") if named else ()
    names = {row.pk: f"{row.terms.target} {day_label(row.due)}" for row in rows}
    return found, [event(record, names) for record in found]


def event(record: AuditRecord, milestones: Mapping[int, str]) -> HistoryEvent:
    of = milestones.get(record.object_id or 0, "") if record.object_type == "targets.milestone" else ""
    return HistoryEvent(
        record=record,
        label=str(ACTIONS.get(record.action, record.action)),
        notes=tuple(filter(None, [of, *notes(record.detail)])),
        differences=tuple(differences(record.detail.get("changes", ()))),
    )


def notes(detail: dict[str, Any]) -> Iterator[str]:
    """What the record says beside the differences."""
    yield from detail.get("did", ())
    if "code" in detail:
        yield _("%(name)s %(year)s年") % {"name": official_constant(detail["code"]).name, "year": detail["year"]}
    if numbers := entered_values(detail):
        yield numbers
    for name in ("effective_from", "closed_on"):
        if name in detail:
            yield day_label(date.fromisoformat(detail[name]))
    if "value" in detail:
        yield group_by_row(detail["value"])
    yield from (detail[name] for name in ("reason", "document", "source") if detail.get(name))


def differences(changes: Iterable[dict[str, Any]]) -> Iterator[FieldDifference]:
    for change in changes:
        model = apps.get_model(change["model"])
        what, row = str(KINDS.get(change["what"], change["what"])), f"{model._meta.verbose_name} {change['name']}"
        if not change["fields"]:
            yield FieldDifference(what, row)
        for name, (before, after) in change["fields"].items():
            column = name.removesuffix("_id")
            yield FieldDifference(
                what,
                row,
                column_label(model, column),
                said_value(model, column, before),
                said_value(model, column, after),
            )


def said_value(model: type[Model], name: str, value: str) -> str:
    """A kept value as people read it: a choice by its label."""
    field = model._meta.get_field(name)
    base = getattr(field, "base_field", field)
    labels = {str(key): str(label) for key, label in (base.flatchoices if isinstance(base, Field) else ())}
    labels |= {"True": _("是"), "False": _("否")}
    return "、".join(labels.get(each, each) for each in value.split("、"))


def entered_values(detail: dict[str, Any]) -> str:
    """Numbers by region, as `targets.actions.numbers` keeps them: 杞县 177，兰考县 140 → 144."""
    before, after = detail.get("before") or {}, detail.get("after") or {}
    pairs = {
        place: [group_by_row(before.get(place) or ""), group_by_row(value or "") or _("空")]
        for place, value in after.items()
    }
    return _("，").join(f"{place} {' → '.join(filter(None, pair))}" for place, pair in pairs.items())


def group_by_row(number: str) -> str:
    """62,000, as pages write it; nothing for nothing."""
    return plain_number(Decimal(number)) if number else ""


def stages_of(target: Target) -> list[TermsStage]:
    """The newest first. `target` comes from `with_terms`."""
    rows = sorted(target.terms.all(), key=lambda terms: terms.effective_from, reverse=True)
    return [TermsStage(target, terms, terms_lines(terms, target)) for terms in rows]


def revisions_of(plan: Plan) -> list[TermsStage]:
    """Every revision of the plan's targets, the newest first."""
    stages = [stage for target in with_terms(plan.targets.all()) for stage in stages_of(target) if stage.is_revision]
    return sorted(stages, key=lambda stage: (stage.terms.effective_from, stage.terms.made_at), reverse=True)
