"""What is typed into a return, cell by cell, and what it reads as.

Rules are in `reports.questions.checks` and the actions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from institutions.clock import SHANGHAI
from institutions.models import Institution
from institutions.texts import trim
from reports.base import numbers
from reports.models import Entry
from reports.questions import answers as reading
from reports.questions.answers import Answer, AnswerKey, LaterReturn, Question, UnreadableAnswerError
from reports.questions.checks import Finding
from reports.questions.checks.fields import read_fields
from targets.enums import Accumulation, ElementType
from targets.models import DataElement

FIRST_ERRORS = 8  # in sight above the form; the others open on a click


ALL_TOPICS = "all"


def period_label(element: DataElement) -> str:
    """Of which stretch of time the answer speaks."""
    if kind_of(element) == "number":
        return str(Accumulation(element.accumulation).label)
    return _("季末情况") if element.accumulation == Accumulation.STOCK else _("本季情况")


def kind_of(element: DataElement) -> str:
    """Which fields it is typed into."""
    if element.type in (ElementType.YESNO, ElementType.LEVEL):
        return "choice"
    return "date" if element.type == ElementType.DATE else "number"


def choices_of(element: DataElement) -> list[str]:
    if element.type == ElementType.YESNO:
        return [reading.answer_text(Decimal(1), element), reading.answer_text(Decimal(0), element)]
    return list(element.levels)


@dataclass
class AnswerCell:
    """One question on the page with what stands in its fields.

    other: what somebody else has saved there meanwhile, as a sentence. wants_note: a soft finding stands there, that
    is to be explained (核实说明). later: the approved return that the finding there is about.
    """

    question: Question
    typed: str = ""
    not_applicable: bool = False
    note: str = ""
    error: str = ""
    hints: list[str] = field(default_factory=list)
    other: str = ""
    wants_note: bool = False
    remark: str = ""
    later: LaterReturn | None = None

    @property
    def name(self) -> str:
        return "{}-{}".format(*self.question.key)

    @property
    def element(self) -> DataElement:
        return self.question.element

    @property
    def kind(self) -> str:
        """Which template draws it."""
        return "state" if self.question.qualitative else kind_of(self.element)

    @property
    def places(self) -> int:
        return reading.places_of(self.element)

    @property
    def choices(self) -> list[str]:
        return choices_of(self.element)

    @property
    def period(self) -> str:
        return period_label(self.element)

    @property
    def typed_last(self) -> str:
        """What to type to answer as last quarter."""
        return reading.typed_text(self.question.last, self.element)

    @property
    def last(self) -> str:
        """The last quarter's approved answer, as people read it."""
        if self.question.last_not_applicable:
            return _("不适用")
        return reading.answer_text(self.question.last, self.element)

    @property
    def shown(self) -> str:
        """The answer as people read it; 未填 where there is none."""
        if self.not_applicable:
            return _("不适用")
        return reading.answer_text(self.value, self.element) if self.value is not None else _("未填")

    @property
    def is_answered(self) -> bool:
        return self.not_applicable or self.value is not None

    @property
    def value(self) -> Decimal | None:
        try:
            return reading.parse_answer(self.typed, self.element)
        except UnreadableAnswerError:
            return None

    @property
    def is_running(self) -> bool:
        return self.element.accumulation == Accumulation.RUNNING

    @property
    def unchanged(self) -> str:
        """What to type to confirm that a position stayed as it was; empty where nothing is known, or it flows."""
        return self.typed_last if self.element.accumulation == Accumulation.STOCK else ""

    @property
    def is_unchanged(self) -> bool:
        return bool(self.unchanged) and not self.not_applicable and self.value == self.question.last

    @property
    def state(self) -> tuple[str, bool, str]:
        """What stands in the fields."""
        return self.typed, self.not_applicable, self.note

    @property
    def facts(self) -> dict[str, Any]:
        """What the page's script must know of this cell beside its element's facts; see `ReturnForm.facts`."""
        question = self.question
        known = {
            "last": question.last_amount,
            "year": question.year_before_amount,
            "floor": question.floor,
        }
        found: dict[str, Any] = {name: plain_text(value) for name, value in known.items() if value is not None}
        if self.unchanged:
            found["before"] = self.unchanged
        if question.goals:
            found["goals"] = [(each.name, plain_text(each.wanted), plain_text(each.before)) for each in question.goals]
        if official := question.official:
            whole = numbers.text(official.value, official.unit)
            found["official"] = (official.name, plain_text(official.value), whole, official.year, official.is_of_year)
        return found

    def read(self) -> Answer | None:
        """The answer; None for 未填. Raises UnreadableAnswerError."""
        return read_fields(self.question, self.typed, self.not_applicable, self.note)


@dataclass(frozen=True)
class AnswerColumn:
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
        return reading.answer_text(Decimal(0), self.element) if is_event else ""


@dataclass
class AnswerGrid:
    """The lines of the units reported for: a column an element, a row a unit; None where it is not asked."""

    columns: list[AnswerColumn]
    rows: list[tuple[Institution, list[AnswerCell | None]]]

    @property
    def is_narrow(self) -> bool:
        """Fits a desktop screen, so that the page scrolls and not the table in it."""
        return len(self.columns) <= 5


@dataclass
class FormTopic:
    """all_cells: those of the reporter itself (`cells`) and of its lines (`grid`). place: counted from 1."""

    name: str
    place: str
    all_cells: list[AnswerCell]
    cells: list[AnswerCell]
    grid: AnswerGrid | None

    @property
    def carries(self) -> bool:
        """Whether positions of last quarter are known, that may have stayed."""
        return any(cell.unchanged for cell in self.all_cells)

    @property
    def waiting(self) -> list[AnswerCell]:
        """Empty fields of such positions."""
        return [
            cell
            for cell in self.all_cells
            if cell.unchanged and not (trim(cell.typed) or cell.not_applicable or trim(cell.note))
        ]


def plain_text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def as_saved(question: Question, answer: Answer | None) -> AnswerCell:
    if answer is None:
        return AnswerCell(question)
    return AnswerCell(question, reading.typed_text(answer.value, question.element), answer.not_applicable, answer.note)


def as_typed(question: Question, typed: str, not_applicable: bool, note: str) -> AnswerCell:
    return AnswerCell(question, typed, not_applicable, note.replace("\r\n", "\n").replace("\0", ""))


def changed_by(theirs: AnswerCell, who: str, at: datetime | None) -> str:
    """李四 10:31 改为 35（说明：已核实）"""
    sentence = _("%(who)s %(time)s 改为 %(what)s") if at else _("%(who)s 改为 %(what)s")
    what = theirs.shown + (_("（说明：%(note)s）") % {"note": theirs.note} if theirs.note else "")
    return sentence % {"who": who, "time": f"{at.astimezone(SHANGHAI):%H:%M}" if at else "", "what": what}


def element_facts(cell: AnswerCell) -> dict[str, Any]:
    element = cell.element
    facts: dict[str, Any] = {"name": element.name, "kind": cell.kind, "unit": element.unit, "places": cell.places}
    if cell.kind in ("choice", "state"):
        facts |= {"choices": cell.choices, "words": reading.choice_words(element), "wrong": reading.choose_one(element)}
    if element.whole_id:
        facts["whole"] = element.whole_id
    if element.allow_not_applicable:
        facts["na"] = True
    return facts | ({"how": element.accumulation} if cell.question.is_number else {})


class ReturnForm:
    """All cells of a return: as saved, or as typed where `data` is given."""

    def __init__(
        self,
        questions: Iterable[Question],
        reporter: Institution,
        saved: Iterable[Answer],
        data: QueryDict | None = None,
    ) -> None:
        self.reporter = reporter
        self.saved = {answer.key: answer for answer in saved}
        self.cells = {
            question.key: self.from_post(question, data) if data is not None else self.from_saved(question)
            for question in questions
        }

    def from_saved(self, question: Question) -> AnswerCell:
        return as_saved(question, self.saved.get(question.key))

    def from_post(self, question: Question, data: QueryDict) -> AnswerCell:
        name = "{}-{}".format(*question.key)
        return as_typed(question, data.get(f"v-{name}", ""), f"na-{name}" in data, data.get(f"note-{name}", ""))

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
    def errors(self) -> list[AnswerCell]:
        """Fields to correct; what was typed wrongly before what was not typed at all."""
        wrong = [cell for cell in self.cells.values() if cell.error]
        return sorted(wrong, key=lambda cell: not (cell.typed or cell.not_applicable or cell.note))

    @property
    def first_errors(self) -> list[AnswerCell]:
        return self.errors[:FIRST_ERRORS]

    @property
    def other_errors(self) -> list[AnswerCell]:
        return self.errors[FIRST_ERRORS:]

    def show(self, findings: Iterable[Finding], unanswered: bool) -> None:
        """Put findings beside their fields; of empty fields only where asked for (after a try to hand in)."""
        for finding in findings:
            cell = self.cells.get(finding.key)
            if cell is None or cell.error or not (unanswered or cell.is_answered):
                continue
            cell.later = cell.later or finding.later
            if finding.is_hard:
                cell.error = finding.message
            else:
                cell.hints.append(finding.message)
                cell.wants_note = True

    def refuse(self, findings: Iterable[Finding]) -> None:
        """What keeps the return from being handed in, each as its field's error."""
        for finding in findings:
            cell = self.cells.get(finding.key)
            if cell and not cell.error:
                cell.error = finding.message
                cell.wants_note = not finding.is_hard
                cell.later = finding.later

    def show_remarks(self, remarks: Mapping[AnswerKey, str]) -> None:
        """Beside each field what the reviewer wrote there when the return was sent back."""
        for key in self.cells.keys() & remarks.keys():
            self.cells[key].remark = remarks[key]

    def show_others(self, entries: Mapping[AnswerKey, Entry], saved_by: str) -> None:
        """Beside each field that differs, what somebody else has saved, and who. saved_by: who emptied a field."""
        for key, cell in self.cells.items():
            theirs, entry = self.from_saved(cell.question), entries.get(key)
            if cell.state != theirs.state:
                who = str(entry.typed_by) if entry and entry.typed_by else saved_by
                cell.other = changed_by(theirs, who, entry.typed_at if entry else None)

    @property
    def others(self) -> list[AnswerCell]:
        return [cell for cell in self.cells.values() if cell.other]

    def confirm_unchanged(self, topic: str) -> int:
        """Fill the empty fields of positions as last quarter; of one topic by its place, or of all. How many."""
        chosen = self.topics if topic == ALL_TOPICS else [each for each in self.topics if each.place == topic]
        blank = [cell for each in chosen for cell in each.waiting]
        for cell in blank:
            cell.typed = cell.unchanged
        return len(blank)

    @property
    def carries(self) -> bool:
        return any(topic.carries for topic in self.topics)

    @property
    def waiting(self) -> int:
        """Empty fields that `confirm_unchanged` would fill."""
        return sum(len(topic.waiting) for topic in self.topics)

    @property
    def facts(self) -> dict[str, Any]:
        """The form as the page's script needs it: elements and units once, and what is known of each cell."""
        elements = {cell.element.pk: cell for cell in self.cells.values()}
        units = {cell.question.subject.pk: cell.question.subject for cell in self.cells.values()}
        return {
            "own": self.reporter.pk,
            "elements": {pk: element_facts(cell) for pk, cell in elements.items()},
            "units": {pk: unit.name for pk, unit in units.items() if pk != self.reporter.pk},
            "cells": {cell.name: cell.facts for cell in self.cells.values()},
            "unsaved": {cell.name: theirs.state for cell in self.cells.values() if (theirs := self.differs(cell))},
            "others": {cell.name: (*self.from_saved(cell.question).state, cell.other) for cell in self.others},
        }

    def differs(self, cell: AnswerCell) -> AnswerCell | None:
        """What is saved, where something else stands in the fields."""
        theirs = self.from_saved(cell.question)
        return theirs if theirs.state != cell.state else None

    @property
    def unanswered(self) -> int:
        return sum(not cell.is_answered for cell in self.cells.values())

    @cached_property
    def topics(self) -> list[FormTopic]:
        """In the order of the questions; a topic's own cells first, then its table of units."""
        names = list(dict.fromkeys(cell.element.topic for cell in self.cells.values()))
        return [self.topic(name, place) for place, name in enumerate(names, start=1)]

    def topic(self, name: str, place: int) -> FormTopic:
        cells = [cell for cell in self.cells.values() if cell.element.topic == name]
        own = [cell for cell in cells if cell.question.subject.pk == self.reporter.pk]
        lines = [cell for cell in cells if cell.question.subject.pk != self.reporter.pk]
        return FormTopic(name, str(place), cells, own, self.grid(lines) if lines else None)

    def grid(self, lines: list[AnswerCell]) -> AnswerGrid:
        columns = [AnswerColumn(element) for element in {cell.element.pk: cell.element for cell in lines}.values()]
        units = {cell.question.subject.pk: cell.question.subject for cell in lines}
        at: dict[AnswerKey, AnswerCell] = {cell.question.key: cell for cell in lines}
        rows = [
            (unit, [at.get((column.element.pk, pk)) for column in columns])
            for pk, unit in sorted(units.items(), key=lambda pair: pair[1].code)
        ]
        return AnswerGrid(columns, rows)
