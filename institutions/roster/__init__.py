"""Places, units and people as plain rows, before they meet the database."""

from institutions.roster.columns import PEOPLE, PEOPLE_COLUMNS, UNIT_COLUMNS, UNITS, RosterColumn
from institutions.roster.places import LONG_AGO, PlaceRow, UnitSpec, read_places
from institutions.roster.reading import InstitutionRow, PersonRow, Roster, RosterProblem, read_roster, roster_problem
from institutions.roster.writing import Value, draw_roster, value_at

__all__ = [
    "LONG_AGO",
    "PEOPLE",
    "PEOPLE_COLUMNS",
    "UNITS",
    "UNIT_COLUMNS",
    "InstitutionRow",
    "PersonRow",
    "PlaceRow",
    "Roster",
    "RosterColumn",
    "RosterProblem",
    "UnitSpec",
    "Value",
    "draw_roster",
    "read_places",
    "read_roster",
    "roster_problem",
    "value_at",
]
