"""What a person typed in the cells of one question, understood as an answer. Pure."""

from decimal import Decimal

from django.utils.translation import gettext as _

from institutions.texts import fold_width, strip_blanks, trim
from reports.questions.answers import Answer, Question, UnreadableAnswerError, answer_text, typed_text
from reports.questions.checks.fields import MisfitFieldsError, read_fields
from reports.workbooks.sheets import validation
from reports.workbooks.sheets.reading import TypedAnswer, UploadProblem
from targets.models import DataElement

TICKS = {"是", "不适用", "√", "✓", "1", "y", "yes", "true"}
CROSSES = {"", "否", "0", "n", "no", "false", "×"}


def parse_typed_answer(typed: TypedAnswer, question: Question) -> Answer | UploadProblem | None:
    """The answer; None for 未填; or what is wrong and where."""
    ticked = parse_tick(typed.not_applicable)
    if ticked is None:
        return UploadProblem(typed.not_applicable_at, _("“不适用”这一列只选“是”或留空。"))
    is_word = is_not_applicable(typed.value)
    try:
        return read_fields(question, "" if is_word else typed.value, ticked or is_word, typed.note)
    except MisfitFieldsError as error:
        places = {"value": typed.at, "not_applicable": typed.not_applicable_at, "note": typed.note_at}
        return UploadProblem(places[error.field], str(error))
    except UnreadableAnswerError as error:
        return UploadProblem(typed.at, str(error))


def is_as_given(typed: TypedAnswer, given: Answer | None, element: DataElement | None) -> bool:
    """Whether the cells stand as they were given out: then nothing is asked of them, whatever would be said of them
    now. element: None where it is no longer known; then only empty cells are."""
    if given is None:
        return not (typed.value or typed.not_applicable or typed.note)
    is_word = is_not_applicable(typed.value)
    ticked = is_word or parse_tick(typed.not_applicable)
    if ticked != given.not_applicable or trim(typed.note) != trim(given.note):
        return False
    return ("" if is_word else trim(typed.value)) in texts_of(given.value, element)


def texts_of(value: Decimal | None, element: DataElement | None) -> set[str]:
    """How a value given out may read when it comes back."""
    if value is None:
        return {""}
    found = {f"{value.normalize():f}"}
    return found | {answer_text(value, element), typed_text(value, element)} if element else found


def parse_tick(text: str) -> bool | None:
    """None for anything but a tick or its absence."""
    word = fold_width(trim(text)).lower()
    return True if word in TICKS else False if word in CROSSES else None


def is_not_applicable(text: str) -> bool:
    return strip_blanks(text) in (validation.NOT_APPLICABLE, _("不适用"))
