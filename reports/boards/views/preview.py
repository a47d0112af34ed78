"""A plan before it is published: who would be asked what, and how the last quarter would be judged by it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from institutions import clock
from reports.boards.pages import preview_page
from reports.boards.views.titles import preview_title
from reports.judging import preview
from reports.scope.queries import last_due, periods_of
from targets.periods import Quarter
from targets.queries.plans import editable_plans


@login_required
@require_safe
def plan_preview(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)
    periods = periods_of(plan)
    period = last_due(periods, clock.today())
    asked_from = Quarter.from_ordinal(periods[-1].quarter) if periods else Quarter.of(plan.first_day)
    results = preview.preview_attainments(plan, period, clock.now()) if period else {}
    page = preview_page(plan, asked_from, period, results.values())
    return render(request, "reports/boards/preview.html", {"page": page, "title": preview_title(page)})
