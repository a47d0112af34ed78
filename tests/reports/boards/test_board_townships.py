"""The pages of a county plan that is judged by township and institution."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from institutions.actions import register
from institutions.clock import SHANGHAI
from institutions.enums import Role
from reports.base.enums import Cause, Status
from reports.boards.pages import BoardFilters, ContactPerson, board_of, lagging_list, target_page, trace_page
from reports.boards.pages.cell_words import short_value
from reports.boards.pages.units import UnitAnswer
from reports.scope.queries import periods_of
from targets.enums import Denominator, IndicatorKind, PlanState
from targets.models import Indicator, Target
from targets.periods import Quarter
from tests.factories import (
    ConstantFactory,
    ReturnPeriodFactory,
    SubmissionFactory,
    VillageClinicFactory,
    approved,
    person,
)
from tests.reports.boards.helpers import (
    Q4,
    TODAY,
    all_over,
    county_board,
    everywhere,
    result,
    small_board,
    state_target,
)

pytestmark = pytest.mark.django_db
BOARD_QUERIES = 27
LAGGING_QUERIES = 22
TARGET_QUERIES = 30
TRACE_QUERIES = 28
INSTITUTION_QUERIES = 32
NOW = datetime(2024, 1, 2, 9, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def business_date(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def scene():
    made = county_board()
    all_over(made)
    return made


def board(scene, region=None, **filters):
    return board_of(scene.plan, region or scene.county, scene.period, TODAY, BoardFilters(**filters))


def names(cells):
    return [cell.place.name for cell in cells]


def institution_url(target, institution, quarter=Q4):
    return reverse("trace_institution", args=[target.pk, institution.pk, quarter])


# --- Board ------------------------------------------------------------------------------------------------------


def test_a_county_has_a_column_for_each_township(scene):
    made = board(scene)
    assert [column.name for column in made.columns] == ["甲镇", "乙镇"]
    assert (made.column_word, made.one_place, made.apart) == ("乡镇街道", False, None)


def test_what_lies_in_the_county_itself_stands_apart(scene):
    state = state_target(scene.plan)
    result(state, scene.county)
    result(state, scene.bureau, status=Status.RED)
    apart = board(scene).apart
    assert [column.name for column in apart.columns] == [scene.bureau.name]
    assert apart.groups == ()
    assert [row.target.name for group in apart.qualitative for row in group.rows] == ["加强组织领导"]
    assert [cell.status for cell in apart.cells_of(apart.qualitative[0].rows[0].target)] == [Status.RED]


def test_filters_hold_for_what_stands_apart(scene):
    result(scene.targets[0], scene.bureau, status=Status.RED)
    scene.targets[0].attainments.filter(institution=None).update(status=Status.MET)
    assert [row.target.name for row in board(scene, lagging=True).rows] == []
    assert [row.target.name for row in board(scene, lagging=True).apart.rows] == ["目标0"]


def test_the_children_of_a_township_are_its_institutions(scene):
    made = board(scene, scene.towns[0])
    assert names(made.rows[0].cells) == ["甲镇0院", "甲镇1院"]
    assert (made.column_word, made.one_place, made.sole) == ("机构", True, None)


def test_a_township_with_one_institution_has_no_columns_and_names_it(scene):
    made = board(scene, scene.towns[1])
    assert (made.columns, made.sole.name) == ((), "乙镇0院")


def test_an_institution_that_moved_since_stands_where_it_lay(scene):
    moving = scene.hospitals[1][0]
    register.move(unit=moving, to=scene.towns[0], on=date(2024, 1, 1), by=None, now=NOW)
    assert len(board(scene, scene.towns[0]).columns) == 2
    assert board(scene, scene.towns[1]).sole.name == moving.name


def test_of_one_unit_a_cell_says_how_much_of_how_much(scene):
    Indicator.objects.update(kind=IndicatorKind.EACH)
    scene.targets[0].attainments.update(units=1, given=1, have=Decimal(1), need=Decimal(3))
    cell = board(scene, scene.towns[0]).rows[0].cells[0]
    assert (cell.at_unit, short_value(cell), cell.needed_unit) == (True, "1/3", "人次")


def test_a_state_that_the_mark_says_is_not_said_twice(scene):
    fields = {"units": 1, "given": 1, "reported": 1, "partly": 1, "numerator": 0}
    target = state_target(scene.plan)
    result(target, scene.towns[0], status=Status.AMBER, cause=Cause.PARTLY, **fields)
    result(target, scene.towns[1], status=Status.NOT_DUE, **fields)
    rows = [row for group in board(scene).qualitative for row in group.rows]
    assert [(cell.badge.word, short_value(cell)) for cell in rows[0].cells] == [
        ("基本完成", ""),
        ("未到期", "基本完成"),
    ]


# --- Lagging ----------------------------------------------------------------------------------------------------


def flags(scene, region=None):
    return lagging_list(scene.plan, region or scene.county, scene.period)


def test_a_township_is_flagged_with_the_institutions_behind_it(scene):
    scene.targets[0].attainments.filter(region=scene.towns[0]).update(status=Status.RED)
    scene.targets[0].attainments.filter(institution=scene.hospitals[0][1]).update(status=Status.AMBER)
    scene.targets[0].attainments.filter(institution=scene.hospitals[1][0]).update(status=Status.RED)
    found = flags(scene)
    assert [(entry.region.name, names(each.cell for each in entry.institutions)) for entry in found.entries] == [
        ("甲镇", ["甲镇1院"])
    ]
    assert (found.places, found.place_word, found.with_institutions) == (1, "乡镇街道", True)
    assert found.entries[0].institutions[0].person == ContactPerson("甲镇1", "1")


def test_the_county_is_flagged_for_what_no_township_is_judged_by(scene):
    alone, elsewhere = scene.targets[0], state_target(scene.plan)
    alone.attainments.filter(region__in=scene.towns).update(status=Status.NOT_APPLICABLE)
    alone.attainments.filter(region=scene.county).update(status=Status.RED)
    result(elsewhere, scene.county, status=Status.RED)
    result(elsewhere, scene.towns[1])
    found = flags(scene)
    assert [(entry.target.name, entry.region.name) for entry in found.entries] == [("目标0", "某县")]
    assert [entry.region.name for entry in board(scene).lagging.entries] == ["某县"]
    assert found.place_word == "县区"


def test_a_list_of_counties_and_townships_speaks_of_places(scene):
    target = state_target(scene.plan)
    result(target, scene.county, status=Status.RED)
    scene.targets[0].attainments.filter(region__in=scene.towns).update(status=Status.RED)
    found = flags(scene)
    assert (found.place_word, found.places) == ("地区", 3)


def test_the_one_who_answers_in_a_township_is_its_only_reporter(scene):
    scene.targets[0].attainments.update(status=Status.RED)
    assert [entry.person for entry in flags(scene).entries] == [None, ContactPerson("乙镇0", "1")]


def test_a_township_reads_its_own_flags(scene):
    scene.targets[0].attainments.update(status=Status.RED)
    assert [entry.region.name for entry in flags(scene, scene.towns[1]).entries] == ["乙镇"]
    assert [entry.region.name for entry in board(scene, scene.towns[1]).lagging.entries] == ["乙镇"]


# --- Trace ------------------------------------------------------------------------------------------------------


def trace(scene, place):
    return trace_page(scene.plan, scene.targets[0].pk, place, scene.period, TODAY)


def test_the_trace_of_an_institution_leads_to_its_lines_and_its_return(scene):
    hospital = scene.hospitals[0][0]
    target = scene.targets[0]
    Target.objects.update(kinds=[])
    clinic = VillageClinicFactory(reported_by=hospital, region=scene.towns[1])
    passed = approved(hospital, Q4, {target.indicator.element: 1})
    made = trace(scene, hospital)
    assert {row.name: row.answer for row in made.units.rows} == {
        hospital.name: UnitAnswer.REPORTED,
        clinic.name: UnitAnswer.MISSING,
    }
    assert {row.submission_id for row in made.units.rows} == {passed.pk}
    assert (made.place.name, made.parent.name, made.person) == (hospital.name, "甲镇", ContactPerson("甲镇0", "1"))
    assert [version.cell.place.name for version in made.versions] == [hospital.name]


def test_the_trace_of_a_region_leads_to_the_institutions_that_lie_in_it(scene):
    result(scene.targets[0], scene.bureau)
    assert names(trace(scene, scene.towns[0]).institutions) == ["甲镇0院", "甲镇1院"]
    county = trace(scene, scene.county)
    assert (names(county.children), names(county.institutions)) == (["甲镇", "乙镇"], [scene.bureau.name])
    assert county.child_word == "乡镇街道"


def test_a_child_with_nothing_in_scope_is_no_part_of_the_sum(scene):
    scene.targets[0].attainments.filter(region=scene.towns[1]).update(status=Status.NOT_APPLICABLE, units=0)
    assert names(trace(scene, scene.county).children) == ["甲镇"]


def test_the_bureau_of_a_county_counts_in_the_county(scene):
    result(scene.targets[0], scene.bureau)
    assert trace(scene, scene.bureau).parent.name == "某县"


def test_an_institution_is_read_by_those_who_read_its_region(client, scene):
    url = institution_url(scene.targets[0], scene.hospitals[0][0])
    for place, code in ((scene.county, 200), (scene.towns[0], 200), (scene.towns[1], 404)):
        client.force_login(person(Role.DIRECTOR, place))
        assert client.get(url).status_code == code
    client.force_login(person(Role.REPORTER, scene.hospitals[0][0]))
    assert client.get(url).status_code == 404


def test_a_plan_that_does_not_judge_institutions_has_no_trace_of_one(client):
    city = small_board(targets=1)
    everywhere(city)
    client.force_login(person(Role.DIRECTOR, city.places.city))
    assert client.get(institution_url(city.targets[0], city.places.hospitals[0][0])).status_code == 404


def test_every_judged_institution_leads_to_its_trace(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.county))
    html = client.get(f"{reverse('board')}?region={scene.towns[0].pk}").content.decode()
    for hospital in scene.hospitals[0]:
        assert institution_url(scene.targets[0], hospital) in html


def test_the_api_gives_the_trace_of_an_institution(client, scene):
    hospital = scene.hospitals[0][0]
    url = reverse("api_trace_institution", args=[scene.targets[0].pk, hospital.pk, Q4])
    client.force_login(person(Role.DIRECTOR, scene.county))
    answer = client.get(url).json()
    assert (answer["institution"]["name"], answer["region"]["name"]) == ("甲镇0院", "甲镇")
    assert (answer["cell"]["institution"]["id"], answer["cell"]["status"]) == (hospital.pk, "green")
    client.force_login(person(Role.DIRECTOR, scene.towns[1]))
    assert client.get(url).status_code == 404


# --- Target -----------------------------------------------------------------------------------------------------


def page_of(scene, target=None, region=None):
    return target_page(scene.plan, (target or scene.targets[0]).pk, region or scene.county, scene.period, TODAY)


def test_institutions_are_ranked_below_the_townships(scene):
    for hospital, value in zip((*scene.hospitals[0], *scene.hospitals[1]), (50, 70, 60), strict=True):
        scene.targets[0].attainments.filter(institution=hospital).update(value=value)
    page = page_of(scene)
    assert (names(page.ranking), page.child_word) == (["甲镇", "乙镇"], "乡镇街道")
    assert names(page.institutions) == ["甲镇1院", "乙镇0院", "甲镇0院"]
    assert names(page_of(scene, region=scene.towns[1]).institutions) == ["乙镇0院"]


@pytest.fixture
def over_population(scene):
    Indicator.objects.update(
        kind=IndicatorKind.RATIO,
        denominator=Denominator.CONSTANT,
        constant="resident-population",
        condition="",
        condition_value=None,
    )
    return scene


def numbers(official):
    return [(each.region.name, each.value, each.year, each.stale) for each in official.numbers]


def test_official_numbers_that_divide_stand_on_the_page_and_last_years_are_marked(over_population):
    scene = over_population
    ConstantFactory(region=scene.towns[0], value=100)
    ConstantFactory(region=scene.towns[0], value=90, year=2022)
    ConstantFactory(region=scene.towns[1], value=50, year=2022)
    ConstantFactory(region=scene.county, value=160)
    official = page_of(scene).official
    assert numbers(official) == [("甲镇", 100, 2023, False), ("乙镇", 50, 2022, True)]
    assert (official.name, official.stale, official.total_text, official.difference_text) == (
        "常住人口",
        1,
        "150",
        "−10 人",
    )
    assert numbers(page_of(scene, region=scene.towns[1]).official) == [("乙镇", 50, 2022, True)]


def test_last_years_quota_does_not_serve(over_population):
    scene = over_population
    Indicator.objects.update(denominator=Denominator.QUOTA, constant="")
    code = Indicator.objects.get().code
    ConstantFactory(code=code, region=scene.towns[0], value=100)
    ConstantFactory(code=code, region=scene.towns[1], value=50, year=2022)
    official = page_of(scene).official
    assert numbers(official) == [("甲镇", 100, 2023, False), ("乙镇", None, None, False)]
    assert (official.quota, official.missing, official.difference_text) == (True, 1, "")


def test_the_page_says_where_last_years_number_serves(client, over_population):
    scene = over_population
    for town in scene.towns:
        ConstantFactory(region=town, value=90, year=2022)
    client.force_login(person(Role.DIRECTOR, scene.county))
    for url in addresses(scene, scene.county)[3:]:
        html = client.get(url).content.decode()
        assert ("2 处尚用上年数" in html, html.count('<span class="stale">')) == (True, 2)


def test_where_answers_divide_there_are_no_official_numbers(scene):
    assert page_of(scene).official is None


# --- Words and queries ------------------------------------------------------------------------------------------


def addresses(scene, region):
    lists = [f"{reverse(name)}?region={region.pk}" for name in ("board", "lagging", "progress")]
    target = scene.targets[0]
    place = reverse("trace", args=[target.pk, region.pk, Q4])
    return [*lists, f"{reverse('target', args=[target.pk])}?region={region.pk}", place]


@pytest.mark.parametrize("status", [Status.RED, Status.MET])
def test_no_page_of_a_county_plan_speaks_of_counties(client, scene, status):
    scene.targets[0].attainments.update(status=status)
    SubmissionFactory(reporter=scene.hospitals[0][0], quarter=Q4.ordinal)
    client.force_login(person(Role.DIRECTOR, scene.county))
    for url in (*addresses(scene, scene.county), *addresses(scene, scene.towns[0])):
        assert "县区" not in client.get(url).content.decode()


@pytest.mark.parametrize("towns", [1, 3])
def test_pages_take_as_many_queries_for_three_townships_as_for_one(client, towns, django_assert_num_queries):
    scene = county_board(towns=towns)
    all_over(scene, status=Status.RED)
    result(scene.targets[0], scene.bureau, status=Status.RED)
    client.force_login(person(Role.SUPERVISOR, scene.county))
    board, lagging, _, target, trace = addresses(scene, scene.county)
    institution = institution_url(scene.targets[0], scene.hospitals[0][0])
    for url, queries in (
        (board, BOARD_QUERIES),
        (lagging, LAGGING_QUERIES),
        (target, TARGET_QUERIES),
        (trace, TRACE_QUERIES),
        (institution, INSTITUTION_QUERIES),
    ):
        with django_assert_num_queries(queries):
            client.get(url)


# --- A plan of the past -----------------------------------------------------------------------------------------


@pytest.fixture
def past(scene):
    scene.plan.last_day = date(2023, 12, 31)
    scene.plan.save()
    for number in (1, 2):
        quarter = Quarter(2024, number)
        ReturnPeriodFactory(quarter=quarter.ordinal, due_on=quarter.first_day, review_by=quarter.last_day)
    return scene


def test_a_plan_that_is_over_offers_later_quarters_only_while_something_is_left_of_it(past):
    assert [period.quarter for period in periods_of(past.plan)] == [Q4.ordinal]
    result(past.targets[0], past.county, Quarter(2024, 1))
    assert [period.quarter for period in periods_of(past.plan)] == [Q4.ordinal, Q4.ordinal + 1]


def test_a_closed_plan_opens_with_its_last_quarter(client, past, settings):
    settings.BUSINESS_DATE = date(2027, 4, 10)
    past.plan.state, past.plan.closed_on = PlanState.CLOSED, date(2023, 12, 31)
    past.plan.save()
    client.force_login(person(Role.DIRECTOR, past.county))
    answer = client.get(reverse("board"))
    assert answer.context["title"] == "2023年第四季度 某县：1 项目标无一滞后"
    assert [choice.value for choice in answer.context["selectors"].quarters] == ["2023Q4"]
    assert client.get(f"{reverse('board')}?quarter=2024Q1").status_code == 404


def test_a_quarter_after_the_plan_is_drawn_too(past):
    result(past.targets[0], past.county, Quarter(2024, 1))
    period = ReturnPeriodFactory(quarter=Quarter(2024, 1).ordinal)
    page = target_page(past.plan, past.targets[0].pk, past.county, period, TODAY)
    assert [str(point.quarter) for point in page.series][-2:] == ["2023Q4", "2024Q1"]
