"""What is asked of whom."""

from datetime import date

import pytest

from institutions.actions import register
from institutions.enums import Grade, InstitutionKind, Ownership, RegionLevel
from institutions.models import Institution
from reports.questions.queries.asked import questions_asked, reporters_asked, requirements
from targets.enums import IndicatorKind, PlanState
from tests.factories import (
    BureauFactory,
    DataElementFactory,
    IndicatorFactory,
    InstitutionFactory,
    PlanFactory,
    RegionFactory,
    VillageClinicFactory,
    kaifeng_like,
    target_with_terms,
)
from tests.reports.returns.helpers import MORNING, Q1, filling

pytestmark = pytest.mark.django_db
DUE = {date(2024, 12, 31): 1}


@pytest.fixture
def places():
    return kaifeng_like()


def ask(places, **scope):
    """One element of this scope, in the city's plan."""
    element = DataElementFactory(**scope)
    return target_with_terms(IndicatorFactory(element=element), DUE, plan=PlanFactory(issuer=places.city))


@pytest.mark.parametrize(
    ("scope", "asked"),
    [
        (
            {"kinds": [InstitutionKind.TOWNSHIP_HOSPITAL]},
            ["甲县第0卫生院", "甲县第1卫生院", "乙县第0卫生院", "乙县第1卫生院"],
        ),
        ({"grades": [Grade.CENTRAL]}, ["甲县第0卫生院", "乙县第0卫生院"]),
        (
            {"kinds": [InstitutionKind.BUREAU], "bureau_level": RegionLevel.COUNTY},
            ["甲县卫生健康委员会", "乙县卫生健康委员会"],
        ),
        ({"kinds": [InstitutionKind.BUREAU], "bureau_level": RegionLevel.CITY}, ["某市卫生健康委员会"]),
        ({"kinds": [InstitutionKind.TOWNSHIP_HOSPITAL], "ownerships": [Ownership.PRIVATE]}, []),
        ({"kinds": [InstitutionKind.CDC]}, []),
    ],
)
def test_the_scope_of_an_element_says_who_is_asked(places, scope, asked):
    ask(places, **scope)
    assert sorted(each.name for each in reporters_asked(Q1)) == sorted(asked)


def test_a_unit_owes_its_quarters_where_it_lay_at_their_ends(places):
    ask(places)
    abroad = RegionFactory(name="外县")
    gone, come = places.hospitals[0][0], InstitutionFactory(region=abroad)
    for unit, to in ((gone, abroad), (come, places.counties[0])):
        register.move(unit=unit, to=to, on=(Q1 + 1).first_day, by=None, now=MORNING)
    assert [unit in reporters_asked(Q1) for unit in (gone, come)] == [True, False]
    assert [unit in reporters_asked(Q1 + 1) for unit in (gone, come)] == [False, True]
    assert [bool(questions_asked(unit, Q1)) for unit in (gone, come)] == [True, False]


def test_an_empty_scope_asks_every_unit_of_the_issuers_region(places):
    InstitutionFactory(region=RegionFactory(name="外县"))
    ask(places, kinds=[])
    assert reporters_asked(Q1).count() == 7


def test_a_target_of_named_units_asks_only_these(places):
    target = ask(places)
    target.units.set([places.hospitals[0][1]])
    assert list(reporters_asked(Q1)) == [places.hospitals[0][1]]


def test_a_second_target_of_everyone_asks_everyone(places):
    target = ask(places)
    target.units.set([places.hospitals[0][1]])
    target_with_terms(target.indicator, DUE, plan=target.plan)
    assert reporters_asked(Q1).count() == 4


def test_everything_an_indicator_is_made_of_is_asked_once(places):
    plan = PlanFactory(issuer=places.city)
    counted, total = DataElementFactory(), DataElementFactory()
    ratio = IndicatorFactory(kind=IndicatorKind.RATIO, element=counted, over=total)
    target_with_terms(ratio, DUE, plan=plan)
    target_with_terms(IndicatorFactory(element=counted), DUE, plan=plan)
    questions = questions_asked(places.hospitals[0][0], Q1)
    assert [question.element for question in questions] == [counted, total]


def test_a_plan_closed_since_still_asks_for_the_quarters_before(places):
    plan = ask(places).plan
    plan.state, plan.closed_on = PlanState.CLOSED, Q1.last_day
    plan.save()
    assert (reporters_asked(Q1).count(), reporters_asked(Q1 + 1).count()) == (4, 0)


def test_a_clinic_is_a_line_in_its_hospitals_return_while_it_is_open():
    scene = filling()
    VillageClinicFactory(reported_by=scene.hospital, closed=Q1.last_day)
    VillageClinicFactory(reported_by=scene.hospital, opened=(Q1 + 1).first_day)
    lines = [question.subject for question in scene.questions() if question.element == scene.equipped]
    assert lines == [scene.clinic]


def test_the_two_ways_to_ask_whether_a_unit_is_in_scope_agree(places):
    VillageClinicFactory(reported_by=places.hospitals[0][0], ownership=Ownership.PRIVATE)
    BureauFactory(region=RegionFactory(name="外县"))
    for scope in (
        {"kinds": []},
        {"kinds": [InstitutionKind.VILLAGE_CLINIC], "ownerships": [Ownership.PRIVATE]},
        {"kinds": [InstitutionKind.BUREAU], "bureau_level": RegionLevel.COUNTY},
        {"kinds": [InstitutionKind.TOWNSHIP_HOSPITAL], "grades": [Grade.GENERAL]},
    ):
        ask(places, **scope)
    ask(places).units.set([places.hospitals[1][0]])
    everybody = Institution.objects.select_related("region")
    for asking in requirements(Q1):
        in_memory = {unit.pk for unit in everybody if asking.fits_class(unit) and asking.names(unit)}
        asked = Institution.objects.placed(Q1.last_day).filter(asking.units(Q1.last_day))
        assert in_memory == set(asked.values_list("pk", flat=True))


@pytest.mark.parametrize("clinics", [1, 30])
def test_asked_of_takes_the_same_queries_for_any_number_of_clinics(clinics, django_assert_num_queries):
    scene = filling()
    VillageClinicFactory.create_batch(clinics - 1, reported_by=scene.hospital)
    with django_assert_num_queries(12):
        assert len(questions_asked(scene.hospital, Q1)) == 4 + clinics
