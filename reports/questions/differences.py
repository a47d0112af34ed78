"""How far an answer lies from an earlier one. Pure.

A running total is compared by what it added in its quarter, a share (an element in %) by percentage points.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reports.questions.answers import Question
from reports.questions.limits import LARGE_CHANGE, SMALLEST_COMPARED

PERCENT = "%"


@dataclass(frozen=True, slots=True)
class AnswerDifference:
    """now − before in the element's own unit; percent is None where `before` is 0, or in a share."""

    amount: Decimal
    percent: Decimal | None
    in_points: bool = False
    is_large: bool = False

    @property
    def grows(self) -> bool:
        return self.amount > 0


def difference_since_last(question: Question, value: Decimal | None) -> AnswerDifference | None:
    """Against the quarter before."""
    return difference_from(question, value, question.last_amount)


def difference_since_last_year(question: Question, value: Decimal | None) -> AnswerDifference | None:
    """Against the same quarter of last year."""
    return difference_from(question, value, question.year_before_amount)


def difference_from(question: Question, value: Decimal | None, before: Decimal | None) -> AnswerDifference | None:
    if value is None or before is None or not question.is_number:
        return None
    now = question.added(value)
    if question.element.unit == PERCENT:
        return AnswerDifference(now - before, None, in_points=True)
    percent = (now - before) * 100 / before if before else None
    is_large = max(now, before) >= SMALLEST_COMPARED and abs(now - before) > LARGE_CHANGE * before
    return AnswerDifference(now - before, percent, is_large=is_large)


def sum_of_known(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of what is there; None where nothing is."""
    given = [value for value in values if value is not None]
    return sum(given, Decimal(0)) if given else None
