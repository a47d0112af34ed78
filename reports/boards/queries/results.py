"""What the board pages read: plans, periods, results, histories, people. Few queries, whatever the number of places."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, prefetch_related_objects

from institutions.enums import InstitutionKind
from institutions.models import Institution
from institutions.queries import reporters_at
from reports.base.enums import UNANSWERED
from reports.boards.queries.places import Subject
from reports.models import Attainment, StatusChange
from reports.models.attainment import AttainmentQuerySet
from targets.models import Anomaly, Clause, Constant, Contact, Plan, Terms, WorkItem
from targets.periods import Quarter

Place = tuple[int, int]  # target id, region id


def current_results(targets: Collection[int], regions: Collection[int], quarter: Quarter) -> QuerySet[Attainment]:
    """Current results (the versions not superseded)."""
    return Attainment.objects.current().of_quarter(quarter).filter(target_id__in=targets, region_id__in=regions)


@dataclass(frozen=True, slots=True)
class PastResult:
    """A result of an earlier quarter, as far as trend and pace need it. value: None where nobody gave a figure."""

    quarter: Quarter
    status: str
    value: Decimal | None
    unreported: bool = False


def history(regions: Collection[int], up_to: Quarter, targets: Collection[int]) -> dict[Place, list[PastResult]]:
    """Current results by target and region up to a quarter, oldest first."""
    found: defaultdict[Place, list[PastResult]] = defaultdict(list)
    for row in up_to_quarter(up_to, targets).filter(region_id__in=regions):
        found[row.target_id, row.region_id or 0].append(past_of(row))
    return found


def history_of_places(
    regions: Collection[int], institutions: Collection[int], up_to: Quarter, targets: Collection[int]
) -> tuple[dict[Place, list[PastResult]], dict[Place, list[PastResult]]]:
    """The same of regions and of institutions, by target and either; one query."""
    of_regions: defaultdict[Place, list[PastResult]] = defaultdict(list)
    of_institutions: defaultdict[Place, list[PastResult]] = defaultdict(list)
    places = Q(region_id__in=regions) | Q(institution_id__in=institutions)
    for row in up_to_quarter(up_to, targets).filter(places):
        found = of_regions[row.target_id, row.region_id] if row.region_id else None
        (of_institutions[row.target_id, row.institution_id or 0] if found is None else found).append(past_of(row))
    return of_regions, of_institutions


def history_of(subject: Subject, up_to: Quarter, target_id: int) -> list[PastResult]:
    """The same of one target in one place."""
    return [past_of(row) for row in up_to_quarter(up_to, [target_id]).about(subject)]


def up_to_quarter(quarter: Quarter, targets: Collection[int]) -> AttainmentQuerySet:
    rows = Attainment.objects.current().filter(target_id__in=targets, quarter__lte=quarter.ordinal)
    needed = ("target_id", "region_id", "institution_id", "quarter", "status", "value", "cause", "units", "given")
    return rows.order_by("quarter").only(*needed)


def past_of(row: Attainment) -> PastResult:
    unreported = row.cause in UNANSWERED or (row.units > 0 and row.given == 0)
    return PastResult(Quarter.from_ordinal(row.quarter), row.status, None if unreported else row.value, unreported)


def items_by_id(plan: Plan) -> dict[int, WorkItem]:
    return {item.pk: item for item in WorkItem.objects.of_plan(plan).select_related("clause")}


def clauses_by_id(plan: Plan) -> dict[int, Clause]:
    return {clause.pk: clause for clause in plan.clauses.all()}


def ancestors(clause: Clause, clauses: dict[int, Clause]) -> list[Clause]:
    """From the top clause down to the clause itself."""
    chain = [clause]
    while chain[0].parent_id and chain[0].parent_id in clauses:
        chain.insert(0, clauses[chain[0].parent_id])
    return chain


def changed_at(targets: Collection[int], regions: Collection[int], quarter: Quarter) -> dict[Place, StatusChange]:
    """The latest change of status of each target and region in a quarter."""
    rows = StatusChange.objects.of_quarter(quarter).filter(target_id__in=targets, region_id__in=regions)
    return {(change.target_id, change.region_id or 0): change for change in rows.order_by("at", "pk")}


def contacts(targets: Collection[int], regions: Collection[int]) -> dict[Place, Contact]:
    rows = Contact.objects.filter(target_id__in=targets, region_id__in=regions)
    return {(contact.target_id, contact.region_id): contact for contact in rows}


def bureaus(regions: Iterable[int], day: date) -> dict[int, Institution]:
    """The bureau of each region that was open on the day and lay there."""
    rows: QuerySet[Any] = Institution.objects.filter(
        Q(closed__isnull=True) | Q(closed__gt=day), kind=InstitutionKind.BUREAU
    ).lying_in(list(regions), day)
    return {bureau.lay_in: bureau for bureau in rows.order_by("-code")}


def sole_reporters(regions: Iterable[int], day: date) -> dict[int, Institution]:
    """The one institution that reports from a region, where there is no other there."""
    here: QuerySet[Any] = Institution.objects.lying_in(list(regions), day)
    found = list(here.filter(pk__in=reporters_at(day).values("pk")))
    units = Counter(unit.lay_in for unit in found)
    return {unit.lay_in: unit for unit in found if units[unit.lay_in] == 1}


@dataclass(frozen=True, slots=True)
class Oddities:
    """What is odd in a document: by target, and by clause where it is said of no single target."""

    of_targets: dict[int, list[str]]
    of_clauses: dict[int, list[str]]

    def about(self, target_id: int, clause_id: int) -> tuple[str, ...]:
        """Of the target, then of its clause as a whole."""
        return (*self.of_targets.get(target_id, ()), *self.of_clauses.get(clause_id, ()))


def oddities(plan: Plan) -> Oddities:
    of_targets: defaultdict[int, list[str]] = defaultdict(list)
    of_clauses: defaultdict[int, list[str]] = defaultdict(list)
    rows = Anomaly.objects.of_plan(plan)
    for target_id, clause_id, text in rows.values_list("target_id", "clause_id", "text"):
        (of_targets[target_id] if target_id else of_clauses[clause_id]).append(text)
    return Oddities(of_targets, of_clauses)


def versions(target_id: int, subject: Subject, quarter: Quarter) -> QuerySet[Attainment]:
    """Every kept version of one result, newest first."""
    return Attainment.objects.about(subject).of_quarter(quarter).filter(target_id=target_id).order_by("-known_from")


def terms_of(target_id: int) -> list[Terms]:
    """Every kept terms of a target, the newest first; with their milestones where there is more than one."""
    found = list(Terms.objects.filter(target=target_id).select_related("made_by").order_by("-effective_from"))
    if len(found) > 1:
        prefetch_related_objects(found, "milestones")
    return found


def constants_of(code: str, regions: Collection[int], years: Collection[int]) -> dict[int, Constant]:
    """The newest official number of each region in these years."""
    rows = Constant.objects.filter(code=code, region_id__in=regions, year__in=years).select_related("entered_by")
    return {row.region_id: row for row in rows.order_by("year")}
