"""Cells as they are typed: merged one by one, and never over somebody else's unseen."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.models import Entry, Round
from reports.returns.actions import autosave, submissions
from reports.returns.actions.autosave import TypedCell
from reports.reviewing.actions import reviews
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON, Filling, filling

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
COST = 24


@pytest.fixture
def scene() -> Filling:
    return filling()


@pytest.fixture
def colleague(scene):
    return person(Role.REPORTER, scene.hospital, display_name="赵同事")


def typed(scene, was=None, **now):
    """One cell: `visits=5`, as seen empty or as `was`; None empties it."""
    ((name, value),) = now.items()
    key = scene.answer(name, 0).key
    answer = None if value is None else scene.answer(name, value)
    return TypedCell(key, answer, None if was is None else scene.answer(name, was))


def put(scene, *cells, by=None, now=MORNING, **more):
    return autosave.save_cells(scene.submission, cells, by or scene.reporter, now, **more)


def saved():
    return {entry.element.name: entry.value for entry in Entry.objects.select_related("element")}


def test_the_first_cell_makes_the_draft(scene):
    outcome = put(scene, typed(scene, visits=5))
    assert (saved(), outcome.round.number, outcome.before) == ({"基层诊疗人次": 5}, 1, "")


def test_a_cell_leaves_the_others_alone(scene):
    put(scene, typed(scene, visits=5), typed(scene, trained=7))
    put(scene, typed(scene, was=5, visits=6), now=NOON)
    stamps = Entry.objects.order_by("element_id").values_list("value", "typed_at")
    assert list(stamps) == [(6, NOON), (7, MORNING)]


def test_an_emptied_cell_is_no_answer(scene):
    put(scene, typed(scene, visits=5), typed(scene, trained=7))
    put(scene, typed(scene, was=5, visits=None), now=NOON)
    assert saved() == {"培训人次": 7}


def test_zero_and_not_applicable_are_kept_apart(scene):
    put(scene, typed(scene, visits=0), typed(scene, trained="无此业务"))
    assert saved() == {"基层诊疗人次": 0, "培训人次": None}


def test_two_people_in_different_cells_both_stay(scene, colleague):
    put(scene, typed(scene, visits=5))
    outcome = put(scene, typed(scene, trained=7), by=colleague, now=NOON)
    assert (saved(), outcome.conflicts) == ({"基层诊疗人次": 5, "培训人次": 7}, [])


def test_a_cell_that_somebody_changed_meanwhile_is_not_written(scene, colleague):
    put(scene, typed(scene, visits=5), by=colleague)
    outcome = put(scene, typed(scene, visits=6), now=NOON)
    key = scene.answer("visits", 0).key
    assert (outcome.conflicts, saved()) == ([key], {"基层诊疗人次": 5})
    assert (outcome.entries[key].typed_by, outcome.entries[key].typed_at) == (colleague, MORNING)


def test_a_cell_that_somebody_emptied_meanwhile_is_not_written(scene, colleague):
    put(scene, typed(scene, visits=5))
    put(scene, typed(scene, was=5, visits=None), by=colleague, now=MORNING + SECOND)
    assert put(scene, typed(scene, was=5, visits=6), now=NOON).conflicts == [scene.answer("visits", 0).key]


def test_the_same_answer_of_two_people_is_no_conflict(scene, colleague):
    put(scene, typed(scene, visits=5), by=colleague)
    outcome = put(scene, typed(scene, visits=5), now=NOON)
    assert (outcome.conflicts, Entry.objects.get().typed_by) == ([], colleague)


def test_a_conflict_does_not_hold_up_the_other_cells(scene, colleague):
    put(scene, typed(scene, visits=5), by=colleague)
    put(scene, typed(scene, visits=6), typed(scene, trained=7), now=NOON)
    assert saved() == {"基层诊疗人次": 5, "培训人次": 7}


def test_my_choice_after_a_conflict_is_written(scene, colleague):
    put(scene, typed(scene, visits=5), by=colleague)
    put(scene, typed(scene, was=5, visits=6), now=NOON)
    assert saved() == {"基层诊疗人次": 6}


def test_each_save_has_a_token_of_its_own_even_in_the_same_moment(scene, colleague):
    first = put(scene, typed(scene, visits=5))
    second = put(scene, typed(scene, trained=7), by=colleague)
    assert submissions.save_token(second.round) != submissions.save_token(first.round) == second.before


def test_nothing_changed_saves_nothing(scene):
    put(scene, typed(scene, visits=5))
    put(scene, typed(scene, was=5, visits=5), now=NOON)
    assert Round.objects.get().saved_at == MORNING


def test_a_returned_one_goes_on_from_what_was_handed_in(scene):
    scene.hand_in()
    reviews.send_back(scene.submission, "请核对", scene.reviewer, NOON)
    put(scene, typed(scene, was=60, visits=61), now=NOON + SECOND)
    draft = Round.objects.get(submitted_at=None)
    values = {entry.element.name: entry.value for entry in draft.entries.select_related("element")}
    assert (draft.number, values["基层诊疗人次"], len(values)) == (2, 61, 5)


def test_typing_keeps_one_audit_record_in_ten_minutes(scene, colleague):
    for number, minute in enumerate((0, 5, 9, 11)):
        put(scene, typed(scene, was=number or None, visits=number + 1), now=MORNING + timedelta(minutes=minute))
    put(scene, typed(scene, trained=1), by=colleague, now=MORNING + timedelta(minutes=12))
    records = AuditRecord.objects.filter(action="submission.typed").order_by("at")
    assert [(record.by, record.at.minute) for record in records] == [
        (scene.reporter, 0),
        (scene.reporter, 11),
        (colleague, 12),
    ]


def test_a_handed_in_return_takes_no_typing(scene):
    scene.hand_in()
    with pytest.raises(RefusedError, match="报表已提交"):
        put(scene, typed(scene, was=60, visits=1), now=NOON)


def test_outsiders_do_not_type(scene):
    with pytest.raises(PermissionDenied):
        put(scene, typed(scene, visits=1), by=person(Role.REPORTER, scene.places.hospitals[1][0]))


def test_the_reviewer_types_for_the_unit_and_says_how(scene):
    outcome = put(scene, typed(scene, visits=1), by=scene.reviewer, origin=Origin.PHONE)
    assert (outcome.round.origin, Entry.objects.get().typed_by) == (Origin.PHONE, scene.reviewer)


def test_what_is_not_asked_is_not_taken(scene):
    alien = TypedCell((scene.visits.pk, scene.places.hospitals[1][0].pk), None, None)
    outcome = put(scene, alien)
    assert (outcome.round, saved()) == (None, {})


# --- The page's requests ------------------------------------------------------------------------------------------


@pytest.fixture
def april_tenth(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


@pytest.fixture
def at_work(scene, client, april_tenth) -> Filling:
    client.force_login(scene.reporter)
    return scene


def name(scene, element):
    subject = scene.clinic if element == "equipped" else scene.hospital
    return f"{getattr(scene, element).pk}-{subject.pk}"


def send(client, scene, *cells, seen="", origin=""):
    """Each cell: element, what is typed, what was believed saved."""
    sent = [[name(scene, element), [now, False, ""], [was, False, ""]] for element, now, was in cells]
    body = json.dumps({"seen": seen, "origin": origin, "cells": sent})
    return client.post(reverse("return_typed", args=[scene.submission.pk]), body, content_type="application/json")


def test_a_typed_cell_is_answered_with_its_checks(at_work, client):
    answer = send(client, at_work, ("all_visits", "1,000", ""), ("visits", "１００１ 人次", "")).json()
    over = "1,001 大于“全部诊疗人次”的 1,000，部分不能大于总数。"
    assert answer["cells"] == {name(at_work, "all_visits"): {}, name(at_work, "visits"): {"error": over}}
    assert (answer["seen"], saved()["基层诊疗人次"]) == (submissions.save_token(Round.objects.get()), 1001)


def test_an_unreadable_cell_is_answered_and_what_was_saved_of_it_stays(at_work, client):
    seen = send(client, at_work, ("visits", "30", "")).json()["seen"]
    answer = send(client, at_work, ("visits", "3o", "30"), ("trained", "2", ""), seen=seen).json()
    told = {"unread": True, "error": "“3o”不是数字，请只填阿拉伯数字。"}
    assert answer["cells"] == {name(at_work, "visits"): told, name(at_work, "trained"): {}}
    assert saved() == {"基层诊疗人次": 30, "培训人次": 2}


def test_a_conflict_says_who_when_and_what(at_work, client, colleague):
    put(at_work, typed(at_work, visits=50), by=colleague)
    cell = send(client, at_work, ("visits", "60", "")).json()["cells"][name(at_work, "visits")]
    assert cell == {"theirs": ["50", False, "", "赵同事 09:00 改为 50"]}


def test_news_of_others_come_with_the_next_save_and_only_then(at_work, client, colleague):
    seen = send(client, at_work, ("visits", "30", "")).json()["seen"]
    quiet = send(client, at_work, ("visits", "31", "30"), seen=seen).json()
    put(at_work, typed(at_work, trained=8), by=colleague, now=NOON)
    loud = send(client, at_work, ("visits", "32", "31"), seen=quiet["seen"]).json()
    assert ("all" in quiet, loud["all"][name(at_work, "trained")][0]) == (False, "8")


def test_an_ended_session_is_told_that_nothing_is_lost(at_work, client):
    client.logout()
    answer = send(client, at_work, ("visits", "1", ""))
    assert (answer.status_code, answer.json()["sentence"]) == (
        401,
        "登录已过期，请在新窗口登录后继续，内容仍在本页。",
    )


def test_a_return_handed_in_meanwhile_is_told(at_work, client):
    at_work.hand_in()
    answer = send(client, at_work, ("visits", "1", "60"))
    assert (answer.status_code, answer.json()["sentence"][:5]) == (409, "报表已提交")


def test_another_unit_does_not_find_the_address(at_work, client):
    client.force_login(person(Role.REPORTER, at_work.places.hospitals[1][0]))
    assert send(client, at_work, ("visits", "1", "")).status_code == 404


def test_a_reviewer_who_does_not_say_how_is_asked(at_work, client):
    client.force_login(at_work.reviewer)
    answer = send(client, at_work, ("visits", "1", ""))
    assert (answer.status_code, answer.json()["sentence"][:8]) == (409, "代报要注明方式：")


@pytest.mark.parametrize("body", ["", "[]", '{"seen": ""}', '{"seen":"","origin":"x","cells":[]}', "\xff"])
def test_what_no_page_sends_is_a_bad_request(at_work, client, body):
    address = reverse("return_typed", args=[at_work.submission.pk])
    assert client.post(address, body, content_type="application/json").status_code == 400


def test_a_save_costs_the_same_queries_for_one_cell_and_for_three(at_work, client, django_assert_num_queries):
    seen = send(client, at_work, ("visits", "1", "")).json()["seen"]
    with django_assert_num_queries(COST):
        seen = send(client, at_work, ("visits", "2", "1"), seen=seen).json()["seen"]
    cells = [("visits", "3", "2"), ("all_visits", "9", ""), ("trained", "1", "")]
    with django_assert_num_queries(COST):
        send(client, at_work, *cells, seen=seen)
