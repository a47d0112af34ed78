"""What a 补录 must hold: past returns are handed in at once, so each that is begun must be complete."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from reports.questions.answers import Answer, AnswerKey, Question
from reports.questions.checks import check_answers, hard_findings
from reports.workbooks.dry_run import ReturnChanges
from reports.workbooks.sheets.reading import UploadProblem
from targets.enums import Accumulation
from targets.periods import Quarter


def find_gaps(returns: Iterable[ReturnChanges]) -> list[tuple[ReturnChanges, UploadProblem]]:
    """What stands against handing these in, at the cells; the file's own quarters before count as their past."""
    problems: list[tuple[ReturnChanges, UploadProblem]] = []
    earlier: defaultdict[Quarter, dict[AnswerKey, Answer]] = defaultdict(dict)
    for each in sorted(returns, key=lambda each: each.filled.quarter):
        quarter, answers = each.filled.quarter, each.answers
        questions = [carry_forward(question, quarter, earlier) for question in each.filled.questions.values()]
        for finding in hard_findings(check_answers(questions, answers.values(), quarter)):
            place = each.at.get(finding.key, "")
            question = each.filled.questions[finding.key]
            name = _("%(item)s，%(unit)s：") % {"item": question.element.name, "unit": question.subject.name}
            problems.append((each, UploadProblem(place, name + finding.message)))
        earlier[quarter] |= answers
    return problems


def carry_forward(question: Question, quarter: Quarter, earlier: dict[Quarter, dict[AnswerKey, Answer]]) -> Question:
    """The question with what the same file says of the quarter before, where nothing is approved yet."""
    before = earlier.get(quarter + -1, {}).get(question.key)
    if before is None or question.last is not None:
        return question
    is_running = question.element.accumulation == Accumulation.RUNNING
    same_year = (quarter + -1).year == quarter.year
    return replace(
        question,
        last=before.value,
        last_not_applicable=before.not_applicable,
        last_rise=None if question.element.accumulation != Accumulation.FLOW else before.value,
        floor=before.value if is_running and same_year and question.floor is None else question.floor,
    )
