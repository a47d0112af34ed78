"""Plans: brought in from a plan file, and published."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import Institution, Region, User
from targets.actions.catalogue import put_catalogue, scope_values
from targets.actions.loading import Known, Loading, LoadReport, PlanRefused
from targets.enums import PlanState
from targets.models import Anomaly, Clause, Indicator, Milestone, Plan, Target, Terms, WorkItem
from targets.plan_file import PlanFile, Problem, specs, whole


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
    full = whole(file)
    indicators = put_catalogue(loading, plan, full)
    if not loading.problems:
        PlanLoad(loading, plan, full, indicators, by, now).run()
    if loading.problems:
        raise PlanRefused(loading.problems)
    if loading.report.changed:
        audit.record("plan.load", plan, by, now, did=loading.report.lines())
    loading.report.plan = plan
    return loading.report


def put_plan(loading: Loading, header: specs.Header) -> Plan:
    issuer = Region.objects.filter(code=header.issuer).first()
    if issuer is None:
        text = _("没有代码为“%s”的行政区划，请先录入发文地区") % header.issuer
        raise PlanRefused([Problem(header.line("issuer"), text)])
    values = {
        "code": header.code,
        "title": header.title,
        "issuer_id": issuer.pk,
        "document_number": header.document_number,
        "document_sha256": header.sha256,
        "published_on": header.published_on,
        "first_day": header.first_day,
        "last_day": header.last_day,
        "judged_levels": list(header.judged_levels),
    }
    existing = Plan.objects.select_for_update().filter(code=header.code).first()
    loading.frozen = existing is not None and existing.state != PlanState.DRAFT
    return loading.put(Plan, existing, values, header.line())


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
        self.known = Known(plan, file)
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

    def put_clause(self, clause: specs.Clause, position: int) -> Clause:
        parent = self.clauses.get(clause.parent_path)
        values = {
            "plan_id": self.plan.pk,
            "path": clause.path,
            "title": clause.title,
            "parent_id": parent.pk if parent else None,
            "position": position,
            "lead": list(clause.lead),
            "cooperating": list(clause.cooperating),
        }
        row = self.loading.put(Clause, self.known.clauses.get(clause.path), values, clause.line("path"))
        self.clauses[clause.path] = row
        return row

    def put_item(self, clause: Clause, item: specs.Item, position: int) -> WorkItem:
        existing = self.known.items.get(item.code)
        if existing and existing.clause.plan_id != self.plan.pk:
            self.loading.problems.append(taken(_("工作任务"), item.code, item.line("code")))
            return existing
        values = {
            "code": item.code,
            "clause_id": clause.pk,
            "title": item.title,
            "position": position,
            "qualitative": self.file.is_qualitative(item),
            "lead": list(item.lead),
            "cooperating": list(item.cooperating),
        }
        return self.loading.put(WorkItem, existing, values, item.line("code"))

    def put_target(self, item: WorkItem, target: specs.Target) -> None:
        existing = self.known.targets.get(target.code)
        if existing and existing.plan_id != self.plan.pk:
            self.loading.problems.append(taken(_("目标"), target.code, target.line("code")))
            return
        cited = target.citation
        values = {
            "code": target.code,
            "plan_id": self.plan.pk,
            "item_id": item.pk,
            "name": target.name,
            "position": len(self.targets),
            "indicator_id": self.indicators[target.indicator].pk,
            "paragraph": cited.paragraph,
            "quote": cited.quote,
            "prefix": cited.prefix,
            "suffix": cited.suffix,
            "offset": cited.offset,
            **scope_values(target.scope),
        }
        row = self.targets[target.code] = self.loading.put(Target, existing, values, target.line("code"))
        if row.pk:
            self.put_units(row, target)
            self.put_terms(row, target)

    def put_units(self, row: Target, target: specs.Target) -> None:
        """The named units, if any; each must be on the register."""
        line = target.line("units")
        for code in target.units:
            if code not in self.units:
                self.loading.problems.append(Problem(line, _("名录里没有代码为“%s”的机构") % code))
        wanted = {self.units[code] for code in target.units if code in self.units}
        if {unit.pk for unit in row.units.all()} == wanted:
            return
        if self.loading.frozen:
            text = _("计划已发布，“%s”点名的机构有变，应作为修订办理") % row
            self.loading.problems.append(Problem(line, text))
            return
        row.units.set(wanted)

    def put_terms(self, row: Target, target: specs.Target) -> None:
        """The terms in force from the plan's first day. Later ones, made by revisions, are not touched."""
        existing = self.known.terms.get(row.pk)
        values: dict[str, Any] = {
            "target_id": row.pk,
            "effective_from": self.plan.first_day,
            "comparator": target.comparator,
            "strength": target.strength,
            "window": target.window,
            "schedule": target.schedule,
            "custom_shares": list(target.custom_shares),
            "baseline": target.baseline,
            **({} if existing else self.made),
        }
        terms = self.loading.put(Terms, existing, values, target.line())
        for milestone in target.milestones if terms.pk else ():
            self.put_milestone(terms, milestone)

    def put_milestone(self, terms: Terms, milestone: specs.Milestone) -> None:
        values = {
            "terms_id": terms.pk,
            "due": milestone.due,
            "value": milestone.value,
            "high": milestone.high,
            "quote": milestone.quote,
            "offset": milestone.offset,
        }
        existing = self.known.milestones.get((terms.pk, milestone.due))
        self.loading.put(Milestone, existing, values, milestone.line())

    def put_anomalies(self, row: Clause, clause: specs.Clause) -> None:
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


def taken(what: str, code: str, line: int) -> Problem:
    return Problem(line, _("%s代号“%s”已被另一计划使用") % (what, code))


@transaction.atomic
def publish(plan: Plan, by: User | None, now: datetime) -> None:
    """Put the plan in force. Raises PlanRefused where a target has no citation, definition or milestone."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == PlanState.PUBLISHED:
        return
    problems = list(obstacles(plan))
    if problems:
        raise PlanRefused(problems)
    plan.state, plan.published_at, plan.published_by = PlanState.PUBLISHED, now, by
    plan.save(update_fields=["state", "published_at", "published_by"])
    audit.record("plan.publish", plan, by, now)


def obstacles(plan: Plan) -> list[Problem]:
    """What keeps the plan from being published; lines are 0, because no file is at hand."""
    found = []
    if plan.state == PlanState.CLOSED:
        found.append(Problem(0, _("计划已结束，不能再发布")))
    targets = plan.targets.select_related("indicator").prefetch_related("terms__milestones")
    for target in targets:
        missing = missing_of(target)
        if missing:
            found.append(Problem(0, _("目标“%s”缺少%s，不能发布") % (target.name, "、".join(missing))))
    if not targets:
        found.append(Problem(0, _("计划没有目标，不能发布")))
    return found


def missing_of(target: Target) -> list[str]:
    has = {
        _("引文"): bool(target.quote.strip()),
        _("口径"): bool(target.indicator.definition.strip()),
        _("节点目标"): any(terms.milestones.all() for terms in target.terms.all()),
    }
    return [name for name, there in has.items() if not there]
