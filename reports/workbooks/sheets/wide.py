"""The sheets of many units: one a kind of institution, a row a unit, two columns (value, note) an element."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from institutions.enums import InstitutionKind
from institutions.models import Institution
from reports.base.xlsx.drawing import writable
from reports.questions.answers import Question
from reports.workbooks.queries import Filled
from reports.workbooks.sheets import paper
from reports.workbooks.sheets.seal import Page, plain
from targets.models import DataElement
from targets.periods import Quarter

FIRST = 5  # of the answers; code, name, reporter and state stand before them
FIXED_WIDTHS = (13, 24, 22, 10)
VALUE_WIDTH, NOTE_WIDTH = 13, 14
SCALE = 60  # on paper, in percent


@dataclass(frozen=True)
class Line:
    """One unit's row: the return that carries it, what is asked about it, and why it may not be written."""

    unit: Institution
    filled: Filled
    questions: dict[int, Question]
    state: str

    @property
    def is_open(self) -> bool:
        return not self.state


def pages_of(book: Workbook, returns: Collection[Filled], states: dict[int, str], named: str = "") -> Iterator[Page]:
    """A sheet for each kind of unit. states: why a return (by its reporter) cannot be written, "" where it can."""
    lines = list(lines_of_units(returns, states))
    for kind in InstitutionKind:
        of_kind = [line for line in lines if line.unit.kind == kind]
        if of_kind:
            yield draw(book.create_sheet(f"{named}{kind.label}"[:31]), of_kind)


def lines_of_units(returns: Collection[Filled], states: dict[int, str]) -> Iterator[Line]:
    """The units that a return carries stand together."""
    for filled in returns:
        state = states.get(filled.reporter.pk, "")
        asked: defaultdict[int, dict[int, Question]] = defaultdict(dict)
        for question in filled.questions.values():
            asked[question.subject.pk][question.element.pk] = question
        units = [next(iter(questions.values())).subject for questions in asked.values()]
        for unit in sorted(units, key=lambda unit: (unit.pk != filled.reporter.pk, unit.code)):
            yield Line(unit, filled, asked[unit.pk], state)


def draw(page: Worksheet, lines: list[Line]) -> Page:
    elements = elements_of(lines)
    heads = heads_of(elements)
    quarter = lines[0].filled.quarter
    widths = (*FIXED_WIDTHS, *(VALUE_WIDTH, NOTE_WIDTH) * len(elements), 8)
    hint = _(
        "只填有底色的格子；没有发生的填 0；确实不适用的写“不适用”，并在右边的“说明”写原因。行可以排序，请不要增删行列。"
    )
    paper.draw_top(page, title_of(lines[0], quarter), _("共 %(count)d 家") % {"count": len(lines)}, hint)
    paper.draw_head(page, heads, widths)
    rows = [draw_line(page, row, line, elements) for row, line in enumerate(lines, paper.BODY_ROW)]
    add_rules(page, elements, lines)
    paper.set_up(page, len(heads) - 1, f"C{paper.BODY_ROW}", one_page_wide=False)
    page.print_title_cols = "A:B"
    page.page_setup.scale = SCALE
    page.column_dimensions["C"].hidden = all(line.unit.pk == line.filled.reporter.pk for line in lines)
    return Page(
        name=page.title,
        quarter=quarter.ordinal,
        heads=heads,
        rows=rows,
        asked=[list(question.key) for line in lines for question in line.questions.values()],
        elements=[element.pk for element in elements],
        given=[plain(answer) for line in lines for key, answer in line.filled.answers.items() if belongs(key, line)],
    )


def belongs(key: tuple[int, int], line: Line) -> bool:
    return key[1] == line.unit.pk and key[0] in line.questions


def title_of(line: Line, quarter: Quarter) -> str:
    kind = InstitutionKind(line.unit.kind).label
    return _("%(quarter)s %(kind)s填报表") % {"quarter": quarter.label, "kind": kind}


def elements_of(lines: list[Line]) -> list[DataElement]:
    found = {question.element.pk: question.element for line in lines for question in line.questions.values()}
    return sorted(found.values(), key=lambda element: (element.position, element.pk))


def heads_of(elements: list[DataElement]) -> list[str]:
    fixed = [_("机构代码"), _("机构"), _("填报单位"), _("状态")]
    asked = [head for element in elements for head in (head_of(element), _("说明"))]
    return [*fixed, *asked, _("编号")]


def head_of(element: DataElement) -> str:
    facts = _("，").join(part for part in (element.unit, paper.period_of(element)) if part)
    return f"{element.name}\n（{facts}）" if facts else element.name


def draw_line(page: Worksheet, row: int, line: Line, elements: list[DataElement]) -> list[str]:
    unit = line.unit
    carrier = line.filled.reporter.name if unit.pk != line.filled.reporter.pk else ""
    for place, words in enumerate([unit.code, unit.name, carrier, line.state], 1):
        paper.boxed(paper.text(page, row, place, words))
    for number, element in enumerate(elements):
        draw_answer(page, row, FIRST + 2 * number, line, element)
    paper.text(page, row, FIRST + 2 * len(elements), str(unit.pk))
    page.row_dimensions[row].height = 24
    return [str(unit.pk), unit.code, unit.name]


def draw_answer(page: Worksheet, row: int, place: int, line: Line, element: DataElement) -> None:
    value, note = writable(page, row, place), writable(page, row, place + 1)
    question = line.questions.get(element.pk)
    answer = line.filled.answers.get(question.key) if question else None
    is_open = line.is_open and question is not None
    paper.answer_cell(value, answer, element, is_open)
    paper.note_cell(note, answer.note if answer else "", is_open)
    if question is None or (answer and answer.not_applicable):
        word = paper.text(page, row, place, paper.NOT_APPLICABLE if question else "/")
        paper.boxed(word, "center")
        paper.open_or_lock(word, is_open)


def add_rules(page: Worksheet, elements: list[DataElement], lines: list[Line]) -> None:
    last = paper.BODY_ROW + len(lines) - 1
    notes = paper.note_rule()
    for number, element in enumerate(elements):
        value, note = (get_column_letter(FIRST + 2 * number + extra) for extra in (0, 1))
        rule = paper.rule_of(element, f"{value}{paper.BODY_ROW}", element.allow_not_applicable)
        rule.add(f"{value}{paper.BODY_ROW}:{value}{last}")
        rule.showInputMessage = bool(element.definition)
        rule.promptTitle, rule.prompt = element.name[:32], element.definition[:255]
        page.add_data_validation(rule)
        notes.add(f"{note}{paper.BODY_ROW}:{note}{last}")
    page.add_data_validation(notes)
