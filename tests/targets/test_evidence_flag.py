"""须附佐证材料: from the plan file and the target's page to the target, in force too."""

from datetime import datetime

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel, Role
from targets.actions import plans
from targets.actions.editing import targets
from targets.as_file import latest_terms, target_of
from targets.models import Plan, Target
from targets.plan_file import read
from tests.factories import RegionFactory, person
from tests.targets.small_plan import SMALL

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)
MARKED = SMALL.replace(
    "            indicator: signing-rate\n", "            indicator: signing-rate\n            evidence: true\n"
)


@pytest.fixture(autouse=True)
def city():
    return RegionFactory(code="410200", name="开封市", level=RegionLevel.CITY, kind="city")


def loaded(text):
    plans.load(read(text), by=None, now=NOW)
    return Target.objects.get(code="sm-rate")


def test_plan_file_says_whether_a_file_is_wanted():
    assert (loaded(SMALL).needs_evidence, loaded(MARKED).needs_evidence) == (False, True)


def test_flag_is_written_back_as_the_plan_file_has_it():
    target = loaded(MARKED)
    assert target_of(target, latest_terms(target)).evidence is True


def test_flag_may_change_while_the_plan_is_in_force(city):
    target = loaded(SMALL)
    Plan.objects.update(state="published", published_at=NOW)
    keeper = person(Role.PLAN_ADMIN, city)
    cited = target_of(target, latest_terms(target)).citation
    changed = targets.reword(target, target.name, cited, [], [], keeper, NOW, evidence=True)
    assert changed.needs_evidence is True
    assert targets.reword(changed, target.name, cited, [], [], keeper, NOW).needs_evidence is True
