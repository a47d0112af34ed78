"""A plan opened at one quarter: its terms and targets, read once for all the parts of a page."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Self

from institutions.models import Institution, Region
from reports.base.enums import Status
from reports.boards.pages.cells import Cell, ContactPerson, InstitutionHead, PlaceHead, RegionHead, TargetHead, cell_of
from reports.boards.queries import results as queries
from reports.boards.queries.places import Subject, institution_results, results_of
from reports.judging.flags import Pace, PacePoint, hint_of, pace_towards
from reports.judging.queries.terms_in_force import TargetTerms, terms_in_force
from reports.models import Attainment
from targets.enums import Comparator, IndicatorKind, Window
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class PlaceColumn:
    """A place with its results of one quarter, by target id.

    region: where an institution lies; lineage: the ids of the regions around it; contact: the institution's.
    """

    region: RegionHead
    quarter: Quarter
    cells: dict[int, Cell]
    institution: InstitutionHead | None = None
    lineage: tuple[int, ...] = ()
    contact: ContactPerson | None = None

    @property
    def place(self) -> PlaceHead:
        return self.institution or self.region

    def cell(self, head: TargetHead) -> Cell:
        """One without a status where the target is not judged ("·")."""
        return self.cells.get(head.id) or Cell(head, self.region, self.quarter, institution=self.institution)


@dataclass(frozen=True, slots=True)
class PlanQuarter:
    """Targets with the terms in force at the quarter's end, in the plan's order; these and their heads by target id."""

    plan: Plan
    quarter: Quarter
    terms: list[TargetTerms]
    by_target: dict[int, TargetTerms]
    heads: dict[int, TargetHead]

    @classmethod
    def at(cls, plan: Plan, quarter: Quarter, target_ids: list[int] | None = None) -> Self:
        terms = terms_in_force(plan, quarter, target_ids)
        items, clauses = queries.items_by_id(plan), queries.clauses_by_id(plan)
        heads = {}
        for each in terms:
            item = items[each.target.item_id]
            chain = queries.ancestors(clauses[item.clause_id], clauses)
            heads[each.target.pk] = TargetHead.of(each, item, group=chain[:2][-1])
        return cls(plan, quarter, terms, {each.target.pk: each for each in terms}, heads)

    def cells(self, regions: Sequence[Region]) -> dict[queries.Place, Cell]:
        """The results of the quarter as cells; one query."""
        return self.cells_of(
            queries.current_results(self.heads, [region.pk for region in regions], self.quarter), regions
        )

    def cells_of(self, results: Iterable[Attainment], regions: Sequence[Region]) -> dict[queries.Place, Cell]:
        """Results of these regions as cells."""
        by_id = {region.pk: region for region in regions}
        return {
            (result.target_id, result.region_id): self.cell_about(result, by_id[result.region_id])
            for result in results
            if result.region_id in by_id
        }

    def cell_about(self, result: Attainment, subject: Subject) -> Cell:
        head = self.heads[result.target_id]
        if isinstance(subject, Institution):
            place = InstitutionHead.of(subject)
            return cell_of(result, head, RegionHead.of(subject.region), speaks_of_one(head, result), place)
        return cell_of(result, head, RegionHead.of(subject), self.by_target[head.id].is_unit(subject))

    def blank(self, head: TargetHead, region: Region) -> Cell:
        """The cell of what is not judged ("·")."""
        return Cell(head, RegionHead.of(region), self.quarter)

    def columns(self, regions: Sequence[Region]) -> list[PlaceColumn]:
        """A column a region; one query."""
        found: defaultdict[int, dict[int, Cell]] = defaultdict(dict)
        for (target_id, region_id), cell in self.cells(regions).items():
            found[region_id][target_id] = cell
        return [PlaceColumn(RegionHead.of(region), self.quarter, found[region.pk]) for region in regions]

    def column_of(self, institution: Institution) -> PlaceColumn:
        """One query."""
        return self.institution_column(institution, results_of(institution, self.heads, self.quarter))

    def columns_within(
        self,
        region: Region,
        everywhere: bool = False,
        targets: Collection[int] | None = None,
        statuses: Collection[str] = Status.values,
    ) -> list[PlaceColumn]:
        """A column an institution that has such results, in the register's order: of a region with judged ones below
        only its own, unless `everywhere`. Two queries; none where the plan does not judge institutions."""
        if not self.plan.judges_institutions:
            return []
        everywhere = everywhere or region.level == self.plan.lowest_level
        wanted = self.heads if targets is None else targets
        found = institution_results(wanted, self.quarter, region, everywhere, statuses)
        return [self.institution_column(institution, results) for institution, results in found]

    def hinted(self, columns: Sequence[PlaceColumn]) -> list[PlaceColumn]:
        """The columns, with 提示 at the cells that carry it; one query, none where no cell is near its date."""
        near = [cell for column in columns for cell in column.cells.values() if may_carry_hint(cell)]
        regions = {cell.region.id for cell in near if not cell.institution}
        institutions = {cell.institution.id for cell in near if cell.institution}
        targets = {cell.target.id for cell in near}
        if not near:
            return list(columns)
        of_regions, of_institutions = queries.history_of_places(regions, institutions, self.quarter, targets)

        def told(cell: Cell) -> Cell:
            if not may_carry_hint(cell):
                return cell
            past = of_institutions if cell.institution else of_regions
            pace = pace_of(self.by_target[cell.target.id], cell, past.get((cell.target.id, cell.place.id), ()))
            known = cell.value is not None
            return replace(cell, hint=hint_of(cell.status, cell.quarters_left, cell.counts.open, known, pace))

        return [replace(column, cells={pk: told(cell) for pk, cell in column.cells.items()}) for column in columns]

    def institution_column(self, institution: Institution, results: Iterable[Attainment]) -> PlaceColumn:
        return PlaceColumn(
            region=RegionHead.of(institution.region),
            quarter=self.quarter,
            cells={result.target_id: self.cell_about(result, institution) for result in results},
            institution=InstitutionHead.of(institution),
            lineage=tuple(institution.region.lineage),
            contact=ContactPerson.of(institution),
        )


def may_carry_hint(cell: Cell) -> bool:
    """Not due, its date near, and nobody's answer still to come. A state has no pace: qualitative items carry none."""
    return not cell.target.qualitative and bool(
        hint_of(cell.status, cell.quarters_left, cell.counts.open, has_value=False, pace=None)
    )


def speaks_of_one(target: TargetHead, result: Attainment) -> bool:
    """Whether an `each` speaks of one unit alone, so that its count is that unit's own."""
    return target.kind == IndicatorKind.EACH and result.units == 1


def status_in(past: Sequence[queries.PastResult], quarter: Quarter) -> str:
    return next((each.status for each in past if each.quarter == quarter), "")


def pace_of(each: TargetTerms, cell: Cell, past: Sequence[queries.PastResult]) -> Pace | None:
    """The pace of a cell towards its milestone, from the results up to its quarter."""
    if cell.milestone is None or cell.milestone_due is None or cell.target.qualitative:
        return None
    line = cell.high if cell.beyond and cell.target.comparator == Comparator.RANGE else cell.milestone
    return pace_towards(
        [PacePoint(one.quarter, None if one.value is None else Fraction(one.value)) for one in past],
        Fraction(line or 0),
        Quarter.of(cell.milestone_due),
        yearly=each.terms.window == Window.YEAR and each.effective.only_grows,
        falling=cell.beyond,
    )
