"""填报进度: where each return stands today, and whom to call."""

from datetime import date, datetime

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import Role
from reports.base.enums import Origin, ReminderKind, SubmissionState
from reports.boards.pages import ProgressPile, ReturnStanding, listing_of, progress_page
from reports.boards.pages.progress import standing_of
from reports.exports.timeliness import timeliness_page
from reports.models import Submission
from reports.reminders.queries import due_of, near_or_overdue
from reports.returns.lateness import Lateness
from reports.returns.queries.submissions import return_row, with_rounds
from reports.reviewing.queries.work_list import listed_returns
from tests.factories import RoundFactory, SubmissionFactory, VillageClinicFactory, approved, person
from tests.reports.boards.helpers import Q4, TODAY, small_board

DUE, REVIEW_BY = date(2024, 1, 15), date(2024, 1, 22)


@pytest.mark.parametrize(
    ("state", "today", "stand"),
    [
        (SubmissionState.DRAFT, date(2024, 1, 15), ReturnStanding.AWAITED),
        (SubmissionState.DRAFT, date(2024, 1, 16), ReturnStanding.OVERDUE),
        (SubmissionState.SUBMITTED, date(2024, 1, 22), ReturnStanding.PENDING),
        (SubmissionState.SUBMITTED, date(2024, 1, 23), ReturnStanding.OVERDUE_REVIEW),
        (SubmissionState.RETURNED, date(2024, 1, 15), ReturnStanding.RETURNED),
        (SubmissionState.RETURNED, date(2024, 1, 16), ReturnStanding.OVERDUE),
        (SubmissionState.APPROVED, date(2024, 4, 10), ReturnStanding.APPROVED),
        (SubmissionState.REOPENED, date(2024, 4, 10), ReturnStanding.APPROVED),
    ],
)
def test_stand_of(state, today, stand):
    assert standing_of(state, DUE, REVIEW_BY, today) == stand


def owed(scene, county, unit, state, **fields):
    hospital = scene.places.hospitals[county][unit]
    return SubmissionFactory(
        reporter=hospital, quarter=Q4.ordinal, state=state, due_on=DUE, review_by=REVIEW_BY, **fields
    )


def page(scene, region=None, counties=None):
    region = region or scene.places.city
    return progress_page(region, scene.places.counties if counties is None else counties, scene.period, TODAY)


@pytest.mark.django_db
def test_returns_are_counted_by_county():
    scene = small_board()
    owed(scene, 0, 0, SubmissionState.DRAFT)
    approved(scene.places.hospitals[0][1], Q4, {})
    owed(scene, 1, 0, SubmissionState.DRAFT)
    made = page(scene)
    assert [(county.county.name, county.total, county.approved, county.late) for county in made.counties] == [
        ("甲县", 2, 1, 1),
        ("乙县", 1, 0, 1),
    ]
    assert (made.whole.total, made.whole.approved) == (3, 1)


@pytest.mark.django_db
def test_owing_and_waiting_are_two_lists_and_approved_is_in_neither():
    scene = small_board()
    owed(scene, 0, 0, SubmissionState.DRAFT)
    RoundFactory(submission=owed(scene, 0, 1, SubmissionState.SUBMITTED), handed_in=True)
    approved(scene.places.hospitals[1][0], Q4, {})
    made = page(scene)
    assert [line.name for line in made.owing] == ["甲县第0卫生院"]
    assert [(line.name, line.stand) for line in made.waiting] == [("甲县第1卫生院", ReturnStanding.OVERDUE_REVIEW)]


@pytest.mark.django_db
def test_a_returned_one_is_owed_with_its_reason():
    scene = small_board()
    RoundFactory(submission=owed(scene, 0, 0, SubmissionState.RETURNED), sent_back=True)
    line = page(scene).owing[0]
    assert (line.stand, line.reason, line.rounds) == (ReturnStanding.OVERDUE, "与台账不一致，请核对。", 1)
    assert line.badge.word == "逾期未报（退回待重报）"


@pytest.mark.django_db
@pytest.mark.parametrize("due_on", [DUE, date(2024, 2, 1)])
def test_what_came_late_and_waits_is_said_so_unless_more_time_was_given_since(due_on):
    scene = small_board()
    late = owed(scene, 0, 0, SubmissionState.SUBMITTED)
    RoundFactory(submission=late, saved_at=datetime(2024, 1, 30, 9, tzinfo=SHANGHAI), handed_in=True)
    Submission.objects.update(due_on=due_on)
    line = page(scene).waiting[0]
    expected = ReturnStanding.LATE_PENDING if due_on == DUE else ReturnStanding.OVERDUE_REVIEW
    assert (line.stand, line.late) == (expected, True)


@pytest.mark.django_db
def test_overdue_is_the_same_number_on_every_page():
    """Four that never came and one sent back are five: progress, 报送质量, the work list, 催报 and the reporter's."""
    scene = small_board()
    units = [unit for county in scene.places.hospitals for unit in county][:4]
    for unit in [*units, scene.places.city_bureau]:
        SubmissionFactory(reporter=unit, quarter=Q4.ordinal, due_on=DUE, review_by=REVIEW_BY)
    back = Submission.objects.get(reporter=units[0])
    RoundFactory(submission=back, sent_back=True)
    Submission.objects.filter(pk=back.pk).update(state=SubmissionState.RETURNED)
    now = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)
    made, city = page(scene), scene.places.city
    standings = dict(zip(ReturnStanding, made.whole.by_stand, strict=True))
    late = [return_row(each, now).lateness for each in with_rounds(Submission.objects.all())]
    reviewers = [person(Role.REVIEWER, place) for place in (city, *scene.places.counties)]
    listed = [each for reviewer in reviewers for each in listed_returns(reviewer, Q4, now)]
    counts = [
        standings[ReturnStanding.OVERDUE],
        made.text.count("逾期未报"),
        timeliness_page(city, scene.places.counties, [Q4], TODAY).whole.returns.missing,
        late.count(Lateness.OVERDUE),
        [each.lateness for each in {one.id: one for one in listed}.values()].count(Lateness.OVERDUE),
        sum(due_of(each, ReminderKind.OVERDUE, TODAY).overdue for each in near_or_overdue(TODAY)),
    ]
    assert counts == [5] * 6


@pytest.mark.django_db
def test_what_is_closed_is_not_named_in_the_text_to_copy():
    scene = small_board()
    owed(scene, 0, 0, SubmissionState.DRAFT)
    scene.period.closes_on = date(2024, 2, 15)
    made = page(scene)
    assert (made.text, made.closed_on, made.owing[0].closed) == ("", date(2024, 2, 15), True)


@pytest.mark.django_db
def test_late_is_what_first_came_after_its_due_day():
    scene = small_board()
    for unit, day in ((0, 15), (1, 16)):
        handed_in = datetime(2024, 1, day, 23, 59, tzinfo=SHANGHAI)
        RoundFactory(submission=owed(scene, 0, unit, SubmissionState.SUBMITTED), saved_at=handed_in, handed_in=True)
    assert [(line.name, line.late) for line in page(scene).returns] == [
        ("甲县第0卫生院", False),
        ("甲县第1卫生院", True),
    ]


@pytest.mark.django_db
def test_a_hospital_answers_for_its_clinics():
    scene = small_board()
    owed(scene, 0, 0, SubmissionState.DRAFT)
    for _ in range(3):
        VillageClinicFactory(reported_by=scene.places.hospitals[0][0])
    VillageClinicFactory(reported_by=scene.places.hospitals[0][0], closed=date(2023, 6, 1))
    assert page(scene).returns[0].lines == 4


@pytest.mark.django_db
def test_the_text_to_copy_names_who_owes_by_county():
    scene = small_board()
    hospital = scene.places.hospitals[0][0]
    hospital.contact_name, hospital.contact_phone = "王五", "0371-5550002"
    hospital.save()
    owed(scene, 0, 0, SubmissionState.DRAFT)
    assert page(scene).text == (
        "2023年第四季度报表截止日为1月15日，下列 1 家单位尚未报送：\n"
        "甲县（1 家）\n"
        "  甲县第0卫生院（逾期未报） 王五 0371-5550002"
    )


@pytest.mark.django_db
def test_a_city_unit_is_counted_by_the_city_itself():
    scene = small_board()
    SubmissionFactory(reporter=scene.places.city_bureau, quarter=Q4.ordinal, due_on=DUE, review_by=REVIEW_BY)
    assert [(county.county.name, county.total) for county in page(scene).counties] == [
        ("某市", 1),
        ("甲县", 0),
        ("乙县", 0),
    ]


@pytest.mark.django_db
def test_a_deadline_of_its_own_is_said_in_the_text():
    scene = small_board()
    returned = owed(scene, 0, 0, SubmissionState.RETURNED)
    returned.due_on = date(2024, 4, 12)
    returned.save()
    assert page(scene).text.splitlines()[2] == "  甲县第0卫生院（退回待重报，4月12日截止）"


@pytest.mark.django_db
def test_of_very_many_the_text_gives_the_counts(monkeypatch):
    scene = small_board()
    for county in (0, 1):
        owed(scene, county, 0, SubmissionState.DRAFT)
    monkeypatch.setattr("reports.boards.pages.progress.NAMED", 1)
    assert page(scene).text.splitlines()[1:] == ["甲县（1 家）", "乙县（1 家）"]


@pytest.mark.django_db
def test_a_correction_stays_approved_and_says_so():
    scene = small_board()
    reopened = approved(scene.places.hospitals[0][0], Q4, {})
    reopened.state = SubmissionState.REOPENED
    reopened.save()
    line = page(scene).of(ProgressPile.PASSED)[0]
    assert (line.badge.word, line.owing, line.late) == ("已通过（更正中）", False, False)


@pytest.mark.django_db
def test_a_line_says_how_the_answers_came():
    scene = small_board()
    RoundFactory(submission=owed(scene, 0, 0, SubmissionState.SUBMITTED), handed_in=True, origin=Origin.PHONE)
    assert page(scene).waiting[0].origin == "电话代报"


@pytest.mark.django_db
def test_a_list_has_its_pages_and_opens_with_what_is_owed(monkeypatch):
    monkeypatch.setattr("reports.boards.pages.progress.LINES", 1)
    scene = small_board()
    for unit in (0, 1):
        owed(scene, 0, unit, SubmissionState.DRAFT)
    first, last = (listing_of(page(scene), "", number) for number in ("", "9"))
    assert (first.pile, first.piles[0]) == (ProgressPile.OWING, (ProgressPile.OWING, 2))
    assert [[line.name for line in listing.page] for listing in (first, last)] == [["甲县第0卫生院"], ["甲县第1卫生院"]]
