"""Returns as people work through them: what is owed, what waits for review, and what changed between rounds."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from institutions.models import Institution
from institutions.permissions import Person, reporting_institutions, reviewable_institutions, visible_institutions
from reports.base.enums import Decision
from reports.models import Entry, Remark, ReturnPeriod, Round, Submission
from reports.models.submission import SubmissionQuerySet
from reports.questions.answers import Answer, AnswerKey
from reports.questions.checks import Finding, check_answers
from reports.questions.queries.asked import questions_asked, questions_for, reporters_asked
from reports.returns.lateness import (
    Lateness,
    books_closed,
    came_late,
    day_of,
    days_left,
    handed_in_late,
    lateness,
    state_word,
    working_days_taken,
)
from targets.models import DataElement
from targets.periods import Quarter

__all__ = ["questions_asked", "questions_for", "reporters_asked"]


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One return in a work list. filled: answers in its latest round. closed: owed, and its quarter takes nothing more
    (已关账).
    """

    submission: Submission
    latest: Round | None
    lateness: Lateness
    days_left: int
    filled: int = 0
    closed: bool = False

    @property
    def quarter(self) -> Quarter:
        return Quarter.from_ordinal(self.submission.quarter)

    @property
    def state_word(self) -> str:
        """待填报, 待审核, 补报待审 …"""
        return state_word(self.submission.state, self.lateness)

    @property
    def is_owed(self) -> bool:
        return self.submission.is_owed

    @property
    def has_lapsed(self) -> bool:
        return self.submission.has_lapsed

    @property
    def is_editable(self) -> bool:
        """Owed, or opened again."""
        return self.submission.is_editable

    @property
    def was_late(self) -> bool:
        return was_late(self.submission)

    @property
    def origin(self) -> str:
        return origin_word(self.latest)

    @property
    def handed_in(self) -> Round | None:
        """What was handed in last and not withdrawn."""
        return latest_handed_in(self.submission)

    @property
    def sent_back(self) -> Round | None:
        """The round that was sent back last, while that still is what stands."""
        made = latest_handed_in(self.submission)
        return made if made and made.decision == Decision.RETURNED else None

    @property
    def was_handed_in(self) -> bool:
        return latest_handed_in(self.submission) is not None


@dataclass(frozen=True, slots=True)
class RoundChange:
    """One answer that differs from the round before; None: not answered there."""

    element: DataElement
    subject: Institution
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class PastRound:
    """A round that was handed in. since: from when it could be filled in; None: not known."""

    round: Round
    changes: list[RoundChange]
    since: datetime | None = None

    @property
    def was_late(self) -> bool:
        return handed_in_late(self.round.due_on, self.round.submitted_at) and not is_withdrawn(self.round)

    @property
    def origin(self) -> str:
        return origin_word(self.round)

    @property
    def days_to_hand_in(self) -> int | None:
        """Working days."""
        at = self.round.submitted_at
        return working_days_taken(self.since, at) if self.since and at else None

    @property
    def days_to_decision(self) -> int | None:
        at, decided = self.round.submitted_at, self.round.decided_at
        return working_days_taken(at, decided) if at and decided and not is_withdrawn(self.round) else None


def own_returns(user: Person) -> QuerySet[Submission]:
    """Returns that the person fills in."""
    return Submission.objects.filter(reporter__in=reporting_institutions(user))


def visible_returns(user: Person) -> QuerySet[Submission]:
    return Submission.objects.filter(reporter__in=visible_institutions(user)).select_related("reporter__region")


def reviewable_returns(user: Person) -> SubmissionQuerySet:
    return Submission.objects.filter(reporter__in=reviewable_institutions(user)).select_related("reporter__region")


def with_rounds(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    rounds = Round.objects.select_related("saved_by", "submitted_by", "decided_by").annotate(filled=Count("entries"))
    closes_on = ReturnPeriod.objects.filter(quarter=OuterRef("quarter")).values("closes_on")
    submissions = submissions.select_related("reporter__region").annotate(closes_on=Subquery(closes_on))
    return submissions.prefetch_related(Prefetch("rounds", rounds.order_by("number")))


def return_row(submission: Any, now: datetime) -> ReturnRow:
    """`submission` comes from `with_rounds`."""
    rounds = list(submission.rounds.all())
    latest = rounds[-1] if rounds else None
    return ReturnRow(
        submission=submission,
        latest=latest,
        lateness=Lateness.NONE if submission.has_lapsed else lateness_of(submission, now),
        days_left=days_left(submission.due_on, now),
        filled=getattr(latest, "filled", 0),
        closed=submission.is_owed and books_closed(submission.closes_on, submission.due_on, day_of(now)),
    )


def lateness_of(submission: Submission, now: datetime) -> Lateness:
    """Of a return whose rounds are at hand."""
    waits_late = came_late(submission.due_on, latest_handed_in(submission))
    return lateness(submission.state, submission.due_on, submission.review_by, was_late(submission), now, waits_late)


def closed_on(submission: Submission, today: date) -> date | None:
    """The day on which the books of its quarter closed (已关账); None while it can still be handed in."""
    if submission.due_on >= today:
        return None
    closes_on = ReturnPeriod.objects.filter(quarter=submission.quarter).values_list("closes_on", flat=True).first()
    return closes_on if books_closed(closes_on, submission.due_on, today) else None


def reporter_worklist(user: Person, now: datetime) -> list[ReturnRow]:
    """All returns of the person's units, the newest quarter first."""
    return [return_row(submission, now) for submission in with_rounds(own_returns(user))]


def findings_of(submissions: Iterable[Submission], quarter: Quarter) -> dict[int, list[Finding]]:
    """The findings of the latest hand-in of each return, by return; in a constant number of queries."""
    handed_in = {each.pk: latest_handed_in(each) for each in submissions}
    rounds = {pk: made for pk, made in handed_in.items() if made}
    reporters = {each.pk: each.reporter_id for each in submissions if each.pk in rounds}
    questions = questions_for(set(reporters.values()), quarter)
    answers = answers_by_round([made.pk for made in rounds.values()])
    return {pk: check_answers(questions[reporters[pk]], answers[made.pk], quarter) for pk, made in rounds.items()}


def latest_handed_in(submission: Submission) -> Round | None:
    """A hand-in that was withdrawn is none."""
    rounds = [each for each in submission.rounds.all() if each.submitted_at and not is_withdrawn(each)]
    return max(rounds, key=lambda made: made.number, default=None)


def origin_word(made: Round | None) -> str:
    """How a round came, where not from the unit itself: 电话代报, 纸质代报, 补录."""
    return str(made.get_origin_display()) if made and made.origin else ""


def is_withdrawn(made: Round) -> bool:
    return made.decision == Decision.WITHDRAWN


def was_late(submission: Submission) -> bool:
    """补报, for ever: handed in after the deadline of that moment, in any of its rounds."""
    rounds = submission.rounds.all()
    return any(handed_in_late(each.due_on, each.submitted_at) and not is_withdrawn(each) for each in rounds)


def latest_round(submission: Submission) -> Round | None:
    """The draft where there is one, else what was handed in last."""
    return submission.rounds.select_related("saved_by", "submitted_by", "decided_by").order_by("-number").first()


def answers_by_round(round_ids: Collection[int]) -> defaultdict[int, list[Answer]]:
    found: defaultdict[int, list[Answer]] = defaultdict(list)
    for entry in Entry.objects.filter(round__in=round_ids):
        found[entry.round_id].append(answer_of(entry))
    return found


def answers_in(made: Round | None) -> list[Answer]:
    return answers_by_round([made.pk])[made.pk] if made else []


def answer_of(entry: Entry) -> Answer:
    return Answer(entry.element_id, entry.subject_id, entry.value, entry.not_applicable, entry.note)


def history_of(submission: Submission) -> list[PastRound]:
    """Every round that was handed in, newest first, each with what it changed, its remarks and its files."""
    rounds = list(
        submission.rounds.handed_in()
        .select_related("saved_by", "submitted_by", "decided_by")
        .prefetch_related("remarks__element", "remarks__subject", "evidence__element", "evidence__subject")
        .order_by("number")
    )
    if not rounds:
        return []
    entries: dict[int, dict[AnswerKey, Entry]] = {made.pk: {} for made in rounds}
    order = ("element__position", "element_id", "subject__code")
    for entry in Entry.objects.filter(round__in=rounds).select_related("element", "subject").order_by(*order):
        entries[entry.round_id][entry.element_id, entry.subject_id] = entry
    begun = times_of_opening(submission, rounds)
    past = [
        PastRound(
            made, changes_between(entries[before.pk], entries[made.pk]) if before else [], begun_before(made, begun)
        )
        for before, made in zip([None, *rounds], rounds, strict=False)
    ]
    return past[::-1]


def times_of_opening(submission: Submission, rounds: list[Round]) -> list[datetime]:
    """The moments from which the return could be filled in: the quarter's opening, each decision, each reopening."""
    opened = ReturnPeriod.objects.filter(quarter=submission.quarter).values_list("opened_at", flat=True)
    granted = submission.corrections.filter(granted=True).values_list(Coalesce("decided_at", "asked_at"), flat=True)
    moments = [*opened, *granted, *(made.decided_at for made in rounds)]
    return [moment for moment in moments if moment]


def begun_before(made: Round, begun: list[datetime]) -> datetime | None:
    return max((moment for moment in begun if made.submitted_at and moment < made.submitted_at), default=None)


def changes_between(before: dict[AnswerKey, Entry], after: dict[AnswerKey, Entry]) -> list[RoundChange]:
    """Compared as answers: value, 不适用 and words."""
    changes = []
    for key in dict.fromkeys([*after, *before]):
        old, new = before.get(key), after.get(key)
        if (old and answer_of(old)) == (new and answer_of(new)):
            continue
        known = new or old
        if known:
            changes.append(RoundChange(known.element, known.subject, old, new))
    return changes


def review_quarters(user: Person) -> list[Quarter]:
    """Quarters with returns that the person reviews, newest first."""
    ordinals = reviewable_returns(user).order_by("-quarter").values_list("quarter", flat=True).distinct()
    return [Quarter.from_ordinal(ordinal) for ordinal in ordinals]


def remarks_of(submission: Submission) -> dict[AnswerKey, str]:
    """The words at fields of the round that was sent back last, by field; none once it was handed in again."""
    last = latest_handed_in(submission)
    if last is None or last.decision != Decision.RETURNED:
        return {}
    return {(each.element_id, each.subject_id): each.text for each in Remark.objects.filter(round=last)}
