"""What an uploaded register would do: planned in full and shown before anything is written.

`preview_register` reads the register as it stands and gives a `RegisterPreview`: a line a unit or person, every
problem, and the steps that `institutions.actions.enrolment` takes when the administrator confirms. Previews of one
`fingerprint` do the same.
"""

from datetime import date

from django.utils.translation import gettext as _

from institutions.enums import Role
from institutions.models import Institution, User
from institutions.preview.known import Register
from institutions.preview.people import by_person, people_problems, person_rows, person_step
from institutions.preview.steps import RegisterPreview
from institutions.preview.units import unit_problems, unit_row, unit_step
from institutions.quarters import kept_quarters
from institutions.queries import administered_paths, administered_people, with_posts
from institutions.roster import (
    PEOPLE,
    PEOPLE_COLUMNS,
    UNIT_COLUMNS,
    UNITS,
    InstitutionRow,
    PersonRow,
    Roster,
    RosterColumn,
    Value,
    value_at,
)


def preview_register(roster: Roster, by: User, today: date) -> RegisterPreview:
    register = Register(roster, by, kept_quarters(today))
    return RegisterPreview(
        units=[unit_step(row, register) for row in roster.units],
        people=[person_step(rows, register) for rows in by_person(roster.people)],
        problems=sorted(
            [*roster.problems, *unit_problems(roster, register), *people_problems(roster, register)],
            key=lambda found: (found.sheet != UNITS, found.row, len(found.column), found.column),
        ),
        unread=roster.unread,
        waiting=waiting_rows(roster, register),
    )


def waiting_rows(roster: Roster, register: Register) -> list[str]:
    """Once for every row of 机构 with a problem, who waits on it: that is not a problem of theirs."""
    found: dict[str, list[str]] = {}
    for unit in roster.units:
        for code in {unit.reported_by, unit.merged_into} - {""}:
            if register.waits(code):
                found.setdefault(code, []).append(f"{UNITS}!{unit.row}")
    for person in roster.people:
        if person.role == Role.REPORTER and register.waits(person.at):
            found.setdefault(person.at, []).append(f"{PEOPLE}!{person.row}")
    return [
        _("“机构”表第 %(row)d 行（%(code)s）改好后再核对：%(rows)s。")
        % {"row": roster.broken[UNITS][code], "code": code, "rows": "、".join(rows)}
        if code in roster.broken[UNITS]
        else _("“机构”表读出后再核对 %(code)s：%(rows)s。") % {"code": code, "rows": "、".join(rows)}
        for code, rows in found.items()
    ]


def values_of(row: InstitutionRow | PersonRow, columns: tuple[RosterColumn, ...]) -> list[Value]:
    return [value_at(row, column) for column in columns]


def register_rows(by: User) -> tuple[list[list[Value]], list[list[Value]], list[str]]:
    """The units and the people of the administrator's regions, and the names of those regions, for `roster.draw`."""
    paths = administered_paths(by)
    units = Institution.objects.filter(region__in=paths).select_related("reported_by", "merged_into")
    people = with_posts(administered_people(by).filter(memberships__isnull=False).distinct())
    return (
        [values_of(unit_row(unit, paths), UNIT_COLUMNS) for unit in units],
        [values_of(row, PEOPLE_COLUMNS) for person in people for row in person_rows(person, paths)],
        sorted(paths.values()),
    )
