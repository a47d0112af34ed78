"""What happened around a return beside its rounds, and what a person may still do with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from institutions.models import User
from institutions.permissions import Person, may_enter_for, may_report
from reports.base.enums import SubmissionState
from reports.models import Correction, Extension, Round, SpotCheck, Submission
from reports.models.handling import CorrectionQuerySet
from reports.returns.queries.calendar import extensions_of
from reports.returns.queries.submissions import reviewable_returns
from targets.periods import day_label


@dataclass(frozen=True, slots=True)
class ReturnEvent:
    """One line of the return's record. what: 申请更正, 延期 …"""

    at: datetime
    what: str
    who: User | None
    text: str


@dataclass(frozen=True, slots=True)
class CorrectionState:
    """What stands open around a return, and what the person at the screen may do about it.

    entered: the latest round, where others than the unit typed it. correction: the latest request.
    """

    entered: Round | None
    correction: Correction | None
    may_withdraw: bool
    may_enter: bool
    may_ask: bool
    may_answer: bool
    may_end: bool

    @property
    def waits(self) -> bool:
        return self.correction is not None and self.correction.granted is None

    @property
    def was_refused(self) -> bool:
        return self.correction is not None and self.correction.granted is False


def correction_state_of(submission: Submission, user: Person) -> CorrectionState:
    own, above = may_report(user, submission.reporter), may_enter_for(user, submission.reporter)
    last = submission.rounds.select_related("saved_by", "submitted_by").last()
    correction = submission.corrections.select_related("asked_by", "decided_by").last()
    waits = correction is not None and correction.granted is None
    state = submission.state
    return CorrectionState(
        entered=last if last and last.origin else None,
        correction=correction,
        may_withdraw=state == SubmissionState.SUBMITTED
        and (own or (above and last is not None and last.submitted_by_id == user.pk)),
        may_enter=above and not own and submission.is_editable,
        may_ask=state == SubmissionState.APPROVED and (own or above) and not waits,
        may_answer=above and waits and correction is not None and correction.asked_by_id != user.pk,
        may_end=state == SubmissionState.REOPENED and (own or above),
    )


def reviewable_corrections(user: Person) -> CorrectionQuerySet:
    """Requests, answered ones too, about returns that the person reviews."""
    return Correction.objects.filter(submission__in=reviewable_returns(user).order_by().values("pk"))


def waiting_corrections(user: Person) -> QuerySet[Correction]:
    """Requests that wait for the person's answer or a colleague's, oldest first."""
    waiting = reviewable_corrections(user).waiting()
    return waiting.select_related("submission__reporter__region", "asked_by").order_by("asked_at")


def events_of(submission: Submission) -> list[ReturnEvent]:
    """Corrections, extensions and checks on the spot, newest first."""
    corrections = submission.corrections.select_related("asked_by", "decided_by")
    checks = submission.spot_checks.select_related("asked_by", "closed_by", "element", "subject")
    events = [event for each in corrections for event in of_correction(each)]
    events += [of_extension(each) for each in extensions_of(submission)]
    events += [event for each in checks for event in of_check(each)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def of_correction(each: Correction) -> Iterator[ReturnEvent]:
    yield ReturnEvent(each.asked_at, _("申请更正"), each.asked_by, each.reason)
    if each.decided_at:
        granted = _("同意更正") if each.granted else _("不同意更正")
        yield ReturnEvent(each.decided_at, granted, each.decided_by, each.answer)


def of_extension(each: Extension) -> ReturnEvent:
    text = _("%(whom)s延期：填报截止日%(due)s，审核截止日%(review)s。原因：%(reason)s（%(document)s）") % {
        "whom": each.region or each.institution or _("全部"),
        "due": day_label(each.due_on),
        "review": day_label(each.review_by),
        "reason": each.reason,
        "document": each.document,
    }
    return ReturnEvent(each.made_at, _("延期"), each.made_by, text)


def of_check(each: SpotCheck) -> Iterator[ReturnEvent]:
    what = f"{each.element}（{each.subject}）"
    yield ReturnEvent(each.asked_at, _("标记现场核查"), each.asked_by, f"{what}：{each.reason}")
    if each.closed_at:
        yield ReturnEvent(
            each.closed_at, _("现场核查"), each.closed_by, f"{what}：{each.get_outcome_display()}，{each.found}"
        )
