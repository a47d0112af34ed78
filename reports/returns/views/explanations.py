"""问题与措施 of a return: one page for all targets that are behind."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from institutions import clock
from institutions.requests import PersonRequest
from reports.base.errors import RefusedError
from reports.models import Explanation, Submission
from reports.returns.actions import explanations
from reports.returns.errors import NewerSaveError
from reports.returns.forms.explanations import FIELDS, ExplanationForm, form_for, initial_of
from reports.returns.queries.evidence import may_attach, round_shown
from reports.returns.queries.explanations import (
    WantedExplanation,
    explanations_of,
    explanations_token,
    wanted_explanations,
)
from reports.returns.queries.submissions import visible_returns
from targets.periods import Quarter


@dataclass
class ExplanationPart:
    """One target with what is typed of it."""

    asked: WantedExplanation
    form: ExplanationForm


@dataclass
class ExplanationsPage:
    """told: what stands in the round that the person may read, where they do not write."""

    submission: Submission
    is_editable: bool
    seen: str = ""
    parts: list[ExplanationPart] = field(default_factory=list)
    told: list[Explanation] = field(default_factory=list)
    trouble: str = ""

    @property
    def quarter(self) -> Quarter:
        return Quarter.from_ordinal(self.submission.quarter)

    @property
    def open(self) -> int:
        return sum(bool(part.asked.lacking) for part in self.parts)


@login_required
@require_http_methods(["GET", "POST"])
def explanations_page(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(visible_returns(request.user), pk=pk)
    if request.method == "POST":
        return save_page(request, submission)
    return show_explanations(request, page_of(request, submission))


def show_explanations(request: PersonRequest, page: ExplanationsPage) -> HttpResponse:
    context = {"page": page, "submission": page.submission}
    return render(request, "reports/returns/explanations.html", context)


def page_of(request: PersonRequest, submission: Submission, typed: QueryDict | None = None) -> ExplanationsPage:
    made = round_shown(request.user, submission)
    kept = list(explanations_of(made))
    if not may_attach(request.user, submission):
        return ExplanationsPage(submission, False, told=kept)
    parts = [ExplanationPart(each, form_of(each, typed)) for each in wanted_explanations(submission, made)]
    return ExplanationsPage(submission, True, explanations_token(kept), parts)


def form_of(each: WantedExplanation, typed: QueryDict | None) -> ExplanationForm:
    was_there = typed is not None and str(each.target.pk) in typed.getlist("target")
    return form_for(each.target.pk, each.said, typed if was_there else None)


def save_page(request: PersonRequest, submission: Submission) -> HttpResponse:
    """Keep what can be read; whatever fails, all that was typed comes back."""
    copied = request.POST.get("copy", "")
    typed = with_last_quarter(request.POST.copy(), wanted_explanations(submission), copied)
    forms = {int(pk): form_for(int(pk), None, typed) for pk in typed.getlist("target") if pk.isdecimal()}
    told = [form.told(pk) for pk, form in forms.items() if form.is_valid()]
    try:
        explanations.save_explanations(submission, told, request.user, clock.now(), seen=typed.get("seen", ""))
    except PermissionDenied as error:
        raise Http404 from error
    except NewerSaveError as error:
        return show_trouble(request, submission, typed, str(error))
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("explanations", pk=submission.pk)
    if unread := len(forms) - len(told):
        sentence = _("有 %(count)d 项没有保存：内容仍在下面，请按提示改正。其余内容已保存。")
        return show_trouble(request, submission, typed, sentence % {"count": unread})
    messages.success(request, saved_sentence(page_of(request, submission).open))
    address = reverse("explanations", args=[submission.pk])
    return redirect(f"{address}#t{copied}" if copied.isdecimal() else address)


def saved_sentence(left: int) -> str:
    if left:
        return _("已保存，还有 %(count)d 项没有写全。") % {"count": left}
    return _("已保存，各项都已写全，可以提交报表。")


def show_trouble(request: PersonRequest, submission: Submission, typed: QueryDict, trouble: str) -> HttpResponse:
    page = page_of(request, submission, typed)
    page.trouble = trouble
    return show_explanations(request, page)


def with_last_quarter(typed: QueryDict, wanted: list[WantedExplanation], copied: str) -> QueryDict:
    """As if the person had typed of that target what last quarter's return said (沿用上季)."""
    before = next((each.before for each in wanted if str(each.target.pk) == copied), None)
    if before is None:
        return typed
    for name in FIELDS:
        value = initial_of(before)[name]
        typed.setlist(f"t{copied}-{name}", value if name == "causes" else [value or ""])
    return typed
