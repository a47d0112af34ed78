"""Checks against earlier quarters and against what is to be reached. Amounts in the sense of `Question.added`."""

from decimal import Decimal

from reports.questions.answers import Question, written
from reports.questions.checks.sheet import Sheet
from reports.questions.checks.words import patterns
from targets.enums import Accumulation

LARGE_CHANGE = Decimal("0.3")
SMALLEST_COMPARED = Decimal(10)
SMALLEST_GOAL = Decimal(20)
MOST_OF_GOAL = Decimal("1.5")


def running_total_falls(question: Question, sheet: Sheet) -> str:
    """Against the latest approved total of the year; the earlier quarter is to be corrected first."""
    value = sheet.value(question)
    if question.floor is None or value is None or value >= question.floor:
        return ""
    return patterns()["falls"].format(floor=written(question.floor, question.element, unit=True))


def changed_since_last_quarter(question: Question, sheet: Sheet) -> str:
    return changed(question, sheet, question.last_amount, "")


def changed_since_last_year(question: Question, sheet: Sheet) -> str:
    return changed(question, sheet, question.year_before_amount, "year_")


def changed(question: Question, sheet: Sheet, before: Decimal | None, prefix: str) -> str:
    """By more than LARGE_CHANGE either way, where one of the two amounts is at least SMALLEST_COMPARED."""
    value = sheet.value(question)
    if not question.is_number or value is None or before is None:
        return ""
    now = question.added(value)
    if max(now, before) < SMALLEST_COMPARED or now == before:
        return ""
    if before <= 0:
        return patterns()[f"{prefix}from_zero"]
    change = (now - before) / before
    if abs(change) <= LARGE_CHANGE:
        return ""
    pattern = patterns()[prefix + ("rise" if change > 0 else "drop")]
    return pattern.format(before=written(before, question.element, unit=True), percent=f"{abs(change) * 100:.0f}")


def same_as_last_quarter(question: Question, sheet: Sheet) -> str:
    """What happened in a quarter is hardly ever the same to the digit; more likely it was copied."""
    value = sheet.value(question)
    if question.element.accumulation != Accumulation.FLOW or not question.is_number or value is None:
        return ""
    if value != question.last or value < SMALLEST_COMPARED:
        return ""
    return patterns()["same"].format(before=written(question.last, question.element, unit=True))


def over_the_goal(question: Question, sheet: Sheet) -> str:
    """With what was approved before, over MOST_OF_GOAL of a total of at least SMALLEST_GOAL."""
    value = sheet.value(question)
    if value is None:
        return ""
    for goal in question.goals:
        reached = goal.before + question.added(value)
        if goal.wanted >= SMALLEST_GOAL and reached > MOST_OF_GOAL * goal.wanted:
            return patterns()["too_much"].format(
                sum=written(reached, question.element, unit=True),
                name=goal.name,
                wanted=written(goal.wanted, question.element, unit=True),
            )
    return ""
