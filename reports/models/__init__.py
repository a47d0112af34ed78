from reports.models.attainment import Attainment, FlagChange, RecomputeStep, StaleParent, Tally
from reports.models.export import Export
from reports.models.submission import Entry, Figure, ReturnPeriod, Round, Submission

__all__ = [
    "Attainment",
    "Entry",
    "Export",
    "Figure",
    "FlagChange",
    "RecomputeStep",
    "ReturnPeriod",
    "Round",
    "StaleParent",
    "Submission",
    "Tally",
]
