"""即将到期提示: which cells carry it, on which pages it stands, and who is listed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse

from institutions.enums import Role
from reports.base.enums import Status
from reports.boards.pages import board_of, hint_list, target_page
from reports.boards.pages.plan_quarter import PlanQuarter
from reports.judging.flags import Hint, Pace
from reports.models import Attainment
from targets.enums import Schedule
from targets.models import Milestone, Terms
from targets.periods import Quarter
from tests.factories import ContactFactory, ReturnPeriodFactory, person
from tests.pages import flat
from tests.reports.boards.helpers import TODAY, all_over, county_board, everywhere, small_board, state_target

pytestmark = pytest.mark.django_db
Q1, Q2, Q3 = (Quarter(2023, number) for number in (1, 2, 3))
HINTS_QUERIES = 18
SENTENCE = "提示：距到期还有 1 季，还需每季 +60 个百分点，近期每季 +5 个百分点"


@pytest.fixture(autouse=True)
def business_date(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def scene():
    return slow_board()


def slow_board(targets=1):
    """Due at the year's end, 80 % wanted: 15 % in Q2 and 20 % in Q3, so 60 points in the one quarter left."""
    made = small_board(targets=targets)
    Terms.objects.update(schedule=Schedule.AT_DUE)
    Milestone.objects.update(value=Decimal(80))
    for quarter, value in ((Q2, 15), (Q3, 20)):
        everywhere(made, quarter, status=Status.NOT_DUE, value=Decimal(value))
    made.period = ReturnPeriodFactory(quarter=Q3.ordinal, due_on=date(2023, 10, 18), review_by=date(2023, 10, 25))
    return made


def board(scene, region=None):
    return board_of(scene.plan, region or scene.places.city, scene.period, TODAY)


def listed(scene, region=None):
    return hint_list(scene.plan, region or scene.places.city, scene.period)


def counties(scene, **fields):
    """The third quarter's results of 甲县."""
    Attainment.objects.filter(region=scene.places.counties[0], quarter=Q3.ordinal).update(**fields)


def test_every_slow_cell_of_a_board_carries_it(scene):
    row = board(scene).rows[0]
    slow = Hint(1, Pace(Fraction(60), Fraction(5), 1))
    assert [cell.hint for cell in (row.whole, *row.cells)] == [slow] * 3


def test_a_cell_that_is_quick_enough_or_met_or_waits_for_answers_carries_none(scene):
    for fields in (
        {"value": Decimal(79), "gap": Decimal(1)},
        {"status": Status.MET},
        {"pending": 1},
        {"awaited": 1},
        {"milestone_due": date(2024, 12, 31)},
    ):
        before = Attainment.objects.filter(region=scene.places.counties[0], quarter=Q3.ordinal).values(*fields).get()
        counties(scene, **fields)
        assert [bool(cell.hint) for cell in board(scene).rows[0].cells] == [False, True], fields
        counties(scene, **before)


def test_where_nobody_gave_a_figure_the_pace_is_unknown(scene):
    counties(scene, given=0, reported=0, missing=10)
    assert board(scene).rows[0].cells[0].hint == Hint(1, None)


def test_a_state_has_no_pace(scene):
    scene.targets = [state_target(scene.plan)]
    everywhere(scene, Q3, status=Status.NOT_DUE, value=Decimal(0), milestone=Decimal(100))
    assert [cell.hint for group in board(scene).qualitative for row in group.rows for cell in row.cells] == [None] * 2


def test_an_institution_carries_its_own(scene):
    made = county_board()
    Terms.objects.update(schedule=Schedule.AT_DUE)
    all_over(made, quarter=Q3, status=Status.NOT_DUE, value=Decimal(20))
    page = board_of(made.plan, made.towns[0], scene.period, TODAY)
    assert [cell.hint for cell in page.rows[0].cells] == [Hint(1, Pace(Fraction(60), None, 1))] * 2


def test_the_list_names_the_lowest_regions_with_who_answers(scene):
    contact = ContactFactory(target=scene.targets[0], region=scene.places.counties[0])
    found = listed(scene)
    assert [entry.region.name for entry in found.entries] == ["甲县", "乙县"]
    assert (found.entries[0].person.name, found.places, found.targets) == (contact.name, 2, 1)
    assert found.entries == board(scene).hints.entries


def test_the_list_is_of_the_readers_region(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.counties[1]))
    page = client.get(f"{reverse('hints')}?quarter=2023Q3")
    assert [entry.region.name for entry in page.context["page"].entries] == ["乙县"]
    assert client.get(f"{reverse('hints')}?region={scene.places.counties[0].pk}").status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DIRECTOR, Role.SUPERVISOR, Role.PLAN_ADMIN])
def test_every_reader_finds_it_from_the_board_and_from_the_lagging_list(client, scene, role):
    client.force_login(person(role, scene.places.city))
    for name in ("board", "lagging"):
        assert f'href="{reverse("hints")}?' in client.get(f"{reverse(name)}?quarter=2023Q3").content.decode()
    assert client.get(reverse("hints")).status_code == 200


def test_a_reporter_and_a_stranger_do_not(client, scene):
    assert client.get(reverse("hints")).status_code == 302
    client.force_login(person(Role.REPORTER, scene.places.hospitals[0][0]))
    assert client.get(reverse("hints")).status_code == 403


def test_the_mark_is_a_word_and_the_sentence_stands_on_the_targets_page(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    query = f"?region={scene.places.city.pk}&quarter=2023Q3"
    matrix = flat(client.get(reverse("board") + query))
    assert matrix.count(f'<span class="hint-mark" title="{SENTENCE}">提示</span>') == 3
    page = flat(client.get(reverse("target", args=[scene.targets[0].pk]) + query))
    assert page.count(SENTENCE) == 3
    listing = flat(client.get(reverse("hints") + query))
    assert "<h1>2023年第三季度 某市：2 个县区、1 项目标即将到期，按近期进度达不到</h1>" in listing
    assert listing.count(SENTENCE) == 2


def test_the_target_page_and_the_board_agree(scene):
    page = target_page(scene.plan, scene.targets[0].pk, scene.places.city, scene.period, TODAY)
    assert (page.cell, set(page.ranking)) == (board(scene).rows[0].whole, set(board(scene).rows[0].cells))


def test_what_is_not_due_has_no_line_yet_and_that_is_no_zero(scene):
    Attainment.objects.filter(quarter=Q3.ordinal).update(expected=0)
    page = target_page(scene.plan, scene.targets[0].pk, scene.places.city, scene.period, TODAY)
    assert [point.line for point in page.series if point.quarter <= Q3 + 1] == [None, None, None, Decimal(80)]


def test_nothing_near_takes_no_query_more(scene, django_assert_num_queries):
    plan_quarter = PlanQuarter.at(scene.plan, Q3)
    columns = plan_quarter.columns(scene.places.counties)
    with django_assert_num_queries(1):
        hinted = plan_quarter.hinted(columns)
    assert all(cell.hint for column in hinted for cell in column.cells.values())
    Attainment.objects.update(status=Status.MET)
    columns = plan_quarter.columns(scene.places.counties)
    with django_assert_num_queries(0):
        assert plan_quarter.hinted(columns) == columns


@pytest.mark.parametrize("targets", [1, 3])
def test_the_list_takes_the_same_queries_for_one_target_and_for_three(client, targets, django_assert_num_queries):
    made = slow_board(targets)
    client.force_login(person(Role.DIRECTOR, made.places.city))
    with django_assert_num_queries(HINTS_QUERIES):
        client.get(f"{reverse('hints')}?quarter=2023Q3")


def test_the_api_says_it_in_the_cell_and_as_a_list(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    told = client.get(f"{reverse('api_board')}?quarter=2023Q3").json()
    assert told["groups"][0]["rows"][0]["cells"][0]["hint"] == {
        "quarters_left": 1,
        "pace": {"needed": "60.0000", "recent": "5.0000", "quarters_left": 1, "falling": False},
    }
    assert len(told["hints"]["entries"]) == 2
