"""Plans: brought in from a plan file, published, closed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import Institution, Region, User
from targets.actions.catalogue import put_catalogue
from targets.actions.checks import put_checks
from targets.actions.loading import LoadedRows, Loading, LoadReport, PlanRefused, put_units
from targets.actions.values import (
    clause_values,
    header_values,
    item_values,
    milestone_values,
    target_values,
    terms_values,
)
from targets.as_file import plan_as_file
from targets.enums import PlanState
from targets.models import Anomaly, Clause, Indicator, Milestone, Plan, Target, Terms, WorkItem
from targets.periods import day_label
from targets.plan_file import FileProblem, PlanFile, expand_plan, specs
from targets.plan_file.checks import check


@transaction.atomic
def load(file: PlanFile, by: User | None, now: datetime) -> LoadReport:
    """Create or update the plan and all its parts; a second time changes nothing.

    What is no longer in the file goes while the plan is a draft. Of a published plan only words may be
    corrected. Raises PlanRefused, with every problem, and then nothing is loaded.
    """
    if file.problems:
        raise PlanRefused(file.problems)
    loading = Loading()
    plan = put_plan(loading, file.header)
    full = expand_plan(file)
    indicators = put_catalogue(loading, plan, full)
    if not loading.problems:
        PlanLoad(loading, plan, full, indicators, by, now).run()
        put_checks(loading, plan, full.checks, by, now)
    if loading.problems:
        raise PlanRefused(loading.problems)
    if loading.report.changed:
        audit.record("plan.load", plan, by, now, did=loading.report.lines())
    loading.report.plan = plan
    return loading.report


def put_plan(loading: Loading, header: specs.HeaderSpec) -> Plan:
    issuer = Region.objects.filter(code=header.issuer).first()
    if issuer is None:
        text = _("没有代码为“%s”的行政区划，请先录入发文地区") % header.issuer
        raise PlanRefused([FileProblem(header.line("issuer"), text)])
    # Two loads of a plan follow each other; of two first loads the unique code refuses one.
    existing = Plan.objects.select_for_update().filter(code=header.code).first()
    loading.frozen = existing is not None and existing.state != PlanState.DRAFT
    return loading.put(Plan, existing, header_values(header, issuer.pk), header.line())


class PlanLoad:
    """The parts of one plan, from clauses down to milestones, put in document order."""

    def __init__(
        self,
        loading: Loading,
        plan: Plan,
        file: PlanFile,
        indicators: dict[str, Indicator],
        by: User | None,
        now: datetime,
    ) -> None:
        self.loading, self.plan, self.file, self.indicators = loading, plan, file, indicators
        self.made = {"made_by_id": by.pk if by else None, "made_at": now}
        self.known = LoadedRows(plan)
        self.units = dict(Institution.objects.filter(code__in=named_units(file)).values_list("code", "pk"))
        self.clauses: dict[str, Clause] = {}
        self.targets: dict[str, Target] = {}

    def run(self) -> None:
        for position, clause in enumerate(self.file.clauses):
            row = self.put_clause(clause, position)
            for number, item in enumerate(clause.items):
                work = self.put_item(row, item, number)
                for target in item.targets:
                    self.put_target(work, target)
            self.put_anomalies(row, clause)
        self.loading.prune(self.known.removable(), self.file.header.line())

    def put_clause(self, clause: specs.ClauseSpec, position: int) -> Clause:
        parent = self.clauses.get(clause.parent_path)
        values = clause_values(clause, self.plan.pk, parent.pk if parent else None) | {"position": position}
        row = self.loading.put(Clause, self.known.clauses.get(clause.path), values, clause.line("path"))
        self.clauses[clause.path] = row
        return row

    def put_item(self, clause: Clause, item: specs.ItemSpec, position: int) -> WorkItem:
        existing = self.known.items.get(item.code)
        values = item_values(item, clause.pk, self.file.is_qualitative(item)) | {"position": position}
        return self.loading.put(WorkItem, existing, values, item.line("code"))

    def put_target(self, item: WorkItem, target: specs.TargetSpec) -> None:
        existing = self.known.targets.get(target.code)
        indicator = self.indicators[target.indicator]
        values = target_values(target, self.plan.pk, item.pk, indicator.pk) | {"position": len(self.targets)}
        row = self.targets[target.code] = self.loading.put(Target, existing, values, target.line("code"))
        if row.pk:
            put_units(self.loading, row, target, self.units)
            self.put_terms(row, target)

    def put_terms(self, row: Target, target: specs.TargetSpec) -> None:
        """The terms in force from the plan's first day. Later ones, made by revisions, are not touched."""
        existing = self.known.terms.get(row.pk)
        values = terms_values(target, row.pk, self.plan.first_day) | ({} if existing else self.made)
        terms = self.loading.put(Terms, existing, values, target.line())
        for milestone in target.milestones if terms.pk else ():
            self.put_milestone(terms, milestone)

    def put_milestone(self, terms: Terms, milestone: specs.MilestoneSpec) -> None:
        existing = self.known.milestones.get((terms.pk, milestone.due))
        self.loading.put(Milestone, existing, milestone_values(milestone, terms.pk), milestone.line())

    def put_anomalies(self, row: Clause, clause: specs.ClauseSpec) -> None:
        """What is odd in the clause itself, and in the words of its targets."""
        found: list[tuple[Target | None, str]] = [(None, text) for text in clause.anomalies]
        for item in clause.items:
            own = None if item.qualitative is None else self.targets.get(item.code)
            found += [(own, text) for text in item.anomalies]
            if item.qualitative is None:
                found += [(self.targets.get(each.code), text) for each in item.targets for text in each.anomalies]
        for target, text in found if row.pk else ():
            target_id = target.pk if target else None
            existing = self.known.anomalies.get((row.pk, target_id, text))
            values = {"clause_id": row.pk, "target_id": target_id, "text": text}
            self.loading.put(Anomaly, existing, values, clause.line())


def named_units(file: PlanFile) -> set[str]:
    return {code for _clause, _item, target in file.targets() for code in target.units}


def rehearse(file: PlanFile, by: User | None, now: datetime) -> LoadReport:
    """What `load` would do, with nothing loaded. Raises PlanRefused as it does."""
    with transaction.atomic():
        report = load(file, by, now)
        transaction.set_rollback(True)
    return report


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a plan from being published, and the row where that is put right."""

    message: str
    row: Model


@transaction.atomic
def publish(plan: Plan, by: User | None, now: datetime) -> None:
    """Put the plan in force. Raises PlanRefused where a target has no citation, definition or milestone, or
    where a plan file that said the same would be refused."""
    # Read under the lock that edits take, too: what is checked here is what is put in force.
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == PlanState.PUBLISHED:
        return
    found = obstacles(plan)
    if found:
        raise PlanRefused(FileProblem(0, each.message) for each in found)
    plan.state, plan.published_at, plan.published_by = PlanState.PUBLISHED, now, by
    plan.save(update_fields=["state", "published_at", "published_by"])
    audit.record("plan.publish", plan, by, now)


def obstacles(plan: Plan) -> list[Obstacle]:
    if plan.state == PlanState.CLOSED:
        return [Obstacle(_("计划已结束，不能再发布"), plan)]
    found = []
    file, rows = plan_as_file(plan)
    targets = [row for row in rows.values() if isinstance(row, Target)]
    for target in targets:
        missing = missing_of(target)
        if missing:
            text = _("目标“%s”缺少%s，不能发布") % (target.name, _("、").join(missing))
            found.append(Obstacle(text, target))
    if not targets:
        found.append(Obstacle(_("计划没有目标，不能发布"), plan))
    return found + [Obstacle(each.message, rows[each.line]) for each in check(file)]


def missing_of(target: Target) -> list[str]:
    has = {
        _("引文"): bool(target.quote.strip()),
        _("口径"): bool(target.indicator.definition.strip()),
        _("节点目标"): any(terms.milestones.all() for terms in target.terms.all()),
    }
    return [name for name, there in has.items() if not there]


@transaction.atomic
def close(plan: Plan, day: date, by: User | None, now: datetime) -> None:
    """End the plan: quarters after that of the day are neither asked nor judged. Closing again changes nothing."""
    # An edit or a revision under way is finished first.
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == PlanState.CLOSED:
        return
    if plan.state == PlanState.DRAFT:
        raise PlanRefused([FileProblem(0, _("草稿没有发布，不必结案；不要的草稿可以删除"))])
    if not plan.first_day <= day <= now.date():
        text = _("结案日期应在计划开始日%s与今天%s之间") % (day_label(plan.first_day), day_label(now.date()))
        raise PlanRefused([FileProblem(0, text)])
    plan.state, plan.closed_on = PlanState.CLOSED, day
    plan.save(update_fields=["state", "closed_on"])
    audit.record("plan.close", plan, by, now, closed_on=day.isoformat())
