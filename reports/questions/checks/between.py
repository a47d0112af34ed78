"""Checks between numbers of one unit: parts and wholes, official numbers, and what plans keep as data."""

from collections.abc import Iterator
from decimal import Decimal

from reports.base import numbers
from reports.questions.answers import Comparison, OfficialValue, Question, answer_text, places_of
from reports.questions.checks.sheet import Broken, CheckedReturn
from reports.questions.checks.words import check_patterns
from targets.enums import ElementType
from targets.models import DataElement


def part_over_whole(question: Question, sheet: CheckedReturn) -> str:
    whole = sheet.whole_of(question)
    part_value, whole_value = sheet.value(question), sheet.value(whole) if whole else None
    if whole is None or part_value is None or whole_value is None or part_value <= whole_value:
        return ""
    if question.element.type == ElementType.YESNO:
        return check_patterns()["part_yes"].format(name=whole.element.name)
    return check_patterns()["part"].format(
        part=answer_text(part_value, question.element),
        name=whole.element.name,
        whole=answer_text(whole_value, whole.element),
    )


def part_over_official(question: Question, sheet: CheckedReturn) -> str:
    """Against the official number of the year itself."""
    official = question.official
    return over_official(official, question, sheet, "official") if official and official.is_of_year else ""


def part_over_last_official(question: Question, sheet: CheckedReturn) -> str:
    """Soft: last year's number, that serves until this year's is entered, may be outgrown."""
    official = question.official
    return over_official(official, question, sheet, "official_before") if official and not official.is_of_year else ""


def over_official(official: OfficialValue, question: Question, sheet: CheckedReturn, pattern: str) -> str:
    value = sheet.value(question)
    if value is None or value <= official.value:
        return ""
    whole = numbers.text(official.value, official.unit)
    return check_patterns()[pattern].format(
        part=answer_text(value, question.element), year=official.year, name=official.name, whole=whole
    )


def broken_comparisons(question: Question, sheet: CheckedReturn) -> Iterator[Broken]:
    """The plans' comparisons that do not hold, each with its sentence."""
    for comparison in question.comparisons:
        amounts = comparison.amounts(sheet.values.get(question.subject.pk, {}))
        if amounts and not comparison.holds(*amounts):
            yield comparison, comparison_sentence(comparison, *amounts)


def comparison_sentence(comparison: Comparison, left: Decimal, right: Decimal) -> str:
    message = comparison.message.replace("{left}", amount_text(left, comparison.left))
    return message.replace("{right}", amount_text(right, comparison.right or comparison.left))


def amount_text(value: Decimal, elements: tuple[DataElement, ...]) -> str:
    """A side's amount as its elements are written; a product may need more decimals than they have."""
    element = elements[0]
    if len(elements) == 1 and value == round(value, places_of(element)):
        return answer_text(value, element, unit=True)
    return numbers.text(value, element.unit, 4)
