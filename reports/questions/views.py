"""The form of a check with what it would have said last quarter; nothing is saved here."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from institutions import clock
from institutions.requests import PersonRequest
from reports.questions.queries.trial import try_check
from targets.as_file import element_of
from targets.forms.checks import CheckForm
from targets.forms.refusal import show_problems
from targets.models import CheckRule
from targets.plan_file.checks import check_comparison
from targets.queries.checks import editable_rules, elements_of
from targets.queries.plans import editable_plans
from targets.views.checks import TEMPLATE, page_of


@login_required
@require_POST
def check_trial(request: PersonRequest, plan_id: int) -> HttpResponse:
    """?rule=5: of a form that would put another check in its place."""
    plan = get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)
    rule = rule_of(request)
    elements = elements_of(plan)
    form = CheckForm(request.POST, elements=elements)
    found = None
    if form.is_valid():
        check = form.check()
        problems = list(check_comparison(check, {row.code: element_of(row) for row in elements}))
        show_problems(problems, [form])
        found = None if problems else try_check(plan, check, clock.today())
    return page_of(plan, form, rule, trial=found).show(request, TEMPLATE)


def rule_of(request: PersonRequest) -> CheckRule | None:
    pk = request.GET.get("rule", "")
    return get_object_or_404(editable_rules(request.user), pk=int(pk)) if pk.isdecimal() else None
