"""What an upload would change: what its person changed since it was given out, against what stands there now. Pure."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.questions import answers as reading
from reports.questions.answers import Answer, Key, Question, UnreadableAnswerError
from reports.questions.checks import check
from reports.workbooks.queries import FilledReturn
from reports.workbooks.sheets import validation
from reports.workbooks.sheets.reading import TypedAnswer, UploadProblem
from reports.workbooks.sheets.seal import SealedPage

TICKS = {"是", "不适用", "√", "✓", "1", "y", "yes", "true"}
CROSSES = {"", "否", "0", "n", "no", "false", "×"}


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that would be written. meanwhile: somebody has changed it since the workbook was given out."""

    question: Question
    at: str
    before: Answer | None
    after: Answer | None
    meanwhile: bool

    @property
    def key(self) -> Key:
        return self.question.key

    @property
    def was(self) -> str:
        return written(self.before, self.question)

    @property
    def becomes(self) -> str:
        return _("清空") if self.after is None else written(self.after, self.question)

    @property
    def is_clearing(self) -> bool:
        return self.after is None


@dataclass
class ReturnChanges:
    """What one return would get. at: where its answers stand in the workbook. locked: why it is not written."""

    filled: FilledReturn
    changes: list[Change] = field(default_factory=list)
    at: dict[Key, str] = field(default_factory=dict)
    locked: str = ""

    @property
    def answers(self) -> dict[Key, Answer]:
        """The whole return as it would then stand."""
        found = dict(self.filled.answers)
        for change in self.changes:
            if change.after is None:
                found.pop(change.key, None)
            else:
                found[change.key] = change.after
        return {key: answer for key, answer in found.items() if key in self.filled.questions}

    @property
    def rows(self) -> list[tuple[Change, str]]:
        """Each change with what the checks would say at its field."""
        findings = check(self.filled.questions.values(), self.answers.values(), self.filled.quarter)
        said: defaultdict[Key, list[str]] = defaultdict(list)
        for finding in findings:
            said[finding.key].append(finding.message)
        return [(change, " ".join(said[change.key]) if change.after else "") for change in self.changes]


def compare(
    page: SealedPage, typed: Iterable[TypedAnswer], returns: Mapping[Key, ReturnChanges]
) -> list[UploadProblem]:
    """Puts the changes of one sheet into the returns that they belong to; gives back what cannot be read."""
    problems, given = [], page.answers
    for each in typed:
        target = returns[each.key]
        question = target.filled.questions[each.key]
        target.at[each.key] = each.at
        found = read(each, question)
        if isinstance(found, UploadProblem):
            problems.append(found)
        elif found != given.get(each.key) and found != (now := target.filled.answers.get(each.key)):
            meanwhile = now != given.get(each.key)
            target.changes.append(Change(question, each.at, now, found, meanwhile))
    return problems


def read(typed: TypedAnswer, question: Question) -> Answer | UploadProblem | None:
    """The answer; None for 未填; or what is wrong and where."""
    value, ticked = typed.value, is_ticked(typed.not_applicable)
    if is_not_applicable(value):
        value, ticked = "", True
    if ticked is None:
        return UploadProblem(typed.not_applicable_at, _("“不适用”这一列只选“是”或留空。"))
    try:
        number = reading.parse(value, question.element)
    except UnreadableAnswerError as error:
        return UploadProblem(typed.at, str(error))
    if ticked and not question.element.allow_not_applicable:
        return UploadProblem(typed.not_applicable_at, _("此项不能填不适用。"))
    if ticked and number is not None:
        return UploadProblem(typed.at, _("选了“不适用”又填了内容，请只留一个。"))
    if len(typed.note) > validation.NOTE_LENGTH:
        sentence = _("说明最多 %(most)d 字，现有 %(now)d 字。")
        return UploadProblem(typed.note_at, sentence % {"most": validation.NOTE_LENGTH, "now": len(typed.note)})
    if ticked and not typed.note:
        return UploadProblem(typed.note_at, _("请写明不适用的原因。"))
    if number is None and not ticked:
        return UploadProblem(typed.note_at, _("写了说明却没有填写内容，说明不能单独保存。")) if typed.note else None
    return Answer(*question.key, number, ticked, typed.note)


def is_ticked(text: str) -> bool | None:
    """None for anything but a tick or its absence."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return True if plain in TICKS else False if plain in CROSSES else None


def is_not_applicable(text: str) -> bool:
    return "".join(text.split()) in (validation.NOT_APPLICABLE, _("不适用"))


def written(answer: Answer | None, question: Question) -> str:
    """An answer as people read it, with its note."""
    if answer is None:
        return _("未填")
    if answer.not_applicable:
        return _("不适用（%(reason)s）") % {"reason": answer.note}
    value = reading.written(answer.value, question.element)
    return _("%(value)s（说明：%(note)s）") % {"value": value, "note": answer.note} if answer.note else value
