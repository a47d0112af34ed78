"""Opening a quarter and moving its dates."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from institutions.enums import Role
from institutions.models import AuditRecord
from reports import opening
from reports.actions import periods
from reports.actions.errors import RefusedError
from reports.models import ReturnPeriod, Submission
from targets.enums import PlanState
from targets.periods import Quarter
from tests.factories import InstitutionFactory, VillageClinicFactory, person
from tests.reports.filling import MORNING, Q1, Filling, filling

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Filling:
    return filling()


def owing(quarter=Q1):
    return set(Submission.objects.filter(quarter=quarter.ordinal).values_list("reporter", flat=True))


def test_open_quarter_takes_its_dates_from_the_working_calendar(scene):
    period = ReturnPeriod.objects.get()
    assert (period.due_on, period.review_by, period.calendar_known) == (date(2024, 4, 15), date(2024, 4, 22), True)


def test_open_quarter_of_the_national_holiday_counts_make_up_days(scene):
    assert opening.open_quarter(Quarter(2023, 3), MORNING).due_on == date(2023, 10, 18)


def test_open_quarter_of_an_unknown_year_counts_weekdays_and_says_so(scene):
    period = opening.open_quarter(Quarter(2050, 1), MORNING)
    assert (period.due_on, period.calendar_known) == (date(2050, 4, 14), False)


def test_open_quarter_owes_a_return_from_hospitals_but_not_from_their_clinics(scene):
    assert owing() == {scene.hospital.pk, scene.places.hospitals[1][0].pk}


def test_open_quarter_asks_a_hospital_for_its_clinic_alone(scene):
    for element in (scene.all_visits, scene.visits, scene.trained, scene.camp):
        element.kinds = ["cdc"]
        element.save()
    opening.open_quarter(Q1 + 1, MORNING)
    assert owing(Q1 + 1) == {scene.hospital.pk}


def test_open_quarter_of_a_plan_elsewhere_asks_nobody(scene):
    scene.plan.issuer = scene.places.counties[1]
    scene.plan.save()
    opening.open_quarter(Q1 + 1, MORNING)
    assert owing(Q1 + 1) == {scene.places.hospitals[1][0].pk}


@pytest.mark.parametrize(
    "change",
    [
        {"state": PlanState.DRAFT},
        {"state": PlanState.CLOSED, "closed_on": date(2024, 3, 31)},
        {"first_day": date(2024, 7, 1)},
    ],
)
def test_open_quarter_asks_only_for_plans_published_begun_and_not_closed(scene, change):
    type(scene.plan).objects.update(**change)
    opening.open_quarter(Q1 + 1, MORNING)
    assert owing(Q1 + 1) == set()


def test_open_quarter_again_adds_only_what_came_since(scene):
    period = opening.open_quarter(Q1, MORNING)
    late = InstitutionFactory(region=scene.places.counties[0], opened=date(2024, 3, 31))
    InstitutionFactory(region=scene.places.counties[0], opened=date(2024, 4, 1))
    VillageClinicFactory(reported_by=scene.hospital)
    periods.set_due(period, date(2024, 4, 20), date(2024, 4, 30), scene.reviewer, MORNING)
    opening.open_quarter(Q1, MORNING)
    assert Submission.objects.get(reporter=late).due_on == date(2024, 4, 20)
    assert AuditRecord.objects.filter(action="period.opened").count() == 2
    assert len(owing()) == 3


def test_set_due_moves_what_was_on_the_old_date_and_is_audited(scene):
    extended = Submission.objects.exclude(pk=scene.submission.pk).get()
    extended.due_on = date(2024, 4, 30)
    extended.save()
    by = person(Role.PLAN_ADMIN, scene.places.city)
    periods.set_due(ReturnPeriod.objects.get(), date(2024, 4, 18), date(2024, 4, 25), by, MORNING)
    scene.submission.refresh_from_db()
    extended.refresh_from_db()
    assert (scene.submission.due_on, extended.due_on) == (date(2024, 4, 18), date(2024, 4, 30))
    assert scene.submission.review_by == extended.review_by == date(2024, 4, 25)
    assert AuditRecord.objects.get(action="period.dates_set").detail == {
        "before": {"due_on": "2024-04-15", "review_by": "2024-04-22"},
        "after": {"due_on": "2024-04-18", "review_by": "2024-04-25"},
        "returns": 1,
    }


def test_set_due_refuses_a_review_before_the_due_day(scene):
    with pytest.raises(RefusedError, match="审核截止日不能早于填报截止日"):
        periods.set_due(ReturnPeriod.objects.get(), date(2024, 4, 18), date(2024, 4, 17), scene.reviewer, MORNING)


def test_the_command_opens_the_quarter(scene, capsys):
    call_command("open_quarter", "2024Q2")
    assert capsys.readouterr().out == "2024Q2: 2 returns, due 2024-07-12, to be reviewed by 2024-07-19.\n"


def test_the_command_refuses_what_is_no_quarter():
    with pytest.raises(CommandError, match="write it as 2024Q1"):
        call_command("open_quarter", "2024-1")


@pytest.mark.django_db(transaction=True)
def test_open_quarter_twice_at_once_owes_each_return_once():
    filling()

    def open_next(_):
        try:
            return opening.open_quarter(Q1 + 1, MORNING).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(open_next, range(2)))) == 1
    assert Submission.objects.filter(quarter=(Q1 + 1).ordinal).count() == 2
