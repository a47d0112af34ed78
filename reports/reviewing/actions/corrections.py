"""Opening an approved return again: asked for by one person, granted by another, its figures in force meanwhile."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit, permissions
from institutions.models import User
from institutions.texts import trim
from reports.base.enums import Decision, Origin, SubmissionState
from reports.base.errors import RefusedError
from reports.judging.refresh import refresh_results, refresh_results_of
from reports.models import Correction, Round, Submission
from reports.returns.actions.submissions import (
    continue_from,
    draft_of,
    lock_submission,
    lock_together,
    owe_again,
)
from targets.periods import Quarter, short_day_and_time


@transaction.atomic
def ask(submission: Submission, reason: str, by: User, now: datetime) -> Correction:
    """更正申请, by the unit or by who reviews it. It opens nothing yet: another reviewer decides."""
    submission, reason = lock_submission(submission), trim(reason)
    if not may_ask(submission, by):
        raise PermissionDenied
    must_be_free(submission)
    if not reason:
        raise RefusedError(_("请写明更正原因：哪个数填错了，应是多少。"))
    correction = submission.corrections.create(reason=reason, asked_by=by, asked_at=now)
    audit.record("correction.asked", submission, by, now, correction=correction.pk, reason=reason)
    return correction


@transaction.atomic
def grant(correction: Correction, by: User, now: datetime, *, enqueue: bool = True) -> Submission:
    """Open the return again with its approved answers as the draft, and give it days of its own."""
    submission = lock_submission(correction.submission)
    correction = to_decide(correction, submission, by)
    decide(correction, True, "", by, now)
    reopen(submission, now)
    draft = open_draft(submission, correction, now)
    audit.record("correction.granted", submission, by, now, correction=correction.pk, round=draft.number)
    refresh_results(submission, now, enqueue)
    return submission


@transaction.atomic
def join(submission: Submission, later: Submission, by: User, now: datetime, *, enqueue: bool = True) -> Submission:
    """Open an approved return of another quarter, to be corrected together with this one that is opened already.

    It needs no answer of its own: whoever decides on the one decides on both. A second click finds it joined.
    """
    submission, *others = lock_together(submission)
    if later.reporter_id != submission.reporter_id or not may_ask(submission, by):
        raise PermissionDenied
    later = next((other for other in others if other.pk == later.pk), None) or lock_submission(later)
    if later in others:
        return later
    first = submission.corrections.open().first()
    if first is None or submission.state != SubmissionState.REOPENED:
        raise RefusedError(_("这张报表现在是“%(state)s”，不是更正中，不能一并更正其他季度。") % name_facts(submission))
    must_be_free(later)
    correction = later.corrections.create(
        reason=_("与%(quarter)s一并更正。") % {"quarter": Quarter.from_ordinal(submission.quarter).in_chinese},
        asked_by=by,
        asked_at=now,
        granted=True,
        together_with=first.together_with or first,
    )
    reopen(later, now)
    draft = open_draft(later, correction, now)
    audit.record("correction.joined", later, by, now, correction=correction.pk, round=draft.number)
    refresh_results(later, now, enqueue)
    return later


@transaction.atomic
def refuse(correction: Correction, answer: str, by: User, now: datetime) -> Correction:
    submission, answer = lock_submission(correction.submission), trim(answer)
    correction = to_decide(correction, submission, by)
    if not answer:
        raise RefusedError(_("请写明不同意的理由，申请人会看到。"))
    decide(correction, False, answer, by, now)
    audit.record("correction.refused", submission, by, now, correction=correction.pk, answer=answer)
    return correction


@transaction.atomic
def end(submission: Submission, by: User, now: datetime, *, enqueue: bool = True) -> Submission:
    """Close an opened return unchanged, and with it those that were opened on its account.

    What was filled in meanwhile stays on record as a round that was withdrawn.
    """
    submission, *others = lock_together(submission)
    joined = [other for other in others if was_opened_with(other, submission)]
    for each in (submission, *joined):
        close(each, by, now)
    if enqueue:
        refresh_results_of([submission, *joined], now)
    return submission


def was_opened_with(other: Submission, submission: Submission) -> bool:
    return other.corrections.open().filter(together_with__submission=submission).exists()


def close(submission: Submission, by: User, now: datetime) -> None:
    if not may_ask(submission, by):
        raise PermissionDenied
    if submission.state != SubmissionState.REOPENED:
        raise RefusedError(_("这张报表现在是“%(state)s”，没有可以结束的更正。") % name_facts(submission))
    draft = draft_of(submission, by, now)
    draft.submitted_at = draft.decided_at = now
    draft.submitted_by = draft.decided_by = by
    draft.decision, draft.reason = Decision.WITHDRAWN, _("结束更正，原数据继续有效。")
    draft.save()
    submission.state = SubmissionState.APPROVED
    submission.save(update_fields=["state"])
    audit.record("correction.ended", submission, by, now, round=draft.number)


def must_be_free(submission: Submission) -> None:
    """Approved, and nobody has asked yet."""
    if submission.state != SubmissionState.APPROVED:
        raise RefusedError(_("只有已通过的报表才需要申请更正；这张报表现在是“%(state)s”。") % name_facts(submission))
    waiting = submission.corrections.waiting().select_related("asked_by").first()
    if waiting:
        raise RefusedError(_("%(who)s 已于 %(when)s 申请更正，正在等待答复，不需要重复申请。") % ask_facts(waiting))


def reopen(submission: Submission, now: datetime) -> None:
    submission.state = SubmissionState.REOPENED
    owe_again(submission, now)
    submission.save(update_fields=["state", "due_on", "review_by"])


def may_ask(submission: Submission, by: User) -> bool:
    reporter = submission.reporter
    return permissions.may_report(by, reporter) or permissions.may_enter_for(by, reporter)


def to_decide(correction: Correction, submission: Submission, by: User) -> Correction:
    """The request as it now stands, where this person may answer it."""
    if not permissions.may_review(by, submission.reporter):
        raise PermissionDenied
    correction = Correction.objects.select_related("submission", "asked_by", "decided_by").get(pk=correction.pk)
    if correction.granted is not None:
        raise RefusedError(_("%(who)s 已于 %(when)s 答复过这项申请，不需要重复处理。") % answer_facts(correction))
    if correction.asked_by_id == by.pk:
        raise RefusedError(_("不能答复自己提出的更正申请，请由其他审核员处理。"))
    return correction


def decide(correction: Correction, granted: bool, answer: str, by: User, now: datetime) -> None:
    correction.granted, correction.answer = granted, answer
    correction.decided_by, correction.decided_at = by, now
    correction.save(update_fields=["granted", "answer", "decided_by", "decided_at"])


def open_draft(submission: Submission, correction: Correction, now: datetime) -> Round:
    """In the name of who asked, so that who grants may decide on it later."""
    approved = Round.objects.select_related("submission").get(pk=submission.approved_round_id or 0)
    own = permissions.may_report(correction.asked_by, submission.reporter)
    return continue_from(approved, correction.asked_by, now, Origin.OWN if own else approved.origin)


def name_facts(submission: Submission) -> dict[str, str]:
    return {"state": str(SubmissionState(submission.state).label)}


def ask_facts(correction: Correction) -> dict[str, str]:
    return {"who": str(correction.asked_by), "when": short_day_and_time(correction.asked_at)}


def answer_facts(correction: Correction) -> dict[str, str]:
    return {"who": str(correction.decided_by), "when": short_day_and_time(correction.decided_at or correction.asked_at)}
