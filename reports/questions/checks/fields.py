"""What counts as an answer: how content, 不适用 and note go together. Pure.

One table for the form, the workbook and the checks; the page's script walks the same one (`faults_for_page`).
"""

from dataclasses import dataclass
from typing import Literal

from institutions.texts import trim
from reports.questions.answers import Answer, Question, UnreadableAnswerError, parse_answer
from reports.questions.checks.words import check_patterns
from reports.questions.limits import NOTE_LENGTH

Field = Literal["value", "not_applicable", "note"]


class MisfitFieldsError(UnreadableAnswerError):
    """The fields of one question are no answer together. field: the one to correct."""

    def __init__(self, sentence: str, field: Field) -> None:
        super().__init__(sentence)
        self.field: Field = field


@dataclass(frozen=True, slots=True)
class Fault:
    """How fields do not go together; None: whatever stands there. word: its sentence, by its name.

    is_kept: a draft keeps it, unfinished as it is; only the hand-in is refused.
    """

    word: str
    field: Field
    filled: bool | None = None
    ticked: bool | None = None
    noted: bool | None = None
    allowed: bool | None = None
    is_kept: bool = False

    def fits(self, filled: bool, ticked: bool, noted: bool, allowed: bool) -> bool:
        wanted = (self.filled, self.ticked, self.noted, self.allowed)
        stands = (filled, ticked, noted, allowed)
        return all(each in (None, now) for each, now in zip(wanted, stands, strict=True))


FAULTS = (
    Fault("not_allowed", "not_applicable", ticked=True, allowed=False),
    Fault("both", "value", filled=True, ticked=True),
    Fault("reason", "note", ticked=True, noted=False, is_kept=True),
    Fault("note_alone_or_na", "note", filled=False, ticked=False, noted=True, allowed=True),
    Fault("note_alone", "note", filled=False, ticked=False, noted=True, allowed=False),
)


def fault_in(filled: bool, ticked: bool, noted: bool, allowed: bool) -> Fault | None:
    """The first that fits. allowed: whether the element may be 不适用."""
    return next((each for each in FAULTS if each.fits(filled, ticked, noted, allowed)), None)


def read_fields(question: Question, typed: str, ticked: bool, note: str) -> Answer | None:
    """The answer in a question's fields; None for 未填. Raises UnreadableAnswerError."""
    value, note = parse_answer(typed, question.element), trim(note)
    if len(note) > NOTE_LENGTH:
        sentence = check_patterns()["note_long"].format(most=NOTE_LENGTH, now=len(note))
        raise MisfitFieldsError(sentence, "note")
    fault = fault_in(value is not None, ticked, bool(note), question.element.allow_not_applicable)
    if fault and not fault.is_kept:
        raise MisfitFieldsError(check_patterns()[fault.word], fault.field)
    return Answer(*question.key, value, ticked, note) if ticked or value is not None else None


def faults_for_page() -> list[list[object]]:
    """[word, filled, ticked, noted, allowed] of each; null where it does not matter."""
    return [[each.word, each.filled, each.ticked, each.noted, each.allowed] for each in FAULTS]
