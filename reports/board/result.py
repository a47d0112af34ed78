"""What every page about one result shows: the cell, how it is worked out, its clause, its units, who answers for it."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from institutions.models import Region
from institutions.queries import children_judged
from reports.board.book import Book, pace_of
from reports.board.cells import Cell, Person, PlanHead, RegionHead, TargetHead, pace_text
from reports.board.citation import Citation, citation_of
from reports.board.formula import Formula, formula_of
from reports.board.lagging import people_for
from reports.board.units import Units, units_of
from reports.flags import Pace
from reports.models import ReturnPeriod
from reports.queries import board as queries
from reports.queries.figures import units_behind
from reports.queries.promises import TargetTerms
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class ResultView:
    """One target in one region and quarter.

    children: the judged child regions that were added up, where there are any; units: what is about the region
    itself (all its units at the lowest judged level). past: the region's results up to the quarter, oldest first.
    """

    plan: PlanHead
    target: TargetHead
    region: RegionHead
    quarter: Quarter
    cell: Cell
    definition: str
    formula: Formula
    citation: Citation
    person: Person | None
    pace: Pace | None
    children: tuple[Cell, ...]
    units: Units
    past: tuple[queries.Past, ...]

    @property
    def pace_text(self) -> str:
        return pace_text(self.pace, self.target)


def result_view(
    plan: Plan, target_id: int, region: Region, period: ReturnPeriod, today: date
) -> tuple[ResultView, TargetTerms] | None:
    """The view and the terms behind it; None where the target has no terms in force in the quarter."""
    quarter = Quarter.from_ordinal(period.quarter)
    book = Book.at(plan, quarter, [target_id])
    if not book.terms:
        return None
    each, head = book.terms[0], book.heads[target_id]
    children = list(children_judged(region, plan.judged_levels))
    found = book.cells([region, *children])
    cell = found.get((target_id, region.pk)) or book.blank(head, region)
    past = queries.history([region.pk], quarter, [target_id]).get((target_id, region.pk), [])
    view = ResultView(
        plan=PlanHead.of(plan),
        target=head,
        region=RegionHead.of(region),
        quarter=quarter,
        cell=cell,
        definition=each.target.indicator.definition,
        formula=formula_of(each.target.indicator, each.terms, cell),
        citation=citation_of(plan, each),
        person=people_for([target_id], [region.pk], quarter).get((target_id, region.pk)),
        pace=pace_of(each, cell, past),
        children=tuple(found.get((target_id, child.pk)) or book.blank(head, child) for child in children),
        units=units_of(each, units_behind(each, region, quarter, period, today)),
        past=tuple(past),
    )
    return view, each


def shared(view: ResultView) -> dict[str, Any]:
    """The view's fields, for a page that adds its own."""
    return {field.name: getattr(view, field.name) for field in fields(ResultView)}
