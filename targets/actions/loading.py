"""Writes values to rows and counts what that did; the machinery under `targets.actions.plans.load`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.db.models import Model
from django.utils.translation import gettext as _

from targets.enums import PlanState
from targets.models import Anomaly, CheckRule, Clause, DataElement, Indicator, Milestone, Plan, Target, Terms, WorkItem
from targets.plan_file import FileProblem, specs

Row = TypeVar("Row", bound=Model)

CREATED, UPDATED, UNCHANGED, REMOVED = "新增", "更新", "未变", "删除"
COUNTED: tuple[type[Model], ...] = (
    Plan,
    Clause,
    WorkItem,
    DataElement,
    Indicator,
    Target,
    Terms,
    Milestone,
    Anomaly,
    CheckRule,
)
# What may still be corrected in a published plan; everything else of it is a revision.
WORDS: dict[type[Model], frozenset[str]] = {
    Plan: frozenset(["title", "document_number", "document_sha256", "published_on"]),
    Clause: frozenset(["title", "parent_id", "position", "lead", "cooperating"]),
    WorkItem: frozenset(["clause_id", "title", "position", "lead", "cooperating"]),
    DataElement: frozenset(["name", "definition", "topic", "position"]),
    Indicator: frozenset(["name", "definition"]),
    Target: frozenset(
        ["item_id", "name", "position", "needs_evidence", "paragraph", "quote", "prefix", "suffix", "offset"]
    ),
    Milestone: frozenset(["quote", "offset"]),
}


class PlanRefused(Exception):
    """Nothing was loaded or published; `problems` say why."""

    def __init__(self, problems: Iterable[FileProblem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True)
class RowChange:
    """What became of one row. fields: of each that differs, what it was and what it is, as it is kept on record."""

    what: str
    model: type[Model]
    name: str
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        fields = {name: list(pair) for name, pair in self.fields.items()}
        return {"what": self.what, "model": self.model._meta.label_lower, "name": self.name, "fields": fields}


@dataclass
class LoadReport:
    """What a load did, by model; `changes` names the rows that it touched."""

    plan: Plan | None = None
    counts: dict[type[Model], Counter[str]] = field(default_factory=dict)
    changes: list[RowChange] = field(default_factory=list)

    def count(self, model: type[Model], what: str) -> None:
        self.counts.setdefault(model, Counter())[what] += 1

    def changed_row(self, what: str, row: Model, fields: Mapping[str, tuple[str, str]] | None = None) -> None:
        self.count(type(row), what)
        self.note(what, row, fields or {})

    def note(self, what: str, row: Model, fields: Mapping[str, tuple[str, str]]) -> None:
        """A change beside the row's own columns; the row itself is counted apart."""
        self.changes.append(RowChange(what, type(row), str(row), fields))

    def total(self, what: str) -> int:
        return sum(counter[what] for counter in self.counts.values())

    @property
    def changed(self) -> bool:
        return bool(self.changes)

    def table(self) -> list[tuple[str, int, int, int, int]]:
        """By model: created, updated, removed, unchanged."""
        found = [(str(model._meta.verbose_name), self.counts[model]) for model in COUNTED if model in self.counts]
        return [(name, row[CREATED], row[UPDATED], row[REMOVED], row[UNCHANGED]) for name, row in found]

    def lines(self) -> list[str]:
        """One line a model: 目标：新增 95，更新 0，未变 0，删除 0"""
        return [
            f"{model._meta.verbose_name}："
            + "，".join(f"{what} {self.counts[model][what]}" for what in (CREATED, UPDATED, UNCHANGED, REMOVED))
            for model in COUNTED
            if model in self.counts
        ]


class LoadedRows:
    """The rows that the plan has already, fetched once and found by what names them in the file."""

    def __init__(self, plan: Plan) -> None:
        self.clauses = {row.path: row for row in plan.clauses.all()}
        self.items = {row.code: row for row in WorkItem.objects.filter(clause__plan=plan)}
        self.targets = {row.code: row for row in Target.objects.filter(plan=plan).prefetch_related("units")}
        terms = list(Terms.objects.of_plan(plan).select_related("target"))
        self.terms = {row.target_id: row for row in terms if row.effective_from == plan.first_day}
        # A draft has no revisions: its other terms are of a first day that has been changed since.
        is_draft = plan.state == PlanState.DRAFT
        self.stale = {row.pk: row for row in terms if is_draft and row.effective_from != plan.first_day}
        milestones = Milestone.objects.filter(terms__in=self.terms.values())
        self.milestones = {(row.terms_id, row.due): row for row in milestones}
        anomalies = Anomaly.objects.of_plan(plan)
        self.anomalies = {(row.clause_id, row.target_id, row.text): row for row in anomalies}

    def removable(self) -> Iterator[Model]:
        """Parts before their whole."""
        for rows in (self.anomalies, self.milestones, self.stale, self.targets, self.items, self.clauses):
            yield from rows.values()


@dataclass
class Loading:
    """One load under way. Problems are gathered; the caller raises them all and so undoes everything."""

    report: LoadReport = field(default_factory=LoadReport)
    problems: list[FileProblem] = field(default_factory=list)
    frozen: bool = False
    kept: set[Model] = field(default_factory=set)

    def put(self, model: type[Row], row: Row | None, values: dict[str, Any], line: int) -> Row:
        """Bring the row up to `values`, or create it; an unsaved row where a published plan forbids that."""
        if row is not None:
            self.kept.add(row)
            self._update(row, values, line)
            return row
        row = model(**values)
        if self.frozen and model is not Anomaly:
            self.problems.append(FileProblem(line, _("计划已发布，不能再增加：%s") % row))
            return row
        row.save()
        self.report.changed_row(CREATED, row)
        return row

    def _update(self, row: Model, values: dict[str, Any], line: int) -> None:
        changed = {name for name, value in values.items() if getattr(row, name) != value}
        judged = changed - WORDS.get(type(row), frozenset())
        if self.frozen and judged:
            names = "、".join(str(verbose_name(row, name)) for name in sorted(judged))
            self.problems.append(FileProblem(line, _("计划已发布，“%s”的%s有变，应作为修订办理") % (row, names)))
            return
        if not changed:
            self.report.count(type(row), UNCHANGED)
            return
        before = {name: record_value(row, name) for name in sorted(changed)}
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=sorted(changed))
        self.report.changed_row(UPDATED, row, {name: (was, record_value(row, name)) for name, was in before.items()})

    def prune(self, rows: Iterable[Model], line: int) -> None:
        """Take away what the file no longer holds; a published plan keeps it and says so."""
        for row in rows:
            if row in self.kept:
                continue
            if self.frozen and not isinstance(row, Anomaly):
                self.problems.append(FileProblem(line, _("计划已发布，文件里却没有了：%s") % row))
                continue
            self.report.changed_row(REMOVED, row)
            row.delete()


def put_units(loading: Loading, row: Target, target: specs.TargetSpec, units: Mapping[str, int]) -> None:
    """The named units, if any. `units` are those of the register, by code; each that is named must be there."""
    line = target.line("units")
    for code in target.units:
        if code not in units:
            loading.problems.append(FileProblem(line, _("名录里没有代码为“%s”的机构") % code))
    wanted = {units[code] for code in target.units if code in units}
    before = {unit.pk: unit.code for unit in row.units.all()}
    if before.keys() == wanted:
        return
    if loading.frozen:
        text = _("计划已发布，“%s”点名的机构有变，应作为修订办理") % row
        loading.problems.append(FileProblem(line, text))
        return
    row.units.set(wanted)
    if row in loading.kept:
        loading.report.note(UPDATED, row, {"units": ("、".join(before.values()), "、".join(target.units))})


def verbose_name(row: Model, name: str) -> Any:
    column = row._meta.get_field(name.removesuffix("_id"))
    return column.verbose_name if isinstance(column, models.Field) else name


def record_value(row: Model, name: str) -> str:
    """A field's value as the record keeps it: a choice by its code, another row by its name."""
    value = getattr(row, name.removesuffix("_id"))
    if isinstance(value, list):
        return "、".join(spell_value(each) for each in value)
    return spell_value(value)


def spell_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else str(value)
