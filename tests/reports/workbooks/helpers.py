"""Workbooks as people bring them back: filled in, sorted, and damaged in every way they have found."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.base import ContentFile
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from reports.models import Submission
from reports.returns.actions import opening
from reports.workbooks.actions import downloads, uploads
from reports.workbooks.dry_run import DryRun
from reports.workbooks.queries import past_quarters
from reports.workbooks.sheets import layout, long
from reports.workbooks.sheets.seal import SEAL_SHEET
from reports.workbooks.upload_scope import UploadScope
from targets.enums import Accumulation, ElementType, IndicatorKind
from tests.factories import DataElementFactory, IndicatorFactory, target_with_terms
from tests.reports.returns.helpers import MORNING, Q1, Filling, filling

NAME = "报表.xlsx"
WITHIN = {"value": long.VALUE, "na": long.NOT_APPLICABLE, "note": long.NOTE}


def make_named_scene() -> Filling:
    """The hospital, its clinic and the outsider's hospital by fixed names; asked for a date and a money amount, too."""
    scene = filling()
    for unit, code, name in (
        (scene.hospital, "410221001", "城关镇卫生院"),
        (scene.clinic, "410221001001", "东村卫生室"),
        (scene.places.hospitals[1][0], "410222001", "外县卫生院"),
    ):
        unit.code, unit.name = code, name
        unit.save()
    ask(scene, name="验收日期", topic="验收", type=ElementType.DATE, accumulation=Accumulation.STOCK, unit="")
    ask(scene, name="补助资金", topic="验收", type=ElementType.MONEY, places=2, unit="元")
    return scene


def ask(scene: Filling, **element: object):
    made = DataElementFactory(**element)
    target_with_terms(IndicatorFactory(element=made, kind=IndicatorKind.TOTAL), {Q1.last_day: 1}, plan=scene.plan)
    return made


def download_return(scene: Filling, submission: Submission | None = None) -> Workbook:
    """The return's workbook as it is taken away."""
    return open_book(downloads.give_return_workbook(submission or scene.submission, scene.reporter, MORNING)[1])


def download_county(scene: Filling, by=None) -> Workbook:
    return open_book(downloads.give_county_workbook(scene.places.counties[0], Q1, by or scene.reviewer, MORNING)[1])


def download_past(scene: Filling, *quarters) -> Workbook:
    county = scene.places.counties[0]
    chosen = quarters or past_quarters(county, MORNING)
    return open_book(downloads.give_past_workbook(county, chosen, scene.reviewer, MORNING)[1])


def open_book(data: bytes) -> Workbook:
    return load_workbook(BytesIO(data))


def pack_book(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def main_sheet(book: Workbook) -> Worksheet:
    return book.worksheets[0]


def find_row(page: Worksheet, item: str) -> int:
    return next(row for row in range(layout.BODY_ROW, page.max_row + 1) if page.cell(row, 1).value == item)


def fill(book: Workbook, item: str, value: object, column: str = "value") -> str:
    """Types into a return's workbook; gives the address of the cell."""
    page = main_sheet(book)
    cell = page.cell(find_row(page, item), WITHIN[column])
    cell.value = value
    return f"{page.title}!{cell.coordinate}"


COMPLETE = {
    "全部诊疗人次": 1000,
    "基层诊疗人次": 600,
    "培训人次": 5,
    "完善招聘机制": "全部完成",
    "设备是否配齐": "是",
    "验收日期": "2024-03-05",
    "补助资金": 1234.5,
}


def fill_all(book: Workbook, **changed: object) -> Workbook:
    for item, value in (COMPLETE | changed).items():
        fill(book, item, value)
    fill(book, "完善招聘机制", "已办两期。", "note")
    return book


def preview(scene: Filling, book: Workbook | bytes, by=None, now=MORNING, name: str = NAME) -> DryRun:
    """The dry run of an upload to the scene's return."""
    by = by or scene.reporter
    data = book if isinstance(book, bytes) else pack_book(book)
    return uploads.preview_upload(ContentFile(data, name), UploadScope.for_return(scene.submission, by), by, now)


def confirm(scene: Filling, run: DryRun, by=None, now=MORNING) -> DryRun:
    return uploads.write_upload(run.token, run.scope, by or scene.reporter, now)


def list_problems(run: DryRun) -> list[tuple[str, str]]:
    """Those against the whole file, then those of single returns."""
    of_returns = [problem for each in run.returns for problem in each.problems]
    return [(problem.at, problem.sentence) for problem in [*run.problems, *of_returns]]


def list_changes(run: DryRun) -> list[tuple[str, str, str]]:
    return [
        (change.question.element.name, change.was, change.becomes) for each in run.to_write for change in each.changes
    ]


def list_entries(submission: Submission) -> dict[str, object]:
    """What stands in the draft, by item."""
    draft = submission.rounds.order_by("number").last()
    return {
        each.element.name: None if each.not_applicable else each.value
        for each in (draft.entries.select_related("element").order_by("element__position") if draft else ())
    }


def sort_rows(page: Worksheet, reverse: bool = True) -> None:
    """As a spreadsheet sorts all columns by the first; the format of a cell moves with it."""
    body = [[(cell.value, cell.number_format) for cell in row] for row in page.iter_rows(min_row=layout.BODY_ROW)]
    body.sort(key=lambda row: str(row[0][0]), reverse=reverse)
    for number, row in enumerate(body, layout.BODY_ROW):
        for column, (value, number_format) in enumerate(row, 1):
            page.cell(number, column).value = value
            page.cell(number, column).number_format = number_format


def open_next_quarter(scene: Filling) -> None:
    opening.open_quarter(Q1 + 1, MORNING)


# --- Files that are not what they claim -------------------------------------------------------------------------


def repack_book(book: Workbook, extra: Iterable[tuple[str, bytes]]) -> bytes:
    """The workbook with further members in its container."""
    out = BytesIO(pack_book(book))
    with ZipFile(out, "a", ZIP_DEFLATED) as archive:
        for name, content in extra:
            archive.writestr(name, content)
    return out.getvalue()


def seal_sheet(book: Workbook) -> Worksheet:
    return book[SEAL_SHEET]
