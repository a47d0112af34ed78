"""滞后清单: the places that are flagged, with the gap, the need, and who answers for it.

Flagged are the lowest judged regions; and a county that has some below it, for what none of these is judged by.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from institutions.enums import RegionLevel
from institutions.models import Region
from institutions.queries import regions_within
from reports.base.enums import Status
from reports.boards.pages.cells import LAGGING, Cell, ContactPerson, PlanHead, RegionHead, TargetHead, level_word
from reports.boards.pages.plan_quarter import PlaceColumn, PlanQuarter, pace_of, status_in
from reports.boards.queries import results as queries
from reports.judging.flags import Ground, Pace, behind_since, ground_of
from reports.models import ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter

History = Mapping[queries.Place, Sequence[queries.PastResult]]


@dataclass(frozen=True, slots=True)
class InstitutionBehind:
    """An institution that lags by itself, under the flag of its region."""

    cell: Cell
    person: ContactPerson | None


@dataclass(frozen=True, slots=True)
class LaggingEntry:
    """A flagged target of a region.

    since: first quarter of the unbroken run of AMBER or RED; changed_at: when the present status was set.
    What is needed, in all and per quarter left, is on the cell. institutions: where the plan judges these too.
    """

    cell: Cell
    ground: Ground
    since: Quarter
    changed_at: datetime | None
    pace: Pace | None
    person: ContactPerson | None
    institutions: tuple[InstitutionBehind, ...] = ()

    @property
    def target(self) -> TargetHead:
        return self.cell.target

    @property
    def region(self) -> RegionHead:
        return self.cell.region


class PlaceEntry(Protocol):
    """A target of a region, with what a list says of it."""

    @property
    def target(self) -> TargetHead: ...

    @property
    def region(self) -> RegionHead: ...


Entry = TypeVar("Entry", bound=PlaceEntry)


@dataclass(frozen=True, slots=True)
class PlaceList(Generic[Entry]):
    """Targets of the regions in a region. level: the lowest judged."""

    plan: PlanHead
    region: RegionHead
    quarter: Quarter
    level: str
    entries: tuple[Entry, ...]

    @property
    def places(self) -> int:
        return len({entry.region.id for entry in self.entries})

    @property
    def targets(self) -> int:
        return len({entry.target.id for entry in self.entries})

    @property
    def place_word(self) -> str:
        """县区 or 乡镇街道; 地区 where they are of more than one level."""
        levels = {entry.region.level for entry in self.entries} or {self.level}
        return level_word(levels.pop()) if len(levels) == 1 else _("地区")


@dataclass(frozen=True, slots=True)
class LaggingList(PlaceList[LaggingEntry]):
    """entries: by the plan's order of targets, then the register's order of regions."""

    @property
    def with_institutions(self) -> bool:
        return any(entry.institutions for entry in self.entries)


def lagging_list(plan: Plan, region: Region, period: ReturnPeriod) -> LaggingList:
    """The flags in a region. A constant number of queries."""
    plan_quarter = PlanQuarter.at(plan, Quarter.from_ordinal(period.quarter))
    regions = flaggable_regions(plan, region, plan_quarter.quarter)
    return list_lagging(plan_quarter, region, regions, plan_quarter.columns(regions))


def list_lagging(
    plan_quarter: PlanQuarter, region: Region, regions: Sequence[Region], columns: Iterable[PlaceColumn]
) -> LaggingList:
    """Out of columns that were read already; `regions` are those that may be flagged."""
    known = {each.pk for each in regions}
    cells = [cell for column in columns if column.region.id in known for cell in column.cells.values()]
    below = judged_below(plan_quarter.plan, regions, cells)
    lagging = [cell for cell in cells if cell.lagging and (cell.target.id, cell.region.id) not in below]
    past = queries.history(known, plan_quarter.quarter, {cell.target.id for cell in lagging})
    flagged = [
        (cell, ground)
        for cell in lagging
        if (ground := ground_of(cell.target.strength, cell.status, statuses_before(past, cell, plan_quarter.quarter)))
    ]
    return LaggingList(
        plan=PlanHead.of(plan_quarter.plan),
        region=RegionHead.of(region),
        quarter=plan_quarter.quarter,
        level=plan_quarter.plan.lowest_level,
        entries=tuple(in_order(plan_quarter, regions, entries_of(plan_quarter, region, regions, flagged, past))),
    )


def flagged_levels(plan: Plan) -> set[str]:
    return {plan.lowest_level, *({RegionLevel.COUNTY.value} & set(plan.judged_levels))}


def flaggable_regions(plan: Plan, region: Region, quarter: Quarter) -> list[Region]:
    """As they were when the quarter ended, the higher first."""
    found = regions_within(region.pk, quarter.last_day).filter(region__level__in=flagged_levels(plan))
    return found.highest_first().shown()


def judged_below(plan: Plan, regions: Iterable[Region], cells: Iterable[Cell]) -> set[queries.Place]:
    """What is judged in a region below: it is that one's flag, not the county's."""
    lineages = {region.pk: region.lineage[:-1] for region in regions if region.level == plan.lowest_level}
    return {
        (cell.target.id, above)
        for cell in cells
        if cell.status != Status.NOT_APPLICABLE
        for above in lineages.get(cell.region.id, ())
    }


def statuses_before(past: History, cell: Cell, quarter: Quarter) -> str:
    return status_in(past.get((cell.target.id, cell.region.id), ()), quarter - 1)


def entries_of(
    plan_quarter: PlanQuarter,
    region: Region,
    regions: Sequence[Region],
    flagged: list[tuple[Cell, Ground]],
    past: History,
) -> Iterable[LaggingEntry]:
    targets = {cell.target.id for cell, _ground in flagged}
    places = {cell.region.id for cell, _ground in flagged}
    changes = queries.changed_at(targets, places, plan_quarter.quarter)
    people = people_for(targets, places, plan_quarter.quarter)
    institutions = institutions_behind(plan_quarter, region, regions, targets)
    terms = {each.target.pk: each for each in plan_quarter.terms}
    for cell, ground in flagged:
        place = (cell.target.id, cell.region.id)
        own = past.get(place, [])
        yield LaggingEntry(
            cell=cell,
            ground=ground,
            since=behind_since({each.quarter: each.status for each in own}, plan_quarter.quarter),
            changed_at=changes[place].at if place in changes else None,
            pace=pace_of(terms[cell.target.id], cell, own),
            person=people.get(place),
            institutions=tuple(institutions.get(place, ())),
        )


def institutions_behind(
    plan_quarter: PlanQuarter, region: Region, regions: Sequence[Region], targets: set[int]
) -> dict[queries.Place, list[InstitutionBehind]]:
    """By target and region to be flagged, in the register's order."""
    lowest = {each.pk for each in regions if each.level == plan_quarter.plan.lowest_level}
    found: defaultdict[queries.Place, list[InstitutionBehind]] = defaultdict(list)
    for column in plan_quarter.columns_within(region, everywhere=True, targets=targets, statuses=LAGGING):
        home = next((pk for pk in column.lineage if pk in lowest), column.region.id)
        for cell in column.cells.values():
            found[cell.target.id, home].append(InstitutionBehind(cell, column.contact))
    return found


def people_for(targets: Iterable[int], regions: Iterable[int], quarter: Quarter) -> dict[queries.Place, ContactPerson]:
    """Who answers for each target in each region: the one named for it, else the contact of the bureau, or of the one
    institution that reports from a place without a bureau."""
    targets, regions = list(targets), list(regions)
    named = queries.contacts(targets, regions)
    contacts = queries.bureaus(regions, quarter.last_day)
    if alone := set(regions) - set(contacts):
        contacts |= queries.sole_reporters(alone, quarter.last_day)
    people = {
        (target_id, region_id): person
        for region_id, institution in contacts.items()
        for target_id in targets
        if (person := ContactPerson.of(institution))
    }
    return people | {place: ContactPerson(contact.name, contact.phone) for place, contact in named.items()}


def in_order(plan_quarter: PlanQuarter, regions: Sequence[Region], entries: Iterable[Entry]) -> list[Entry]:
    """By the plan's order of targets, then the register's order of regions."""
    targets = {target_id: place for place, target_id in enumerate(plan_quarter.heads)}
    places = {region.pk: place for place, region in enumerate(regions)}
    return sorted(entries, key=lambda entry: (targets[entry.target.id], places[entry.region.id]))
