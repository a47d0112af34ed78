"""The pages of the board: thin; what they show is assembled in `reports.boards.pages`."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from institutions.clock import today
from institutions.models import Institution, Region
from institutions.permissions import Person, may_export, may_see_region, reviewable_institutions, visible_regions
from institutions.queries import children_judged, get_visible_region_or_404, region_on
from reports.boards import charts
from reports.boards.pages import (
    BoardFilters,
    TracePage,
    Units,
    board_of,
    hint_list,
    lagging_list,
    listing_of,
    progress_page,
    target_page,
    trace_page,
)
from reports.boards.queries.places import Subject, as_it_lay
from reports.boards.views import titles
from reports.models import ReturnPeriod, Submission
from reports.reminders.queries import chaseable_among
from reports.scope.page_scope import PageScope, page_selectors, read_page_scope
from targets.enums import PlanState
from targets.models import Plan, Target
from targets.periods import Quarter


@login_required
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    scope = read_page_scope(request)
    if scope.plan is None or scope.period is None:
        return nothing_yet(request, scope)
    page = board_of(scope.plan, scope.region, scope.period, today(), filters_of(request))
    context = {"board": page, "title": titles.board_title(page), "may_export": may_export(request.user, scope.region)}
    return render(request, "reports/boards/board.html", context | {"selectors": page_selectors(request, scope)})


def filters_of(request: HttpRequest) -> BoardFilters:
    asked = request.GET
    return BoardFilters(
        status=asked.get("status", ""),
        lagging=asked.get("lagging", "") == "1",
        topic=asked.get("topic", ""),
        clause=asked.get("clause", ""),
        by="topic" if asked.get("by") == "topic" else "clause",
    )


def nothing_yet(request: HttpRequest, scope: PageScope) -> HttpResponse:
    return render(request, "reports/boards/nothing.html", {"scope": scope})


@login_required
@require_safe
def lagging(request: HttpRequest) -> HttpResponse:
    scope = read_page_scope(request)
    if scope.plan is None or scope.period is None:
        return nothing_yet(request, scope)
    page = lagging_list(scope.plan, scope.region, scope.period)
    context = {"page": page, "title": titles.lagging_title(page), "selectors": page_selectors(request, scope)}
    return render(request, "reports/boards/lagging.html", context)


@login_required
@require_safe
def hints(request: HttpRequest) -> HttpResponse:
    scope = read_page_scope(request)
    if scope.plan is None or scope.period is None:
        return nothing_yet(request, scope)
    page = hint_list(scope.plan, scope.region, scope.period)
    context = {"page": page, "title": titles.hints_title(page), "selectors": page_selectors(request, scope)}
    return render(request, "reports/boards/hints.html", context)


@login_required
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """Opens with the newest quarter: what is owed is asked about while it is still open."""
    scope = read_page_scope(request, newest=True)
    if scope.plan is None or scope.period is None:
        return nothing_yet(request, scope)
    day = Quarter.from_ordinal(scope.period.quarter).last_day
    children = children_judged(scope.region, scope.plan.judged_levels, day)
    page = progress_page(scope.region, children, scope.period, today())
    listing = listing_of(page, request.GET.get("list", ""), request.GET.get("page", ""))
    context: dict[str, Any] = {"page": page, "title": titles.progress_title(page), "listing": listing}
    context |= {
        "selectors": page_selectors(request, scope),
        "chaseable": chaseable_among(request.user, listing.owing, today()),
    }
    return render(request, "reports/boards/progress.html", context)


@login_required
@require_safe
def target(request: HttpRequest, target_id: int) -> HttpResponse:
    found = visible_target(target_id)
    scope = read_page_scope(request, plan_id=found.plan_id)
    if scope.plan is None or scope.period is None:
        return nothing_yet(request, scope)
    page = target_page(found.plan, target_id, scope.region, scope.period, today())
    if page is None:
        raise Http404
    context: dict[str, Any] = {
        "page": page,
        "title": titles.cell_title(page),
        "selectors": page_selectors(request, scope),
    }
    context |= {"chart": charts.series(page), "openable": openable_returns(request.user, page.units)}
    return render(request, "reports/boards/target.html", context)


@login_required
@require_safe
def trace(request: HttpRequest, target_id: int, region_id: int, quarter: Quarter) -> HttpResponse:
    return show_trace(request, trace_or_404(target_id, get_visible_region_or_404(request.user, region_id), quarter))


@login_required
@require_safe
def trace_institution(request: HttpRequest, target_id: int, institution_id: int, quarter: Quarter) -> HttpResponse:
    return show_trace(
        request, trace_or_404(target_id, visible_institution(request.user, institution_id, quarter), quarter)
    )


def show_trace(request: HttpRequest, page: TracePage) -> HttpResponse:
    above = page.parent and visible_regions(request.user).filter(pk=page.parent.id).exists()
    context = {
        "page": page,
        "title": titles.cell_title(page),
        "openable": openable_returns(request.user, page.units),
        "parent": page.parent if above else None,
    }
    return render(request, "reports/boards/trace.html", context)


def trace_or_404(target_id: int, subject: Subject, quarter: Quarter) -> TracePage:
    """The trace in a place that the person may see; a 404 where the target is not judged by it."""
    plan = visible_target(target_id).plan
    period = get_object_or_404(ReturnPeriod, quarter=quarter.ordinal)
    if isinstance(subject, Region):
        subject = region_on(subject, quarter.last_day)
    page = trace_page(plan, target_id, subject, period, today()) if plan_judges(plan, subject) else None
    if page is None:
        raise Http404
    return page


def visible_institution(user: Person, institution_id: int, quarter: Quarter) -> Institution:
    """As it lay at the quarter's end, which is where its results may be read."""
    found = get_object_or_404(Institution.objects.select_related("region__parent"), pk=institution_id)
    if not may_see_region(user, as_it_lay(found, quarter).region):
        raise Http404
    return found


def openable_returns(user: Person, units: Units) -> set[int]:
    """The returns behind the rows that the person may open in review."""
    shown = {row.submission_id for row in units.rows if row.submission_id}
    mine = Submission.objects.filter(pk__in=shown, reporter__in=reviewable_institutions(user))
    return set(mine.values_list("pk", flat=True))


def visible_target(target_id: int) -> Target:
    published = Target.objects.exclude(plan__state=PlanState.DRAFT)
    return get_object_or_404(published.select_related("plan__issuer"), pk=target_id)


def plan_judges(plan: Plan, subject: Subject) -> bool:
    """Whether the plan judges the region, or the institution."""
    if isinstance(subject, Region):
        return plan.issuer_id in subject.lineage and subject.level in plan.judged_levels
    return plan.issuer_id in subject.region.lineage and plan.judges_institutions
