"""The parts that every page shares: places, targets, and the cell, one result as it is shown.

No HTML and no queries. Numbers are already rounded (`reports.base.numbers`); None is "no number", never zero.
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
from reports.base.status_badge import Mark, mark_of
from reports.judging.flags import Pace
from reports.judging.queries.terms_in_force import TargetTerms
from reports.judging.status import uncountable
from reports.judging.terms import COUNTING_UNITS
from reports.models import Attainment
from targets.enums import Comparator, IndicatorKind, JudgedLevel, Strength
from targets.models import Clause, Plan, WorkItem
from targets.periods import Quarter

LAGGING = (Status.RED, Status.AMBER)
CELL_CHARACTERS = 11
COMPARATOR_SIGNS = {Comparator.AT_LEAST: "≥", Comparator.AT_MOST: "≤", Comparator.RANGE: ""}


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
    id: int
    name: str
    level: str

    @classmethod
    def of(cls, region: Region) -> "RegionHead":
        return cls(region.pk, region.name, region.level)


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
class Person:
    """Who answers for it (责任人)."""

    name: str
    phone: str

    @classmethod
    def of(cls, institution: Institution) -> "Person | None":
        """The contact; None where nobody is registered."""
        contact = cls(institution.contact_name, institution.contact_phone)
        return contact if str(contact) else None

    def __str__(self) -> str:
        return f"{self.name} {self.phone}".strip()


@dataclass(frozen=True, slots=True)
class TargetHead:
    """A target as a row's head: what it is called, where the plan says so, and how it is measured.

    unit, places: of the value. element_unit: of what it counts; needed_unit: of what its numerator lacks (家, 人…).
    comparator, strength: of the terms in force at the quarter's end.
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
    not_applicable: int = 0
    left_out: int = 0
    unbased: int = 0
    partly: int = 0

    @classmethod
    def of(cls, result: Attainment) -> "Counts":
        return cls(**{name: getattr(result, name) for name in cls.__dataclass_fields__})

    @property
    def text(self) -> str:
        """8/10（待审 1）."""
        return f"{self.reported}/{self.units}" + (_("（待审 %d）") % self.pending if self.pending else "")

    @property
    def absence_text(self) -> str:
        """What is not there, by reason: 待审 1、未报 2."""
        parts = (
            (_("待审"), self.pending),
            (_("待报"), self.awaited),
            (_("未报"), self.missing),
            (_("逾期未审"), self.overdue_review),
            (_("不适用"), self.not_applicable),
        )
        return _("、").join(f"{word} {count}" for word, count in parts if count)


@dataclass(frozen=True, slots=True)
class Cell:
    """One target in one place and quarter, as shown. A cell without a status is not judged ("·").

    region: where it counts; institution: of which alone it speaks, lying in that region.
    value, expected, milestone, high, gap: in the target's unit, rounded, never across a line.
    numerator, denominator: the counts behind the value (for an `each` at the unit itself: have, need).
    needed: what the numerator lacks to the milestone, in `needed_unit`; None where more does not help.
    lag: points of the way (进度百分点); None too where the line is 0.
    absent: units that could not be counted as nothing (缺 n 家). at_unit: an `each` at the very unit that is asked.
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
        """Nothing here that could be asked; unlike units that answered 不适用."""
        return self.judged and not self.counts.units and not self.counts.not_applicable

    @property
    def mark(self) -> Mark:
        """Colour key, sign and word."""
        return mark_of(self.status, self.cause, self.absent)

    @property
    def unreported(self) -> bool:
        """Nobody gave a figure: shown as 未报, 待审, 待报 or 逾期未审, which is neither 0 nor 不适用."""
        return self.cause in (Cause.UNREPORTED, Cause.UNREVIEWED) or (self.counts.units > 0 and self.counts.given == 0)

    @property
    def unreported_word(self) -> str:
        words = (
            (self.counts.pending, _("待审")),
            (self.counts.awaited, _("待报")),
            (self.counts.overdue_review, _("逾期未审")),
        )
        return next((word for count, word in words if count), _("未报"))

    @property
    def value_text(self) -> str:
        """The value with its unit; 未报 where nobody gave a figure; — where there is none to give."""
        if self.unreported:
            return self.unreported_word
        if self.target.qualitative and self.judged:
            return self.state_text
        return self.in_unit(self.value)

    @property
    def short_value(self) -> str:
        """The value in a matrix: of units that answer 1/2 or by state, that; nothing where the mark says it all."""
        if self.unreported:
            return self.unreported_word if self.mark.word != self.unreported_word else ""
        if self.target.qualitative:
            return self.state_text if self.mark.word != self.state_text else ""
        return self.short_share or self.without_unit(self.value)

    @property
    def short_share(self) -> str:
        """have/need of the unit itself, where a cell holds it; of two sums of money the percentage says it."""
        return self.share_text if self.at_unit and len(self.share_text) <= CELL_CHARACTERS else ""

    @property
    def waits(self) -> bool:
        """Nothing is expected by now."""
        return self.status in (Status.NOT_DUE, Status.SHOWN, Status.NOT_APPLICABLE)

    @property
    def short_expected(self) -> str:
        """What is expected by now, as short; nothing where the value is no single number."""
        alone = self.target.qualitative or self.waits or bool(self.short_share)
        return "" if alone or self.expected is None else self.without_unit(self.expected)

    @property
    def state_text(self) -> str:
        """全部 8/10，基本 1; for a single unit 全部完成, 基本完成 or 未完成."""
        if self.counts.units == 1:
            done, partly = self.numerator >= 1, self.counts.partly
            word = _("全部完成") if done else _("基本完成") if partly else _("未完成")
            return word if self.counts.reported else "—"
        text = _("全部 %(done)s/%(units)d") % {"done": numbers.text(self.numerator), "units": self.counts.units}
        return text + (_("，基本 %d") % self.counts.partly if self.counts.partly else "")

    @property
    def bar_share(self) -> str:
        """The length of a data bar in percent of its width; the line of the milestone stands at `bar_line`."""
        return f"{self.of_scale(self.value):.1f}"

    @property
    def bar_line(self) -> str:
        return f"{self.of_scale(self.milestone):.1f}"

    def of_scale(self, value: Decimal | None) -> Decimal:
        """Percents are drawn on 0–100; anything else so that the milestone stands at three quarters."""
        if value is None or self.milestone is None or self.unreported:
            return Decimal(0)
        full = Decimal(100) if self.target.unit == "%" and self.milestone <= 100 else abs(self.milestone) * 4 / 3
        return max(Decimal(0), min(Decimal(100), value * 100 / full)) if full else Decimal(0)

    @property
    def expected_text(self) -> str:
        return "—" if self.target.qualitative or self.waits else self.in_unit(self.expected)

    @property
    def milestone_text(self) -> str:
        """≥40%, or 10～20%."""
        if self.target.qualitative and self.judged:
            return _("全部完成")
        if self.milestone is None:
            return _("待下达") if self.judged else "—"
        if self.target.comparator == Comparator.RANGE and self.high is not None:
            return f"{self.plain(self.milestone)}～{self.plain(self.high, self.target.unit)}"
        sign = COMPARATOR_SIGNS[Comparator(self.target.comparator)]
        return sign + self.plain(self.milestone, self.target.unit)

    @property
    def gap_text(self) -> str:
        """差 3.2 个百分点, 差 2 所; nothing where the target is met."""
        if self.gap is None or self.gap <= 0 or self.target.qualitative or self.unreported:
            return ""
        unit = difference_unit(self.target)
        word = _("超") if self.beyond else _("差")
        return (
            f"{word} {numbers.text(self.gap, places=self.target.places, trim=self.target.counts_units)} {unit}".rstrip()
        )

    @property
    def beyond(self) -> bool:
        """Past a line that is not to be passed: a cap, or the upper end of a range."""
        over = self.high is not None and self.value is not None and self.value > self.high
        return self.target.comparator == Comparator.AT_MOST or (self.target.comparator == Comparator.RANGE and over)

    @property
    def needed_text(self) -> str:
        """需 2 家; nothing where nothing is lacking."""
        single = self.target.qualitative and self.counts.units == 1
        if not self.needed or single or self.status in (Status.MET, Status.NOT_APPLICABLE, ""):
            return ""
        return _("需 %(count)s %(unit)s") % {"count": numbers.text(self.needed), "unit": self.needed_unit}

    @property
    def share_text(self) -> str:
        """The counts beside a percentage: 12/30. Nothing for totals."""
        if self.target.kind in (IndicatorKind.TOTAL, IndicatorKind.QUALITATIVE) or not self.denominator:
            return ""
        written = (numbers.text(each, places=4, trim=True) for each in (self.numerator, self.denominator))
        return "/".join(written)

    @property
    def quarters_left(self) -> int:
        """Quarters from the next one to the milestone's own; 0 once it is due."""
        return max(0, Quarter.of(self.milestone_due) - self.quarter) if self.milestone_due else 0

    @property
    def per_quarter(self) -> Decimal | None:
        """What is needed in each quarter left, rounded up to what can be done: whole units."""
        if not self.needed or not self.needed_text or not self.quarters_left:
            return None
        return Decimal(ceil(self.needed / self.quarters_left))

    @property
    def done_share(self) -> Decimal | None:
        """完成率: the value in percent of the milestone; None where there is none or the milestone is 0."""
        if self.value is None or not self.milestone or self.unreported:
            return None
        return numbers.shown(Fraction(self.value) * 100 / Fraction(self.milestone), 2, 100)

    def in_unit(self, value: Decimal | None) -> str:
        return numbers.text(value, self.target.unit, self.target.places, trim=self.target.counts_units)

    def without_unit(self, value: Decimal | None) -> str:
        unit = self.target.unit if self.target.unit == "%" else ""
        return numbers.text(value, unit, self.target.places, trim=True)

    def plain(self, value: Decimal, unit: str = "") -> str:
        return numbers.text(value, unit, places=4, trim=True)


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
    lines = [line for line in (result.milestone, result.expected, result.high) if line is not None]
    return Cell(
        target=target,
        region=region,
        quarter=Quarter.from_ordinal(result.quarter),
        status=result.status,
        cause=result.cause,
        value=None if silent else rounded(result.value, target.places, lines),
        expected=rounded(result.expected, target.places),
        milestone=result.milestone,
        high=result.high,
        milestone_due=result.milestone_due,
        gap=None if silent else gap_shown(result, target.places),
        lag=rounded(result.lag, 1),
        needed=whole_up(result.needed_units),
        needed_unit=unit_of_need(target, region, at_unit),
        numerator=result.have if at_unit else result.numerator,
        denominator=result.need if at_unit else result.denominator,
        counts=Counts.of(result),
        at_unit=at_unit,
        absent=absent_units(result, target.comparator) if result.cause == Cause.MISSING_UNITS else 0,
        reason=result.reason,
        institution=institution,
    )


def unit_of_need(target: TargetHead, region: RegionHead, at_unit: bool) -> str:
    """Above the counties a county is what lacks; in a county it is one of its own units, or what that one counts."""
    if at_unit:
        return target.element_unit
    return _("家") if target.counts_units and region.level == RegionLevel.COUNTY else target.needed_unit


def rounded(value: Decimal | None, places: int, lines: list[Decimal] | None = None) -> Decimal | None:
    """Rounded for display, not across the nearest line (only the nearest could be crossed)."""
    if value is None:
        return None
    line = min(lines, key=lambda each: abs(each - value)) if lines else None
    return numbers.shown(value, places, line)


def gap_shown(result: Attainment, places: int) -> Decimal | None:
    """A shortfall that exists is never rounded away to 0."""
    return None if result.gap is None else numbers.shown(result.gap, places, 0) or smallest(result.gap, places)


def smallest(gap: Decimal, places: int) -> Decimal:
    return Decimal(0) if gap <= 0 else Decimal(1).scaleb(-places)


def whole_up(value: Decimal | None) -> Decimal | None:
    return None if value is None else Decimal(ceil(value))


def difference_unit(target: TargetHead) -> str:
    """Differences of percentages are percentage points."""
    return _("个百分点") if target.unit == "%" else target.unit


def pace_text(pace: Pace | None, target: TargetHead) -> str:
    """还需每季 +2.5 个百分点（近期平均每季 +1.2 个百分点）; nothing where no pace is needed."""
    if pace is None:
        return ""
    unit = difference_unit(target)
    needed = _("还需每季 +%s") % numbers.text(pace.needed, unit, max(target.places, 1), trim=True)
    if pace.recent is None:
        return needed
    sign = "+" if pace.recent >= 0 else ""
    recent = numbers.text(pace.recent, unit, max(target.places, 1), trim=True)
    return needed + _("（近期平均每季 %s）") % f"{sign}{recent}"


def absent_units(result: Attainment, comparator: str) -> int:
    return uncountable(comparator, result.left_out, result.missing + result.overdue_review)


@dataclass(frozen=True, slots=True)
class StatusCounts:
    """How many cells stand at each status, in the order of concern; zero counts included."""

    by_status: tuple[tuple[Mark, int], ...]
    judged: int
    lagging: int
    no_data: int

    @classmethod
    def of(cls, cells: list[Cell]) -> "StatusCounts":
        statuses = [cell.status for cell in cells if cell.judged]
        return cls(
            by_status=tuple((mark_of(status), statuses.count(status)) for status in Status),
            judged=len(statuses),
            lagging=sum(statuses.count(status) for status in LAGGING),
            no_data=statuses.count(Status.NO_DATA),
        )
