"""What is signed into a workbook stays readable: workbooks given out by an earlier release come back to this one."""

from decimal import Decimal

import pytest
from django.core import signing
from openpyxl import Workbook

from institutions.workbooks import open_bytes
from reports.questions.answers import Answer
from reports.workbooks.sheets.seal import BrokenSealError, read_seal
from reports.workbooks.upload_scope import WorkbookKind
from tests.reports.workbooks.helpers import download_county, download_return, make_named_scene, pack_book

# Letter by letter as it was first given out: never follow a rename here.
LONG_PAGE = {
    "name": "2024年第一季度",
    "quarter": 8096,
    "heads": ["数据项", "机构", "编号"],
    "rows": [["7-3", "全部诊疗人次", "城关镇卫生院"]],
    "asked": [[7, 3]],
    "elements": [],
    "given": [[7, 3, "12.5", False, "翻修"]],
}
WIDE_PAGE = LONG_PAGE | {
    "rows": [["3", "410221001", "城关镇卫生院"]],
    "elements": [7],
    "given": [[7, 3, None, True, "无"]],
}
CONTENT = {"kind": "past", "of": 3, "name": "甲县", "pages": [LONG_PAGE, WIDE_PAGE]}


def sealed(content: dict) -> Workbook:
    book = Workbook()
    text = signing.dumps(content, salt="reports.sheets", compress=True)
    book.create_sheet("healthplan")["A1"].value = text
    return book


def signed_content(book: Workbook) -> dict:
    return signing.loads(book["healthplan"]["A1"].value, salt="reports.sheets")


def test_a_workbook_given_out_long_ago_is_read():
    seal = read_seal(open_bytes(pack_book(sealed(CONTENT))))
    long_page, wide_page = seal.pages
    assert (seal.kind, seal.of, seal.name) == (WorkbookKind.PAST, 3, "甲县")
    assert (long_page.is_wide, wide_page.is_wide) == (False, True)
    assert long_page.answers == {(7, 3): Answer(7, 3, Decimal("12.5"), note="翻修")}
    assert wide_page.answers == {(7, 3): Answer(7, 3, None, not_applicable=True, note="无")}


@pytest.mark.django_db
def test_what_is_given_out_keeps_its_form():
    scene = make_named_scene()
    for book, kind in ((download_return(scene), "return"), (download_county(scene), "county")):
        content = signed_content(book)
        assert (content.keys(), content["kind"]) == (CONTENT.keys(), kind)
        assert [page.keys() for page in content["pages"]] == [LONG_PAGE.keys()] * len(content["pages"])


def test_a_seal_under_another_salt_is_refused():
    book = Workbook()
    book.create_sheet("healthplan")["A1"].value = signing.dumps(CONTENT, salt="reports", compress=True)
    with pytest.raises(BrokenSealError, match="隐藏校验内容已被改动"):
        read_seal(open_bytes(pack_book(book)))
