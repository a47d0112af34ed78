"""Pages of the 填报员: what is owed, the form, and the form on paper."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import clock
from institutions.permissions import may_report, reporting_institutions
from reports.actions import submissions
from reports.actions.errors import FindingsError, NewerSaveError, RefusedError
from reports.actions.submissions import save_token
from reports.answers import Question
from reports.checks import check, patterns
from reports.forms import NOTE_LENGTH, ReturnForm
from reports.lateness import OWED
from reports.models import Submission
from reports.queries.submissions import (
    PastRound,
    ReturnRow,
    answers_in,
    asked_of,
    history_of,
    latest_handed_in,
    latest_round,
    reporter_worklist,
    return_row,
    visible_returns,
    with_rounds,
)
from reports.views.requests import PersonRequest
from targets.periods import Quarter


@dataclass
class ReturnPage:
    """One return on the screen. `trouble` is the sentence above the form; `submitting` marks a refused hand-in."""

    row: ReturnRow
    form: ReturnForm
    is_own: bool
    seen: str
    history: list[PastRound]
    trouble: str = ""
    submitting: bool = False

    @property
    def is_editable(self) -> bool:
        return self.is_own and self.row.submission.state in OWED

    @property
    def sentences(self) -> dict[str, object]:
        """What the page's script says; the same words as the server's."""
        return {**patterns(), "note_length": NOTE_LENGTH}


@login_required
@require_GET
def return_list(request: PersonRequest) -> HttpResponse:
    units = reporting_institutions(request.user)
    rows = reporter_worklist(request.user, clock.now())
    if not rows and not units.exists():
        raise Http404
    context = {
        "owed": [row for row in rows if row.is_owed],
        "done": [row for row in rows if not row.is_owed],
        "units": {row.submission.reporter for row in rows},
    }
    return render(request, "reports/returns/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def return_form(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(with_rounds(visible_returns(request.user)), pk=pk)
    if request.method == "POST":
        return fill_in(request, submission)
    return show(request, page_of(request, submission))


@login_required
@require_GET
def return_print(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(with_rounds(visible_returns(request.user)), pk=pk)
    page = page_of(request, submission)
    return render(request, "reports/returns/print.html", {"page": page, "today": clock.today()})


def show(request: PersonRequest, page: ReturnPage) -> HttpResponse:
    return render(request, "reports/returns/form.html", {"page": page, "submission": page.row.submission})


def page_of(request: PersonRequest, submission: Submission) -> ReturnPage:
    """The return as saved. Others than its reporter see what was handed in, never a draft."""
    is_own = may_report(request.user, submission.reporter)
    shown = latest_round(submission) if is_own else latest_handed_in(submission)
    questions = questions_of(submission)
    saved = answers_in(shown)
    form = ReturnForm(questions, submission.reporter, saved)
    form.show(check(questions, saved, Quarter.from_ordinal(submission.quarter)), unanswered=False)
    row = return_row(submission, clock.now())
    return ReturnPage(row, form, is_own, save_token(shown), history_of(submission))


def questions_of(submission: Submission) -> list[Question]:
    return asked_of(submission.reporter, Quarter.from_ordinal(submission.quarter))


def fill_in(request: PersonRequest, submission: Submission) -> HttpResponse:
    """Save what can be read, then hand in where asked for. Whatever fails, all that was typed comes back."""
    before = latest_round(submission)
    form = ReturnForm(questions_of(submission), submission.reporter, answers_in(before), request.POST)
    submitting = "submit" in request.POST
    page = ReturnPage(return_row(submission, clock.now()), form, True, save_token(before), [], submitting=submitting)
    try:
        draft = submissions.save_draft(
            submission, form.answers, request.user, clock.now(), seen=request.POST.get("seen", "")
        )
    except PermissionDenied as error:
        raise Http404 from error
    except NewerSaveError as error:
        form.show_others()
        return show_trouble(request, page, str(error))
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("return_form", pk=submission.pk)
    page.seen = save_token(draft)
    if form.errors:
        sentence = unreadable(form)
        if submitting:
            show_findings(page)
            sentence += _("全部改正后才能提交。")
        return show_trouble(request, page, sentence)
    if not submitting:
        messages.success(request, _("草稿已保存，还有 %(count)d 项未填。") % {"count": form.unanswered})
        return redirect("return_form", pk=submission.pk)
    return hand_in(request, submission, page)


def hand_in(request: PersonRequest, submission: Submission, page: ReturnPage) -> HttpResponse:
    try:
        submissions.submit(submission, request.user, clock.now())
    except FindingsError as error:
        show_findings(page)
        return show_trouble(request, page, _("%(why)s已填内容都已存为草稿。") % {"why": error})
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("return_form", pk=submission.pk)
    messages.success(request, _("已提交审核。审核结果会显示在“我的填报”中。"))
    return redirect("return_form", pk=submission.pk)


def show_findings(page: ReturnPage) -> None:
    """All that stands against handing in, empty fields too."""
    questions = [cell.question for cell in page.form.cells.values()]
    page.form.show(check(questions, page.form.answers, page.row.quarter), unanswered=True)


def show_trouble(request: PersonRequest, page: ReturnPage, sentence: str) -> HttpResponse:
    page.trouble = sentence
    page.history = history_of(page.row.submission)
    return show(request, page)


def unreadable(form: ReturnForm) -> str:
    sentence = _("有 %(count)d 处没有保存：内容仍在下面的格子里，请按提示改正。其余内容已存为草稿。")
    return sentence % {"count": len(form.errors)}
