"""The sheet of one return: a row a question, topic by topic."""

from itertools import groupby

from django.utils.translation import gettext as _
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from reports.base.xlsx.drawing import lines_of
from reports.questions import answers as reading
from reports.questions.answers import Answer, Question
from reports.workbooks.queries import Filled
from reports.workbooks.sheets import paper
from reports.workbooks.sheets.seal import Page, plain
from targets.models import DataElement
from targets.periods import day_label

WIDTHS = (30, 22, 40, 9, 12, 14, 8, 34, 10)
VALUE, NOT_APPLICABLE, NOTE, KEY = 6, 7, 8, 9


def heads() -> list[str]:
    return [_("数据项"), _("机构"), _("口径"), _("单位"), _("上季"), _("本季"), _("不适用"), _("说明"), _("编号")]


def draw(page: Worksheet, filled: Filled) -> Page:
    """Draws the sheet and says what it was given out with."""
    title = _("基层卫生健康工作%(quarter)s报表") % {"quarter": filled.quarter.label}
    hint = _("只填有底色的格子：“本季”填数或从下拉中选；没有发生的填 0；确实不适用的在“不适用”选“是”并在“说明”写原因。")
    paper.draw_top(page, title, facts_of(filled), hint)
    paper.draw_head(page, heads(), WIDTHS)
    rules, explained = Rules(page), set()
    rows, row = [], paper.BODY_ROW
    for topic, questions in groupby(filled.questions.values(), key=lambda question: question.element.topic):
        band(page, row, topic)
        for question in questions:
            row += 1
            definition = "" if question.element.pk in explained else definition_of(question.element)
            rows.append(draw_row(page, row, question, definition, filled.answers.get(question.key), rules))
            explained.add(question.element.pk)
        row += 1
    rules.put()
    paper.set_up(page, NOTE, f"B{paper.BODY_ROW}", one_page_wide=True)
    return Page(
        name=page.title,
        quarter=filled.quarter.ordinal,
        heads=heads(),
        rows=rows,
        asked=[list(key) for key in filled.questions],
        given=[plain(answer) for key, answer in filled.answers.items() if key in filled.questions],
    )


def facts_of(filled: Filled) -> str:
    parts = [
        _("填报单位：%s") % filled.reporter.name,
        _("机构代码：%s") % filled.reporter.code,
        _("季度：%s") % filled.quarter.label,
    ]
    if filled.submission:
        parts.append(_("截止：%s") % day_label(filled.submission.due_on))
    return "　".join(parts)


def band(page: Worksheet, row: int, topic: str) -> None:
    for place in range(1, NOTE + 1):
        paper.text(page, row, place, topic if place == 1 else "", bold=True).fill = paper.HEAD_FILL
    page.row_dimensions[row].height = 20


class Rules:
    """The list and number rules of the sheet, one for all cells that share it."""

    def __init__(self, page: Worksheet) -> None:
        self.page = page
        self.found: dict[tuple[str | None, ...], DataValidation] = {}

    def add(self, rule: DataValidation, cell: str) -> None:
        name = (rule.type, rule.formula1, rule.operator, rule.error)
        self.found.setdefault(name, rule).add(cell)

    def put(self) -> None:
        for rule in self.found.values():
            self.page.add_data_validation(rule)


def definition_of(element: DataElement) -> str:
    """口径, with the stretch of time that is counted. Printed once an item, not at each of its units."""
    period = paper.period_of(element)
    return f"【{period}】{element.definition}" if period else element.definition


def draw_row(
    page: Worksheet, row: int, question: Question, definition: str, answer: Answer | None, rules: Rules
) -> list[str]:
    element = question.element
    key = "{}-{}".format(*question.key)
    for place, words in enumerate([element.name, question.subject.name, definition, element.unit], 1):
        paper.boxed(paper.text(page, row, place, words), "center" if place == 4 else "left")
    last = paper.boxed(paper.text(page, row, VALUE - 1, "" if question.last is not None else last_word(question)))
    paper.answer_cell(last, last_answer(question), element, is_open=False)
    value, note = paper.writable(page, row, VALUE), paper.writable(page, row, NOTE)
    paper.answer_cell(value, answer, element, is_open=True)
    rules.add(paper.rule_of(element, value.coordinate), value.coordinate)
    draw_not_applicable(page, row, element.allow_not_applicable, bool(answer and answer.not_applicable), rules)
    paper.note_cell(note, answer.note if answer else "", is_open=True)
    rules.add(paper.note_rule(), note.coordinate)
    paper.text(page, row, KEY, key)
    texts = zip([element.name, question.subject.name, definition], WIDTHS, strict=False)
    page.row_dimensions[row].height = max(20, max(lines_of(words, width) for words, width in texts) * 13 + 5)
    return [key, element.name, question.subject.name]


def last_answer(question: Question) -> Answer | None:
    return Answer(*question.key, question.last) if question.last is not None else None


def last_word(question: Question) -> str:
    return paper.NOT_APPLICABLE if question.last_not_applicable else reading.written(None, question.element)


def draw_not_applicable(page: Worksheet, row: int, allowed: bool, ticked: bool, rules: Rules) -> None:
    cell = paper.boxed(paper.text(page, row, NOT_APPLICABLE, paper.YES if ticked else ""), "center")
    paper.open_or_lock(cell, allowed)
    if allowed:
        rule = paper.choice([paper.YES], with_not_applicable=False)
        rules.add(paper.told(rule, _("不适用"), _("不适用的请选“是”，否则留空。")), cell.coordinate)
