"""滞后清单: who is on it, since when, and whom to call."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.clock import SHANGHAI
from reports.base.enums import Status
from reports.boards.pages import ContactPerson, lagging_list
from reports.boards.pages.cell_words import gap_text, needed_text
from reports.judging.flags import Ground
from targets.enums import Strength
from targets.models import Terms
from targets.periods import Quarter
from tests.factories import ContactFactory
from tests.factories.results import AttainmentFactory, StatusChangeFactory
from tests.reports.boards.helpers import Q4, everywhere, small_board

pytestmark = pytest.mark.django_db


def result(scene, county, quarter=Q4, target=0, **fields):
    return AttainmentFactory(
        target=scene.targets[target], region=scene.places.counties[county], quarter=quarter.ordinal, **fields
    )


def entries(scene, region=None):
    return lagging_list(scene.plan, region or scene.places.city, scene.period).entries


def test_a_must_target_at_red_flags_its_county_and_no_other():
    scene = small_board(targets=1)
    result(scene, 0, status=Status.RED)
    result(scene, 1, status=Status.GREEN)
    assert [(entry.region.name, entry.ground) for entry in entries(scene)] == [("甲县", Ground.MUST_RED)]


def test_an_aim_at_red_is_flagged_only_in_its_second_quarter():
    scene = small_board(targets=1)
    Terms.objects.update(strength=Strength.AIM)
    result(scene, 0, status=Status.RED)
    assert entries(scene) == ()
    result(scene, 0, Quarter(2023, 3), status=Status.AMBER)
    assert [entry.ground for entry in entries(scene)] == [Ground.TWO_QUARTERS]


def test_the_city_itself_is_not_flagged():
    scene = small_board(targets=1)
    AttainmentFactory(target=scene.targets[0], region=scene.places.city, quarter=Q4.ordinal, status=Status.RED)
    assert entries(scene) == ()


def test_a_county_reads_its_own_flags():
    scene = small_board(targets=1)
    everywhere(scene, status=Status.RED)
    assert [entry.region.name for entry in entries(scene, scene.places.counties[1])] == ["乙县"]


def test_an_entry_says_since_when():
    scene = small_board(targets=1)
    for number in (2, 3):
        result(scene, 0, Quarter(2023, number), status=Status.AMBER)
    result(scene, 0, status=Status.RED)
    at = datetime(2024, 1, 16, 0, 1, tzinfo=SHANGHAI)
    StatusChangeFactory(target=scene.targets[0], region=scene.places.counties[0], quarter=Q4.ordinal, at=at)
    entry = entries(scene)[0]
    assert (entry.since, entry.changed_at) == (Quarter(2023, 2), at)


def test_an_entry_says_the_gap_and_the_need_in_all_and_a_quarter():
    scene = small_board(targets=1)
    lacking = {"value": Decimal("33.3333"), "milestone": Decimal(50), "needed_units": Decimal(3)}
    result(scene, 0, status=Status.RED, milestone_due=date(2024, 12, 31), **lacking)
    cell = entries(scene)[0].cell
    assert (gap_text(cell), needed_text(cell), cell.per_quarter) == ("差 16.67 个百分点", "需 3 家", 1)


def test_the_person_named_for_the_target_goes_before_the_bureaus():
    scene = small_board(targets=2)
    for target in (0, 1):
        result(scene, 0, target=target, status=Status.RED)
    ContactFactory(target=scene.targets[0], region=scene.places.counties[0])
    assert [entry.person for entry in entries(scene)] == [
        ContactPerson("李四", "0371-55500001"),
        ContactPerson("张三", "0371-55500000"),
    ]


def test_the_list_runs_by_target_and_then_by_county():
    scene = small_board(targets=2)
    everywhere(scene, status=Status.RED)
    found = lagging_list(scene.plan, scene.places.city, scene.period)
    assert [(entry.target.name, entry.region.name) for entry in found.entries] == [
        ("目标0", "甲县"), ("目标0", "乙县"), ("目标1", "甲县"), ("目标1", "乙县"),
    ]  # fmt: skip
    assert (found.places, found.targets) == (2, 2)
