"""The numbers page of a plan: one form for a year, saved whole or not at all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from institutions import clock
from institutions.requests import PersonRequest
from targets.actions import numbers
from targets.enums import PlanState
from targets.forms.numbers import NumbersForm
from targets.models import Plan
from targets.queries.number_page import NumbersPage
from targets.queries.numbers import numbers_page, years_of
from targets.queries.plans import editable_plans


@login_required
@require_http_methods(["GET", "POST"])
def plan_numbers(request: PersonRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)
    page = numbers_page(plan, year_asked(plan, request.GET.get("year", "")))
    return save(request, page) if request.method == "POST" else show(request, page)


def year_asked(plan: Plan, text: str) -> int:
    """The year of the address; without one, the present year as far as the plan goes."""
    years = years_of(plan)
    if not text:
        return min(max(clock.today().year, plan.first_day.year), plan.last_day.year)
    if text not in map(str, years):
        raise Http404
    return int(text)


def show(request: PersonRequest, page: NumbersPage, trouble: str = "", conflict: bool = False) -> HttpResponse:
    """conflict: beside each field that differs stands what somebody else has saved."""
    context = {"page": page, "title": title_of(page), "trouble": trouble, "conflict": conflict}
    return render(request, "targets/numbers.html", context)


def title_of(page: NumbersPage) -> str:
    """What is still to be done, in the order of concern."""
    if not page.columns and not page.assigned:
        return _("%(year)d年没有要录入的基础数据和分解数") % {"year": page.year}
    found = (
        (_("缺 %d 个数"), page.missing),
        (_("%d 列合计不符"), page.uneven),
        (_("%d 项尚未分解"), page.undivided),
    )
    open_ones = _("、").join(words % count for words, count in found if count)
    return _("%(year)d年基础数据与指标分解：%(state)s") % {
        "year": page.year,
        "state": open_ones or _("已填齐，合计相符"),
    }


def save(request: PersonRequest, page: NumbersPage) -> HttpResponse:
    """Whatever stands against it, all that was typed comes back."""
    filled = page.filled(request.POST)
    if request.POST.get("seen") != page.token:
        trouble = _("您打开本页之后有人改过这些数，所以没有保存。您填的仍在格子里，请核对后再保存。")
        return show(request, filled, trouble, conflict=True)
    try:
        numbers.save(page.plan, page.year, NumbersForm(filled).entries, request.user, clock.now())
    except numbers.NumbersRefused as error:
        refused = filled.refused(error.problems)
        return show(request, refused, trouble_of(refused, error))
    is_judged = page.plan.state == PlanState.PUBLISHED
    messages.success(request, _("已保存，已开放的季度正按新数重算。") if is_judged else _("已保存。"))
    return redirect(f"{reverse('plan_numbers', args=[page.plan.pk])}?year={page.year}")


def trouble_of(page: NumbersPage, error: numbers.NumbersRefused) -> str:
    if not page.errors:
        return _("没有保存：%s") % error
    return _("有 %(count)d 处不能保存，请按格子下的提示改正；全部数字都还没有保存。") % {"count": len(page.errors)}
