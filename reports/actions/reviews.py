"""Deciding on a return. The row is locked first, so of two clicks the second gets a sentence."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit, permissions
from institutions.clock import SHANGHAI
from institutions.models import User
from reports.actions import figures
from reports.actions.errors import RefusedError
from reports.actions.results import tell_results
from reports.actions.submissions import lock
from reports.enums import Decision, SubmissionState
from reports.models import Round, Submission


@transaction.atomic
def approve(submission: Submission, by: User, now: datetime, *, enqueue: bool = True) -> Submission:
    """Put the answers in force."""
    submission = lock(submission)
    under_review = round_to_decide(submission, by)
    decide(under_review, Decision.APPROVED, "", by, now)
    submission.state, submission.approved_round = SubmissionState.APPROVED, under_review
    submission.save(update_fields=["state", "approved_round"])
    figures.carry(under_review)
    audit.record("submission.approved", submission, by, now, round=under_review.number)
    tell_results(submission, now, enqueue)
    return submission


@transaction.atomic
def send_back(submission: Submission, reason: str, by: User, now: datetime, *, enqueue: bool = True) -> Submission:
    """Return it with a reason; it is owed again. Figures approved earlier stay in force."""
    submission, reason = lock(submission), reason.strip()
    under_review = round_to_decide(submission, by)
    if not reason:
        raise RefusedError(_("请写明退回原因，让填报人知道改哪里。"))
    decide(under_review, Decision.RETURNED, reason, by, now)
    submission.state = SubmissionState.RETURNED
    submission.save(update_fields=["state"])
    audit.record("submission.returned", submission, by, now, round=under_review.number, reason=reason)
    tell_results(submission, now, enqueue)
    return submission


def round_to_decide(submission: Submission, by: User) -> Round:
    """The round under review, where this person may decide on it."""
    if not permissions.may_review(by, submission.reporter):
        raise PermissionDenied
    if submission.state != SubmissionState.SUBMITTED:
        raise RefusedError(why_not(submission))
    under_review = submission.rounds.select_related("submission").get(submitted_at__isnull=False, decision="")
    if by.pk in (under_review.submitted_by_id, under_review.saved_by_id):
        raise RefusedError(_("不能审核自己填报的报表，请由其他审核员处理。"))
    return under_review


def why_not(submission: Submission) -> str:
    """Why there is nothing to decide; names who decided last."""
    decided = submission.rounds.exclude(decision="").select_related("decided_by").order_by("-number").first()
    if submission.state == SubmissionState.DRAFT or decided is None or decided.decided_at is None:
        return _("报表还没有提交，暂不能审核。")
    at = decided.decided_at.astimezone(SHANGHAI)
    return _("这张报表已由 %(who)s 于 %(month)d月%(day)d日 %(time)s %(decision)s，不需要重复处理。") % {
        "who": decided.decided_by,
        "month": at.month,
        "day": at.day,
        "time": f"{at:%H:%M}",
        "decision": decided.get_decision_display(),
    }


def decide(under_review: Round, decision: Decision, reason: str, by: User, now: datetime) -> None:
    under_review.decision, under_review.reason = decision, reason
    under_review.decided_by, under_review.decided_at = by, now
    under_review.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
