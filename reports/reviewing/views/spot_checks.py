"""Checks on the spot (现场核查): the list, its paper for the trip, and keeping what was found."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import clock
from institutions.permissions import reviewable_institutions
from institutions.requests import PersonRequest
from reports.base.enums import SpotCheckOutcome
from reports.base.errors import RefusedError
from reports.models import SpotCheck
from reports.reviewing.actions import spot_checks
from reports.reviewing.queries.spot_checks import (
    CLOSED,
    OPEN,
    SpotCheckRow,
    checks_listed,
    places_of_checks,
    visible_checks,
    with_figures,
)
from reports.scope.selectors import Choice

PAGE_LENGTH = 50


@dataclass(frozen=True)
class SpotCheckList:
    state: str
    place: int | None
    places: list[Choice]
    page: Page[SpotCheck]
    rows: list[SpotCheckRow]

    @property
    def is_open(self) -> bool:
        return self.state == OPEN

    @property
    def query(self) -> str:
        return "?" + urlencode({"state": self.state} | ({"place": self.place} if self.place else {}))


@login_required
@require_GET
def check_list(request: PersonRequest) -> HttpResponse:
    return render(request, "reports/reviewing/spot_checks.html", {"list": list_of(request, PAGE_LENGTH)})


@login_required
@require_GET
def check_paper(request: PersonRequest) -> HttpResponse:
    """All open ones of the list, on paper."""
    page = list_of(request, most=500)
    return render(request, "reports/reviewing/spot_check_paper.html", {"list": page, "today": clock.today()})


def list_of(request: PersonRequest, most: int) -> SpotCheckList:
    if not reviewable_institutions(request.user).exists():
        raise Http404
    state = CLOSED if request.GET.get("state") == CLOSED else OPEN
    asked = request.GET.get("place", "")
    place = int(asked) if asked.isdecimal() else None
    page = Paginator(checks_listed(request.user, state, place), most).get_page(request.GET.get("page"))
    places = [Choice(str(each.pk), each.name, each.pk == place) for each in places_of_checks(request.user)]
    return SpotCheckList(state, place, [Choice("", _("全部")), *places], page, with_figures(page.object_list))


@login_required
@require_http_methods(["GET", "POST"])
def check_close(request: PersonRequest, pk: int) -> HttpResponse:
    """What was found on the spot; a closed one is shown as it was closed."""
    check = get_object_or_404(visible_checks(request.user), pk=pk)
    context = {"found": "", "outcome": "", "trouble": ""}
    if request.method == "POST":
        context = {"found": request.POST.get("found", ""), "outcome": request.POST.get("outcome", ""), "trouble": ""}
        try:
            spot_checks.close(check, context["outcome"], context["found"], request.user, clock.now())
        except RefusedError as error:
            context["trouble"] = str(error)
            check.refresh_from_db()
        else:
            messages.success(request, _("已登记核查结果：%(unit)s。") % {"unit": check.subject})
            return redirect(reverse("spot_checks"))
    outcomes = [each for each in SpotCheckOutcome if each != SpotCheckOutcome.OPEN]
    (checked,) = with_figures([check])
    return render(request, "reports/reviewing/spot_check.html", context | {"checked": checked, "outcomes": outcomes})
