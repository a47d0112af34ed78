"""滞后清单: the counties that are flagged, with the gap, the need, and who answers for it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from institutions.enums import RegionLevel
from institutions.models import Region
from reports.board.book import Book, pace_of, status_in
from reports.board.cells import Cell, Person, PlanHead, RegionHead, TargetHead
from reports.flags import Ground, Pace, behind_since, ground_of
from reports.models import ReturnPeriod
from reports.queries import board as queries
from targets.models import Plan
from targets.periods import Quarter

LEVELS = list(RegionLevel)


@dataclass(frozen=True, slots=True)
class LaggingEntry:
    """A flagged target of a county.

    since: first quarter of the unbroken run of AMBER or RED; changed_at: when the present status was set.
    What is needed, in all and per quarter left, is on the cell.
    """

    cell: Cell
    ground: Ground
    since: Quarter
    changed_at: datetime | None
    pace: Pace | None
    person: Person | None

    @property
    def target(self) -> TargetHead:
        return self.cell.target

    @property
    def region(self) -> RegionHead:
        return self.cell.region


@dataclass(frozen=True, slots=True)
class LaggingList:
    """entries: by the plan's order of targets, then the register's order of counties."""

    plan: PlanHead
    region: RegionHead
    quarter: Quarter
    entries: tuple[LaggingEntry, ...]

    @property
    def counties(self) -> int:
        return len({entry.region.id for entry in self.entries})

    @property
    def targets(self) -> int:
        return len({entry.target.id for entry in self.entries})


def lagging_list(plan: Plan, region: Region, period: ReturnPeriod) -> LaggingList:
    """The flagged counties of a region, or the county's own flags. A constant number of queries."""
    book = Book.at(plan, Quarter.from_ordinal(period.quarter))
    regions = lowest_judged(plan, region)
    return listed(book, region, regions, book.cells(regions))


def listed(book: Book, region: Region, regions: Sequence[Region], found: Mapping[queries.Place, Cell]) -> LaggingList:
    """Out of cells that were read already; `regions` are those of the lowest judged level."""
    quarter, lowest = book.quarter, {each.pk for each in regions}
    cells = [cell for cell in found.values() if cell.lagging and cell.region.id in lowest]
    past = queries.history([each.pk for each in regions], quarter, {cell.target.id for cell in cells})
    flagged = [
        (cell, ground)
        for cell in cells
        if (ground := ground_of(cell.target.strength, cell.status, before(past, cell, quarter)))
    ]
    return LaggingList(
        plan=PlanHead.of(book.plan),
        region=RegionHead.of(region),
        quarter=quarter,
        entries=tuple(in_order(book, regions, entries_of(book, flagged, past))),
    )


def lowest_judged(plan: Plan, region: Region) -> list[Region]:
    return list(Region.objects.filter(lineage__contains=[region.pk], level=plan.lowest_level))


def before(past: dict[queries.Place, list[queries.Past]], cell: Cell, quarter: Quarter) -> str:
    return status_in(past.get((cell.target.id, cell.region.id), ()), quarter + -1)


def entries_of(
    book: Book, flagged: list[tuple[Cell, Ground]], past: dict[queries.Place, list[queries.Past]]
) -> Iterable[LaggingEntry]:
    targets = {cell.target.id for cell, _ in flagged}
    regions = {cell.region.id for cell, _ in flagged}
    changes = queries.changed_at(targets, regions, book.quarter)
    people = people_for(targets, regions, book.quarter)
    terms = {each.target.pk: each for each in book.terms}
    for cell, ground in flagged:
        place = (cell.target.id, cell.region.id)
        own = past.get(place, [])
        yield LaggingEntry(
            cell=cell,
            ground=ground,
            since=behind_since({each.quarter: each.status for each in own}, book.quarter),
            changed_at=changes[place].at if place in changes else None,
            pace=pace_of(terms[cell.target.id], cell, own),
            person=people.get(place),
        )


def people_for(targets: Iterable[int], regions: Iterable[int], quarter: Quarter) -> dict[queries.Place, Person]:
    """Who answers for each target in each region: the one named for it, else the bureau's contact."""
    targets, regions = list(targets), list(regions)
    named = queries.contacts(targets, regions)
    bureaus = queries.bureaus(regions, quarter.last_day)
    people = {
        (target_id, region_id): Person(bureau.contact_name, bureau.contact_phone)
        for region_id, bureau in bureaus.items()
        for target_id in targets
        if bureau.contact_name or bureau.contact_phone
    }
    return people | {place: Person(contact.name, contact.phone) for place, contact in named.items()}


def in_order(book: Book, regions: Sequence[Region], entries: Iterable[LaggingEntry]) -> list[LaggingEntry]:
    targets = {target_id: place for place, target_id in enumerate(book.heads)}
    places = {region.pk: place for place, region in enumerate(regions)}
    return sorted(entries, key=lambda entry: (targets[entry.target.id], places[entry.region.id]))
