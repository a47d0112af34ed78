"""What the register knows of the codes, names and places that a workbook speaks of."""

from dataclasses import replace
from datetime import date
from functools import cached_property

from institutions.enums import Ownership, RegionLevel, Role
from institutions.identity import fold_name
from institutions.models import Institution, Region, User
from institutions.quarters import KeptQuarters
from institutions.queries import (
    administered_paths,
    administered_people,
    administered_places,
    units_by_name_and_place,
    with_posts,
)
from institutions.roster import LONG_AGO, UNITS, InstitutionRow, Roster


class Register:
    """What the database knows of the codes, names and places that the workbook speaks of. A handful of queries."""

    def __init__(self, roster: Roster, by: User, quarters: KeptQuarters) -> None:
        self.roster, self.by, self.quarters = roster, by, quarters
        self.rows = {row.code: row for row in reversed(roster.units)}

    @cached_property
    def paths(self) -> dict[int, str]:
        return administered_paths(self.by)

    @cached_property
    def regions(self) -> dict[str, Region]:
        return administered_places(self.by)

    @cached_property
    def units(self) -> dict[str, Institution]:
        codes = {code for row in self.roster.units for code in (row.code, row.reported_by, row.merged_into)}
        codes |= {row.at for row in self.roster.people if row.role == Role.REPORTER}
        known = Institution.objects.select_related("region", "reported_by", "merged_into")
        known = known.prefetch_related("placements", "former_reporters")
        return {unit.code: unit for unit in known.filter(code__in=codes)}

    @cached_property
    def people(self) -> dict[str, User]:
        named = User.objects.filter(username__in={row.username for row in self.roster.people})
        return {person.username: person for person in with_posts(named)}

    @cached_property
    def own_people(self) -> set[int]:
        ids = [person.pk for person in self.people.values()]
        return set(administered_people(self.by).filter(pk__in=ids).values_list("pk", flat=True))

    @cached_property
    def spoken_for(self) -> set[str]:
        """Codes of units that carry the lines of others which the workbook does not mention."""
        others = Institution.objects.filter(reported_by__code__in=self.rows).exclude(code__in=self.rows)
        return set(others.values_list("reported_by__code", flat=True))

    @cached_property
    def lines(self) -> dict[str, list[Institution]]:
        """By the code of each unit that closes: those whose lines it carries."""
        closing = [row.code for row in self.roster.units if row.closed]
        found: dict[str, list[Institution]] = {}
        known = Institution.objects.filter(reported_by__code__in=closing).select_related("reported_by").order_by("code")
        for unit in known:
            found.setdefault(unit.reported_by.code if unit.reported_by else "", []).append(unit)
        return found

    def days_of(self, code: str) -> tuple[date, date | None]:
        """When the unit opened and closed, as the workbook says or as it stands."""
        row, unit = self.rows.get(code), self.units.get(code)
        if row:
            row = settle_row(row, unit, self.quarters)
            return row.opened or LONG_AGO, row.closed
        return (unit.opened, unit.closed) if unit else (LONG_AGO, None)

    def day_of_hand_over(self, row: InstitutionRow) -> date | None:
        """The row's day; else that on which the unit that reported until now closes."""
        before = self.units.get(row.code)
        held_by = before.reported_by.code if before and before.reported_by else ""
        return row.moved_on or (self.rows[held_by].closed if held_by in self.rows else None)

    def lines_left(self, row: InstitutionRow) -> list[str]:
        """The names of the units that a closing unit still carries on its day, by the rows of the workbook where it
        has them."""
        left = [unit for unit in self.lines.get(row.code, []) if self.rows.get(unit.code, None) is None]
        names = [unit.name for unit in left if unit.closed is None or (row.closed and unit.closed > row.closed)]
        return names + [
            each.name
            for each in self.roster.units
            if each.reported_by == row.code and (each.closed is None or (row.closed and each.closed > row.closed))
        ]

    @cached_property
    def namesakes(self) -> dict[tuple[str, int], list[tuple[str, str]]]:
        """Code and name of what is called the same at the same place: the register's units and the new ones."""
        found = units_by_name_and_place(self.paths)
        for row in self.roster.units:
            if row.code not in self.units and row.place in self.regions:
                found.setdefault((fold_name(row.name), self.regions[row.place].pk), []).append((row.code, row.name))
        return found

    @cached_property
    def with_townships(self) -> set[int]:
        """Regions below which the register knows townships."""
        townships = [region for region in self.regions.values() if region.level == RegionLevel.TOWNSHIP]
        return {pk for region in townships for pk in region.lineage if pk != region.pk}

    def waits(self, code: str) -> bool:
        """What the row of this unit says could not be read, and the register has no such unit."""
        units = self.roster
        return code not in self.units and (code in units.broken[UNITS] or UNITS in units.lost)

    def has_unit(self, code: str) -> bool:
        """In the administrator's regions, or about to be."""
        unit = self.units.get(code)
        return unit.region_id in self.paths if unit else code in self.rows

    def unit_of(self, code: str) -> Institution | None:
        """As it stands, of whatever code; one that the workbook does not name is looked up."""
        if code not in self.units:
            known = Institution.objects.select_related("reported_by", "merged_into").filter(code=code).first()
            if known is None:
                return None
            self.units[code] = known
        return self.units[code]

    def end_of_lines(self, row: InstitutionRow) -> tuple[str, date] | None:
        """The unit after which nobody reports for those that a closing unit reported for, and its last day; by the
        same way as `reporting.successors_of`. None where somebody always does, or a row of the way is not read."""
        code, passed = row.code, set[str]()
        while code not in passed and not self.waits(code):
            passed.add(code)
            said, unit = self.rows.get(code), self.unit_of(code)
            closed = said.closed if said else unit.closed if unit else None
            if closed is None:
                return None
            kept = unit.merged_into.code if unit and unit.merged_into else ""
            merged = said.merged_into if said else kept
            if not merged:
                return code, closed
            self.unit_of(merged)
            code = self.reporter_of(merged) or merged
        return None

    def reporter_of(self, code: str) -> str:
        """The code of the unit that will report for this one."""
        if code in self.rows:
            return self.rows[code].reported_by
        unit = self.units.get(code)
        return unit.reported_by.code if unit and unit.reported_by else ""


def settle_row(row: InstitutionRow, before: Institution | None, quarters: KeptQuarters) -> InstitutionRow:
    """A blank kept what it was; a new unit is public and open from the quarter on that is filled in now."""
    return replace(
        row,
        ownership=row.ownership or (before.ownership if before else Ownership.PUBLIC),
        opened=row.opened or (before.opened if before else quarters.open_from),
    )
