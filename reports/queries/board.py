"""What the board pages read: plans, periods, results, histories, people. Few queries, whatever the number of places."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from institutions.enums import InstitutionKind
from institutions.models import Institution, Region
from reports.enums import Cause
from reports.models import Attainment, FlagChange, ReturnPeriod
from targets.enums import PlanState
from targets.models import Anomaly, Clause, Contact, Plan, WorkItem
from targets.periods import Quarter

Place = tuple[int, int]  # target id, region id


def plans_judging(region: Region) -> QuerySet[Plan]:
    """Plans in force or closed that a region or one above it issued, newest first."""
    return Plan.objects.exclude(state=PlanState.DRAFT).filter(issuer__in=region.lineage).select_related("issuer")


def plans_below(region: Region) -> QuerySet[Plan]:
    """Plans that places below have issued: what a province opens with that has none of its own."""
    found = Plan.objects.exclude(state=PlanState.DRAFT).filter(issuer__lineage__contains=[region.pk])
    return found.select_related("issuer")


def periods_of(plan: Plan) -> list[ReturnPeriod]:
    """The opened quarters of a plan, oldest first."""
    first, last = Quarter.of(plan.first_day), Quarter.of(plan.closed_on or date.max)
    return list(ReturnPeriod.objects.filter(quarter__range=(first.ordinal, last.ordinal)).order_by("quarter"))


def last_due(periods: Collection[ReturnPeriod], today: date) -> ReturnPeriod | None:
    """The newest period whose due date is past; before there is one, the first that opened."""
    past = [period for period in periods if period.due_on < today]
    return next(iter(past[-1:] or periods), None)


def results(targets: Collection[int], regions: Collection[int], quarter: Quarter) -> QuerySet[Attainment]:
    """Current results (the versions not superseded)."""
    return Attainment.objects.filter(
        target_id__in=targets, region_id__in=regions, quarter=quarter.ordinal, superseded_on__isnull=True
    )


@dataclass(frozen=True, slots=True)
class Past:
    """A result of an earlier quarter, as far as trend and pace need it. value: None where nobody gave a figure."""

    quarter: Quarter
    status: str
    value: Decimal | None
    unreported: bool = False


def history(regions: Collection[int], up_to: Quarter, targets: Collection[int]) -> dict[Place, list[Past]]:
    """Current results by target and region up to a quarter, oldest first."""
    rows = Attainment.objects.filter(
        region_id__in=regions, target_id__in=targets, quarter__lte=up_to.ordinal, superseded_on__isnull=True
    )
    found: defaultdict[Place, list[Past]] = defaultdict(list)
    for row in rows.order_by("quarter").only(
        "target_id", "region_id", "quarter", "status", "value", "cause", "units", "given"
    ):
        unreported = row.cause == Cause.UNREPORTED or (row.units > 0 and row.given == 0)
        past = Past(Quarter.from_ordinal(row.quarter), row.status, None if unreported else row.value, unreported)
        found[row.target_id, row.region_id].append(past)
    return found


def items_by_id(plan: Plan) -> dict[int, WorkItem]:
    return {item.pk: item for item in WorkItem.objects.filter(clause__plan=plan).select_related("clause")}


def clauses_by_id(plan: Plan) -> dict[int, Clause]:
    return {clause.pk: clause for clause in plan.clauses.all()}


def ancestors(clause: Clause, clauses: dict[int, Clause]) -> list[Clause]:
    """From the top clause down to the clause itself."""
    chain = [clause]
    while chain[0].parent_id and chain[0].parent_id in clauses:
        chain.insert(0, clauses[chain[0].parent_id])
    return chain


def changed_at(targets: Collection[int], regions: Collection[int], quarter: Quarter) -> dict[Place, FlagChange]:
    """The latest change of status of each target and region in a quarter."""
    rows = FlagChange.objects.filter(target_id__in=targets, region_id__in=regions, quarter=quarter.ordinal)
    return {(change.target_id, change.region_id): change for change in rows.order_by("at", "pk")}


def contacts(targets: Collection[int], regions: Collection[int]) -> dict[Place, Contact]:
    rows = Contact.objects.filter(target_id__in=targets, region_id__in=regions)
    return {(contact.target_id, contact.region_id): contact for contact in rows}


def bureaus(regions: Iterable[int], day: date) -> dict[int, Institution]:
    """The bureau of each region that was open on the day."""
    rows = Institution.objects.filter(
        Q(closed__isnull=True) | Q(closed__gt=day), region_id__in=list(regions), kind=InstitutionKind.BUREAU
    )
    return {bureau.region_id: bureau for bureau in rows.order_by("-code")}


def anomalies_by_target(plan: Plan) -> dict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for target_id, text in Anomaly.objects.filter(clause__plan=plan, target__isnull=False).values_list(
        "target_id", "text"
    ):
        found[target_id].append(text)
    return found


def versions(target_id: int, region_id: int, quarter: Quarter) -> QuerySet[Attainment]:
    """Every kept version of one result, newest first."""
    found = Attainment.objects.filter(target_id=target_id, region_id=region_id, quarter=quarter.ordinal)
    return found.order_by("-known_from")
