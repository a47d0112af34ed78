"""An uploaded sheet taken apart: which row is which question, and what was typed there.

A row is known by its hidden key wherever it stands, and must still carry the names that it was given out with; so
rows may be sorted and moved, but no number can end up under another item or unit.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from institutions.workbooks import UnreadableCellError, text_at
from reports.questions.answers import Key
from reports.workbooks.sheets import long, wide
from reports.workbooks.sheets.seal import Page

SEARCHED_ROWS = 60  # for the head
NAMED = 5  # missing rows said by name


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the workbook cannot be taken. at: 工作表!F12, a sheet, or "" for the whole file."""

    at: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the cells of one question. `at` names its answer cell, the others stand on the same sheet."""

    key: Key
    at: str
    not_applicable_at: str
    note_at: str
    value: str
    not_applicable: str
    note: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The columns of one question in a row; a wide sheet has 不适用 in the answer's own cell."""

    element: int
    subject: int
    value: int
    not_applicable: int
    note: int


def place(page: Worksheet, row: int, column: int) -> str:
    return f"{page.title}!{get_column_letter(column)}{row}"


class SheetReader:
    """Reads one sheet; `problems` fill up meanwhile."""

    def __init__(self, sheet: Worksheet, page: Page) -> None:
        self.sheet = sheet
        self.page = page
        self.problems: list[Problem] = []
        self.asked = set(page.keys)
        self.names = {row[0]: row[1:] for row in page.rows}

    def refuse(self, row: int, column: int, sentence: str) -> None:
        self.problems.append(Problem(place(self.sheet, row, column), sentence))

    def read(self) -> list[Typed]:
        head = self.head_row()
        if head is None or not self.heads_stand(head):
            return []
        self.refuse_merged(head)
        rows = self.rows_below(head)
        return [typed for key, row in rows.items() for typed in self.answers_in(key, row)]

    # --- Finding one's way ---

    def head_row(self) -> int | None:
        """The row that has most of the heads; rows may have been inserted above it."""
        wanted = {bare(head) for head in self.page.heads}
        for row in range(1, min(SEARCHED_ROWS, self.sheet.max_row) + 1):
            found = {bare(self.plain(row, column)) for column in range(1, self.sheet.max_column + 1)}
            if len(wanted & found) * 2 > len(wanted):
                return row
        self.problems.append(Problem(self.sheet.title, _("找不到表头行，表头可能被删除或改写。请重新下载后再填。")))
        return None

    def heads_stand(self, row: int) -> bool:
        """The columns are those given out, in their order; the first that is not is said."""
        heads = self.page.heads
        for column in range(1, max(len(heads), self.sheet.max_column) + 1):
            found = self.plain(row, column)
            expected = heads[column - 1] if column <= len(heads) else ""
            if bare(found) != bare(expected):
                self.refuse(row, column, columns_changed(expected, found))
                return False
        return True

    def refuse_merged(self, head: int) -> None:
        for merged in self.sheet.merged_cells.ranges:
            if merged.max_row > head:
                at = f"{self.sheet.title}!{merged.coord}"
                self.problems.append(Problem(at, _("单元格被合并，不能确认数字属于哪一行。请取消合并，逐格填写。")))

    def rows_below(self, head: int) -> dict[str, int]:
        """Where each row given out stands now."""
        found: dict[str, int] = {}
        for row in range(head + 1, self.sheet.max_row + 1):
            if key := self.key_of(row):
                if key in found:
                    sentence = _("与第 %(row)d 行重复（%(what)s），不知道以哪一行为准。请删去多出的一行。")
                    self.refuse(row, 1, sentence % {"row": found[key], "what": said(self.names[key])})
                else:
                    found[key] = row
        missing = [said(names) for key, names in self.names.items() if key not in found]
        if missing:
            self.problems.append(Problem(self.sheet.title, rows_missing(missing)))
        return found

    def key_of(self, row: int) -> str:
        """The hidden key; "" for a row that asks nothing, or was refused."""
        column = len(self.page.heads)
        key = self.plain(row, column)
        if not key:
            if self.has_answers(row):
                self.refuse(row, 1, _("这一行不是下载时就有的行，不知道是谁的哪一项。请填在原来的行里，删去这一行。"))
            return ""
        if key not in self.names:
            self.refuse(row, column, _("隐藏的编号已被改动，不能确认这一行是谁的数据。请重新下载后再填。"))
            return ""
        shown = [self.plain(row, 1), self.plain(row, 2)]
        if [bare(each) for each in shown] != [bare(each) for each in self.names[key]]:
            sentence = _(
                "这一行写的是“%(found)s”，隐藏编号却是“%(kept)s”的，可能只排序或粘贴了部分列。请重新下载后再填。"
            )
            self.refuse(row, 1, sentence % {"found": said(shown), "kept": said(self.names[key])})
            return ""
        return key

    def has_answers(self, row: int) -> bool:
        first = wide.FIRST if self.page.is_wide else long.VALUE
        return any(self.plain(row, column) for column in range(first, len(self.page.heads)))

    # --- What was typed ---

    def answers_in(self, key: str, row: int) -> Iterator[Typed]:
        for slot in self.slots(key):
            try:
                yield Typed(
                    key=(slot.element, slot.subject),
                    at=place(self.sheet, row, slot.value),
                    not_applicable_at=place(self.sheet, row, slot.not_applicable),
                    note_at=place(self.sheet, row, slot.note),
                    value=self.text(row, slot.value),
                    not_applicable=self.text(row, slot.not_applicable) if slot.not_applicable != slot.value else "",
                    note=self.text(row, slot.note),
                )
            except UnreadableCellError:
                continue  # said before

    def slots(self, key: str) -> Iterator[Slot]:
        if not self.page.is_wide:
            element, subject = map(int, key.split("-"))
            yield Slot(element, subject, long.VALUE, long.NOT_APPLICABLE, long.NOTE)
            return
        for number, element in enumerate(self.page.elements):
            if (element, int(key)) in self.asked:
                column = wide.FIRST + 2 * number
                yield Slot(element, int(key), column, column, column + 1)

    def text(self, row: int, column: int) -> str:
        cell = self.cell(row, column)
        if isinstance(cell, MergedCell):
            raise UnreadableCellError  # said by `refuse_merged`
        try:
            return text_at(cell)
        except UnreadableCellError as error:
            self.refuse(row, column, str(error))
            raise

    def plain(self, row: int, column: int) -> str:
        """The text of a cell that is not an answer."""
        value = self.cell(row, column).value
        return "" if value is None else str(value).strip()

    def cell(self, row: int, column: int) -> Cell | MergedCell:
        return self.sheet.cell(row, column)


def read_sheets(book: Workbook, pages: list[Page]) -> tuple[list[tuple[Page, list[Typed]]], list[Problem]]:
    """What was typed on each sheet that was given out. Sheets of people's own are let pass."""
    found, problems = [], []
    for page in pages:
        if page.name not in book.sheetnames:
            problems.append(Problem(page.name, _("缺少这张工作表，可能被删除或改名。请重新下载后再填。")))
            continue
        reader = SheetReader(book[page.name], page)
        found.append((page, reader.read()))
        problems.extend(reader.problems)
    return found, problems


def bare(text: str) -> str:
    return "".join(text.split())


def said(names: list[str]) -> str:
    return _("，").join(name for name in names if name)


def columns_changed(expected: str, found: str) -> str:
    if not expected:
        return _("多出一列“%(found)s”。请删去这一列，不要增加列。") % {"found": found}
    if not found:
        return _("这里应是“%(expected)s”一列，现在没有表头。请不要删除或移动列，重新下载后再填。") % {
            "expected": bare(expected)
        }
    sentence = _("这里应是“%(expected)s”一列，现在是“%(found)s”。请不要增删、移动或改名列，重新下载后再填。")
    return sentence % {"expected": bare(expected), "found": bare(found)}


def rows_missing(missing: list[str]) -> str:
    names = _("；").join(missing[:NAMED])
    if len(missing) > NAMED:
        names = _("%(names)s等") % {"names": names}
    return _("缺少 %(count)d 行：%(names)s。请不要删行，不改的行原样留着；重新下载后再填。") % {
        "count": len(missing),
        "names": names,
    }
