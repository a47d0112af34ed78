"""One dataclass per page; HTML, API and workbook read the same, so that they can never disagree.

page       function        dataclass
board      board_of        Board (a Matrix of rows: Row; cells: Cell; heads: TargetHead, RegionHead, InstitutionHead)
target     target_page     TargetPage
trace      trace_page      TracePage
progress   progress_page   ProgressPage
lagging    lagging_list    LaggingList
preview    preview_page    PreviewPage
"""

from reports.board.cells import (
    Cell,
    Counts,
    InstitutionHead,
    Person,
    PlaceHead,
    PlanHead,
    RegionHead,
    StatusCounts,
    TargetHead,
)
from reports.board.lagging import InstitutionBehind, LaggingEntry, LaggingList, lagging_list
from reports.board.matrix import Board, Filters, Group, Matrix, Row, board_of
from reports.board.official import Official, OfficialNumber
from reports.board.preview import PreviewPage, preview_page
from reports.board.progress import (
    CountyProgress,
    Listing,
    Pile,
    ProgressPage,
    ReturnLine,
    Stand,
    listing_of,
    progress_page,
)
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
    "InstitutionBehind",
    "InstitutionHead",
    "LaggingEntry",
    "LaggingList",
    "Listing",
    "Matrix",
    "MilestonePoint",
    "Official",
    "OfficialNumber",
    "Person",
    "Pile",
    "PlaceHead",
    "PlanHead",
    "PreviewPage",
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
    "listing_of",
    "preview_page",
    "progress_page",
    "switches_for",
    "target_page",
    "trace_page",
]
