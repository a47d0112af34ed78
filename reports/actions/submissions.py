"""Filling in a return and handing it in. Each refuses with a sentence; nothing is then changed."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from institutions import audit, permissions
from institutions.clock import SHANGHAI
from institutions.models import User
from reports.actions.errors import FindingsError, NewerSaveError, RefusedError
from reports.actions.results import tell_results
from reports.answers import Answer
from reports.checks import check, hard
from reports.enums import SubmissionState
from reports.lateness import OWED
from reports.models import Entry, Round, Submission
from reports.queries.asked import asked_of
from reports.queries.submissions import answers_in
from targets.periods import Quarter


@transaction.atomic
def save_draft(
    submission: Submission, answers: Iterable[Answer], by: User, now: datetime, *, seen: str | None = None
) -> Round:
    """Replace the draft as a whole.

    `seen` is the `save_token` of the draft that the person had on the page; None: whatever it was.
    """
    submission = lock(submission)
    answers = list(answers)
    must_report(submission, by)
    must_be_owed(submission)
    must_have_seen_latest(submission, seen)
    must_be_asked(submission, answers)
    draft = draft_of(submission, by, now)
    draft.entries.all().delete()
    Entry.objects.bulk_create(
        Entry(
            round=draft,
            element_id=each.element_id,
            subject_id=each.subject_id,
            value=each.value,
            not_applicable=each.not_applicable,
            note=each.note,
        )
        for each in answers
    )
    audit.record("submission.saved", submission, by, now, round=draft.number, answers=len(answers))
    return draft


@transaction.atomic
def submit(submission: Submission, by: User, now: datetime, *, enqueue: bool = True) -> Submission:
    """Hand in the draft for review. Raises FindingsError where a hard check fails."""
    submission = lock(submission)
    must_report(submission, by)
    must_be_owed(submission)
    draft = submission.rounds.filter(submitted_at__isnull=True).first()
    if draft is None:
        raise RefusedError(_("还没有保存任何内容，请先填写再提交。"))
    quarter = Quarter.from_ordinal(submission.quarter)
    findings = check(asked_of(submission.reporter, quarter), answers_in(draft), quarter)
    if hard(findings):
        raise FindingsError(hard(findings))
    draft.submitted_at, draft.submitted_by = now, by
    draft.save(update_fields=["submitted_at", "submitted_by"])
    submission.state = SubmissionState.SUBMITTED
    submission.save(update_fields=["state"])
    audit.record("submission.submitted", submission, by, now, round=draft.number, to_verify=len(findings))
    tell_results(submission, now, enqueue)
    return submission


def lock(submission: Submission) -> Submission:
    """Lock the return's row, alone and first, and read it as it then stands."""
    locked = Submission.objects.select_for_update(of=("self",)).select_related("reporter__region")
    return locked.get(pk=submission.pk)


def must_report(submission: Submission, by: User) -> None:
    if not permissions.may_report(by, submission.reporter):
        raise PermissionDenied


def must_be_owed(submission: Submission) -> None:
    if submission.state == SubmissionState.SUBMITTED:
        raise RefusedError(_("报表已提交，正在等待审核，不能再修改。"))
    if submission.state not in OWED:
        raise RefusedError(_("报表已审核通过，不能再修改。"))


def must_have_seen_latest(submission: Submission, seen: str | None) -> None:
    draft = submission.rounds.filter(submitted_at__isnull=True).select_related("saved_by").first()
    if seen is None or draft is None or save_token(draft) == seen:
        return
    at = draft.saved_at.astimezone(SHANGHAI)
    sentence = _(
        "%(who)s 已于 %(month)d月%(day)d日 %(time)s 另外保存过这张报表。"
        "您填的内容仍在本页，没有覆盖对方；核对后再次保存，将以本页为准。"
    )
    clock = f"{at:%H:%M}"
    raise NewerSaveError(sentence % {"who": draft.saved_by, "month": at.month, "day": at.day, "time": clock})


def must_be_asked(submission: Submission, answers: list[Answer]) -> None:
    """An answer outside the return could overwrite another unit's figure."""
    asked = {each.key for each in asked_of(submission.reporter, Quarter.from_ordinal(submission.quarter))}
    if any(each.key not in asked for each in answers):
        raise RefusedError(_("填报范围已有变化，请重新打开报表，核对后再保存。"))


def save_token(draft: Round | None) -> str:
    """Names one save of a draft; "" where none was saved yet."""
    return f"{draft.number}@{draft.saved_at.timestamp():.6f}" if draft and draft.submitted_at is None else ""


def draft_of(submission: Submission, by: User, now: datetime) -> Round:
    """The round that is being filled in, marked as saved now; the next one after a hand-in."""
    draft = submission.rounds.filter(submitted_at__isnull=True).first()
    if draft is None:
        last = submission.rounds.aggregate(last=Max("number"))["last"] or 0
        return submission.rounds.create(number=last + 1, saved_at=now, saved_by=by)
    draft.saved_at, draft.saved_by = now, by
    draft.save(update_fields=["saved_at", "saved_by"])
    return draft
