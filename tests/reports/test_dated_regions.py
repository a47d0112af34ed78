"""A 撤县设区 and a merger of two counties, each played over three quarters: what ended before stays as it was."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from institutions.actions import regions
from institutions.actions.regions import RegionState
from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionKind, RegionLevel, Role
from institutions.models import Institution, Region
from reports.base.enums import Status
from reports.boards.pages import board_of, progress_page, trace_page
from reports.exports.build import inspection_summary
from reports.exports.summary import summary_of
from reports.exports.timeliness import timeliness_page
from reports.judging import recompute
from reports.models import Attainment, ReturnPeriod, Tally
from reports.questions.queries.asked import questions_asked
from targets.enums import Accumulation, ElementType, IndicatorKind, Schedule
from targets.models import Plan, Target
from targets.periods import Quarter
from tests.factories import (
    BureauFactory,
    ConditionValueFactory,
    DataElementFactory,
    IndicatorFactory,
    InstitutionFactory,
    PlanFactory,
    RegionFactory,
    ReturnPeriodFactory,
    approved,
    person,
    target_with_terms,
)

pytestmark = pytest.mark.django_db

Q1, Q2, Q3 = QUARTERS = [Quarter(2023, number) for number in (1, 2, 3)]
YEAR_END = date(2023, 12, 31)
CHANGED_ON = date(2023, 5, 10)  # within Q2, whose end is the first that sees it
NOW = datetime(2023, 10, 20, 9, tzinfo=SHANGHAI)
DOCUMENT = "国函〔2023〕1号"


@dataclass
class City:
    """甲县 and 乙县 with two towns of a hospital each and a bureau, 丙区 with a bureau alone.

    sites: model sites that a bureau has, 2 in a county and 1 in a district. visits: a total that grows by quarter.
    """

    region: Region
    counties: list[Region]
    towns: list[Region]
    bureaus: list[Institution]
    hospitals: list[Institution]
    plan: Plan
    sites: Target
    visits: Target
    periods: dict[Quarter, ReturnPeriod]

    def judge(self, *quarters: Quarter) -> None:
        for quarter in quarters:
            recompute.recompute_period(self.plan, self.periods[quarter], NOW)

    def said(self, target: Target, region: Region, quarter: Quarter) -> Attainment:
        return Attainment.objects.current().get(target=target, region=region, quarter=quarter.ordinal)

    def board(self, quarter: Quarter, region: Region | None = None) -> Any:
        return board_of(self.plan, region or self.region, self.periods[quarter], NOW.date())

    def workbook(self, quarter: Quarter) -> list[list[Any]]:
        """All that the workbook shows, but for the day on which it was made."""
        summary = summary_of(self.plan, self.region, self.periods[quarter], NOW.date())
        book = load_workbook(BytesIO(inspection_summary(summary)))
        return [[sheet.title, *(cell.value for row in sheet.iter_rows() for cell in row)] for sheet in book]

    def shown(self, quarter: Quarter) -> dict[str, Any]:
        """Everything that is shown of a quarter, apart from what a place is called today."""
        board, period = self.board(quarter), self.periods[quarter]
        children = [Region(pk=column.id, name=column.name, level=column.level) for column in board.columns]
        progress = progress_page(self.region, children, period, NOW.date())
        return {
            "results": list(results(quarter)),
            "columns": [(column.id, column.name) for column in board.columns],
            "cells": [[(cell.status, cell.value, cell.needed) for cell in row.cells] for row in board.rows],
            "whole": [(row.whole.status, row.whole.value) for row in board.rows],
            "progress": [(each.county.name, each.total, each.by_stand) for each in progress.counties],
            "workbook": self.workbook(quarter),
        }


def results(quarter: Quarter) -> Any:
    known = Attainment.objects.current().of_quarter(quarter).order_by("target", "region")
    return known.values_list("pk", "region", "status", "value", "needed_units", "numerator", "denominator", "reason")


def columns(city: City, quarter: Quarter) -> list[str]:
    return [column.name for column in city.board(quarter).columns]


@pytest.fixture
def city() -> City:
    top = RegionFactory(name="某市", level=RegionLevel.CITY, kind=RegionKind.CITY)
    counties = [
        RegionFactory(name=name, code=code, parent=top) for name, code in (("甲县", "410221"), ("乙县", "410222"))
    ]
    counties.append(RegionFactory(name="丙区", kind=RegionKind.DISTRICT, parent=top))
    towns = [
        RegionFactory(name=name, level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN, parent=county)
        for county, names in zip(counties, (("一镇", "二镇"), ("三镇", "四镇"), ()), strict=True)
        for name in names
    ]
    plan = PlanFactory(issuer=top)
    sites = DataElementFactory(accumulation=Accumulation.STOCK, kinds=[InstitutionKind.BUREAU])
    indicator = IndicatorFactory(kind=IndicatorKind.EACH, element=sites, condition_value=2)
    ConditionValueFactory(indicator=indicator, unit_class=RegionKind.COUNTY, value=2)
    ConditionValueFactory(indicator=indicator, unit_class=RegionKind.DISTRICT, value=1)
    scope = {"kinds": [InstitutionKind.BUREAU], "bureau_level": RegionLevel.COUNTY}
    visits = DataElementFactory(type=ElementType.COUNT, kinds=[InstitutionKind.TOWNSHIP_HOSPITAL])
    made = City(
        region=top,
        counties=counties,
        towns=towns,
        bureaus=[BureauFactory(region=county) for county in counties],
        hospitals=[InstitutionFactory(region=town, name=f"{town.name}卫生院") for town in towns],
        plan=plan,
        sites=target_with_terms(indicator, {YEAR_END: 100}, plan, schedule=Schedule.HOLD),
        visits=target_with_terms(
            IndicatorFactory(kind=IndicatorKind.TOTAL, element=visits), {YEAR_END: 400}, plan, schedule=Schedule.EVEN
        ),
        periods={quarter: ReturnPeriodFactory(quarter=quarter.ordinal) for quarter in QUARTERS},
    )
    Target.objects.filter(pk=made.sites.pk).update(**scope)
    Target.objects.filter(pk=made.visits.pk).update(kinds=[InstitutionKind.TOWNSHIP_HOSPITAL])
    for quarter in QUARTERS:
        for bureau in made.bureaus:
            approved(bureau, quarter, {sites: 1})
        for n, hospital in enumerate(made.hospitals):
            approved(hospital, quarter, {visits: 10 * (n + 1)})
    made.judge(*QUARTERS)
    return made


def to_district(city: City, on: date = CHANGED_ON, **state: Any) -> Region:
    named = {"name": "甲区", "code": "410211", "kind": RegionKind.DISTRICT} | state
    region = Region.objects.get(pk=city.counties[0].pk)
    state = RegionState.of(region, **named)
    return regions.change(region=region, state=state, on=on, document=DOCUMENT, by=None, now=NOW)


def merged(city: City, **given: Any) -> Region:
    both = city.counties[:2]
    state = RegionState("甲乙区", "410221", RegionKind.DISTRICT, city.region)
    asked = {"regions": both, "into": None, "state": state, "on": CHANGED_ON} | given
    return regions.merge(**asked, document=DOCUMENT, by=None, now=NOW)


# --- 撤县设区 -------------------------------------------------------------------------------------------------------


def test_a_county_turned_district_needs_what_a_district_needs_from_its_quarter_on(city):
    first = city.shown(Q1)
    to_district(city)
    city.judge(*QUARTERS)
    assert city.shown(Q1) == first
    assert [columns(city, quarter) for quarter in QUARTERS] == [
        ["甲县", "乙县", "丙区"],
        ["甲区", "乙县", "丙区"],
        ["甲区", "乙县", "丙区"],
    ]
    found = [city.said(city.sites, city.counties[0], quarter) for quarter in QUARTERS]
    assert [(each.status, each.have, each.need) for each in found] == [
        (Status.AMBER, 1, 2),
        (Status.MET, 1, 1),
        (Status.MET, 1, 1),
    ]
    wholes = [city.said(city.sites, city.region, quarter) for quarter in QUARTERS]
    assert [(whole.numerator, whole.denominator) for whole in wholes] == [(1, 3), (2, 3), (2, 3)]


def test_the_board_of_an_old_quarter_says_what_a_place_is_called_today(city, client):
    to_district(city)
    client.force_login(person(Role.SUPERVISOR, city.region))
    page = client.get(f"/board/?plan={city.plan.pk}&region={city.region.pk}&quarter=2023Q1").content.decode()
    assert "甲县" in page
    assert "（今：甲区）" in page
    page = client.get(f"/board/?plan={city.plan.pk}&region={city.region.pk}&quarter=2023Q2").content.decode()
    assert "甲县" not in page
    assert "甲区" in page
    assert "今：" not in page


def test_a_change_recorded_late_changes_no_quarter_that_ended_before_it(city):
    before = {quarter: city.shown(quarter) for quarter in QUARTERS}
    to_district(city, on=date(2023, 7, 1))
    city.judge(*QUARTERS)
    assert city.shown(Q1) == before[Q1]
    assert city.shown(Q2) == before[Q2]
    assert columns(city, Q3) == ["甲区", "乙县", "丙区"]


def test_what_was_held_true_before_a_change_can_still_be_told(city):
    region = to_district(city)
    asked_then = region.versions.filter(superseded_at__isnull=False).get()
    assert (asked_then.name, asked_then.valid_until, asked_then.superseded_at) == ("甲县", None, NOW)
    kept = region.versions.current().values_list("name", "code", "kind", "valid_until", "recorded_at")
    assert list(kept) == [
        ("甲县", "410221", RegionKind.COUNTY, date(2023, 5, 9), NOW),
        ("甲区", "410211", RegionKind.DISTRICT, None, NOW),
    ]


def test_a_second_change_of_the_same_day_corrects_the_first(city):
    to_district(city, name="甲去")
    region = to_district(city)
    assert [version.name for version in region.versions.current()] == ["甲县", "甲区"]
    assert columns(city, Q2)[0] == "甲区"


# --- A merger -----------------------------------------------------------------------------------------------------


def test_two_counties_merged_leave_their_quarters_as_they_were(city):
    first = city.shown(Q1)
    new = merged(city)
    city.judge(*QUARTERS)
    assert city.shown(Q1) == first
    assert [columns(city, quarter) for quarter in QUARTERS] == [
        ["甲县", "乙县", "丙区"],
        ["甲乙区", "丙区"],
        ["甲乙区", "丙区"],
    ]
    for county in city.counties[:2]:
        assert Attainment.objects.current().filter(region=county, quarter=Q1.ordinal).exists()
        assert not Attainment.objects.current().filter(region=county, quarter__gt=Q1.ordinal).exists()
    found = [city.said(city.sites, new, quarter) for quarter in (Q2, Q3)]
    assert [(each.numerator, each.denominator, each.have, each.need) for each in found] == [(2, 2, 2, 2)] * 2


def test_what_was_done_before_a_merger_counts_in_the_new_county_and_the_sum_of_the_city_stays(city):
    before = [city.said(city.visits, city.region, quarter).numerator for quarter in QUARTERS]
    assert before == [100, 200, 300]
    new = merged(city)
    city.judge(*QUARTERS)
    assert [city.said(city.visits, city.region, quarter).numerator for quarter in QUARTERS] == before
    tallies = Tally.objects.filter(target=city.visits, region=new).order_by("quarter")
    assert list(tallies.values_list("numerator", flat=True)) == [200, 300]


def test_what_the_countys_own_units_did_counts_in_the_new_county_too(city):
    """A county hospital lies in the county itself and moves with it."""
    hospital = InstitutionFactory(region=city.counties[0], name="甲县医院")
    closed = InstitutionFactory(region=city.counties[1], name="乙县医院", closed=date(2023, 4, 1))
    element = city.visits.indicator.element
    for quarter in QUARTERS:
        approved(hospital, quarter, {element: 5})
    approved(closed, Q1, {element: 7})
    city.judge(*QUARTERS)
    before = [city.said(city.visits, city.region, quarter).numerator for quarter in QUARTERS]
    assert before == [112, 217, 322]
    new = merged(city)
    city.judge(*QUARTERS)
    assert [city.said(city.visits, city.region, quarter).numerator for quarter in QUARTERS] == before
    assert Tally.objects.get(target=city.visits, region=new, quarter=Q3.ordinal).numerator == 322
    hospital.refresh_from_db()
    assert hospital.region == new


def test_a_county_that_takes_another_in_goes_on(city):
    state = RegionState.of(city.counties[0])
    kept = merged(city, into=city.counties[0], state=state)
    city.judge(*QUARTERS)
    assert kept == city.counties[0]
    assert [columns(city, quarter) for quarter in QUARTERS] == [
        ["甲县", "乙县", "丙区"],
        ["甲县", "丙区"],
        ["甲县", "丙区"],
    ]
    assert Tally.objects.get(target=city.visits, region=kept, quarter=Q3.ordinal).numerator == 300


def test_a_second_merger_takes_with_it_what_went_into_the_first(city):
    new = merged(city)
    district = Region.objects.get(pk=city.counties[2].pk)
    state = RegionState.of(district)
    regions.merge(
        regions=[new, district], into=district, state=state, on=date(2023, 8, 1), document=DOCUMENT, by=None, now=NOW
    )
    city.judge(*QUARTERS)
    assert [columns(city, quarter) for quarter in QUARTERS] == [["甲县", "乙县", "丙区"], ["甲乙区", "丙区"], ["丙区"]]
    assert [city.said(city.visits, city.region, quarter).numerator for quarter in QUARTERS] == [100, 200, 300]
    assert Tally.objects.get(target=city.visits, region=district, quarter=Q3.ordinal).numerator == 300


def test_an_approval_after_a_merger_reaches_both_countys_old_quarters_and_the_new_one(city):
    new = merged(city)
    city.judge(*QUARTERS)
    element = city.visits.indicator.element
    late = InstitutionFactory(region=city.towns[0], name="一镇分院")
    made = approved(late, Q1, {element: 1})
    recompute.refresh_after_returns([made], NOW)
    recompute.roll_up(city.plan, NOW)
    assert Tally.objects.get(target=city.visits, region=city.counties[0], quarter=Q1.ordinal).numerator == 31
    assert Tally.objects.get(target=city.visits, region=new, quarter=Q3.ordinal).numerator == 301
    wholes = [city.said(city.visits, city.region, quarter).numerator for quarter in QUARTERS]
    assert wholes == [101, 201, 301]


def test_the_people_of_the_new_county_read_the_old_ones_quarters(city, client):
    new = merged(city)
    city.judge(*QUARTERS)
    client.force_login(person(Role.SUPERVISOR, new))
    old = f"region={city.counties[0].pk}&plan={city.plan.pk}"
    page = client.get(f"/board/?{old}&quarter=2023Q1").content.decode()
    assert "甲县" in page
    assert "（今：甲乙区）" in page
    traced = client.get(f"/trace/{city.visits.pk}/{city.counties[0].pk}/2023Q1/")
    assert traced.status_code == 200
    client.force_login(person(Role.SUPERVISOR, city.counties[2]))
    assert client.get(f"/board/?{old}&quarter=2023Q1").status_code == 404


def test_the_units_behind_an_old_figure_lie_where_they_lay(city):
    merged(city)
    page = trace_page(city.plan, city.visits.pk, city.counties[0], city.periods[Q1], NOW.date())
    assert page is not None
    assert [(row.name, row.region) for row in page.units.rows] == [("一镇卫生院", "一镇"), ("二镇卫生院", "二镇")]


def test_timeliness_counts_a_return_where_its_unit_lay_in_the_quarter(city):
    children = {quarter: city.board(quarter).columns for quarter in QUARTERS}
    before = timeliness_page(city.region, [Region(pk=c.id, name=c.name) for c in children[Q1]], [Q1], NOW.date())
    new = merged(city)
    again = timeliness_page(city.region, [Region(pk=c.id, name=c.name) for c in children[Q1]], [Q1], NOW.date())
    assert again == before
    later = timeliness_page(city.region, [new, city.counties[2]], [Q2], NOW.date())
    assert [(row.name, row.returns.owed) for row in later.places] == [("甲乙区", 6), ("丙区", 1)]
    year = timeliness_page(city.region, [new, city.counties[2]], QUARTERS, NOW.date(), 2023)
    assert [(row.name, row.returns.owed) for row in year.places] == [("甲乙区", 18), ("丙区", 3)]


# --- Townships under another county -------------------------------------------------------------------------------


def test_a_township_under_another_county_goes_with_what_it_did(city):
    first = city.shown(Q1)
    town = Region.objects.get(pk=city.towns[0].pk)
    regions.change(
        region=town,
        state=RegionState.of(town, parent=city.counties[1]),
        on=CHANGED_ON,
        document=DOCUMENT,
        by=None,
        now=NOW,
    )
    city.judge(*QUARTERS)
    assert city.shown(Q1) == first
    found = [
        [
            Tally.objects.get(target=city.visits, region=each, quarter=quarter.ordinal).numerator
            for each in city.counties
        ]
        for quarter in QUARTERS
    ]
    assert found == [[30, 70, 0], [40, 160, 0], [60, 240, 0]]
    assert city.said(city.visits, city.region, Q3).numerator == 300


def test_a_return_is_asked_by_the_plans_of_where_its_unit_lay_when_the_quarter_ended(city):
    """丁市 issued no plan: a county that goes to it is asked nothing any more, but still for the quarter before."""
    other = RegionFactory(name="丁市", level=RegionLevel.CITY, kind=RegionKind.CITY)
    county = Region.objects.get(pk=city.counties[0].pk)
    regions.change(
        region=county, state=RegionState.of(county, parent=other), on=CHANGED_ON, document=DOCUMENT, by=None, now=NOW
    )
    hospital = Institution.objects.get(pk=city.hospitals[0].pk)
    assert [bool(questions_asked(hospital, quarter)) for quarter in QUARTERS] == [True, False, False]
