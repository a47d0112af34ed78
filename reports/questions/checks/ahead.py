"""What an answer would do to the approved ones of later quarters: each check that looks back, asked from there. Pure.

Of what is only asked about, what the approved value did already is not said again: it was explained then.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from reports.questions.answers import Answer, LaterAnswer, Question, RegionGoal, answer_text
from reports.questions.checks.over_time import (
    changed_since_last_quarter,
    changed_since_last_year,
    over_the_goal,
    running_total_falls,
    same_as_last_quarter,
)
from reports.questions.checks.sheet import Check, CheckedReturn, Finding
from reports.questions.checks.words import check_patterns
from targets.enums import Accumulation, Severity
from targets.periods import Quarter

LOOKING_BACK: tuple[Check, ...] = (
    running_total_falls,
    changed_since_last_quarter,
    changed_since_last_year,
    same_as_last_quarter,
    over_the_goal,
)
NUMBERS = re.compile(r"[\d,.]+")
OF_A_LATER_QUARTER = "of_a_later_quarter"  # the name of each of these findings


def findings_ahead(question: Question, sheet: CheckedReturn) -> Iterator[Finding]:
    value = sheet.value(question)
    if value is None:
        return
    for later in question.later:
        for rule in LOOKING_BACK:
            is_hard = rule is running_total_falls
            sentence = rule(*seen_from(later, question, value, sheet.quarter))
            if sentence and (is_hard or not said_before(sentence, rule, later, question, sheet.quarter)):
                words = describe_ahead(is_hard, later, question, sentence)
                severity = Severity.HARD if is_hard else Severity.SOFT
                yield Finding(*question.key, severity, words, OF_A_LATER_QUARTER, later=later.at)


def said_before(sentence: str, rule: Check, later: LaterAnswer, question: Question, quarter: Quarter) -> bool:
    """Whether the approved value had the same said of the later one, but for the numbers: up is not down."""
    if question.in_force is None:
        return False
    before = rule(*seen_from(later, question, question.in_force, quarter))
    return NUMBERS.sub("", before) == NUMBERS.sub("", sentence)


def seen_from(
    later: LaterAnswer, question: Question, value: Decimal, quarter: Quarter
) -> tuple[Question, CheckedReturn]:
    """The later quarter's question and return as they would be with this value before them."""
    gap = later.at.quarter - quarter
    asked = replace(
        question,
        last=value if gap == 1 else None,
        last_rise=question.added(value) if gap == 1 else None,
        year_before=value if gap == 4 else None,
        year_before_rise=question.added(value) if gap == 4 else None,
        floor=floor_of(later, question, value),
        goals=tuple(goals_by(later, question, value)) if later.at.quarter.year == quarter.year else (),
        later=(),
    )
    return asked, CheckedReturn.of(later.at.quarter, [asked], [Answer(*question.key, later.value)])


def floor_of(later: LaterAnswer, question: Question, value: Decimal) -> Decimal | None:
    if question.element.accumulation != Accumulation.RUNNING:
        return None
    return value if later.follows else later.value - (later.rise or 0)


def goals_by(later: LaterAnswer, question: Question, value: Decimal) -> Iterator[RegionGoal]:
    for goal in question.goals:
        yield replace(goal, before=goal.before + question.added(value) + later.between)


def describe_ahead(is_hard: bool, later: LaterAnswer, question: Question, sentence: str) -> str:
    pattern = check_patterns()["ahead_falls" if is_hard else "ahead"]
    value = answer_text(later.value, question.element, unit=True)
    return pattern.format(quarter=later.at.quarter.label, value=value, sentence=sentence)
