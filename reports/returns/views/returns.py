"""Pages of the 填报员: what is owed, the form, and the form on paper."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import clock
from institutions.permissions import may_enter_for, may_report, reporting_institutions
from institutions.requests import PersonRequest
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.models import Entry, Round, Submission
from reports.questions.answers import NOT_DONE_WORDS, AnswerKey, Question
from reports.questions.checks import Finding, check_answers, facts_for_page, unexplained_findings
from reports.questions.checks.fields import faults_for_page
from reports.questions.limits import limits_for_page
from reports.returns.actions import submissions
from reports.returns.actions.submissions import save_token
from reports.returns.errors import FindingsError, NewerSaveError
from reports.returns.forms.return_form import ReturnForm
from reports.returns.queries.filling import KnownDivisor, entries_by_key, official_numbers
from reports.returns.queries.submissions import (
    PastRound,
    ReturnRow,
    answer_of,
    history_of,
    latest_handed_in,
    latest_round,
    questions_asked,
    remarks_of,
    reporter_worklist,
    return_row,
    visible_returns,
    with_rounds,
)
from reports.returns.views.form_words import form_words
from targets.periods import Quarter

SCRIPTS = ("js/return_cells.js", "js/return_keys.js", "js/return_paste.js", "js/return_saving.js", "js/return_form.js")
ENTERING = "enter"  # in the address: who reviews the unit fills in for it (代报)


@dataclass
class ReturnPage:
    """One return on the screen. `trouble` is the sentence above the form; `submitting` marks a refused hand-in.

    typed: it shows what was just sent. entries: what is saved. may_fill_in: its reporter; or, entering for the unit,
    who reviews it. origin: how those answers came.
    """

    row: ReturnRow
    form: ReturnForm
    entries: dict[AnswerKey, Entry]
    is_own: bool
    may_fill_in: bool
    seen: str
    origin: str
    officials: list[KnownDivisor]
    history: list[PastRound] = field(default_factory=list)
    trouble: str = ""
    submitting: bool = False
    typed: bool = False

    @property
    def is_editable(self) -> bool:
        """Not where its quarter is closed (已关账), unless something was typed before: that stays on the page."""
        open_to_type = self.may_fill_in and self.row.is_editable
        return open_to_type and (self.typed or not self.row.closed)

    @property
    def is_entered(self) -> bool:
        """代报: not by the unit's own reporter."""
        return not self.is_own and self.is_editable

    @property
    def origins(self) -> list[tuple[str, str]]:
        return [(each.value, str(each.label)) for each in (Origin.PHONE, Origin.PAPER)]

    @property
    def scripts(self) -> tuple[str, ...]:
        return SCRIPTS

    @property
    def for_script(self) -> dict[str, Any]:
        """What the page's script needs: its words, the cells, and the plans' checks between them."""
        questions = [cell.question for cell in self.form.cells.values()]
        return {
            "say": form_words(),
            "limits": limits_for_page(),
            "faults": faults_for_page(),
            "not_done": NOT_DONE_WORDS,
            "checks": facts_for_page(questions),
            **self.form.facts,
        }


@login_required
@require_GET
def return_list(request: PersonRequest) -> HttpResponse:
    units = reporting_institutions(request.user)
    rows = reporter_worklist(request.user, clock.now())
    if not rows and not units.exists():
        raise Http404
    context = {
        "owed": [row for row in rows if row.is_editable],
        "done": [row for row in rows if not row.is_editable],
        "units": {row.submission.reporter for row in rows},
    }
    return render(request, "reports/returns/list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def return_form(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(with_rounds(visible_returns(request.user)), pk=pk)
    if request.method == "POST":
        return fill_in(request, submission)
    return show_form(request, page_of(request, submission))


@login_required
@require_GET
def return_print(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(with_rounds(visible_returns(request.user)), pk=pk)
    page = page_of(request, submission)
    return render(request, "reports/returns/print.html", {"page": page, "today": clock.today()})


def show_form(request: PersonRequest, page: ReturnPage) -> HttpResponse:
    return render(request, "reports/returns/form.html", {"page": page, "submission": page.row.submission})


def page_of(request: PersonRequest, submission: Submission) -> ReturnPage:
    """The return as saved. Who may not fill it in sees what was handed in, never a draft."""
    page = page_with(request, submission)
    quarter, questions = page.row.quarter, [cell.question for cell in page.form.cells.values()]
    page.form.show(check_answers(questions, page.form.saved.values(), quarter), unanswered=False)
    page.history = history_of(submission)
    return page


def page_with(request: PersonRequest, submission: Submission, data: QueryDict | None = None) -> ReturnPage:
    """The return with what is saved, or with what was typed."""
    is_own = may_report(request.user, submission.reporter)
    may_fill_in = is_own or (ENTERING in request.GET and may_enter_for(request.user, submission.reporter))
    shown = latest_round(submission) if may_fill_in else latest_handed_in(submission)
    entries = entries_by_key(shown)
    questions = questions_of(submission)
    quarter = Quarter.from_ordinal(submission.quarter)
    form = ReturnForm(questions, submission.reporter, [answer_of(entry) for entry in entries.values()], data)
    form.show_remarks(remarks_of(submission))
    return ReturnPage(
        row=return_row(submission, clock.now()),
        form=form,
        entries=entries,
        is_own=is_own,
        may_fill_in=may_fill_in,
        seen=save_token(shown),
        origin=request.POST.get("origin", "") if data else origin_of(shown, is_own),
        officials=official_numbers(submission.reporter, questions, quarter),
        typed=data is not None,
    )


def origin_of(shown: Round | None, is_own: bool) -> str:
    """Of one's own return none; else as it was said before."""
    is_draft = shown is not None and shown.submitted_at is None
    return shown.origin if shown and is_draft and not is_own else ""


def questions_of(submission: Submission) -> list[Question]:
    return questions_asked(submission.reporter, Quarter.from_ordinal(submission.quarter))


def fill_in(
    request: PersonRequest, submission: Submission, then: Callable[[], HttpResponse] | None = None
) -> HttpResponse:
    """Save what can be read, then hand in where asked for, or do what is to be done `then`.

    Whatever fails, all that was typed comes back.
    """
    page = page_with(request, submission, request.POST)
    if not page.may_fill_in:
        raise Http404
    filled = page.form.confirm_unchanged(request.POST.get("confirm_unchanged", ""))
    page.submitting = "submit" in request.POST
    try:
        draft = save_form(request, page)
    except PermissionDenied as error:
        raise Http404 from error
    except NewerSaveError as error:
        page.form.show_others(page.entries, str(page.row.latest and page.row.latest.saved_by))
        return show_trouble(request, page, str(error))
    except RefusedError as error:
        return show_refusal(request, page, str(error))
    page.seen = save_token(draft)
    if page.form.errors:
        return show_unreadable(request, page)
    if page.submitting:
        return hand_in(request, page)
    if then:
        return then()
    messages.success(request, saved_sentence(page.form, filled))
    return redirect(request.get_full_path())


def save_form(request: PersonRequest, page: ReturnPage) -> Round:
    origin = Origin(page.origin) if page.origin in Origin.values and not page.is_own else Origin.OWN
    seen = request.POST.get("seen", "")
    return submissions.save_draft(
        page.row.submission, page.form.answers, request.user, clock.now(), seen=seen, origin=origin
    )


def saved_sentence(form: ReturnForm, filled: int) -> str:
    left = _("草稿已保存，还有 %(count)d 项未填。") % {"count": form.unanswered}
    return _("%(count)d 项照上季填好。") % {"count": filled} + left if filled else left


def hand_in(request: PersonRequest, page: ReturnPage) -> HttpResponse:
    try:
        submissions.submit(page.row.submission, request.user, clock.now())
    except FindingsError as error:
        show_findings(page, error.findings)
        return show_trouble(request, page, _("%(why)s已填内容都已存为草稿。") % {"why": error})
    except RefusedError as error:
        return show_refusal(request, page, str(error))
    messages.success(request, _("已提交审核。审核结果会显示在“我的填报”中。"))
    return redirect("return_form", pk=page.row.submission.pk)


def show_refusal(request: PersonRequest, page: ReturnPage, sentence: str) -> HttpResponse:
    """What was typed stays on the page while there is a form to type into."""
    page.row.submission.refresh_from_db()
    if page.is_editable:
        return show_trouble(request, page, sentence)
    messages.error(request, sentence)
    return redirect("return_form", pk=page.row.submission.pk)


def show_unreadable(request: PersonRequest, page: ReturnPage) -> HttpResponse:
    sentence = _("有 %(count)d 处没有保存：内容仍在下面的格子里，请按提示改正。其余内容已存为草稿。")
    sentence %= {"count": len(page.form.errors)}
    if page.submitting:
        show_findings(page)
        sentence += _("全部改正后才能提交。")
    return show_trouble(request, page, sentence)


def show_findings(page: ReturnPage, against: list[Finding] | None = None) -> None:
    """All that stands against handing in, empty fields too; `against` where it is known."""
    questions = [cell.question for cell in page.form.cells.values()]
    answers = page.form.answers
    findings = check_answers(questions, answers, page.row.quarter)
    page.form.refuse(unexplained_findings(findings, answers) if against is None else against)
    page.form.show(findings, unanswered=True)


def show_trouble(request: PersonRequest, page: ReturnPage, sentence: str) -> HttpResponse:
    page.trouble = sentence
    page.history = history_of(page.row.submission)
    return show_form(request, page)
