"""Official numbers, quotas, parts and assigned values: saved whole or not at all, and told to whoever judges."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import RegionKind, RegionLevel, Role
from institutions.models import AuditRecord
from targets.actions import numbers
from targets.actions.numbers import Entries, NumbersRefused, OfficialEntry
from targets.enums import Denominator, IndicatorKind, PlanState, Window
from targets.models import Allotment, Constant, Milestone
from targets.periods import Quarter
from targets.queries.history import events, records_of_plan
from targets.queries.numbers import numbers_page
from targets.signals import numbers_changed
from tests import entering
from tests.factories import (
    AllotmentFactory,
    ConstantFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    RegionFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 2, 1, 9, tzinfo=SHANGHAI)
YEAR_END = date(2023, 12, 31)
POPULATION = "resident-population"


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def plan(places):
    return PlanFactory(issuer=places.city)


@pytest.fixture
def admin(places):
    return person(Role.PLAN_ADMIN, places.city)


@pytest.fixture
def heard(django_capture_on_commit_callbacks):
    """What the signal says once the action has committed: (plan, since)."""
    told = []

    def hear(sender, plan, since, now, **kwargs):
        told.append((plan, since))

    def committed(act, *args):
        with django_capture_on_commit_callbacks(execute=True):
            act(*args)
        return told

    numbers_changed.connect(hear)
    yield committed
    numbers_changed.disconnect(hear)


def rate(plan, **indicator):
    """A target over the resident population."""
    divisor = {"denominator": Denominator.CONSTANT, "constant": POPULATION}
    return target_with_terms(
        IndicatorFactory(kind=IndicatorKind.RATIO, **{**divisor, **indicator}), {YEAR_END: 40}, plan
    )


def quota(plan):
    """A target over what was assigned from above."""
    divisor = IndicatorFactory(kind=IndicatorKind.RATIO, denominator=Denominator.QUOTA, name="体检任务完成率")
    return target_with_terms(divisor, {YEAR_END: 100}, plan)


def clinics(plan, value=800, **terms):
    """A quantity, and its milestone."""
    target = target_with_terms(IndicatorFactory(unit="个"), {YEAR_END: value}, plan, **terms)
    return Milestone.objects.get(terms__target=target)


def kept(code=POPULATION, year=2023):
    return {row.region.name: row.value for row in Constant.objects.filter(code=code, year=year)}


def test_constants_are_kept_with_their_source_and_who_entered_them(places, plan, admin):
    rate(plan)
    one, other = places.counties
    entering.set_constants(plan, 2023, POPULATION, {one.pk: Decimal(500), other.pk: Decimal(0)}, "公报", admin, NOW)
    assert kept() == {"甲县": 500, "乙县": 0}
    row = Constant.objects.get(region=one)
    assert (row.source, row.entered_by, row.year) == ("公报", admin, 2023)
    record = AuditRecord.objects.get()
    assert (record.action, record.by, record.object_id) == ("constants.set", admin, plan.pk)
    assert record.detail == {
        "code": POPULATION,
        "year": 2023,
        "source": "公报",
        "before": {"甲县": None, "乙县": None},
        "after": {"甲县": "500", "乙县": "0"},
    }


def test_the_history_reads_the_numbers_by_name_and_place(places, plan, admin):
    rate(plan)
    one, other = places.counties
    ConstantFactory(region=one, value=500)
    typed = {one.pk: Decimal(62000), other.pk: None}
    entering.set_constants(plan, 2023, POPULATION, typed, "公报", admin, NOW)
    (event,) = events(records_of_plan(plan), "")[1]
    assert event.notes == ("常住人口 2023年", "甲县 500 → 62,000", "公报")


def test_the_printed_number_of_the_issuer_is_kept_beside_the_sum(places, plan, admin):
    rate(plan)
    entering.set_constants(plan, 2023, POPULATION, {places.city.pk: Decimal(900)}, "公报", admin, NOW)
    assert kept() == {"某市": 900}


def test_a_constant_taken_out_is_gone_and_told(places, plan, admin):
    rate(plan)
    ConstantFactory(region=places.counties[0], value=500)
    entering.set_constants(plan, 2023, POPULATION, {places.counties[0].pk: None}, "", admin, NOW)
    assert kept() == {}
    assert AuditRecord.objects.get().detail["before"] == {"甲县": "500"}


def test_what_did_not_change_leaves_no_trace(places, plan, admin, heard):
    rate(plan)
    ConstantFactory(region=places.counties[0], value=500, source="公报")
    values = {places.counties[0].pk: Decimal(500)}
    assert heard(entering.set_constants, plan, 2023, POPULATION, values, "公报", admin, NOW) == []
    assert AuditRecord.objects.count() == 0


def test_a_quota_is_kept_under_the_code_of_its_indicator(places, plan, admin):
    target = quota(plan)
    entering.set_quotas(plan, 2023, target.indicator, {places.counties[0].pk: Decimal(60)}, "省卫健委", admin, NOW)
    assert kept(target.indicator.code) == {"甲县": 60}
    assert AuditRecord.objects.get().action == "quotas.set"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (Decimal(-1), "不能填负数。"),
        (Decimal("0.5"), "应填整数，不能带小数。"),
        (Decimal(10) ** 12, "数字过大，请核对单位。"),
    ],
)
def test_an_impossible_number_is_refused_at_its_field_and_nothing_is_saved(places, plan, admin, value, sentence):
    rate(plan)
    one, other = places.counties
    with pytest.raises(NumbersRefused) as refused:
        entering.set_constants(plan, 2023, POPULATION, {one.pk: Decimal(1), other.pk: value}, "公报", admin, NOW)
    assert refused.value.problems == {f"official-{POPULATION}.{other.pk}": sentence}
    assert (kept(), AuditRecord.objects.count()) == ({}, 0)


def test_a_number_needs_its_source(places, plan, admin):
    rate(plan)
    with pytest.raises(NumbersRefused) as refused:
        entering.set_constants(plan, 2023, POPULATION, {places.counties[0].pk: Decimal(1)}, " ", admin, NOW)
    assert refused.value.problems == {f"official-{POPULATION}.source": "请写明数据来源。"}


def test_a_place_that_the_plan_does_not_judge_is_refused(places, plan, admin):
    rate(plan)
    stranger = kaifeng_like().counties[0]
    with pytest.raises(NumbersRefused) as refused:
        entering.set_constants(plan, 2023, POPULATION, {stranger.pk: Decimal(1)}, "公报", admin, NOW)
    assert refused.value.problems == {f"official-{POPULATION}.{stranger.pk}": "这个地区不在本计划考核的下级地区之中。"}


def test_a_number_that_the_plan_does_not_use_is_refused(places, plan, admin):
    with pytest.raises(NumbersRefused) as refused:
        entering.set_constants(plan, 2023, "hospital-beds", {places.counties[0].pk: Decimal(1)}, "公报", admin, NOW)
    assert refused.value.problems == {"official-hospital-beds.source": "本计划没有用到“hospital-beds”。"}


def test_parts_are_kept_also_where_they_do_not_reach_the_whole(places, plan, admin):
    milestone = clinics(plan)
    one, other = places.counties
    AllotmentFactory(milestone=milestone, region=other, value=100)
    entering.allot(milestone, {one.pk: Decimal(300), other.pk: None}, admin, NOW)
    assert list(Allotment.objects.values_list("region__name", "value")) == [("甲县", 300)]
    record = AuditRecord.objects.get()
    assert (record.action, record.object_id) == ("milestone.allot", milestone.pk)
    assert record.detail == {"before": {"甲县": None, "乙县": "100"}, "after": {"甲县": "300", "乙县": None}}


def test_the_issuer_itself_gets_no_part(places, plan, admin):
    milestone = clinics(plan)
    with pytest.raises(NumbersRefused) as refused:
        entering.allot(milestone, {places.city.pk: Decimal(1)}, admin, NOW)
    assert list(refused.value.problems) == [f"allotment-{milestone.pk}.{places.city.pk}"]


def test_a_percentage_is_not_parted(places, plan, admin):
    milestone = Milestone.objects.get(terms__target=rate(plan))
    with pytest.raises(NumbersRefused, match="不是可以分解的数量"):
        entering.allot(milestone, {places.counties[0].pk: Decimal(1)}, admin, NOW)


def test_an_assigned_value_is_entered_once_also_in_a_published_plan(plan, admin):
    milestone = clinics(plan, value=None)
    entering.enter_milestone_value(milestone, Decimal(640), "苏卫〔2023〕5号", admin, NOW)
    assert Milestone.objects.values_list("value", "source").get() == (640, "苏卫〔2023〕5号")
    record = AuditRecord.objects.get()
    assert (record.action, record.object_id) == ("milestone.enter_value", milestone.pk)
    assert record.detail == {"value": "640", "document": "苏卫〔2023〕5号"}
    with pytest.raises(NumbersRefused) as refused:
        entering.enter_milestone_value(milestone, Decimal(700), "改", admin, NOW)
    assert refused.value.problems == {f"milestone-{milestone.pk}.value": "目标值已经下达；要改请作修订。"}


def test_an_assigned_value_needs_its_document_and_keeps_below_the_printed_upper_end(plan, admin):
    milestone = clinics(plan, value=None)
    Milestone.objects.update(high=600)
    with pytest.raises(NumbersRefused) as refused:
        entering.enter_milestone_value(milestone, Decimal(640), "", admin, NOW)
    assert refused.value.problems == {
        f"milestone-{milestone.pk}.value": "目标值大于文件写明的上限。",
        f"milestone-{milestone.pk}.document": "请写明下达文件。",
    }


def test_one_wrong_field_keeps_the_whole_form_from_being_saved(places, plan, admin):
    rate(plan)
    milestone, county = clinics(plan), places.counties[0]
    entries = Entries(
        constants={POPULATION: OfficialEntry({county.pk: Decimal(500)}, "公报")},
        parts={milestone.pk: {county.pk: Decimal(-1)}},
        unreadable={"official-resident-population.7": "“八”不是数字，请只填阿拉伯数字。"},
    )
    with pytest.raises(NumbersRefused) as refused:
        numbers.save(plan, 2023, entries, admin, NOW)
    assert sorted(refused.value.problems) == [
        f"allotment-{milestone.pk}.{county.pk}",
        "official-resident-population.7",
    ]
    assert (kept(), Allotment.objects.count(), AuditRecord.objects.count()) == ({}, 0, 0)


def test_a_closed_plan_takes_no_numbers(places, plan, admin):
    milestone = clinics(plan)
    plan.state, plan.closed_on = PlanState.CLOSED, date(2023, 12, 31)
    plan.save()
    with pytest.raises(NumbersRefused) as refused:
        entering.allot(milestone, {places.counties[0].pk: Decimal(1)}, admin, NOW)
    assert refused.value.problems == {"": "计划已结束，数字不能再改。"}


def test_one_form_is_told_once_with_the_first_quarter_that_it_reaches(places, plan, admin, heard):
    rate(plan)
    milestone, county = clinics(plan, window=Window.YEAR), places.counties[0]
    entries = Entries(
        constants={POPULATION: OfficialEntry({county.pk: Decimal(500)}, "公报")},
        parts={milestone.pk: {county.pk: Decimal(300)}},
    )
    assert heard(numbers.save, plan, 2023, entries, admin, NOW) == [(plan, Quarter(2023, 1))]


def test_a_milestone_over_the_whole_plan_reaches_back_to_its_first_quarter(plan, admin, heard):
    target = target_with_terms(IndicatorFactory(), {date(2025, 12, 31): None}, plan, window=Window.PLAN)
    entered = (Milestone.objects.get(terms__target=target), Decimal(5), "苏卫〔2023〕5号", admin, NOW)
    assert heard(entering.enter_milestone_value, *entered) == [(plan, Quarter(2023, 1))]


def test_every_published_plan_that_divides_by_the_number_is_told(places, plan, admin, heard):
    indicator = rate(plan).indicator
    of_county = PlanFactory(issuer=places.counties[0], judged_levels=[RegionLevel.COUNTY, RegionLevel.TOWNSHIP])
    of_other_county = PlanFactory(issuer=places.counties[1])
    draft = PlanFactory(issuer=places.city, state=PlanState.DRAFT, published_at=None)
    for each in (of_county, of_other_county, draft):
        target_with_terms(indicator, {YEAR_END: 40}, each)
    values = {places.counties[0].pk: Decimal(500)}
    told = heard(entering.set_constants, plan, 2023, POPULATION, values, "公报", admin, NOW)
    assert [each for each, _ in told] == [plan, of_county]


def column(plan, year=2023, place=0):
    return numbers_page(plan, year).columns[place]


def test_the_page_adds_up_the_children_and_compares_the_printed_number(places, plan):
    rate(plan)
    for region, value in zip([*places.counties, places.city], [500, 300, 920], strict=True):
        ConstantFactory(region=region, value=value)
    found = column(plan)
    assert (found.name, found.unit, found.sum_text, found.whole_text, found.check_text) == (
        "常住人口", "人", "800", "920", "差 120",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([], "尚未分解"),
        ([300], "差 500（1 个未填）"),
        ([300, 500], "已分足"),
        ([300, 530], "多 30"),
        ([0, 0], "差 800"),
    ],
)
def test_the_parts_are_checked_against_the_whole_in_words(places, plan, parts, words):
    milestone = clinics(plan)
    for county, value in zip(places.counties, parts, strict=False):
        AllotmentFactory(milestone=milestone, region=county, value=value)
    assert column(plan).check_text == words


def test_parts_of_a_value_still_to_come_have_nothing_to_be_compared_with(places, plan):
    AllotmentFactory(milestone=clinics(plan, value=None), region=places.counties[0], value=300)
    assert (column(plan).whole_text, column(plan).check_text) == ("待下达", "—")


def test_last_years_number_serves_and_is_marked_until_this_years_is_there(places, plan):
    rate(plan)
    one, other = places.counties
    ConstantFactory(region=one, year=2022, value=480)
    ConstantFactory(region=other, year=2022, value=290)
    ConstantFactory(region=other, year=2023, value=300)
    page = numbers_page(plan, 2023)
    assert [(cell.last_year_text, cell.stale) for cell in page.columns[0].cells] == [("480", True), ("290", False)]
    assert (page.stale, page.missing) == (1, 1)


def test_last_years_quota_does_not_serve(places, plan):
    code = quota(plan).indicator.code
    ConstantFactory(code=code, region=places.counties[0], year=2022, value=60)
    assert [cell.stale for cell in column(plan).cells] == [False, False]


def test_the_page_lists_what_is_to_be_assigned_and_what_was(plan, admin):
    waiting, done = clinics(plan, value=None), clinics(plan, value=None)
    clinics(plan)
    entering.enter_milestone_value(done, Decimal(640), "苏卫〔2023〕5号", admin, NOW)
    found = numbers_page(plan, 2023).assigned
    assert [(each.milestone, each.value_text, each.document.kept, each.at) for each in found] == [
        (waiting, "", "", ""),
        (done, "640", "苏卫〔2023〕5号", "2023年2月1日"),
    ]


def test_the_year_before_the_plan_takes_constants_alone(places, plan):
    rate(plan)
    quota(plan)
    clinics(plan)
    assert [each.name for each in numbers_page(plan, 2022).columns] == ["常住人口"]
    assert [each.kind for each in numbers_page(plan, 2023).columns] == ["constant", "quota", "allotment"]


def test_a_county_plan_is_parted_among_its_townships(places):
    county = places.counties[0]
    town = RegionFactory(name="某镇", level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN, parent=county)
    plan = PlanFactory(issuer=county, judged_levels=[RegionLevel.COUNTY, RegionLevel.TOWNSHIP, "institution"])
    clinics(plan)
    page = numbers_page(plan, 2023)
    assert (page.regions, page.columns[0].kind) == ((town,), "allotment")


def test_a_plan_that_judges_no_lower_level_has_one_row_and_no_parts(places):
    county = places.counties[0]
    plan = PlanFactory(issuer=county, judged_levels=[RegionLevel.COUNTY])
    rate(plan)
    clinics(plan)
    page = numbers_page(plan, 2023)
    assert (page.regions, [each.kind for each in page.columns], page.columns[0].whole) == (
        (county,),
        ["constant"],
        None,
    )


def of_bureaus(plan, level):
    """A target over the resident population that is asked of the bureaus of one level."""
    element = DataElementFactory(kinds=["bureau"], bureau_level=level)
    return rate(plan, element=element)


def test_a_target_asked_of_the_issuers_bureau_uses_the_issuers_own_number(places, plan):
    of_bureaus(plan, RegionLevel.CITY)
    assert (column(plan).cells, column(plan).missing, column(plan).check_text) == ((None, None), 1, "尚未录入")
    ConstantFactory(region=places.city, value=900)
    assert (column(plan).missing, column(plan).check_text) == (0, "直接采用")


def test_numbers_kept_below_such_a_target_are_compared_and_not_missed(places, plan):
    of_bureaus(plan, RegionLevel.CITY)
    ConstantFactory(region=places.city, value=900)
    ConstantFactory(region=places.counties[0], value=800)
    assert (column(plan).missing, column(plan).check_text) == (0, "差 100（1 个未填）")


def test_a_level_between_has_rows_of_its_own_that_are_not_added_twice(places):
    plan = PlanFactory(issuer=places.province, judged_levels=["province", "city", "county"])
    of_bureaus(plan, RegionLevel.CITY)
    of_bureaus(plan, RegionLevel.COUNTY)
    for region, value in zip([places.city, *places.counties], [900, 500, 400], strict=True):
        ConstantFactory(region=region, value=value)
    assert [region.name for region in numbers_page(plan, 2023).regions] == ["某市", "甲县", "乙县"]
    assert (column(plan).sum_text, column(plan).missing) == ("900", 0)


@pytest.mark.parametrize("size", [1, 3])
def test_the_page_takes_as_many_queries_for_one_line_as_for_three(django_assert_num_queries, size):
    plan = PlanFactory(issuer=kaifeng_like(counties=size).city)
    for _ in range(size):
        clinics(plan)
    quota(plan)
    with django_assert_num_queries(6):
        page = numbers_page(plan, 2023)
        assert len(page.rows) == size
