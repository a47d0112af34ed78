"""One target in one region: its way over the quarters, its children ranked, the units behind the figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from institutions.models import Region
from reports.base import numbers
from reports.base.numbers import rounded
from reports.base.status_badge import NOT_JUDGED_KEY, StatusBadge, badge_of
from reports.boards.pages.cells import WAITING, Cell
from reports.boards.pages.result import ResultView, result_view, shared_fields
from reports.boards.queries import results as queries
from reports.judging.queries.terms_in_force import TargetTerms
from reports.judging.status import TallyInputs, waits_for_its_date
from reports.judging.terms import EffectiveTerms
from reports.judging.trajectory import trajectory_to
from reports.models import ReturnPeriod
from targets.enums import Comparator, Schedule, Window
from targets.models import Plan, Terms
from targets.outline import terms_lines
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One quarter of the plan. line: where the schedule wants it; value: None where there is none (yet)."""

    quarter: Quarter
    value: Decimal | None
    line: Decimal | None
    badge: StatusBadge
    unreported: bool = False

    @property
    def judged(self) -> bool:
        return self.badge.key != NOT_JUDGED_KEY

    @property
    def value_text(self) -> str:
        """未报 where nobody gave a figure, — where nothing is judged yet: neither of them is 0."""
        if self.unreported:
            return _("未报")
        return numbers.text(self.value, places=4)


@dataclass(frozen=True, slots=True)
class MilestoneRow:
    due: date
    value: Decimal | None
    high: Decimal | None
    source: str = ""

    @property
    def quarter(self) -> Quarter:
        return Quarter.of(self.due)


@dataclass(frozen=True, slots=True)
class TermsText:
    """Terms in words. in_force: they judge the quarter looked at. lines: the milestones, where they were asked for."""

    comparator: str
    strength: str
    schedule: str
    window: str
    baseline: Decimal | None
    amber: Decimal
    effective_from: date
    reason: str
    document: str
    made_by: str
    made_at: datetime
    in_force: bool
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetPage(ResultView):
    """A result over the quarters. ranking: the child regions that are judged, the best first; institutions: the same
    of all that are judged in the region. revisions: every kept terms, the newest first, where there is more than one.
    """

    terms: TermsText
    revisions: tuple[TermsText, ...]
    series: tuple[SeriesPoint, ...]
    milestones: tuple[MilestoneRow, ...]
    ranking: tuple[Cell, ...]
    institutions: tuple[Cell, ...]


def target_page(plan: Plan, target_id: int, region: Region, period: ReturnPeriod, today: date) -> TargetPage | None:
    """None where the target has no terms in force in the quarter."""
    found = result_view(plan, target_id, region, period, today)
    if found is None:
        return None
    view, each = found.view, found.terms
    effective = each.for_region(region, TallyInputs(units=view.cell.counts.units))
    institutions = found.plan_quarter.hinted(found.plan_quarter.columns_within(region, everywhere=True))
    return TargetPage(
        **shared_fields(view),
        terms=terms_text(each, each.terms),
        revisions=revisions_of(each),
        series=tuple(series_of(plan, effective, view)),
        milestones=milestones_of(effective, each.terms),
        ranking=tuple(rank_cells(each, view.children)),
        institutions=tuple(rank_cells(each, [column.cell(view.target) for column in institutions])),
    )


def rank_cells(each: TargetTerms, cells: Iterable[Cell]) -> list[Cell]:
    """The best first: the highest, or under a cap the lowest; those without a value last. What is not judged, or has
    nothing in scope, has no place."""
    lower_is_better = each.terms.comparator == Comparator.AT_MOST

    def rank(cell: Cell) -> tuple[bool, Decimal]:
        value = Decimal(0) if cell.value is None else cell.value
        return cell.value is None or cell.unreported, value if lower_is_better else -value

    return sorted((cell for cell in cells if cell.judged and not cell.out_of_scope), key=rank)


def series_of(plan: Plan, effective: EffectiveTerms | None, view: ResultView) -> Iterable[SeriesPoint]:
    """Every quarter of the plan and after it up to the one looked at; those to come with their line alone."""
    known, places = {each.quarter: each for each in view.past}, view.target.places
    first, last = Quarter.of(plan.first_day), max(Quarter.of(plan.last_day), view.quarter)
    for step in range(last - first + 1):
        quarter = first + step
        now = known.get(quarter)
        yield SeriesPoint(
            quarter=quarter,
            value=None if now is None or now.value is None else rounded(now.value, places),
            line=None if now and now.status in WAITING else line_at(effective, quarter, places, to_come=not now),
            badge=badge_of(now.status if now else ""),
            unreported=now is not None and now.unreported,
        )


def line_at(effective: EffectiveTerms | None, quarter: Quarter, places: int, to_come: bool = False) -> Decimal | None:
    """What the schedule asks by then; nothing (not 0) of what is only judged at its date, before it."""
    milestone = effective.milestone_for(quarter) if effective else None
    if effective is None or milestone is None or milestone.value is None or not milestone.judged:
        return None
    way = trajectory_to(effective, milestone, quarter)
    return None if to_come and waits_for_its_date(effective, way) else rounded(way.line, places)


def milestones_of(effective: EffectiveTerms | None, terms: Terms) -> tuple[MilestoneRow, ...]:
    sources = {each.due: each.source for each in terms.milestones.all()}
    return tuple(
        MilestoneRow(each.due, exact_decimal(each.value), exact_decimal(each.high), sources.get(each.due, ""))
        for each in (effective.milestones if effective else ())
    )


def exact_decimal(value: Fraction | None) -> Decimal | None:
    """A stored milestone has four places at most."""
    return None if value is None else rounded(value, 4).normalize()


def revisions_of(each: TargetTerms) -> tuple[TermsText, ...]:
    kept = queries.terms_of(each.target.pk)
    return tuple(terms_text(each, terms, terms_lines(terms, each.target)) for terms in kept) if len(kept) > 1 else ()


def terms_text(each: TargetTerms, terms: Terms, lines: tuple[str, ...] = ()) -> TermsText:
    return TermsText(
        comparator=str(Comparator(terms.comparator).label),
        strength=terms.get_strength_display(),
        schedule=str(Schedule(terms.schedule).label),
        window=str(Window(terms.window).label),
        baseline=terms.baseline,
        amber=each.target.plan.amber_points if terms.amber_points is None else terms.amber_points,
        effective_from=terms.effective_from,
        reason=terms.reason,
        document=terms.document,
        made_by=str(terms.made_by or ""),
        made_at=terms.made_at,
        in_force=terms.pk == each.terms.pk,
        lines=lines,
    )
