"""Targets with their first terms and milestones. Later terms are revisions (`targets.actions.revisions`)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from institutions.models import Institution, User
from targets.actions.editing.contacts import ContactEntry, put_contacts
from targets.actions.editing.doubts import put_doubts
from targets.actions.editing.frame import Edit, edit_plan
from targets.actions.loading import put_units
from targets.actions.values import citation_values, milestone_values, target_values, terms_values
from targets.as_file import element_of, elements_under, header_of, indicator_of
from targets.enums import IndicatorKind
from targets.models import Indicator, Milestone, Plan, Target, Terms, WorkItem
from targets.plan_file import FileProblem, specs
from targets.plan_file.checks import check_citation, check_target


def add(
    item: WorkItem,
    target: specs.TargetSpec,
    amber_points: Decimal | None,
    contacts: Iterable[ContactEntry],
    by: User | None,
    now: datetime,
) -> Target:
    plan = item.clause.plan
    with edit_plan("target.add", plan, by, now) as edit:
        if Target.objects.filter(plan=edit.plan, code=target.code).exists():
            edit.refuse(target.line("code"), _("代号“%s”已被使用，请换一个") % target.code)
        row = put_target(edit, item, target, None, amber_points)
        put_contacts(edit, row, contacts)
        renumber_targets(plan)
        return row


def change(
    row: Target,
    target: specs.TargetSpec,
    amber_points: Decimal | None,
    contacts: Iterable[ContactEntry],
    by: User | None,
    now: datetime,
) -> Target:
    with edit_plan("target.change", row.plan, by, now) as edit:
        put_target(edit, row.item, target, row, amber_points)
        put_contacts(edit, row, contacts)
        return row


def reword(
    row: Target,
    name: str,
    cited: specs.CitationSpec,
    doubts: Iterable[str],
    contacts: Iterable[ContactEntry],
    by: User | None,
    now: datetime,
    *,
    evidence: bool | None = None,
) -> Target:
    """What may change of a target in force: how it is called and cited, what is odd in it, who answers for it, and
    whether an answer takes a file with it (None: as it was)."""
    with edit_plan("target.change", row.plan, by, now) as edit:
        edit.check(check_citation(cited, header_of(edit.plan)))
        words = {"name": name, "needs_evidence": row.needs_evidence if evidence is None else evidence}
        words |= citation_values(cited)
        edit.of = row = edit.loading.put(Target, row, words, cited.line())
        put_doubts(edit, row.item.clause, row, doubts)
        put_contacts(edit, row, contacts)
        return row


def remove(row: Target, by: User | None, now: datetime) -> None:
    item = row.item
    with edit_plan("target.remove", row.plan, by, now) as edit:
        edit.remove(row)
        mark_qualitative(item)


def put_target(
    edit: Edit, item: WorkItem, target: specs.TargetSpec, row: Target | None, amber_points: Decimal | None = None
) -> Target:
    indicator = Indicator.objects.with_elements().get(code=target.indicator)
    edit.check(terms_problems(edit.plan, target, indicator))
    values = target_values(target, edit.plan.pk, item.pk, indicator.pk)
    if row is None:
        values["position"] = edit.plan.targets.count()
    row = edit.loading.put(Target, row, values, target.line("code"))
    edit.stop_if_refused()
    if not isinstance(edit.of, WorkItem):
        edit.of = row
    units = Institution.objects.filter(code__in=target.units)
    put_units(edit.loading, row, target, {unit.code: unit.pk for unit in units})
    put_terms(edit, row, target, amber_points)
    put_doubts(edit, item.clause, row, target.anomalies)
    mark_qualitative(item)
    return row


def terms_problems(plan: Plan, target: specs.TargetSpec, indicator: Indicator) -> Iterator[FileProblem]:
    """As `plan_file.checks` has it for a target of a plan file."""
    elements = {each.code: element_of(each) for each in elements_under([indicator])}
    return check_target(target, header_of(plan), indicator_of(indicator), elements)


def put_terms(edit: Edit, row: Target, target: specs.TargetSpec, amber_points: Decimal | None) -> None:
    """The terms in force from the plan's first day."""
    first_day = edit.plan.first_day
    existing = row.terms.filter(effective_from=first_day).first()
    made = {} if existing else {"made_by_id": edit.by.pk if edit.by else None, "made_at": edit.now}
    values = terms_values(target, row.pk, first_day) | {"amber_points": amber_points} | made
    terms = edit.loading.put(Terms, existing, values, target.line())
    edit.stop_if_refused()
    known = {each.due: each for each in terms.milestones.all()}
    for milestone in target.milestones:
        edit.loading.put(Milestone, known.get(milestone.due), milestone_values(milestone, terms.pk), milestone.line())
    edit.loading.prune(known.values(), target.line("milestones"))


def mark_qualitative(item: WorkItem) -> None:
    """An item is qualitative where all that it asks for is a state."""
    kinds = set(item.targets.values_list("indicator__kind", flat=True))
    if kinds and (kinds == {IndicatorKind.QUALITATIVE}) != item.qualitative:
        item.qualitative = not item.qualitative
        item.save(update_fields=["qualitative"])


def renumber_targets(plan: Plan) -> None:
    """Targets stand in the order of their clauses and items."""
    rows = list(plan.targets.order_by("item__clause__position", "item__position", F("position").asc(), "pk"))
    late = [(n, row) for n, row in enumerate(rows) if row.position != n]
    for position, row in late:
        row.position = position
    Target.objects.bulk_update([row for _n, row in late], ["position"])
