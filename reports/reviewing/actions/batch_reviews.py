"""Approving many returns in one step: each by the ordinary action, so that what changed meanwhile is left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from institutions.models import User
from reports.base.errors import RefusedError
from reports.judging.refresh import refresh_results_of
from reports.models import Round, Submission
from reports.questions.queries.together import returns_in_sets
from reports.returns.queries.submissions import findings_of, with_rounds
from reports.reviewing.actions import reviews
from targets.periods import Quarter

AT_ONCE = 50  # in one transaction: its rows are locked for seconds, and a killed step has done whole parts


@dataclass
class BatchOutcome:
    """approved and, with the reason, left out."""

    approved: list[Submission] = field(default_factory=list)
    skipped: list[tuple[Submission, str]] = field(default_factory=list)


def approve_all(shown: Iterable[Round], by: User, now: datetime) -> BatchOutcome:
    """Approve these rounds, as they were shown; their regions' results are written once for each part."""
    done = BatchOutcome()
    rounds = sorted(shown, key=lambda made: made.submission.reporter_id)
    for start in range(0, len(rounds), AT_ONCE):
        approve_part(rounds[start : start + AT_ONCE], by, now, done)
    return done


@transaction.atomic
def approve_part(part: Sequence[Round], by: User, now: datetime, done: BatchOutcome) -> None:
    """Returns are locked unit by unit, before the regions of their results: two such steps never block."""
    returns = with_rounds(Submission.objects.filter(pk__in=[made.submission_id for made in part]))
    findings = findings_of(returns, Quarter.from_ordinal(part[0].submission.quarter))
    together = returns_in_sets([made.submission_id for made in part])
    approved = []
    for made in part:
        if made.submission_id in together:
            done.skipped.append((made.submission, _("与其他季度一并更正，请打开审核。")))
            continue
        if findings.get(made.submission_id):
            done.skipped.append((made.submission, _("现在有待核实项，请打开逐项审核。")))
            continue
        try:
            approved.append(reviews.approve(made.submission, by, now, seen=made.pk, enqueue=False))
        except RefusedError as error:
            done.skipped.append((made.submission, str(error)))
    if approved:
        refresh_results_of(approved, now)
    done.approved += approved
