"""Evidence and 问题与措施 on the pages of others: the form, the review, the trace."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from reports.base.enums import Difficulty
from reports.boards.pages import TracePage
from reports.models import Submission
from reports.returns.queries.evidence import files_of, lacking_evidence, may_attach, round_shown
from reports.returns.queries.explanations import explanation_for, explanations_of, wanted_explanations

register = template.Library()


@dataclass(frozen=True, slots=True)
class AttachmentSummary:
    """count: what there is. wanted: what is asked for; open: of these, what is not there yet."""

    count: int
    wanted: int = 0
    open: int = 0


@register.simple_tag(takes_context=True)
def evidence_summary(context: Context, submission: Submission) -> AttachmentSummary:
    """For the person at the screen: `open` is counted only while they may still add files."""
    user = context["request"].user
    made = round_shown(user, submission)
    count = files_of(made).count()
    if made is None or not may_attach(user, submission):
        return AttachmentSummary(count)
    return AttachmentSummary(count, open=len(lacking_evidence(submission, made)))


@register.simple_tag(takes_context=True)
def explanations_summary(context: Context, submission: Submission) -> AttachmentSummary:
    user = context["request"].user
    made = round_shown(user, submission)
    count = explanations_of(made).count()
    if not may_attach(user, submission):
        return AttachmentSummary(count)
    wanted = wanted_explanations(submission, made)
    return AttachmentSummary(count, len(wanted), sum(bool(each.lacking) for each in wanted))


@register.inclusion_tag("reports/returns/explained.html")
def explanation_of_result(page: TracePage) -> dict[str, Any]:
    """What the place itself says about one result."""
    institution_id = page.institution.id if page.institution else None
    return {"each": explanation_for(page.target.id, page.quarter, page.region.id, institution_id)}


@register.filter
def causes(codes: list[str]) -> str:
    """人员不足、经费未到位."""
    return _("、").join(str(Difficulty(code).label) for code in codes)


@register.filter
def size(count: int) -> str:
    return filesizeformat(count)
