"""The figure of a target page, as plain values."""

from decimal import Decimal

import pytest

from reports.base.enums import Cause, Status
from reports.boards import charts
from reports.boards.pages import target_page
from targets.periods import Quarter
from tests.factories.results import AttainmentFactory
from tests.reports.boards.helpers import Q4, TODAY, everywhere, small_board

pytestmark = pytest.mark.django_db


def figure(scene):
    page = target_page(scene.plan, scene.targets[0].pk, scene.places.city, scene.period, TODAY)
    return charts.series(page)


def drawn(scene, name):
    return next(trace for trace in figure(scene)["data"] if trace["name"] == name)


def test_values_stand_at_their_quarters_and_the_rest_is_empty():
    scene = small_board(targets=1)
    everywhere(scene, Quarter(2023, 3), value=Decimal(30))
    everywhere(scene, value=Decimal("38.5"))
    trace = drawn(scene, "完成值")
    assert list(trace["x"])[:5] == ["2023.1", "2023.2", "2023.3", "2023.4", "2024.1"]
    assert list(trace["y"])[:5] == [None, None, 30.0, 38.5, None]


def test_a_quarter_nobody_reported_is_a_hole_and_not_a_zero():
    scene = small_board(targets=1)
    everywhere(scene, status=Status.RED, cause=Cause.UNREPORTED, value=Decimal(0))
    assert list(drawn(scene, "完成值")["y"])[3] is None


def test_large_numbers_are_written_in_thousands():
    scene = small_board(targets=1)
    everywhere(scene)
    assert figure(scene)["layout"]["yaxis"]["tickformat"] == ",~f"


def test_a_points_shape_says_what_its_colour_says():
    scene = small_board(targets=1)
    everywhere(scene, Quarter(2023, 3), status=Status.RED)
    everywhere(scene, status=Status.AMBER)
    marker = drawn(scene, "完成值")["marker"]
    assert list(marker["symbol"])[2:5] == ["x", "triangle-up", "circle-open"]
    assert list(marker["color"])[2:4] == ["#b3261e", "#c98a00"]


def test_the_schedule_is_drawn_for_the_whole_year_of_its_milestone():
    scene = small_board(targets=1)
    everywhere(scene)
    assert list(drawn(scene, "进度要求")["y"])[:5] == [10.0, 20.0, 30.0, 40.0, None]


def test_milestones_carry_their_value():
    scene = small_board(targets=1)
    everywhere(scene)
    trace = drawn(scene, "节点目标")
    assert (list(trace["x"]), list(trace["y"]), list(trace["text"])) == (["2023.4"], [40.0], ["40%"])


def test_a_target_not_allotted_and_without_results_has_no_figure():
    scene = small_board(targets=1)
    scene.targets[0].terms.get().milestones.all().delete()
    assert figure(scene) == {}


def test_a_single_result_is_enough_for_a_figure():
    scene = small_board(targets=1)
    AttainmentFactory(target=scene.targets[0], region=scene.places.city, quarter=Q4.ordinal)
    assert [trace["name"] for trace in figure(scene)["data"]] == ["进度要求", "节点目标", "完成值"]
