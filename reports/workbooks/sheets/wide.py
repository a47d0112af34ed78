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
from reports.base.xlsx.drawing import writable_cell
from reports.questions.answers import Answer, Question
from reports.workbooks.queries import FilledReturn
from reports.workbooks.sheets import layout, validation
from reports.workbooks.sheets.seal import SealedPage, pack_answer
from targets.models import DataElement
from targets.periods import Quarter

FIRST_ANSWER = 5  # of the answers; code, name, reporter and state stand before them
FIXED_WIDTHS = (13, 24, 22, 10)
VALUE_WIDTH, NOTE_WIDTH = 13, 14
PRINT_SCALE = 60  # on paper, in percent


@dataclass(frozen=True)
class UnitLine:
    """One unit's row: the return that carries it, what is asked about it, and why it may not be written."""

    unit: Institution
    filled: FilledReturn
    questions: dict[int, Question]
    state: str

    @property
    def is_open(self) -> bool:
        return not self.state

    @property
    def answers(self) -> list[Answer]:
        """Those of the return that stand in this row."""
        asked = {question.key for question in self.questions.values()}
        return [answer for key, answer in self.filled.answers.items() if key in asked]


def draw_unit_sheets(
    book: Workbook, returns: Collection[FilledReturn], states: dict[int, str], prefix: str = ""
) -> Iterator[SealedPage]:
    """A sheet for each kind of unit. states: why a return (by its reporter) cannot be written, "" where it can."""
    lines = list(list_unit_lines(returns, states))
    for kind in InstitutionKind:
        of_kind = [line for line in lines if line.unit.kind == kind]
        if of_kind:
            yield draw_unit_sheet(book.create_sheet(f"{prefix}{kind.label}"[:31]), of_kind)


def list_unit_lines(returns: Collection[FilledReturn], states: dict[int, str]) -> Iterator[UnitLine]:
    """The units that a return carries stand together."""
    for filled in returns:
        state = states.get(filled.reporter.pk, "")
        asked: defaultdict[int, dict[int, Question]] = defaultdict(dict)
        for question in filled.questions.values():
            asked[question.subject.pk][question.element.pk] = question
        units = [next(iter(questions.values())).subject for questions in asked.values()]
        for unit in sorted(units, key=lambda unit: (unit.pk != filled.reporter.pk, unit.code)):
            yield UnitLine(unit, filled, asked[unit.pk], state)


def draw_unit_sheet(sheet: Worksheet, lines: list[UnitLine]) -> SealedPage:
    elements = list_elements(lines)
    heads = list_heads(elements)
    quarter = lines[0].filled.quarter
    widths = (*FIXED_WIDTHS, *(VALUE_WIDTH, NOTE_WIDTH) * len(elements), 8)
    hint = _(
        "只填有底色的格子；没有发生的填 0；确实不适用的写“不适用”，并在右边的“说明”写原因。行可以排序，请不要增删行列。"
    )
    layout.draw_top(sheet, compose_title(lines[0], quarter), _("共 %(count)d 家") % {"count": len(lines)}, hint)
    layout.draw_head(sheet, heads, widths)
    rows = [draw_unit_line(sheet, row, line, elements) for row, line in enumerate(lines, layout.BODY_ROW)]
    add_validation(sheet, elements, lines)
    layout.set_up_sheet(sheet, len(heads) - 1, f"C{layout.BODY_ROW}", one_page_wide=False)
    sheet.print_title_cols = "A:B"
    sheet.page_setup.scale = PRINT_SCALE
    sheet.column_dimensions["C"].hidden = all(line.unit.pk == line.filled.reporter.pk for line in lines)
    return SealedPage(
        name=sheet.title,
        quarter=quarter.ordinal,
        heads=heads,
        rows=rows,
        asked=[list(question.key) for line in lines for question in line.questions.values()],
        elements=[element.pk for element in elements],
        given=[pack_answer(answer) for line in lines for answer in line.answers],
    )


def compose_title(line: UnitLine, quarter: Quarter) -> str:
    kind = InstitutionKind(line.unit.kind).label
    return _("%(quarter)s %(kind)s填报表") % {"quarter": quarter.label, "kind": kind}


def list_elements(lines: list[UnitLine]) -> list[DataElement]:
    found = {question.element.pk: question.element for line in lines for question in line.questions.values()}
    return sorted(found.values(), key=lambda element: (element.position, element.pk))


def list_heads(elements: list[DataElement]) -> list[str]:
    fixed = [_("机构代码"), _("机构"), _("填报单位"), _("状态")]
    asked = [head for element in elements for head in (compose_head(element), _("说明"))]
    return [*fixed, *asked, _("编号")]


def compose_head(element: DataElement) -> str:
    facts = _("，").join(part for part in (element.unit, layout.period_of(element)) if part)
    return f"{element.name}\n（{facts}）" if facts else element.name


def draw_unit_line(sheet: Worksheet, row: int, line: UnitLine, elements: list[DataElement]) -> list[str]:
    unit = line.unit
    carrier = line.filled.reporter.name if unit.pk != line.filled.reporter.pk else ""
    for place, words in enumerate([unit.code, unit.name, carrier, line.state], 1):
        layout.box_cell(layout.write_text(sheet, row, place, words))
    for number, element in enumerate(elements):
        draw_answer(sheet, row, FIRST_ANSWER + 2 * number, line, element)
    layout.write_text(sheet, row, FIRST_ANSWER + 2 * len(elements), str(unit.pk))
    sheet.row_dimensions[row].height = 24
    return [str(unit.pk), unit.code, unit.name]


def draw_answer(sheet: Worksheet, row: int, place: int, line: UnitLine, element: DataElement) -> None:
    value, note = writable_cell(sheet, row, place), writable_cell(sheet, row, place + 1)
    question = line.questions.get(element.pk)
    answer = line.filled.answers.get(question.key) if question else None
    is_open = line.is_open and question is not None
    layout.draw_answer(value, answer, element, is_open)
    layout.draw_note(note, answer.note if answer else "", is_open)
    if question is None or (answer and answer.not_applicable):
        word = layout.write_text(sheet, row, place, validation.NOT_APPLICABLE if question else "/")
        layout.box_cell(word, "center")
        layout.open_or_lock_cell(word, is_open)


def add_validation(sheet: Worksheet, elements: list[DataElement], lines: list[UnitLine]) -> None:
    last = layout.BODY_ROW + len(lines) - 1
    notes = validation.make_note_rule()
    for number, element in enumerate(elements):
        value, note = (get_column_letter(FIRST_ANSWER + 2 * number + extra) for extra in (0, 1))
        rule = validation.make_answer_rule(element, f"{value}{layout.BODY_ROW}", element.allow_not_applicable)
        rule.add(f"{value}{layout.BODY_ROW}:{value}{last}")
        rule.showInputMessage = bool(element.definition)
        rule.promptTitle, rule.prompt = element.name[:32], element.definition[:255]
        sheet.add_data_validation(rule)
        notes.add(f"{note}{layout.BODY_ROW}:{note}{last}")
    sheet.add_data_validation(notes)
