"""Checks between the answers of one return. Pure.

Hard findings block the hand-in with a sentence at the field; soft ones (核实) pass and are shown to the
reporter and the reviewer. The same sentences, as patterns, are given to the page's script by `patterns`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from institutions import numerals
from reports import answers as reading
from reports.answers import Answer, Key, Question, written
from targets.enums import Accumulation, ElementType
from targets.periods import Quarter

NUMERIC = (ElementType.COUNT, ElementType.DECIMAL, ElementType.MONEY)
LARGE_CHANGE = Decimal("0.3")
SMALLEST_COMPARED = Decimal(10)


class Severity(StrEnum):
    HARD = "hard"
    SOFT = "soft"


@dataclass(frozen=True, slots=True)
class Finding:
    element_id: int
    subject_id: int
    severity: Severity
    message: str

    @property
    def key(self) -> Key:
        return self.element_id, self.subject_id

    @property
    def is_hard(self) -> bool:
        return self.severity == Severity.HARD


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole return as the checks see it."""

    quarter: Quarter
    asked: dict[Key, Question]
    given: dict[Key, Answer]


def check(questions: Iterable[Question], answers: Iterable[Answer], quarter: Quarter) -> list[Finding]:
    """All findings, in the order of the questions; the first hard one of a field stands alone."""
    sheet = Sheet(quarter, {each.key: each for each in questions}, {each.key: each for each in answers})
    return [finding for question in sheet.asked.values() for finding in findings_at(question, sheet)]


def hard(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_hard]


def findings_at(question: Question, sheet: Sheet) -> Iterator[Finding]:
    for rule in HARD_RULES:
        if sentence := rule(question, sheet):
            yield Finding(*question.key, Severity.HARD, sentence)
            return
    for rule in SOFT_RULES:
        if sentence := rule(question, sheet):
            yield Finding(*question.key, Severity.SOFT, sentence)


def not_answered(question: Question, sheet: Sheet) -> str:
    return "" if question.key in sheet.given else unanswered(question)


def not_applicable_without_reason(question: Question, sheet: Sheet) -> str:
    answer = sheet.given[question.key]
    if not answer.not_applicable:
        return ""
    if not question.element.allow_not_applicable:
        return _("此项不能填不适用。")
    return "" if answer.note.strip() else patterns()["reason"]


def not_a_value(question: Question, sheet: Sheet) -> str:
    value = value_at(question.key, sheet)
    return "" if value is None else reading.problem_of(value, question.element)


def done_after_the_quarter(question: Question, sheet: Sheet) -> str:
    value = value_at(question.key, sheet)
    if question.element.type != ElementType.DATE or value is None or value == reading.NOT_DONE:
        return ""
    if value <= sheet.quarter.last_day.toordinal():
        return ""
    last = written(Decimal(sheet.quarter.last_day.toordinal()), question.element)
    return patterns()["after_quarter"].format(last=last)


def part_over_whole(question: Question, sheet: Sheet) -> str:
    whole = sheet.asked.get((question.element.whole_id or 0, question.subject.pk))
    part_value, whole_value = value_at(question.key, sheet), value_at(whole.key, sheet) if whole else None
    if whole is None or part_value is None or whole_value is None or part_value <= whole_value:
        return ""
    if question.element.type == ElementType.YESNO:
        return patterns()["part_yes"].format(name=whole.element.name)
    return patterns()["part"].format(
        part=written(part_value, question.element), name=whole.element.name, whole=written(whole_value, whole.element)
    )


def running_total_falls(question: Question, sheet: Sheet) -> str:
    value = value_at(question.key, sheet)
    if question.floor is None or value is None or value >= question.floor:
        return ""
    return patterns()["falls"].format(floor=written(question.floor, question.element, unit=True))


def changed_much(question: Question, sheet: Sheet) -> str:
    """What the quarter added (a stock: the position) against the same of the quarter before."""
    now, before = compared(question, value_at(question.key, sheet))
    if now is None or before is None or max(now, before) < SMALLEST_COMPARED or now == before:
        return ""
    if before <= 0:
        return patterns()["from_zero"]
    change = (now - before) / before
    if abs(change) <= LARGE_CHANGE:
        return ""
    return patterns()["rise" if change > 0 else "drop"].format(
        before=written(before, question.element, unit=True), percent=f"{abs(change) * 100:.0f}"
    )


def state_without_account(question: Question, sheet: Sheet) -> str:
    answer = sheet.given[question.key]
    if not question.qualitative or answer.not_applicable or answer.note.strip():
        return ""
    return _("没有写完成情况说明，请补充做了什么。")


Rule = Callable[[Question, Sheet], str]
HARD_RULES: tuple[Rule, ...] = (
    not_answered,
    not_applicable_without_reason,
    not_a_value,
    done_after_the_quarter,
    part_over_whole,
    running_total_falls,
)
SOFT_RULES: tuple[Rule, ...] = (changed_much, state_without_account)


def value_at(key: Key, sheet: Sheet) -> Decimal | None:
    answer = sheet.given.get(key)
    return answer.value if answer else None


def compared(question: Question, value: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """This quarter's amount and the last one's, in the same sense: a running total by its rise."""
    element = question.element
    if element.type not in NUMERIC or value is None:
        return None, None
    if element.accumulation == Accumulation.RUNNING:
        return value - (question.floor or 0), question.last_rise
    return value, question.last


def unanswered(question: Question) -> str:
    """未填, with what to do about it for this kind of element."""
    if question.element.type not in NUMERIC:
        return patterns()["choose"]
    return patterns()["blank_or_na" if question.element.allow_not_applicable else "blank"]


def patterns() -> dict[str, str]:
    """Every sentence that the page's script says too, with {places} to fill."""
    return {
        "number": _("“{typed}”不是数字，请只填阿拉伯数字。"),
        "negative": numerals.negative(),
        "whole": numerals.too_fine(0),
        "places": _("最多保留 {places} 位小数。"),
        "blank": _("未填。没有发生的请填 0。"),
        "blank_or_na": _("未填。没有发生的请填 0；确实不适用的请勾选“不适用”并写明原因。"),
        "choose": _("未填。"),
        "reason": _("请写明不适用的原因。"),
        "part": _("{part} 大于“{name}”的 {whole}，部分不能大于总数。"),
        "part_yes": _("填“是”时，“{name}”也应为“是”。"),
        "falls": _("本年累计数不能小于前一季的 {floor}。"),
        "after_quarter": _("日期晚于本季末 {last}，本季只填已经完成的。"),
        "rise": _("比上季（{before}）增加 {percent}%，请核实。"),
        "drop": _("比上季（{before}）减少 {percent}%，请核实。"),
        "from_zero": _("上季为 0，请核实。"),
        "both": _("勾选了“不适用”又填了内容，请只留一个。"),
        "left": _("还有 {count} 项未填"),
        "filled": _("全部已填"),
    }
