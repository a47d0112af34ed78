"""What is shown before many returns are approved in one step."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from institutions.models import User
from reports.base.enums import SubmissionState
from reports.models import Entry, Round, Submission
from reports.questions.queries.together import returns_in_sets
from reports.returns.queries.submissions import findings_of, latest_handed_in, with_rounds
from reports.reviewing.queries.work_list import (
    ListedReturn,
    WorkListFilters,
    rounds_answered_by,
    with_largest_changes,
    work_list,
)
from targets.enums import ElementType
from targets.models import DataElement

MOST = 200  # in one step
KEY_TOTALS = 4
NUMBERS = (ElementType.COUNT, ElementType.DECIMAL, ElementType.MONEY)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A return that may be approved unseen. totals: beside the columns of its batch; None: not asked of it."""

    listed: ListedReturn
    round: Round
    totals: list[Decimal | None]


@dataclass(frozen=True, slots=True)
class Batch:
    """columns: the elements asked most often, each with its total over the units of a return.

    own: returns left out because the person has a part in them. flagged: those left out for a finding by now.
    together: those corrected together with other quarters, which are looked at one by one.
    more: how many wait for the next step.
    """

    columns: list[DataElement]
    candidates: list[Candidate]
    own: list[ListedReturn]
    flagged: list[ListedReturn]
    together: list[ListedReturn]
    more: int


def batch_of(user: User, filters: WorkListFilters, now: datetime) -> Batch:
    """Returns of the list under review, handed in without a finding and without one now."""
    waiting = [each for each in work_list(user, filters, now).shown if is_clear(each)]
    own_rounds = rounds_answered_by([each.round_id for each in waiting if each.round_id], user)
    others = [each for each in waiting if each.round_id not in own_rounds]
    taken = with_largest_changes(others[:MOST], filters.quarter)
    returns = {each.pk: each for each in with_rounds(Submission.objects.filter(pk__in=[each.id for each in taken]))}
    findings = findings_of(returns.values(), filters.quarter)
    together = returns_in_sets(list(returns))
    clear = [each for each in taken if not findings.get(each.id) and each.id not in together]
    columns, totals = key_totals([each.round_id for each in clear if each.round_id])
    candidates = []
    for each in clear:
        made = latest_handed_in(returns[each.id])
        if made:
            candidates.append(Candidate(each, made, [totals[made.pk].get(column.pk) for column in columns]))
    return Batch(
        columns=columns,
        candidates=candidates,
        own=[each for each in waiting if each.round_id in own_rounds],
        flagged=[each for each in taken if findings.get(each.id)],
        together=[each for each in taken if each.id in together],
        more=len(others) - len(taken),
    )


def is_clear(each: ListedReturn) -> bool:
    return each.state == SubmissionState.SUBMITTED and each.findings == 0


def key_totals(round_ids: Collection[int]) -> tuple[list[DataElement], dict[int, dict[int, Decimal]]]:
    """The numbers answered in most of the rounds, in the order of the form, with each round's total."""
    sums = (
        Entry.objects.filter(round__in=round_ids, element__type__in=NUMBERS, value__isnull=False)
        .exclude(element__unit="%")
        .values_list("round", "element")
        .annotate(total=Sum("value"))
    )
    totals: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    for round_id, element_id, total in sums:
        totals[round_id][element_id] = total
    often = Counter(element_id for of_round in totals.values() for element_id in of_round)
    elements = DataElement.objects.filter(pk__in=often)
    ranked = sorted(elements, key=lambda element: (-often[element.pk], element.position, element.pk))
    columns: Sequence[DataElement] = sorted(ranked[:KEY_TOTALS], key=lambda element: (element.position, element.pk))
    return list(columns), totals
