"""The register's workbook into rows: what is understood, and the sentence at each cell that is not."""

from datetime import date, datetime
from typing import Any

import pytest

from institutions.enums import InstitutionKind, Role
from institutions.roster import PEOPLE, UNITS, InstitutionRow, PersonRow, reading
from tests.institutions.rosters import person_row, read_back, unit, workbook


def problems(units: list[Any] | None = None, people: list[Any] | None = None) -> list[tuple[str, str]]:
    return [(found.place, found.text) for found in read_back(workbook(units, people)).problems]


def test_the_empty_template_has_neither_rows_nor_problems():
    read = read_back(workbook())
    assert (read.units, read.people, read.problems, read.unread) == ([], [], [], [])


def test_a_unit_is_read_by_the_words_of_the_lists():
    read = read_back(workbook([unit(closed=datetime(2024, 1, 1), contact_phone=37155500001)]))
    assert read.units == [
        InstitutionRow(
            row=3,
            code="N1",
            name="新镇卫生院",
            kind=InstitutionKind.TOWNSHIP_HOSPITAL,
            grade="general",
            ownership="",
            place="甲县",
            reported_by="",
            opened=None,
            closed=date(2024, 1, 1),
            merged_into="",
            contact_name="",
            contact_phone="37155500001",
            moved_on=None,
        )
    ]


def test_a_person_with_two_posts_has_two_rows():
    read = read_back(workbook(people=[person_row(), person_row(role="填报员", at="N1")]))
    assert read.problems == []
    assert [(row.row, row.role, row.at) for row in read.people] == [
        (3, Role.REVIEWER, "甲县"),
        (4, Role.REPORTER, "N1"),
    ]


def test_a_closed_account_says_so():
    assert read_back(workbook(people=[person_row(closed="是")])).people == [
        PersonRow(3, "lisi", "李四", "", "", Role.REVIEWER, "甲县", closed=True)
    ]


@pytest.mark.parametrize("text", ["2024-03-05", "2024/3/5", "2024.3.5", "2024年3月5日", "20240305", " 2024-3-5 "])
def test_a_day_is_understood_as_people_write_it(text: str):
    assert read_back(workbook([unit(opened=text)])).units[0].opened == date(2024, 3, 5)


@pytest.mark.parametrize(
    ("cells", "place", "told"),
    [
        ({"code": None}, "机构!A3", "“机构代码”没有填。"),
        ({"name": "院" * 81}, "机构!B3", "超过 80 个字。"),
        (
            {"code": 410100000000000123},
            "机构!A3",
            "长号码被存成了数字，后几位已经丢失。请把单元格设为文本格式，重新填写。",
        ),
        ({"grade": "甲等"}, "机构!D3", "“甲等”不在列表里，可以填：中心、一般、二级、三级。"),
        ({"opened": "2024-13-05"}, "机构!H3", "“2024-13-05”不是日期，请写成 2024-03-05 的样子。"),
        ({"opened": 12}, "机构!H3", "“12”不是日期，请写成 2024-03-05 的样子。"),
        ({"contact_name": "=A1"}, "机构!K3", "单元格里是公式。请复制后“选择性粘贴－数值”，再上传。"),
        ({"reported_by": "N1"}, "机构!G3", "填报单位是它自己：自己填报的留空。"),
        ({"merged_into": "N1", "closed": "2024-01-01"}, "机构!J3", "不能并入它自己。"),
        ({"merged_into": "N2"}, "机构!I3", "填了并入机构，但没有停业日期。"),
    ],
)
def test_a_bad_cell_of_a_unit_has_its_sentence(cells: dict[str, Any], place: str, told: str):
    assert problems([unit(**cells)]) == [(place, told)]


@pytest.mark.parametrize(
    ("cells", "place", "told"),
    [
        ({"username": "li si"}, "人员!A3", "用户名只能用字母、数字和 @ . + - _，中间不留空格。"),
        ({"display_name": " "}, "人员!B3", "“姓名”没有填。"),
        ({"email": "lisi"}, "人员!D3", "“lisi”不是邮箱地址。"),
        (
            {"role": "主任"},
            "人员!E3",
            "“主任”不在列表里，可以填：填报员、审核员、局领导、督查员、计划管理员、系统管理员。",
        ),
    ],
)
def test_a_bad_cell_of_a_person_has_its_sentence(cells: dict[str, Any], place: str, told: str):
    assert problems(people=[person_row(**cells)]) == [(place, told)]


def test_a_code_twice_is_a_problem_at_the_second():
    assert problems([unit(), unit()]) == [("机构!A4", "机构代码与第 3 行相同。")]


def test_the_rows_of_a_person_agree():
    assert problems(people=[person_row(), person_row(phone="1", at="乙县")]) == [
        ("人员!C4", "同一用户名，与第 3 行填的不一样。")
    ]


def test_a_post_twice_is_a_problem():
    assert problems(people=[person_row(), person_row()]) == [("人员!F4", "同一个人的同一岗位写了两行。")]


def test_a_missing_sheet_is_named():
    book = workbook()
    del book[PEOPLE]
    read = read_back(book)
    assert [(found.place, found.text) for found in read.problems] == [
        ("人员", "没有这张工作表。请用下载的模板，不要改工作表的名称。")
    ]


def test_a_renamed_column_is_missed_and_shown_as_unread():
    book = workbook([unit()])
    book[UNITS]["B1"] = "机构的名字"
    read = read_back(book)
    assert [(found.place, found.text) for found in read.problems] == [
        ("机构!1", "第 1 行没有“名称”这一列。请用下载的模板，不要改表头。")
    ]
    assert (read.units, read.unread) == ([], ["机构!B1 机构的名字"])


def test_columns_may_change_places():
    book = workbook([unit()])
    for row in (1, 3):
        page = book[UNITS]
        page.cell(row, 1).value, page.cell(row, 2).value = page.cell(row, 2).value, page.cell(row, 1).value
    book[UNITS].delete_rows(2)
    assert [(row.code, row.name) for row in read_back(book).units] == [("N1", "新镇卫生院")]


def test_merged_cells_are_a_problem():
    book = workbook([unit(), unit(code="N2")])
    book[UNITS].merge_cells("K3:K4")
    assert [(found.place, found.text) for found in read_back(book).problems] == [
        ("机构!K3", "有合并的单元格。请取消合并，每行填全。")
    ]


def test_a_head_with_a_line_break_is_the_same_head():
    book = workbook([unit()])
    book[UNITS]["A1"], book[UNITS]["C1"] = "机构\n代码*", "类\u3000别\u200b＊"
    assert [row.code for row in read_back(book).units] == ["N1"]


@pytest.mark.parametrize("day", ["2024-03-05 0:00", "2024/3/5 00:00:00", "２０２４.３.５", datetime(2024, 3, 5, 0, 0)])
def test_a_day_with_the_time_of_midnight_is_a_day(day: Any):
    assert [row.opened for row in read_back(workbook([unit(opened=day)])).units] == [date(2024, 3, 5)]


def test_a_shortened_number_says_that_the_spreadsheet_shortened_it():
    assert problems([unit(contact_phone="1.38E+10")]) == [
        (
            "机构!L3",
            "“1.38E+10”是表格软件把长号码缩写成的样子，后几位已经丢失。请把单元格设为文本格式，重新填写完整的号码。",
        )
    ]


@pytest.mark.parametrize("phone", [13800138000, 1.3800138e10])
def test_a_number_that_holds_all_its_digits_is_read_in_full(phone: Any):
    assert [row.contact_phone for row in read_back(workbook([unit(contact_phone=phone)])).units] == ["13800138000"]


def test_what_is_invisible_around_a_text_is_no_part_of_it():
    book = workbook([unit(code="\ufeffN1\u200b", name="\u00a0新镇卫生院\u2060\n", kind="乡镇卫生院\u200b")])
    assert [(row.code, row.name) for row in read_back(book).units] == [("N1", "新镇卫生院")]


def test_of_very_many_problems_the_first_are_listed_and_the_others_counted():
    found = problems([unit(code=f"N{number}", kind="无此类") for number in range(1_002)])
    assert len(found) == 1_001
    assert found[-1] == ("", "另有 2 处问题没有列出。请先改正已列出的，再上传。")


def test_a_sheet_of_too_many_rows_is_not_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reading, "MOST_ROWS", 2)
    assert problems([unit()]) == []  # beside its example
    assert problems([unit(), unit(code="N2")]) == [("机构", "有 3 行，一次最多导入 2 行。请分成几个工作簿上传。")]
