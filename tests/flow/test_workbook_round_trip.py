"""A return by Excel in a real browser: taken away, filled in offline, brought back, and the same as by keyboard."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from reports.models import Entry
from reports.workbooks.sheets import layout, long
from tests.flow.forty import FIGURES, Forty
from tests.flow.test_filling import opened

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def forty(transactional_db, settings) -> Forty:
    settings.BUSINESS_DATE = date(2024, 4, 10)
    return Forty()


def downloaded(page: Page, forty: Forty, server: str) -> Workbook:
    page.goto(f"{server}/returns/{forty.submission.pk}/workbook/")
    with page.expect_download() as given:
        page.get_by_role("link", name="下载填报工作簿").click()
    return load_workbook(io.BytesIO(given.value.path().read_bytes()))


def rows(book: Workbook, keys: list[str]) -> list[int]:
    """Where these questions stand, by their hidden keys."""
    page = book.worksheets[0]
    at = {page.cell(row, long.KEY).value: row for row in range(layout.BODY_ROW, page.max_row + 1)}
    return [at[key] for key in keys]


def filled(book: Workbook, forty: Forty) -> Workbook:
    page = book.worksheets[0]
    places = rows(book, [forty.name(each) for each in forty.numbers])
    for number, (row, figure) in enumerate(zip(places, FIGURES, strict=True)):
        page.cell(row, long.VALUE).value = f"{figure:,}" if number % 2 else figure
    for line, (beds, equipped) in enumerate([(3, "是"), ("５", "否"), (0, "是")]):
        for element, value in ((forty.beds, beds), (forty.equipped, equipped)):
            page.cell(rows(book, [forty.name(element, line)])[0], long.VALUE).value = value
    return book


def upload(page: Page, book: Workbook, folder: Path) -> None:
    file = folder / "报表.xlsx"
    book.save(file)
    page.set_input_files("#file", file)
    page.get_by_role("button", name="上传并核对").click()


def test_forty_fields_by_excel_round_trip(page, live_server, forty, tmp_path):
    opened(page, live_server.url, forty)
    book = downloaded(page, forty, live_server.url)
    upload(page, book, tmp_path)
    expect(page.locator("main")).to_contain_text("没有要写入的改动")  # as it went out
    upload(page, filled(book, forty), tmp_path)
    expect(page.locator("main")).to_contain_text("将改动 46 处（1 张报表）")
    assert Entry.objects.count() == 0
    page.get_by_role("button", name="写入草稿").click()
    expect(page.locator("main")).to_contain_text("已写入草稿：改了 46 处。")
    assert forty.figures() == FIGURES
    assert forty.lines() == [(3, 1), (5, 0), (0, 1)]


def test_a_workbook_with_two_wrong_cells_says_both_and_writes_nothing(page, live_server, forty, tmp_path):
    opened(page, live_server.url, forty)
    book = filled(downloaded(page, forty, live_server.url), forty)
    first, second = rows(book, [forty.name(each) for each in forty.numbers[:2]])
    book.worksheets[0].cell(first, long.VALUE).value = "不详"
    book.worksheets[0].cell(second, long.VALUE).value = -1
    upload(page, book, tmp_path)
    table = page.locator("section[aria-labelledby=problems] tbody tr")
    unread = [f"2024年第一季度!F{first}", "“不详”不是数字，请只填阿拉伯数字。"]
    expect(table.nth(0).locator("td")).to_have_text(unread)
    expect(table.nth(1).locator("td")).to_have_text([f"2024年第一季度!F{second}", "不能填负数。"])
    assert Entry.objects.count() == 0
