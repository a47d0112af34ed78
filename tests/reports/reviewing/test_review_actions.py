"""Deciding: who may, once only, and what stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from institutions.clock import SHANGHAI
from institutions.enums import Role
from institutions.models import AuditRecord, Membership
from reports.base.errors import RefusedError
from reports.models import Figure, StaleParent, Submission
from reports.returns.actions import submissions
from reports.returns.queries.submissions import history_of
from reports.reviewing.actions import reviews
from targets.models import Target
from tests.factories import person
from tests.reports.returns.helpers import MORNING, NOON, Filling, filling

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Filling:
    made = filling()
    made.hand_in()
    return made


def send_back(scene, reason="与台账不一致"):
    return reviews.send_back(scene.submission, reason, scene.reviewer, NOON)


def test_approve_puts_the_answers_in_force(scene):
    approved = scene.approve()
    assert (approved.state, approved.approved_round.decided_by) == ("approved", scene.reviewer)
    assert Figure.objects.get(element=scene.equipped).subject == scene.clinic


def test_approve_twice_names_who_did_it(scene):
    scene.approve()
    with pytest.raises(RefusedError, match="这张报表已由 王审核 于 4月10日 12:00 通过"):
        scene.approve()


def test_approve_by_another_county_is_denied(scene):
    with pytest.raises(PermissionDenied):
        reviews.approve(scene.submission, person(Role.REVIEWER, scene.places.counties[1]), NOON)


def test_approve_by_the_city_is_denied_for_a_hospital_and_allowed_for_a_bureau(scene):
    city = person(Role.REVIEWER, scene.places.city)
    with pytest.raises(PermissionDenied):
        reviews.approve(scene.submission, city, NOON)
    scene.all_visits.kinds = ["bureau"]
    scene.all_visits.save()
    Target.objects.update(kinds=["bureau"])
    bureau = Submission.objects.create(
        reporter=scene.places.bureaus[0],
        quarter=scene.submission.quarter,
        due_on=scene.submission.due_on,
        review_by=scene.submission.review_by,
    )
    clerk = person(Role.REPORTER, bureau.reporter)
    answer = scene.answer("all_visits", 1)
    own = type(answer)(answer.element_id, bureau.reporter_id, Decimal(1))
    submissions.save_draft(bureau, [own], clerk, MORNING)
    submissions.submit(bureau, clerk, MORNING)
    assert reviews.approve(bureau, city, NOON).state == "approved"


def test_nobody_approves_their_own_return(scene):
    Membership.objects.create(user=scene.reporter, role=Role.REVIEWER, region=scene.places.counties[0])
    with pytest.raises(RefusedError, match="不能审核自己填报的报表"):
        reviews.approve(scene.submission, scene.reporter, NOON)


def test_send_back_needs_a_reason(scene):
    with pytest.raises(RefusedError, match="请写明退回原因"):
        send_back(scene, reason=" \u200b")


def test_send_back_makes_it_owed_again_and_is_audited(scene):
    assert send_back(scene).state == "returned"
    assert AuditRecord.objects.get(action="submission.returned").detail == {"round": 1, "reason": "与台账不一致"}


def test_send_back_gives_days_of_its_own_after_the_due_day(scene):
    sent = reviews.send_back(scene.submission, "请核对", scene.reviewer, datetime(2024, 4, 15, 16, tzinfo=SHANGHAI))
    assert (sent.due_on, sent.review_by) == (date(2024, 4, 18), date(2024, 4, 25))


def test_send_back_never_takes_days_away(scene):
    Submission.objects.update(due_on=date(2024, 5, 20), review_by=date(2024, 6, 20))
    sent = send_back(scene)
    assert (sent.due_on, sent.review_by) == (date(2024, 5, 20), date(2024, 6, 20))


def test_send_back_then_approve_is_refused(scene):
    send_back(scene)
    with pytest.raises(RefusedError, match="退回。不需要重复处理"):
        scene.approve()


def test_approve_of_a_draft_is_refused(scene):
    scene.next_quarter()
    with pytest.raises(RefusedError, match="还没有提交"):
        scene.approve()


def test_history_keeps_every_round_with_what_it_changed(scene):
    send_back(scene)
    scene.hand_in(NOON, visits=55, trained="无此业务")
    newest, oldest = history_of(scene.submission)
    assert [(c.element, c.before.value, c.after.value) for c in newest.changes] == [
        (scene.visits, Decimal(60), Decimal(55)),
        (scene.trained, Decimal(5), None),
    ]
    assert (oldest.round.reason, oldest.changes) == ("与台账不一致", [])


def test_send_back_of_nothing_approved_leaves_no_figure(scene):
    send_back(scene)
    assert Figure.objects.count() == 0


def test_approve_marks_the_city_stale(scene):
    StaleParent.objects.all().delete()
    scene.approve()
    assert set(StaleParent.objects.values_list("region", flat=True)) == {scene.places.city.pk}


def test_approve_enqueues_the_roll_up_on_commit(scene, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        reviews.approve(scene.submission, scene.reviewer, NOON)
    assert [callback.args for callback in callbacks] == [(scene.plan.pk,)]


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_one_approves_and_the_other_is_told():
    scene = filling()
    scene.hand_in()
    other = person(Role.REVIEWER, scene.places.counties[0])

    def approve(by):
        try:
            return reviews.approve(scene.submission, by, NOON).state
        except RefusedError as error:
            return str(error)[:7]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = set(pool.map(approve, [scene.reviewer, other]))
    assert outcomes == {"approved", "这张报表已由 "}
    assert Figure.objects.count() == 5
