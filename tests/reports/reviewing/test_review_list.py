"""The work list of the 审核员: what it shows, filters, sorts and counts; and approving many in one step."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse

from institutions.enums import InstitutionKind, Role
from reports.base.enums import Origin
from reports.models import Figure, Round, StaleParent, Submission, Tally
from reports.returns.actions import opening, submissions
from reports.reviewing.actions import batch_reviews, reviews
from reports.reviewing.queries.work_list import largest_changes
from targets.enums import Accumulation
from tests.factories import DataElementFactory, EntryFactory, FigureFactory, RoundFactory, SubmissionFactory, person
from tests.reports.returns.helpers import MORNING, NOON, Q1, Filling, filling
from tests.reports.reviewing.test_review_views import more_hospitals, noted

pytestmark = pytest.mark.django_db
LIST_QUERIES = 11
BATCH_QUERIES = 28


@pytest.fixture(autouse=True)
def april_tenth(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


@pytest.fixture
def scene(client) -> Filling:
    made = filling()
    client.force_login(made.reviewer)
    return made


def list_of(client, query=""):
    return client.get(reverse("reviews") + query).context["list"]


def units(client, query=""):
    return [row.listed.unit for row in list_of(client, query).rows]


def hand_in_with_a_finding(scene):
    """A quarter ago the hospital had four times as many visits."""
    before = (Q1 - 1).ordinal
    FigureFactory(subject=scene.hospital, element=scene.all_visits, quarter=before, value=Decimal(400))
    submissions.save_draft(scene.submission, noted(scene.answers()), scene.reporter, MORNING)
    submissions.submit(scene.submission, scene.reporter, MORNING)


def test_list_says_what_waits_and_what_is_owed(scene, client):
    scene.hand_in()
    page = client.get(reverse("reviews")).content.decode()
    assert "2024年第一季度：1 张待审核，0 张还没交（共 1 张）" in page


def test_list_takes_the_same_queries_for_one_row_and_for_three(scene, client, django_assert_num_queries):
    scene.hand_in()
    list_of(client)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(list_of(client).rows) == 1
    more_hospitals(scene, 2)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(list_of(client).rows) == 3


def test_list_shows_only_the_own_county(scene, client):
    assert units(client) == [scene.hospital.name]


def test_list_of_the_city_shows_county_bureaus(scene, client):
    scene.visits.kinds = [InstitutionKind.BUREAU]
    scene.visits.bureau_level = "county"
    scene.visits.save()
    scene.visits.indicators.get().targets.update(kinds=[InstitutionKind.BUREAU], bureau_level="county")
    opening.open_quarter(Q1, MORNING)
    client.force_login(person(Role.REVIEWER, scene.places.city))
    assert units(client) == [bureau.name for bureau in scene.places.bureaus]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?state=submitted", 0),
        ("?state=draft", 1),
        ("?late=late", 0),
        ("?late=overdue", 0),
        ("?findings=none", 0),
        ("?change=30", 0),
        ("?origin=entered", 0),
        ("?kind=township_hospital", 1),
        ("?kind=hospital", 0),
        ("?place=0", 0),
        ("?q=第0", 1),
        ("?q=第9", 0),
        ("?state=nonsense&late=nonsense&sort=nonsense&place=x", 1),
    ],
)
def test_list_is_filtered_by_its_address(scene, client, query, count):
    assert len(units(client, query)) == count


def test_list_calls_an_unsent_return_overdue_only_after_its_due_day(scene, client, settings):
    settings.BUSINESS_DATE = date(2024, 4, 15)
    assert units(client, "?late=overdue") == []
    settings.BUSINESS_DATE = date(2024, 4, 16)
    assert units(client, "?late=overdue") == [scene.hospital.name]


def test_list_counts_what_the_other_filters_let_through(scene, client):
    scene.hand_in()
    more_hospitals(scene, 2)
    assert [tab.count for tab in list_of(client, "?state=draft&q=第0").tabs] == [2, 2, 0, 0, 0, 0]


def test_list_counts_findings_to_verify(scene, client):
    hand_in_with_a_finding(scene)
    (row,) = list_of(client).rows
    assert row.listed.findings == 1
    assert units(client, "?findings=some") == [scene.hospital.name]


def test_list_names_the_largest_change(scene, client):
    hand_in_with_a_finding(scene)
    (row,) = list_of(client, "?change=50").rows
    assert (row.listed.jump.element, row.listed.jump.percent) == (scene.all_visits, Decimal(-75))


def test_list_sorts_by_change(scene, client):
    more_hospitals(scene, 1)
    hand_in_with_a_finding(scene)
    assert units(client, "?sort=change") == [scene.hospital.name, "第0卫生院"]
    assert units(client, "?sort=unit") == sorted(units(client), key=lambda name: name != scene.hospital.name)


def test_list_marks_what_was_entered_for_a_unit(scene, client):
    submissions.save_draft(scene.submission, scene.answers(), scene.reviewer, MORNING, origin=Origin.PAPER)
    assert units(client, "?origin=entered") == [scene.hospital.name]
    assert units(client, "?origin=backfill") == []


def test_list_is_paged(scene, client, monkeypatch):
    more_hospitals(scene, 2)
    monkeypatch.setattr("reports.reviewing.views.work_list.PAGE_LENGTH", 2)
    assert (len(units(client)), len(units(client, "?page=2"))) == (2, 1)


def test_list_is_for_reviewers(scene, client):
    client.force_login(scene.reporter)
    assert client.get(reverse("reviews")).status_code == 404
    assert client.get(reverse("review_batch")).status_code == 404


@pytest.mark.parametrize(
    ("accumulation", "value", "percent"), [("flow", 130, 30), ("stock", 50, -50), ("running", 130, -70)]
)
def test_largest_jump_compares_a_running_total_by_its_rise(scene, accumulation, value, percent):
    element = DataElementFactory(accumulation=Accumulation(accumulation))
    FigureFactory(subject=scene.hospital, element=element, quarter=Q1.ordinal, value=Decimal(100))
    submission = SubmissionFactory(reporter=scene.hospital, quarter=(Q1 + 1).ordinal)
    made = RoundFactory(submission=submission, handed_in=True)
    EntryFactory(round=made, element=element, value=Decimal(value))
    assert largest_changes([made.pk], Q1 + 1)[made.pk].percent == percent


def batch(client, query="?quarter=2024Q1"):
    return client.get(reverse("review_batch") + query).context["batch"]


def approve_all(client, rounds):
    response = client.post(reverse("review_batch") + "?quarter=2024Q1", {"round": rounds})
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_batch_shows_returns_without_findings_with_key_totals(scene, client):
    hand_in_with_a_finding(scene)
    more_hospitals(scene, 2)
    shown = batch(client)
    assert [each.listed.unit for each in shown.candidates] == ["第0卫生院", "第1卫生院"]
    assert shown.columns == [scene.all_visits, scene.visits, scene.trained]
    assert shown.candidates[0].totals == [Decimal(100), Decimal(60), Decimal(5)]


def test_batch_takes_the_same_queries_for_one_row_and_for_three(scene, client, django_assert_num_queries):
    scene.hand_in()
    batch(client)
    with django_assert_num_queries(BATCH_QUERIES):
        assert len(batch(client).candidates) == 1
    more_hospitals(scene, 2)
    with django_assert_num_queries(BATCH_QUERIES):
        assert len(batch(client).candidates) == 3


def test_batch_leaves_out_what_the_person_entered(scene, client):
    submissions.save_draft(scene.submission, scene.answers(), scene.reviewer, MORNING, origin=Origin.PHONE)
    submissions.submit(scene.submission, scene.reviewer, MORNING)
    shown = batch(client)
    assert (shown.candidates, [each.unit for each in shown.own]) == ([], [scene.hospital.name])


def test_batch_leaves_out_what_has_a_finding_by_now(scene, client):
    scene.hand_in()
    before = (Q1 - 1).ordinal
    FigureFactory(subject=scene.hospital, element=scene.all_visits, quarter=before, value=Decimal(400))
    shown = batch(client)
    assert (shown.candidates, [each.unit for each in shown.flagged]) == ([], [scene.hospital.name])
    rounds = [scene.submission.rounds.get().pk]
    assert approve_all(client, rounds)[1] == f"{scene.hospital}：现在有待核实项，请打开逐项审核。"


def test_batch_approves_what_is_ticked(scene, client):
    scene.hand_in()
    more_hospitals(scene, 2)
    ticked = [each.round.pk for each in batch(client).candidates[:2]]
    assert approve_all(client, ticked) == ["已通过 2 张。"]
    assert Submission.objects.filter(state="approved").count() == 2
    assert Figure.objects.filter(element=scene.visits).count() == 2


def test_batch_brings_the_county_up_to_date_at_once(scene, client):
    scene.hand_in()
    more_hospitals(scene, 2)
    approve_all(client, [each.round.pk for each in batch(client).candidates])
    county = Tally.objects.get(region=scene.places.counties[0], target__indicator__element=scene.visits)
    assert (county.numerator, county.reported) == (Decimal(180), 3)
    assert set(StaleParent.objects.values_list("region", flat=True)) == {scene.places.city.pk}


def test_batch_skips_what_changed_meanwhile_and_says_why(scene, client):
    scene.hand_in()
    more_hospitals(scene, 1)
    ticked = [each.round.pk for each in batch(client).candidates]
    reviews.send_back(scene.submission, "请核对", scene.reviewer, NOON)
    said = approve_all(client, ticked)
    assert said[:2] == ["已通过 1 张。", "跳过 1 张，没有改动："]
    assert said[2].startswith(f"{scene.hospital}：这张报表已由 王审核 于 4月10日 12:00 退回")


def test_batch_of_another_county_approves_nothing(scene, client):
    scene.hand_in()
    outsider = person(Role.REVIEWER, scene.places.counties[1])
    client.force_login(outsider)
    assert approve_all(client, [scene.submission.rounds.get().pk]) == ["没有勾选任何报表，没有改动。"]
    scene.submission.refresh_from_db()
    assert scene.submission.state == "submitted"


def test_batch_in_parts_approves_all(scene, monkeypatch):
    scene.hand_in()
    more_hospitals(scene, 2)
    monkeypatch.setattr(batch_reviews, "AT_ONCE", 2)
    rounds = [submission.rounds.get() for submission in Submission.objects.all() if submission.state == "submitted"]
    assert len(batch_reviews.approve_all(rounds, scene.reviewer, NOON).approved) == 3


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_approve_each_return_once():
    scene = filling()
    scene.hand_in()
    more_hospitals(scene, 2)
    other = person(Role.REVIEWER, scene.places.counties[0])
    rounds = list(Round.objects.select_related("submission__reporter"))

    def approve(by):
        try:
            done = batch_reviews.approve_all(rounds, by, NOON)
            return len(done.approved), len(done.skipped)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(approve, [scene.reviewer, other]))
    assert sorted(counts) == [(0, 3), (3, 0)]
    assert Figure.objects.filter(element=scene.visits).count() == 3
