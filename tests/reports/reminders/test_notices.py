"""Pages of the reminders: one's own notices, who was reminded of a return, and 催报 on the progress page."""

import re
from datetime import date, datetime

import pytest
from django.urls import reverse

from institutions.clock import SHANGHAI
from institutions.enums import Role
from reports.base.enums import SubmissionState
from reports.models import Notice, Reminder, ReturnPeriod, Submission
from reports.navigation import frame_for
from reports.reminders.actions import reminders
from tests.factories import PlanFactory, RoundFactory, SubmissionFactory, person
from tests.pages import flat
from tests.reports.reminders.test_reminders import (
    DUE,
    MORNING,
    Q1,
    REVIEW_BY,
    a_return,
    owed,
    places,
    reporter,
    reviewer,
)

__all__ = ["owed", "places", "reporter", "reviewer"]
pytestmark = pytest.mark.django_db
LIST_QUERIES = 5
NOTICE_QUERIES = 8
RETURN_QUERIES = 7


@pytest.fixture(autouse=True)
def business_date(settings):
    settings.BUSINESS_DATE = MORNING.date()


@pytest.fixture
def notice(owed, reporter, reviewer):
    reminders.chase(owed, reviewer, MORNING)
    return Notice.objects.get()


def test_unread_notices_are_counted_in_the_head_of_the_page(client, notice, reporter):
    assert frame_for(reporter, "/").unread == 1
    client.force_login(reporter)
    client.get(reverse("notice", args=[notice.pk]))
    assert frame_for(reporter, "/").unread == 0


def test_the_frame_takes_one_query(notice, reporter, django_assert_num_queries):
    with django_assert_num_queries(1):
        frame_for(reporter, "/")


def test_opening_a_notice_reads_it_and_leads_to_the_return(client, notice, reporter, owed):
    client.force_login(reporter)
    page = flat(client.get(reverse("notice", args=[notice.pk])))
    assert f'<a href="{reverse("return_form", args=[owed.pk])}">甲县第0卫生院</a>' in page
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_notice_of_another_does_not_exist(client, notice, reviewer):
    client.force_login(reviewer)
    assert client.get(reverse("notice", args=[notice.pk])).status_code == 404
    assert client.get(reverse("notices")).context["page"].paginator.count == 0


def test_all_are_read_in_one_step(client, notice, reporter, reviewer):
    client.force_login(reporter)
    assert client.post(reverse("notices")).url == reverse("notices")
    assert Notice.objects.filter(read_at__isnull=True).count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_take_as_many_queries_for_three_as_for_one(
    client, places, reporter, reviewer, rows, django_assert_num_queries
):
    owed = a_return(places.bureaus[1])
    for day in range(rows):
        made = Notice.objects.create(to=reporter, title=f"第{day}次", text="请填报", at=MORNING)
        for unit in (owed, *SubmissionFactory.create_batch(rows - 1, quarter=Q1.ordinal)):
            Reminder.objects.create(submission=unit, notice=made, kind="soon", day=MORNING.date())
    client.force_login(reporter)
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("notices"))
    with django_assert_num_queries(NOTICE_QUERIES):
        client.get(reverse("notice", args=[made.pk]))
    client.force_login(person(Role.DIRECTOR, places.city))
    with django_assert_num_queries(RETURN_QUERIES):
        client.get(reverse("return_reminders", args=[owed.pk]))


# --- Of one return ----------------------------------------------------------------------------------------------


def test_the_page_of_a_return_says_who_was_reminded_when_and_by_whom(client, notice, owed, reviewer):
    client.force_login(reviewer)
    page = client.get(reverse("return_reminders", args=[owed.pk])).content.decode()
    for part in ("2024年4月8日 08:30", "催报", "李填报", "王审核", "等待发送", "未读"):
        assert part in page


def test_after_the_closing_day_nothing_is_chased_and_the_page_says_so(client, owed, reporter, reviewer, settings):
    ReturnPeriod.objects.update(closes_on=date(2024, 5, 15))
    settings.BUSINESS_DATE = date(2024, 5, 16)
    client.force_login(reviewer)
    url = reverse("return_reminders", args=[owed.pk])
    page = flat(client.get(url))
    assert ("2024年5月15日已关账，不再催报" in page, 'type="submit">催报' in page) == (True, False)
    assert "2024年第一季度已于2024年5月15日关账，不再催报" in client.post(url, follow=True).content.decode()
    assert Reminder.objects.count() == 0


def test_after_the_closing_day_the_form_is_read_and_what_was_typed_is_not_lost(client, owed, reporter, settings):
    ReturnPeriod.objects.update(closes_on=date(2024, 5, 15))
    settings.BUSINESS_DATE = date(2024, 5, 16)
    client.force_login(reporter)
    url = reverse("return_form", args=[owed.pk])
    shown, refused = client.get(url), client.post(url, {"seen": ""})
    assert "已关账，不能再提交" in shown.content.decode()
    assert "未报，已关账" in client.get(reverse("returns")).content.decode()
    assert (shown.context["page"].is_editable, refused.context["page"].is_editable) == (False, True)
    assert refused.context["page"].trouble.startswith("2024年第一季度已于2024年5月15日关账，不能再保存或提交")


def test_the_pages_of_a_late_return_call_it_so(client, places, owed, notice, reporter, reviewer, settings):
    settings.BUSINESS_DATE = date(2024, 4, 30)
    late = datetime(2024, 4, 29, 9, tzinfo=SHANGHAI)
    RoundFactory(submission=owed, saved_at=late, saved_by=reporter, handed_in=True)
    Submission.objects.update(state=SubmissionState.SUBMITTED)
    pages = {
        reporter: [reverse("returns"), reverse("return_form", args=[owed.pk]), reverse("return_print", args=[owed.pk])],
        reviewer: [reverse("reviews"), reverse("review", args=[owed.pk]), reverse("return_reminders", args=[owed.pk])],
    }
    pages[reporter] += [reverse("notice", args=[notice.pk]), reverse("return_history", args=[owed.pk])]
    for who, urls in pages.items():
        client.force_login(who)
        said = [client.get(url).content.decode() for url in urls]
        assert ["补报待审" in page for page in said] == [True] * len(urls)
        assert ["逾期未审" in re.sub("<option.*?</option>", "", page, flags=re.S) for page in said] == [False] * len(
            urls
        )


def test_a_reviewer_chases_from_the_page_of_the_return(client, owed, reporter, reviewer):
    client.force_login(reviewer)
    url = reverse("return_reminders", args=[owed.pk])
    assert client.post(url).url == url
    assert "今天" in client.post(url, follow=True).content.decode()
    assert Reminder.objects.count() == 1


def test_the_page_of_a_return_elsewhere_does_not_exist(client, places, owed):
    client.force_login(person(Role.REVIEWER, places.counties[1]))
    assert client.get(reverse("return_reminders", args=[owed.pk])).status_code == 404
    assert client.post(reverse("return_reminders", args=[owed.pk])).status_code == 404


def test_a_director_reads_the_page_and_cannot_chase(client, places, owed):
    client.force_login(person(Role.DIRECTOR, places.counties[0]))
    url = reverse("return_reminders", args=[owed.pk])
    assert client.get(url).context["may_chase"] is False
    assert client.post(url).status_code == 404


# --- From the progress page -------------------------------------------------------------------------------------


@pytest.fixture
def progress(places, owed, reporter):
    PlanFactory(issuer=places.city)
    return f"?region={places.counties[0].pk}&quarter=2024Q1"


def test_progress_chases_one_or_all(client, progress, places, owed, reviewer):
    second = a_return(places.hospitals[0][1])
    person(Role.REPORTER, second.reporter)
    client.force_login(reviewer)
    done = client.post(reverse("chase") + progress, {"return": owed.pk}, follow=True)
    assert done.redirect_chain == [(reverse("progress") + progress, 302)]
    assert "已催报甲县第0卫生院：提醒 1 人。" in done.content.decode()
    done = client.post(reverse("chase") + progress, {"all": "1"}, follow=True)
    assert "已催报 1 张报表，提醒 1 人；1 张今天已催过。" in done.content.decode()


def test_progress_shows_the_last_reminder_and_who_may_chase_has_the_buttons(client, progress, places, notice):
    url = reverse("progress") + progress
    client.force_login(person(Role.SUPERVISOR, places.counties[0]))
    page = client.get(url).content.decode()
    assert [part in page for part in ("催报 4月8日", "共 1 次", "催报全部未报单位")] == [True] * 3
    client.force_login(person(Role.DIRECTOR, places.counties[0]))
    page = client.get(url).content.decode()
    assert [part in page for part in ("催报 4月8日", "催报全部未报单位")] == [True, False]


def test_a_director_and_another_county_do_not_chase(client, progress, places, owed):
    for who in (person(Role.DIRECTOR, places.counties[0]), person(Role.REVIEWER, places.counties[1])):
        client.force_login(who)
        answers = [client.post(reverse("chase") + progress, data) for data in ({"return": owed.pk}, {"all": "1"})]
        assert [each.status_code for each in answers] == [404, 404]
    assert Reminder.objects.count() == 0


def test_handed_in_returns_wait_in_a_list_of_their_own(client, progress, places, owed, reviewer):
    waiting = SubmissionFactory(
        reporter=places.hospitals[0][1],
        quarter=Q1.ordinal,
        state=SubmissionState.SUBMITTED,
        due_on=DUE,
        review_by=REVIEW_BY,
    )
    RoundFactory(submission=waiting, handed_in=True)
    client.force_login(reviewer)
    listing = client.get(f"{reverse('progress')}{progress}&list=waiting").context["listing"]
    assert [(pile.value, count) for pile, count in listing.piles] == [("owing", 1), ("waiting", 1), ("passed", 0)]
    assert [line.name for line in listing.page] == ["甲县第1卫生院"]
