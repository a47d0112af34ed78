"""An uploaded sheet taken apart: which row is which question, and what was typed there.

A row is known by its hidden key wherever it stands, and must still carry the names that it was given out with; so
rows may be sorted and moved, but no number can end up under another item or unit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from institutions.spreadsheet.book import Book, BookSheet
from institutions.texts import strip_blanks
from institutions.workbooks import UnreadableCellError, label_at, text_at
from reports.questions.answers import AnswerKey
from reports.workbooks.sheets import long, wide
from reports.workbooks.sheets.seal import SealedPage

SEARCHED_ROWS = 60  # for the head
NAMED = 5  # missing rows said by name


@dataclass(frozen=True, slots=True)
class UploadProblem:
    """What cannot be taken. at: 工作表!F12, a sheet, or "" for the whole file.

    rows: the hidden keys of the rows that it is about; empty: it stands against the whole file.
    """

    at: str
    sentence: str
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedAnswer:
    """What stands in the cells of one question. `at` names its answer cell, the others stand on the same sheet."""

    key: AnswerKey
    at: str
    not_applicable_at: str
    note_at: str
    value: str
    not_applicable: str
    note: str


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """One sheet as it was given out, what was typed there since, and what cannot be made out."""

    page: SealedPage
    typed: list[TypedAnswer]
    problems: list[UploadProblem]


@dataclass(frozen=True, slots=True)
class AnswerColumns:
    """The columns of one question in a row; a wide sheet has 不适用 in the answer's own cell."""

    element: int
    subject: int
    value: int
    not_applicable: int
    note: int


def address_of(sheet: BookSheet, row: int, column: int) -> str:
    return f"{sheet.title}!{get_column_letter(column)}{row}"


class SheetReader:
    """Reads one sheet; `problems` fill up meanwhile."""

    def __init__(self, sheet: BookSheet, page: SealedPage) -> None:
        self.sheet = sheet
        self.page = page
        self.problems: list[UploadProblem] = []
        self.asked = set(page.keys)
        self.names = {row[0]: row[1:] for row in page.rows}

    def refuse(self, row: int, column: int, sentence: str) -> None:
        self.add_problem(address_of(self.sheet, row, column), sentence)

    def add_problem(self, at: str, sentence: str, rows: tuple[str, ...] = ()) -> None:
        self.problems.append(UploadProblem(at, sentence, rows))

    def read_answers(self) -> list[TypedAnswer]:
        head = self.find_head_row()
        if head is None or not self.has_all_heads(head):
            return []
        rows = self.find_rows(head)
        self.refuse_merged(head, rows)
        found: list[TypedAnswer] = []
        for key, row in rows.items():
            known = len(self.problems)
            found += self.read_row(key, row)
            self.problems[known:] = [replace(each, rows=(key,)) for each in self.problems[known:]]
        return found

    # --- Finding one's way ---

    def find_head_row(self) -> int | None:
        """The row that has most of the heads; rows may have been inserted above it."""
        wanted = {strip_blanks(head) for head in self.page.heads}
        for row in range(1, min(SEARCHED_ROWS, self.sheet.max_row) + 1):
            found = {strip_blanks(self.read_label(row, column)) for column in range(1, self.sheet.max_column + 1)}
            if len(wanted & found) * 2 > len(wanted):
                return row
        self.add_problem(self.sheet.title, _("找不到表头行，表头可能被删除或改写。请重新下载后再填。"))
        return None

    def has_all_heads(self, row: int) -> bool:
        """Whether the columns are those given out, in their order; the first that is not is said."""
        heads = self.page.heads
        for column in range(1, max(len(heads), self.sheet.max_column) + 1):
            found = self.read_label(row, column)
            expected = heads[column - 1] if column <= len(heads) else ""
            if strip_blanks(found) != strip_blanks(expected):
                self.refuse(row, column, describe_changed_column(expected, found))
                return False
        return True

    def refuse_merged(self, head: int, rows: dict[str, int]) -> None:
        for merged in self.sheet.merged:
            if merged.max_row > head:
                at = f"{self.sheet.title}!{merged.coord}"
                within = tuple(key for key, row in rows.items() if merged.min_row <= row <= merged.max_row)
                self.add_problem(at, _("单元格被合并，不能确认数字属于哪一行。请取消合并，逐格填写。"), within)

    def find_rows(self, head: int) -> dict[str, int]:
        """Where each row given out stands now."""
        found: dict[str, int] = {}
        for row in range(head + 1, self.sheet.max_row + 1):
            if key := self.read_key(row):
                if key in found:
                    sentence = _("与第 %(row)d 行重复（%(what)s），不知道以哪一行为准。请删去多出的一行。")
                    words = sentence % {"row": found[key], "what": join_names(self.names[key])}
                    self.add_problem(address_of(self.sheet, row, 1), words, (key,))
                else:
                    found[key] = row
        missing = tuple(key for key in self.names if key not in found)
        if missing:
            sentence = describe_missing_rows([join_names(self.names[key]) for key in missing])
            self.add_problem(self.sheet.title, sentence, missing)
        return found

    def read_key(self, row: int) -> str:
        """The hidden key; "" for a row that asks nothing, or was refused."""
        column = len(self.page.heads)
        key = self.read_label(row, column)
        if not key:
            if self.has_answers(row):
                self.refuse(row, 1, _("这一行不是下载时就有的行，不知道是谁的哪一项。请填在原来的行里，删去这一行。"))
            return ""
        if key not in self.names:
            self.refuse(row, column, _("隐藏的编号已被改动，不能确认这一行是谁的数据。请重新下载后再填。"))
            return ""
        shown = [self.read_label(row, 1), self.read_label(row, 2)]
        if [strip_blanks(each) for each in shown] != [strip_blanks(each) for each in self.names[key]]:
            sentence = _(
                "这一行写的是“%(found)s”，隐藏编号却是“%(kept)s”的，可能只排序或粘贴了部分列。请重新下载后再填。"
            )
            self.refuse(row, 1, sentence % {"found": join_names(shown), "kept": join_names(self.names[key])})
            return ""
        return key

    def has_answers(self, row: int) -> bool:
        first = wide.FIRST_ANSWER if self.page.is_wide else long.VALUE
        return any(self.read_label(row, column) for column in range(first, len(self.page.heads)))

    # --- What was typed ---

    def read_row(self, key: str, row: int) -> Iterator[TypedAnswer]:
        for columns in self.find_answer_columns(key):
            try:
                yield self.read_answer(row, columns)
            except UnreadableCellError:
                continue  # said before

    def read_answer(self, row: int, columns: AnswerColumns) -> TypedAnswer:
        has_own_column = columns.not_applicable != columns.value
        return TypedAnswer(
            key=(columns.element, columns.subject),
            at=address_of(self.sheet, row, columns.value),
            not_applicable_at=address_of(self.sheet, row, columns.not_applicable),
            note_at=address_of(self.sheet, row, columns.note),
            value=self.read_text(row, columns.value),
            not_applicable=self.read_text(row, columns.not_applicable) if has_own_column else "",
            note=self.read_text(row, columns.note),
        )

    def find_answer_columns(self, key: str) -> Iterator[AnswerColumns]:
        if not self.page.is_wide:
            element, subject = map(int, key.split("-"))
            yield AnswerColumns(element, subject, long.VALUE, long.NOT_APPLICABLE, long.NOTE)
            return
        for number, element in enumerate(self.page.elements):
            if (element, int(key)) in self.asked:
                column = wide.FIRST_ANSWER + 2 * number
                yield AnswerColumns(element, int(key), column, column, column + 1)

    def read_text(self, row: int, column: int) -> str:
        try:
            return text_at(self.sheet.cell(row, column))
        except UnreadableCellError as error:
            self.refuse(row, column, str(error))
            raise

    def read_label(self, row: int, column: int) -> str:
        """The text of a cell that is no answer: a head, a name, a key."""
        return label_at(self.sheet.cell(row, column))


def read_sheets(book: Book, pages: Iterable[SealedPage]) -> list[ReadSheet]:
    """What was typed on each sheet that was given out. Sheets of people's own are let pass."""
    return [read_sheet(book, page) for page in pages]


def read_sheet(book: Book, page: SealedPage) -> ReadSheet:
    sheet = book.sheet(page.name)
    if sheet is None:
        missing = UploadProblem(page.name, _("缺少这张工作表，可能被删除或改名。请重新下载后再填。"))
        return ReadSheet(page, [], [missing])
    reader = SheetReader(sheet, page)
    return ReadSheet(page, reader.read_answers(), reader.problems)


def join_names(names: list[str]) -> str:
    return _("，").join(name for name in names if name)


def describe_changed_column(expected: str, found: str) -> str:
    if not expected:
        return _("多出一列“%(found)s”。请删去这一列，不要增加列。") % {"found": found}
    if not found:
        return _("这里应是“%(expected)s”一列，现在没有表头。请不要删除或移动列，重新下载后再填。") % {
            "expected": strip_blanks(expected)
        }
    sentence = _("这里应是“%(expected)s”一列，现在是“%(found)s”。请不要增删、移动或改名列，重新下载后再填。")
    return sentence % {"expected": strip_blanks(expected), "found": strip_blanks(found)}


def describe_missing_rows(missing: list[str]) -> str:
    names = _("；").join(missing[:NAMED])
    if len(missing) > NAMED:
        names = _("%(names)s等") % {"names": names}
    return _("缺少 %(count)d 行：%(names)s。请不要删行，不改的行原样留着；重新下载后再填。") % {
        "count": len(missing),
        "names": names,
    }
