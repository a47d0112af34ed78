"""提醒: one's own notices; 催报, and who was reminded of a return."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from institutions import clock
from institutions.requests import PersonRequest
from reports.base.errors import RefusedError
from reports.reminders.actions import reminders
from reports.reminders.actions.reminders import Chased
from reports.reminders.queries import chaseable_among, chaseable_returns, notices_of, reminders_of, reminders_under
from reports.returns.queries.submissions import return_row, visible_returns, with_rounds
from reports.scope.page_scope import PageScope, read_page_scope, whole_number

A_PAGE = 50


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice_list(request: PersonRequest) -> HttpResponse:
    """A POST marks all as read."""
    if request.method == "POST":
        reminders.mark_all_read(request.user, clock.now())
        return redirect("notices")
    page = Paginator(notices_of(request.user), A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/reminders/list.html", {"page": page})


@login_required
@require_safe
def notice(request: PersonRequest, pk: int) -> HttpResponse:
    """Opening it reads it."""
    found = get_object_or_404(notices_of(request.user), pk=pk)
    reminders.mark_read(found, request.user, clock.now())
    reminded_of = reminders_under(found)
    page = Paginator(reminded_of, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "reports/reminders/notice.html", {"notice": found, "page": page})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def return_reminders(request: PersonRequest, pk: int) -> HttpResponse:
    """Who was reminded of a return and when; a POST is a 催报."""
    submission = get_object_or_404(with_rounds(visible_returns(request.user)), pk=pk)
    if request.method == "POST":
        chase_one(request, pk)
        return redirect("return_reminders", pk)
    row = return_row(submission, clock.now())
    context: dict[str, Any] = {"submission": submission, "reminders": reminders_of(submission), "row": row}
    context["may_chase"] = submission.is_owed and bool(chaseable_among(request.user, [pk], clock.today()))
    return render(request, "reports/reminders/of_return.html", context)


@login_required
@require_POST
def chase(request: PersonRequest) -> HttpResponse:
    """催报 from the progress page: one return, or all that owe in the region and quarter of the address."""
    scope = read_page_scope(request, newest=True)
    if asked := request.POST.get("return", ""):
        chase_one(request, whole_number(asked))
    else:
        chase_listed(request, scope)
    return redirect(f"{reverse('progress')}?{request.GET.urlencode()}")


def chase_one(request: PersonRequest, pk: int) -> None:
    submission = get_object_or_404(chaseable_returns(request.user), pk=pk)
    try:
        done = reminders.chase(submission, request.user, clock.now())
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("已催报%(unit)s：提醒 %(people)d 人。") % {"unit": submission.reporter, "people": done.people}
        )


def chase_listed(request: PersonRequest, scope: PageScope) -> None:
    if scope.quarter is None:
        raise Http404
    try:
        done = reminders.chase_all(scope.region, scope.quarter, request.user, clock.now())
    except PermissionDenied:
        raise Http404 from None
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, chased_sentence(done))


def chased_sentence(done: Chased) -> str:
    """已催报 12 张报表，提醒 14 人；3 张今天已催过；2 家没有填报员账号，请打电话：甲院、乙院。"""
    parts = [_("已催报 %(returns)d 张报表，提醒 %(people)d 人") % {"returns": done.returns, "people": done.people}]
    if done.already:
        parts.append(_("%d 张今天已催过") % done.already)
    if done.closed:
        parts.append(_("%d 张已关账，不再催报") % done.closed)
    if done.nobody:
        names = _("、").join(done.nobody[:10])
        parts.append(_("%(count)d 家没有填报员账号，请打电话：%(names)s") % {"count": len(done.nobody), "names": names})
    return _("；").join(parts) + _("。")
