"""Taking a return back that was handed in and not decided yet."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from institutions import clock
from institutions.requests import PersonRequest
from reports.base.errors import RefusedError
from reports.models import Submission
from reports.returns.actions import submissions
from reports.returns.queries.submissions import visible_returns


def visible_return_or_404(request: PersonRequest, pk: int) -> Submission:
    return get_object_or_404(visible_returns(request.user), pk=pk)


def act_and_show(request: PersonRequest, submission: Submission, done: str, act: Callable[[], Any]) -> HttpResponse:
    """Do it, say so or say why not, and show the return again."""
    try:
        act()
    except PermissionDenied as error:
        raise Http404 from error
    except RefusedError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("return_form", pk=submission.pk)


@login_required
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    submission = visible_return_or_404(request, pk)
    done = _("已撤回，可以修改后重新提交。上次填的内容都在下面。")
    return act_and_show(request, submission, done, lambda: submissions.withdraw(submission, request.user, clock.now()))
