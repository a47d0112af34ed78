"""All that the 迎检汇总表 shows of one region and quarter: the board, the returns, and the parts behind each sum."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from institutions.models import Region
from institutions.queries import bureau_of, children_judged
from reports.boards.pages.cell_words import unreported_word
from reports.boards.pages.cells import Cell, Counts, InstitutionHead, PlaceHead, RegionHead
from reports.boards.pages.formula import Formula, formula_of
from reports.boards.pages.matrix import Board, BoardRow, board_of
from reports.boards.pages.plan_quarter import PlanQuarter
from reports.boards.pages.progress import ProgressPage, progress_page
from reports.exports.queries import summary as queries
from reports.models import ReturnPeriod, Tally
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class SidePart:
    """What one place adds to both sides of a target, whether it is judged there or not.

    have, need: the count behind an `each` at the unit itself. given: units with a figure that counts;
    with none, a value of 0 only means that nothing was added.
    """

    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    have: Decimal = Decimal(0)
    need: Decimal = Decimal(0)
    given: int = 0
    counts: Counts = field(default_factory=Counts)

    @classmethod
    def of(cls, tally: Tally) -> "SidePart":
        counts = Counts(**{name: getattr(tally, name) for name in Counts.__dataclass_fields__})
        return cls(tally.numerator, tally.denominator, tally.have, tally.need, tally.given, counts)

    def less(self, parts: Iterable["SidePart"]) -> "SidePart":
        """What remains of a whole without its parts."""
        parts = list(parts)
        names = Counts.__dataclass_fields__
        counts = {
            name: getattr(self.counts, name) - sum(getattr(part.counts, name) for part in parts) for name in names
        }
        return SidePart(
            numerator=self.numerator - sum(part.numerator for part in parts),
            denominator=self.denominator - sum(part.denominator for part in parts),
            have=self.have - sum(part.have for part in parts),
            need=self.need - sum(part.need for part in parts),
            given=self.given - sum(part.given for part in parts),
            counts=Counts(**counts),
        )

    @property
    def empty(self) -> bool:
        return not (self.numerator or self.denominator or self.counts.units or self.counts.not_applicable)

    @property
    def not_applicable(self) -> bool:
        """Every unit answered 不适用, and nothing of earlier quarters stays."""
        return not (self.counts.units or self.given) and bool(self.counts.not_applicable)

    @property
    def absence(self) -> str:
        """Why there is no figure at all, in the words of the statuses; "" where there is one."""
        if self.given or not self.counts.units:
            return ""
        return unreported_word(self.counts)


@dataclass(frozen=True, slots=True)
class Addend:
    """One place under a target's sum."""

    place: str
    cell: Cell | None
    part: SidePart

    @property
    def counts(self) -> bool:
        """Judged by something that is there, or adding to the sum without being judged."""
        judged = self.cell is not None and self.cell.judged and not self.cell.out_of_scope
        return judged or not self.part.empty


@dataclass(frozen=True, slots=True)
class InspectionSummary:
    """bureau: who fills it in. parts: by target id and place. formulas: by target id. accounts: of qualitative items,
    by target id, where the board has no columns."""

    board: Board
    progress: ProgressPage
    bureau: str
    filled_on: date
    parts: dict[tuple[int, PlaceHead], SidePart]
    formulas: dict[int, Formula]
    accounts: dict[int, list[tuple[str, str]]]

    def part(self, cell: Cell) -> SidePart:
        return self.parts.get((cell.target.id, cell.place), SidePart())

    def addends(self, row: BoardRow) -> list[Addend]:
        """The places that add up to the row's whole: columns, institutions in none of them, and what is left."""
        if not self.board.columns:
            return []
        cells = (*row.cells, *(self.board.apart.cells_of(row.target) if self.board.apart else ()))
        places = [Addend(cell.place.name, cell, self.part(cell)) for cell in cells]
        own = self.part(row.whole).less(addend.part for addend in places)
        shown = [addend for addend in places if addend.counts]
        return [*shown, Addend(_("本级"), None, own)] if shown and not own.empty else shown


def summary_of(plan: Plan, region: Region, period: ReturnPeriod, today: date) -> InspectionSummary:
    """Everything read once, in a number of queries that does not depend on the number of places."""
    book = PlanQuarter.at(plan, Quarter.from_ordinal(period.quarter))
    day = book.quarter.last_day
    children = children_judged(region, plan.judged_levels, day)
    board = board_of(plan, region, period, today)
    bureau = bureau_of(region, day)
    wholes = {row.target.id: row.whole for row in board.rows}
    return InspectionSummary(
        board=board,
        progress=progress_page(region, children, period, today),
        bureau=bureau.name if bureau else region.name,
        filled_on=today,
        parts=parts_of(plan, board),
        formulas={
            each.target.pk: formula_of(each.target.indicator, each.terms, wholes[each.target.pk])
            for each in book.terms
            if each.target.pk in wholes
        },
        accounts={} if board.columns else queries.accounts(plan, region, board.quarter),
    )


def parts_of(plan: Plan, board: Board) -> dict[tuple[int, PlaceHead], SidePart]:
    """What each place on the board adds, judged there or not; one query."""
    places: list[PlaceHead] = [board.region, *board.columns, *(board.apart.columns if board.apart else ())]
    regions = {place.id: place for place in places if isinstance(place, RegionHead)}
    institutions = {place.id: place for place in places if isinstance(place, InstitutionHead)}
    found: dict[tuple[int, PlaceHead], SidePart] = {}
    for tally in queries.tallies(plan, regions, institutions, board.quarter):
        place = regions.get(tally.region_id or 0) or institutions[tally.institution_id or 0]
        found[tally.target_id, place] = SidePart.of(tally)
    return found
