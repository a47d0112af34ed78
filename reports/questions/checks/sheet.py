"""What the checks work on and give back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from reports.questions.answers import Answer, AnswerKey, Comparison, LaterReturn, Question
from targets.enums import Severity
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence at a field. check: which one it was; others: the further fields that a check between numbers names.

    later: the approved return of a later quarter that it is about.
    """

    element_id: int
    subject_id: int
    severity: Severity
    message: str
    check: str = ""
    others: tuple[AnswerKey, ...] = ()
    later: LaterReturn | None = None

    @property
    def key(self) -> AnswerKey:
        return self.element_id, self.subject_id

    @property
    def is_hard(self) -> bool:
        return self.severity == Severity.HARD


@dataclass(frozen=True, slots=True)
class CheckedReturn:
    """A whole return as the checks see it. values: what was given, by subject and element."""

    quarter: Quarter
    asked: dict[AnswerKey, Question]
    given: dict[AnswerKey, Answer]
    values: dict[int, dict[int, Decimal | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, quarter: Quarter, questions: list[Question], answers: list[Answer]) -> "CheckedReturn":
        sheet = cls(quarter, {each.key: each for each in questions}, {each.key: each for each in answers})
        for answer in answers:
            sheet.values.setdefault(answer.subject_id, {})[answer.element_id] = answer.value
        return sheet

    def value_at(self, key: AnswerKey) -> Decimal | None:
        answer = self.given.get(key)
        return answer.value if answer else None

    def value(self, question: Question) -> Decimal | None:
        return self.value_at(question.key)

    def whole_of(self, question: Question) -> Question | None:
        """The question about the element of which this one is a part, of the same unit."""
        return self.asked.get((question.element.whole_id or 0, question.subject.pk))


Check = Callable[[Question, CheckedReturn], str]  # the sentence; empty where nothing is wrong
Broken = tuple[Comparison, str]
