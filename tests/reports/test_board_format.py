"""How a bar is drawn."""

from decimal import Decimal

import pytest

from reports.boards.pages import Counts
from reports.templatetags.board_format import cell_bar, share_bar
from tests.reports.boards.helpers import cell, head


@pytest.mark.parametrize(
    ("unit", "value", "milestone", "share", "line"),
    [
        ("%", 30, 40, "30.0", "40.0"),  # percentages on 0–100
        ("所", 60, 120, "37.5", "75.0"),  # all else with the milestone at three quarters
        ("所", 300, 120, "100.0", "75.0"),
        ("%", -2, 40, "0.0", "40.0"),
        ("%", 30, 0, "30.0", ""),
        ("所", 30, 0, "0.0", ""),
        ("%", 30, None, "0.0", ""),
    ],
)
def test_a_cell_is_drawn_against_its_milestone(unit, value, milestone, share, line):
    drawn = cell(head(unit=unit), value=Decimal(value), milestone=None if milestone is None else Decimal(milestone))
    assert cell_bar(drawn) == {"share": share, "line": line}


def test_what_nobody_reported_has_an_empty_bar_under_its_line():
    silent = cell(value=Decimal(30), milestone=Decimal(40), counts=Counts(units=2, missing=2))
    assert cell_bar(silent) == {"share": "0.0", "line": "40.0"}


def test_a_part_is_drawn_of_its_whole():
    assert (share_bar(1, 8), share_bar(0, 0)) == ({"share": "12.5"}, {"share": "0"})
