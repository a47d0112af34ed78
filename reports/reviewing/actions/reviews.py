"""Deciding on a return. The row is locked first, so of two clicks the second gets a sentence."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit, permissions
from institutions.models import User
from institutions.texts import trim
from reports.base.enums import Decision, SubmissionState
from reports.base.errors import RefusedError
from reports.judging.refresh import refresh_results_of
from reports.models import Remark, Round, Submission
from reports.questions.answers import AnswerKey
from reports.returns.actions.submissions import decided_sentence, lock_together, owe_again, state_before
from reports.reviewing.actions import figures
from targets.periods import Quarter


@transaction.atomic
def approve(
    submission: Submission, by: User, now: datetime, *, seen: int | None = None, enqueue: bool = True
) -> Submission:
    """Put the answers in force, with those of all that was corrected together with them.

    `seen` is the round that the person had on the page; None: whichever it is.
    """
    submission, *others = lock_together(submission)
    put_in_force(submission, by, now, seen)
    for other in others:
        put_in_force(other, by, now)
    figures.must_not_fall([submission, *others])
    if enqueue:
        refresh_results_of([submission, *others], now)
    return submission


def put_in_force(submission: Submission, by: User, now: datetime, seen: int | None = None) -> None:
    under_review = round_to_decide(submission, by, seen)
    decide(under_review, Decision.APPROVED, "", by, now)
    submission.state, submission.approved_round = SubmissionState.APPROVED, under_review
    submission.save(update_fields=["state", "approved_round"])
    figures.apply_answers(under_review)
    audit.record("submission.approved", submission, by, now, round=under_review.number)


@transaction.atomic
def send_back(
    submission: Submission,
    reason: str,
    by: User,
    now: datetime,
    *,
    remarks: Mapping[AnswerKey, str] | None = None,
    seen: int | None = None,
    enqueue: bool = True,
) -> Submission:
    """Return it with a reason; it is owed again, by its own deadline. A correction stays opened, its figures stand.

    `remarks` are words at single fields; with them the reason over all may be left out. All that was corrected
    together goes back together.
    """
    submission, *others = lock_together(submission)
    under_review = round_to_decide(submission, by, seen)
    words = {key: trim(text) for key, text in (remarks or {}).items() if trim(text)}
    reason = trim(reason) or (_("见逐项意见。") if words else "")
    if not reason:
        raise RefusedError(_("请写明退回原因，让填报人知道改哪里。"))
    give_back(submission, under_review, reason, by, now)
    keep_remarks(under_review, words)
    for other in others:
        beside = _("与%(quarter)s一并更正，一并退回：%(reason)s")
        facts = {"quarter": Quarter.from_ordinal(submission.quarter).in_chinese, "reason": reason}
        give_back(other, round_to_decide(other, by), beside % facts, by, now)
    if enqueue:
        refresh_results_of([submission, *others], now)
    return submission


def give_back(submission: Submission, under_review: Round, reason: str, by: User, now: datetime) -> None:
    decide(under_review, Decision.RETURNED, reason, by, now)
    submission.state = state_before(submission)
    owe_again(submission, now)
    submission.save(update_fields=["state", "due_on", "review_by"])
    audit.record("submission.returned", submission, by, now, round=under_review.number, reason=reason)


def keep_remarks(under_review: Round, words: Mapping[AnswerKey, str]) -> None:
    most = Remark._meta.get_field("text").max_length or 0
    if any(len(text) > most for text in words.values()):
        raise RefusedError(_("逐项意见每条最多 %(most)d 字，请缩短后再退回，所写的都还在本页。") % {"most": most})
    Remark.objects.bulk_create(
        Remark(round=under_review, element_id=element, subject_id=subject, text=text)
        for (element, subject), text in words.items()
    )


def round_to_decide(submission: Submission, by: User, seen: int | None = None) -> Round:
    """The round under review, where this person may decide on it."""
    if not permissions.may_review(by, submission.reporter):
        raise PermissionDenied
    if submission.state != SubmissionState.SUBMITTED:
        raise RefusedError(why_not(submission))
    under_review = submission.rounds.handed_in().select_related("submission").get(decision="")
    if has_a_part_in(under_review, by):
        raise RefusedError(_("不能审核自己填报的报表，请由其他审核员处理。"))
    if seen not in (None, under_review.pk):
        raise RefusedError(_("这张报表在您打开以后撤回过又重新提交，请看过新的内容再审核。"))
    return under_review


def has_a_part_in(under_review: Round, by: User) -> bool:
    """Who saved it, handed it in or typed any answer of it (代报) decides nothing about it."""
    if by.pk in (under_review.submitted_by_id, under_review.saved_by_id):
        return True
    return under_review.entries.filter(typed_by=by).exists()


def why_not(submission: Submission) -> str:
    """Why there is nothing to decide; names who decided last."""
    decided = submission.rounds.exclude(decision="").select_related("decided_by").order_by("-number").first()
    if submission.state == SubmissionState.DRAFT or decided is None or decided.decided_at is None:
        return _("报表还没有提交，暂不能审核。")
    return decided_sentence(decided) + _("不需要重复处理。")


def decide(under_review: Round, decision: Decision, reason: str, by: User, now: datetime) -> None:
    under_review.decision, under_review.reason = decision, reason
    under_review.decided_by, under_review.decided_at = by, now
    under_review.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
