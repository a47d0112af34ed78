"""Pages of the calendar: the quarters' days, and more time for all, a region or a unit."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import clock
from institutions.permissions import READERS, posts
from institutions.requests import PersonRequest
from reports.base.errors import RefusedError
from reports.models import Extension, ReturnPeriod
from reports.returns.actions import periods
from reports.returns.actions.opening import QuarterDates, dates_of
from reports.returns.forms.calendar import ALL, UNIT, ExtensionForm, PeriodForm
from reports.returns.queries.calendar import extensions_seen, keeps_all, kept_returns
from targets.periods import Quarter

PAGE = 50


@dataclass(frozen=True, slots=True)
class ComingQuarter:
    """The quarter that is opened next, as the working calendar has it."""

    quarter: Quarter
    opens_on: date
    dates: QuarterDates


@dataclass
class QuarterPage:
    """dates, extension: the forms, where the person may use them."""

    period: ReturnPeriod
    quarter: Quarter
    extensions: Page[Extension]
    dates: PeriodForm | None
    extension: ExtensionForm | None
    trouble: str = ""


def require_reader(request: PersonRequest) -> None:
    if not posts(request.user, READERS).exists():
        raise Http404


@login_required
@require_GET
def calendar(request: PersonRequest) -> HttpResponse:
    require_reader(request)
    opened = list(ReturnPeriod.objects.all())
    current = next((period for period in opened if period.due_on >= clock.today()), None)
    context = {"periods": opened, "coming": coming_quarter(opened), "current": current}
    return render(request, "reports/returns/calendar.html", context)


def coming_quarter(opened: list[ReturnPeriod]) -> ComingQuarter:
    """A quarter opens by itself on the day after its last."""
    today = clock.today()
    quarter = Quarter.of(today)
    if opened and opened[0].quarter >= quarter.ordinal:
        quarter = Quarter.from_ordinal(opened[0].quarter) + 1
    return ComingQuarter(quarter, (quarter + 1).first_day, dates_of(quarter, today))


@login_required
@require_http_methods(["GET", "POST"])
def calendar_quarter(request: PersonRequest, quarter: Quarter) -> HttpResponse:
    require_reader(request)
    page = page_of(request, quarter)
    if request.method == "POST":
        return change_quarter(request, page)
    return show_quarter(request, page)


def show_quarter(request: PersonRequest, page: QuarterPage) -> HttpResponse:
    return render(request, "reports/returns/calendar_quarter.html", {"page": page})


def page_of(request: PersonRequest, quarter: Quarter) -> QuarterPage:
    period = get_object_or_404(ReturnPeriod, quarter=quarter.ordinal)
    data = request.POST if request.method == "POST" else None
    to_dates, to_extend = (data if data and name in data else None for name in ("set_dates", "extend"))
    may_set, may_extend = keeps_all(request.user, quarter), kept_returns(request.user, quarter).exists()
    unit = request.GET.get("unit", "")
    start = {"scope": UNIT if unit or not may_set else ALL, "unit": unit}
    seen = Paginator(extensions_seen(request.user, quarter), PAGE)
    return QuarterPage(
        period=period,
        quarter=quarter,
        extensions=seen.get_page(request.GET.get("page")),
        dates=PeriodForm(to_dates, instance=period) if may_set else None,
        extension=ExtensionForm(request.user, quarter, to_extend, initial=start) if may_extend else None,
    )


def change_quarter(request: PersonRequest, page: QuarterPage) -> HttpResponse:
    try:
        done = set_dates(request, page) if "set_dates" in request.POST else grant_more_time(request, page)
    except PermissionDenied as error:
        raise Http404 from error
    except RefusedError as error:
        page.trouble = str(error)
        done = ""
    if not done:
        return show_quarter(request, page)
    messages.success(request, done)
    return redirect("calendar_quarter", page.quarter)


def set_dates(request: PersonRequest, page: QuarterPage) -> str:
    if page.dates is None:
        raise PermissionDenied
    if not page.dates.is_valid():
        return ""
    dates = {name: page.dates.cleaned_data[name] for name in periods.DATES}
    periods.set_dates(page.period, by=request.user, now=clock.now(), **dates)
    return _("日期已修改，仍按原日期的报表一并改了；完成情况正在按新日期重算。")


def grant_more_time(request: PersonRequest, page: QuarterPage) -> str:
    if page.extension is None:
        raise PermissionDenied
    if not page.extension.is_valid():
        return ""
    moved = periods.grant_extension(page.extension.instance, request.user, clock.now())
    return _("已延期，涉及 %(count)d 张报表；完成情况正在按新日期重算。") % {"count": moved}
