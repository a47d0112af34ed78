"""Opening a quarter and moving its dates."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection

from institutions.enums import Role
from institutions.models import AuditRecord
from reports.base.errors import RefusedError
from reports.models import Extension, ReturnPeriod, Submission
from reports.returns.actions import opening, periods
from targets.enums import PlanState
from targets.periods import Quarter
from tests.factories import InstitutionFactory, VillageClinicFactory, person
from tests.reports.returns.helpers import MORNING, Q1, Filling, filling

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Filling:
    return filling()


def owing(quarter=Q1):
    return set(Submission.objects.of_quarter(quarter).values_list("reporter", flat=True))


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
    keeper = person(Role.PLAN_ADMIN, scene.places.city)
    periods.set_dates(period, date(2024, 4, 20), date(2024, 4, 30), None, keeper, MORNING)
    opening.open_quarter(Q1, MORNING)
    assert Submission.objects.get(reporter=late).due_on == date(2024, 4, 20)
    assert AuditRecord.objects.filter(action="period.opened").count() == 2
    assert len(owing()) == 3


def move(by, due_on=date(2024, 4, 18), review_by=date(2024, 4, 25), closes_on=date(2024, 5, 31)):
    return periods.set_dates(ReturnPeriod.objects.get(), due_on, review_by, closes_on, by, MORNING)


def test_set_dates_moves_what_was_on_the_old_ones_and_is_audited(scene):
    extended = Submission.objects.exclude(pk=scene.submission.pk).get()
    extended.due_on = date(2024, 4, 30)
    extended.save()
    move(person(Role.PLAN_ADMIN, scene.places.city))
    scene.submission.refresh_from_db()
    extended.refresh_from_db()
    assert (scene.submission.due_on, extended.due_on) == (date(2024, 4, 18), date(2024, 4, 30))
    assert scene.submission.review_by == extended.review_by == date(2024, 4, 25)
    assert AuditRecord.objects.get(action="period.dates_set").detail == {
        "before": {"due_on": "2024-04-15", "review_by": "2024-04-22", "closes_on": "2024-06-14"},
        "after": {"due_on": "2024-04-18", "review_by": "2024-04-25", "closes_on": "2024-05-31"},
        "returns": 1,
    }


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"review_by": date(2024, 4, 17)}, "审核截止日不能早于填报截止日"),
        ({"closes_on": date(2024, 4, 17)}, "关账日不能早于填报截止日"),
    ],
)
def test_set_dates_refuses_a_wrong_order(scene, dates, sentence):
    with pytest.raises(RefusedError, match=sentence):
        move(person(Role.REVIEWER, scene.places.city), **dates)


def test_set_dates_by_one_county_is_denied(scene):
    with pytest.raises(PermissionDenied):
        move(scene.reviewer)


def test_open_quarter_closes_sixty_days_after_the_due_day_or_after_a_late_opening(scene):
    assert ReturnPeriod.objects.get().closes_on == date(2024, 6, 14)
    assert opening.open_quarter(Quarter(2023, 1), MORNING).closes_on == date(2024, 6, 9)


# --- Extensions -------------------------------------------------------------------------------------------------


def extension(**fields):
    given = {
        "due_on": date(2024, 4, 25),
        "review_by": date(2024, 5, 6),
        "reason": "系统升级",
        "document": "汴卫〔2024〕9号",
    }
    return Extension(quarter=Q1.ordinal, **given | fields)


def dates_now():
    return list(Submission.objects.order_by("reporter__code").values_list("due_on", "review_by"))


OLD, NEW = (date(2024, 4, 15), date(2024, 4, 22)), (date(2024, 4, 25), date(2024, 5, 6))


def test_an_extension_for_all_moves_every_return_and_the_quarter(scene):
    moved = periods.grant_extension(extension(), person(Role.REVIEWER, scene.places.city), MORNING)
    period = ReturnPeriod.objects.get()
    assert (moved, dates_now(), (period.due_on, period.review_by)) == (2, [NEW, NEW], NEW)
    assert AuditRecord.objects.get(action="period.extended").detail == {"returns": 2, "due_on": "2024-04-25"}


def test_an_extension_for_all_by_a_county_is_denied(scene):
    with pytest.raises(PermissionDenied):
        periods.grant_extension(extension(), scene.reviewer, MORNING)


@pytest.mark.parametrize("whom", ["region", "institution"])
def test_an_extension_for_a_county_or_a_unit_moves_only_theirs(scene, whom):
    place = {"region": scene.places.counties[0], "institution": scene.hospital}[whom]
    moved = periods.grant_extension(extension(**{whom: place}), scene.reviewer, MORNING)
    assert (moved, sorted(dates_now()), ReturnPeriod.objects.get().due_on) == (1, [OLD, NEW], OLD[0])


@pytest.mark.parametrize("whom", ["region", "institution"])
def test_an_extension_for_another_county_is_denied(scene, whom):
    place = {"region": scene.places.counties[1], "institution": scene.places.hospitals[1][0]}[whom]
    with pytest.raises(PermissionDenied):
        periods.grant_extension(extension(**{whom: place}), scene.reviewer, MORNING)


def test_an_extension_leaves_what_is_approved_and_what_has_more_time(scene):
    scene.hand_in()
    scene.approve()
    Submission.objects.exclude(pk=scene.submission.pk).update(due_on=date(2024, 6, 1), review_by=date(2024, 6, 8))
    with pytest.raises(RefusedError, match="没有可以延期的报表"):
        periods.grant_extension(extension(), person(Role.REVIEWER, scene.places.city), MORNING)
    assert Extension.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": " "}, "请写明延期原因和文号"),
        ({"document": ""}, "请写明延期原因和文号"),
        ({"due_on": date(2024, 4, 9)}, "已经过去"),
        ({"review_by": date(2024, 4, 24)}, "审核截止日不能早于填报截止日"),
    ],
)
def test_an_extension_is_refused_with_a_sentence(scene, fields, sentence):
    with pytest.raises(RefusedError, match=sentence):
        periods.grant_extension(extension(**fields), person(Role.REVIEWER, scene.places.city), MORNING)
    assert dates_now() == [OLD, OLD]


def test_an_extension_judges_the_quarter_anew_on_commit(scene, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        periods.grant_extension(extension(region=scene.places.counties[0]), scene.reviewer, MORNING)
    assert [callback.args for callback in callbacks] == [(Q1.ordinal,)]


def test_a_unit_that_comes_later_has_its_countys_extension(scene):
    periods.grant_extension(extension(region=scene.places.counties[0]), scene.reviewer, MORNING)
    late = [InstitutionFactory(region=place, opened=date(2024, 3, 31)) for place in scene.places.counties]
    opening.open_quarter(Q1, MORNING)
    assert [Submission.objects.get(reporter=each).due_on for each in late] == [NEW[0], OLD[0]]


def test_a_county_gives_its_own_bureau_no_time_but_the_city_does(scene):
    bureau = Submission.objects.create(
        reporter=scene.places.bureaus[0], quarter=Q1.ordinal, due_on=OLD[0], review_by=OLD[1]
    )
    periods.grant_extension(extension(region=scene.places.counties[0]), scene.reviewer, MORNING)
    bureau.refresh_from_db()
    assert bureau.due_on == OLD[0]
    city = person(Role.REVIEWER, scene.places.city)
    assert periods.grant_extension(extension(institution=bureau.reporter), city, MORNING) == 1


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
    assert Submission.objects.of_quarter(Q1 + 1).count() == 2
