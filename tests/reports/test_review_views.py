"""Pages of the 审核员, through the test client."""

from datetime import date

import pytest
from django.urls import reverse

from institutions.enums import InstitutionKind, Role
from reports import opening
from reports.actions import submissions
from reports.models import Submission
from tests.factories import InstitutionFactory, person
from tests.reports.filling import MORNING, Q1, Filling, filling

pytestmark = pytest.mark.django_db
LIST_QUERIES = 11


@pytest.fixture(autouse=True)
def april_tenth(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


@pytest.fixture
def scene(client) -> Filling:
    made = filling()
    client.force_login(made.reviewer)
    return made


def address(scene, query=""):
    return reverse("review", args=[scene.submission.pk]) + query


def text(response):
    return response.content.decode()


def more_hospitals(scene, count):
    for number in range(count):
        hospital = InstitutionFactory(region=scene.places.counties[0], name=f"第{number}卫生院")
        opening.open_quarter(Q1, MORNING)
        clerk = person(Role.REPORTER, hospital)
        submission = Submission.objects.get(reporter=hospital)
        own = [a for a in scene.answers() if a.subject_id == scene.hospital.pk]
        answers = [type(a)(a.element_id, hospital.pk, a.value, a.not_applicable, a.note) for a in own]
        submissions.save_draft(submission, answers, clerk, MORNING)
        submissions.submit(submission, clerk, MORNING)


def test_list_says_what_waits_and_what_is_owed(scene, client):
    scene.hand_in()
    assert "2024年第一季度：1 张待审核，0 张还没交（共 1 张）" in text(client.get(reverse("reviews")))


def test_list_takes_the_same_queries_for_one_row_and_for_three(scene, client, django_assert_num_queries):
    scene.hand_in()
    client.get(reverse("reviews"))
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse("reviews")).context["rows"]) == 1
    more_hospitals(scene, 2)
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse("reviews")).context["rows"]) == 3


def test_list_shows_only_the_own_county(scene, client):
    rows = client.get(reverse("reviews")).context["rows"]
    assert [row.submission.reporter for row in rows] == [scene.hospital]


def test_list_of_the_city_shows_county_bureaus(scene, client):
    scene.visits.kinds = [InstitutionKind.BUREAU]
    scene.visits.bureau_level = "county"
    scene.visits.save()
    scene.visits.indicators.get().targets.update(kinds=[InstitutionKind.BUREAU], bureau_level="county")
    opening.open_quarter(Q1, MORNING)
    client.force_login(person(Role.REVIEWER, scene.places.city))
    rows = client.get(reverse("reviews")).context["rows"]
    assert [row.submission.reporter for row in rows] == scene.places.bureaus


@pytest.mark.parametrize(
    ("query", "count"), [("?state=submitted", 0), ("?state=draft", 1), ("?state=late", 0), ("?state=nonsense", 1)]
)
def test_list_is_filtered_by_its_address(scene, client, query, count):
    assert len(client.get(reverse("reviews") + query).context["rows"]) == count


def test_list_calls_an_unsent_return_overdue_only_after_its_due_day(scene, client, settings):
    settings.BUSINESS_DATE = date(2024, 4, 15)
    assert len(client.get(reverse("reviews") + "?state=late").context["rows"]) == 0
    settings.BUSINESS_DATE = date(2024, 4, 16)
    assert len(client.get(reverse("reviews") + "?state=late").context["rows"]) == 1


def test_list_counts_findings_to_verify(scene, client):
    scene.hand_in(all_visits=1000)
    scene.approve()
    scene.next_quarter()
    scene.hand_in(all_visits=400)
    (row,) = client.get(reverse("reviews")).context["rows"]
    assert [finding.message for finding in row.findings] == ["比上季（1,000 人次）减少 60%，请核实。"]


def test_list_is_for_reviewers(scene, client):
    client.force_login(scene.reporter)
    assert client.get(reverse("reviews")).status_code == 404


def test_another_county_does_not_find_the_return(scene, client):
    client.force_login(person(Role.REVIEWER, scene.places.counties[1]))
    assert client.get(address(scene)).status_code == 404
    assert client.post(address(scene), {"approve": ""}).status_code == 404


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SUPERVISOR])
def test_a_reader_of_the_county_does_not_find_the_review(scene, client, role):
    client.force_login(person(role, scene.places.counties[0]))
    assert client.get(address(scene)).status_code == 404


def test_approving_goes_on_to_the_next_that_waits(scene, client):
    scene.hand_in()
    more_hospitals(scene, 1)
    other = Submission.objects.get(reporter__name="第0卫生院")
    query = "?quarter=2024Q1&state=submitted"
    after = client.post(address(scene, query), {"approve": ""})
    assert after.url == reverse("review", args=[other.pk]) + query
    scene.submission.refresh_from_db()
    assert scene.submission.state == "approved"


def test_approving_the_last_goes_back_to_the_list(scene, client):
    scene.hand_in()
    assert client.post(address(scene), {"approve": ""}).url == reverse("reviews") + "?quarter=2024Q1&state="


def test_approving_twice_says_who_did(scene, client):
    scene.hand_in()
    client.post(address(scene), {"approve": ""})
    page = client.post(address(scene), {"approve": ""})
    assert page.context["page"].trouble.startswith("这张报表已由 王审核 于 4月10日")


def test_sending_back_without_a_reason_is_refused(scene, client):
    scene.hand_in()
    page = client.post(address(scene), {"send_back": "", "reason": " "})
    assert page.context["page"].trouble == "请写明退回原因，让填报人知道改哪里。"


def test_sending_back_keeps_the_reason(scene, client):
    scene.hand_in()
    client.post(address(scene), {"send_back": "", "reason": "请核对诊疗人次"})
    scene.submission.refresh_from_db()
    assert (scene.submission.state, scene.submission.rounds.get().reason) == ("returned", "请核对诊疗人次")


def test_the_review_shows_the_change_since_last_quarter(scene, client):
    scene.hand_in(all_visits=1000, trained=20)
    scene.approve()
    scene.next_quarter()
    scene.hand_in(all_visits=1100, trained=26)
    page = text(client.get(address(scene)))
    assert ("+100（+10%）" in page, "本季新增 +6" in page, "持平" in page) == (True, True, True)


def test_the_review_shows_the_reason_of_a_not_applicable(scene, client):
    scene.hand_in(trained="本单位无此业务")
    assert "不适用原因：本单位无此业务" in text(client.get(address(scene)))


def test_a_draft_is_not_shown_to_the_reviewer(scene, client):
    submissions.save_draft(scene.submission, scene.answers(visits=77), scene.reporter, MORNING)
    page = text(client.get(address(scene)))
    assert ("77" in page, "还没有提交本季报表" in page) == (False, True)


def test_neighbours_of_the_filtered_list(scene, client):
    scene.hand_in()
    more_hospitals(scene, 2)
    page = client.get(address(scene, "?state=submitted")).context["page"]
    assert (page.position, page.total, page.earlier) == (1, 3, "")
    assert page.later.endswith("?quarter=2024Q1&state=submitted")
