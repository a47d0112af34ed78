"""What people bring back, and the one sentence that each gets. Nothing is ever written by a dry run."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from reports.base.enums import SubmissionState
from reports.models import Entry, Submission
from reports.returns.actions import submissions
from reports.workbooks.sheets import long
from tests.reports.returns.helpers import MORNING
from tests.reports.workbooks.helpers import (
    ask,
    download_county,
    download_past,
    download_return,
    fill,
    find_row,
    list_problems,
    main_sheet,
    make_named_scene,
    pack_book,
    preview,
    repack_book,
    seal_sheet,
)

pytestmark = pytest.mark.django_db
DOC = Path(__file__).resolve().parents[3] / "docs" / "workbooks.md"
SHEET = "2024年第一季度"

FILE = ""  # where a problem of the whole file is said to be

# Each changes the workbook (or gives other bytes for it) and says where the problem is then found.


def fifty_megabytes(scene, book):
    return b"PK\x03\x04" + bytes(50 * 1024 * 1024 - 4)


def empty(scene, book):
    return b""


def xls(scene, book):
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096)


def csv(scene, book):
    return "数据项,本季\n全部诊疗人次,100\n".encode()


def encrypted(scene, book):
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(512) + "EncryptedPackage".encode("utf-16-le")


def truncated(scene, book):
    data = pack_book(book)
    return data[: len(data) // 2]


def macros(scene, book):
    return repack_book(book, [("xl/vbaProject.bin", b"x")])


def zip_bomb(scene, book):
    return repack_book(book, [("xl/media/image1.bin", bytes(100 * 1024 * 1024))])


def linked(scene, book):
    return repack_book(book, [("xl/externalLinks/externalLink1.xml", b"<x/>")])


def not_ours(scene, book):
    return pack_book(Workbook())


def seal_altered(scene, book):
    cell = seal_sheet(book)["A1"]
    cell.value = ("x" if cell.value[0] != "x" else "y") + cell.value[1:]


def sheet_missing(scene, book):
    book.remove(main_sheet(book))
    return SHEET


def sheet_renamed(scene, book):
    main_sheet(book).title = "一季度"
    return SHEET


def other_institution(scene, book):
    other = Submission.objects.get(reporter=scene.places.hospitals[1][0])
    scene.reporter.memberships.create(role="reporter", institution=other.reporter)
    return pack_book(download_return(scene, other))


def wrong_quarter(scene, book):
    scene.next_quarter()


def county_workbook(scene, book):
    return pack_book(download_county(scene))


def past_workbook(scene, book):
    return pack_book(download_past(scene))


def plan_revised(scene, book):
    ask(scene, name="新增人次")


def asked_no_more(scene, book):
    scene.clinic.delete()


def handed_in_meanwhile(scene, book):
    Submission.objects.update(state=SubmissionState.SUBMITTED)


def approved_meanwhile(scene, book):
    data = pack_book(book)
    scene.submission.approved_round = submissions.save_draft(scene.submission, [], scene.reporter, MORNING)
    scene.submission.state = SubmissionState.APPROVED
    scene.submission.save()
    return data


def heads_deleted(scene, book):
    main_sheet(book).delete_rows(4)
    return SHEET


def column_added(scene, book):
    main_sheet(book).cell(4, 10).value = "备注"
    return f"{SHEET}!J4"


def column_inserted(scene, book):
    main_sheet(book).insert_cols(6)
    return f"{SHEET}!F4"


def column_deleted(scene, book):
    main_sheet(book).delete_cols(3)
    return f"{SHEET}!C4"


def column_renamed(scene, book):
    main_sheet(book)["F4"].value = "本期"
    return f"{SHEET}!F4"


def row_deleted(scene, book):
    page = main_sheet(book)
    page.delete_rows(find_row(page, "基层诊疗人次"))
    return SHEET


def row_doubled(scene, book):
    page = main_sheet(book)
    row, last = find_row(page, "全部诊疗人次"), page.max_row + 1
    for column in range(1, 10):
        page.cell(last, column).value = page.cell(row, column).value
    return f"{SHEET}!A{last}"


def row_added(scene, book):
    page = main_sheet(book)
    page.cell(page.max_row + 1, 6).value = 5
    return f"{SHEET}!A{page.max_row}"


def key_altered(scene, book):
    page = main_sheet(book)
    page.cell(find_row(page, "培训人次"), long.KEY).value = "999-999"
    return f"{SHEET}!I{find_row(page, '培训人次')}"


def names_sorted_alone(scene, book):
    page = main_sheet(book)
    row = find_row(page, "全部诊疗人次")
    page.cell(row, 1).value = "基层诊疗人次"
    return f"{SHEET}!A{row}"


def merged(scene, book):
    page = main_sheet(book)
    row = find_row(page, "全部诊疗人次")
    page.merge_cells(f"F{row}:F{row + 1}")
    fill(book, "补助资金", 5)  # what can be read is shown all the same
    return f"{SHEET}!F{row}:F{row + 1}"


def typed(item, value, column="value"):
    return lambda scene, book: fill(book, item, value, column)


def both(scene, book):
    fill(book, "培训人次", "是", "na")
    fill(book, "培训人次", "无此业务", "note")
    return fill(book, "培训人次", 5)


def long_note(scene, book):
    fill(book, "培训人次", 5)
    return fill(book, "培训人次", "长" * 501, "note")


def not_allowed(scene, book):
    fill(book, "全部诊疗人次", "无此业务", "note")
    return fill(book, "全部诊疗人次", "是", "na")


RESHAPED = "请重新下载后再填。"
DAMAGE = {
    "50 MB 的文件": (fifty_megabytes, "文件有 50 MB，超过 10 MB，没有导入。请用下载的模板填写，不要插入图片。"),
    "空文件": (empty, "文件是空的（0 字节）。请重新保存后再上传。"),
    "旧格式 .xls": (xls, "这是旧格式的文件（.xls 或 .et）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。"),
    "改了后缀的 .csv": (
        csv,
        "这不是 Excel 工作簿（可能是 .csv 或网页改了后缀）。请用 Excel 或 WPS 打开，另存为 .xlsx 后再上传。",
    ),
    "打开密码": (encrypted, "文件设有打开密码，无法读取。请在 Excel 或 WPS 中取消密码，保存后再上传。"),
    "截断": (truncated, "文件不完整或已损坏，没有导入。请在 Excel 或 WPS 中打开检查，另存为 .xlsx 后再上传。"),
    "宏": (macros, "文件含有宏，为安全起见没有打开。请另存为不含宏的 .xlsx 后再上传。"),
    "压缩炸弹": (zip_bomb, "文件解压后大得不正常，为安全起见没有打开。请把内容复制到新下载的模板里再上传。"),
    "外部链接": (
        linked,
        "文件含有指向其他文件的链接，没有打开。请在“数据－编辑链接”中断开链接，保存后再上传。",
    ),
    "别的工作簿": (
        not_ours,
        "这不是从本系统下载的填报工作簿（或隐藏的校验页已被删除）。请重新下载，把数字填进去再上传。",
    ),
    "校验页被改": (seal_altered, "工作簿的隐藏校验内容已被改动，不能确认各行是谁的数据。" + RESHAPED),
    "工作表删除": (sheet_missing, "缺少这张工作表，可能被删除或改名。" + RESHAPED),
    "工作表改名": (sheet_renamed, "缺少这张工作表，可能被删除或改名。" + RESHAPED),
    "其他机构": (
        other_institution,
        "这是“外县卫生院（410222001）”的工作簿，不是“城关镇卫生院（410221001）”的，没有导入。请核对后上传。",
    ),
    "其他季度": (
        wrong_quarter,
        "这是2024年第一季度的工作簿，不是2024年第二季度的，没有导入。请核对后上传。",
    ),
    "汇总填报表": (county_workbook, "这是“甲县”多家机构的汇总填报表，请在“批量填报”中上传。"),
    "补录表": (past_workbook, "这是“甲县”的历史季度补录表，请在“补录历史季度”中上传。"),
    "计划修订": (
        plan_revised,
        "下载之后填报内容有变化：新增 1 项（新增人次）。这份工作簿已经过时，没有导入；请重新下载，把数字填过去再上传。",
    ),
    "机构撤销": (
        asked_no_more,
        "下载之后填报内容有变化：取消 1 项。这份工作簿已经过时，没有导入；请重新下载，把数字填过去再上传。",
    ),
    "已提交": (handed_in_meanwhile, "报表已提交，正在等待审核，不能再修改；如需修改，请先撤回。"),
    "已通过": (approved_meanwhile, "报表已审核通过，不能再修改；如需修改，请提出更正申请。"),
    "表头删除": (heads_deleted, "找不到表头行，表头可能被删除或改写。" + RESHAPED),
    "加列": (column_added, "多出一列“备注”。请删去这一列，不要增加列。"),
    "插列": (column_inserted, "这里应是“本季”一列，现在没有表头。请不要删除或移动列，重新下载后再填。"),
    "删列": (
        column_deleted,
        "这里应是“口径”一列，现在是“单位”。请不要增删、移动或改名列，重新下载后再填。",
    ),
    "列改名": (
        column_renamed,
        "这里应是“本季”一列，现在是“本期”。请不要增删、移动或改名列，重新下载后再填。",
    ),
    "删行": (
        row_deleted,
        "缺少 1 行：基层诊疗人次，城关镇卫生院。请不要删行，不改的行原样留着；重新下载后再填。",
    ),
    "重复行": (
        row_doubled,
        "与第 6 行重复（全部诊疗人次，城关镇卫生院），不知道以哪一行为准。请删去多出的一行。",
    ),
    "加行": (row_added, "这一行不是下载时就有的行，不知道是谁的哪一项。请填在原来的行里，删去这一行。"),
    "隐藏编号被改": (key_altered, "隐藏的编号已被改动，不能确认这一行是谁的数据。" + RESHAPED),
    "只排了部分列": (
        names_sorted_alone,
        "这一行写的是“基层诊疗人次，城关镇卫生院”，隐藏编号却是“全部诊疗人次，城关镇卫生院”的，"
        "可能只排序或粘贴了部分列。" + RESHAPED,
    ),
    "合并单元格": (merged, "单元格被合并，不能确认数字属于哪一行。请取消合并，逐格填写。"),
    "单元格里的图片": (
        typed("全部诊疗人次", '=_xlfn.DISPIMG("ID_1",1)'),
        "单元格里是图片，读不出数字或文字。请删去图片，改填内容。",
    ),
    "公式": (typed("全部诊疗人次", "=SUM(A1:A9)"), "单元格里是公式。请复制后“选择性粘贴－数值”，再上传。"),
    "错误值": (typed("全部诊疗人次", "#DIV/0!"), "单元格里是错误值 #DIV/0!。请改为数值或文字。"),
    "数字格里写文字": (typed("全部诊疗人次", "约一千"), "“约一千”不是数字，请只填阿拉伯数字。"),
    "负数": (typed("全部诊疗人次", -3), "不能填负数。"),
    "整数带小数": (typed("全部诊疗人次", 10.5), "应填整数，不能带小数。"),
    "小数过多": (typed("补助资金", 1.234), "最多保留 2 位小数。"),
    "科学计数法": (typed("补助资金", "1e3"), "“1e3”不是数字，请只填阿拉伯数字。"),
    "没有的等级": (typed("完善招聘机制", "完成"), "请从“未完成、基本完成、全部完成”中选一项。"),
    "是否": (typed("设备是否配齐", "部分"), "请选“是”或“否”。"),
    "日期写法": (
        typed("验收日期", "三月五日"),
        "日期请写成 2023-03-05 或 2023年3月5日；没有完成的写“尚未完成”。",
    ),
    "没有的日期": (typed("验收日期", "2024-02-30"), "没有“2024-02-30”这一天，请核对。"),
    "不适用又填数": (both, "选了“不适用”又填了内容，请只留一个。"),
    "不能填不适用": (not_allowed, "此项不能填不适用。"),
    "不适用写了别的": (typed("培训人次", "大概", "na"), "“不适用”这一列只选“是”或留空。"),
    "说明太长": (long_note, "说明最多 500 字，现有 501 字。"),
    "只写说明": (
        typed("培训人次", "已培训", "note"),
        "写了说明，没有填写内容；说明不能单独保存，请补填内容，不适用的请选“不适用”。",
    ),
}


@pytest.fixture
def scene():
    return make_named_scene()


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_gets_its_sentence_and_nothing_is_written(scene, kind):
    damage, sentence = DAMAGE[kind]
    book = download_return(scene)
    found = damage(scene, book)
    upload = found if isinstance(found, bytes) else book
    at = found if isinstance(found, str) else FILE
    run = preview(scene, upload)
    assert (list_problems(run)[0], run.token) == ((at, sentence), "")
    assert Entry.objects.count() == 0


@pytest.mark.parametrize("kind", ["公式", "负数", "合并单元格", "加列"])
def test_a_single_damage_is_a_single_problem(scene, kind):
    book = download_return(scene)
    DAMAGE[kind][0](scene, book)
    assert len(list_problems(preview(scene, book))) == 1


def test_every_problem_of_a_workbook_is_said_at_once(scene):
    book = download_return(scene)
    first, second = fill(book, "全部诊疗人次", "x"), fill(book, "补助资金", -1)
    assert list_problems(preview(scene, book)) == [(first, "“x”不是数字，请只填阿拉伯数字。"), (second, "不能填负数。")]


def test_the_page_of_docs_lists_every_damage_with_its_sentence():
    text = DOC.read_text(encoding="utf-8")
    missing = [kind for kind, (_, sentence) in DAMAGE.items() if f"| {kind} | {sentence} |" not in text]
    assert missing == []
