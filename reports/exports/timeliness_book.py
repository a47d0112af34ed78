"""报送质量 as a workbook: the page's two tables as two sheets."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from openpyxl import Workbook

from reports.base.xlsx.contents import CellContent, Sheet, SheetColumn, SheetLine, Value, line_of, plain_number
from reports.base.xlsx.drawing import draw_sheet
from reports.exports.contents import NOT_APPLICABLE
from reports.exports.timeliness import TimelinessPage, TimelinessRow

RETURNS, ROUNDS, REVIEWS = lazy("报送（张）"), lazy("轮次与质量"), lazy("审核（工作日）")
COLUMNS: tuple[SheetColumn[TimelinessRow], ...] = (
    SheetColumn(lazy("地区或单位"), 30, lambda row: row.name, align="left"),
    SheetColumn(lazy("应报"), 9, lambda row: row.returns.owed, RETURNS, "right"),
    SheetColumn(lazy("按时"), 9, lambda row: row.returns.on_time, RETURNS, "right"),
    SheetColumn(lazy("补报"), 9, lambda row: row.returns.late, RETURNS, "right"),
    SheetColumn(lazy("补录"), 9, lambda row: row.returns.backfilled, RETURNS, "right"),
    SheetColumn(lazy("逾期未报"), 9, lambda row: row.returns.missing, RETURNS, "right"),
    SheetColumn(lazy("待报"), 9, lambda row: row.returns.awaited, RETURNS, "right"),
    SheetColumn(lazy("按时率"), 10, lambda row: number_content(row.on_time_share, "%"), RETURNS, "right"),
    SheetColumn(lazy("平均轮次"), 9, lambda row: number_content(row.rounds_mean), ROUNDS, "right"),
    SheetColumn(lazy("最多轮次"), 9, lambda row: known_value(row.returns.most_rounds), ROUNDS, "right"),
    SheetColumn(lazy("退回次数"), 9, lambda row: row.returns.returned, ROUNDS, "right"),
    SheetColumn(lazy("首报核实项"), 10, lambda row: row.returns.to_verify, ROUNDS, "right"),
    SheetColumn(lazy("通过后更正"), 10, lambda row: row.returns.corrections, ROUNDS, "right"),
    SheetColumn(lazy("审核次数"), 9, lambda row: row.reviews.decisions, REVIEWS, "right"),
    SheetColumn(lazy("中位数"), 9, lambda row: number_content(row.reviews.median_days), REVIEWS, "right"),
    SheetColumn(lazy("最长"), 9, lambda row: known_value(row.reviews.most_days), REVIEWS, "right"),
)


def number_content(value: Decimal | None, suffix: str = "") -> Value | CellContent:
    return NOT_APPLICABLE if value is None else plain_number(value, suffix)


def known_value(value: int | None) -> Value:
    return NOT_APPLICABLE if value is None else value


def timeliness_book(page: TimelinessPage, today: date) -> bytes:
    book = Workbook()
    if book.active is not None:
        book.remove(book.active)
    for sheet in sheets(page):
        draw_sheet(book.create_sheet(sheet.name), sheet, page.bureau, today)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheets(page: TimelinessPage) -> Iterator[Sheet]:
    if page.places:
        yield sheet_of(page, _("按地区"), page.places)
    if page.units or not page.places:
        yield sheet_of(page, _("按单位"), page.units)


def sheet_of(page: TimelinessPage, name: str, rows: Sequence[TimelinessRow]) -> Sheet:
    return Sheet(
        name=name,
        title=_("%(region)s%(period)s报送质量表") % {"region": page.region.name, "period": page.label},
        columns=COLUMNS,
        lines=sheet_lines(page, rows),
        notes=(timeliness_notes(),),
        frozen=1,
    )


def sheet_lines(page: TimelinessPage, rows: Sequence[TimelinessRow]) -> Iterator[SheetLine]:
    for row in rows:
        yield line_of(COLUMNS, row)
    if rows is page.places or not page.places:
        yield line_of(COLUMNS, page.whole, bold=True)


def timeliness_notes() -> str:
    """What is counted; the page says the same."""
    return _(
        "说明：按时率＝按时÷（应报－待报－补录）。补报指任一轮在当时截止日后提交；轮次为首次通过前的提交次数，"
        "撤回的不计；首报核实项为第一次提交时需要核实的数据个数；审核天数为提交次日起至审核当日的工作日，退回的审核也计入；"
        "合计由各张报表直接算出，不是各地平均数的平均。"
    )
