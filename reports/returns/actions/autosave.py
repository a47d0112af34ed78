"""Answers as they are typed: single cells merged into the draft, so that no two pages overwrite each other unseen.

A cell is written where it stands as the page believed, or already as the page wants it. Else somebody changed it
meanwhile: it is left as it is and given back as a conflict, for the person to choose.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from institutions import audit
from institutions.models import AuditRecord, User
from reports.base.enums import Origin
from reports.models import Entry, Round, Submission
from reports.questions.answers import Answer, AnswerKey
from reports.returns.actions.submissions import (
    draft_of,
    entries_of,
    entry_of,
    lock_submission,
    must_be_asked,
    must_be_editable,
    must_be_open,
    must_fill_in,
    save_token,
)
from reports.returns.queries.submissions import answer_of, latest_round

ONE_RECORD = timedelta(minutes=10)  # of typing by one person
WRITTEN = ("value", "not_applicable", "note", "typed_by", "typed_at")


@dataclass(frozen=True, slots=True)
class TypedCell:
    """One cell as it was left. was: what its page believed to be saved. None is 未填."""

    key: AnswerKey
    answer: Answer | None
    was: Answer | None


@dataclass(frozen=True, slots=True)
class AutosaveOutcome:
    """before: the `save_token` that this save found. entries: all that is saved now, who and when with each."""

    round: Round | None
    before: str
    conflicts: list[AnswerKey]
    entries: dict[AnswerKey, Entry]


@transaction.atomic
def save_cells(
    submission: Submission,
    typed: Collection[TypedCell],
    by: User,
    now: datetime,
    *,
    origin: Origin = Origin.OWN,
    asked: Collection[AnswerKey] | None = None,
) -> AutosaveOutcome:
    """Write the cells that nobody else changed meanwhile; the others come back as conflicts.

    `asked`: what the return asks, from a caller who has just looked.
    """
    submission = lock_submission(submission)
    must_fill_in(submission, by, origin)
    must_be_editable(submission)
    must_be_open(submission, origin, now)
    if asked is None or any(each.key not in asked for each in typed):
        must_be_asked(submission, [each.answer for each in typed if each.answer])
    shown = latest_round(submission)
    entries = {answer_of(entry).key: entry for entry in entries_of(shown).select_related("typed_by")}
    saved = {key: answer_of(entry) for key, entry in entries.items()}
    conflicts = [each.key for each in typed if saved.get(each.key) not in (each.answer, each.was)]
    changed = [each for each in typed if each.key not in conflicts and saved.get(each.key) != each.answer]
    if not changed:
        return AutosaveOutcome(shown, save_token(shown), conflicts, entries)
    at = moment_of(shown, now)
    draft = draft_of(submission, by, at, origin)
    write_cells(draft, changed, entries, by, at)
    record_save(submission, draft, by, now)
    return AutosaveOutcome(draft, save_token(shown), conflicts, entries)


def moment_of(shown: Round | None, now: datetime) -> datetime:
    """Later than the last save even where the clock is not, so that every save has a token of its own."""
    return max(now, shown.saved_at + timedelta(microseconds=1)) if shown else now


def write_cells(
    draft: Round, changed: Collection[TypedCell], entries: dict[AnswerKey, Entry], by: User, at: datetime
) -> None:
    """`entries` is brought up to date with what is written."""
    rows = [entry_of(draft, each.answer, None, by, at) for each in changed if each.answer]
    Entry.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["round", "element", "subject"], update_fields=WRITTEN
    )
    emptied = [each.key for each in changed if each.answer is None]
    if emptied:
        cells = (Q(element=element_id, subject=subject_id) for element_id, subject_id in emptied)
        draft.entries.filter(reduce(or_, cells)).delete()
    for key in emptied:
        del entries[key]
    entries.update({answer_of(row).key: row for row in rows})


def record_save(submission: Submission, draft: Round, by: User, now: datetime) -> None:
    """One audit record a person and ten minutes of typing, not one a key; each entry says who typed it last."""
    of_late = AuditRecord.objects.filter(
        object_type=submission._meta.label_lower,
        object_id=submission.pk,
        action="submission.typed",
        by=by,
        at__gt=now - ONE_RECORD,
        at__lte=now,
        detail__round=draft.number,
    )
    if not of_late.exists():
        audit.record("submission.typed", submission, by, now, round=draft.number, origin=draft.origin)
