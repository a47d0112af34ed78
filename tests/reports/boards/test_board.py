"""What the board holds, without HTML."""

from decimal import Decimal

import pytest

from reports.base.enums import Cause, Status
from reports.boards.pages import BoardFilters, board_of
from reports.boards.pages.cell_words import pace_text
from reports.scope.queries import last_due, periods_of
from targets.periods import Quarter
from tests.factories import ReturnPeriodFactory
from tests.factories.results import AttainmentFactory
from tests.reports.boards.helpers import Q4, TODAY, everywhere, small_board, state_target

pytestmark = pytest.mark.django_db


def board(scene, region=None, **filters):
    return board_of(scene.plan, region or scene.places.city, scene.period, TODAY, BoardFilters(**filters))


def test_a_city_has_a_column_for_each_county():
    scene = small_board(counties=3)
    everywhere(scene)
    made = board(scene)
    assert [column.name for column in made.columns] == ["甲县", "乙县", "丙县"]
    assert [row.target.name for row in made.rows] == ["目标0", "目标1"]
    assert [[cell.region.name for cell in row.cells] for row in made.rows] == [["甲县", "乙县", "丙县"]] * 2


def test_a_county_has_no_columns_but_its_returns():
    scene = small_board()
    everywhere(scene)
    made = board(scene, scene.places.counties[0])
    assert made.columns == ()
    assert made.rows[0].whole.region.name == "甲县"
    assert made.returns == ()


def test_what_is_not_judged_in_a_county_is_a_blank_cell():
    scene = small_board(targets=1)
    AttainmentFactory(target=scene.targets[0], region=scene.places.city, quarter=Q4.ordinal)
    assert [cell.judged for cell in board(scene).rows[0].cells] == [False, False]


def test_a_target_judged_nowhere_this_quarter_has_no_row():
    scene = small_board(targets=2)
    AttainmentFactory(target=scene.targets[1], region=scene.places.counties[0], quarter=Q4.ordinal)
    assert [row.target.name for row in board(scene).rows] == ["目标1"]


def test_only_the_version_in_force_is_shown():
    scene = small_board(targets=1)
    known = {"target": scene.targets[0], "region": scene.places.city, "quarter": Q4.ordinal}
    first = AttainmentFactory(**known, status=Status.RED)
    first.superseded_on = first.known_from.replace(day=28)
    first.save()
    AttainmentFactory(**known, status=Status.MET, known_from=first.superseded_on)
    assert board(scene).rows[0].whole.status == Status.MET


def test_counts_are_the_regions_own_and_before_any_filter():
    scene = small_board(targets=2)
    everywhere(scene)
    scene.targets[0].attainments.filter(region=scene.places.city).update(status=Status.RED)
    made = board(scene, status=Status.MET)
    assert (made.counts.judged, made.counts.lagging, made.total) == (2, 1, 2)
    assert made.groups == ()


def test_qualitative_items_are_kept_apart():
    scene = small_board(targets=1)
    scene.targets.append(state_target(scene.plan))
    everywhere(scene)
    made = board(scene)
    assert [row.target.name for row in made.rows] == ["目标0"]
    assert [row.target.name for group in made.qualitative for row in group.rows] == ["加强组织领导"]
    assert (made.counts.judged, made.qualitative_counts.judged) == (1, 1)


def test_rows_stand_under_the_second_level_of_clauses_or_under_topics():
    scene = small_board(targets=2)
    everywhere(scene)
    assert [group.label for group in board(scene).groups] == ["（0） 任务0", "（1） 任务1"]
    assert [group.label for group in board(scene, by="topic").groups] == ["主题0", "主题1"]


def test_filters_take_rows_by_status_of_the_region_by_topic_and_by_any_lagging_cell():
    scene = small_board(targets=2)
    everywhere(scene)
    scene.targets[0].attainments.filter(region=scene.places.city).update(status=Status.MET)
    scene.targets[1].attainments.filter(region=scene.places.counties[1]).update(status=Status.AMBER)
    assert [row.target.name for row in board(scene, status=Status.MET).rows] == ["目标0"]
    assert [row.target.name for row in board(scene, lagging=True).rows] == ["目标1"]
    assert [row.target.name for row in board(scene, topic="主题1").rows] == ["目标1"]
    key = board(scene).clauses[0].value
    assert [row.target.name for row in board(scene, clause=key).rows] == ["目标0"]


def test_each_county_says_how_many_of_its_targets_lag():
    scene = small_board(targets=2)
    everywhere(scene)
    scene.targets[0].attainments.filter(region=scene.places.counties[1]).update(status=Status.RED)
    assert board(scene).column_lagging == (0, 1)


def test_the_status_before_and_the_pace_come_from_earlier_quarters():
    scene = small_board(targets=1)
    everywhere(scene, Quarter(2023, 3), status=Status.AMBER, value=Decimal(30))
    everywhere(scene, value=Decimal(38), milestone=Decimal(50), milestone_due="2024-12-31")
    row = board(scene).rows[0]
    assert row.before == Status.AMBER
    assert (row.pace.needed, row.pace.recent, row.pace.quarters_left) == (3, 8, 4)
    assert pace_text(row.pace, row.whole) == "还需每季 +3 个百分点（近期平均每季 +8 个百分点）"


def test_units_without_an_answer_are_counted_where_they_hold_a_result_back():
    scene = small_board(targets=1)
    everywhere(scene, status=Status.AMBER, cause=Cause.MISSING_UNITS, left_out=2, missing=3, reported=7)
    assert board(scene).rows[0].whole.badge.word == "滞后 缺2家"


def test_the_board_opens_with_the_last_quarter_whose_due_day_is_over():
    scene = small_board()
    open_now = ReturnPeriodFactory(quarter=Quarter(2024, 1).ordinal, due_on="2024-04-15", review_by="2024-04-22")
    periods = periods_of(scene.plan)
    assert last_due(periods, TODAY) == scene.period
    assert last_due(periods, TODAY.replace(day=15)) == scene.period
    assert last_due(periods, TODAY.replace(day=16)) == open_now


def test_before_any_due_day_the_board_opens_with_the_first_quarter():
    scene = small_board()
    assert last_due([scene.period], scene.period.due_on) == scene.period
    assert last_due([], TODAY) is None
