"""Reads the register's workbook into rows and problems. It touches no database: what a code or place means is asked
later, by `institutions.actions.enrolment`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from institutions.enums import Role
from institutions.identity import fold_code
from institutions.roster.columns import EXAMPLE, PEOPLE, SHEETS, UNITS, YES_VALUE, RosterColumn
from institutions.spreadsheet.book import Book, BookCell, BookSheet
from institutions.texts import fold_width, is_shortened, strip_blanks, trim, without_midnight
from institutions.workbooks import UnreadableCellError, label_at, number_at, text_at

USERNAME = re.compile(r"[\w.@+-]+")
DAY = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))")
EARLIEST = 1900
MOST_PROBLEMS, MOST_ROWS = 1_000, 10_000
WHOLE_DIGITS = 10**15  # a spreadsheet's number keeps no more digits than that


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """One sentence about one cell; a row or column of "" is the whole sheet or row."""

    sheet: str
    row: int
    column: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.sheet}!{self.column}{self.row or ''}".rstrip("!")


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """A line of 机构. `place` is a path of names, the three codes are as written; `opened` may be left open."""

    row: int
    code: str
    name: str
    kind: str
    grade: str
    ownership: str
    place: str
    reported_by: str
    opened: date | None
    closed: date | None
    merged_into: str
    contact_name: str
    contact_phone: str
    moved_on: date | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A line of 人员: one post of one person."""

    row: int
    username: str
    display_name: str
    phone: str
    email: str
    role: str
    at: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """What the workbook says. `unread` are the heads of columns that nothing is read from; `broken` are the rows with
    a problem of their own by the code or user name they begin with, sheet by sheet; `lost` are sheets not read."""

    units: list[InstitutionRow] = field(default_factory=list)
    people: list[PersonRow] = field(default_factory=list)
    problems: list[RosterProblem] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    broken: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in SHEETS})
    lost: list[str] = field(default_factory=list)


def read_roster(book: Book) -> Roster:
    roster = Roster()
    for name, columns in SHEETS.items():
        page = next((page for page in book.sheets if trim(page.title) == name), None)
        if page is None:
            roster.problems.append(
                RosterProblem(name, 0, "", _("没有这张工作表。请用下载的模板，不要改工作表的名称。"))
            )
            roster.lost.append(name)
        else:
            read_sheet(page, name, columns, roster)
    roster.problems.extend(within_units(roster.units))
    roster.problems.extend(within_people(roster.people))
    shorten(roster.problems)
    return roster


def shorten(problems: list[RosterProblem]) -> None:
    """So many are listed that a person can work through them; of the others it is said how many there are."""
    if others := len(problems[MOST_PROBLEMS:]):
        text = _("另有 %d 处问题没有列出。请先改正已列出的，再上传。") % others
        problems[MOST_PROBLEMS:] = [RosterProblem("", 0, "", text)]


def column_letter(sheet: str, name: str) -> str:
    """Where the template has the column."""
    names = [column.name for column in SHEETS[sheet]]
    return get_column_letter(names.index(name) + 1)


# --- A sheet ----------------------------------------------------------------------------------------------------


def read_sheet(page: BookSheet, name: str, columns: Sequence[RosterColumn], roster: Roster) -> None:
    places, problems = read_heads(page, name, columns)
    roster.problems.extend(problems)
    known = set(places.values())
    roster.unread.extend(
        f"{name}!{get_column_letter(number)}1 {text}"
        for number, text in read_head_row(page)
        if text and number not in known
    )
    roster.problems.extend(
        RosterProblem(
            name, merged.min_row, get_column_letter(merged.min_col), _("有合并的单元格。请取消合并，每行填全。")
        )
        for merged in page.merged
        if merged.max_row > 1
    )
    if len(page.rows) > MOST_ROWS + 1:
        text = _("有 %(rows)d 行，一次最多导入 %(most)d 行。请分成几个工作簿上传。")
        problems.append(RosterProblem(name, 0, "", text % {"rows": len(page.rows) - 1, "most": MOST_ROWS}))
        roster.problems.append(problems[-1])
    if problems:
        roster.lost.append(name)
        return
    for row in page.rows:
        if row > 1:
            read_row(row, page, name, columns, places, roster)


def read_head_row(page: BookSheet) -> Iterator[tuple[int, str]]:
    """The heads as they are compared: without line breaks and other blanks, and without the mark of what must be."""
    for number in range(1, page.max_column + 1):
        yield number, strip_blanks(label_at(page.cell(1, number))).rstrip("*＊")


def read_heads(
    page: BookSheet, name: str, columns: Sequence[RosterColumn]
) -> tuple[dict[str, int], list[RosterProblem]]:
    """The number of each column by its name, wherever it was moved to."""
    found: dict[str, list[int]] = {}
    for number, text in read_head_row(page):
        found.setdefault(text, []).append(number)
    problems = []
    for column in columns:
        times = found.get(column.head, [])
        if not times:
            problems.append(
                RosterProblem(name, 1, "", _("第 1 行没有“%s”这一列。请用下载的模板，不要改表头。") % column.head)
            )
        elif len(times) > 1:
            problems.append(RosterProblem(name, 1, get_column_letter(times[1]), _("“%s”这一列有两个。") % column.head))
    return {column.name: found[column.head][0] for column in columns if column.head in found}, problems


def read_row(
    row: int,
    page: BookSheet,
    name: str,
    columns: Sequence[RosterColumn],
    places: dict[str, int],
    roster: Roster,
) -> None:
    first = page.cell(row, places[columns[0].name])
    if label_at(first).lstrip("（(【[").startswith(EXAMPLE):
        return
    values: dict[str, Any] = {}
    problems = []
    for column in columns:
        cell = page.cell(row, places[column.name])
        try:
            values[column.name] = value_of(cell, column)
        except UnreadableCellError as error:
            problems.append(RosterProblem(name, row, get_column_letter(places[column.name]), str(error)))
    roster.problems.extend(problems)
    if problems:
        roster.broken[name].setdefault(values.get(columns[0].name, ""), row)
        return
    if name == UNITS:
        roster.units.append(InstitutionRow(row=row, **values))
        return
    values["closed"] = values["closed"] == YES_VALUE
    if values["role"] == Role.REPORTER:
        values["at"] = fold_code(values["at"])
    roster.people.append(PersonRow(row=row, **values))


def value_of(cell: BookCell, column: RosterColumn) -> Any:
    """The cell's value, or the sentence that says why it is none."""
    number = number_at(cell)
    if number is not None and abs(number) >= WHOLE_DIGITS and not column.is_day:
        raise UnreadableCellError(_("长号码被存成了数字，后几位已经丢失。请把单元格设为文本格式，重新填写。"))
    text = text_at(cell)
    if is_shortened(text) and not column.is_day:
        raise UnreadableCellError(
            _("“%s”是表格软件把长号码缩写成的样子，后几位已经丢失。请把单元格设为文本格式，重新填写完整的号码。") % text
        )
    if not text:
        if column.required:
            raise UnreadableCellError(_("“%s”没有填。") % column.head)
        return None if column.is_day else ""
    if column.is_day:
        return day_of(text)
    if column.choices:
        return choice_of(text, column)
    text = column.fold(text)
    if len(text) > column.length:
        raise UnreadableCellError(_("超过 %(most)d 个字。") % {"most": column.length})
    return text


def choice_of(text: str, column: RosterColumn) -> str:
    if text not in column.choices:
        raise UnreadableCellError(
            _("“%(text)s”不在列表里，可以填：%(words)s。") % {"text": text, "words": "、".join(column.choices)}
        )
    return column.choices[text]


def day_of(text: str) -> date:
    """2024-03-05, 2024/3/5, 2024.3.5, 2024年3月5日 or 20240305; the time 0:00 behind it is let pass."""
    match = DAY.fullmatch(strip_blanks(without_midnight(fold_width(text))))
    try:
        year, month, day = (int(part) for part in match.groups() if part) if match else (0, 0, 0)
        if year < EARLIEST:
            raise ValueError
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableCellError(_("“%s”不是日期，请写成 2024-03-05 的样子。") % text) from error


# --- Across the rows of a sheet ---------------------------------------------------------------------------------


def within_units(rows: Iterable[InstitutionRow]) -> Iterator[RosterProblem]:
    seen: dict[str, int] = {}
    for unit in rows:
        if unit.code in seen:
            yield roster_problem(UNITS, unit.row, "code", _("机构代码与第 %d 行相同。") % seen[unit.code])
        seen.setdefault(unit.code, unit.row)
        if unit.reported_by == unit.code:
            yield roster_problem(UNITS, unit.row, "reported_by", _("填报单位是它自己：自己填报的留空。"))
        if unit.merged_into == unit.code:
            yield roster_problem(UNITS, unit.row, "merged_into", _("不能并入它自己。"))
        if unit.merged_into and not unit.closed:
            yield roster_problem(UNITS, unit.row, "closed", _("填了并入机构，但没有停业日期。"))


def within_people(rows: Iterable[PersonRow]) -> Iterator[RosterProblem]:
    first: dict[str, PersonRow] = {}
    posts: set[tuple[str, str, str]] = set()
    for person in rows:
        known = first.setdefault(person.username, person)
        if differs := next((name for name in SAME if getattr(person, name) != getattr(known, name)), ""):
            yield roster_problem(PEOPLE, person.row, differs, _("同一用户名，与第 %d 行填的不一样。") % known.row)
        if (post := (person.username, person.role, person.at)) in posts:
            yield roster_problem(PEOPLE, person.row, "at", _("同一个人的同一岗位写了两行。"))
        posts.add(post)
        if not USERNAME.fullmatch(person.username):
            yield roster_problem(
                PEOPLE, person.row, "username", _("用户名只能用字母、数字和 @ . + - _，中间不留空格。")
            )
        if person.email and not is_email(person.email):
            yield roster_problem(PEOPLE, person.row, "email", _("“%s”不是邮箱地址。") % person.email)


SAME = ("display_name", "phone", "email", "closed")


def is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def roster_problem(sheet: str, row: int, name: str, text: str) -> RosterProblem:
    return RosterProblem(sheet, row, column_letter(sheet, name), text)
