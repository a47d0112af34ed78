"""The word of explanation (核实说明) that a number out of the common needs before it is handed in. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from random import Random

from reports.demo.scenario import SEED
from reports.questions.answers import Answer, Question
from reports.questions.checks import Finding, check_answers, unexplained_findings
from targets.enums import Accumulation
from targets.periods import Quarter

MORE_DONE = ("本季集中开展，已与台账核对。", "上季部分工作顺延到本季完成，已核实。", "本季新增任务较多，数据属实。")
LESS_DONE = (
    "上季已集中完成大部分，本季相应减少。",
    "受农忙和天气影响，本季开展较少，已核实。",
    "数据属实，下季补齐进度。",
)
MORE_THERE = ("较上期增加属实，已与台账核对。", "本季新增已登记在册，数据属实。")
LESS_THERE = ("较上期减少属实，已与台账核对。", "本季重新核对名册后调减，数据属实。")
AS_BEFORE = ("已与台账核对，数据无误。", "逐项核对原始记录，数据属实。")


def explain_findings(questions: Iterable[Question], answers: Iterable[Answer], quarter: Quarter) -> list[Answer]:
    """The same answers, with a note where a soft finding asks for one."""
    questions, answers = list(questions), list(answers)
    asked = {each.key: each for each in questions}
    found = {each.key: each for each in unexplained_findings(check_answers(questions, answers, quarter), answers)}
    return [
        replace(answer, note=explanation_note(asked[answer.key], answer, found[answer.key], quarter))
        if answer.key in found
        else answer
        for answer in answers
    ]


def explanation_note(question: Question, answer: Answer, finding: Finding, quarter: Quarter) -> str:
    random = Random(f"{SEED} note {question.subject.code} {question.element.code} {quarter}")
    return random.choice(words_for(question, answer, finding))


def words_for(question: Question, answer: Answer, finding: Finding) -> tuple[str, ...]:
    of_year = finding.check == "changed_since_last_year"
    before = question.year_before_amount if of_year else question.last_amount
    if answer.value is None or before is None or question.added(answer.value) == before:
        return AS_BEFORE
    is_more = question.added(answer.value) > before
    if question.element.accumulation == Accumulation.STOCK:
        return MORE_THERE if is_more else LESS_THERE
    return MORE_DONE if is_more else LESS_DONE
