"""Checks against earlier quarters and against what is to be reached. Amounts in the sense of `Question.added`."""

from decimal import Decimal

from reports.questions.answers import Question, answer_text
from reports.questions.checks.sheet import CheckedReturn
from reports.questions.checks.words import check_patterns
from reports.questions.limits import LARGE_CHANGE, MOST_OF_GOAL, SMALLEST_COMPARED, SMALLEST_GOAL, percent_of
from targets.enums import Accumulation


def running_total_falls(question: Question, sheet: CheckedReturn) -> str:
    """Against the latest approved total of the year; the earlier quarter is to be corrected first."""
    value = sheet.value(question)
    if question.floor is None or value is None or value >= question.floor:
        return ""
    return check_patterns()["falls"].format(floor=answer_text(question.floor, question.element, unit=True))


def changed_since_last_quarter(question: Question, sheet: CheckedReturn) -> str:
    return large_change(question, sheet, question.last_amount, "")


def changed_since_last_year(question: Question, sheet: CheckedReturn) -> str:
    return large_change(question, sheet, question.year_before_amount, "year_")


def large_change(question: Question, sheet: CheckedReturn, before: Decimal | None, prefix: str) -> str:
    """By more than LARGE_CHANGE either way, where one of the two amounts is at least SMALLEST_COMPARED."""
    value = sheet.value(question)
    if not question.is_number or value is None or before is None:
        return ""
    now = question.added(value)
    if max(now, before) < SMALLEST_COMPARED or now == before:
        return ""
    if before <= 0:
        return check_patterns()[f"{prefix}from_zero"]
    change = (now - before) / before
    if abs(change) <= LARGE_CHANGE:
        return ""
    pattern = check_patterns()[prefix + ("rise" if change > 0 else "drop")]
    return pattern.format(before=answer_text(before, question.element, unit=True), percent=percent_of(abs(change)))


def same_as_last_quarter(question: Question, sheet: CheckedReturn) -> str:
    """What happened in a quarter is hardly ever the same to the digit; more likely it was copied."""
    value = sheet.value(question)
    if question.element.accumulation != Accumulation.FLOW or not question.is_number or value is None:
        return ""
    if value != question.last or value < SMALLEST_COMPARED:
        return ""
    return check_patterns()["same"].format(before=answer_text(question.last, question.element, unit=True))


def over_the_goal(question: Question, sheet: CheckedReturn) -> str:
    """With what was approved before, over MOST_OF_GOAL of a total of at least SMALLEST_GOAL."""
    value = sheet.value(question)
    if value is None:
        return ""
    for goal in question.goals:
        reached = goal.before + question.added(value)
        if goal.wanted >= SMALLEST_GOAL and reached > MOST_OF_GOAL * goal.wanted:
            return check_patterns()["too_much"].format(
                sum=answer_text(reached, question.element, unit=True),
                name=goal.name,
                wanted=answer_text(goal.wanted, question.element, unit=True),
                percent=percent_of(MOST_OF_GOAL),
            )
    return ""
