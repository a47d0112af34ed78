"""Pages of the 督查员: the 迎检汇总表 of a region and quarter, and those given out before."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from institutions import clock
from institutions.enums import Role
from institutions.models import Region, User
from institutions.permissions import may_export, posts
from institutions.requests import PersonRequest
from reports.base.errors import RefusedError
from reports.base.responses import attachment
from reports.exports.actions import exports
from reports.exports.queries.summary import exports_of
from reports.models import Export
from reports.scope.page_scope import PageScope, page_selectors, read_page_scope


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: PersonRequest) -> HttpResponse:
    """Without a region in the address it opens with the person's own."""
    own = supervised_region(request.user)
    if own is None:
        raise Http404
    if "region" not in request.GET:
        return redirect(f"{reverse('summary')}?{urlencode({**request.GET.dict(), 'region': own.pk})}")
    scope = read_page_scope(request)
    if not may_export(request.user, scope.region):
        raise Http404
    if request.method == "POST":
        return download_summary(request, scope)
    return show_summary(request, scope)


def supervised_region(user: User) -> Region | None:
    """The highest region for which the person may export."""
    regions = Region.objects.filter(pk__in=posts(user, [Role.SUPERVISOR]).values("region"))
    return regions.highest_first().first()


def show_summary(request: PersonRequest, scope: PageScope) -> HttpResponse:
    given_out = exports_of(scope.plan, scope.region) if scope.plan else []
    context = {
        "scope": scope,
        "selectors": page_selectors(request, scope),
        "exports": given_out,
        "address": summary_address(scope),
    }
    return render(request, "reports/exports/summary.html", context)


def summary_address(scope: PageScope) -> str:
    """Where the button sends: what the page is about, said in full."""
    parts = {"region": str(scope.region.pk)}
    if scope.plan and scope.quarter:
        parts |= {"plan": str(scope.plan.pk), "quarter": str(scope.quarter)}
    return f"{reverse('summary')}?{urlencode(parts)}"


def download_summary(request: PersonRequest, scope: PageScope) -> HttpResponse:
    if scope.plan is None or scope.quarter is None:
        raise Http404
    try:
        export = exports.give_out(scope.plan, scope.region, scope.quarter, request.user, clock.now())
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect(summary_address(scope))
    return attachment(export.filename, bytes(export.content))


@login_required
@require_safe
def export_file(request: PersonRequest, pk: int) -> HttpResponse:
    export = get_object_or_404(Export.objects.select_related("region"), pk=pk)
    if not may_export(request.user, export.region):
        raise Http404
    return attachment(export.filename, exports.give_again(export, request.user, clock.now()))
