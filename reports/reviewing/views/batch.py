"""Approving all returns without findings in one step, after showing them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from institutions import clock
from institutions.requests import PersonRequest
from reports.models import Round
from reports.returns.queries.submissions import review_quarters, reviewable_returns
from reports.reviewing.actions import batch_reviews
from reports.reviewing.queries.batch import MOST, batch_of
from reports.reviewing.queries.work_list import WorkListFilters
from reports.reviewing.views.filters import address_of, read_filters


@login_required
@require_http_methods(["GET", "POST"])
def review_batch(request: PersonRequest) -> HttpResponse:
    quarters = review_quarters(request.user)
    if not quarters:
        raise Http404
    filters = read_filters(request.GET, quarters)
    if request.method == "POST":
        return approve_ticked(request, filters)
    batch = batch_of(request.user, filters, clock.now())
    context = {"batch": batch, "most": MOST, "filters": filters, "back": reverse("reviews") + address_of(filters)}
    return render(request, "reports/reviewing/batch.html", context)


def approve_ticked(request: PersonRequest, filters: WorkListFilters) -> HttpResponse:
    """Then back to the list, or to the page itself where some were left out."""
    ticked = [int(each) for each in request.POST.getlist("round") if each.isdecimal()]
    mine = reviewable_returns(request.user).of_quarter(filters.quarter)
    rounds = Round.objects.filter(pk__in=ticked, submission__in=mine).select_related("submission__reporter")
    done = batch_reviews.approve_all(rounds, request.user, clock.now())
    if done.approved:
        messages.success(request, _("已通过 %(count)d 张。") % {"count": len(done.approved)})
    if done.skipped:
        messages.warning(request, _("跳过 %(count)d 张，没有改动：") % {"count": len(done.skipped)})
    for submission, why in done.skipped:
        messages.warning(request, _("%(unit)s：%(why)s") % {"unit": submission.reporter, "why": why})
    if not (done.approved or done.skipped):
        messages.warning(request, _("没有勾选任何报表，没有改动。"))
    return redirect(reverse("reviews") + address_of(filters))
