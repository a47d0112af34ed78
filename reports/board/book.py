"""A plan opened at one quarter: its terms and targets, read once for all the parts of a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Self

from institutions.models import Region
from reports.board.cells import Cell, RegionHead, TargetHead, cell_of
from reports.flags import Pace, Point, pace
from reports.queries import board as queries
from reports.queries.promises import TargetTerms, in_force
from targets.enums import Comparator, Window
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Book:
    """Targets with the terms in force at the quarter's end, in the plan's order, and their heads by target id."""

    plan: Plan
    quarter: Quarter
    terms: list[TargetTerms]
    heads: dict[int, TargetHead]

    @classmethod
    def at(cls, plan: Plan, quarter: Quarter, target_ids: list[int] | None = None) -> Self:
        terms = in_force(plan, quarter, target_ids)
        items, clauses = queries.items_by_id(plan), queries.clauses_by_id(plan)
        heads = {}
        for each in terms:
            item = items[each.target.item_id]
            chain = queries.ancestors(clauses[item.clause_id], clauses)
            heads[each.target.pk] = TargetHead.of(each, item, group=chain[:2][-1])
        return cls(plan, quarter, terms, heads)

    def cells(self, regions: Sequence[Region]) -> dict[queries.Place, Cell]:
        """The results of the quarter as cells; one query."""
        by_id = {region.pk: region for region in regions}
        by_target = {each.target.pk: each for each in self.terms}
        found = queries.results(self.heads, by_id, self.quarter)
        return {
            (result.target_id, result.region_id): cell_of(
                result,
                self.heads[result.target_id],
                RegionHead.of(by_id[result.region_id]),
                at_unit=by_target[result.target_id].is_unit(by_id[result.region_id]),
            )
            for result in found
        }

    def blank(self, head: TargetHead, region: Region) -> Cell:
        """The cell of what is not judged ("·")."""
        return Cell(head, RegionHead.of(region), self.quarter)


def status_in(past: Sequence[queries.Past], quarter: Quarter) -> str:
    return next((each.status for each in past if each.quarter == quarter), "")


def pace_of(each: TargetTerms, cell: Cell, past: Sequence[queries.Past]) -> Pace | None:
    """The pace of a cell towards its milestone, from the results up to its quarter."""
    if cell.milestone is None or cell.milestone_due is None or cell.target.qualitative:
        return None
    return pace(
        [Point(one.quarter, None if one.value is None else Fraction(one.value)) for one in past],
        Fraction(cell.milestone),
        Quarter.of(cell.milestone_due),
        yearly=each.terms.window == Window.YEAR and each.promise.only_grows,
        falling=each.terms.comparator == Comparator.AT_MOST,
    )
