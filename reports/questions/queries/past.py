"""What is approved around a quarter: what its answers are held against, and what looks back at them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q

from reports.models import Figure
from reports.questions.answers import AnswerKey, LaterAnswer, LaterReturn
from reports.questions.queries.together import AnswersByQuarter
from targets.enums import Accumulation
from targets.models import DataElement
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """An answer of another quarter. together: as typed in a return that is corrected with the one at hand."""

    submission_id: int
    value: Decimal | None
    not_applicable: bool
    rise: Decimal | None
    together: bool = False


Past = dict[AnswerKey, dict[int, PastAnswer]]


def past_answers(
    subjects: Collection[int], elements: Collection[int], quarter: Quarter, together: AnswersByQuarter
) -> Past:
    """By quarter: the one before and the one after, the same one of last year and of the next, what stands in this one,
    all later ones of the year, and of running totals all of the year."""
    first, last = Quarter(quarter.year, 1).ordinal, Quarter(quarter.year, 4).ordinal
    rows = Figure.objects.filter(
        Q(quarter__in=[quarter.ordinal + distance for distance in (-4, -1, 0, 1, 4)])
        | Q(quarter__gt=quarter.ordinal, quarter__lte=last)
        | Q(element__accumulation=Accumulation.RUNNING, quarter__gte=first, quarter__lte=last),
        subject__in=subjects,
        element__in=elements,
    ).values_list("element_id", "subject_id", "quarter", "round__submission_id", "value", "not_applicable", "rise")
    found: Past = defaultdict(dict)
    for element_id, subject_id, ordinal, submission_id, value, not_applicable, rise in rows:
        found[element_id, subject_id][ordinal] = PastAnswer(submission_id, value, not_applicable, rise)
    for ordinal, answers in together.items():
        for key, typed in answers.items():
            known = found[key].get(ordinal)
            rise = rise_with(known, typed.value)
            found[key][ordinal] = PastAnswer(
                known.submission_id if known else 0, typed.value, typed.not_applicable, rise, together=True
            )
    return found


def rise_with(known: PastAnswer | None, value: Decimal | None) -> Decimal | None:
    """The rise of a value that takes the place of another, what was before both being the same."""
    if value is None or known is None or known.value is None or known.rise is None:
        return value
    return known.rise + value - known.value


def with_rises(past: dict[int, PastAnswer], element: DataElement, quarter: Quarter) -> dict[int, PastAnswer]:
    """Where something in it is only typed, a running total's rises over the year of the quarter, reckoned anew."""
    if element.accumulation != Accumulation.RUNNING or not any(each.together for each in past.values()):
        return past
    found, before = dict(past), Decimal(0)
    for ordinal in sorted(past):
        value = past[ordinal].value
        if Quarter.from_ordinal(ordinal).year == quarter.year and ordinal != quarter.ordinal and value is not None:
            found[ordinal] = replace(past[ordinal], rise=value - before)
            before = value
    return found


def later_answers(past: dict[int, PastAnswer], quarter: Quarter) -> Iterator[LaterAnswer]:
    """Those that are not corrected together with the quarter's: these are checked themselves."""
    between, follows = Decimal(0), True
    for ordinal in sorted(each for each in past if each > quarter.ordinal):
        answer, at = past[ordinal], Quarter.from_ordinal(ordinal)
        of_year = at.year == quarter.year
        if answer.value is None:
            continue
        if not answer.together:
            place = LaterReturn(answer.submission_id, at)
            yield LaterAnswer(place, answer.value, answer.rise, follows and of_year, between)
        if of_year:
            between, follows = between + (answer.rise or 0), False
