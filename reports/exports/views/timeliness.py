"""报送质量: the page and its workbook."""

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from institutions.clock import today
from institutions.queries import children_judged
from reports.base.responses import attachment
from reports.boards.views.boards import nothing_yet
from reports.exports.timeliness import TimelinessPage, timeliness_page
from reports.exports.timeliness_book import timeliness_book, timeliness_notes
from reports.scope.page_scope import PageScope, page_selectors, read_page_scope, whole_number
from reports.scope.selectors import Selectors
from targets.models import Plan
from targets.periods import Quarter

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class TimelinessScope:
    """The quarters of the address: ?quarter=2024Q1, or with ?year=2023 all that were opened of the year."""

    scope: PageScope
    plan: Plan
    quarters: list[Quarter]
    year: int | None
    years: list[int]

    def page(self) -> TimelinessPage:
        children = children_judged(self.scope.region, self.plan.judged_levels, self.quarters[-1].last_day)
        return timeliness_page(self.scope.region, children, self.quarters, today(), self.year)

    @property
    def address(self) -> str:
        period = {"year": self.year} if self.year else {"quarter": self.quarters[0]}
        return "?" + urlencode({"plan": self.plan.pk, "region": self.scope.region.pk} | period)

    def selectors(self, request: HttpRequest) -> Selectors | None:
        """A quarter chosen there leaves the year; beside a whole year there is none before and after."""
        made = page_selectors(request, self.scope)
        if made and self.year:
            return replace(made, earlier=None, later=None, kept=())
        return made


def read_timeliness_scope(request: HttpRequest, scope: PageScope) -> TimelinessScope | None:
    if scope.plan is None or scope.quarter is None:
        return None
    quarters = [Quarter.from_ordinal(period.quarter) for period in scope.periods]
    years = sorted({quarter.year for quarter in quarters}, reverse=True)
    if not (text := request.GET.get("year", "")):
        return TimelinessScope(scope, scope.plan, [scope.quarter], None, years)
    year = whole_number(text)
    if year not in years:
        raise Http404
    return TimelinessScope(scope, scope.plan, [quarter for quarter in quarters if quarter.year == year], year, years)


@login_required
@require_safe
def timeliness(request: HttpRequest) -> HttpResponse:
    scope = read_page_scope(request)
    asked = read_timeliness_scope(request, scope)
    if asked is None:
        return nothing_yet(request, scope)
    page = asked.page()
    units = Paginator(page.units, A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "units": units, "title": title_of(page), "asked": asked, "notes": timeliness_notes()}
    context |= {"selectors": asked.selectors(request)}
    return render(request, "reports/exports/timeliness.html", context)


@login_required
@require_safe
def workbook(request: HttpRequest) -> HttpResponse:
    asked = read_timeliness_scope(request, read_page_scope(request))
    if asked is None:
        raise Http404
    page = asked.page()
    name = _("%(region)s%(period)s报送质量表") % {"region": page.region.name, "period": page.label}
    return attachment(f"{name}.xlsx", timeliness_book(page, today()))


def title_of(page: TimelinessPage) -> str:
    made = page.whole.returns
    counts = {"owed": made.owed, "on_time": made.on_time, "late": made.late, "missing": made.missing}
    place = {"period": page.label, "region": page.region.name}
    if not made.owed:
        return _("%(period)s %(region)s：没有应报单位") % place
    return _(
        "%(period)s %(region)s：应报 %(owed)d 张，按时 %(on_time)d 张，补报 %(late)d 张，逾期未报 %(missing)d 张"
    ) % (place | counts)
