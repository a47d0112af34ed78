"""Where figures count: at single institutions, where a unit lay before it moved, where official numbers are entered."""

from datetime import date, datetime
from fractions import Fraction

import pytest

from institutions.actions import register
from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionKind, RegionLevel
from reports.base.enums import Cause, Status
from reports.judging import recompute
from reports.models import Attainment, StaleParent, StatusChange, Tally
from targets.enums import Accumulation, Denominator, ElementType, IndicatorKind, JudgedLevel, Schedule
from targets.periods import Quarter
from tests.factories import (
    BureauFactory,
    ConstantFactory,
    DataElementFactory,
    IndicatorFactory,
    InstitutionFactory,
    PlanFactory,
    RegionFactory,
    ReturnPeriodFactory,
    approved,
    target_with_terms,
)

pytestmark = pytest.mark.django_db

Q1, Q2, Q3 = (Quarter(2023, number) for number in (1, 2, 3))
YEAR_END = date(2023, 12, 31)
LATER = datetime(2024, 3, 1, 10, tzinfo=SHANGHAI)
STOCK = {"type": ElementType.YESNO, "accumulation": Accumulation.STOCK}


class County:
    """Two towns with a hospital each; the first hospital answers for three village clinics."""

    def __init__(self) -> None:
        self.region = RegionFactory(level=RegionLevel.COUNTY, kind=RegionKind.COUNTY)
        self.bureau = BureauFactory(region=self.region)
        self.towns = [
            RegionFactory(level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN, parent=self.region) for _ in range(2)
        ]
        self.hospitals = [InstitutionFactory(region=town) for town in self.towns]
        self.clinics = [
            InstitutionFactory(kind=InstitutionKind.VILLAGE_CLINIC, region=self.towns[0], reported_by=self.hospitals[0])
            for _ in range(3)
        ]
        levels = [JudgedLevel.COUNTY, JudgedLevel.TOWNSHIP, JudgedLevel.INSTITUTION]
        self.plan = PlanFactory(issuer=self.region, judged_levels=levels)


@pytest.fixture
def county():
    return County()


def run(plan, quarter=Q1):
    return recompute.recompute_period(plan, ReturnPeriodFactory(quarter=quarter.ordinal), LATER)


def said(target, quarter=Q1, **subject):
    return Attainment.objects.current().get(target=target, quarter=quarter.ordinal, **subject)


def numerator(target, region, quarter):
    return Tally.objects.get(target=target, region=region, quarter=quarter.ordinal).numerator


def each_hospital(plan, **element):
    asked = DataElementFactory(**{**STOCK, **element})
    indicator = IndicatorFactory(kind=IndicatorKind.EACH, element=asked, condition_value=1)
    return target_with_terms(indicator, {YEAR_END: 100}, plan, schedule=Schedule.HOLD), asked


def test_institution_is_judged_by_its_own_answers(county):
    target, asked = each_hospital(county.plan)
    for hospital, value in zip(county.hospitals, (1, 0), strict=True):
        approved(hospital, Q1, {asked: value})
    run(county.plan)
    found = Attainment.objects.filter(target=target).values_list("region", "institution", "status")
    assert set(found) == {
        (county.region.pk, None, Status.AMBER),
        (county.towns[0].pk, None, Status.MET),
        (county.towns[1].pk, None, Status.AMBER),
        (None, county.hospitals[0].pk, Status.MET),
        (None, county.hospitals[1].pk, Status.AMBER),
    }
    assert StatusChange.objects.filter(institution=county.hospitals[1], after=Status.AMBER).count() == 1


def test_lines_of_a_return_count_at_the_institution_that_reports_them(county):
    target, asked = each_hospital(county.plan, kinds=[InstitutionKind.VILLAGE_CLINIC])
    for clinic, value in zip(county.clinics, (1, 1, 0), strict=True):
        approved(clinic, Q1, {asked: value})
    run(county.plan)
    hospital = said(target, institution=county.hospitals[0])
    assert (hospital.numerator, hospital.units, hospital.status) == (2, 3, Status.AMBER)
    assert not Attainment.objects.filter(target=target, institution=county.hospitals[1]).exists()


def test_institution_of_a_higher_region_counts_there(county):
    target, asked = each_hospital(county.plan, kinds=[InstitutionKind.BUREAU], bureau_level=RegionLevel.COUNTY)
    approved(county.bureau, Q1, {asked: 1})
    run(county.plan)
    assert said(target, institution=county.bureau).status == Status.MET
    assert said(target, region=county.region).status == Status.MET


def test_quantity_is_not_judged_at_an_institution(county):
    asked = DataElementFactory()
    target = target_with_terms(IndicatorFactory(element=asked), {YEAR_END: 100}, county.plan)
    approved(county.hospitals[0], Q1, {asked: 5})
    run(county.plan)
    assert not Attainment.objects.filter(target=target, institution__isnull=False).exists()
    assert Tally.objects.get(target=target, institution=county.hospitals[0]).numerator == 5


def test_institution_that_closes_has_no_result_any_more(county):
    target, asked = each_hospital(county.plan)
    approved(county.hospitals[1], Q1, {asked: 1})
    run(county.plan)
    county.hospitals[1].closed = date(2023, 3, 1)
    county.hospitals[1].save()
    run(county.plan)
    assert not Attainment.objects.current().filter(target=target, institution=county.hospitals[1]).exists()


def test_recompute_of_institutions_writes_nothing_the_second_time(county):
    _, asked = each_hospital(county.plan)
    approved(county.hospitals[0], Q1, {asked: 1})
    assert run(county.plan).changed == 5
    assert run(county.plan).changed == 0


def test_flow_stays_where_the_unit_lay_when_it_happened(county):
    asked = DataElementFactory()
    target = target_with_terms(IndicatorFactory(element=asked), {YEAR_END: 100}, county.plan)
    hospital, (old, new) = county.hospitals[0], county.towns
    register.move(unit=hospital, to=new, on=date(2023, 5, 1), by=None, now=LATER)
    for quarter, value in ((Q1, 10), (Q2, 4), (Q3, 1)):
        approved(hospital, quarter, {asked: value})
        run(county.plan, quarter)
    assert [numerator(target, old, quarter) for quarter in (Q1, Q2, Q3)] == [10, 10, 10]
    assert [numerator(target, new, quarter) for quarter in (Q1, Q2, Q3)] == [0, 4, 5]
    assert numerator(target, county.region, Q3) == 15
    assert Tally.objects.get(target=target, institution=hospital, quarter=Q3.ordinal).numerator == 15


def test_unit_that_moved_counts_in_a_share_only_where_it_lies(county):
    target, asked = each_hospital(county.plan)
    hospital, (old, new) = county.hospitals[0], county.towns
    register.move(unit=hospital, to=new, on=date(2023, 4, 1), by=None, now=LATER)
    for quarter in (Q1, Q2):
        approved(hospital, quarter, {asked: 1})
        run(county.plan, quarter)
    assert said(target, Q1, region=old).units == 1
    assert said(target, Q2, region=old).status == Status.NOT_APPLICABLE
    assert (said(target, Q2, region=new).units, said(target, Q2, region=new).numerator) == (2, 1)


def test_correction_of_a_unit_that_moved_reaches_where_it_lay(county):
    asked = DataElementFactory()
    target = target_with_terms(IndicatorFactory(element=asked), {YEAR_END: 100}, county.plan)
    hospital, (old, _) = county.hospitals[0], county.towns
    register.move(unit=hospital, to=county.towns[1], on=date(2023, 5, 1), by=None, now=LATER)
    ReturnPeriodFactory(quarter=Q1.ordinal)
    made = approved(hospital, Q1, {asked: 10})
    recompute.refresh_after_returns([made], LATER)
    assert numerator(target, old, Q1) == 10
    assert StaleParent.objects.filter(region=county.region).exists()


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2023, 3, 31)])
def test_unit_cannot_move_before_it_came(county, day):
    hospital = county.hospitals[0]
    register.move(unit=hospital, to=county.towns[1], on=date(2023, 4, 1), by=None, now=LATER)
    with pytest.raises(ValueError, match="cannot move"):
        register.move(unit=hospital, to=county.towns[0], on=day, by=None, now=LATER)


def checkups(plan, denominator, **indicator):
    asked = DataElementFactory(accumulation=Accumulation.RUNNING)
    made = IndicatorFactory(
        kind=IndicatorKind.RATIO, element=asked, denominator=denominator, multiplier=100, **indicator
    )
    return target_with_terms(made, {YEAR_END: 100}, plan, schedule=Schedule.HOLD), asked, made


def test_assigned_quota_divides_and_goes_by_the_indicator(county):
    target, asked, indicator = checkups(county.plan, Denominator.QUOTA)
    for town, quota in zip(county.towns, (50, 150), strict=True):
        ConstantFactory(code=indicator.code, region=town, value=quota)
    for hospital, value in zip(county.hospitals, (50, 100), strict=True):
        approved(hospital, Q1, {asked: value})
    run(county.plan)
    assert [said(target, region=town).status for town in county.towns] == [Status.MET, Status.RED]
    assert said(target, region=county.region).value == Fraction(75)
    assert not Attainment.objects.filter(target=target, institution__isnull=False).exists()


def test_last_years_quota_does_not_serve_but_a_constant_does(county):
    by_quota, asked, indicator = checkups(county.plan, Denominator.QUOTA)
    by_constant, other, _ = checkups(county.plan, Denominator.CONSTANT, constant="resident-population")
    for code in (indicator.code, "resident-population"):
        ConstantFactory(code=code, region=county.towns[0], year=2022, value=100)
    approved(county.hospitals[0], Q1, {asked: 50, other: 50})
    run(county.plan)
    assert said(by_quota, region=county.towns[0]).cause == Cause.NO_CONSTANT
    assert said(by_constant, region=county.towns[0]).value == 50


def test_printed_constant_of_the_parent_is_not_added(county):
    target, asked, _ = checkups(county.plan, Denominator.CONSTANT, constant="resident-population")
    for place, value in zip([county.region, *county.towns], (999, 100, 300), strict=True):
        ConstantFactory(region=place, value=value)
    for hospital in county.hospitals:
        approved(hospital, Q1, {asked: 100})
    run(county.plan)
    assert said(target, region=county.region).denominator == 400


def test_number_asked_of_the_bureau_is_divided_by_the_constant_of_its_region(county):
    asked = DataElementFactory(
        accumulation=Accumulation.STOCK, kinds=[InstitutionKind.BUREAU], bureau_level=RegionLevel.COUNTY
    )
    indicator = IndicatorFactory(
        kind=IndicatorKind.RATIO,
        element=asked,
        denominator=Denominator.CONSTANT,
        constant="resident-population",
        multiplier=10_000,
    )
    target = target_with_terms(indicator, {YEAR_END: 2}, county.plan, schedule=Schedule.HOLD)
    ConstantFactory(region=county.region, value=50_000)
    approved(county.bureau, Q1, {asked: 10})
    run(county.plan)
    assert said(target, region=county.region).value == 2


def test_preview_judges_like_the_engine_and_stores_nothing(county):
    _target, asked = each_hospital(county.plan)
    for hospital, value in zip(county.hospitals, (1, 0), strict=True):
        approved(hospital, Q1, {asked: value})
    period = ReturnPeriodFactory(quarter=Q1.ordinal)
    outlook = recompute.preview_results(county.plan, period, LATER)
    assert not Tally.objects.exists()
    run(county.plan)
    stored = {
        recompute.ResultKey(row.target_id, row.region_id, row.institution_id): (row.status, row.numerator)
        for row in Attainment.objects.all()
    }
    assert {key: (each.result.status, each.inputs.numerator) for key, each in outlook.items()} == stored


@pytest.mark.parametrize(
    ("condition", "over", "met"),
    [("<=", False, Status.AMBER), ("=", False, Status.AMBER), (">=", True, Status.AMBER), (">=", False, Status.MET)],
)
def test_have_of_need_decides_only_where_at_least_so_many_are_asked(county, condition, over, met):
    asked, whole = DataElementFactory(accumulation=Accumulation.STOCK), DataElementFactory(**STOCK)
    indicator = IndicatorFactory(
        kind=IndicatorKind.EACH, element=asked, condition=condition, condition_value=2, over=whole if over else None
    )
    target = target_with_terms(indicator, {YEAR_END: 100}, county.plan, schedule=Schedule.HOLD)
    approved(county.hospitals[0], Q1, {asked: 5, whole: 10})
    run(county.plan)
    assert said(target, institution=county.hospitals[0]).status == met


def growth(plan, accumulation):
    asked = DataElementFactory(accumulation=accumulation)
    indicator = IndicatorFactory(
        kind=IndicatorKind.RATIO, element=asked, denominator=Denominator.LAST_YEAR, multiplier=100, offset=-100
    )
    return target_with_terms(indicator, {YEAR_END: 10}, plan, schedule=Schedule.HOLD), asked


def test_last_years_not_applicable_takes_nobody_out_this_year(county):
    target, asked = growth(county.plan, Accumulation.FLOW)
    first, second = county.hospitals
    approved(first, Q1 - 4, {asked: None})
    for quarter, value in ((Q1 - 4, 5), (Q1, 6)):
        approved(second, quarter, {asked: value})
    run(county.plan)
    found = said(target, region=county.region)
    assert (found.units, found.not_applicable, found.missing, found.cause) == (2, 0, 1, Cause.MISSING_UNITS)


@pytest.mark.parametrize(
    ("last_year", "this_year"),
    [({Q2: 50}, {Q1: 20, Q2: 60}), ({Q1: 20, Q2: 50}, {Q2: 60})],
)
def test_growth_of_a_running_total_compares_the_same_time_of_both_years(county, last_year, this_year):
    target, asked = growth(county.plan, Accumulation.RUNNING)
    for quarter, value in last_year.items():
        approved(county.hospitals[0], quarter - 4, {asked: value})
    for quarter, value in this_year.items():
        approved(county.hospitals[0], quarter, {asked: value})
    run(county.plan, Q2)
    assert said(target, Q2, region=county.towns[0]).value == 20


def test_region_without_judged_children_is_divided_by_its_own_constant(county):
    city = RegionFactory(level=RegionLevel.CITY)
    alone = RegionFactory(level=RegionLevel.COUNTY, parent=city)
    town = RegionFactory(level=RegionLevel.TOWNSHIP, parent=RegionFactory(level=RegionLevel.COUNTY, parent=city))
    plan = PlanFactory(issuer=city, judged_levels=[JudgedLevel.CITY, JudgedLevel.COUNTY, JudgedLevel.TOWNSHIP])
    target, asked, _ = checkups(plan, Denominator.CONSTANT, constant="resident-population")
    for place, people, done in ((alone, 50, 5), (town, 20, 10)):
        ConstantFactory(region=place, value=people)
        approved(InstitutionFactory(region=place), Q1, {asked: done})
    run(plan)
    found = said(target, region=city)
    assert (found.numerator, found.denominator) == (15, 70)


def test_flow_of_a_closed_unit_is_left_out_with_its_region_without_a_constant(county):
    target, asked, _ = checkups(county.plan, Denominator.CONSTANT, constant="resident-population")
    ConstantFactory(region=county.towns[1], value=50)
    for hospital, value in zip(county.hospitals, (30, 10), strict=True):
        approved(hospital, Q1, {asked: value})
    county.hospitals[0].closed = date(2023, 5, 1)
    county.hospitals[0].save()
    run(county.plan, Q2)
    found = tally_of(target, county.region, Q2)
    assert (found.numerator, found.denominator, found.unbased) == (10, 50, 1)


def tally_of(target, region, quarter):
    return Tally.objects.get(target=target, region=region, quarter=quarter.ordinal)


def test_not_applicable_does_not_stand_as_last_approved(county):
    asked = DataElementFactory(accumulation=Accumulation.STOCK)
    milestones = {date(2023, 3, 31): 10, YEAR_END: 20}
    target = target_with_terms(IndicatorFactory(element=asked), milestones, county.plan, schedule=Schedule.AT_DUE)
    for hospital in county.hospitals:
        approved(hospital, Q1, {asked: 8})
    approved(county.hospitals[0], Q2, {asked: None})
    approved(county.hospitals[1], Q2, {asked: 8})
    run(county.plan, Q2)
    found = said(target, Q2, region=county.region)
    assert (found.kept_numerator, found.cause) == (8, Cause.SLIPPED)


def test_value_is_empty_where_nobody_gave_a_figure(county):
    asked = DataElementFactory()
    target = target_with_terms(IndicatorFactory(element=asked), {YEAR_END: 10}, county.plan)
    run(county.plan)
    found = said(target, region=county.region)
    assert (found.value, found.cause) == (None, Cause.UNREPORTED)


def test_without_any_constant_the_result_says_so(county):
    target, asked, _ = checkups(county.plan, Denominator.CONSTANT, constant="resident-population")
    approved(InstitutionFactory(region=county.region), Q1, {asked: 5})
    run(county.plan)
    assert said(target, region=county.region).cause == Cause.NO_CONSTANT


def test_constant_of_zero_is_no_missing_constant(county):
    target, asked, _ = checkups(county.plan, Denominator.CONSTANT, constant="resident-population")
    for town in county.towns:
        ConstantFactory(region=town, value=0)
    for hospital in county.hospitals:
        approved(hospital, Q1, {asked: 5})
    run(county.plan)
    assert said(target, region=county.region).status == Status.NOT_APPLICABLE


@pytest.mark.parametrize("value", [1, None])
def test_institution_keeps_its_result_when_it_moves(county, value):
    target, asked = each_hospital(county.plan, allow_not_applicable=True)
    unit = InstitutionFactory(region=county.region)
    register.move(unit=unit, to=county.towns[0], on=date(2023, 2, 1), by=None, now=LATER)
    approved(unit, Q1, {asked: value})
    run(county.plan)
    before = said(target, institution=unit).status
    register.move(unit=unit, to=county.towns[1], on=date(2023, 8, 1), by=None, now=LATER)
    assert run(county.plan).changed == 0
    assert said(target, institution=unit).status == before
