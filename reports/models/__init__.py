"""What is stored: returns and their rounds, what is kept around them, results, and what was given out."""

from reports.models.attainment import Attainment, RecomputeStep, StaleParent, StatusChange, Tally
from reports.models.export import Export
from reports.models.handling import (
    Correction,
    Evidence,
    Explanation,
    Extension,
    Notice,
    Remark,
    Reminder,
    SpotCheck,
)
from reports.models.submission import Entry, Figure, ReturnPeriod, Round, Submission

__all__ = [
    "Attainment",
    "Correction",
    "Entry",
    "Evidence",
    "Explanation",
    "Export",
    "Extension",
    "Figure",
    "Notice",
    "RecomputeStep",
    "Remark",
    "Reminder",
    "ReturnPeriod",
    "Round",
    "SpotCheck",
    "StaleParent",
    "StatusChange",
    "Submission",
    "Tally",
]
