"""The workbook of a county plan that is judged by township and institution, read back."""

from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionLevel
from reports.boards.pages import Matrix, RegionHead
from reports.exports.build import inspection_summary
from reports.exports.figures import CLOSE, FEW, WIDE, place_width
from reports.exports.summary import summary_of
from reports.judging import recompute
from targets.enums import Accumulation, ElementType, IndicatorKind, Schedule
from targets.periods import Quarter
from tests.factories import DataElementFactory, IndicatorFactory, ReturnPeriodFactory, approved, target_with_terms
from tests.reports.boards.helpers import all_over, county_board
from tests.reports.exports.helpers import cell_at, heads, named

pytestmark = pytest.mark.django_db
Q1 = Quarter(2023, 1)
NOW = datetime(2023, 4, 25, 10, tzinfo=SHANGHAI)
SHEETS = [
    "汇总表",
    "分乡镇街道完成情况",
    "本级单位完成情况",
    "分子分母明细",
    "定性工作",
    "滞后清单",
    "即将到期提示",
    "填报情况",
]


@pytest.fixture
def made():
    """达标: of hospitals, one of three meets it. 岗位: a ratio that the county's bureau answers."""
    scene = county_board(targets=0)
    stock = {"accumulation": Accumulation.STOCK}
    asked = DataElementFactory(type=ElementType.YESNO, **stock)
    each = IndicatorFactory(kind=IndicatorKind.EACH, element=asked, condition_value=1, places=2)
    named(target_with_terms(each, {date(2023, 3, 31): 100}, scene.plan, schedule=Schedule.HOLD), "达标")
    of_bureau = {"kinds": [InstitutionKind.BUREAU], "bureau_level": RegionLevel.COUNTY, **stock}
    posts, all_posts = DataElementFactory(**of_bureau), DataElementFactory(**of_bureau)
    ratio = IndicatorFactory(kind=IndicatorKind.RATIO, element=posts, over=all_posts, places=2)
    named(target_with_terms(ratio, {date(2023, 12, 31): 15}, scene.plan, schedule=Schedule.HOLD), "岗位")
    for hospital, value in zip((*scene.hospitals[0], *scene.hospitals[1]), (1, 0, 0), strict=True):
        approved(hospital, Q1, {asked: value})
    approved(scene.bureau, Q1, {posts: 12, all_posts: 100})
    scene.period = ReturnPeriodFactory(quarter=Q1.ordinal)
    recompute.recompute_period(scene.plan, scene.period, NOW)
    return scene


def summary(made, region=None):
    return summary_of(made.plan, region or made.county, made.period, NOW.date())


def workbook(made, region=None):
    return load_workbook(BytesIO(inspection_summary(summary(made, region))))


def test_a_county_has_its_sheet_by_township_and_one_of_its_own_units(made):
    book = workbook(made)
    assert book.sheetnames == SHEETS
    assert book["分乡镇街道完成情况"]["A1"].value == "某县2023年第一季度目标分乡镇街道完成情况表"
    assert list(heads(book["分乡镇街道完成情况"]))[-3:] == ["合计", "甲镇", "乙镇"]


def test_what_the_countys_own_units_answer_counts_in_its_whole(made):
    page = workbook(made)["本级单位完成情况"]
    assert cell_at(page, made.bureau.name, 目标="岗位").value == 12
    assert cell_at(page, "合计", 目标="岗位").value == 12


def test_a_township_has_its_sheet_by_institution(made):
    page = workbook(made, made.towns[0])["分机构完成情况"]
    assert [cell_at(page, name, 目标="达标").value for name in ("合计", "甲镇0院", "甲镇1院")] == [50, "1/1", "0/1"]


def test_a_township_with_one_institution_has_no_sheet_by_institution(made):
    assert "分机构完成情况" not in workbook(made, made.towns[1]).sheetnames


def lines(page):
    """(place, top, bottom) of each line of 分子分母明细."""
    columns = heads(page)
    names = ("地区", "分子", "分母")
    rows = [[page.cell(row, columns[name]).value for name in names] for row in range(5, page.max_row - 1)]
    return [tuple(row) for row in rows if row[0]]


def test_parts_of_a_county_are_its_townships_and_its_own_units(made):
    assert lines(workbook(made)["分子分母明细"]) == [
        ("甲镇", 1, 2),
        ("乙镇", 0, 1),
        ("合计", 1, 3),
        (made.bureau.name, 12, 100),
        ("合计", 12, 100),
    ]


def test_parts_of_a_township_are_its_institutions(made):
    assert lines(workbook(made, made.towns[0])["分子分母明细"]) == [
        ("甲镇0院", 1, 1),
        ("甲镇1院", 0, 1),
        ("合计", 1, 2),
    ]


def test_the_lagging_list_names_the_institutions_behind(made):
    page = workbook(made)["滞后清单"]
    assert cell_at(page, "滞后机构", 地区="甲镇", 目标="达标").value == "甲镇1院（未达标）"
    assert cell_at(page, "滞后机构", 地区="某县", 目标="岗位").value == f"{made.bureau.name}（严重滞后）"


@pytest.mark.parametrize(("places", "width"), [(FEW, WIDE), (FEW + 1, CLOSE)])
def test_many_places_are_set_closer(places, width):
    shown = Matrix((RegionHead(1, "甲镇", "township"),) * places, (0,) * places, (), ())
    assert place_width(shown, 0) == width


def test_no_number_is_wider_than_its_column():
    scene = county_board()
    all_over(scene, value=Decimal(1_234_567_890))
    assert place_width(summary(scene).board, 0) == len("1,234,567,890%") + 2
