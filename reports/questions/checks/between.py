"""Checks between numbers of one unit: parts and wholes, official numbers, and what plans keep as data."""

from collections.abc import Iterator
from decimal import Decimal

from reports.base import numbers
from reports.questions.answers import Comparison, Official, Question, places_of, written
from reports.questions.checks.sheet import Broken, Sheet
from reports.questions.checks.words import patterns
from targets.enums import ElementType
from targets.models import DataElement


def part_over_whole(question: Question, sheet: Sheet) -> str:
    whole = sheet.whole_of(question)
    part_value, whole_value = sheet.value(question), sheet.value(whole) if whole else None
    if whole is None or part_value is None or whole_value is None or part_value <= whole_value:
        return ""
    if question.element.type == ElementType.YESNO:
        return patterns()["part_yes"].format(name=whole.element.name)
    return patterns()["part"].format(
        part=written(part_value, question.element), name=whole.element.name, whole=written(whole_value, whole.element)
    )


def part_over_official(question: Question, sheet: Sheet) -> str:
    """Against the official number of the year itself."""
    official = question.official
    return over(official, question, sheet, "official") if official and official.is_of_year else ""


def part_over_last_official(question: Question, sheet: Sheet) -> str:
    """Soft: last year's number, that serves until this year's is entered, may be outgrown."""
    official = question.official
    return over(official, question, sheet, "official_before") if official and not official.is_of_year else ""


def over(official: Official, question: Question, sheet: Sheet, pattern: str) -> str:
    value = sheet.value(question)
    if value is None or value <= official.value:
        return ""
    whole = numbers.text(official.value, official.unit, trim=True)
    return patterns()[pattern].format(
        part=written(value, question.element), year=official.year, name=official.name, whole=whole
    )


def broken(question: Question, sheet: Sheet) -> Iterator[Broken]:
    """The plans' comparisons that do not hold, each with its sentence."""
    for comparison in question.comparisons:
        amounts = comparison.amounts(sheet.values.get(question.subject.pk, {}))
        if amounts and not comparison.holds(*amounts):
            yield comparison, said(comparison, *amounts)


def said(comparison: Comparison, left: Decimal, right: Decimal) -> str:
    message = comparison.message.replace("{left}", amount(left, comparison.left))
    return message.replace("{right}", amount(right, comparison.right or comparison.left))


def amount(value: Decimal, elements: tuple[DataElement, ...]) -> str:
    """A side's amount as its elements are written; a product may need more decimals than they have."""
    element = elements[0]
    if len(elements) == 1 and value == round(value, places_of(element)):
        return written(value, element, unit=True)
    return numbers.text(value, element.unit, 4, trim=True)
