"""The checks between numbers that a plan keeps: the list, and a form to add one or to put another in its place."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions import clock
from institutions.requests import PersonRequest
from targets.actions import checks
from targets.actions.loading import PlanRefused
from targets.enums import PlanState
from targets.forms.checks import CheckForm, check_initial
from targets.models import CheckRule, Plan
from targets.queries.checks import check_lines, editable_rules, elements_of
from targets.queries.plans import editable_plans
from targets.views.requests import Crumb, EditPage, attempt_action, redirect_done, typed_data

TEMPLATE = "targets/checks_form.html"


@login_required
@require_safe
def plan_checks(request: PersonRequest, plan_id: int) -> HttpResponse:
    plan = plan_of(request, plan_id)
    lines = check_lines(plan)
    context = {
        "plan": plan,
        "lines": lines,
        "running": sum(line.rule.stopped_at is None for line in lines),
        "may_change": plan.state != PlanState.CLOSED,
        "crumbs": crumbs(plan),
    }
    return render(request, "targets/checks.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def check_new(request: PersonRequest, plan_id: int) -> HttpResponse:
    plan = plan_of(request, plan_id)
    form = CheckForm(typed_data(request), elements=elements_of(plan))
    if attempt_action(lambda: checks.add(plan, form.check(), request.user, clock.now()), [form]):
        return redirect_done(request, _("已增加校验规则，填报时立即生效。"), reverse("plan_checks", args=[plan.pk]))
    return page_of(plan, form).show(request, TEMPLATE)


@login_required
@require_http_methods(["GET", "POST"])
def check_edit(request: PersonRequest, check_id: int) -> HttpResponse:
    rule = get_object_or_404(editable_rules(request.user), pk=check_id)
    form = CheckForm(typed_data(request), initial=check_initial(rule), elements=elements_of(rule.plan))
    if attempt_action(lambda: checks.change(rule, form.check(), request.user, clock.now()), [form]):
        return redirect_done(
            request, _("已保存：原规则停用，新规则立即生效。"), reverse("plan_checks", args=[rule.plan_id])
        )
    return page_of(rule.plan, form, rule).show(request, TEMPLATE)


@login_required
@require_POST
def check_stop(request: PersonRequest, check_id: int) -> HttpResponse:
    rule = get_object_or_404(editable_rules(request.user), pk=check_id)
    try:
        checks.stop(rule, request.user, clock.now())
    except PlanRefused as refused:
        messages.error(request, refused.problems[0].message)
    else:
        messages.success(request, _("已停用这条规则。"))
    return redirect("plan_checks", rule.plan_id)


def plan_of(request: PersonRequest, plan_id: int) -> Plan:
    return get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)


def page_of(plan: Plan, form: CheckForm, rule: CheckRule | None = None, **more: Any) -> EditPage:
    """action: where the form is saved; trial: where it is only tried out, if anywhere."""
    title = _("修改校验规则") if rule else _("增加校验规则")
    page = EditPage(title, form, reverse("plan_checks", args=[plan.pk]), crumbs(plan, title), new=rule is None)
    action = reverse("check_edit", args=[rule.pk]) if rule else reverse("check_new", args=[plan.pk])
    page.more = {"action": action, "trial_at": trial_address(plan, rule), **more}
    return page


def trial_address(plan: Plan, rule: CheckRule | None) -> str:
    try:
        address = reverse("check_trial", args=[plan.pk])
    except NoReverseMatch:  # without the app of the returns there is nothing to try it on
        return ""
    return f"{address}?rule={rule.pk}" if rule else address


def crumbs(plan: Plan, here: str = "") -> list[Crumb]:
    name = _("校验规则")
    above = [(_("工作计划"), reverse("plans")), (plan.title, reverse("plan", args=[plan.pk]))]
    return [*above, (name, reverse("plan_checks", args=[plan.pk])), (here, "")] if here else [*above, (name, "")]
