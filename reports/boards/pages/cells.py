"""The parts that every page shares: places, targets, and the cell, one result as it is shown.

Facts alone; their words stand in `cell_words`. No HTML and no queries. Numbers are already rounded
(`reports.base.numbers`); None is "no number", never zero.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from django.utils.translation import gettext as _

from institutions.enums import RegionLevel
from institutions.models import Institution, Region
from reports.base import numbers
from reports.base.enums import Cause, Status
from reports.base.status_badge import StatusBadge, badge_of
from reports.judging.flags import Hint
from reports.judging.queries.terms_in_force import TargetTerms
from reports.judging.status import uncountable_units
from reports.judging.terms import COUNTING_UNITS
from reports.models import Attainment
from targets.enums import Comparator, IndicatorKind, JudgedLevel, Strength
from targets.models import Clause, Plan, WorkItem
from targets.periods import Quarter

LAGGING = (Status.RED, Status.AMBER)
WAITING = (Status.NOT_DUE, Status.SHOWN, Status.NOT_APPLICABLE)  # nothing is expected by now


@dataclass(frozen=True, slots=True)
class PlanHead:
    id: int
    code: str
    title: str

    @classmethod
    def of(cls, plan: Plan) -> "PlanHead":
        return cls(plan.pk, plan.code, plan.title)


@dataclass(frozen=True, slots=True)
class RegionHead:
    """A region by the name that it had when the quarter ended; name_today: the one of today, where it differs."""

    id: int
    name: str
    level: str
    name_today: str = ""

    @classmethod
    def of(cls, region: Region) -> "RegionHead":
        return cls(region.pk, region.name, region.level, region.name_today)


@dataclass(frozen=True, slots=True)
class InstitutionHead:
    """An institution that is judged by itself: what it answered about itself and about its lines."""

    id: int
    name: str
    kind_word: str
    level: str = JudgedLevel.INSTITUTION.value

    @classmethod
    def of(cls, institution: Institution) -> "InstitutionHead":
        return cls(institution.pk, institution.name, institution.get_kind_display())


PlaceHead = RegionHead | InstitutionHead


def level_word(level: str) -> str:
    """县区, 乡镇街道, 机构."""
    return str(JudgedLevel(level).label)


@dataclass(frozen=True, slots=True)
class ContactPerson:
    """Who answers for it (责任人)."""

    name: str
    phone: str

    @classmethod
    def of(cls, institution: Institution) -> "ContactPerson | None":
        """The contact; None where nobody is registered."""
        contact = cls(institution.contact_name, institution.contact_phone)
        return contact if str(contact) else None

    def __str__(self) -> str:
        return f"{self.name} {self.phone}".strip()


@dataclass(frozen=True, slots=True)
class TargetHead:
    """A target as a row's head: what it is called, where the plan says so, and how it is measured.

    unit, places: of the value. element_unit: of what it counts; needed_unit: of what its numerator lacks (家, 人…).
    comparator, strength: of the terms in force at the quarter's end; amber: its points of the way still called 滞后.
    group, group_key: the heading under which pages list it (the second level of the plan's clauses), and its id.
    """

    id: int
    code: str
    name: str
    item: str
    kind: str
    topic: str
    clause_id: int
    clause_path: str
    clause_title: str
    group_key: str
    group: str
    unit: str
    places: int
    element_unit: str
    needed_unit: str
    comparator: str
    strength: str
    amber: Fraction
    lead: tuple[str, ...] = ()
    cooperating: tuple[str, ...] = ()

    @property
    def qualitative(self) -> bool:
        return self.kind == IndicatorKind.QUALITATIVE

    @property
    def counts_units(self) -> bool:
        return self.kind in COUNTING_UNITS

    @property
    def must(self) -> bool:
        return self.strength == Strength.MUST

    @property
    def strength_word(self) -> str:
        return str(Strength(self.strength).label)

    @classmethod
    def of(cls, each: TargetTerms, item: WorkItem, group: Clause) -> "TargetHead":
        target, indicator = each.target, each.target.indicator
        clause = item.clause
        return cls(
            id=target.pk,
            code=target.code,
            name=target.name,
            item=item.title,
            kind=indicator.kind,
            topic=indicator.element.topic,
            clause_id=clause.pk,
            clause_path=clause.path,
            clause_title=clause.title,
            group_key=str(group.pk),
            group=f"{group.path.rpartition('/')[2]} {group.title}",
            unit="%" if indicator.kind in COUNTING_UNITS else indicator.unit,
            places=2 if indicator.kind in COUNTING_UNITS else indicator.places,
            element_unit=indicator.element.unit,
            needed_unit=needed_unit(each),
            comparator=each.terms.comparator,
            strength=each.terms.strength,
            amber=each.effective.amber,
            lead=tuple(item.lead or clause.lead),
            cooperating=tuple(item.cooperating or clause.cooperating),
        )


def needed_unit(each: TargetTerms) -> str:
    indicator = each.target.indicator
    if indicator.kind in COUNTING_UNITS:
        return _("个县区") if each.target.bureau_level == RegionLevel.COUNTY else _("家")
    return indicator.element.unit or indicator.unit


@dataclass(frozen=True, slots=True)
class Counts:
    """Units behind a cell. units = N in scope without 不适用; the rest are parts of it, but not_applicable.

    given: those with a figure that counts, an earlier quarter's too where figures add up.
    """

    units: int = 0
    given: int = 0
    reported: int = 0
    pending: int = 0
    awaited: int = 0
    missing: int = 0
    overdue_review: int = 0
    late_review: int = 0
    closed: int = 0
    not_applicable: int = 0
    left_out: int = 0
    based: int = 0
    unbased: int = 0
    partly: int = 0

    @property
    def open(self) -> int:
        """Units whose answer may still come in time."""
        return self.pending + self.awaited

    @property
    def not_handed_in(self) -> int:
        """未报: of the missing, those whose late return does not wait for review."""
        return self.missing - self.late_review

    @classmethod
    def of(cls, result: Attainment) -> "Counts":
        return cls(**{name: getattr(result, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True)
class Cell:
    """One target in one place and quarter, as shown. A cell without a status is not judged ("·").

    region: where it counts; institution: of which alone it speaks, lying in that region.
    value, expected, milestone, high, gap: in the target's unit, rounded, never across a line.
    numerator, denominator: the counts behind the value (for an `each` at the unit itself: have, need).
    needed: what the numerator lacks to the milestone, in `needed_unit`; None where more does not help.
    lag: points of the way (进度百分点); None too where the line is 0.
    absent: units that could not be counted as nothing (缺 n 家), or who lacks what it is measured by.
    at_unit: an `each` at the very unit that is asked.
    hint: 提示, where the page asked for it (`PlanQuarter.hinted`).
    """

    target: TargetHead
    region: RegionHead
    quarter: Quarter
    status: str = ""
    cause: str = ""
    value: Decimal | None = None
    expected: Decimal | None = None
    milestone: Decimal | None = None
    high: Decimal | None = None
    milestone_due: date | None = None
    gap: Decimal | None = None
    lag: Decimal | None = None
    needed: Decimal | None = None
    needed_unit: str = ""
    numerator: Decimal = Decimal(0)
    denominator: Decimal = Decimal(0)
    counts: Counts = field(default_factory=Counts)
    absent: int = 0
    at_unit: bool = False
    reason: str = ""
    institution: InstitutionHead | None = None
    hint: Hint | None = None

    @property
    def place(self) -> PlaceHead:
        return self.institution or self.region

    @property
    def judged(self) -> bool:
        return bool(self.status)

    @property
    def lagging(self) -> bool:
        return self.status in LAGGING

    @property
    def out_of_scope(self) -> bool:
        """Nothing here that could be asked; unlike units that answered 不适用 or closed."""
        counts = self.counts
        return self.status == Status.NOT_APPLICABLE and not (counts.units or counts.not_applicable or counts.closed)

    @property
    def badge(self) -> StatusBadge:
        """Colour key, sign and word."""
        return badge_of(self.status, self.cause, self.absent)

    @property
    def unreported(self) -> bool:
        """No figure counts, of no quarter: shown as 未报, 待审, 待报, 补报待审 or 逾期未审, neither 0 nor 不适用."""
        return self.cause == Cause.UNREPORTED or (self.counts.units > 0 and self.counts.given == 0)

    @property
    def waits(self) -> bool:
        """Nothing is expected by now."""
        return self.status in WAITING

    @property
    def beyond(self) -> bool:
        """Past a line that is not to be passed: a cap, or the upper end of a range."""
        over = self.high is not None and self.value is not None and self.value > self.high
        return self.target.comparator == Comparator.AT_MOST or (self.target.comparator == Comparator.RANGE and over)

    @property
    def lacking(self) -> bool:
        """More in the numerator would help; a single unit's state is not a matter of more."""
        single = self.target.qualitative and self.counts.units == 1
        return bool(self.needed) and not single and self.status not in (Status.MET, Status.NOT_APPLICABLE, "")

    @property
    def quarters_left(self) -> int:
        """Quarters from the next one to the milestone's own; 0 once it is due."""
        return max(0, Quarter.of(self.milestone_due) - self.quarter) if self.milestone_due else 0

    @property
    def per_quarter(self) -> Decimal | None:
        """What is needed in each quarter left, rounded up to what can be done: whole units."""
        if self.needed is None or not self.lacking or not self.quarters_left:
            return None
        return Decimal(ceil(self.needed / self.quarters_left))

    @property
    def done_share(self) -> Decimal | None:
        """完成率: the value in percent of the milestone; None where there is none or the milestone is 0."""
        if self.value is None or not self.milestone or self.unreported:
            return None
        return numbers.rounded(Fraction(self.value) * 100 / Fraction(self.milestone), 2, 100)


def cell_of(
    result: Attainment,
    target: TargetHead,
    region: RegionHead,
    at_unit: bool = False,
    institution: InstitutionHead | None = None,
) -> Cell:
    """A stored result as a cell. `at_unit`: an `each` at the very unit asked, counted as have/need where it needs."""
    at_unit = at_unit and result.need > 0
    silent = result.units > 0 and result.given == 0
    lines = (result.milestone, result.expected, result.high)
    return Cell(
        target=target,
        region=region,
        quarter=Quarter.from_ordinal(result.quarter),
        status=result.status,
        cause=result.cause,
        value=None if silent or result.value is None else numbers.rounded_beside(result.value, target.places, lines),
        expected=None if result.expected is None else numbers.rounded(result.expected, target.places, result.value),
        milestone=result.milestone,
        high=result.high,
        milestone_due=result.milestone_due,
        gap=None if silent else gap_shown(result, target.places),
        lag=None if result.lag is None else numbers.rounded_lag(result.lag, target.amber),
        needed=whole_up(result.needed_units),
        needed_unit=unit_of_need(target, region, at_unit),
        numerator=result.have if at_unit else result.numerator,
        denominator=result.need if at_unit else result.denominator,
        counts=Counts.of(result),
        at_unit=at_unit,
        absent=absent_by_cause(result, target.comparator),
        reason=result.reason,
        institution=institution,
    )


def unit_of_need(target: TargetHead, region: RegionHead, at_unit: bool) -> str:
    """Above the counties a county is what lacks; in a county it is one of its own units, or what that one counts."""
    if at_unit:
        return target.element_unit
    return _("家") if target.counts_units and region.level == RegionLevel.COUNTY else target.needed_unit


def gap_shown(result: Attainment, places: int) -> Decimal | None:
    """A shortfall that exists is never rounded away to 0."""
    return None if result.gap is None else numbers.rounded(result.gap, places, 0) or smallest_step(result.gap, places)


def smallest_step(gap: Decimal, places: int) -> Decimal:
    return Decimal(0) if gap <= 0 else Decimal(1).scaleb(-places)


def whole_up(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(ceil(value))


def absent_by_cause(result: Attainment, comparator: str) -> int:
    if result.cause == Cause.MISSING_BASE:
        return result.unbased
    if result.cause != Cause.MISSING_UNITS:
        return 0
    return uncountable_units(comparator, result.left_out, result.missing + result.overdue_review)


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many cells stand at each status, in the order of concern; zero counts included."""

    by_status: tuple[tuple[StatusBadge, int], ...]
    judged: int
    lagging: int
    no_data: int

    @classmethod
    def of(cls, cells: list[Cell]) -> "StatusCounts":
        statuses = [cell.status for cell in cells if cell.judged]
        return cls(
            by_status=tuple((badge_of(status), statuses.count(status)) for status in Status),
            judged=len(statuses),
            lagging=sum(statuses.count(status) for status in LAGGING),
            no_data=statuses.count(Status.NO_DATA),
        )
