"""The plan pages that are read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from institutions.permissions import may_edit_plans
from targets.outline import outline_of
from targets.queries.catalogue import may_keep_catalogue
from targets.queries.plans import plan_list, visible_plans


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    context = {"plans": plan_list(request.user), "may_edit": may_keep_catalogue(request.user)}
    return render(request, "targets/plans.html", context)


@login_required
@require_safe
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    found = get_object_or_404(visible_plans(request.user).select_related("issuer"), pk=plan_id)
    context = {"outline": outline_of(found), "may_edit": may_edit_plans(request.user, found.issuer)}
    return render(request, "targets/plan.html", context)
