"""Places, units and people as plain rows, before they meet the database."""

from institutions.roster.columns import PEOPLE, PEOPLE_COLUMNS, UNIT_COLUMNS, UNITS, Column
from institutions.roster.places import LONG_AGO, Place, Unit, read_places
from institutions.roster.reading import PersonRow, Problem, Roster, UnitRow, problem, read
from institutions.roster.writing import Value, draw, value_at

__all__ = [
    "LONG_AGO",
    "PEOPLE",
    "PEOPLE_COLUMNS",
    "UNITS",
    "UNIT_COLUMNS",
    "Column",
    "PersonRow",
    "Place",
    "Problem",
    "Roster",
    "Unit",
    "UnitRow",
    "Value",
    "draw",
    "problem",
    "read",
    "read_places",
    "value_at",
]
