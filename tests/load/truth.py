"""What must be true afterwards, whatever happened on the way; each finding is one line, none is what we want."""

import time
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Count

from institutions.models import AuditRecord
from reports.base.enums import Decision, SubmissionState
from reports.judging import recompute
from reports.models import Entry, Figure, ReturnPeriod, Round, StaleParent, Submission
from reports.questions import answers
from targets.models import DataElement, Plan
from tests.load.world import QUARTER, Return


def problems(returns: Collection[Return], accepted: set[int], approved: set[int]) -> list[str]:
    return [*lost(accepted, approved), *twice(), *halves(), *changed(returns)]


def lost(accepted: set[int], approved: set[int]) -> Iterator[str]:
    """What a person was told is there."""
    states = dict(Submission.objects.of_quarter(QUARTER).values_list("pk", "state"))
    handed_in = {SubmissionState.SUBMITTED, SubmissionState.APPROVED}
    yield from (f"return {pk} was accepted and is {states[pk]}" for pk in accepted if states[pk] not in handed_in)
    yield from (
        f"return {pk} was approved and is {states[pk]}" for pk in approved if states[pk] != SubmissionState.APPROVED
    )


def twice() -> Iterator[str]:
    rounds = Round.objects.filter(submitted_at__isnull=False).values("submission").annotate(n=Count("pk"))
    yield from (f"return {row['submission']} has {row['n']} rounds" for row in rounds.filter(n__gt=1))
    for action in ("submission.submitted", "submission.approved"):
        told = AuditRecord.objects.filter(action=action).values("object_id").annotate(n=Count("pk"))
        yield from (f"return {row['object_id']}: {action} is told {row['n']} times" for row in told.filter(n__gt=1))


def halves() -> Iterator[str]:
    """State, round, figures and audit record go together, or none of them."""
    for submission in Submission.objects.of_quarter(QUARTER).prefetch_related("rounds"):
        handed_in = [each for each in submission.rounds.all() if each.submitted_at]
        is_in = submission.state != SubmissionState.DRAFT
        if bool(handed_in) != is_in:
            yield f"return {submission.pk} is {submission.state} with {len(handed_in)} rounds handed in"
        decided = [each for each in handed_in if each.decision == Decision.APPROVED]
        figures = Figure.objects.filter(round__submission=submission).count()
        entries = Entry.objects.filter(round__in=decided).count()
        if bool(decided) != (submission.state == SubmissionState.APPROVED) or figures != entries:
            yield f"return {submission.pk} is {submission.state}: {entries} answers approved, {figures} figures"
    said = set(AuditRecord.objects.filter(action="submission.approved").values_list("object_id", flat=True))
    done = set(Submission.objects.filter(state=SubmissionState.APPROVED).values_list("pk", flat=True))
    yield from (f"return {pk}: approved and told differ" for pk in said ^ done)


def changed(returns: Collection[Return]) -> Iterator[str]:
    """Each handed-in return holds exactly what was typed."""
    elements = DataElement.objects.in_bulk()
    entries: dict[int, dict[str, str]] = {}
    rows = Entry.objects.filter(round__submitted_at__isnull=False).select_related("round")
    for entry in rows:
        name = f"v-{entry.element_id}-{entry.subject_id}"
        typed = answers.typed_text(entry.value, elements[entry.element_id])
        entries.setdefault(entry.round.submission_id, {})[name] = typed
    for each in returns:
        kept = entries.get(each.submission_id)
        if kept is not None and kept != each.fields:
            yield f"return {each.submission_id} holds {len(kept)} answers, not the {len(each.fields)} that were typed"


def wait_for_rollup(seconds: float = 120) -> bool:
    """The product's own worker and beat bring the parents up to date; whether they did."""
    until = time.monotonic() + seconds
    while StaleParent.objects.exists():
        if time.monotonic() > until:
            return False
        time.sleep(0.5)
    return True


def recomputed_otherwise(now: datetime) -> int:
    """Results that a full recompute finds different."""
    plan, period = Plan.objects.get(code="bench"), ReturnPeriod.objects.get(quarter=QUARTER.ordinal)
    return recompute.recompute_period(plan, period, now).changed
