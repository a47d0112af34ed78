"""One return before the 审核员: everything that is known of it, and the decision."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from institutions import clock
from institutions.requests import PersonRequest
from reports.base.enums import SubmissionState
from reports.base.errors import RefusedError
from reports.models import Evidence, Explanation, Remark, Round, SpotCheck, Submission
from reports.questions.answers import AnswerKey
from reports.questions.checks import Finding, check_answers
from reports.returns.forms.return_form import AnswerCell, ReturnForm
from reports.returns.queries.evidence import by_field, evidence_of
from reports.returns.queries.explanations import explanations_of
from reports.returns.queries.submissions import (
    PastRound,
    ReturnRow,
    answers_in,
    history_of,
    latest_handed_in,
    questions_asked,
    return_row,
    reviewable_returns,
    with_rounds,
)
from reports.reviewing.actions import reviews, spot_checks
from reports.reviewing.queries.spot_checks import checks_at
from reports.reviewing.queries.work_list import WorkListFilters, remarks_at, targets_fed, work_list
from reports.reviewing.views.filters import address_of, read_filters
from targets.models import Target
from targets.periods import Quarter


@dataclass
class AnswerAside:
    """What stands beside one answer. words: what the reviewer is typing about it, as a remark or a reason to check."""

    words: str = ""
    remarks: list[Remark] = field(default_factory=list)
    checks: list[SpotCheck] = field(default_factory=list)
    files: list[Evidence] = field(default_factory=list)
    feeds: list[Target] = field(default_factory=list)


@dataclass(frozen=True)
class Neighbours:
    """The place of a return in the filtered list; position 0: not in it any more."""

    position: int
    total: int
    earlier: int | None
    later: int | None
    waiting: int | None


@dataclass
class ReviewPage:
    row: ReturnRow
    form: ReturnForm
    findings: list[Finding]
    history: list[PastRound]
    explanations: list[Explanation]
    asides: dict[AnswerKey, AnswerAside]
    filters: WorkListFilters
    neighbours: Neighbours
    handed_in: Round | None
    may_decide: bool
    reason: str = ""
    trouble: str = ""
    done: str = ""

    @property
    def flagged(self) -> list[AnswerCell]:
        return [cell for cell in self.form.cells.values() if cell.error or cell.hints]

    @property
    def back(self) -> str:
        return reverse("reviews") + self.query

    @property
    def query(self) -> str:
        return address_of(self.filters)

    @property
    def remark_length(self) -> int:
        return Remark._meta.get_field("text").max_length or 0


@login_required
@require_http_methods(["GET", "POST"])
def review(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(with_rounds(reviewable_returns(request.user)), pk=pk)
    if request.method != "POST":
        return show_review(request, page_of(request, submission))
    if "mark" in request.POST:
        return mark_for_check(request, page_of(request, submission))
    return decide_return(request, submission)


def show_review(request: PersonRequest, page: ReviewPage) -> HttpResponse:
    return render(request, "reports/reviewing/review.html", {"page": page, "submission": page.row.submission})


def decide_return(request: PersonRequest, submission: Submission) -> HttpResponse:
    """Then on to the next that waits in the same list, or back to the list after the last."""
    page = page_of(request, submission)
    seen = request.POST.get("seen", "")
    known = int(seen) if seen.isdecimal() else None
    try:
        if "send_back" in request.POST:
            words = {key: aside.words for key, aside in page.asides.items()}
            reviews.send_back(submission, page.reason, request.user, clock.now(), remarks=words, seen=known)
            done = _("已退回：%(name)s。")
        else:
            reviews.approve(submission, request.user, clock.now(), seen=known)
            done = _("已通过：%(name)s。")
    except RefusedError as error:
        return show_trouble(request, submission, error)
    messages.success(request, done % {"name": submission.reporter})
    waiting = page.neighbours.waiting
    return redirect((reverse("review", args=[waiting]) if waiting else reverse("reviews")) + page.query)


def mark_for_check(request: PersonRequest, page: ReviewPage) -> HttpResponse:
    """Mark a figure for a check on the spot, with the words at it as the reason. What else was typed stays."""
    submission, name = page.row.submission, request.POST["mark"]
    cell = next((cell for cell in page.form.cells.values() if cell.name == name), None)
    try:
        if cell is None:
            raise RefusedError(_("填报范围已有变化，请重新打开这张报表。"))
        key = cell.question.key
        made = spot_checks.ask(submission, key, page.asides[key].words, request.user, clock.now())
    except RefusedError as error:
        page.trouble = str(error)
        return show_review(request, page)
    page.asides[key].words = ""
    page.asides[key].checks.append(made)
    page.done = _("已标记现场核查：%(what)s。办理结果请到“现场核查”中登记。") % {"what": cell.element}
    return show_review(request, page)


def show_trouble(request: PersonRequest, submission: Submission, error: RefusedError) -> HttpResponse:
    """The return as it stands now, with all that was typed."""
    page = page_of(request, with_rounds(reviewable_returns(request.user)).get(pk=submission.pk))
    page.trouble = str(error)
    return show_review(request, page)


def page_of(request: PersonRequest, submission: Submission) -> ReviewPage:
    quarter = Quarter.from_ordinal(submission.quarter)
    handed_in = latest_handed_in(submission)
    questions = questions_asked(submission.reporter, quarter)
    answers = answers_in(handed_in)
    findings = check_answers(questions, answers, quarter) if handed_in else []
    form = ReturnForm(questions, submission.reporter, answers)
    form.show(findings, unanswered=True)
    filters = read_filters(request.GET, [quarter])
    return ReviewPage(
        row=return_row(submission, clock.now()),
        form=form,
        findings=findings,
        history=history_of(submission),
        explanations=list(explanations_of(handed_in)),
        asides=asides_of(request, submission, form),
        filters=filters,
        neighbours=neighbours_in_list(request, submission, filters),
        handed_in=handed_in,
        may_decide=may_decide(request, submission, handed_in),
        reason=request.POST.get("reason", ""),
    )


def asides_of(request: PersonRequest, submission: Submission, form: ReturnForm) -> dict[AnswerKey, AnswerAside]:
    remarks, checks = remarks_at(submission), checks_at(submission)
    subjects = {cell.question.subject for cell in form.cells.values()}
    files, fed = by_field(evidence_of(submission)), targets_fed(submission, subjects)
    return {
        key: AnswerAside(
            words=request.POST.get(f"w-{cell.name}", "").strip(),
            remarks=remarks.get(key, []),
            checks=checks.get(key, []),
            files=files.get(key, []),
            feeds=fed.get(key[0], []),
        )
        for key, cell in form.cells.items()
    }


def may_decide(request: PersonRequest, submission: Submission, handed_in: Round | None) -> bool:
    if handed_in is None or submission.state != SubmissionState.SUBMITTED:
        return False
    return not reviews.has_a_part_in(handed_in, request.user)


def neighbours_in_list(request: PersonRequest, submission: Submission, filters: WorkListFilters) -> Neighbours:
    """waiting: the next return under review, from this one on and round."""
    shown = work_list(request.user, filters, clock.now()).shown
    ids = [each.id for each in shown]
    at = ids.index(submission.pk) if submission.pk in ids else -1
    waiting = [each.id for each in shown[at + 1 :] + shown[: max(at, 0)] if each.state == SubmissionState.SUBMITTED]
    return Neighbours(
        position=at + 1,
        total=len(ids),
        earlier=ids[at - 1] if at > 0 else None,
        later=ids[at + 1] if at + 1 < len(ids) else None,
        waiting=waiting[0] if waiting else None,
    )
