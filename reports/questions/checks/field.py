"""Checks of one answer by itself. Hard."""

from decimal import Decimal

from institutions.texts import trim
from reports.questions import answers as reading
from reports.questions.answers import NUMERIC, Question, answer_text
from reports.questions.checks.fields import fault_in
from reports.questions.checks.sheet import CheckedReturn
from reports.questions.checks.words import check_patterns
from targets.enums import ElementType


def not_answered(question: Question, sheet: CheckedReturn) -> str:
    return "" if question.key in sheet.given else unanswered_sentence(question)


def unanswered_sentence(question: Question) -> str:
    """未填, with what to do about it for this kind of element."""
    if question.element.type not in NUMERIC:
        return check_patterns()["choose"]
    return check_patterns()["blank_or_na" if question.element.allow_not_applicable else "blank"]


def not_applicable_without_reason(question: Question, sheet: CheckedReturn) -> str:
    """As `fields.FAULTS` has it: a draft may keep it without its reason, the hand-in may not."""
    answer = sheet.given[question.key]
    if not answer.not_applicable:
        return ""
    noted = bool(trim(answer.note))
    fault = fault_in(answer.value is not None, True, noted, question.element.allow_not_applicable)
    return check_patterns()[fault.word] if fault else ""


def not_a_value(question: Question, sheet: CheckedReturn) -> str:
    value = sheet.value(question)
    return "" if value is None else reading.problem_of(value, question.element)


def done_after_the_quarter(question: Question, sheet: CheckedReturn) -> str:
    value = sheet.value(question)
    if question.element.type != ElementType.DATE or value is None or value == reading.NOT_DONE:
        return ""
    last = sheet.quarter.last_day.toordinal()
    if value <= last:
        return ""
    return check_patterns()["after_quarter"].format(last=answer_text(Decimal(last), question.element))


def state_without_account(question: Question, sheet: CheckedReturn) -> str:
    """Soft: the words are the reviewer's to judge, but there must be some."""
    answer = sheet.given[question.key]
    if not question.qualitative or answer.not_applicable or trim(answer.note):
        return ""
    return check_patterns()["account"]
