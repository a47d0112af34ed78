"""From a cell backwards: how it was judged, the units and returns behind it, the words of the plan before it."""

from dataclasses import dataclass
from datetime import date, datetime

from institutions.models import Institution
from institutions.queries import region_on
from reports.boards.pages.cells import Cell, RegionHead
from reports.boards.pages.plan_quarter import PlanQuarter
from reports.boards.pages.result import ResultView, result_view, shared_fields
from reports.boards.queries import results as queries
from reports.boards.queries.places import Subject
from reports.models import ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One kept result. until: the day it was replaced; None for the one in force."""

    cell: Cell
    known_from: date
    until: date | None
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class TracePage(ResultView):
    """A result walked backwards. parent: the judged region above. versions: newest first.

    institutions: those judged that lie in the region, and in none of its children.
    """

    parent: RegionHead | None
    institutions: tuple[Cell, ...]
    versions: tuple[VersionRow, ...]


def trace_page(plan: Plan, target_id: int, subject: Subject, period: ReturnPeriod, today: date) -> TracePage | None:
    """None where the target has no terms in force in the quarter."""
    found = result_view(plan, target_id, subject, period, today)
    if found is None:
        return None
    within = [] if isinstance(subject, Institution) else found.plan_quarter.columns_within(subject)
    return TracePage(
        **shared_fields(found.view),
        parent=parent_of(plan, subject, found.plan_quarter.quarter),
        institutions=tuple(column.cell(found.view.target) for column in within),
        versions=tuple(versions_of(found.plan_quarter, target_id, subject)),
    )


def parent_of(plan: Plan, subject: Subject, quarter: Quarter) -> RegionHead | None:
    """As it was when the quarter ended. Of an institution the nearest judged region that it lies in."""
    above = subject.region if isinstance(subject, Institution) else subject.parent
    if isinstance(subject, Institution) and above and above.level not in plan.judged_levels:
        above = above.parent
    return RegionHead.of(region_on(above, quarter.last_day)) if above and above.level in plan.judged_levels else None


def versions_of(plan_quarter: PlanQuarter, target_id: int, subject: Subject) -> list[VersionRow]:
    return [
        VersionRow(
            cell=plan_quarter.cell_about(result, subject),
            known_from=result.known_from,
            until=result.superseded_on,
            computed_at=result.computed_at,
        )
        for result in queries.versions(target_id, subject, plan_quarter.quarter)
    ]
