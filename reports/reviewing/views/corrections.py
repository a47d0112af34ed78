"""What people do around a return: withdraw it, ask to open it again, answer that, and read all that happened."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import clock
from institutions.permissions import may_report, reviewable_institutions
from institutions.requests import PersonRequest
from reports.base.errors import RefusedError
from reports.models import Submission
from reports.returns.queries.submissions import history_of, return_row, visible_returns, with_rounds
from reports.returns.views.returns import ENTERING, fill_in
from reports.returns.views.withdrawal import act_and_show, visible_return_or_404
from reports.reviewing.actions import corrections
from reports.reviewing.queries.corrections import events_of, reviewable_corrections, waiting_corrections
from targets.periods import Quarter


@login_required
@require_POST
def end_correction(request: PersonRequest, pk: int) -> HttpResponse:
    submission = visible_return_or_404(request, pk)
    done = _("已结束更正，原来通过的数据继续有效。")
    return act_and_show(request, submission, done, lambda: corrections.end(submission, request.user, clock.now()))


@login_required
@require_http_methods(["GET", "POST"])
def ask_correction(request: PersonRequest, pk: int) -> HttpResponse:
    submission = visible_return_or_404(request, pk)
    if not corrections.may_ask(submission, request.user):
        raise Http404
    reason = request.POST.get("reason", "")
    context: dict[str, Any] = {"submission": submission, "reason": reason}
    if request.method == "POST":
        try:
            corrections.ask(submission, reason, request.user, clock.now())
        except RefusedError as error:
            context["trouble"] = str(error)
        else:
            messages.success(request, _("已提出更正申请。审核员同意后即可修改；在此之前原数据继续有效。"))
            return redirect("return_form", pk=submission.pk)
    return render(request, "reports/reviewing/ask_correction.html", context)


@login_required
@require_POST
def correct_together(request: PersonRequest, pk: int, other: int) -> HttpResponse:
    """From the form of one return: save it, open the other to be corrected with it, and go on there."""
    submission = get_object_or_404(with_rounds(visible_returns(request.user)), pk=pk)
    later = get_object_or_404(visible_returns(request.user), pk=other)
    return fill_in(request, submission, then=lambda: join_and_show(request, submission, later))


def join_and_show(request: PersonRequest, submission: Submission, later: Submission) -> HttpResponse:
    try:
        corrections.join(submission, later, request.user, clock.now())
    except PermissionDenied as error:
        raise Http404 from error
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("return_form", pk=submission.pk)
    done = _("已打开%(later)s报表，与%(first)s一并更正：都改好后，在其中一张提交，一起审核。")
    quarters = {
        "later": Quarter.from_ordinal(later.quarter).label,
        "first": Quarter.from_ordinal(submission.quarter).label,
    }
    messages.success(request, done % quarters)
    entering = "" if may_report(request.user, later.reporter) else f"?{ENTERING}=1"
    return redirect(reverse("return_form", args=[later.pk]) + entering)


@login_required
@require_GET
def correction_list(request: PersonRequest) -> HttpResponse:
    if not reviewable_institutions(request.user).exists():
        raise Http404
    return render(request, "reports/reviewing/corrections.html", {"waiting": waiting_corrections(request.user)})


@login_required
@require_POST
def answer_correction(request: PersonRequest, pk: int) -> HttpResponse:
    correction = get_object_or_404(reviewable_corrections(request.user), pk=pk)
    try:
        if "grant" in request.POST:
            corrections.grant(correction, request.user, clock.now())
            done = _("已同意更正：%(name)s。该单位可以修改，重新通过前原数据继续有效。")
        else:
            corrections.refuse(correction, request.POST.get("answer", ""), request.user, clock.now())
            done = _("已答复不同意更正：%(name)s。")
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done % {"name": correction.submission.reporter})
    return redirect("corrections")


@login_required
@require_GET
def history(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(with_rounds(visible_returns(request.user)), pk=pk)
    context = {
        "submission": submission,
        "row": return_row(submission, clock.now()),
        "history": history_of(submission),
        "events": events_of(submission),
        "today": clock.today(),
    }
    return render(request, "reports/reviewing/history.html", context)
