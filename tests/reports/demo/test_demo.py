"""The demo as it is loaded: a first quarter here, everything by `manage.py load_demo --all`."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from institutions import permissions
from institutions.actions import members
from institutions.clock import SHANGHAI
from institutions.demo import PROFILES, draw_demo
from institutions.enums import InstitutionKind, Role
from institutions.models import AuditRecord, Institution, Region, User
from reports.demo import load as demo
from reports.demo.demo_plan import DemoPlan
from reports.demo.people import residents_by_region
from reports.demo.places import AT_ONCE, HISTORIES
from reports.demo.replay import group_by_reach, replay
from reports.judging import recompute
from reports.models import Attainment, ReturnPeriod, Round, Submission
from targets.models import Allotment, Plan
from tests.factories import IndicatorFactory, InstitutionFactory, PlanFactory, SubmissionFactory, target_with_terms

pytestmark = pytest.mark.django_db
KAIFENG, GUANYUN = HISTORIES["kaifeng"], HISTORIES["guanyun"]


def silent(line: str) -> None:
    """Nobody listens."""


@pytest.mark.django_db(transaction=True)
def test_a_load_that_was_stopped_is_taken_up_again_by_those_who_may():
    made = draw_demo(PROFILES["kaifeng"])
    city = demo.load_register(KAIFENG, made, silent)
    demo.load_people(KAIFENG, made.accounts, city, silent)
    plan = demo.load_plan(KAIFENG, silent)
    stopped = replace(KAIFENG, until=datetime(2023, 4, 6, 18, tzinfo=SHANGHAI))
    replay(plan, stopped, DemoPlan.of(plan, residents_by_region(plan, {})), [KAIFENG.first], silent)
    assert 0 < Submission.objects.exclude(state="draft").count() < 60

    demo.load(KAIFENG, silent, last=KAIFENG.first)
    states = Counter(Submission.objects.values_list("state", flat=True))
    assert states == {"approved": 128}
    assert AuditRecord.objects.filter(action="submission.approved").count() == 128
    assert (User.objects.count(), Plan.objects.count()) == (len(made.accounts), 1)
    assert demo.is_loaded(KAIFENG)
    assert not demo.is_loaded(GUANYUN)
    for each in Round.objects.exclude(decision="").select_related("decided_by", "submission__reporter__region"):
        assert permissions.may_review(each.decided_by, each.submission.reporter)
    statuses = set(Attainment.objects.current().values_list("status", flat=True))
    assert {"red", "amber", "green", "met", "not_due", "shown", "not_applicable"} <= statuses
    parts = Allotment.objects.filter(milestone__terms__target__code="kf-clinics-800", milestone__due="2023-12-31")
    assert sum(part.value for part in parts) == 800
    period = ReturnPeriod.objects.get(quarter=KAIFENG.first.ordinal)
    assert recompute.recompute_period(plan, period, KAIFENG.until).changed == 0


def test_units_of_two_kinds_that_reach_the_same_targets_are_worked_out_together():
    plan = PlanFactory()
    target = target_with_terms(IndicatorFactory(), {plan.last_day: 1}, plan)
    target.kinds = []
    target.save()
    returns = [
        SubmissionFactory(reporter=InstitutionFactory(kind=kind))
        for kind in (InstitutionKind.TOWNSHIP_HOSPITAL, InstitutionKind.HOSPITAL)
    ]
    assert list(group_by_reach(plan, returns).values()) == [returns]


def test_a_second_place_leaves_the_first_ones_returns_alone():
    theirs = SubmissionFactory(quarter=GUANYUN.first.ordinal)
    demo.load(GUANYUN, silent, last=GUANYUN.first)
    own = Submission.objects.filter(reporter__code__startswith="320723")
    assert Counter(own.values_list("state", flat=True)) == {"approved": 16, "draft": 1}
    assert (Submission.objects.count(), Submission.objects.get(pk=theirs.pk).state) == (18, "draft")
    plan = Plan.objects.get()
    assert (plan.state, plan.closed_on) == ("closed", GUANYUN.closed_on)


def test_the_bureaus_own_return_is_reviewed_above_it():
    county = demo.load_register(GUANYUN, draw_demo(PROFILES["guanyun"]), silent)
    demo.load_people(GUANYUN, draw_demo(PROFILES["guanyun"]).accounts, county, silent)
    reviewer = User.objects.get(username="guanyun-city-reviewer")
    assert [post.region.name for post in reviewer.memberships.all()] == ["连云港市"]
    assert permissions.may_review(reviewer, Institution.objects.get(code="320723-B01"))


def test_a_second_load_changes_nothing(capsys: pytest.CaptureFixture[str]):
    for slug in AT_ONCE:
        plan = PlanFactory(code=HISTORIES[slug].plan)
        AuditRecord.objects.create(at=KAIFENG.began, action=demo.LOADED, object_id=plan.pk)
    call_command("load_demo")
    assert capsys.readouterr().out == "演示数据已在库中。\n"
    assert not Institution.objects.exists()


def test_a_place_that_is_not_in_the_demo_is_refused():
    with pytest.raises(CommandError, match="没有演示地区“beijing”"):
        call_command("load_demo", "beijing")


def test_the_table_of_accounts_names_those_of_loaded_places_and_the_password(capsys: pytest.CaptureFixture[str]):
    call_command("load_places")
    account = next(each for each in draw_demo(PROFILES["kaifeng"]).accounts if each.username == "kaifeng-director")
    user = members.add(
        username=account.username, display_name="甲", phone="", encoded_password="", by=None, now=KAIFENG.began
    )
    members.appoint(user=user, role=Role.DIRECTOR, at=Region.objects.get(name="开封市"), by=None, now=KAIFENG.began)
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    for word in ("填报员", "审核员", "局领导", "督查员", "计划管理员", "系统管理员", "Kaifeng-2024", "qixian-h01"):
        assert word in printed
    assert "guanyun" not in printed
