"""Withdrawing, corrections, the record of a return and the calendar, as pages."""

from datetime import date

import pytest

from institutions.enums import Role
from reports.base.enums import Origin
from reports.models import Correction, Extension, ReturnPeriod
from reports.returns.actions import submissions
from reports.reviewing.actions import corrections, reviews
from reports.reviewing.queries.corrections import correction_state_of, events_of
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON, Filling, filling

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Filling:
    return filling()


@pytest.fixture
def clock(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


def text(response):
    return response.content.decode()


def said(response):
    return [str(message) for message in response.context["messages"]]


def passed(scene):
    scene.hand_in()
    scene.approve()
    return scene.submission


# --- A return ---------------------------------------------------------------------------------------------------


def test_the_reporter_withdraws(scene, client, clock):
    scene.hand_in()
    client.force_login(scene.reporter)
    after = client.post(f"/returns/{scene.submission.pk}/withdraw/", follow=True)
    assert said(after) == ["已撤回，可以修改后重新提交。上次填的内容都在下面。"]
    scene.submission.refresh_from_db()
    assert scene.submission.state == "draft"


def test_a_reviewer_and_an_outsider_withdraw_nothing(scene, client):
    scene.hand_in()
    for user in (scene.reviewer, person(Role.REPORTER, scene.places.hospitals[1][0])):
        client.force_login(user)
        assert client.post(f"/returns/{scene.submission.pk}/withdraw/").status_code == 404


def test_a_correction_goes_from_the_unit_to_the_reviewer_and_back(scene, client, clock):
    address = f"/returns/{passed(scene).pk}/correction/"
    client.force_login(scene.reporter)
    assert "请写明更正原因" in text(client.post(address, {"reason": ""}))
    assert said(client.post(address, {"reason": "多计一个月"}, follow=True))[0].startswith("已提出更正申请")
    client.force_login(scene.reviewer)
    assert "有 1 项更正申请等待答复" in text(client.get("/corrections/"))
    after = client.post(f"/corrections/{Correction.objects.get().pk}/", {"grant": ""}, follow=True)
    assert said(after)[0].startswith("已同意更正：")
    assert "没有等待答复的更正申请" in text(after)
    client.force_login(scene.reporter)
    assert "更正中：请于2024年4月15日前改好并重新提交" in text(client.get(f"/returns/{scene.submission.pk}/"))
    assert said(client.post(f"{address}end/", follow=True)) == ["已结束更正，原来通过的数据继续有效。"]


def test_a_refusal_without_a_reason_is_told(scene, client, clock):
    correction = corrections.ask(passed(scene), "多计", scene.reporter, NOON)
    client.force_login(scene.reviewer)
    after = client.post(f"/corrections/{correction.pk}/", {"refuse": "", "answer": " "}, follow=True)
    assert said(after) == ["请写明不同意的理由，申请人会看到。"]


def test_corrections_of_another_county_are_hidden(scene, client):
    correction = corrections.ask(passed(scene), "多计", scene.reporter, NOON)
    client.force_login(person(Role.REVIEWER, scene.places.counties[1]))
    assert "没有等待答复" in text(client.get("/corrections/"))
    assert client.post(f"/corrections/{correction.pk}/", {"grant": ""}).status_code == 404
    assert client.get(f"/returns/{scene.submission.pk}/correction/").status_code == 404
    client.force_login(scene.reporter)
    assert client.get("/corrections/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_corrections_costs_the_same_for_one_and_for_three(scene, client, count, django_assert_num_queries):
    corrections.ask(passed(scene), "多计", scene.reporter, NOON)
    for number in range(1, count):
        scene.next_quarter()
        scene.hand_in(all_visits=100 + number, visits=60 + number, trained=5 + number)
        corrections.ask(scene.approve(), "少计", scene.reporter, NOON)
    client.force_login(scene.reviewer)
    with django_assert_num_queries(5):
        page = client.get("/corrections/")
    assert len(page.context["waiting"]) == count


def test_correction_state_says_who_entered_it_and_what_each_may_do(scene):
    submissions.save_draft(scene.submission, scene.answers(), scene.reviewer, MORNING, origin=Origin.PHONE)
    submissions.submit(scene.submission, scene.reviewer, MORNING)
    scene.submission.refresh_from_db()
    own, above = (correction_state_of(scene.submission, user) for user in (scene.reporter, scene.reviewer))
    assert (own.entered.get_origin_display(), own.may_withdraw, above.may_withdraw) == ("电话代报", True, True)
    other = correction_state_of(scene.submission, person(Role.REVIEWER, scene.places.counties[0]))
    assert (other.may_withdraw, other.may_enter, other.may_ask) == (False, False, False)


def test_correction_state_of_an_approved_one_lets_ask_once(scene):
    submission = passed(scene)
    submission.refresh_from_db()
    assert correction_state_of(submission, scene.reporter).may_ask
    corrections.ask(submission, "多计", scene.reporter, NOON)
    own, above = (correction_state_of(submission, user) for user in (scene.reporter, scene.reviewer))
    assert (own.may_ask, own.may_answer, above.may_answer) == (False, False, True)


# --- The record -------------------------------------------------------------------------------------------------


def test_the_record_tells_rounds_with_days_marks_and_events(scene, client, clock):
    scene.hand_in()
    reviews.send_back(scene.submission, "与台账不一致", scene.reviewer, NOON)
    scene.hand_in(NOON, visits=55)
    scene.approve()
    corrections.ask(scene.submission, "多计一个月", scene.reporter, NOON)
    client.force_login(scene.reporter)
    page = text(client.get(f"/returns/{scene.submission.pk}/history/"))
    for words in ("与台账不一致", "比上一轮改了 1 处", "审核用时 0 个工作日", "申请更正", "多计一个月"):
        assert words in page


def test_events_tell_corrections_and_extensions_newest_first(scene):
    correction = corrections.ask(passed(scene), "多计", scene.reporter, MORNING)
    corrections.refuse(correction, "与台账一致", scene.reviewer, NOON)
    scene.submission.refresh_from_db()
    events = events_of(scene.submission)
    assert [(event.what, event.who, event.text) for event in events] == [
        ("不同意更正", scene.reviewer, "与台账一致"),
        ("申请更正", scene.reporter, "多计"),
    ]


def test_the_record_of_another_county_is_hidden(scene, client):
    client.force_login(person(Role.REVIEWER, scene.places.counties[1]))
    assert client.get(f"/returns/{scene.submission.pk}/history/").status_code == 404


# --- The calendar -----------------------------------------------------------------------------------------------

MORE = {
    "extend": "",
    "scope": "region",
    "due_on": "2024-04-25",
    "review_by": "2024-05-06",
    "reason": "系统升级",
    "document": "汴卫〔2024〕9号",
}


def test_the_calendar_tells_the_quarters_and_the_coming_one(scene, client, clock):
    client.force_login(scene.reviewer)
    page = text(client.get("/calendar/"))
    assert "填报日历：2024年第一季度报表2024年4月15日 24:00 截止" in page
    assert "2024年7月12日" in page


def test_the_calendar_is_for_readers(scene, client):
    client.force_login(scene.reporter)
    assert client.get("/calendar/").status_code == 404
    assert client.get("/calendar/2024Q1/").status_code == 404


def test_a_county_reviewer_extends_for_the_county(scene, client, clock):
    client.force_login(scene.reviewer)
    after = client.post("/calendar/2024Q1/", MORE | {"region": scene.places.counties[0].pk}, follow=True)
    assert said(after) == ["已延期，涉及 1 张报表；完成情况正在按新日期重算。"]
    assert Extension.objects.get().region == scene.places.counties[0]
    assert "汴卫〔2024〕9号" in text(after)


def test_a_county_reviewer_sets_no_dates_and_extends_nobody_elsewhere(scene, client, clock):
    client.force_login(scene.reviewer)
    days = {"set_dates": "", "due_on": "2024-04-25", "review_by": "2024-05-06", "closes_on": "2024-06-30"}
    assert client.post("/calendar/2024Q1/", days).status_code == 404
    page = client.post("/calendar/2024Q1/", MORE | {"region": scene.places.counties[1].pk})
    assert page.context["page"].extension.errors.keys() == {"region"}
    unit = {"scope": "unit", "unit": scene.places.hospitals[1][0].code}
    assert client.post("/calendar/2024Q1/", MORE | unit).context["page"].extension.errors.keys() == {"unit"}
    assert Extension.objects.count() == 0


def test_the_city_sets_the_dates_of_the_quarter(scene, client, clock):
    client.force_login(person(Role.PLAN_ADMIN, scene.places.city))
    days = {"set_dates": "", "due_on": "2024-04-25", "review_by": "2024-05-06", "closes_on": ""}
    client.post("/calendar/2024Q1/", days)
    period = ReturnPeriod.objects.get()
    assert (period.due_on, period.review_by, period.closes_on) == (date(2024, 4, 25), date(2024, 5, 6), None)


def test_a_director_reads_the_calendar_and_changes_nothing(scene, client, clock):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    page = client.get("/calendar/2024Q1/").context["page"]
    assert (page.dates, page.extension) == (None, None)
    assert client.post("/calendar/2024Q1/", MORE | {"scope": "all"}).status_code == 404
