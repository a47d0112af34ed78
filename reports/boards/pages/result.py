"""What every page about one result shows: the cell, how it is worked out, its clause, its units, who answers for it."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from institutions.models import Institution, Region
from institutions.queries import children_judged
from reports.boards.pages.cells import (
    Cell,
    ContactPerson,
    InstitutionHead,
    PlaceHead,
    PlanHead,
    RegionHead,
    TargetHead,
    level_word,
)
from reports.boards.pages.citation import ClauseCitation, citation_of
from reports.boards.pages.formula import Formula, formula_of
from reports.boards.pages.lagging import people_for
from reports.boards.pages.official import OfficialNumbers, official_of
from reports.boards.pages.plan_quarter import PlaceColumn, PlanQuarter, pace_of
from reports.boards.pages.units import Units, units_of
from reports.boards.queries import results as queries
from reports.boards.queries.figures import units_behind
from reports.boards.queries.places import Subject
from reports.judging.flags import Pace
from reports.judging.queries.terms_in_force import TargetTerms
from reports.models import ReturnPeriod
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class ResultView:
    """One target in one place and quarter: a region, or an institution that lies in it.

    children: the judged child regions that were added up, but for those with nothing in scope; units: what is about
    the place itself (all its units at the lowest judged level). official: what divides, where it is an official
    number. past: the place's results up to the quarter, oldest first.
    """

    plan: PlanHead
    target: TargetHead
    region: RegionHead
    institution: InstitutionHead | None
    quarter: Quarter
    cell: Cell
    definition: str
    formula: Formula
    citation: ClauseCitation
    person: ContactPerson | None
    pace: Pace | None
    official: OfficialNumbers | None
    children: tuple[Cell, ...]
    units: Units
    past: tuple[queries.PastResult, ...]

    @property
    def place(self) -> PlaceHead:
        return self.institution or self.region

    @property
    def child_word(self) -> str:
        """What the children are: 县区, 乡镇街道."""
        return level_word(self.children[0].place.level) if self.children else ""


@dataclass(frozen=True, slots=True)
class FoundResult:
    """A view with what it was made of, for a page that says more."""

    view: ResultView
    plan_quarter: PlanQuarter

    @property
    def terms(self) -> TargetTerms:
        return self.plan_quarter.terms[0]


def result_view(plan: Plan, target_id: int, subject: Subject, period: ReturnPeriod, today: date) -> FoundResult | None:
    """None where the target has no terms in force in the quarter."""
    quarter = Quarter.from_ordinal(period.quarter)
    plan_quarter = PlanQuarter.at(plan, quarter, [target_id])
    if not plan_quarter.terms:
        return None
    each, head = plan_quarter.terms[0], plan_quarter.heads[target_id]
    own, *children = plan_quarter.hinted(columns_of(plan_quarter, subject))
    cell = own.cell(head)
    past = queries.history_of(subject, quarter, target_id)
    view = ResultView(
        plan=PlanHead.of(plan),
        target=head,
        region=own.region,
        institution=own.institution,
        quarter=quarter,
        cell=cell,
        definition=each.target.indicator.definition,
        formula=formula_of(each.target.indicator, each.terms, cell),
        citation=citation_of(plan, each),
        person=person_for(target_id, subject, quarter),
        pace=pace_of(each, cell, past),
        official=official_of(each, subject, quarter) if isinstance(subject, Region) else None,
        children=tuple(cell for cell in (child.cell(head) for child in children) if not cell.out_of_scope),
        units=units_of(each, units_behind(each, subject, quarter, period, today)),
        past=tuple(past),
    )
    return FoundResult(view, plan_quarter)


def columns_of(plan_quarter: PlanQuarter, subject: Subject) -> list[PlaceColumn]:
    """The place itself, then its judged children."""
    if isinstance(subject, Institution):
        return [plan_quarter.column_of(subject)]
    day = plan_quarter.quarter.last_day
    return plan_quarter.columns([subject, *children_judged(subject, plan_quarter.plan.judged_levels, day)])


def person_for(target_id: int, subject: Subject, quarter: Quarter) -> ContactPerson | None:
    if isinstance(subject, Institution):
        return ContactPerson.of(subject)
    return people_for([target_id], [subject.pk], quarter).get((target_id, subject.pk))


def shared_fields(view: ResultView) -> dict[str, Any]:
    """The view's fields, for a page that adds its own."""
    return {field.name: getattr(view, field.name) for field in fields(ResultView)}
