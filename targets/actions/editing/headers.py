"""A plan's own lines: title, issuer, period, levels."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import Region, User
from targets.actions.editing.frame import edit_plan
from targets.actions.loading import Loading, PlanRefused
from targets.actions.values import header_values
from targets.models import Plan, Terms
from targets.plan_file import FileProblem, specs
from targets.plan_file.checks import check_header


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What the plan file says of the plan, its issuer on the register, and the setting that is kept with it."""

    header: specs.HeaderSpec
    issuer: Region
    amber_points: Decimal

    def values(self) -> dict[str, object]:
        return header_values(self.header, self.issuer.pk) | {"amber_points": self.amber_points}


@transaction.atomic
def create(heading: Heading, by: User | None, now: datetime) -> Plan:
    """A draft without clauses. Raises PlanRefused."""
    header = heading.header
    problems = list(check_header(header))
    if Plan.objects.filter(code=header.code).exists():
        problems.append(FileProblem(header.line("code"), _("代号“%s”已有计划使用，请换一个") % header.code))
    if problems:
        raise PlanRefused(problems)
    loading = Loading()
    plan = loading.put(Plan, None, heading.values(), header.line())
    audit.record("plan.add", plan, by, now, changes=[each.as_json() for each in loading.report.changes])
    return plan


def change(plan: Plan, heading: Heading, by: User | None, now: datetime) -> Plan:
    """In a draft the first terms of its targets begin with the plan, so they follow its first day."""
    with edit_plan("plan.change", plan, by, now) as edit:
        edit.check(check_header(heading.header))
        edit.loading.put(Plan, edit.plan, heading.values(), heading.header.line())
        edit.stop_if_refused()
        if not edit.loading.frozen:
            Terms.objects.of_plan(edit.plan).update(effective_from=edit.plan.first_day)
        return edit.plan


def remove(plan: Plan, by: User | None, now: datetime) -> None:
    with edit_plan("plan.remove", plan, by, now) as edit:
        edit.remove(edit.plan)
