"""All five plans in one database: one catalogue, each plan's own targets."""

from datetime import datetime
from pathlib import Path

import pytest

from institutions.clock import SHANGHAI
from targets.actions import plans
from targets.models import Plan, Target
from targets.plan_file import read
from tests.factories import InstitutionFactory, RegionFactory

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "plans"
CODES = ["guanyun-2019", "kaifeng-2023-2025", "nanchang-2021", "wuzhong-2019", "xinhui-2017-2018"]
NOW = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)
SHARED = {
    "alliance-rate": {"nanchang-2021", "wuzhong-2019"},
    "community-standardised-rate": {"kaifeng-2023-2025", "xinhui-2017-2018"},
    "key-group-signing-rate": {"guanyun-2019", "wuzhong-2019"},
}


@pytest.fixture(scope="module")
def files():
    return {code: read(FOLDER / f"{code}.yaml") for code in CODES}


def bring_in(files, order):
    for file in files.values():
        RegionFactory(code=file.header.issuer)
    named = {code for file in files.values() for _, _, target in file.targets() for code in target.units}
    for code in sorted(named):
        InstitutionFactory(code=code)
    for code in order:
        plans.publish(plans.load(files[code], by=None, now=NOW).plan, by=None, now=NOW)


def test_every_file_is_without_problems(files):
    assert {code: file.problems for code, file in files.items()} == dict.fromkeys(CODES, ())


@pytest.mark.django_db
def test_plans_share_one_catalogue_and_loading_again_changes_nothing(files):
    bring_in(files, CODES[::-1])
    assert set(Plan.objects.values_list("code", "state")) == {(code, "published") for code in CODES}
    by_indicator = {
        code: set(Target.objects.filter(indicator__code=code).values_list("plan__code", flat=True)) for code in SHARED
    }
    assert by_indicator == SHARED
    assert not any(plans.load(files[code], by=None, now=NOW).changed for code in CODES)
