"""Pages of the 审核员: the work list, and one return to decide on."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import clock
from institutions.permissions import reviewable_institutions
from reports.actions import reviews
from reports.actions.errors import RefusedError
from reports.checks import Finding, check
from reports.enums import SubmissionState
from reports.forms import Cell, ReturnForm
from reports.models import Round, Submission
from reports.queries.submissions import (
    PastRound,
    ReturnRow,
    answers_in,
    asked_of,
    history_of,
    latest_handed_in,
    return_row,
    review_quarters,
    review_worklist,
    reviewable_returns,
    with_rounds,
)
from reports.views.requests import PersonRequest
from targets.periods import Quarter

ORDER = [SubmissionState.SUBMITTED, SubmissionState.RETURNED, SubmissionState.DRAFT, SubmissionState.APPROVED]
LATE = "late"


@dataclass
class Filters:
    """What the address says: ?quarter=2024Q1&state=submitted; `state` may also be "late" or nothing."""

    quarter: Quarter
    state: str = ""

    @classmethod
    def read(cls, address: QueryDict, quarters: list[Quarter]) -> "Filters":
        state = address.get("state", "")
        wanted = [quarter for quarter in quarters if str(quarter) == address.get("quarter", "")]
        return cls((wanted or quarters)[0], state if state in [*SubmissionState.values, LATE] else "")

    def address(self, **other: str) -> str:
        return "?" + urlencode({"quarter": str(self.quarter), "state": self.state} | other)

    def holds(self, row: ReturnRow) -> bool:
        return bool(row.lateness) if self.state == LATE else self.state in ("", row.submission.state)


@dataclass
class Tab:
    label: str
    count: int
    address: str
    is_current: bool


@dataclass
class ReviewPage:
    row: ReturnRow
    form: ReturnForm
    findings: list[Finding]
    history: list[PastRound]
    back: str
    earlier: str
    later: str
    position: int
    total: int
    may_decide: bool
    reason: str = ""
    trouble: str = ""

    @property
    def flagged(self) -> list[Cell]:
        return [cell for cell in self.form.cells.values() if cell.error or cell.hints]


@login_required
@require_GET
def review_list(request: PersonRequest) -> HttpResponse:
    quarters = review_quarters(request.user)
    if not quarters:
        if not reviewable_institutions(request.user).exists():
            raise Http404
        return render(request, "reports/reviews/list.html", {"rows": []})
    filters = Filters.read(request.GET, quarters)
    rows = review_worklist(request.user, filters.quarter, clock.now())
    shown = sorted(filter(filters.holds, rows), key=lambda row: ORDER.index(SubmissionState(row.submission.state)))
    context = {
        "filters": filters,
        "quarters": quarters,
        "tabs": tabs(rows, filters),
        "rows": shown,
        "waiting": sum(row.submission.state == SubmissionState.SUBMITTED for row in rows),
        "owing": sum(row.is_owed for row in rows),
        "of": len(rows),
    }
    return render(request, "reports/reviews/list.html", context)


def tabs(rows: list[ReturnRow], filters: Filters) -> list[Tab]:
    """The counts of the quarter; each is also a filter."""
    counts = Counter(row.submission.state for row in rows)
    entries = [("", _("全部"), len(rows))]
    entries += [(state.value, str(state.label), counts[state.value]) for state in ORDER]
    entries.append((LATE, _("逾期"), sum(bool(row.lateness) for row in rows)))
    return [Tab(label, count, filters.address(state=key), key == filters.state) for key, label, count in entries]


@login_required
@require_http_methods(["GET", "POST"])
def review(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(with_rounds(reviewable_returns(request.user)), pk=pk)
    if request.method == "POST":
        return decide(request, submission)
    return show(request, page_of(request, submission))


def show(request: PersonRequest, page: ReviewPage) -> HttpResponse:
    return render(request, "reports/reviews/review.html", {"page": page, "submission": page.row.submission})


def decide(request: PersonRequest, submission: Submission) -> HttpResponse:
    """Then on to the next that waits in the same list, or back to the list after the last."""
    reason = request.POST.get("reason", "")
    try:
        if "send_back" in request.POST:
            reviews.send_back(submission, reason, request.user, clock.now())
            done = _("已退回：%(name)s。")
        else:
            reviews.approve(submission, request.user, clock.now())
            done = _("已通过：%(name)s。")
    except RefusedError as error:
        page = page_of(request, with_rounds(reviewable_returns(request.user)).get(pk=submission.pk))
        page.reason, page.trouble = reason, str(error)
        return show(request, page)
    messages.success(request, done % {"name": submission.reporter})
    return redirect(next_waiting(request, submission))


def next_waiting(request: PersonRequest, submission: Submission) -> str:
    """The next return under review, from this one on and round; the list where none is left."""
    of_quarter = reviewable_returns(request.user).filter(quarter=submission.quarter)
    rows = list(of_quarter.values_list("pk", "state"))
    at = [pk for pk, _state in rows].index(submission.pk)
    waiting = [pk for pk, state in rows[at + 1 :] + rows[:at] if state == SubmissionState.SUBMITTED]
    address = Filters.read(request.GET, [Quarter.from_ordinal(submission.quarter)]).address()
    return (reverse("review", args=waiting[:1]) if waiting else reverse("reviews")) + address


def may_decide(request: PersonRequest, submission: Submission, handed_in: Round | None) -> bool:
    if handed_in is None or submission.state != SubmissionState.SUBMITTED:
        return False
    return request.user.pk not in (handed_in.submitted_by_id, handed_in.saved_by_id)


def page_of(request: PersonRequest, submission: Submission) -> ReviewPage:
    quarter = Quarter.from_ordinal(submission.quarter)
    handed_in = latest_handed_in(submission)
    questions = asked_of(submission.reporter, quarter)
    answers = answers_in(handed_in)
    findings = check(questions, answers, quarter) if handed_in else []
    form = ReturnForm(questions, submission.reporter, answers)
    form.show(findings, unanswered=True)
    filters = Filters.read(request.GET, [quarter])
    earlier, later, position, total = neighbours(request, submission, filters)
    return ReviewPage(
        row=return_row(submission, clock.now(), findings),
        form=form,
        findings=findings,
        history=history_of(submission),
        back=reverse("reviews") + filters.address(),
        earlier=earlier,
        later=later,
        position=position,
        total=total,
        may_decide=may_decide(request, submission, handed_in),
    )


def neighbours(request: PersonRequest, submission: Submission, filters: Filters) -> tuple[str, str, int, int]:
    """Addresses of the returns before and after in the filtered list, the place in it, and its length."""
    of_quarter = with_rounds(reviewable_returns(request.user).filter(quarter=submission.quarter))
    rows = [return_row(each, clock.now()) for each in of_quarter]
    listed = [row.submission.pk for row in rows if row.submission.pk == submission.pk or filters.holds(row)]
    at = listed.index(submission.pk)
    addresses = [reverse("review", args=[pk]) + filters.address() for pk in listed]
    earlier = addresses[at - 1] if at else ""
    later = addresses[at + 1] if at + 1 < len(listed) else ""
    return earlier, later, at + 1, len(listed)
