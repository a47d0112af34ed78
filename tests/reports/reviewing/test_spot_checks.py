"""Marks for a look on the spot, and what was found."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.enums import SpotCheckOutcome
from reports.base.errors import RefusedError
from reports.models import SpotCheck
from reports.reviewing.actions import spot_checks
from tests.factories import FigureFactory, person
from tests.reports.returns.helpers import NOON, Q1, Filling, filling

pytestmark = pytest.mark.django_db
LIST_QUERIES = 9


@pytest.fixture(autouse=True)
def april_tenth(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


@pytest.fixture
def scene(client) -> Filling:
    made = filling()
    made.hand_in()
    client.force_login(made.reviewer)
    return made


def ask(scene, name="visits", by=None, reason="看门诊登记"):
    return spot_checks.ask(scene.submission, scene.answer(name, 1).key, reason, by or scene.reviewer, NOON)


def close(scene, check, outcome="different", found="登记簿为 55 人次"):
    return spot_checks.close(check, outcome, found, scene.reviewer, NOON)


def test_ask_marks_the_figure_and_is_audited(scene):
    made = ask(scene)
    assert (made.element, made.subject, made.outcome) == (scene.visits, scene.hospital, SpotCheckOutcome.OPEN)
    record = AuditRecord.objects.get(action="spot_check.asked")
    assert record.detail == {"submission": scene.submission.pk, "reason": "看门诊登记"}


def test_ask_needs_a_reason(scene):
    with pytest.raises(RefusedError, match="请写明为什么要现场核查"):
        ask(scene, reason=" ")


def test_ask_about_what_was_not_handed_in_is_refused(scene):
    scene.next_quarter()
    with pytest.raises(RefusedError, match="没有提交过数据"):
        ask(scene)


def test_ask_twice_names_who_did(scene):
    ask(scene)
    with pytest.raises(RefusedError, match="已由 王审核 于 4月10日 12:00 标记现场核查"):
        ask(scene)


def test_ask_by_another_county_is_denied(scene):
    with pytest.raises(PermissionDenied):
        ask(scene, by=person(Role.REVIEWER, scene.places.counties[1]))


def test_a_mark_does_not_hold_up_the_approval(scene):
    ask(scene)
    assert scene.approve().state == "approved"


def test_ask_again_after_the_first_was_closed(scene):
    close(scene, ask(scene))
    assert ask(scene).outcome == SpotCheckOutcome.OPEN


def test_close_keeps_what_was_found(scene):
    closed = close(scene, ask(scene))
    assert (closed.outcome, closed.found, closed.closed_by) == ("different", "登记簿为 55 人次", scene.reviewer)
    assert AuditRecord.objects.get(action="spot_check.closed").detail["outcome"] == "different"


@pytest.mark.parametrize(
    ("outcome", "found", "sentence"), [("", "看过", "请选择核查结果"), ("confirmed", "", "请写明核查情况")]
)
def test_close_needs_an_outcome_and_words(scene, outcome, found, sentence):
    with pytest.raises(RefusedError, match=sentence):
        close(scene, ask(scene), outcome, found)


def test_close_twice_names_who_did(scene):
    check = ask(scene)
    close(scene, check)
    with pytest.raises(RefusedError, match="已由 王审核 于 4月10日 12:00 登记为“有出入”"):
        close(scene, check, "confirmed", "属实")


def test_close_changes_no_figure(scene):
    scene.approve()
    close(scene, ask(scene), "false", "没有台账")
    scene.submission.refresh_from_db()
    assert scene.submission.state == "approved"


def test_list_takes_the_same_queries_for_one_row_and_for_three(scene, client, django_assert_num_queries):
    ask(scene)
    client.get(reverse("spot_checks"))
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse("spot_checks")).context["list"].rows) == 1
    ask(scene, "all_visits")
    ask(scene, "equipped")
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse("spot_checks")).context["list"].rows) == 3


def test_list_parts_open_from_closed(scene, client):
    close(scene, ask(scene))
    ask(scene, "all_visits")
    shown = {
        state: [row.check.element for row in client.get(reverse("spot_checks"), {"state": state}).context["list"].rows]
        for state in ("open", "closed")
    }
    assert shown == {"open": [scene.all_visits], "closed": [scene.visits]}


def test_list_is_filtered_by_place(scene, client):
    ask(scene)
    found = [
        len(client.get(reverse("spot_checks"), {"place": place.pk}).context["list"].rows)
        for place in scene.places.counties
    ]
    assert found == [1, 0]


def test_list_shows_the_answer_and_the_quarters_before(scene, client):
    FigureFactory(subject=scene.hospital, element=scene.visits, quarter=(Q1 - 1).ordinal, value=Decimal(58))
    ask(scene)
    (row,) = client.get(reverse("spot_checks")).context["list"].rows
    assert row.answer.value == 60
    assert [figure and figure.value for _quarter, figure in row.past] == [None, None, None, 58]


def test_another_county_sees_no_check(scene, client):
    check = ask(scene)
    client.force_login(person(Role.REVIEWER, scene.places.counties[1]))
    assert client.get(reverse("spot_checks")).context["list"].rows == []
    assert client.get(reverse("spot_check", args=[check.pk])).status_code == 404


def test_list_is_for_reviewers(scene, client):
    client.force_login(scene.reporter)
    assert client.get(reverse("spot_checks")).status_code == 404
    assert client.get(reverse("spot_check_paper")).status_code == 404


def test_paper_has_room_for_what_is_found(scene, client):
    ask(scene)
    page = client.get(reverse("spot_check_paper")).content.decode()
    assert ("看门诊登记" in page, "□属实 □有出入 □不属实" in page) == (True, True)


def test_closing_through_the_page(scene, client):
    check = ask(scene)
    address = reverse("spot_check", args=[check.pk])
    refused = client.post(address, {"outcome": "", "found": "看过"})
    assert (refused.context["trouble"][:7], refused.context["found"]) == ("请选择核查结果", "看过")
    client.post(address, {"outcome": "confirmed", "found": "台账 60 人次"})
    assert SpotCheck.objects.get().outcome == SpotCheckOutcome.CONFIRMED


def test_the_outcome_stands_at_the_field_in_the_review(scene, client):
    close(scene, ask(scene))
    page = client.get(reverse("review", args=[scene.submission.pk])).content.decode()
    assert ("有出入" in page, "登记簿为 55 人次" in page) == (True, True)
