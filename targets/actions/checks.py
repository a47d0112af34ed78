"""The checks between numbers that a plan keeps as data: added, changed, stopped. A check that once held stays on
record: a change stops it and adds another. Raises PlanRefused, and then nothing has changed."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from targets.actions.loading import CREATED, REMOVED, UNCHANGED, Loading, PlanRefused
from targets.as_file import check_of, element_of
from targets.enums import PlanState
from targets.models import CheckRule, CheckTerm, DataElement, Plan
from targets.plan_file import FileProblem, specs
from targets.plan_file.checks import check_comparison
from targets.queries.checks import elements_of


@transaction.atomic
def add(plan: Plan, check: specs.CheckSpec, by: User, now: datetime) -> CheckRule:
    plan = lock_plan(plan)
    must_hold(plan, check)
    made = create_rule(plan, check, by, now)
    audit.record("check.add", made, by, now, plan=plan.pk, says=made.message, severity=made.severity)
    return made


@transaction.atomic
def change(rule: CheckRule, check: specs.CheckSpec, by: User, now: datetime) -> CheckRule:
    """The one that takes its place; the same one where nothing differs."""
    plan = lock_plan(rule.plan)
    rule = running_rule(rule)
    if check_of(rule) == check:
        return rule
    must_hold(plan, check)
    end_rule(rule, now)
    made = create_rule(plan, check, by, now)
    audit.record("check.change", made, by, now, plan=plan.pk, instead_of=rule.pk, says=made.message)
    return made


@transaction.atomic
def stop(rule: CheckRule, by: User, now: datetime) -> None:
    lock_plan(rule.plan)
    end_rule(running_rule(rule), now)
    audit.record("check.stop", rule, by, now, plan=rule.plan_id, says=rule.message)


def put_checks(loading: Loading, plan: Plan, checks: Iterable[specs.CheckSpec], by: User | None, now: datetime) -> None:
    """Those of a plan file. A plan in force gets those that it never had; of a draft, what the file no longer holds
    is stopped."""
    rows = list(plan.check_rules.prefetch_related("terms__element"))
    known = {key_of(check_of(row)): row for row in rows if loading.frozen or row.stopped_at is None}
    wanted = {key_of(check): check for check in checks}
    for key, check in wanted.items():
        if key in known:
            loading.report.count(CheckRule, UNCHANGED)
        else:
            loading.report.changed_row(CREATED, create_rule(plan, check, by, now))
    for key, row in known.items():
        if key not in wanted and not loading.frozen:
            end_rule(row, now)
            loading.report.changed_row(REMOVED, row)


def key_of(check: specs.CheckSpec) -> tuple[object, ...]:
    """What a check says, whatever the order on its sides."""
    sides = frozenset(check.left), frozenset(check.right)
    return *sides, check.operator, check.factor, check.number, check.severity, check.message


def lock_plan(plan: Plan) -> Plan:
    # The lock of every change of the plan: a rule is stopped once, and two equal ones are not made.
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == PlanState.CLOSED:
        raise PlanRefused([FileProblem(0, _("计划已结束，校验规则不能再改"))])
    return plan


def running_rule(rule: CheckRule) -> CheckRule:
    found = CheckRule.objects.prefetch_related("terms__element").get(pk=rule.pk)
    if found.stopped_at:
        raise PlanRefused([FileProblem(0, _("这条规则已被停用，没有保存；请回到清单查看现行的规则"))])
    return found


def must_hold(plan: Plan, check: specs.CheckSpec) -> None:
    known = {row.code: element_of(row) for row in elements_of(plan)}
    problems = list(check_comparison(check, known))
    if problems:
        raise PlanRefused(problems)


def create_rule(plan: Plan, check: specs.CheckSpec, by: User | None, now: datetime) -> CheckRule:
    rule = CheckRule.objects.create(
        plan=plan,
        operator=check.operator,
        factor=check.factor,
        number=check.number,
        severity=check.severity,
        message=check.message,
        made_by=by,
        made_at=now,
    )
    elements = DataElement.objects.in_bulk([code for code, _line in check.elements()], field_name="code")
    CheckTerm.objects.bulk_create(
        CheckTerm(rule=rule, element=elements[code], is_left=is_left)
        for is_left, codes in ((True, check.left), (False, check.right))
        for code in codes
    )
    return rule


def end_rule(rule: CheckRule, now: datetime) -> None:
    rule.stopped_at = now
    rule.save(update_fields=["stopped_at"])
