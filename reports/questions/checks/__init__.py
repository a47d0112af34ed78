"""Checks between the answers of one return. Pure.

Hard findings block the hand-in with a sentence at the field. Soft ones (核实) ask for a word of explanation, the note
of the answer (核实说明): without it they block, too (`unexplained_findings`); with it they pass and reach the reviewer.

The page's script says the same while people type: the sentences are `check_patterns()`, the plans' comparisons
`facts_for_page`, and of each `Question` it needs `floor`, `last_amount`, `year_before_amount` (both in the sense of
`Question.added`), for a flow `last`, and `goals` and `official`. What looks ahead (`ahead`) the server alone says, with
each save. docs/checks.md lists every check.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from institutions.texts import trim
from reports.questions.answers import NUMERIC, Answer, Comparison, Question
from reports.questions.checks.ahead import LOOKING_BACK, OF_A_LATER_QUARTER, findings_ahead
from reports.questions.checks.between import (
    broken_comparisons,
    part_over_last_official,
    part_over_official,
    part_over_whole,
)
from reports.questions.checks.field import (
    done_after_the_quarter,
    not_a_value,
    not_answered,
    not_applicable_without_reason,
    state_without_account,
)
from reports.questions.checks.over_time import (
    changed_since_last_quarter,
    changed_since_last_year,
    over_the_goal,
    running_total_falls,
    same_as_last_quarter,
)
from reports.questions.checks.sheet import Check, CheckedReturn, Finding
from reports.questions.checks.words import check_patterns
from targets.enums import Severity
from targets.periods import Quarter

__all__ = [
    "HARD_CHECKS",
    "LOOKING_BACK",
    "NUMERIC",
    "OF_A_LATER_QUARTER",
    "OF_A_PLAN",
    "SOFT_CHECKS",
    "Finding",
    "Severity",
    "check_answers",
    "check_patterns",
    "facts_for_page",
    "hard_findings",
    "unexplained_findings",
]

HARD_CHECKS: tuple[Check, ...] = (
    not_answered,
    not_applicable_without_reason,
    not_a_value,
    done_after_the_quarter,
    part_over_whole,
    part_over_official,
    running_total_falls,
)
SOFT_CHECKS: tuple[Check, ...] = (
    changed_since_last_quarter,
    changed_since_last_year,
    same_as_last_quarter,
    over_the_goal,
    part_over_last_official,
    state_without_account,
)
OF_A_PLAN = "of_a_plan"  # the name of every comparison that a plan keeps as data


def check_answers(questions: Iterable[Question], answers: Iterable[Answer], quarter: Quarter) -> list[Finding]:
    """All findings, in the order of the questions; the first hard one of a field stands alone."""
    sheet = CheckedReturn.of(quarter, list(questions), list(answers))
    return [finding for question in sheet.asked.values() for finding in findings_at(question, sheet)]


def hard_findings(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_hard]


def unexplained_findings(findings: Iterable[Finding], answers: Iterable[Answer]) -> list[Finding]:
    """The soft findings whose answer has no note, one a field, with what to do. Show each as the field's error."""
    explained = {answer.key for answer in answers if trim(answer.note)}
    open_ones = [each for each in findings if not each.is_hard and each.key not in explained]
    return [merge_findings(list(of_field)) for _, of_field in groupby(open_ones, attrgetter("key"))]


def merge_findings(findings: list[Finding]) -> Finding:
    """An account of a state asks for words by itself."""
    words = [finding.message for finding in findings]
    if any(finding.check != state_without_account.__name__ for finding in findings):
        words.append(check_patterns()["explain"])
    later = next((finding.later for finding in findings if finding.later), None)
    return replace(findings[0], message="".join(words), later=later)


def findings_at(question: Question, sheet: CheckedReturn) -> Iterator[Finding]:
    for rule in HARD_CHECKS:
        if sentence := rule(question, sheet):
            yield Finding(*question.key, Severity.HARD, sentence, rule.__name__)
            return
    compared = dict.fromkeys(findings_of_plans(question, sheet))  # two plans may say the same
    ahead = list(findings_ahead(question, sheet))
    if first := next((each for each in (*compared, *ahead) if each.is_hard), None):
        yield first
        return
    for rule in SOFT_CHECKS:
        if sentence := rule(question, sheet):
            yield Finding(*question.key, Severity.SOFT, sentence, rule.__name__)
    yield from compared
    yield from ahead


def findings_of_plans(question: Question, sheet: CheckedReturn) -> Iterator[Finding]:
    for comparison, sentence in broken_comparisons(question, sheet):
        others = tuple((pk, question.subject.pk) for pk in named_elements(comparison) if pk != question.element.pk)
        yield Finding(*question.key, comparison.severity, sentence, OF_A_PLAN, others)


def named_elements(comparison: Comparison) -> list[int]:
    return list(dict.fromkeys(element.pk for element in (*comparison.left, *comparison.right)))


def facts_for_page(questions: Iterable[Question]) -> list[dict[str, object]]:
    """The plans' comparisons for the page's script: only those of numbers, the others are told by the server.

    left, right: names of fields ("element-subject"), each side to be added up; a comparison is passed over while one
    of them is empty, 不适用 or unreadable. It fails unless left `operator` factor x right + number (<=, <, =, >=, >;
    factor and number are decimals in text). The message goes to the first field of `left`, a soft one as a hint, with
    {left} and {right} replaced by the amounts: thousands separated, the unit behind.
    """
    return [
        comparison_facts(comparison, question)
        for question in questions
        for comparison in question.comparisons
        if all(element.type in NUMERIC for element in (*comparison.left, *comparison.right))
    ]


def comparison_facts(comparison: Comparison, question: Question) -> dict[str, object]:
    subject, right = question.subject.pk, comparison.right or comparison.left
    return {
        "left": [f"{element.pk}-{subject}" for element in comparison.left],
        "operator": str(comparison.operator),
        "right": [f"{element.pk}-{subject}" for element in comparison.right],
        "factor": f"{comparison.factor:f}",
        "number": f"{comparison.number:f}",
        "severity": str(comparison.severity),
        "message": comparison.message,
        "left_unit": comparison.left[0].unit,
        "right_unit": right[0].unit,
    }
