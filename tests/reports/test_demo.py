"""The demo as it is loaded: the first quarter here, all five by `manage.py load_demo`."""

from collections import Counter
from datetime import datetime

import pytest
from django.core.management import call_command

from institutions import permissions
from institutions.clock import SHANGHAI
from institutions.models import AuditRecord, Institution, User
from reports.demo import load as demo
from reports.demo.replay import replay
from reports.demo.temper import FIRST
from reports.models import Attainment, Round, Submission
from targets.models import Allotment, Plan

pytestmark = pytest.mark.django_db


def silent(line: str) -> None:
    """Nobody listens."""


@pytest.mark.django_db(transaction=True)
def test_a_load_that_was_stopped_is_taken_up_again_by_those_who_may():
    made = demo.demo()
    city = demo.load_register(made, silent)
    demo.load_people(made.accounts, city, silent)
    plan = demo.load_plan(silent)
    replay(plan, [FIRST], datetime(2023, 4, 6, 18, tzinfo=SHANGHAI), silent)
    assert 0 < Submission.objects.exclude(state="draft").count() < 60

    demo.load(silent, last=FIRST)
    states = Counter(Submission.objects.values_list("state", flat=True))
    assert states == {"approved": 128}
    assert AuditRecord.objects.filter(action="submission.approved").count() == 128
    assert (User.objects.count(), Plan.objects.count()) == (len(made.accounts), 1)
    assert demo.is_loaded()
    for each in Round.objects.exclude(decision="").select_related("decided_by", "submission__reporter__region"):
        assert permissions.may_review(each.decided_by, each.submission.reporter)
    statuses = set(Attainment.objects.filter(superseded_on=None).values_list("status", flat=True))
    assert {"red", "amber", "green", "met", "not_due", "shown", "not_applicable"} <= statuses
    parts = Allotment.objects.filter(milestone__terms__target__code="kf-clinics-800", milestone__due="2023-12-31")
    assert sum(part.value for part in parts) == 800


def test_a_second_load_changes_nothing(capsys: pytest.CaptureFixture[str]):
    AuditRecord.objects.create(at=demo.BEGAN, action=demo.LOADED)
    call_command("load_demo")
    assert capsys.readouterr().out == "演示数据已在库中。\n"
    assert not Institution.objects.exists()


def test_the_table_of_accounts_names_every_role_and_the_password(capsys: pytest.CaptureFixture[str]):
    call_command("demo_accounts")
    printed = capsys.readouterr().out
    for word in ("填报员", "审核员", "局领导", "督查员", "计划管理员", "系统管理员", "Kaifeng-2024", "qixian-h01"):
        assert word in printed
