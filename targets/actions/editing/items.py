"""Work items: with targets of their own, or a state to be reported by those responsible."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from institutions.models import User
from targets.actions.editing import entries
from targets.actions.editing.frame import Edit, edit_plan, place_rows
from targets.actions.editing.targets import put_target, renumber_targets
from targets.actions.values import item_values
from targets.as_file import header_of
from targets.models import Clause, DataElement, Indicator, Plan, Target, WorkItem
from targets.plan_file import PlanFile, specs
from targets.plan_file.checks import check_item
from targets.plan_file.expansion import element_of, indicator_of, target_of, topics_of


def add(clause: Clause, item: specs.ItemSpec, after: WorkItem | None, by: User | None, now: datetime) -> WorkItem:
    """`after` is the item of the clause that it stands behind; None: at its head."""
    with edit_plan("item.add", clause.plan, by, now) as edit:
        return put_item(edit, None, clause, item, after)


def change(
    row: WorkItem, clause: Clause, item: specs.ItemSpec, after: WorkItem | None, by: User | None, now: datetime
) -> WorkItem:
    """`clause` may be another one of the plan: then the item moves there."""
    with edit_plan("item.change", clause.plan, by, now) as edit:
        return put_item(edit, row, clause, item, after)


def remove(row: WorkItem, by: User | None, now: datetime) -> None:
    """With its targets. What was asked for them stays in the catalogue."""
    with edit_plan("item.remove", row.clause.plan, by, now) as edit:
        edit.remove(row)


def put_item(
    edit: Edit, row: WorkItem | None, clause: Clause, item: specs.ItemSpec, after: WorkItem | None
) -> WorkItem:
    if row is None and is_taken(item, edit.plan):
        edit.refuse(item.line("code"), _("代号“%s”已被使用，请换一个") % item.code)
    others = [each for each in clause.items.order_by("position") if each != row]
    at = others.index(after) + 1 if after in others else 0
    state = bool(item.qualitative)
    qualitative = state or bool(row and row.qualitative)
    values = item_values(item, clause.pk, qualitative) | ({} if row else {"position": at})
    edit.of = row = edit.loading.put(WorkItem, row, values, item.line("code"))
    edit.stop_if_refused()
    place_rows(edit, [*others[:at], row, *others[at:]], row)
    if item.qualitative:
        put_state(edit, row, item, item.qualitative)
    renumber_targets(edit.plan)
    return row


def put_state(edit: Edit, row: WorkItem, item: specs.ItemSpec, qualitative: specs.QualitativeSpec) -> None:
    """The element, the indicator and the one target that the item stands for, as `plan_file.expansion` makes them."""
    header = header_of(edit.plan)
    edit.check(check_item(item, header))
    element = element_of(item, qualitative, topic_of(row.clause))
    entries.put_state(edit.loading, edit.plan, element, indicator_of(item, qualitative))
    edit.stop_if_refused()
    put_target(edit, row, target_of(item, qualitative, header), row.targets.filter(code=item.code).first())


def topic_of(clause: Clause) -> str:
    known = clause.plan.clauses.order_by("position")
    clauses = tuple(specs.ClauseSpec(path=each.path, title=each.title, lines={"": 0}) for each in known)
    return topics_of(PlanFile(header_of(clause.plan), clauses=clauses))[clause.path]


def is_taken(item: specs.ItemSpec, plan: Plan) -> bool:
    """In the plan; a state's code serves for its target, too, and for its element and indicator, which plans share."""
    found = WorkItem.objects.filter(clause__plan=plan, code=item.code).exists()
    if not item.qualitative or found:
        return found
    shared: list[type[DataElement | Indicator]] = [DataElement, Indicator]
    in_catalogue = any(model.objects.filter(Q(code=item.code)).exists() for model in shared)
    return in_catalogue or Target.objects.filter(plan=plan, code=item.code).exists()
