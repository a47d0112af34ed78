"""The morning's digests, 催报, and the mails of both."""

from datetime import date, datetime, timedelta
from threading import Thread

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import connection

from institutions import clock
from institutions.clock import SHANGHAI
from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.enums import ReminderKind, SubmissionState
from reports.base.errors import RefusedError
from reports.models import Notice, Reminder, ReturnPeriod, Submission
from reports.reminders import tasks
from reports.reminders.actions import reminders
from reports.reminders.digests import send_digests
from reports.reminders.mail import send_waiting
from targets.periods import Quarter
from tests import worker
from tests.factories import (
    MembershipFactory,
    ReturnPeriodFactory,
    RoundFactory,
    SubmissionFactory,
    kaifeng_like,
    person,
)

Q1 = Quarter(2024, 1)
DUE, REVIEW_BY = date(2024, 4, 15), date(2024, 4, 22)
MORNING = datetime(2024, 4, 8, 8, 30, tzinfo=SHANGHAI)  # seven days before
DIGEST_QUERIES = 14
pytestmark = pytest.mark.django_db


@pytest.fixture
def places():
    ReturnPeriodFactory(quarter=Q1.ordinal, opened_at=datetime(2024, 4, 1, tzinfo=SHANGHAI), due_on=DUE)
    return kaifeng_like()


@pytest.fixture
def owed(places):
    return a_return(places.hospitals[0][0])


@pytest.fixture
def reporter(owed):
    return person(Role.REPORTER, owed.reporter, display_name="李填报", email="li@example.org")


@pytest.fixture
def reviewer(places):
    return person(Role.REVIEWER, places.counties[0], display_name="王审核", phone="0371-1", email="wang@example.org")


def a_return(unit, state=SubmissionState.DRAFT, **fields):
    dates = {"quarter": Q1.ordinal, "due_on": DUE, "review_by": REVIEW_BY} | fields
    return SubmissionFactory(reporter=unit, state=state, **dates)


def days(count: int) -> datetime:
    return MORNING + timedelta(days=count)


def kinds_by_day() -> list[tuple[date, str]]:
    return list(Reminder.objects.order_by("day", "pk").values_list("day", "kind"))


# --- The calendar -----------------------------------------------------------------------------------------------


def test_a_return_is_called_before_its_due_day_and_weekly_once_overdue(reporter):
    for day in range(25):
        send_digests(days(day))
    assert kinds_by_day() == [
        (date(2024, 4, 8), "soon"),
        (date(2024, 4, 13), "soon"),
        (date(2024, 4, 16), "overdue"),
        (date(2024, 4, 23), "overdue"),
        (date(2024, 4, 30), "overdue"),
    ]


def test_what_the_digest_says(reporter):
    send_digests(MORNING)
    notice = Notice.objects.get()
    assert (notice.to, notice.address, notice.at) == (reporter, "li@example.org", MORNING)
    assert notice.title == "甲县第0卫生院2024年第一季度报表还有 7 天截止"
    assert notice.text == (
        "李填报，您好：\n\n下列报表还没有提交：\n· 甲县第0卫生院，2024年第一季度，填报截止 2024年4月15日，还有 7 天截止"
    )


def test_several_returns_come_as_one_digest(places, owed, reporter):
    other = a_return(places.hospitals[0][1], due_on=date(2024, 4, 5))
    MembershipFactory(user=reporter, institution=other.reporter)
    send_digests(MORNING)
    assert [(each.title, each.reminders.count()) for each in Notice.objects.all()] == [
        ("2 张报表待报，其中 1 张已逾期", 2)
    ]


def test_every_reporter_of_the_unit_is_told_and_nobody_else(places, owed, reporter):
    second = person(Role.REPORTER, owed.reporter)
    person(Role.REPORTER, owed.reporter, is_active=False)
    person(Role.REPORTER, places.hospitals[1][0])
    send_digests(MORNING)
    assert {notice.to for notice in Notice.objects.all()} == {reporter, second}


def test_a_second_run_of_the_day_tells_nobody_twice(reporter):
    assert [send_digests(MORNING), send_digests(MORNING + timedelta(hours=3))] == [1, 0]


def test_a_missed_day_is_caught_up_once(reporter):
    for day in (2, 3):
        send_digests(days(day))
    assert kinds_by_day() == [(date(2024, 4, 10), "soon")]


@pytest.mark.parametrize("state", [SubmissionState.SUBMITTED, SubmissionState.APPROVED, SubmissionState.REOPENED])
def test_what_is_not_owed_is_not_called(places, owed, reporter, state):
    owed.approved_round = RoundFactory(submission=owed, passed=True)
    owed.state = state
    owed.save()
    assert send_digests(MORNING) == 0


def test_a_closed_quarter_is_called_no_more_but_for_a_later_deadline_of_its_own(owed, reporter):
    period = ReturnPeriodFactory(quarter=Q1.ordinal)
    period.closes_on = date(2024, 6, 14)
    period.save()
    late = datetime(2024, 6, 20, 8, 30, tzinfo=SHANGHAI)
    assert send_digests(late) == 0
    owed.due_on = date(2024, 6, 22)
    owed.save()
    assert send_digests(late) == 1


def test_a_return_sent_back_near_its_deadline_is_not_called_for_a_day_before_that(owed, reporter):
    owed.state = SubmissionState.RETURNED
    owed.save()
    RoundFactory(submission=owed, sent_back=True, decided_at=days(3))
    assert [send_digests(days(day)) for day in (4, 5)] == [0, 1]


def test_a_reviewer_is_called_before_the_review_deadline_and_once_after_it(places, reviewer):
    waiting = a_return(places.hospitals[0][0], SubmissionState.SUBMITTED)
    RoundFactory(submission=waiting, handed_in=True)
    other = a_return(places.hospitals[1][0], SubmissionState.SUBMITTED)
    RoundFactory(submission=other, handed_in=True)
    for day in range(30):
        send_digests(days(day))
    assert kinds_by_day() == [(date(2024, 4, 20), "review"), (date(2024, 4, 23), "review")]
    assert [each.title for each in Notice.objects.order_by("at")] == [
        "1 张报表待审核",
        "1 张报表待审核，其中 1 张逾期未审",
    ]


def test_a_person_of_two_roles_has_one_digest(places, owed, reporter):
    MembershipFactory(user=reporter, role=Role.REVIEWER, region=places.counties[1], institution=None)
    waiting = a_return(places.hospitals[1][0], SubmissionState.SUBMITTED, review_by=date(2024, 4, 10))
    RoundFactory(submission=waiting, handed_in=True, saved_at=datetime(2024, 4, 2, tzinfo=SHANGHAI))
    send_digests(MORNING)
    assert [each.title for each in Notice.objects.all()] == [
        "甲县第0卫生院2024年第一季度报表还有 7 天截止；1 张报表待审核"
    ]


@pytest.mark.parametrize("hospitals", [1, 3])
def test_the_digests_take_as_many_queries_for_three_people_as_for_one(hospitals, django_assert_num_queries):
    ReturnPeriodFactory(quarter=Q1.ordinal, opened_at=datetime(2024, 4, 1, tzinfo=SHANGHAI))
    for unit in kaifeng_like(counties=1, hospitals=hospitals).hospitals[0]:
        a_return(unit)
        person(Role.REPORTER, unit)
    with django_assert_num_queries(DIGEST_QUERIES):
        assert send_digests(MORNING) == hospitals


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_tell_each_person_once(places):
    for unit in (*places.hospitals[0], *places.hospitals[1]):
        a_return(unit)
        person(Role.REPORTER, unit)

    def run():
        send_digests(MORNING)
        connection.close()

    runs = [Thread(target=run) for _ in range(2)]
    for each in runs:
        each.start()
    for each in runs:
        each.join()
    assert Notice.objects.values("to").distinct().count() == Notice.objects.count() == 4
    assert Reminder.objects.count() == 4


# --- Mail -------------------------------------------------------------------------------------------------------


def test_a_digest_goes_out_by_mail_where_there_is_an_address(owed, reporter, settings):
    settings.SITE_URL = "http://plan.example.org/"
    person(Role.REPORTER, owed.reporter)
    send_digests(MORNING)
    assert [send_waiting(MORNING), send_waiting(MORNING)] == [1, 0]
    sent = mail.outbox[0]
    notice = Notice.objects.get(to=reporter)
    assert (sent.to, sent.subject, notice.mailed_at) == (["li@example.org"], notice.title, MORNING)
    assert sent.body == (
        f"{notice.text}\n\n"
        f"填报：http://plan.example.org/returns/\n逐张打开：http://plan.example.org/notices/{notice.pk}/\n\n"
        "本邮件由健康计划目标管理系统自动发出；报表提交或审核后不再提醒。"
    )


def test_a_mail_server_that_is_down_is_noted_and_tried_again_for_a_day(reporter, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    send_digests(MORNING)
    assert send_waiting(MORNING) == 0
    assert "refused" in Notice.objects.get().mail_problem
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [send_waiting(MORNING), send_waiting(days(1), again=True)] == [0, 0]
    assert send_waiting(days(0) + timedelta(hours=23), again=True) == 1
    assert Notice.objects.get().mail_problem == ""


class Picky(EmailBackend):
    """Refuses one address, as mail servers do."""

    def send_messages(self, messages):
        if messages[0].to == ["nobody@example.org"]:
            raise OSError("no such mailbox")
        return super().send_messages(messages)


def test_an_address_that_is_refused_does_not_hold_up_the_others(owed, reporter, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Picky"
    wrong = person(Role.REPORTER, owed.reporter, email="nobody@example.org")
    send_digests(MORNING)
    assert send_waiting(MORNING) == 1
    assert Notice.objects.get(to=wrong).mail_problem == "no such mailbox"
    assert Notice.objects.get(to=reporter).mailed_at == MORNING


def test_what_was_handed_in_meanwhile_is_not_mailed(owed, reporter):
    send_digests(MORNING)
    owed.state = SubmissionState.SUBMITTED
    owed.save()
    assert send_waiting(MORNING) == 0


def test_the_task_and_its_command_do_all_of_it(reporter, settings, capsys):
    settings.BUSINESS_DATE = MORNING.date()
    call_command("send_reminders")
    assert capsys.readouterr().out == "1 people reminded.\n"
    assert len(mail.outbox) == 1
    assert tasks.send_reminders() == 0


# --- 催报 -------------------------------------------------------------------------------------------------------


def test_a_reviewer_chases_a_return(owed, reporter, reviewer):
    done = reminders.chase(owed, reviewer, MORNING)
    assert (done.returns, done.people) == (1, 1)
    notice = Notice.objects.get()
    assert notice.title == "催报：甲县第0卫生院2024年第一季度报表还有 7 天截止"
    assert notice.text.split("\n\n")[1] == "王审核 0371-1 提醒您尽快填写并提交报表。"
    made = Reminder.objects.get()
    assert (made.kind, made.by, made.day) == (ReminderKind.CHASED, reviewer, MORNING.date())
    assert AuditRecord.objects.get(action="submission.chased").detail == {"people": 1}


def test_a_supervisor_chases_in_the_regions_below(places, owed, reporter):
    assert reminders.chase(owed, person(Role.SUPERVISOR, places.city), MORNING).returns == 1


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.SUPERVISOR])
def test_nobody_chases_in_another_county(places, owed, reporter, role):
    with pytest.raises(PermissionDenied):
        reminders.chase(owed, person(role, places.counties[1]), MORNING)


def test_a_director_does_not_chase(places, owed, reporter):
    with pytest.raises(PermissionDenied):
        reminders.chase(owed, person(Role.DIRECTOR, places.counties[0]), MORNING)


def test_a_second_chase_of_the_day_says_who_and_when(places, owed, reporter, reviewer):
    reminders.chase(owed, reviewer, MORNING)
    second = person(Role.REVIEWER, places.counties[0])
    with pytest.raises(RefusedError, match=r"^今天 08:30 已由 王审核 催报过，同一张报表一天只催一次。$"):
        reminders.chase(owed, second, MORNING + timedelta(hours=1))
    assert reminders.chase(owed, second, days(1)).returns == 1


def test_what_is_handed_in_is_not_chased(owed, reporter, reviewer):
    owed.state = SubmissionState.SUBMITTED
    owed.save()
    with pytest.raises(RefusedError, match="不欠报"):
        reminders.chase(owed, reviewer, MORNING)


def closed(owed, days_of_its_own=None):
    """The books of the quarter, closed on 15 May."""
    ReturnPeriod.objects.filter(quarter=owed.quarter).update(closes_on=date(2024, 5, 15))
    if days_of_its_own:
        Submission.objects.filter(pk=owed.pk).update(due_on=days_of_its_own)
    return datetime(2024, 5, 16, 9, tzinfo=SHANGHAI)


def test_after_the_closing_day_a_chase_is_refused_with_a_sentence(owed, reporter, reviewer):
    now = closed(owed)
    for chase in (lambda: reminders.chase(owed, reviewer, now), lambda: chase_all_of(owed, reviewer, now)):
        with pytest.raises(
            RefusedError, match=r"^2024年第一季度已于2024年5月15日关账，不再催报；需要补报的，请先办理延期。$"
        ):
            chase()
    assert (Notice.objects.count(), AuditRecord.objects.count()) == (0, 0)


def chase_all_of(owed, by, now):
    return reminders.chase_all(owed.reporter.region, Q1, by, now)


def test_on_the_closing_day_itself_it_is_still_chased(owed, reporter, reviewer):
    assert reminders.chase(owed, reviewer, closed(owed) - timedelta(days=1)).returns == 1


def test_who_has_more_time_is_chased_and_the_closed_ones_are_counted(places, owed, reporter, reviewer):
    a_return(places.hospitals[0][1])
    now = closed(owed, days_of_its_own=date(2024, 5, 20))
    done = chase_all_of(owed, reviewer, now)
    assert (done.returns, done.closed) == (1, 1)


def test_a_late_return_is_called_so_to_its_reviewer_and_its_review_is_not_overdue(owed, reporter, reviewer):
    RoundFactory(submission=owed, saved_at=days(18), handed_in=True)
    Submission.objects.update(state=SubmissionState.SUBMITTED)
    send_digests(days(20))
    notice = Notice.objects.get(to=reviewer)
    assert notice.title == "1 张报表待审核"
    assert notice.text.endswith("· 甲县第0卫生院，2024年第一季度，审核截止 2024年4月22日，补报待审")


def test_a_unit_without_an_account_is_to_be_called_by_telephone(owed, reviewer):
    owed.reporter.contact_name, owed.reporter.contact_phone = "赵六", "13900000000"
    owed.reporter.save()
    with pytest.raises(RefusedError, match="请打电话：赵六 13900000000。"):
        reminders.chase(owed, reviewer, MORNING)
    assert Reminder.objects.count() == 0


def test_chasing_all_tells_each_reporter_once(places, owed, reporter, reviewer):
    second = a_return(places.hospitals[0][1])
    MembershipFactory(user=reporter, institution=second.reporter)
    outside = a_return(places.hospitals[1][0])
    person(Role.REPORTER, outside.reporter)
    nobody = a_return(places.bureaus[0])
    supervisor = person(Role.SUPERVISOR, places.counties[0])
    reminders.chase(owed, reviewer, MORNING)
    done = reminders.chase_all(places.city, Q1, supervisor, MORNING)
    assert (done.returns, done.people, done.already, done.nobody) == (1, 1, 1, (nobody.reporter.name,))
    assert [each.title for each in Notice.objects.order_by("pk")] == [
        "催报：甲县第0卫生院2024年第一季度报表还有 7 天截止",
        "催报：甲县第1卫生院2024年第一季度报表还有 7 天截止",
    ]


@pytest.mark.django_db(transaction=True)
def test_a_chase_is_mailed_by_the_worker_after_commit(reporter, owed, reviewer, worker_of_this_session):
    with worker.reading():
        reminders.chase(owed, reviewer, clock.now())
    assert Notice.objects.get().mailed_at is not None
