"""报送质量: what is counted of the rounds, by place and by institution."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from institutions import audit
from institutions.clock import SHANGHAI
from institutions.enums import Role
from reports.base.enums import Decision, Origin, SubmissionState
from reports.exports.queries.timeliness import ReturnCounts, ReviewCounts, calendar
from reports.exports.timeliness import timeliness_page
from reports.models import Correction
from targets.periods import Quarter
from tests.factories import RoundFactory, SubmissionFactory, UserFactory, person
from tests.reports.boards.helpers import Q4, TODAY, county_board, small_board

DUE, REVIEW_BY = date(2024, 1, 15), date(2024, 1, 22)  # two Mondays
PAGE_QUERIES = 14
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def business_date(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def scene():
    return small_board()


def a_return(unit, state=SubmissionState.DRAFT, quarter=Q4, **fields):
    dates = {"quarter": quarter.ordinal, "due_on": DUE, "review_by": REVIEW_BY} | fields
    return SubmissionFactory(reporter=unit, state=state, **dates)


def at(day: int) -> datetime:
    """At nine of a day of January 2024."""
    return datetime(2024, 1, day, 9, tzinfo=SHANGHAI)


def handed_in(submission, came: int, decided: int | None = None, decision=Decision.APPROVED, **fields):
    """A round; the return then stands where the decision puts it."""
    told = {"decision": decision, "decided_at": at(decided), "decided_by": UserFactory()} if decided else {}
    reason = "请核对。" if decision == Decision.RETURNED and decided else ""
    made = RoundFactory(
        submission=submission,
        saved_at=at(came),
        handed_in=True,
        **{"due_on": submission.due_on, "reason": reason} | told | fields,
    )
    if decided and decision == Decision.APPROVED:
        submission.state, submission.approved_round = SubmissionState.APPROVED, made
        submission.save()
    return made


def whole(scene, region=None, children=None, quarters=(Q4,)):
    region = region or scene.places.city
    children = scene.places.counties if children is None else children
    return timeliness_page(region, children, quarters, TODAY)


def unit_row(scene, unit):
    page = whole(scene, region=unit.region, children=[])
    return next(row for row in page.units if row.name == unit.name)


@pytest.fixture
def hospital(scene):
    return scene.places.hospitals[0][0]


# --- One return -------------------------------------------------------------------------------------------------


def test_the_due_day_itself_is_in_time_and_the_next_is_late(scene, hospital):
    other = scene.places.hospitals[0][1]
    handed_in(a_return(hospital, SubmissionState.SUBMITTED), 15)
    handed_in(a_return(other, SubmissionState.SUBMITTED), 16)
    rows = [unit_row(scene, unit).returns for unit in (hospital, other)]
    assert [(row.on_time, row.late) for row in rows] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(("due_on", "counts"), [(TODAY, (0, 1)), (TODAY - timedelta(days=1), (1, 0))])
def test_an_owed_return_is_missing_only_after_its_own_day(scene, hospital, due_on, counts):
    handed_in(a_return(hospital, SubmissionState.RETURNED, due_on=due_on, review_by=TODAY), 10, 12, Decision.RETURNED)
    row = unit_row(scene, hospital)
    assert (row.returns.missing, row.returns.awaited) == counts
    assert (row.returns.on_time, row.returns.late) == (0, 0)


def test_a_correction_and_a_backfill_are_never_late(scene, hospital):
    corrected = a_return(hospital)
    handed_in(corrected, 10, 11)
    handed_in(corrected, 30, 31, due_on=None)
    backfilled = a_return(scene.places.hospitals[0][1])
    handed_in(backfilled, 30, 31, due_on=None, origin=Origin.BACKFILL)
    row = whole(scene).whole
    assert (row.returns.on_time, row.returns.backfilled, row.returns.late) == (1, 1, 0)
    assert (row.due, row.on_time_share) == (1, Decimal(100))


def test_rounds_count_up_to_the_first_approval_without_withdrawn_ones(scene, hospital):
    submission = a_return(hospital)
    handed_in(submission, 8, 8, Decision.WITHDRAWN)
    handed_in(submission, 9, 10, Decision.RETURNED)
    handed_in(submission, 11, 12)
    handed_in(submission, 30, 31, due_on=None)
    row = unit_row(scene, hospital)
    assert (row.returns.rounds, row.returns.most_rounds, row.returns.returned) == (2, 2, 1)
    assert row.rounds_mean == Decimal(2)


def test_findings_are_those_of_the_first_hand_in(scene, hospital):
    submission = a_return(hospital)
    handed_in(submission, 9, 10, Decision.RETURNED)
    handed_in(submission, 11, 12)
    for number, findings in ((1, 3), (2, 0)):
        audit.record("submission.submitted", submission, None, at(9), round=number, to_verify=findings)
    assert unit_row(scene, hospital).returns.to_verify == 3


def test_only_granted_corrections_count(scene, hospital):
    submission = a_return(hospital)
    handed_in(submission, 10, 11)
    for granted in (True, False):
        people = {"asked_by": UserFactory(), "decided_by": UserFactory()}
        times = {"asked_at": at(20), "decided_at": at(21)}
        Correction.objects.create(submission=submission, reason="漏填", granted=granted, **people, **times)
    assert unit_row(scene, hospital).returns.corrections == 1


def test_review_days_are_working_days_and_their_median_is_of_all_decisions(scene, hospital):
    submission = a_return(hospital)
    handed_in(submission, 12, 12, Decision.RETURNED)  # a Friday: the same day
    handed_in(submission, 12, 15)  # Monday
    other = a_return(scene.places.hospitals[1][0])
    handed_in(other, 12, 26)
    page = whole(scene)
    assert [row.reviews for row in page.places] == [
        ReviewCounts(2, Decimal("0.5"), 1),
        ReviewCounts(1, Decimal(10), 10),
    ]
    assert page.whole.reviews == ReviewCounts(3, Decimal(1), 10)


def test_calendar_knows_holidays_and_make_up_days():
    days = dict(calendar(date(2024, 2, 9), date(2024, 2, 19)))
    assert (days[date(2024, 2, 17)], days[date(2024, 2, 18)], days[date(2024, 2, 19)]) == (1, 2, 3)


# --- Places -----------------------------------------------------------------------------------------------------


def test_counties_and_the_citys_own_add_up(scene):
    handed_in(a_return(scene.places.hospitals[0][0], SubmissionState.SUBMITTED), 10)
    a_return(scene.places.hospitals[1][0])
    handed_in(a_return(scene.places.city_bureau, SubmissionState.SUBMITTED), 20)
    page = whole(scene)
    assert [(row.name, row.returns) for row in page.places] == [
        ("甲县", ReturnCounts(owed=1, on_time=1)),
        ("乙县", ReturnCounts(owed=1, missing=1)),
        ("某市本级", ReturnCounts(owed=1, late=1)),
    ]
    assert page.whole.returns == ReturnCounts(owed=3, on_time=1, late=1, missing=1)
    assert [row.name for row in page.units] == [scene.places.city_bureau.name]


def test_means_come_from_sums(scene):
    for unit, rounds in ((scene.places.hospitals[0][0], 1), (scene.places.hospitals[0][1], 1)):
        submission = a_return(unit)
        for _ in range(rounds):
            handed_in(submission, 10, 11)
    slow = a_return(scene.places.hospitals[1][0])
    for _ in range(3):
        handed_in(slow, 10, 11, Decision.RETURNED)
    handed_in(slow, 10, 11)
    page = whole(scene)
    assert [row.rounds_mean for row in (*page.places, page.whole)] == [Decimal(1), Decimal(4), Decimal(2)]


def test_a_county_is_asked_by_institution_also_where_townships_are_judged():
    scene = county_board()
    for unit in (scene.hospitals[0][0], scene.hospitals[1][0]):
        handed_in(a_return(unit, SubmissionState.SUBMITTED), 10)
    page = timeliness_page(scene.county, scene.towns, [Q4], TODAY)
    assert (page.places, [row.returns.on_time for row in page.units]) == ((), [1, 1])
    assert page.whole.returns == ReturnCounts(owed=2, on_time=2)


def test_a_year_adds_its_quarters(scene, hospital):
    a_return(hospital)
    handed_in(a_return(hospital, SubmissionState.SUBMITTED, Quarter(2023, 3)), 10)
    assert whole(scene, quarters=[Quarter(2023, 3), Q4]).whole.returns.owed == 2


# --- The page ---------------------------------------------------------------------------------------------------


def test_page_says_the_answer_and_leads_into_the_counties(client, scene, hospital):
    handed_in(a_return(hospital, SubmissionState.SUBMITTED), 10)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    page = client.get(reverse("timeliness")).content.decode()
    assert "<h1>2023年第四季度 某市：应报 1 张，按时 1 张，补报 0 张，逾期未报 0 张</h1>" in page
    assert f"region={scene.places.counties[0].pk}" in page


def test_page_of_a_year(client, scene, hospital):
    a_return(hospital)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    page = client.get(reverse("timeliness") + "?year=2023").content.decode()
    assert "<h1>2023年各季度合计 某市：应报 1 张" in page
    assert client.get(reverse("timeliness") + "?year=2019").status_code == 404


def test_another_county_does_not_exist(client, scene):
    client.force_login(person(Role.REVIEWER, scene.places.counties[0]))
    for name in ("timeliness", "timeliness_workbook"):
        assert client.get(f"{reverse(name)}?region={scene.places.counties[0].pk}").status_code == 200
        assert client.get(f"{reverse(name)}?region={scene.places.counties[1].pk}").status_code == 404


@pytest.mark.parametrize("counties", [1, 3])
def test_page_takes_as_many_queries_for_three_as_for_one(client, counties, django_assert_num_queries):
    scene = small_board(counties=counties)
    for hospitals in scene.places.hospitals:
        handed_in(a_return(hospitals[0]), 10, 11)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("timeliness"))


def test_workbook_holds_what_the_page_shows(client, scene, hospital):
    handed_in(a_return(hospital), 10, 11)
    a_return(scene.places.city_bureau)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    book = load_workbook(BytesIO(client.get(reverse("timeliness_workbook")).content))
    assert book.sheetnames == ["按地区", "按单位"]
    rows = [[cell.value for cell in row] for row in book["按地区"].iter_rows(min_row=5, max_row=8)]
    assert [row[:8] for row in rows] == [
        ["甲县", 1, 1, 0, 0, 0, 0, 100],
        ["乙县", 0, 0, 0, 0, 0, 0, "—"],
        ["某市本级", 1, 0, 0, 0, 1, 0, 0],
        ["合计", 2, 1, 0, 0, 1, 0, 50],
    ]
    assert rows[0][8:] == [1, 1, 0, 0, 0, 1, 1, 1]
