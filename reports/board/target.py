"""One target in one region: its way over the quarters, its counties ranked, the units behind the figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from institutions.models import Region
from institutions.queries import children_judged
from reports import numbers
from reports.board.book import Book, pace_of
from reports.board.cells import Cell, Person, PlanHead, RegionHead, TargetHead, pace_text
from reports.board.citation import Citation, citation_of
from reports.board.formula import Formula, formula_of
from reports.board.lagging import lowest_level, people_for
from reports.board.trace import Units, units_of
from reports.flags import Pace
from reports.models import ReturnPeriod
from reports.numbers import shown
from reports.promise import Promise, way_to
from reports.queries import board as queries
from reports.queries.figures import units_behind
from reports.signs import NOT_JUDGED_KEY, Mark, mark_of
from reports.status import Count
from targets.enums import Comparator, Schedule, Window
from targets.models import Plan, Terms
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One quarter of the plan. line: where the schedule wants it; value: None where there is none (yet)."""

    quarter: Quarter
    value: Decimal | None
    line: Decimal | None
    mark: Mark
    unreported: bool = False

    @property
    def judged(self) -> bool:
        return self.mark.key != NOT_JUDGED_KEY

    @property
    def value_text(self) -> str:
        """未报 where nobody gave a figure, — where nothing is judged yet: neither of them is 0."""
        if self.unreported:
            return _("未报")
        return numbers.text(self.value, places=4, trim=True)


@dataclass(frozen=True, slots=True)
class MilestonePoint:
    due: date
    value: Decimal | None
    high: Decimal | None

    @property
    def quarter(self) -> Quarter:
        return Quarter.of(self.due)


@dataclass(frozen=True, slots=True)
class TermsText:
    """The terms in force, in words."""

    comparator: str
    strength: str
    schedule: str
    window: str
    baseline: Decimal | None
    amber: Decimal
    effective_from: date
    reason: str
    document: str


@dataclass(frozen=True, slots=True)
class TargetPage:
    """ranking: the child regions that are judged, the best first; empty where there are none."""

    plan: PlanHead
    target: TargetHead
    region: RegionHead
    quarter: Quarter
    cell: Cell
    definition: str
    formula: Formula
    terms: TermsText
    series: tuple[SeriesPoint, ...]
    milestones: tuple[MilestonePoint, ...]
    ranking: tuple[Cell, ...]
    units: Units
    citation: Citation
    person: Person | None
    pace: Pace | None

    @property
    def pace_text(self) -> str:
        return pace_text(self.pace, self.target)


def target_page(plan: Plan, target_id: int, region: Region, period: ReturnPeriod, today: date) -> TargetPage | None:
    """None where the target has no terms in force in the quarter."""
    quarter = Quarter.from_ordinal(period.quarter)
    book = Book.at(plan, quarter, [target_id])
    if not book.terms:
        return None
    each, head = book.terms[0], book.heads[target_id]
    children = list(children_judged(region, plan.judged_levels))
    found = book.cells([region, *children])
    cell = found.get((target_id, region.pk)) or book.blank(head, region)
    past = queries.history([region.pk], quarter, [target_id]).get((target_id, region.pk), [])
    promise = each.for_region(region, Count(units=cell.counts.units))
    return TargetPage(
        plan=PlanHead.of(plan),
        target=head,
        region=RegionHead.of(region),
        quarter=quarter,
        cell=cell,
        definition=each.target.indicator.definition,
        formula=formula_of(each.target.indicator, each.terms, cell),
        terms=terms_text(plan, each.terms),
        series=tuple(series_of(plan, promise, past, head)),
        milestones=milestones_of(promise),
        ranking=tuple(ranked(book, [each for place, each in found.items() if place[1] != region.pk])),
        units=units_of(each, units_behind(each, region, quarter, lowest_level(plan), period, today)),
        citation=citation_of(plan, each),
        person=people_for([target_id], [region.pk], quarter).get((target_id, region.pk)),
        pace=pace_of(each, cell, past),
    )


def ranked(book: Book, cells: Iterable[Cell]) -> list[Cell]:
    """The best first: the highest, or under a cap the lowest; those without a value last."""
    lower_is_better = book.terms[0].terms.comparator == Comparator.AT_MOST

    def rank(cell: Cell) -> tuple[bool, Decimal]:
        value = Decimal(0) if cell.value is None else cell.value
        return cell.value is None or cell.unreported, value if lower_is_better else -value

    return sorted(cells, key=rank)


def series_of(plan: Plan, promise: Promise | None, past: list[queries.Past], head: TargetHead) -> Iterable[SeriesPoint]:
    """Every quarter of the plan, those to come with their line alone."""
    known = {each.quarter: each for each in past}
    first, last = Quarter.of(plan.first_day), Quarter.of(plan.last_day)
    for step in range(last - first + 1):
        quarter = first + step
        now = known.get(quarter)
        yield SeriesPoint(
            quarter=quarter,
            value=None if now is None or now.value is None else shown(now.value, head.places),
            line=line_at(promise, quarter, head.places),
            mark=mark_of(now.status if now else ""),
            unreported=now is not None and now.unreported,
        )


def line_at(promise: Promise | None, quarter: Quarter, places: int) -> Decimal | None:
    mark = promise.mark_for(quarter) if promise else None
    if promise is None or mark is None or mark.value is None or not mark.judged:
        return None
    return shown(way_to(promise, mark, quarter).line, places)


def milestones_of(promise: Promise | None) -> tuple[MilestonePoint, ...]:
    return tuple(
        MilestonePoint(mark.due, exact(mark.value), exact(mark.high)) for mark in (promise.marks if promise else ())
    )


def exact(value: Fraction | None) -> Decimal | None:
    """A stored milestone has four places at most."""
    return None if value is None else shown(value, 4).normalize()


def terms_text(plan: Plan, terms: Terms) -> TermsText:
    return TermsText(
        comparator=str(Comparator(terms.comparator).label),
        strength=terms.get_strength_display(),
        schedule=str(Schedule(terms.schedule).label),
        window=str(Window(terms.window).label),
        baseline=terms.baseline,
        amber=plan.amber_points if terms.amber_points is None else terms.amber_points,
        effective_from=terms.effective_from,
        reason=terms.reason,
        document=terms.document,
    )
