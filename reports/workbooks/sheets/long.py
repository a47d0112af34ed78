"""The sheet of one return: a row a question, topic by topic."""

from itertools import groupby

from django.utils.translation import gettext as _
from openpyxl.worksheet.worksheet import Worksheet

from reports.base.xlsx.drawing import lines_of, writable_cell
from reports.questions.answers import Answer, Question, answer_text
from reports.workbooks.queries import FilledReturn
from reports.workbooks.sheets import layout, validation
from reports.workbooks.sheets.seal import SealedPage, pack_answer
from reports.workbooks.sheets.validation import ValidationRules
from targets.models import DataElement
from targets.periods import day_label

WIDTHS = (30, 22, 40, 9, 12, 14, 8, 34, 10)
VALUE, NOT_APPLICABLE, NOTE, KEY = 6, 7, 8, 9


def list_heads() -> list[str]:
    return [_("数据项"), _("机构"), _("口径"), _("单位"), _("上季"), _("本季"), _("不适用"), _("说明"), _("编号")]


def draw_return_sheet(sheet: Worksheet, filled: FilledReturn) -> SealedPage:
    """Draws the sheet and says what it was given out with."""
    title = _("基层卫生健康工作%(quarter)s报表") % {"quarter": filled.quarter.label}
    hint = _("只填有底色的格子：“本季”填数或从下拉中选；没有发生的填 0；确实不适用的在“不适用”选“是”并在“说明”写原因。")
    layout.draw_top(sheet, title, compose_facts(filled), hint)
    layout.draw_head(sheet, list_heads(), WIDTHS)
    rules, explained = ValidationRules(sheet), set()
    rows, row = [], layout.BODY_ROW
    for topic, questions in groupby(filled.questions.values(), key=lambda question: question.element.topic):
        draw_topic_band(sheet, row, topic)
        for question in questions:
            row += 1
            definition = "" if question.element.pk in explained else compose_definition(question.element)
            rows.append(draw_question_row(sheet, row, question, definition, filled.answers.get(question.key), rules))
            explained.add(question.element.pk)
        row += 1
    rules.attach()
    layout.set_up_sheet(sheet, NOTE, f"B{layout.BODY_ROW}", one_page_wide=True)
    return SealedPage(
        name=sheet.title,
        quarter=filled.quarter.ordinal,
        heads=list_heads(),
        rows=rows,
        asked=[list(key) for key in filled.questions],
        given=[pack_answer(answer) for key, answer in filled.answers.items() if key in filled.questions],
    )


def compose_facts(filled: FilledReturn) -> str:
    parts = [
        _("填报单位：%s") % filled.reporter.name,
        _("机构代码：%s") % filled.reporter.code,
        _("季度：%s") % filled.quarter.label,
    ]
    if filled.submission:
        parts.append(_("截止：%s") % day_label(filled.submission.due_on))
    return "　".join(parts)


def draw_topic_band(sheet: Worksheet, row: int, topic: str) -> None:
    for place in range(1, NOTE + 1):
        layout.write_text(sheet, row, place, topic if place == 1 else "", bold=True).fill = layout.HEAD_FILL
    sheet.row_dimensions[row].height = 20


def compose_definition(element: DataElement) -> str:
    """口径, with the stretch of time that is counted. Printed once an item, not at each of its units."""
    period = layout.period_of(element)
    return f"【{period}】{element.definition}" if period else element.definition


def draw_question_row(
    sheet: Worksheet, row: int, question: Question, definition: str, answer: Answer | None, rules: ValidationRules
) -> list[str]:
    """Gives the hidden key and the texts by which the row is known when it comes back."""
    element = question.element
    key = "{}-{}".format(*question.key)
    for place, words in enumerate([element.name, question.subject.name, definition, element.unit], 1):
        layout.box_cell(layout.write_text(sheet, row, place, words), "center" if place == 4 else "left")
    draw_last_quarter(sheet, row, question)
    value, note = writable_cell(sheet, row, VALUE), writable_cell(sheet, row, NOTE)
    layout.draw_answer(value, answer, element, is_open=True)
    rules.add(validation.make_answer_rule(element, value.coordinate), value.coordinate)
    draw_not_applicable(sheet, row, element.allow_not_applicable, bool(answer and answer.not_applicable), rules)
    layout.draw_note(note, answer.note if answer else "", is_open=True)
    rules.add(validation.make_note_rule(), note.coordinate)
    layout.write_text(sheet, row, KEY, key)
    texts = zip([element.name, question.subject.name, definition], WIDTHS, strict=False)
    sheet.row_dimensions[row].height = max(20, max(lines_of(words, width) for words, width in texts) * 13 + 5)
    return [key, element.name, question.subject.name]


def draw_last_quarter(sheet: Worksheet, row: int, question: Question) -> None:
    """The value of the quarter before; where there is none, the word for it."""
    answer = Answer(*question.key, question.last) if question.last is not None else None
    missing = validation.NOT_APPLICABLE if question.last_not_applicable else answer_text(None, question.element)
    cell = layout.box_cell(layout.write_text(sheet, row, VALUE - 1, "" if answer else missing))
    layout.draw_answer(cell, answer, question.element, is_open=False)


def draw_not_applicable(sheet: Worksheet, row: int, allowed: bool, ticked: bool, rules: ValidationRules) -> None:
    cell = layout.box_cell(layout.write_text(sheet, row, NOT_APPLICABLE, validation.YES if ticked else ""), "center")
    layout.open_or_lock_cell(cell, allowed)
    if allowed:
        rule = validation.make_choice_rule([validation.YES], with_not_applicable=False)
        rules.add(validation.add_message(rule, _("不适用"), _("不适用的请选“是”，否则留空。")), cell.coordinate)
