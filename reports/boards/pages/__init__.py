"""One dataclass per page; HTML, API and workbook read the same, so that they can never disagree.

page       function        dataclass
board      board_of        Board (a Matrix of rows: Row; cells: Cell; heads: TargetHead, RegionHead, InstitutionHead)
target     target_page     TargetPage
trace      trace_page      TracePage
progress   progress_page   ProgressPage
lagging    lagging_list    LaggingList
preview    preview_page    PreviewPage
"""

from reports.boards.pages.cells import (
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
from reports.boards.pages.lagging import InstitutionBehind, LaggingEntry, LaggingList, lagging_list
from reports.boards.pages.matrix import Board, Filters, Group, Matrix, Row, board_of
from reports.boards.pages.official import Official, OfficialNumber
from reports.boards.pages.preview import PreviewPage, preview_page
from reports.boards.pages.progress import (
    CountyProgress,
    Listing,
    Pile,
    ProgressPage,
    ReturnLine,
    Stand,
    listing_of,
    progress_page,
)
from reports.boards.pages.target import MilestonePoint, SeriesPoint, TargetPage, target_page
from reports.boards.pages.trace import TracePage, Version, trace_page
from reports.boards.pages.units import UnitRow, Units

__all__ = [
    "Board",
    "Cell",
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
    "target_page",
    "trace_page",
]
