"""One dataclass per page; HTML, API and workbook read the same, so that they can never disagree.

page       function        dataclass
board      board_of        Board (a Matrix of rows: Row; cells: Cell; heads: TargetHead, RegionHead, InstitutionHead)
target     target_page     TargetPage
trace      trace_page      TracePage
progress   progress_page   ProgressPage
lagging    lagging_list    LaggingList
hints      hint_list       HintList
preview    preview_page    PreviewPage
"""

from reports.boards.pages.cells import (
    Cell,
    ContactPerson,
    Counts,
    InstitutionHead,
    PlaceHead,
    PlanHead,
    RegionHead,
    StatusCounts,
    TargetHead,
)
from reports.boards.pages.hints import HintEntry, HintList, hint_list
from reports.boards.pages.lagging import InstitutionBehind, LaggingEntry, LaggingList, lagging_list
from reports.boards.pages.matrix import Board, BoardFilters, BoardRow, Matrix, RowGroup, board_of
from reports.boards.pages.official import OfficialNumbers, RegionNumber
from reports.boards.pages.preview import PreviewPage, preview_page
from reports.boards.pages.progress import (
    CountyProgress,
    ProgressPage,
    ProgressPile,
    ReturnLine,
    ReturnListing,
    ReturnStanding,
    listing_of,
    progress_page,
)
from reports.boards.pages.target import MilestoneRow, SeriesPoint, TargetPage, target_page
from reports.boards.pages.trace import TracePage, VersionRow, trace_page
from reports.boards.pages.units import UnitRow, Units

__all__ = [
    "Board",
    "BoardFilters",
    "BoardRow",
    "Cell",
    "ContactPerson",
    "Counts",
    "CountyProgress",
    "HintEntry",
    "HintList",
    "InstitutionBehind",
    "InstitutionHead",
    "LaggingEntry",
    "LaggingList",
    "Matrix",
    "MilestoneRow",
    "OfficialNumbers",
    "PlaceHead",
    "PlanHead",
    "PreviewPage",
    "ProgressPage",
    "ProgressPile",
    "RegionHead",
    "RegionNumber",
    "ReturnLine",
    "ReturnListing",
    "ReturnStanding",
    "RowGroup",
    "SeriesPoint",
    "StatusCounts",
    "TargetHead",
    "TargetPage",
    "TracePage",
    "UnitRow",
    "Units",
    "VersionRow",
    "board_of",
    "hint_list",
    "lagging_list",
    "listing_of",
    "preview_page",
    "progress_page",
    "target_page",
    "trace_page",
]
