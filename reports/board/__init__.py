"""One dataclass per page; HTML, API and workbook read the same, so that they can never disagree.

page       function        dataclass
board      board_of        Board (rows: Row; cells: Cell; heads: TargetHead, RegionHead)
target     target_page     TargetPage
trace      trace_page      TracePage
progress   progress_page   ProgressPage
lagging    lagging_list    LaggingList
"""

from reports.board.cells import Cell, Counts, Person, PlanHead, RegionHead, StatusCounts, TargetHead
from reports.board.lagging import LaggingEntry, LaggingList, lagging_list
from reports.board.matrix import Board, Filters, Group, Row, board_of
from reports.board.progress import CountyProgress, ProgressPage, ReturnLine, Stand, progress_page
from reports.board.switches import Choice, Switches, switches_for
from reports.board.target import MilestonePoint, SeriesPoint, TargetPage, target_page
from reports.board.trace import TracePage, Version, trace_page
from reports.board.units import UnitRow, Units

__all__ = [
    "Board",
    "Cell",
    "Choice",
    "Counts",
    "CountyProgress",
    "Filters",
    "Group",
    "LaggingEntry",
    "LaggingList",
    "MilestonePoint",
    "Person",
    "PlanHead",
    "ProgressPage",
    "RegionHead",
    "ReturnLine",
    "Row",
    "SeriesPoint",
    "Stand",
    "StatusCounts",
    "Switches",
    "TargetHead",
    "TargetPage",
    "TracePage",
    "UnitRow",
    "Units",
    "Version",
    "board_of",
    "lagging_list",
    "progress_page",
    "switches_for",
    "target_page",
    "trace_page",
]
