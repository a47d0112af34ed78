"""All units of a county in one workbook, and quarters from before the system began."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile

from institutions.enums import Role
from reports.base.enums import Origin, SubmissionState
from reports.base.errors import RefusedError
from reports.models import Entry, Figure, ReturnPeriod, Round, Submission
from reports.returns.actions import opening, submissions
from reports.reviewing.actions import reviews
from reports.workbooks.actions import downloads, uploads
from reports.workbooks.queries import past_quarters
from reports.workbooks.sheets import wide
from reports.workbooks.upload_scope import UploadScope
from targets.models import DataElement
from targets.periods import Quarter
from tests.factories import EntryFactory, InstitutionFactory, RoundFactory, VillageClinicFactory, person
from tests.reports.returns.helpers import MORNING, NOON, Q1
from tests.reports.workbooks.helpers import (
    NAME,
    download_county,
    download_past,
    list_changes,
    list_entries,
    list_problems,
    make_named_scene,
    open_book,
    open_next_quarter,
    pack_book,
)

pytestmark = pytest.mark.django_db
HOSPITALS, CLINICS = "乡镇卫生院", "村卫生室"
Q3, Q4 = Quarter(2023, 3), Quarter(2023, 4)
HOSPITAL_ROW = {
    "全部诊疗人次": 1000,
    "基层诊疗人次": 600,
    "培训人次": 5,
    "完善招聘机制": "全部完成",
    "验收日期": "2023-03-05",
    "补助资金": 1234.5,
}


@pytest.fixture
def scene():
    """城关镇 and 东风镇 hospitals in the county; the clinic is reported by the first."""
    made = make_named_scene()
    InstitutionFactory(region=made.places.counties[0], code="410221002", name="东风镇卫生院")
    opening.open_quarter(Q1, MORNING)
    return made


def county(scene):
    return scene.places.counties[0]


def type_in(book, sheet, unit, values):
    """Types a unit's values by item; gives the addresses."""
    page, places = book[sheet], {}
    row = next(cell.row for cell in page["B"] if cell.value == unit)
    for cell in page[4]:
        item = str(cell.value).split("\n")[0]
        if cell.column >= wide.FIRST_ANSWER and item in values:
            page.cell(row, cell.column).value = values[item]
            places[item] = f"{sheet}!{page.cell(row, cell.column).coordinate}"
    return places


def preview(scene, book, quarter=Q1, by=None, now=MORNING):
    by = by or scene.reviewer
    scope = UploadScope.for_region(county(scene), by, quarter)
    return uploads.preview_upload(ContentFile(pack_book(book), NAME), scope, by, now)


def confirm(scene, run, now=MORNING):
    return uploads.write_upload(run.token, run.scope, scene.reviewer, now)


def return_of(name, quarter=Q1):
    return Submission.objects.get(reporter__name=name, quarter=quarter.ordinal)


def whole_row(book, sheet=HOSPITALS, clinics=CLINICS):
    places = type_in(book, sheet, "城关镇卫生院", HOSPITAL_ROW)
    return places | type_in(book, clinics, "东村卫生室", {"设备是否配齐": "是"})


# --- The county at hand ---


def test_the_workbook_has_a_sheet_a_kind_and_a_row_a_unit(scene):
    book = download_county(scene)
    rows = {page.title: [page.cell(row, 2).value for row in range(5, page.max_row + 1)] for page in book.worksheets[:2]}
    assert rows == {HOSPITALS: ["城关镇卫生院", "东风镇卫生院"], CLINICS: ["东村卫生室"]}


def test_an_unchanged_workbook_changes_nothing(scene):
    submissions.save_draft(scene.submission, scene.answers(trained="无此业务"), scene.reporter, MORNING)
    run = preview(scene, download_county(scene))
    assert (list_problems(run), run.count, run.token) == ([], 0, "")


def test_drafts_are_written_for_each_unit_as_paper(scene):
    book = download_county(scene)
    whole_row(book)
    type_in(book, HOSPITALS, "东风镇卫生院", {"全部诊疗人次": "２,０００"})
    run = preview(scene, book)
    assert (list_problems(run), len(run.to_write), run.count) == ([], 2, 8)
    confirm(scene, run)
    assert list_entries(return_of("城关镇卫生院"))["设备是否配齐"] == 1
    assert list_entries(return_of("东风镇卫生院")) == {"全部诊疗人次": 2000}
    assert {(made.origin, made.saved_by) for made in Round.objects.all()} == {(Origin.PAPER, scene.reviewer)}


def test_not_applicable_is_a_word_in_the_cell_with_its_reason_beside(scene):
    book = download_county(scene)
    at = type_in(book, HOSPITALS, "城关镇卫生院", {"培训人次": " 不适用 "})["培训人次"]
    (unit,) = preview(scene, book).to_write
    assert [hint for _change, hint in unit.rows] == ["请写明不适用的原因。"]
    book[HOSPITALS][right_of(at).partition("!")[2]].value = "无此业务"
    assert list_changes(preview(scene, book)) == [("培训人次", "未填", "不适用（无此业务）")]


def right_of(at):
    sheet, _, cell = at.partition("!")
    return f"{sheet}!{chr(ord(cell[0]) + 1)}{cell[1:]}"


def list_left(run):
    return [(each.filled.reporter.name, [(why.at, why.sentence) for why in each.reasons]) for each in run.left]


def test_one_units_bad_cell_leaves_that_unit_and_one_click_takes_the_rest(scene):
    book = download_county(scene)
    whole_row(book)
    at = type_in(book, HOSPITALS, "东风镇卫生院", {"全部诊疗人次": 5, "补助资金": -1})["补助资金"]
    run = preview(scene, book)
    assert list_left(run) == [("东风镇卫生院", [(at, "不能填负数。")])]
    confirm(scene, run)
    assert list_entries(return_of("城关镇卫生院"))["设备是否配齐"] == 1
    assert not return_of("东风镇卫生院").rounds.exists()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda page, row: page.__setitem__(f"E{row}", "=1+1"), "单元格里是公式。请复制后“选择性粘贴－数值”，再上传。"),
        (
            lambda page, row: page.merge_cells(f"E{row}:F{row}"),
            "单元格被合并，不能确认数字属于哪一行。请取消合并，逐格填写。",
        ),
        (
            lambda page, row: page.delete_rows(row),
            "缺少 1 行：410221002，东风镇卫生院。请不要删行，不改的行原样留着；重新下载后再填。",
        ),
    ],
)
def test_damage_in_one_units_row_leaves_that_unit_alone(scene, damage, sentence):
    book = download_county(scene)
    whole_row(book)
    page = book[HOSPITALS]
    damage(page, next(cell.row for cell in page["B"] if cell.value == "东风镇卫生院"))
    run = preview(scene, book)
    assert [(name, [why for _at, why in reasons]) for name, reasons in list_left(run)] == [("东风镇卫生院", [sentence])]
    assert [each.filled.reporter.name for each in confirm(scene, run).to_write] == ["城关镇卫生院"]


def test_what_did_not_change_is_not_checked(scene):
    """A draft with 不适用 that has no reason yet, and an amount finer than its element is kept since."""
    submissions.save_draft(scene.submission, scene.answers(trained=""), scene.reporter, MORNING)
    money = DataElement.objects.get(name="补助资金")
    draft = scene.submission.rounds.get()
    EntryFactory(round=draft, subject=scene.hospital, element=money, value=Decimal("12.34"))
    book = download_county(scene)
    money.places = 1
    money.save()
    type_in(book, HOSPITALS, "东风镇卫生院", {"全部诊疗人次": 5})
    run = preview(scene, book)
    assert (list_problems(run), list_left(run)) == ([], [])
    assert list_changes(run) == [("全部诊疗人次", "未填", "5")]


def test_a_unit_asked_more_since_is_left_and_the_others_are_written(scene):
    book = download_county(scene)
    whole_row(book)
    type_in(book, HOSPITALS, "东风镇卫生院", {"全部诊疗人次": 5})
    VillageClinicFactory(reported_by=scene.hospital, name="西村卫生室")
    run = preview(scene, book)
    assert [name for name, _why in list_left(run)] == ["城关镇卫生院"]
    assert list_problems(run)[0][1].startswith("下载之后填报内容有变化：新增 1 项（设备是否配齐）。")
    assert [each.filled.reporter.name for each in confirm(scene, run).to_write] == ["东风镇卫生院"]


def test_what_was_typed_for_a_unit_that_closed_since_is_named_and_the_rest_written(scene):
    book = download_county(scene)
    whole_row(book)
    untouched = download_county(scene)
    scene.clinic.closed = date(2024, 3, 1)
    scene.clinic.save()
    run = preview(scene, book)
    assert [(each.at, each.sentence) for each in run.gone] == [
        (f"{CLINICS}!E5", "东村卫生室在下载之后已不再填报，这一行填的内容没有写入。")
    ]
    assert confirm(scene, run).count == 6
    assert preview(scene, untouched).gone == []


def test_a_unit_that_cannot_be_written_at_the_click_stops_all(scene):
    book = download_county(scene)
    whole_row(book)
    type_in(book, HOSPITALS, "东风镇卫生院", {"全部诊疗人次": 5})
    run = preview(scene, book)
    return_of("东风镇卫生院").delete()
    with pytest.raises(RefusedError):
        confirm(scene, run)
    assert Entry.objects.count() == 0


def test_returns_handed_in_are_listed_as_locked_and_the_others_written(scene):
    book = download_county(scene)
    whole_row(book)
    type_in(book, HOSPITALS, "东风镇卫生院", {"全部诊疗人次": 5})
    Submission.objects.filter(reporter=scene.hospital).update(state=SubmissionState.SUBMITTED)
    run = preview(scene, book)
    locked = [(each.filled.reporter.name, each.locked) for each in run.left]
    assert locked == [("城关镇卫生院", "报表已提交，正在等待审核，不能再修改；如需修改，请先撤回。")]
    assert [each.filled.reporter.name for each in confirm(scene, run).to_write] == ["东风镇卫生院"]


def test_a_handed_in_units_cells_are_locked_in_the_workbook(scene):
    Submission.objects.filter(reporter=scene.hospital).update(state=SubmissionState.SUBMITTED)
    page = download_county(scene)[HOSPITALS]
    assert [(page.cell(row, 4).value, page.cell(row, 5).protection.locked) for row in (5, 6)] == [
        ("待审核", True),
        (None, False),
    ]


def test_the_workbook_says_what_came_late_and_what_is_closed(scene):
    late = Submission.objects.get(reporter=scene.hospital)
    late.rounds.all().delete()
    RoundFactory(submission=late, saved_at=MORNING, handed_in=True, due_on=date(2024, 1, 15))
    Submission.objects.update(due_on=date(2024, 1, 15))
    Submission.objects.filter(pk=late.pk).update(state=SubmissionState.SUBMITTED)
    ReturnPeriod.objects.update(due_on=date(2024, 1, 15), closes_on=date(2024, 2, 15))
    page = download_county(scene)[HOSPITALS]
    assert [page.cell(row, 4).value for row in (5, 6)] == ["补报待审", "已关账"]


def test_an_element_not_asked_of_a_unit_has_no_open_cell(scene):
    scene.all_visits.grades = ["general"]
    scene.all_visits.save()
    page = download_county(scene)[HOSPITALS]
    column = next(cell.column for cell in page[4] if str(cell.value).startswith("全部诊疗人次"))
    assert [(page.cell(row, column).value, page.cell(row, column).protection.locked) for row in (5, 6)] == [
        ("/", True),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("damage", "at", "sentence"),
    [
        (
            lambda page: page.insert_cols(6),
            "乡镇卫生院!F4",
            "这里应是“说明”一列，现在没有表头。请不要删除或移动列，重新下载后再填。",
        ),
        (
            lambda page: page.delete_rows(6),
            "乡镇卫生院",
            "缺少 1 行：410221002，东风镇卫生院。请不要删行，不改的行原样留着；重新下载后再填。",
        ),
        (
            lambda page: page.merge_cells("E5:E6"),
            "乡镇卫生院!E5:E6",
            "单元格被合并，不能确认数字属于哪一行。请取消合并，逐格填写。",
        ),
        (
            lambda page: page.__setitem__("A6", "410221001"),
            "乡镇卫生院!A6",
            "这一行写的是“410221001，东风镇卫生院”，隐藏编号却是“410221002，东风镇卫生院”的，"
            "可能只排序或粘贴了部分列。请重新下载后再填。",
        ),
    ],
)
def test_damage_to_a_wide_sheet_gets_its_sentence(scene, damage, at, sentence):
    book = download_county(scene)
    damage(book[HOSPITALS])
    assert list_problems(preview(scene, book))[0] == (at, sentence)


def test_the_workbook_of_another_quarter_is_refused(scene):
    book = download_county(scene)
    open_next_quarter(scene)
    assert list_problems(preview(scene, book, Q1 + 1)) == [
        ("", "这是2024年第一季度的工作簿，不是2024年第二季度的，没有导入。请核对后上传。")
    ]


def test_another_countys_reviewer_gets_and_brings_nothing(scene):
    outsider = person(Role.REVIEWER, scene.places.counties[1])
    with pytest.raises(PermissionDenied):
        download_county(scene, outsider)
    with pytest.raises(PermissionDenied):
        preview(scene, download_county(scene), by=outsider)


def test_a_supervisor_takes_away_what_was_handed_in_and_no_draft(scene):
    supervisor = person(Role.SUPERVISOR, scene.places.city)
    submissions.save_draft(scene.submission, scene.answers(all_visits=777), scene.reporter, MORNING)
    assert download_county(scene, supervisor)[HOSPITALS]["E5"].value is None
    assert download_county(scene)[HOSPITALS]["E5"].value == 777
    with pytest.raises(PermissionDenied):
        preview(scene, download_county(scene), by=supervisor)


def test_the_workbook_takes_the_same_queries_for_one_hospital_and_for_three(scene, django_assert_num_queries):
    download_county(scene)
    with django_assert_num_queries(19):
        download_county(scene)
    InstitutionFactory.create_batch(2, region=county(scene))
    with django_assert_num_queries(19):
        download_county(scene)


# --- Quarters before the system began ---


def past_sheets(quarter):
    return f"{quarter} {HOSPITALS}", f"{quarter} {CLINICS}"


def test_past_quarters_go_back_to_the_plans_first_but_not_to_the_one_at_hand(scene):
    assert [str(each) for each in past_quarters(county(scene), MORNING)] == ["2023Q4", "2023Q3", "2023Q2", "2023Q1"]


def test_no_plan_has_no_past(scene):
    scene.plan.first_day = date(2024, 1, 1)
    scene.plan.save()
    assert past_quarters(county(scene), MORNING) == []


def test_backfilled_returns_are_handed_in_at_once_and_marked(scene):
    book = download_past(scene, Q4)
    whole_row(book, *past_sheets(Q4))
    run = preview(scene, book, None)
    assert (list_problems(run), run.to_open) == ([], [Q4])
    confirm(scene, run)
    made = Round.objects.get()
    assert made.submission == return_of("城关镇卫生院", Q4)
    assert (made.origin, made.submitted_by, made.submitted_at, made.due_on) == (
        Origin.BACKFILL,
        scene.reviewer,
        MORNING,
        None,
    )


def test_opening_a_past_quarter_gives_it_its_own_dates(scene):
    book = download_past(scene, Q4)
    whole_row(book, *past_sheets(Q4))
    confirm(scene, preview(scene, book, None))
    assert ReturnPeriod.objects.get(quarter=Q4.ordinal).due_on == date(2024, 1, 15)


def test_nothing_is_opened_by_a_dry_run(scene):
    book = download_past(scene, Q4)
    whole_row(book, *past_sheets(Q4))
    preview(scene, book, None)
    assert ReturnPeriod.objects.count() == 1


def test_another_reviewer_approves_a_backfill_and_not_who_brought_it(scene):
    book = download_past(scene, Q4)
    whole_row(book, *past_sheets(Q4))
    confirm(scene, preview(scene, book, None))
    made = return_of("城关镇卫生院", Q4)
    with pytest.raises(RefusedError):
        reviews.approve(made, scene.reviewer, NOON)
    reviews.approve(made, person(Role.REVIEWER, county(scene)), NOON)
    assert Figure.objects.of_quarter(Q4).count() == 7


def test_two_quarters_in_one_workbook_and_units_left_blank_are_passed_over(scene):
    book = download_past(scene, Q3, Q4)
    for quarter in (Q3, Q4):
        whole_row(book, *past_sheets(quarter))
    confirm(scene, preview(scene, book, None))
    handed_in = Submission.objects.filter(state=SubmissionState.SUBMITTED).values_list("reporter__name", "quarter")
    assert sorted(handed_in) == [("城关镇卫生院", Q3.ordinal), ("城关镇卫生院", Q4.ordinal)]


def test_a_backfill_begun_must_be_complete(scene):
    book = download_past(scene, Q4)
    places = type_in(book, past_sheets(Q4)[0], "城关镇卫生院", HOSPITAL_ROW | {"补助资金": None})
    run = preview(scene, book, None)
    assert run.token == ""
    assert list_problems(run) == [
        (f"{past_sheets(Q4)[1]}!E5", "设备是否配齐，东村卫生室：未填。"),
        (places["补助资金"], "补助资金，城关镇卫生院：未填。没有发生的请填 0。"),
    ]


def test_a_unit_with_trouble_in_one_past_quarter_is_left_in_all_and_the_others_are_backfilled(scene):
    book = download_past(scene, Q3, Q4)
    for quarter in (Q3, Q4):
        whole_row(book, *past_sheets(quarter))
        type_in(book, past_sheets(quarter)[0], "东风镇卫生院", HOSPITAL_ROW)
    at = type_in(book, past_sheets(Q4)[0], "东风镇卫生院", {"培训人次": -1})["培训人次"]
    book[past_sheets(Q3)[0]]["L5"].value = book[past_sheets(Q4)[0]]["L5"].value = "已办两期。"
    run = preview(scene, book, None)
    assert list_left(run) == [
        ("东风镇卫生院", [("", "同一单位的其他季度有问题，一并没有写入。")]),
        ("东风镇卫生院", [(at, "不能填负数。")]),
    ]
    confirm(scene, run)
    assert set(Round.objects.values_list("submission__reporter__name", flat=True)) == {"城关镇卫生院"}


def test_a_running_total_may_not_fall_between_quarters_of_one_workbook(scene):
    book = download_past(scene, Q3, Q4)
    for quarter in (Q3, Q4):
        places = whole_row(book, *past_sheets(quarter))
    type_in(book, past_sheets(Q3)[0], "城关镇卫生院", {"培训人次": 9})
    assert list_problems(preview(scene, book, None)) == [
        (places["培训人次"], "培训人次，城关镇卫生院：本年累计数不能小于前一季的 9 人。前一季有误的，请先申请更正。")
    ]


def test_a_return_once_handed_in_is_not_backfilled(scene):
    book = download_past(scene, Q4)
    whole_row(book, *past_sheets(Q4))
    confirm(scene, preview(scene, book, None))
    again = preview(scene, book, None)
    assert (again.count, len(again.left), again.token) == (0, 0, "")  # what stands there is what the file says
    type_in(book, past_sheets(Q4)[0], "城关镇卫生院", {"培训人次": 6})
    assert [each.locked for each in preview(scene, book, None).left] == [
        "本季报表已经提交过，补录只用于从未提交的报表；如有差错，请在报表页办理更正。"
    ]


def test_the_past_workbook_leaves_out_what_was_handed_in(scene):
    book = download_past(scene, Q4)
    whole_row(book, *past_sheets(Q4))
    confirm(scene, preview(scene, book, None))
    page = download_past(scene, Q4)[past_sheets(Q4)[0]]
    assert [page.cell(row, 2).value for row in range(5, page.max_row + 1)] == ["东风镇卫生院"]


def test_only_reviewers_backfill(scene):
    supervisor = person(Role.SUPERVISOR, scene.places.city)
    with pytest.raises(PermissionDenied):
        downloads.give_past_workbook(county(scene), [Q4], supervisor, MORNING)
    with pytest.raises(PermissionDenied):
        preview(scene, download_past(scene, Q4), None, by=supervisor)


def test_a_quarter_that_is_not_past_has_no_past_workbook(scene):
    with pytest.raises(RefusedError, match="没有需要补录的报表"):
        open_book(downloads.give_past_workbook(county(scene), [Q1], scene.reviewer, MORNING)[1])
