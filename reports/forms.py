"""What is typed into a return, cell by cell, and what it reads as. Rules are in `reports.checks` and the actions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from institutions.models import Institution
from reports import answers as reading
from reports.answers import Answer, Key, Question, UnreadableAnswerError
from reports.checks import NUMERIC, Finding, patterns
from reports.models import Entry
from targets.enums import Accumulation, ElementType
from targets.models import DataElement

NOTE_LENGTH: int = Entry._meta.get_field("note").max_length or 0

FIRST_ERRORS = 8  # in sight above the form; the others open on a click


def period_label(element: DataElement) -> str:
    """Of which stretch of time the answer speaks."""
    if element.type in NUMERIC:
        return str(Accumulation(element.accumulation).label)
    return _("季末情况") if element.accumulation == Accumulation.STOCK else _("本季情况")


@dataclass
class Cell:
    """One question on the page with what stands in its fields."""

    question: Question
    typed: str = ""
    not_applicable: bool = False
    note: str = ""
    error: str = ""
    hints: list[str] = field(default_factory=list)
    other: str = ""

    @property
    def name(self) -> str:
        return "{}-{}".format(*self.question.key)

    @property
    def element(self) -> DataElement:
        return self.question.element

    @property
    def whole_name(self) -> str:
        """The field of the whole of which this is a part."""
        return f"{self.element.whole_id}-{self.question.subject.pk}" if self.element.whole_id else ""

    @property
    def kind(self) -> str:
        """Which template draws it."""
        if self.question.qualitative:
            return "state"
        if self.element.type in (ElementType.YESNO, ElementType.LEVEL):
            return "choice"
        return "date" if self.element.type == ElementType.DATE else "number"

    @property
    def places(self) -> int:
        return reading.places_of(self.element)

    @property
    def choices(self) -> list[str]:
        if self.element.type == ElementType.YESNO:
            return [reading.written(Decimal(1), self.element), reading.written(Decimal(0), self.element)]
        return list(self.element.levels)

    @property
    def period(self) -> str:
        return period_label(self.element)

    @property
    def typed_last(self) -> str:
        """What to type to answer as last quarter."""
        return reading.typed(self.question.last, self.element)

    @property
    def last(self) -> str:
        """The last quarter's approved answer, as people read it."""
        if self.question.last_not_applicable:
            return _("不适用")
        return reading.written(self.question.last, self.element)

    @property
    def shown(self) -> str:
        """The answer as people read it; 未填 where there is none."""
        if self.not_applicable:
            return _("不适用")
        return reading.written(self.value, self.element) if self.value is not None else _("未填")

    @property
    def takes_note(self) -> bool:
        return self.element.allow_not_applicable or self.question.qualitative

    @property
    def is_answered(self) -> bool:
        return self.not_applicable or self.value is not None

    @property
    def value(self) -> Decimal | None:
        try:
            return reading.parse(self.typed, self.element)
        except UnreadableAnswerError:
            return None

    @property
    def compared_with(self) -> Decimal | None:
        """What the page's script holds against what is typed; see `reports.checks.changed_much`."""
        if self.element.type not in NUMERIC:
            return None
        return self.question.last_rise if self.is_running else self.question.last

    @property
    def is_running(self) -> bool:
        return self.element.accumulation == Accumulation.RUNNING

    @property
    def compared_text(self) -> str:
        return reading.written(self.compared_with, self.element, unit=True)

    @property
    def floor_text(self) -> str:
        return reading.written(self.question.floor, self.element, unit=True)

    def read(self) -> Answer | None:
        """The answer; None for 未填. Raises UnreadableAnswerError."""
        value = reading.parse(self.typed, self.element)
        note = self.note.strip()
        if len(note) > NOTE_LENGTH:
            sentence = _("说明最多 %(most)d 字，现有 %(now)d 字。")
            raise UnreadableAnswerError(sentence % {"most": NOTE_LENGTH, "now": len(note)})
        if self.not_applicable and value is not None:
            raise UnreadableAnswerError(patterns()["both"])
        if value is None and not self.not_applicable:
            if note:
                raise UnreadableAnswerError(self.note_alone())
            return None
        return Answer(*self.question.key, value, self.not_applicable, note)

    def note_alone(self) -> str:
        if self.question.qualitative:
            return _("已写说明，请同时选择完成情况，说明才能保存。")
        return _("已写原因，请同时勾选“不适用”，原因才能保存。")


@dataclass(frozen=True)
class Column:
    """An element asked of many units."""

    element: DataElement

    @property
    def period(self) -> str:
        return period_label(self.element)

    @property
    def carries_over(self) -> bool:
        """A position mostly stays: empty cells can be filled as last quarter."""
        return self.element.accumulation == Accumulation.STOCK

    @property
    def usual(self) -> str:
        """What happens rarely: empty cells can be filled with 否."""
        is_event = self.element.type == ElementType.YESNO and not self.carries_over
        return reading.written(Decimal(0), self.element) if is_event else ""


@dataclass
class Grid:
    """The lines of the units reported for: a column an element, a row a unit; None where it is not asked."""

    columns: list[Column]
    rows: list[tuple[Institution, list[Cell | None]]]

    @property
    def is_narrow(self) -> bool:
        """Fits a desktop screen, so that the page scrolls and not the table in it."""
        return len(self.columns) <= 5


@dataclass
class Topic:
    name: str
    cells: list[Cell]
    grid: Grid | None


class ReturnForm:
    """All cells of a return: as saved, or as typed where `data` is given."""

    def __init__(
        self, questions: Iterable[Question], reporter: Institution, saved: list[Answer], data: QueryDict | None = None
    ) -> None:
        self.reporter = reporter
        self.saved = {answer.key: answer for answer in saved}
        self.cells = {
            question.key: self.from_post(question, data) if data is not None else self.from_saved(question)
            for question in questions
        }

    def from_saved(self, question: Question) -> Cell:
        answer = self.saved.get(question.key)
        if answer is None:
            return Cell(question)
        return Cell(question, reading.typed(answer.value, question.element), answer.not_applicable, answer.note)

    def from_post(self, question: Question, data: QueryDict) -> Cell:
        cell = Cell(question, data.get("v-{}-{}".format(*question.key), ""))
        if cell.takes_note:
            cell.note = data.get(f"note-{cell.name}", "").replace("\r\n", "\n")
        if question.element.allow_not_applicable:
            cell.not_applicable = f"na-{cell.name}" in data
        return cell

    @cached_property
    def answers(self) -> list[Answer]:
        """What can be kept now. A cell that cannot be read keeps what was saved of it before; see `errors`."""
        found = []
        for key, cell in self.cells.items():
            try:
                answer = cell.read()
            except UnreadableAnswerError as error:
                cell.error = str(error)
                answer = self.saved.get(key)
            if answer:
                found.append(answer)
        return found

    @property
    def errors(self) -> list[Cell]:
        """Fields to correct; what was typed wrongly before what was not typed at all."""
        wrong = [cell for cell in self.cells.values() if cell.error]
        return sorted(wrong, key=lambda cell: not (cell.typed or cell.not_applicable or cell.note))

    @property
    def first_errors(self) -> list[Cell]:
        return self.errors[:FIRST_ERRORS]

    @property
    def other_errors(self) -> list[Cell]:
        return self.errors[FIRST_ERRORS:]

    def show(self, findings: Iterable[Finding], unanswered: bool) -> None:
        """Put findings beside their fields; of empty fields only where asked for (after a try to hand in)."""
        for finding in findings:
            cell = self.cells.get(finding.key)
            if cell is None or cell.error or not (unanswered or cell.is_answered):
                continue
            if finding.is_hard:
                cell.error = finding.message
            else:
                cell.hints.append(finding.message)

    def show_others(self) -> None:
        """Beside each field that differs, what somebody else has saved."""
        for key, cell in self.cells.items():
            theirs = self.from_saved(cell.question)
            if (cell.typed, cell.not_applicable, cell.note) != (theirs.typed, theirs.not_applicable, theirs.note):
                cell.other = theirs.shown if key in self.saved else _("未填")

    @property
    def unanswered(self) -> int:
        return sum(not cell.is_answered for cell in self.cells.values())

    @cached_property
    def topics(self) -> list[Topic]:
        """In the order of the questions; a topic's own cells first, then its table of units."""
        names = list(dict.fromkeys(cell.element.topic for cell in self.cells.values()))
        return [self.topic(name) for name in names]

    def topic(self, name: str) -> Topic:
        cells = [cell for cell in self.cells.values() if cell.element.topic == name]
        own = [cell for cell in cells if cell.question.subject.pk == self.reporter.pk]
        lines = [cell for cell in cells if cell.question.subject.pk != self.reporter.pk]
        return Topic(name, own, self.grid(lines) if lines else None)

    def grid(self, lines: list[Cell]) -> Grid:
        columns = [Column(element) for element in {cell.element.pk: cell.element for cell in lines}.values()]
        units = {cell.question.subject.pk: cell.question.subject for cell in lines}
        at: dict[Key, Cell] = {cell.question.key: cell for cell in lines}
        rows = [
            (unit, [at.get((column.element.pk, pk)) for column in columns])
            for pk, unit in sorted(units.items(), key=lambda pair: pair[1].code)
        ]
        return Grid(columns, rows)
