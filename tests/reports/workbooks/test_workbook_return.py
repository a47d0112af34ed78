"""One return there and back: what an upload means, what it changes, and what it leaves alone."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.models import Entry, Round
from reports.returns.actions import submissions
from reports.returns.errors import NewerSaveError
from reports.workbooks.actions import downloads, uploads
from reports.workbooks.sheets import long
from reports.workbooks.sheets.seal import SEAL_SHEET
from reports.workbooks.upload_scope import UploadScope
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON
from tests.reports.workbooks.helpers import (
    COMPLETE,
    confirm,
    download_return,
    fill,
    fill_all,
    find_row,
    list_changes,
    list_entries,
    list_problems,
    main_sheet,
    make_named_scene,
    open_book,
    pack_book,
    preview,
    sort_rows,
)

pytestmark = pytest.mark.django_db
STORED = {
    "全部诊疗人次": 1000,
    "基层诊疗人次": 600,
    "培训人次": 5,
    "完善招聘机制": 2,
    "设备是否配齐": 1,
    "验收日期": Decimal("738950"),  # 2024-03-05
    "补助资金": Decimal("1234.5"),
}


@pytest.fixture
def scene():
    return make_named_scene()


def save(scene, now=MORNING, by=None, **changed):
    return submissions.save_draft(scene.submission, scene.answers(**changed), by or scene.reporter, now)


# --- What is given out ---


def test_the_workbook_opens_with_the_saved_answers_and_the_last_quarter(scene):
    save(scene, trained="无此业务")
    page = main_sheet(download_return(scene))
    rows = {row[0].value: [cell.value for cell in row[4:8]] for row in page.iter_rows(min_row=5) if row[8].value}
    assert rows == {
        "全部诊疗人次": ["—", 100, None, None],
        "基层诊疗人次": ["—", 60, None, None],
        "培训人次": ["—", None, "是", "无此业务"],
        "完善招聘机制": ["—", "全部完成", None, "已开展两期培训。"],
        "设备是否配齐": ["—", "是", None, None],
        "验收日期": ["—", None, None, None],
        "补助资金": ["—", None, None, None],
    }


def test_only_answer_cells_are_open_on_protected_sheets(scene):
    book = download_return(scene)
    page = main_sheet(book)
    unlocked = {cell.column_letter for row in page.iter_rows(min_row=5) for cell in row if not cell.protection.locked}
    assert unlocked == {"F", "G", "H"}
    assert [(sheet.title, sheet.protection.sheet, sheet.sheet_state) for sheet in book] == [
        ("2024年第一季度", True, "visible"),
        ("填写说明", True, "visible"),
        (SEAL_SHEET, True, "veryHidden"),
    ]


def test_lists_and_numbers_are_validated_by_the_spreadsheet(scene):
    page = main_sheet(download_return(scene))
    found = {
        (rule.type, rule.formula1)
        for rule in page.data_validations.dataValidation
        if any(cell.min_col == long.VALUE for cell in rule.sqref.ranges)
    }
    row = find_row(page, "验收日期")
    assert found == {
        ("whole", "0"),
        ("decimal", "0"),
        ("list", '"未完成,基本完成,全部完成"'),
        ("list", '"是,否"'),
        ("custom", f'OR(ISNUMBER(F{row}),F{row}="尚未完成")'),
    }


def test_a_name_that_looks_like_a_formula_stays_a_text(scene):
    scene.all_visits.name = "=1+1"
    scene.all_visits.save()
    cell = main_sheet(download_return(scene)).cell(6, 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_only_who_fills_in_may_have_it(scene):
    outsider = person(Role.REPORTER, scene.places.hospitals[1][0])
    with pytest.raises(PermissionDenied):
        downloads.give_return_workbook(scene.submission, outsider, MORNING)


def test_a_handed_in_return_is_not_given_out(scene):
    book = fill_all(download_return(scene))
    confirm(scene, preview(scene, book))
    submissions.submit(scene.submission, scene.reporter, MORNING)
    scene.submission.refresh_from_db()
    with pytest.raises(RefusedError, match="报表已提交"):
        downloads.give_return_workbook(scene.submission, scene.reporter, MORNING)


def test_giving_out_is_on_record(scene):
    download_return(scene)
    assert AuditRecord.objects.filter(action="workbook.given_out").count() == 1


# --- What is brought back ---


def test_an_unchanged_workbook_changes_nothing(scene):
    save(scene, trained="无此业务")
    run = preview(scene, download_return(scene))
    assert (list_problems(run), run.count, run.token) == ([], 0, "")


def test_a_filled_in_workbook_gives_the_same_draft_as_the_keyboard(scene):
    run = preview(scene, fill_all(download_return(scene)))
    assert (list_problems(run), run.count) == ([], 7)
    confirm(scene, run)
    assert list_entries(scene.submission) == STORED
    assert Entry.objects.get(element=scene.camp).note == "已办两期。"


def test_nothing_is_written_by_a_dry_run(scene):
    preview(scene, fill_all(download_return(scene)))
    assert Round.objects.count() == 0


@pytest.mark.parametrize(
    "typed", ["1000", "１０００", "1,000", "１，０００", " 1000 ", "1000 人次", 1000, 1000.0, "\t1000\u3000"]
)
def test_numbers_are_understood_as_people_write_them(scene, typed):
    book = download_return(scene)
    fill(book, "全部诊疗人次", typed)
    assert list_changes(preview(scene, book)) == [("全部诊疗人次", "未填", "1,000")]


@pytest.mark.parametrize("typed", ["2024-03-05", "2024/3/5", "2024年3月5日", "2024.03.05"])
def test_days_are_understood_as_people_write_them(scene, typed):
    book = download_return(scene)
    fill(book, "验收日期", typed)
    assert list_changes(preview(scene, book)) == [("验收日期", "未填", "2024年3月5日")]


def test_zero_blank_and_not_applicable_are_three_things(scene):
    book = download_return(scene)
    fill(book, "全部诊疗人次", 0)
    fill(book, "培训人次", "是", "na")
    fill(book, "培训人次", "无此业务", "note")
    confirm(scene, preview(scene, book))
    assert list_entries(scene.submission) == {"全部诊疗人次": 0, "培训人次": None}


def test_sorted_rows_and_inserted_blank_rows_are_followed(scene):
    book = fill_all(download_return(scene))
    page = main_sheet(book)
    sort_rows(page)
    page.insert_rows(7, 2)
    page.insert_rows(1)
    confirm(scene, preview(scene, book))
    assert list_entries(scene.submission) == STORED


def test_a_cleared_cell_is_said_and_clears(scene):
    save(scene)
    book = download_return(scene)
    fill(book, "基层诊疗人次", None)
    run = preview(scene, book)
    assert list_changes(run) == [("基层诊疗人次", "60", "清空")]
    confirm(scene, run, now=NOON)
    assert "基层诊疗人次" not in list_entries(scene.submission)


def test_cells_left_alone_do_not_undo_what_was_typed_since(scene):
    book = download_return(scene)
    save(scene)
    fill(book, "补助资金", 5)
    run = preview(scene, book)
    assert list_changes(run) == [("补助资金", "未填", "5.00")]
    confirm(scene, run, now=NOON)
    assert list_entries(scene.submission)["全部诊疗人次"] == 100


def test_a_cell_that_somebody_changed_since_is_marked(scene):
    book = download_return(scene)
    save(scene, all_visits=300)
    fill(book, "全部诊疗人次", 400)
    run = preview(scene, book)
    assert [(c.was, c.becomes, c.meanwhile) for each in run.to_write for c in each.changes] == [("300", "400", True)]


def test_the_checks_speak_beside_a_change(scene):
    book = download_return(scene)
    fill(book, "全部诊疗人次", 10)
    fill(book, "基层诊疗人次", 20)
    hints = [hint for each in preview(scene, book).to_write for _, hint in each.rows]
    assert hints == ["", "20 大于“全部诊疗人次”的 10，部分不能大于总数。"]


# --- One click, all or nothing ---


def test_a_save_between_dry_run_and_click_is_told_and_nothing_is_written(scene):
    save(scene)
    book = download_return(scene)
    fill(book, "全部诊疗人次", 500)
    run = preview(scene, book)
    colleague = person(Role.REPORTER, scene.hospital, display_name="赵同事")
    save(scene, NOON, colleague, visits=50)
    with pytest.raises(NewerSaveError, match="赵同事在您上传之后保存过城关镇卫生院的报表，这次没有写入任何内容"):
        confirm(scene, run, now=NOON)
    assert list_entries(scene.submission)["全部诊疗人次"] == 100


def test_a_plan_revised_between_dry_run_and_click_writes_nothing(scene):
    run = preview(scene, fill_all(download_return(scene)))
    scene.clinic.delete()
    with pytest.raises(NewerSaveError, match="有了变化"):
        confirm(scene, run)
    assert Entry.objects.count() == 0


def test_the_second_click_finds_nothing(scene):
    run = preview(scene, fill_all(download_return(scene)))
    confirm(scene, run)
    with pytest.raises(RefusedError, match="已经写入，或已超过 30 分钟"):
        confirm(scene, run)
    assert Round.objects.count() == 1


def test_another_persons_click_writes_nothing(scene):
    run = preview(scene, fill_all(download_return(scene)))
    colleague = person(Role.REPORTER, scene.hospital)
    with pytest.raises(RefusedError, match="已经写入，或已超过 30 分钟"):
        confirm(scene, run, by=colleague)


def test_a_click_for_another_return_writes_nothing(scene):
    run = preview(scene, fill_all(download_return(scene)))
    scene.next_quarter()
    with pytest.raises(RefusedError, match="已经写入，或已超过 30 分钟"):
        uploads.write_upload(run.token, UploadScope.for_return(scene.submission, scene.reporter), scene.reporter, NOON)


def test_only_who_fills_in_may_bring_it_back(scene):
    outsider = person(Role.REPORTER, scene.places.hospitals[1][0])
    with pytest.raises(PermissionDenied):
        preview(scene, download_return(scene), by=outsider)


def test_a_reviewer_brings_it_back_as_paper(scene):
    book = open_book(downloads.give_return_workbook(scene.submission, scene.reviewer, MORNING)[1])
    confirm(scene, preview(scene, fill_all(book), by=scene.reviewer), by=scene.reviewer)
    made = Round.objects.get()
    assert (made.origin, made.saved_by) == (Origin.PAPER, scene.reviewer)


def test_the_import_is_on_record_with_its_file(scene):
    confirm(scene, preview(scene, fill_all(download_return(scene)), name="一季度.xlsx"))
    record = AuditRecord.objects.get(action="submission.imported")
    assert record.detail == {"file": "一季度.xlsx", "cells": len(COMPLETE), "origin": ""}


def test_each_answer_says_who_wrote_it(scene):
    save(scene)
    book = download_return(scene)
    fill(book, "全部诊疗人次", 500)
    colleague = person(Role.REPORTER, scene.hospital)
    confirm(scene, preview(scene, book, by=colleague), by=colleague, now=NOON)
    writers = {each.element.name: each.typed_by for each in Entry.objects.select_related("element", "typed_by")}
    assert (writers["全部诊疗人次"], writers["基层诊疗人次"]) == (colleague, scene.reporter)


def test_a_workbook_saved_again_by_a_spreadsheet_is_still_ours(scene):
    book = open_book(pack_book(fill_all(download_return(scene))))
    assert preview(scene, pack_book(book)).count == 7
