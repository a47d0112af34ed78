"""What an upload would do: change by change, return by return, and as a whole."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from reports.questions.answers import Answer, AnswerKey, Question, answer_text
from reports.questions.checks import check_answers
from reports.returns.actions.submissions import save_token
from reports.workbooks.queries import FilledReturn, ReturnKey
from reports.workbooks.sheets.reading import UploadProblem
from reports.workbooks.upload_scope import UploadScope
from targets.periods import Quarter

FIRST_REASONS = 5  # of a return that is left


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """One answer that would be written. meanwhile: somebody has changed it since the workbook was given out."""

    question: Question
    at: str
    before: Answer | None
    after: Answer | None
    meanwhile: bool

    @property
    def key(self) -> AnswerKey:
        return self.question.key

    @property
    def was(self) -> str:
        return describe_answer(self.before, self.question)

    @property
    def becomes(self) -> str:
        return _("清空") if self.after is None else describe_answer(self.after, self.question)

    @property
    def is_clearing(self) -> bool:
        return self.after is None


@dataclass
class ReturnChanges:
    """What one return would get. at: where its answers stand in the workbook.

    locked: why it takes nothing now. problems: what stands against what was typed for it.
    """

    filled: FilledReturn
    changes: list[AnswerChange] = field(default_factory=list)
    at: dict[AnswerKey, str] = field(default_factory=dict)
    locked: str = ""
    problems: list[UploadProblem] = field(default_factory=list)

    @property
    def reasons(self) -> list[UploadProblem]:
        """Why it is left as it is."""
        if self.locked:
            return [UploadProblem("", self.locked)]
        return self.problems or [UploadProblem("", _("同一单位的其他季度有问题，一并没有写入。"))]

    @property
    def first_reasons(self) -> list[UploadProblem]:
        return self.reasons[:FIRST_REASONS]

    @property
    def other_reasons(self) -> int:
        return max(0, len(self.reasons) - FIRST_REASONS)

    @property
    def answers(self) -> dict[AnswerKey, Answer]:
        """The whole return as it would then stand."""
        found = dict(self.filled.answers)
        for change in self.changes:
            if change.after is None:
                found.pop(change.key, None)
            else:
                found[change.key] = change.after
        return {key: answer for key, answer in found.items() if key in self.filled.questions}

    @property
    def rows(self) -> list[tuple[AnswerChange, str]]:
        """Each change with what the checks would say at its field."""
        findings = check_answers(self.filled.questions.values(), self.answers.values(), self.filled.quarter)
        messages: defaultdict[AnswerKey, list[str]] = defaultdict(list)
        for finding in findings:
            messages[finding.key].append(finding.message)
        return [(change, " ".join(messages[change.key]) if change.after else "") for change in self.changes]


@dataclass
class DryRun:
    """What an upload would do. token: with which it can be written; "" while anything stands against all of it.

    problems: against the whole file. gone: rows of units that answer nothing here any more.
    """

    scope: UploadScope
    problems: list[UploadProblem] = field(default_factory=list)
    returns: list[ReturnChanges] = field(default_factory=list)
    gone: list[UploadProblem] = field(default_factory=list)
    token: str = ""

    @property
    def troubled(self) -> set[int]:
        """Units with trouble in any of their quarters; a unit is written whole or not at all."""
        return {each.filled.reporter.pk for each in self.returns if each.problems and not each.locked}

    @property
    def to_write(self) -> list[ReturnChanges]:
        troubled = self.troubled
        return [each for each in self.with_changes if not each.locked and each.filled.reporter.pk not in troubled]

    @property
    def with_changes(self) -> list[ReturnChanges]:
        return [each for each in self.returns if each.changes]

    @property
    def left(self) -> list[ReturnChanges]:
        """Returns that the file would change, or was meant to, and that stay as they are."""
        written = {each.filled.key for each in self.to_write}
        return [each for each in self.returns if (each.changes or each.problems) and each.filled.key not in written]

    @property
    def count(self) -> int:
        return sum(len(each.changes) for each in self.to_write)

    @property
    def to_open(self) -> list[Quarter]:
        return sorted({each.filled.quarter for each in self.to_write if each.filled.submission is None})

    @property
    def shown(self) -> dict[ReturnKey, str]:
        """The save of each draft that would be written over."""
        return {each.filled.key: save_token(each.filled.latest) for each in self.to_write}


def describe_answer(answer: Answer | None, question: Question) -> str:
    """An answer as people read it, with its note."""
    if answer is None:
        return _("未填")
    if answer.not_applicable:
        return _("不适用（%(reason)s）") % {"reason": answer.note}
    value = answer_text(answer.value, question.element)
    return _("%(value)s（说明：%(note)s）") % {"value": value, "note": answer.note} if answer.note else value
