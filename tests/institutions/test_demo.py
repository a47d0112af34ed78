from collections import Counter

import pytest

from institutions.demo import CITY_CODE, demo
from institutions.enums import InstitutionKind, Role
from tests.institutions.helpers import load_register

MADE = demo()


def test_the_same_seed_gives_the_same_rows():
    assert demo() == MADE
    assert demo(seed=1) != MADE


def test_the_register_is_of_a_plausible_size():
    kinds = Counter(unit.kind for unit in MADE.units)
    assert 2100 <= kinds[InstitutionKind.VILLAGE_CLINIC] <= 2300
    assert kinds[InstitutionKind.BUREAU] == 11
    assert kinds[InstitutionKind.SUPERVISION_OFFICE] == 1
    assert 130 <= sum(not unit.reported_by for unit in MADE.units) <= 160


def test_codes_are_unique_and_reporters_answer_for_themselves():
    reporters = {unit.code for unit in MADE.units if not unit.reported_by}
    assert len({unit.code for unit in MADE.units}) == len(MADE.units)
    assert {unit.reported_by for unit in MADE.units if unit.reported_by} <= reporters


def test_every_telephone_number_is_of_the_invented_range():
    phones = [unit.contact_phone for unit in MADE.units if unit.contact_phone]
    assert len(set(phones)) == len(phones)
    assert all(phone.startswith("0371-5550") for phone in phones)


def test_every_role_has_an_account_that_is_shown():
    assert {account.role for account in MADE.accounts if account.shown} == set(Role)
    city_reviewers = [account for account in MADE.accounts if account.role == Role.REVIEWER and account.at == ""]
    assert len(city_reviewers) == 2


@pytest.mark.django_db
def test_the_register_enters_the_database_once_and_is_marked_as_sample():
    city, added = load_register()
    assert city.code == CITY_CODE
    assert added == len(MADE.units)
    assert load_register() == (city, 0)
    hospital = city.children.get(name="杞县").children.first().institutions.get(reported_by=None)
    assert hospital.is_sample
    assert hospital.reports_for.first().region == hospital.region
