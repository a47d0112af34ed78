"""The reviewer's work list. All returns of a quarter are listed lightly, so that thousands can be counted, filtered
and sorted in a constant number of queries; only a page of them is read whole."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from institutions.models import AuditRecord, Institution
from institutions.permissions import Person
from reports.base.enums import Decision, Origin, SubmissionState
from reports.models import Entry, Remark, Round, Submission
from reports.questions.answers import AnswerKey
from reports.questions.limits import SMALLEST_COMPARED
from reports.questions.queries.reach import is_in_scope
from reports.returns.lateness import Lateness, came_late, handed_in_late, lateness
from reports.returns.queries.explanations import plans_targets
from reports.returns.queries.submissions import ReturnRow, return_row, reviewable_returns, with_rounds
from targets.models import DataElement, Target
from targets.periods import Quarter

State = SubmissionState
ORDER = [State.SUBMITTED, State.RETURNED, State.DRAFT, State.REOPENED, State.APPROVED]
LATE, ON_TIME = "late", "on_time"
ENTERED_FOR = "entered"  # 代报, by telephone or from paper
SOME, NONE = "some", "none"


@dataclass(frozen=True, slots=True)
class WorkPlace:
    id: int
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class LargestChange:
    """The largest change of a return against the last quarter's approved figures, in per cent."""

    element: DataElement
    percent: Decimal


@dataclass(frozen=True, slots=True)
class ListedReturn:
    """One return in the list. findings: soft ones at its hand-in, None where nothing is handed in."""

    id: int
    unit: str
    code: str
    kind: str
    place: WorkPlace
    state: str
    due_on: date
    lateness: Lateness
    was_late: bool
    origin: str
    round_id: int | None
    submitted_at: datetime | None
    findings: int | None
    jump: LargestChange | None = None


@dataclass(frozen=True, slots=True)
class WorkListFilters:
    """What of a quarter is listed, and in which order. Every one is a word of the address; empty: all."""

    quarter: Quarter
    state: str = ""
    late: str = ""
    findings: str = ""
    change: str = ""
    origin: str = ""
    kind: str = ""
    place: str = ""
    q: str = ""
    sort: str = ""

    def holds(self, each: ListedReturn) -> bool:
        return self.state in ("", each.state) and self.holds_but_state(each)

    def holds_but_state(self, each: ListedReturn) -> bool:
        return (
            self.holds_late(each)
            and self.findings in ("", SOME if each.findings else NONE if each.findings == 0 else "?")
            and self.kind in ("", each.kind)
            and self.place in ("", str(each.place.id))
            and self.origin in ("", each.origin, ENTERED_FOR if each.origin in (Origin.PHONE, Origin.PAPER) else "?")
            and (not self.q or self.q.lower() in f"{each.unit} {each.code}".lower())
            and (not self.change or (each.jump is not None and abs(each.jump.percent) >= int(self.change)))
        )

    def holds_late(self, each: ListedReturn) -> bool:
        if self.late == LATE:
            return each.was_late
        if self.late == ON_TIME:
            return each.submitted_at is not None and not each.was_late
        return self.late in ("", each.lateness)

    @property
    def needs_changes(self) -> bool:
        """Whether the largest change of every return must be known, not only of those shown."""
        return bool(self.change) or self.sort == "change"


def by_state(each: ListedReturn) -> Any:
    return ORDER.index(State(each.state))


SORTS: dict[str, Callable[[ListedReturn], Any]] = {
    "": by_state,
    "unit": lambda each: (each.place.position, each.place.id, each.code),
    "submitted": lambda each: (each.submitted_at is None, each.submitted_at),
    "due": lambda each: each.due_on,
    "findings": lambda each: -(each.findings or 0),
    "change": lambda each: -abs(each.jump.percent) if each.jump else Decimal(1),
}


@dataclass(frozen=True, slots=True)
class WorkList:
    """counts: by state, of what the other filters let through. places, kinds: what there is to choose from."""

    shown: list[ListedReturn]
    counts: Counter[str]
    places: list[WorkPlace] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


def work_list(user: Person, filters: WorkListFilters, now: datetime) -> WorkList:
    found = listed_returns(user, filters.quarter, now)
    if filters.needs_changes:
        found = with_largest_changes(found, filters.quarter)
    passing = [each for each in found if filters.holds_but_state(each)]
    shown = sorted(filter(filters.holds, passing), key=SORTS[filters.sort])
    places = {each.place.id: each.place for each in found}
    return WorkList(
        shown,
        Counter(each.state for each in passing),
        sorted(places.values(), key=lambda place: (place.position, place.id)),
        sorted({each.kind for each in found}),
    )


RETURN_FIELDS = ("pk", "state", "due_on", "review_by", "reporter__name", "reporter__code", "reporter__kind")
PLACE_FIELDS = ("reporter__region", "reporter__region__name", "reporter__region__position")


def listed_returns(user: Person, quarter: Quarter, now: datetime) -> list[ListedReturn]:
    """All returns of the quarter that the person reviews and that did not lapse, in the order of the register; three
    queries."""
    of_quarter = reviewable_returns(user).of_quarter(quarter).standing()
    returns = list(of_quarter.values(*RETURN_FIELDS, *PLACE_FIELDS))
    rounds: dict[int, list[Round]] = {each["pk"]: [] for each in returns}
    facts = ("submission_id", "number", "origin", "due_on", "submitted_at", "decision")
    for made in Round.objects.filter(submission__in=list(rounds)).only(*facts).order_by("number"):
        rounds[made.submission_id].append(made)
    findings = findings_at_hand_in(rounds)
    return [list_return(each, rounds[each["pk"]], findings, now) for each in returns]


def list_return(
    of: dict[str, Any], rounds: list[Round], findings: dict[tuple[int, int], int], now: datetime
) -> ListedReturn:
    handed_in = [each for each in rounds if each.submitted_at and each.decision != Decision.WITHDRAWN]
    late = any(handed_in_late(each.due_on, each.submitted_at) for each in handed_in)
    last = handed_in[-1] if handed_in else None
    return ListedReturn(
        id=of["pk"],
        unit=of["reporter__name"],
        code=of["reporter__code"],
        kind=of["reporter__kind"],
        place=WorkPlace(of["reporter__region"], of["reporter__region__name"], of["reporter__region__position"]),
        state=of["state"],
        due_on=of["due_on"],
        lateness=lateness(of["state"], of["due_on"], of["review_by"], late, now, came_late(of["due_on"], last)),
        was_late=late,
        origin=rounds[-1].origin if rounds else "",
        round_id=last.pk if last else None,
        submitted_at=last.submitted_at if last else None,
        findings=findings.get((of["pk"], last.number), 0) if last else None,
    )


def findings_at_hand_in(submission_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many soft findings each hand-in had, by return and round, as its record says."""
    records = AuditRecord.objects.filter(
        object_type=Submission._meta.label_lower, object_id__in=list(submission_ids), action="submission.submitted"
    )
    details = records.values_list("object_id", "detail")
    return {(pk, detail["round"]): detail["to_verify"] for pk, detail in details if pk}


# A running total by what its quarter added, see `reports.questions.differences`; from 0 there is no percentage.
# DISTINCT ON keeps the first row of each round in the order below: the greatest change, then a fixed one.
LARGEST_JUMPS = """
SELECT DISTINCT ON (round_id) round_id, element_id, (now - before) * 100 / before
FROM (
    SELECT entry.round_id, entry.element_id, entry.subject_id,
        CASE accumulation
            WHEN 'running' THEN entry.value - CASE WHEN %(is_first)s THEN 0 ELSE last.value END
            ELSE entry.value
        END AS now,
        CASE accumulation WHEN 'running' THEN last.rise ELSE last.value END AS before
    FROM reports_entry entry
    JOIN targets_dataelement element
        ON element.id = entry.element_id AND type IN ('count', 'decimal', 'money') AND unit <> '%%'
    JOIN reports_figure last
        ON last.subject_id = entry.subject_id AND last.element_id = entry.element_id AND last.quarter = %(last)s
    WHERE entry.round_id = ANY(%(rounds)s) AND entry.value IS NOT NULL AND last.value IS NOT NULL
) compared
WHERE before > 0 AND now <> before AND greatest(now, before) >= %(smallest)s
ORDER BY round_id, abs(now - before) / before DESC, element_id, subject_id
"""


def largest_changes(round_ids: Collection[int], quarter: Quarter) -> dict[int, LargestChange]:
    """By round; one without a comparable number is left out."""
    values: dict[str, Any] = {
        "rounds": list(round_ids),
        "last": quarter.ordinal - 1,
        "is_first": quarter.number == 1,
        "smallest": SMALLEST_COMPARED,
    }
    with connection.cursor() as cursor:
        cursor.execute(LARGEST_JUMPS, values)
        rows = cursor.fetchall()
    elements = DataElement.objects.in_bulk({element_id for _, element_id, _ in rows})
    return {round_id: LargestChange(elements[element_id], percent) for round_id, element_id, percent in rows}


def with_largest_changes(returns: list[ListedReturn], quarter: Quarter) -> list[ListedReturn]:
    jumps = largest_changes([each.round_id for each in returns if each.round_id], quarter)
    return [replace(each, jump=jumps.get(each.round_id or 0)) for each in returns]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A line of the list as it is shown."""

    listed: ListedReturn
    row: ReturnRow


def work_rows(page: list[ListedReturn], quarter: Quarter, now: datetime) -> list[WorkRow]:
    """A page of the list, read whole and in its order."""
    returns = {each.pk: each for each in with_rounds(Submission.objects.filter(pk__in=[each.id for each in page]))}
    return [WorkRow(each, return_row(returns[each.id], now)) for each in with_largest_changes(page, quarter)]


def rounds_answered_by(round_ids: Collection[int], user: Person) -> set[int]:
    """Rounds in which the person gave an answer, saved or handed in: another has to decide on them."""
    by_hand = Entry.objects.filter(round__in=round_ids, typed_by=user.pk).values_list("round", flat=True)
    own = Round.objects.filter(pk__in=round_ids)
    whole = own.filter(saved_by=user.pk) | own.filter(submitted_by=user.pk)
    return {*by_hand.distinct(), *whole.values_list("pk", flat=True)}


def remarks_at(submission: Submission) -> dict[AnswerKey, list[Remark]]:
    """The words at fields of all rounds, by field, the oldest first."""
    found: defaultdict[AnswerKey, list[Remark]] = defaultdict(list)
    for each in Remark.objects.filter(round__submission=submission).select_related("round").order_by("round__number"):
        found[each.element_id, each.subject_id].append(each)
    return dict(found)


def targets_fed(submission: Submission, subjects: Collection[Institution]) -> dict[int, list[Target]]:
    """Which targets of the plans that ask in the quarter the answers about these units go into, by element."""
    found: defaultdict[int, list[Target]] = defaultdict(list)
    likes = {(unit.kind, unit.grade, unit.ownership, unit.region.level): unit for unit in subjects}.values()
    of_plans = plans_targets(submission).select_related("indicator", "plan")
    for target in of_plans.order_by("plan__first_day", "plan", "position"):
        if any(is_in_scope(target, unit) for unit in likes):
            formula = target.indicator
            for element_id in {formula.element_id, formula.over_id, formula.against_id}:
                found[element_id or 0].append(target)
    return dict(found)
