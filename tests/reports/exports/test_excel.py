"""The workbook, read back."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from institutions.enums import InstitutionKind, RegionLevel
from institutions.models import Institution, Region
from reports.base.enums import Status
from reports.base.xlsx.contents import CellContent, SheetColumn, number_format
from reports.base.xlsx.drawing import COLOURS, lines_of, put_content, split_width
from reports.boards.pages import board_of
from reports.boards.pages.cell_words import answered_text
from reports.boards.pages.cells import Counts
from reports.exports.contents import figure_content
from reports.exports.summary import SidePart
from reports.models import Entry, Submission
from targets.enums import IndicatorKind, Schedule
from targets.models import Clause, Milestone
from tests.factories import DataElementFactory, IndicatorFactory, RoundFactory, approved, target_with_terms
from tests.reports.boards import helpers
from tests.reports.exports.helpers import NOW, Q1, YEAR_END, Scene, cell_at, heads, named, row_of, scene

pytestmark = pytest.mark.django_db
SHEETS = ["汇总表", "分县区完成情况", "分子分母明细", "定性工作", "滞后清单", "即将到期提示", "填报情况"]
SIGNATURES = ["单位负责人：", "审核人：", "填报人：", "联系电话："]
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)"]


@pytest.fixture
def made() -> Scene:
    return scene()


def number(cell):
    return Decimal(str(cell.value))


def test_workbook_has_its_sheets_in_order(made):
    assert made.workbook().sheetnames == SHEETS


def test_county_has_no_sheet_by_county(made):
    assert made.workbook(county=0).sheetnames == [name for name in SHEETS if name != "分县区完成情况"]


def test_titles_are_merged_over_the_width_in_their_font(made):
    for page in made.workbook():
        assert page["A1"].value.startswith("某市2023年第一季度")
        assert f"A1:{get_column_letter(page.max_column)}1" in [str(each) for each in page.merged_cells.ranges]
        assert (page["A1"].font.name, page["A1"].font.size) == ("方正小标宋简体", 20)


def test_second_row_names_unit_and_day_and_the_last_who_signs(made):
    for page in made.workbook():
        second = [cell.value for cell in page[2] if cell.value]
        assert second[:2] == ["填报单位（盖章）：某市卫生健康委员会", "填报日期：2023年4月25日"]
        assert [cell.value for cell in page[page.max_row] if cell.value] == SIGNATURES


def test_paper_is_a4_landscape_one_page_wide_with_its_head_on_every_page(made):
    for page in made.workbook():
        setup = page.page_setup
        assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (9, "landscape", 1, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert (page.print_title_rows, page.oddFooter.center.text) == ("$3:$4", "第&P页 共&N页")


def test_head_groups_are_merged_over_their_columns(made):
    page = made.workbook()["汇总表"]
    merged = {page[str(each).split(":")[0]].value: str(each) for each in page.merged_cells.ranges}
    assert (merged["目标要求"], merged["完成情况"], merged["序号"]) == ("E3:F3", "G3:K3", "A3:A4")


def test_body_is_fangsong_in_thin_borders(made):
    cell = cell_at(made.workbook()["汇总表"], "完成值", 工作任务="签约覆盖率")
    assert (cell.font.name, cell.font.size, cell.border.left.style) == ("仿宋", 11, "thin")


def test_numbers_are_those_of_the_board(made):
    page = made.workbook()["汇总表"]
    board = board_of(made.plan, made.places.city, made.period, NOW.date())
    whole = next(row.whole for row in board.rows if row.target.id == made.signing.pk)
    cell = cell_at(page, "完成值", 工作任务="签约覆盖率")
    assert (number(cell), cell.number_format) == (whole.value, '#,##0.0"%"')
    assert number(cell) == Decimal("9.80")
    assert number(cell_at(page, "完成率", 工作任务="签约覆盖率")) == whole.done_share
    assert cell_at(page, "计数\n（分子/分母）", 工作任务="签约覆盖率").value == "100/1,020"
    assert cell_at(page, "已报/应报", 工作任务="签约覆盖率").value == answered_text(whole.counts)


def test_every_number_of_the_matrix_is_the_boards(made):
    page, summary = made.workbook()["分县区完成情况"], made.summary()
    columns = heads(page)
    checked = 0
    for row in summary.board.rows:
        line = cell_at(page, "目标", 目标=row.target.name).row
        for cell in (row.whole, *row.cells):
            name = "合计" if cell is row.whole else cell.region.name
            found = page.cell(line, columns[name]).value
            if not isinstance(found, str):
                checked += 1
                assert Decimal(str(found)) == cell.value
    assert checked == 9


def test_not_reported_zero_not_applicable_and_not_judged_are_four_things(made):
    page = made.workbook()["分县区完成情况"]
    assert cell_at(page, "甲县", 目标="签约覆盖率").value == 10
    assert cell_at(page, "乙县", 目标="签约覆盖率").value == 0
    assert cell_at(page, "丙县", 目标="签约覆盖率").value == "未报"
    assert cell_at(page, "甲县", 目标="培训覆盖率").value == "—"
    assert cell_at(page, "乙县", 目标="培训覆盖率").value == 0
    assert cell_at(page, "甲县", 目标="推荐标准占比").value == "·"
    assert cell_at(page, "丙县", 目标="新建服务站").value == "·"


def test_nothing_reported_is_no_zero_even_before_its_date(made):
    summary = made.summary(county=2)
    page = made.workbook(county=2)["定性工作"]
    assert row_of(summary, made.mechanism).whole.status == "not_due"
    assert cell_at(page, "丙县", 工作任务="完善招聘机制").value == "○ 未到期\n未报"


def test_what_is_still_awaited_or_under_review_is_not_called_unreported(made):
    submissions = Submission.objects.filter(reporter__region=made.places.counties[2])
    submissions.update(due_on=NOW.date(), review_by=NOW.date())
    made.recompute()
    assert cell_at(made.workbook()["分县区完成情况"], "丙县", 目标="签约覆盖率").value == "待报"
    for submission in submissions:
        RoundFactory(submission=submission, handed_in=True)
    submissions.update(state="submitted")
    made.recompute()
    assert cell_at(made.workbook()["分县区完成情况"], "丙县", 目标="签约覆盖率").value == "待审"


def test_status_has_fill_sign_and_word(made):
    page = made.workbook()["汇总表"]
    cell = cell_at(page, "状态", 工作任务="签约覆盖率")
    assert (cell.value, cell.fill.fgColor.rgb, cell.font.color.rgb) == ("✕ 严重滞后", "FFF6C9C4", "FF7D0F08")


def test_status_stands_under_its_number_in_the_matrix(made):
    page = made.workbook()["分县区完成情况"]
    cell = cell_at(page, "丙县", 目标="签约覆盖率")
    below = page.cell(cell.row + 1, cell.column)
    assert (below.value, below.fill.fgColor.rgb) == ("✕ 未报", cell.fill.fgColor.rgb)


def test_colours_are_those_of_the_pages():
    css = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    tokens = dict(re.findall(r"--([\w-]+): #([0-9a-f]{6});", css))
    names = {"no_data": "grey"}
    assert {
        key: (tokens[names.get(key, key)].upper(), tokens[f"{names.get(key, key)}-ink"].upper()) for key in COLOURS
    } == COLOURS


def lines_under(page, target):
    """The lines below one target's band of 分子分母明细, by place."""
    columns = heads(page)
    found = {}
    bands = [row for row in range(5, page.max_row) if f". {target}（" in str(page.cell(row, 1).value)]
    for row in range(bands[0] + 1, page.max_row):
        found[page.cell(row, columns["地区"]).value] = {
            head: page.cell(row, place).value for head, place in columns.items()
        }
        if "合计" in found or page.cell(row + 1, columns["地区"]).value is None:
            break
    return found


def test_sum_line_is_added_up_and_its_ratio_worked_out_anew(made):
    page = made.workbook()["分子分母明细"]
    for target in ("签约覆盖率", "推荐标准占比", "培训覆盖率"):
        lines = lines_under(page, target)
        total = lines.pop("合计")
        top, bottom = (sum(numbers_of(lines.values(), side)) for side in ("分子", "分母"))
        assert (total["分子"], total["分母"], total["比率或总量"]) == (top, bottom, round(100 * top / bottom, 2))


def numbers_of(lines, head):
    return [line[head] for line in lines if not isinstance(line[head], str)]


def test_sum_line_is_no_average(made):
    lines = lines_under(made.workbook()["分子分母明细"], "签约覆盖率")
    assert [lines[name]["比率或总量"] for name in ("甲县", "乙县", "丙县", "合计")] == [10, 0, "未报", 9.8]


def test_county_that_is_not_judged_is_in_the_sum_all_the_same(made):
    lines = lines_under(made.workbook()["分子分母明细"], "推荐标准占比")
    assert (lines["甲县"]["比率或总量"], lines["甲县"]["分子"], lines["合计"]["分子"]) == ("·", 1, 2)


def test_what_the_city_itself_reports_is_a_line_of_its_own(made):
    lines = lines_under(made.workbook()["分子分母明细"], "新建服务站")
    assert "本级" not in lines
    assert (lines["合计"]["分子"], lines["合计"]["分母"]) == (3, "—")


def test_county_is_the_one_line_of_its_own_workbook(made):
    lines = lines_under(made.workbook(county=0)["分子分母明细"], "签约覆盖率")
    assert {name: (line["分子"], line["分母"], line["比率或总量"]) for name, line in lines.items()} == {
        "甲县": (100, 1000, 10)
    }


def test_unit_of_an_each_is_one_or_nothing_in_the_sum_and_its_count_is_said(made):
    held = DataElementFactory(kinds=[InstitutionKind.BUREAU], bureau_level=RegionLevel.COUNTY)
    indicator = IndicatorFactory(kind=IndicatorKind.EACH, element=held, condition_value=2, places=2)
    named(target_with_terms(indicator, {YEAR_END: 100}, made.plan, schedule=Schedule.AT_DUE), "每县两次")
    for bureau, times in zip(made.places.bureaus, (1, 2), strict=False):
        approved(bureau, Q1, {held: times})
    made.recompute()
    lines = lines_under(made.workbook()["分子分母明细"], "每县两次")
    assert (lines["甲县"]["分子"], lines["甲县"]["备注"]) == (0, "本单位应完成 2，已完成 1")
    assert (lines["合计"]["分子"], lines["合计"]["分母"], lines["合计"]["比率或总量"]) == (1, 3, 33.33)
    own = lines_under(made.workbook(county=0)["分子分母明细"], "每县两次")
    assert (own["甲县"]["分子"], own["甲县"]["分母"], own["甲县"]["比率或总量"]) == (1, 2, "1/2")


def test_qualitative_says_status_and_state(made):
    page = made.workbook()["定性工作"]
    assert cell_at(page, "甲县", 工作任务="完善招聘机制").value == "○ 未到期\n基本完成"
    assert cell_at(page, "乙县", 工作任务="完善招聘机制").value == "✓ 达标\n全部完成"


def told_otherwise(answer: Entry, note: str) -> None:
    """Past the lock on what was handed in."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Entry.objects.filter(pk=answer.pk).update(note=note)
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_county_workbook_holds_the_bureaus_own_words(made):
    answer = Entry.objects.get(subject=made.places.bureaus[0], element=made.mechanism.indicator.element)
    told_otherwise(answer, "=已印发招聘办法")
    cell = cell_at(made.workbook(county=0)["定性工作"], "进展情况", 工作任务="完善招聘机制")
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=已印发招聘办法", "s", True)


def test_lagging_list_holds_the_boards_entries(made):
    page, entries = made.workbook()["滞后清单"], made.summary().board.lagging.entries
    names = [page.cell(row, 2).value for row in range(5, 5 + len(entries))]
    assert names == [entry.region.name for entry in entries]
    cell = cell_at(page, "差距", 地区="甲县", 目标="签约覆盖率")
    assert (cell.value, cell.number_format) == (40, '#,##0"个百分点"')
    assert cell_at(page, "姓名", 地区="甲县").value == "张三"


def test_hints_stand_in_a_sheet_of_their_own_beside_their_status_and_in_the_remark(made):
    Milestone.objects.filter(terms__target=made.clinics).update(due=date(2023, 9, 30))
    made.recompute()
    book = made.workbook()
    page = book["即将到期提示"]
    told = [
        cell_at(page, head, 地区="乙县", 目标="新建服务站").value
        for head in ("余下季数", "完成值", "还需每季", "近期每季")
    ]
    assert told == [2, 0, "+1.5 个", "+0 个"]
    assert [page.cell(row, 2).value for row in range(5, page.max_row + 1)].count("甲县") == 0  # 3 a quarter suffice
    matrix = book["分县区完成情况"]
    row = next(cell.row for line in matrix.iter_rows() for cell in line if cell.value == "新建服务站")
    statuses = [cell.value for cell in matrix[row + 1]]
    assert ("○ 未到期（提示）" in statuses, "○ 未到期" in statuses) == (True, True)
    remark = cell_at(made.workbook(county=1)["汇总表"], "备注", 工作任务="新建服务站").value
    assert "提示：距到期还有 2 季，还需每季 +1.5 个，近期每季 +0 个" in remark


def test_no_hint_is_said_in_one_line(made):
    assert made.workbook()["即将到期提示"].cell(5, 1).value == "没有即将到期提示。"


def test_qualitative_entry_of_the_lagging_list_speaks_of_states(made):
    Milestone.objects.filter(terms__target=made.mechanism).update(due=date(2023, 3, 31))
    made.recompute()
    page = made.workbook()["滞后清单"]
    values = [cell_at(page, head, 地区="丙县", 目标="完善招聘机制").value for head in ("目标值", "完成值", "差距")]
    assert values == ["全部完成", "未报", None]


def test_returns_name_who_owes_by_county(made):
    page = made.workbook()["填报情况"]
    bands = [page.cell(row, 1).value for row in range(5, page.max_row) if isinstance(page.cell(row, 1).value, str)]
    assert bands[0] == "甲县：应报 3，已通过 3"
    assert cell_at(page, "状态", 地区="丙县", 单位="丙县第0卫生院").value == "✕ 逾期未报"


def test_no_text_of_a_user_becomes_a_formula(made):
    Institution.objects.filter(pk=made.places.city_bureau.pk).update(name="=1+1")
    Institution.objects.filter(pk=made.places.bureaus[2].pk).update(name="+1", contact_name="-1", contact_phone="@A1")
    for row in (Region.objects.filter(pk=made.places.counties[2].pk), made.places.counties[2].versions):
        row.update(name="=HYPERLINK(A1)")
    Clause.objects.filter(plan=made.plan).update(title="=A1")
    named(made.signing, "#N/A")
    book = made.workbook()
    assert {cell.data_type for page in book for row in page.iter_rows() for cell in row} == {"s", "n", "d"}
    assert cell_at(book["汇总表"], "完成值", 工作任务="#N/A").value == 9.8
    assert cell_at(book["填报情况"], "姓名", 地区="=HYPERLINK(A1)", 单位="+1").value == "-1"


@pytest.mark.parametrize("text", FORMULAS)
def test_text_like_a_formula_stays_text_when_edited(text):
    cell = Workbook().active["A1"]
    put_content(cell, CellContent(text))
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_characters_that_break_a_workbook_are_left_out():
    cell = Workbook().active["A1"]
    put_content(cell, CellContent("甲\x0b县"))
    assert cell.value == "甲县"


@pytest.mark.parametrize(
    ("places", "suffix", "prefix", "format"),
    [(0, "", "", "#,##0"), (2, "%", "", '#,##0.00"%"'), (0, "%", "≥", '"≥"#,##0"%"')],
)
def test_number_format(places, suffix, prefix, format):
    assert number_format(places, suffix, prefix) == format


@pytest.mark.parametrize(("text", "lines"), [("", 1), ("一二三四", 1), ("一二三四五", 2), ("a\nb", 2)])
def test_lines_count_a_chinese_character_as_two(text, lines):
    assert lines_of(text, 9.5) == lines


def test_split_shares_the_width_and_never_the_same_column():
    columns = [SheetColumn("", width, str) for width in (30, 5, 5, 30)]
    assert split_width(columns, (0.25,) * 4) == [(1, 1), (2, 2), (3, 3), (4, 4)]


def test_what_was_done_before_every_unit_answered_not_applicable_stays_as_on_the_board():
    shown = helpers.cell(status=Status.GREEN, value=Decimal(22), counts=Counts(given=1, not_applicable=1))
    stays = SidePart(numerator=Decimal(22), given=1, counts=shown.counts)
    assert figure_content(shown, stays).value == shown.value
    nothing = SidePart(counts=Counts(not_applicable=1))
    assert figure_content(helpers.cell(status=Status.NOT_APPLICABLE, counts=nothing.counts), nothing).value == "—"
