"""Filling in a return and handing it in. Each refuses with a sentence; nothing is then changed."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from institutions import audit, permissions
from institutions.clock import SHANGHAI
from institutions.models import User
from reports.base.enums import Decision, Origin, SubmissionState
from reports.base.errors import RefusedError
from reports.judging.refresh import refresh_results_of
from reports.models import Entry, Explanation, Round, Submission
from reports.questions.answers import Answer
from reports.questions.checks import check_answers, hard_findings, unexplained_findings
from reports.questions.queries.asked import keys_asked, questions_asked
from reports.questions.queries.together import corrected_with
from reports.returns.actions.completeness import must_be_complete
from reports.returns.errors import FindingsError, NewerSaveError
from reports.returns.queries.submissions import answer_of, answers_in, closed_on, latest_round
from targets.periods import Quarter, day_label, nth_working_day_after, short_day_and_time


@transaction.atomic
def save_draft(
    submission: Submission,
    answers: Iterable[Answer],
    by: User,
    now: datetime,
    *,
    seen: str | None = None,
    origin: Origin = Origin.OWN,
) -> Round:
    """Replace the draft as a whole. Who gave an answer that stays as it was is kept.

    `seen` is the `save_token` of the draft that the person had on the page; None: whatever it was.
    `origin` other than OWN: entered for the unit by who reviews it; another person then decides.
    """
    submission = lock_submission(submission)
    answers = list(answers)
    must_fill_in(submission, by, origin)
    must_be_editable(submission)
    must_be_open(submission, origin, now)
    must_have_seen_latest(submission, seen)
    must_be_asked(submission, answers)
    known = {answer_of(entry).key: entry for entry in entries_of(latest_round(submission))}
    draft = draft_of(submission, by, now, origin)
    draft.entries.all().delete()
    Entry.objects.bulk_create(entry_of(draft, each, known.get(each.key), by, now) for each in answers)
    audit.record("submission.saved", submission, by, now, round=draft.number, answers=len(answers), origin=origin)
    return draft


@transaction.atomic
def submit(submission: Submission, by: User, now: datetime, *, enqueue: bool = True) -> Submission:
    """Hand in the draft for review, and with it all that is corrected together with it.

    Raises FindingsError where a hard check fails, or a soft one without a word about it. What was long ago (补录)
    need not be explained.
    """
    submission, *others = lock_together(submission)
    draft = draft_to_hand_in(submission, by, now)
    to_verify = must_pass(submission, draft)
    beside = [(other, *must_pass_beside(other, draft, by, now)) for other in others]
    for each, made, count in [(submission, draft, to_verify), *beside]:
        hand_in(each, made, count, by, now)
    if enqueue:
        refresh_results_of([submission, *others], now)
    return submission


def must_pass(submission: Submission, draft: Round) -> int:
    """How many findings go with it to the reviewer, explained."""
    quarter, answers = Quarter.from_ordinal(submission.quarter), answers_in(draft)
    findings = check_answers(questions_asked(submission.reporter, quarter), answers, quarter)
    unsaid = [] if draft.origin == Origin.BACKFILL else unexplained_findings(findings, answers)
    if hard_findings(findings) or unsaid:
        raise FindingsError([*hard_findings(findings), *unsaid])
    must_be_complete(submission, draft)
    return len(findings)


def must_pass_beside(other: Submission, draft: Round, by: User, now: datetime) -> tuple[Round, int]:
    """The draft of a return that is corrected together with this one; one that was sent back goes on where it was."""
    if not other.rounds.drafts().exists():
        draft_of(other, by, now, draft.origin)
    try:
        made = draft_to_hand_in(other, by, now)
        return made, must_pass(other, made)
    except RefusedError as error:
        sentence = _("没有提交：与本表一并更正的%(quarter)s报表还不能提交，请打开它改好，再一起提交。%(why)s")
        quarter = Quarter.from_ordinal(other.quarter).label
        raise RefusedError(sentence % {"quarter": quarter, "why": error}) from error


def hand_in(submission: Submission, draft: Round, to_verify: int, by: User, now: datetime) -> None:
    draft.submitted_at, draft.submitted_by, draft.due_on = now, by, deadline_of(submission, draft)
    draft.save(update_fields=["submitted_at", "submitted_by", "due_on"])
    submission.state = SubmissionState.SUBMITTED
    submission.save(update_fields=["state"])
    audit.record("submission.submitted", submission, by, now, round=draft.number, to_verify=to_verify)


@transaction.atomic
def withdraw(submission: Submission, by: User, now: datetime, *, enqueue: bool = True) -> Round:
    """Take a hand-in back before it is decided on, and with it all that was handed in together."""
    submission, *others = lock_together(submission)
    draft, *_others = [take_back(each, by, now) for each in (submission, *others)]
    if enqueue:
        refresh_results_of([submission, *others], now)
    return draft


def take_back(submission: Submission, by: User, now: datetime) -> Round:
    """The round stays on record, its answers go on in a new draft."""
    handed_in = round_to_withdraw(submission, by)
    handed_in.decision, handed_in.decided_by, handed_in.decided_at = Decision.WITHDRAWN, by, now
    handed_in.save(update_fields=["decision", "decided_by", "decided_at"])
    submission.state = state_before(submission)
    submission.save(update_fields=["state"])
    draft = continue_from(handed_in, by, now, handed_in.origin)
    audit.record("submission.withdrawn", submission, by, now, round=handed_in.number)
    return draft


def lock_submission(submission: Submission) -> Submission:
    """Lock the return, first of all, and read it as it then stands."""
    return lock_together(submission, alone=True)[0]


def lock_together(submission: Submission, alone: bool = False) -> list[Submission]:
    """The return first, then, unless `alone`, those that are corrected together with it, by quarter; all locked."""
    # Every action on a return begins here. All returns of the unit are locked, by quarter: what is decided of one
    # quarter rests on the others. Who locks many units goes unit by unit (`reporter_id`), so nobody waits in a ring.
    # of self: unit and region stay free.
    rows = Submission.objects.select_for_update(of=("self",)).select_related("reporter__region")
    locked = {each.pk: each for each in rows.filter(reporter=submission.reporter_id).order_by("quarter")}
    if submission.pk not in locked:
        raise Submission.DoesNotExist
    members = [] if alone else corrected_with(submission)
    return [locked[submission.pk], *(each for pk, each in locked.items() if pk in members and pk != submission.pk)]


def must_fill_in(submission: Submission, by: User, origin: str) -> None:
    """The unit's reporter; or, where it is said how the answers came, who reviews the unit (代报, 补录)."""
    if origin == Origin.OWN and permissions.may_report(by, submission.reporter):
        return
    if not permissions.may_enter_for(by, submission.reporter):
        raise PermissionDenied
    if origin == Origin.OWN:
        raise RefusedError(_("代报要注明方式：请选择“电话代报”或“纸质代报”后再保存，您填的内容仍在本页。"))


def must_be_editable(submission: Submission) -> None:
    if submission.state == SubmissionState.SUBMITTED:
        raise RefusedError(_("报表已提交，正在等待审核，不能再修改；如需修改，请先撤回。"))
    if submission.has_lapsed:
        raise RefusedError(lapsed_sentence(submission))
    if not submission.is_editable:
        raise RefusedError(_("报表已审核通过，不能再修改；如需修改，请提出更正申请。"))


def lapsed_sentence(submission: Submission) -> str:
    closed = submission.reporter.closed
    return _("%(unit)s已于%(day)s停业，这一季度不再报送；原来填写的内容都还在，可以查看。") % {
        "unit": submission.reporter,
        "day": day_label(closed) if closed else "",
    }


def must_be_open(submission: Submission, origin: str, now: datetime) -> None:
    """After its closing day a quarter takes nothing more, but for a return with a later deadline of its own."""
    today = now.astimezone(SHANGHAI).date()
    if origin != Origin.BACKFILL and (day := closed_on(submission, today)):
        sentence = _("%(quarter)s已于%(day)s关账，不能再保存或提交，已保存的内容没有丢失。请联系审核单位办理延期。")
        quarter = Quarter.from_ordinal(submission.quarter)
        raise RefusedError(sentence % {"quarter": quarter.label, "day": day_label(day)})


def draft_to_hand_in(submission: Submission, by: User, now: datetime) -> Round:
    """The draft, where this person may hand it in now. What the unit typed itself only the unit hands in."""
    draft = submission.rounds.drafts().first()
    if not (permissions.may_report(by, submission.reporter) or permissions.may_enter_for(by, submission.reporter)):
        raise PermissionDenied
    must_be_editable(submission)
    if draft is None:
        raise RefusedError(_("还没有保存任何内容，请先填写再提交。"))
    if not permissions.may_report(by, submission.reporter):
        must_fill_in(submission, by, draft.origin)
    must_be_open(submission, draft.origin, now)
    return draft


def deadline_of(submission: Submission, draft: Round) -> date | None:
    """What the hand-in is measured by for ever; nothing for a 补录 and for a correction of an approved return."""
    if draft.origin == Origin.BACKFILL or submission.state == SubmissionState.REOPENED:
        return None
    return submission.due_on


def round_to_withdraw(submission: Submission, by: User) -> Round:
    handed_in = submission.rounds.handed_in().select_related("decided_by").last()
    if not (
        permissions.may_report(by, submission.reporter)
        or (handed_in and by.pk == handed_in.submitted_by_id and permissions.may_enter_for(by, submission.reporter))
    ):
        raise PermissionDenied
    if handed_in is None:
        raise RefusedError(_("报表还没有提交，不需要撤回。"))
    if submission.state != SubmissionState.SUBMITTED:
        raise RefusedError(_("不能撤回：%(what)s") % {"what": decided_sentence(handed_in)})
    if submission.reporter_closed_by_the_end and state_before(submission) == SubmissionState.DRAFT:
        raise RefusedError(_("本单位已经停业，撤回后不能再提交；内容有误的，请审核单位退回。"))
    return handed_in


def decided_sentence(decided: Round) -> str:
    """这张报表已由 王审核 于 4月10日 12:00 通过。"""
    return _("这张报表已由 %(who)s 于 %(when)s %(decision)s。") % {
        "who": decided.decided_by,
        "when": short_day_and_time(decided.decided_at or decided.saved_at),
        "decision": decided.get_decision_display(),
    }


def state_before(submission: Submission) -> SubmissionState:
    """Where a return stood before a hand-in that no longer counts."""
    if submission.approved_round_id:
        return SubmissionState.REOPENED
    was_returned = submission.rounds.filter(decision=Decision.RETURNED).exists()
    return SubmissionState.RETURNED if was_returned else SubmissionState.DRAFT


def owe_again(submission: Submission, now: datetime) -> None:
    """Its own days to go over it and to be reviewed, where they end later than those that it has. Not saved here."""
    today = now.astimezone(SHANGHAI).date()
    due_on, _known = nth_working_day_after(today, settings.RETURN_WORKING_DAYS)
    submission.due_on = max(submission.due_on, due_on)
    review_by, _known = nth_working_day_after(submission.due_on, settings.REVIEW_WORKING_DAYS)
    submission.review_by = max(submission.review_by, review_by)


def must_have_seen_latest(submission: Submission, seen: str | None) -> None:
    draft = submission.rounds.drafts().select_related("saved_by").first()
    if seen is None or draft is None or save_token(draft) == seen:
        return
    sentence = _(
        "%(who)s 已于 %(when)s 另外保存过这张报表。您填的内容仍在本页，没有覆盖对方；核对后再次保存，将以本页为准。"
    )
    raise NewerSaveError(sentence % {"who": draft.saved_by, "when": short_day_and_time(draft.saved_at)})


def must_be_asked(submission: Submission, answers: list[Answer]) -> None:
    """An answer outside the return could overwrite another unit's figure."""
    asked = keys_asked(submission.reporter, Quarter.from_ordinal(submission.quarter))
    if any(each.key not in asked for each in answers):
        raise RefusedError(_("填报范围已有变化，请重新打开报表，核对后再保存。"))


def save_token(draft: Round | None) -> str:
    """Names one save of a draft; "" where none was saved yet."""
    return f"{draft.number}@{draft.saved_at.timestamp():.6f}" if draft and draft.submitted_at is None else ""


def draft_of(submission: Submission, by: User, now: datetime, origin: str = Origin.OWN) -> Round:
    """The round that is being filled in, marked as saved now; after a hand-in the next one, with what it had."""
    draft = submission.rounds.drafts().first()
    if draft is None:
        last = submission.rounds.last()
        return continue_from(last, by, now, origin) if last else first_round(submission, by, now, origin)
    draft.saved_at, draft.saved_by, draft.origin = now, by, origin
    draft.save(update_fields=["saved_at", "saved_by", "origin"])
    return draft


def first_round(submission: Submission, by: User, now: datetime, origin: str) -> Round:
    return submission.rounds.create(number=1, saved_at=now, saved_by=by, origin=origin)


def continue_from(given: Round, by: User, now: datetime, origin: str) -> Round:
    """A new draft of the same return, with the answers and explanations of a round that was handed in."""
    submission = given.submission
    last = submission.rounds.aggregate(last=Max("number"))["last"]
    draft = submission.rounds.create(number=last + 1, saved_at=now, saved_by=by, origin=origin)
    for rows in (Entry.objects.filter(round=given), Explanation.objects.filter(round=given)):
        rows.model._default_manager.bulk_create(copy_row(each, draft) for each in rows)
    return draft


def copy_row(row: Any, draft: Round) -> Any:
    row.pk, row.round, row._state.adding = None, draft, True
    return row


def entries_of(made: Round | None) -> QuerySet[Entry]:
    return Entry.objects.filter(round=made) if made else Entry.objects.none()


def entry_of(draft: Round, answer: Answer, before: Entry | None, by: User, now: datetime) -> Entry:
    """The answer as a row; typed by who gave it first, while it stays the same."""
    same = before is not None and answer_of(before) == answer
    return Entry(
        round=draft,
        element_id=answer.element_id,
        subject_id=answer.subject_id,
        value=answer.value,
        not_applicable=answer.not_applicable,
        note=answer.note,
        typed_at=before.typed_at if before and same else now,
        typed_by_id=before.typed_by_id if before and same else by.pk,
    )
