"""What is going on around a return, for a page that shows it."""

from typing import Any

from django import template

from reports.base.enums import SubmissionState
from reports.models import Round, Submission
from reports.questions.queries.together import corrected_with
from reports.returns.queries.submissions import PastRound, is_withdrawn
from reports.reviewing.queries import corrections

register = template.Library()


@register.simple_tag(takes_context=True)
def correction_state(context: dict[str, Any], submission: Submission) -> corrections.CorrectionState:
    return corrections.correction_state_of(submission, context["request"].user)


@register.simple_tag
def returns_together(submission: Submission) -> list[Submission]:
    """The others that are corrected together with it."""
    if submission.state not in (SubmissionState.REOPENED, SubmissionState.SUBMITTED):
        return []
    others = Submission.objects.filter(pk__in=corrected_with(submission)).exclude(pk=submission.pk)
    return list(others.select_related("reporter").order_by("quarter"))


@register.simple_tag(takes_context=True)
def corrections_waiting(context: dict[str, Any]) -> int:
    """How many requests for a correction wait for the reader or a colleague."""
    return corrections.waiting_corrections(context["request"].user).count()


@register.simple_tag
def round_that_counts(submission: Submission, history: list[PastRound]) -> Round | None:
    """The round that the return's state speaks of: the approved one, else what was handed in last and stands."""
    approved = submission.approved_round_id if submission.state == SubmissionState.APPROVED else None
    rounds = [past.round for past in history if not is_withdrawn(past.round)]
    return next((made for made in rounds if approved in (None, made.pk)), None)
