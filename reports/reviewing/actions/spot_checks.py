"""Marking a figure for a look on the spot (现场核查), and keeping what was found. Apart from approval: a mark holds
nothing up and an outcome changes no figure; who finds a figure wrong has it corrected."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit, permissions
from institutions.models import User
from institutions.texts import trim
from reports.base.enums import SpotCheckOutcome
from reports.base.errors import RefusedError
from reports.models import Entry, SpotCheck, Submission
from reports.questions.answers import AnswerKey
from reports.returns.actions.submissions import lock_submission
from reports.returns.queries.submissions import latest_handed_in
from targets.periods import short_day_and_time

REASON_LENGTH: int = SpotCheck._meta.get_field("reason").max_length or 0


@transaction.atomic
def ask(submission: Submission, field: AnswerKey, reason: str, by: User, now: datetime) -> SpotCheck:
    """Mark a figure that was handed in."""
    submission, reason = lock_submission(submission), trim(reason)
    must_review(submission, by)
    if not reason:
        raise RefusedError(_("请写明为什么要现场核查，让去的人知道看什么。"))
    if len(reason) > REASON_LENGTH:
        raise RefusedError(_("核查原因最多 %(most)d 字，请缩短。") % {"most": REASON_LENGTH})
    element_id, subject_id = field
    handed_in = latest_handed_in(submission)
    if not Entry.objects.filter(round=handed_in, element=element_id, subject=subject_id).exists():
        raise RefusedError(_("这一项没有提交过数据，不能标记现场核查。"))
    must_be_unmarked(submission, field)
    made = submission.spot_checks.create(
        element_id=element_id, subject_id=subject_id, reason=reason, asked_by=by, asked_at=now
    )
    audit.record("spot_check.asked", made, by, now, submission=submission.pk, reason=reason)
    return made


@transaction.atomic
def close(check: SpotCheck, outcome: str, found: str, by: User, now: datetime) -> SpotCheck:
    """Keep what was found, once."""
    submission, found = lock_submission(check.submission), trim(found)
    must_review(submission, by)
    check = SpotCheck.objects.select_related("closed_by").get(pk=check.pk)
    if check.outcome != SpotCheckOutcome.OPEN:
        closed_at = short_day_and_time(check.closed_at or check.asked_at)
        raise RefusedError(
            _("这项核查已由 %(who)s 于 %(at)s 登记为“%(outcome)s”，没有覆盖。")
            % {"who": check.closed_by, "at": closed_at, "outcome": check.get_outcome_display()}
        )
    if outcome not in (SpotCheckOutcome.CONFIRMED, SpotCheckOutcome.DIFFERENT, SpotCheckOutcome.FALSE):
        raise RefusedError(_("请选择核查结果：属实、有出入或不属实。"))
    if not found:
        raise RefusedError(_("请写明核查情况：看了什么台账、核实的数是多少。"))
    check.outcome, check.found, check.closed_by, check.closed_at = SpotCheckOutcome(outcome), found, by, now
    check.save(update_fields=["outcome", "found", "closed_by", "closed_at"])
    audit.record("spot_check.closed", check, by, now, submission=submission.pk, outcome=outcome, found=found)
    return check


def must_review(submission: Submission, by: User) -> None:
    if not permissions.may_review(by, submission.reporter):
        raise PermissionDenied


def must_be_unmarked(submission: Submission, field: AnswerKey) -> None:
    open_ones = submission.spot_checks.open().filter(element=field[0], subject=field[1])
    marked = open_ones.select_related("asked_by").first()
    if marked:
        raise RefusedError(
            _("这一项已由 %(who)s 于 %(at)s 标记现场核查，不需要重复标记。")
            % {"who": marked.asked_by, "at": short_day_and_time(marked.asked_at)}
        )
