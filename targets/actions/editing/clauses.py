"""Clauses in the document's order, each with its printed number."""

from datetime import datetime

from django.utils.translation import gettext as _

from institutions.models import User
from targets.actions.editing.doubts import put_doubts
from targets.actions.editing.frame import Edit, edit_plan, place_rows
from targets.actions.values import clause_values
from targets.models import Clause, Plan
from targets.plan_file import specs
from targets.plan_file.checks import check_paths


def add(plan: Plan, clause: specs.ClauseSpec, after: Clause | None, by: User | None, now: datetime) -> Clause:
    """`after` is the clause that it stands behind; None: at the head."""
    with edit_plan("clause.add", plan, by, now) as edit:
        return put_clause(edit, None, clause, after)


def change(row: Clause, clause: specs.ClauseSpec, after: Clause | None, by: User | None, now: datetime) -> Clause:
    """What lies under the clause moves with it, and takes its new number into its own."""
    with edit_plan("clause.change", row.plan, by, now) as edit:
        return put_clause(edit, row, clause, after)


def remove(row: Clause, by: User | None, now: datetime) -> None:
    """With what lies under it."""
    with edit_plan("clause.remove", row.plan, by, now) as edit:
        edit.remove(row)


def put_clause(edit: Edit, row: Clause | None, clause: specs.ClauseSpec, after: Clause | None) -> Clause:
    rows = list(edit.plan.clauses.order_by("position"))
    below = [each for each in rows if row and each.pk != row.pk and lies_under(each.path, row.path)]
    others = [each for each in rows if each not in below and each != row]
    if clause.path in {each.path for each in others}:
        edit.refuse(clause.line("path"), _("本计划已有条款“%s”") % clause.path)
    parent = next((each for each in others if each.path == clause.parent_path), None)
    at = position_among(others, clause.path, after)
    check_order(edit, others[:at], clause)
    values = clause_values(clause, edit.plan.pk, parent.pk if parent else None)
    old_path = row.path if row else ""
    if row is None:
        values["position"] = at
    edit.of = row = edit.loading.put(Clause, row, values, clause.line("path"))
    edit.stop_if_refused()
    for each in below:
        edit.loading.put(Clause, each, {"path": clause.path + each.path[len(old_path) :]}, clause.line("path"))
    place_rows(edit, [*others[:at], row, *below, *others[at:]], row)
    put_doubts(edit, row, None, clause.anomalies)
    return row


def lies_under(path: str, top: str) -> bool:
    return path.startswith(f"{top}/")


def position_among(others: list[Clause], path: str, after: Clause | None) -> int:
    """Where among the others the clause goes: behind `after`, and behind what lies under it or under a sister."""
    if after is None or after not in others:
        return 0 if after is None else len(others)
    parent = path.rpartition("/")[0]
    if lies_under(path, after.path):
        return others.index(after) + 1
    lineage = [each for each in others if each == after or lies_under(after.path, each.path)]
    sister = next((each for each in lineage if each.path.rpartition("/")[0] == parent), after)
    under = [n for n, each in enumerate(others) if each == sister or lies_under(each.path, sister.path)]
    return under[-1] + 1


def check_order(edit: Edit, before: list[Clause], clause: specs.ClauseSpec) -> None:
    """Its parent stands before it."""
    known = [specs.ClauseSpec(path=each.path, title=each.title, lines={"": 0}) for each in before]
    edit.check(problem for problem in check_paths([*known, clause]) if problem.line == clause.line("path"))
