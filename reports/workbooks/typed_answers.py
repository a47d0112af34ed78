"""What a person typed in the cells of one question, understood as an answer. Pure."""

from django.utils.translation import gettext as _

from institutions.texts import fold_width, strip_blanks, trim
from reports.questions.answers import Answer, Question, UnreadableAnswerError, parse_answer
from reports.workbooks.sheets import validation
from reports.workbooks.sheets.reading import TypedAnswer, UploadProblem

TICKS = {"是", "不适用", "√", "✓", "1", "y", "yes", "true"}
CROSSES = {"", "否", "0", "n", "no", "false", "×"}


def parse_typed_answer(typed: TypedAnswer, question: Question) -> Answer | UploadProblem | None:
    """The answer; None for 未填; or what is wrong and where."""
    value, ticked = typed.value, parse_tick(typed.not_applicable)
    if is_not_applicable(value):
        value, ticked = "", True
    if ticked is None:
        return UploadProblem(typed.not_applicable_at, _("“不适用”这一列只选“是”或留空。"))
    try:
        number = parse_answer(value, question.element)
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


def parse_tick(text: str) -> bool | None:
    """None for anything but a tick or its absence."""
    word = fold_width(trim(text)).lower()
    return True if word in TICKS else False if word in CROSSES else None


def is_not_applicable(text: str) -> bool:
    return strip_blanks(text) in (validation.NOT_APPLICABLE, _("不适用"))
