"""Worlds drawn by Hypothesis, as plain specifications that print well, and the builder that writes them as rows."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from institutions.actions import regions
from institutions.actions.regions import first_version
from institutions.clock import SHANGHAI
from institutions.enums import Grade, InstitutionKind, Ownership, RegionKind, RegionLevel
from institutions.models import Institution, Placement, Region, User
from institutions.region_changes import RegionRefusedError, RegionState
from reports.base.enums import Decision, SubmissionState
from reports.models import Figure, ReturnPeriod, Round, Submission
from reports.reviewing.actions.figures import update_year_totals
from targets.enums import (
    Accumulation,
    Comparator,
    Denominator,
    ElementType,
    IndicatorKind,
    JudgedLevel,
    PlanState,
    Schedule,
    Strength,
    Window,
)
from targets.models import (
    Allotment,
    Clause,
    ConditionValue,
    Constant,
    DataElement,
    Indicator,
    Milestone,
    Plan,
    Target,
    Terms,
    WorkItem,
)
from targets.periods import Quarter, end_of_day

BEGINNING = datetime(2022, 1, 1, 9, tzinfo=SHANGHAI)
NOT_DONE = Decimal(date.max.toordinal())
CONSTANT = "oracle-population"

# The tree: place -> (level, kind, parent). 丁 has no townships, 乙2 has no units unless drawn.
TREE = {
    "市": (RegionLevel.CITY, RegionKind.CITY, None),
    "甲": (RegionLevel.COUNTY, RegionKind.COUNTY, "市"),
    "乙": (RegionLevel.COUNTY, RegionKind.DISTRICT, "市"),
    "丁": (RegionLevel.COUNTY, RegionKind.ZONE, "市"),
    "甲1": (RegionLevel.TOWNSHIP, RegionKind.TOWN, "甲"),
    "甲2": (RegionLevel.TOWNSHIP, RegionKind.TOWN, "甲"),
    "乙1": (RegionLevel.TOWNSHIP, RegionKind.STREET, "乙"),
}
LAYOUTS = [
    ("市", (RegionLevel.CITY, RegionLevel.COUNTY)),
    ("市", (RegionLevel.CITY, RegionLevel.COUNTY, RegionLevel.TOWNSHIP)),
    ("市", (RegionLevel.CITY,)),
    ("甲", (RegionLevel.COUNTY,)),
    ("甲", (RegionLevel.COUNTY, RegionLevel.TOWNSHIP)),
    ("市", (RegionLevel.CITY, RegionLevel.COUNTY, JudgedLevel.INSTITUTION)),
    ("甲", (RegionLevel.COUNTY, JudgedLevel.INSTITUTION)),
]
# code -> (type, accumulation)
ELEMENTS = {
    "flow1": (ElementType.COUNT, Accumulation.FLOW),
    "flow2": (ElementType.COUNT, Accumulation.FLOW),
    "running1": (ElementType.COUNT, Accumulation.RUNNING),
    "running2": (ElementType.COUNT, Accumulation.RUNNING),
    "stock1": (ElementType.COUNT, Accumulation.STOCK),
    "stock2": (ElementType.COUNT, Accumulation.STOCK),
    "money": (ElementType.MONEY, Accumulation.FLOW),
    "rate": (ElementType.DECIMAL, Accumulation.STOCK),
    "level": (ElementType.LEVEL, Accumulation.STOCK),
    "state": (ElementType.LEVEL, Accumulation.STOCK),
    "yes": (ElementType.YESNO, Accumulation.STOCK),
    "yesflow": (ElementType.YESNO, Accumulation.FLOW),
    "day": (ElementType.DATE, Accumulation.STOCK),
}


@dataclass
class Stage:
    """Rows that every world shares."""

    places: dict[str, Region]
    elements: dict[str, DataElement]
    reporter: User
    reviewer: User


def build_stage() -> Stage:
    places: dict[str, Region] = {}
    for position, (name, (level, kind, parent)) in enumerate(TREE.items()):
        above = places.get(parent or "")
        made = Region.objects.create(name=name, level=level, kind=kind, parent=above, position=position)
        made.lineage = [*(above.lineage if above else []), made.pk]
        made.save(update_fields=["lineage"])
        first_version(made, None, None).save()
        places[name] = made
    elements = {
        code: DataElement.objects.create(
            code=f"oracle-{code}",
            name=code,
            definition=code,
            topic="口径",
            position=position,
            type=kind,
            places=2 if kind in (ElementType.MONEY, ElementType.DECIMAL) else 0,
            accumulation=accumulation,
            kinds=[],
            levels=["未", "基本", "全部"] if kind == ElementType.LEVEL else [],
            allow_not_applicable=True,
        )
        for position, (code, (kind, accumulation)) in enumerate(ELEMENTS.items())
    }
    people = [User.objects.create(username=f"oracle-{name}") for name in ("reporter", "reviewer")]
    return Stage(places, elements, *people)


# --- What is drawn --------------------------------------------------------------------------------------------------


@dataclass
class DrawnUnit:
    place: str
    kind: str
    grade: str = ""
    ownership: str = Ownership.PUBLIC
    reporter: int | None = None
    opened: date = date(2000, 1, 1)
    closed: date | None = None
    moved: list[tuple[date, str]] = field(default_factory=list)  # the last day at each place where it lay before


@dataclass
class DrawnFormula:
    kind: str
    element: str
    over: str = ""
    against: str = ""
    denominator: str = Denominator.NONE
    condition: str = ""
    value: Decimal | None = None
    by_class: dict[str, Decimal] = field(default_factory=dict)
    multiplier: int = 1
    offset: int = 0

    @property
    def elements(self) -> list[str]:
        return [each for each in (self.element, self.over, self.against) if each]


@dataclass
class DrawnMark:
    due: date
    value: Decimal | None
    high: Decimal | None = None
    allotted: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class DrawnTerms:
    since: date
    comparator: str
    strength: str
    window: str
    schedule: str
    marks: list[DrawnMark]
    shares: list[Decimal] = field(default_factory=list)
    baseline: Decimal | None = None
    amber: Decimal | None = None


@dataclass
class DrawnTarget:
    formula: DrawnFormula
    terms: list[DrawnTerms]
    kinds: list[str] = field(default_factory=list)
    grades: list[str] = field(default_factory=list)
    ownerships: list[str] = field(default_factory=list)
    bureau_level: str = ""
    named: list[int] = field(default_factory=list)


@dataclass
class DrawnChange:
    """From a day on a place is a district, lies below another, or has gone into another."""

    on: date
    what: str
    place: str
    other: str = ""


@dataclass
class DrawnReturn:
    """A return as it stands: the state, whether figures of it are in force, and the hand-in that waits."""

    state: str
    approved: bool
    due_on: date
    review_by: date
    handed_in: datetime | None = None


@dataclass
class DrawnWorld:
    issuer: str
    levels: tuple[str, ...]
    first_day: date
    last_day: date
    quarters: list[Quarter]
    now: datetime
    units: list[DrawnUnit]
    targets: list[DrawnTarget]
    numbers: dict[tuple[str, str, int], Decimal]  # constants and quotas: code, place, year
    returns: dict[tuple[int, Quarter], DrawnReturn]
    answers: dict[tuple[int, str, Quarter], Decimal | None]  # None is 不适用
    closed_on: date | None = None
    changes: list[DrawnChange] = field(default_factory=list)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For Hypothesis, which would print a dataclass field by field."""
        printer.text(str(self))

    def __str__(self) -> str:
        """Line by line, for the report of a failure."""
        levels = [str(each) for each in self.levels]
        plan = f"plan {self.first_day}–{self.last_day}" + (f", closed {self.closed_on}" if self.closed_on else "")
        lines = [f"{self.issuer} judges {levels}, {plan}"]
        lines.append(f"opened {', '.join(map(str, self.quarters))}; now {self.now:%Y-%m-%d %H:%M:%S}")
        lines += [f"change {plain(each)}" for each in self.changes]
        lines += [f"target {number}: {plain(each)}" for number, each in enumerate(self.targets)]
        lines += [f"{code} {place} {year}: {value}" for (code, place, year), value in self.numbers.items()]
        for number, unit in enumerate(self.units):
            lines.append(f"unit {number}: {plain(unit)}")
            for (reporter, quarter), made in self.returns.items():
                if reporter == (number if unit.reporter is None else unit.reporter):
                    lines.append(f"    {quarter} {self.of_return(number, quarter, made)}")
        return "\n" + "\n".join(lines) + "\n"

    def of_return(self, unit: int, quarter: Quarter, made: DrawnReturn) -> str:
        given = [
            f"{element}={'不适用' if value is None else value}"
            for (subject, element, at), value in self.answers.items()
            if subject == unit and at == quarter
        ]
        handed = f" handed in {made.handed_in:%m-%d %H:%M}" if made.handed_in else ""
        return f"{made.state}{handed} due {made.due_on:%m-%d}/{made.review_by:%m-%d}: {', '.join(given) or '–'}"


def plain(made: Any) -> str:
    """Only what is not at its default."""
    if isinstance(made, list):
        return "[" + ", ".join(plain(each) for each in made) + "]"
    if not hasattr(made, "__dataclass_fields__"):
        return str(made)
    shown = []
    for name, each in made.__dataclass_fields__.items():
        value = getattr(made, name)
        if value not in (each.default, None, [], {}, ""):
            shown.append(f"{name}={plain(value)}")
    return f"({', '.join(shown)})"


# --- How it is drawn ------------------------------------------------------------------------------------------------

Draw = Any
COUNTS = ["flow1", "flow2", "running1", "running2", "stock1", "stock2"]
PAIRS = [("flow1", "flow2"), ("stock1", "stock2"), ("running1", "running2"), ("flow1", "stock1"), ("stock2", "flow2")]
SUMMED = [*COUNTS, "money", "rate"]


def pick(draw: Draw, *options: Any) -> Any:
    return draw(st.sampled_from(options))


def chance(draw: Draw, percent: int) -> bool:
    return draw(st.integers(0, 99)) >= 100 - percent


@st.composite
def worlds(draw: Draw) -> DrawnWorld:
    issuer, levels = pick(draw, LAYOUTS[0], *LAYOUTS)
    first_day = pick(draw, date(2023, 1, 1), date(2023, 1, 1), date(2023, 1, 1), date(2023, 4, 1), date(2023, 2, 15))
    last_day = pick(draw, date(2023, 12, 31), date(2024, 12, 31), date(2024, 6, 30), date(2025, 12, 31))
    first = Quarter.of(first_day)
    past = [first + step for step in range(draw(st.integers(1, 7)))]
    quarters = past[-pick(draw, 1, 1, 2, 2, 3) :]
    targets_wanted = draw(st.integers(1, 5))
    units = draw_units(draw, issuer, past)
    targets = [draw_target(draw, issuer, levels, first_day, last_day, units) for _ in range(targets_wanted)]
    now = draw_now(draw, quarters[-1])
    back = 4 if any(each.formula.denominator == Denominator.LAST_YEAR for each in targets) else pick(draw, 0, 0, 2)
    told = [first + -step for step in range(back, 0, -1)] + past
    returns = draw_returns(draw, units, told, now)
    elements = sorted({code for each in targets for code in each.formula.elements}, key=list(ELEMENTS).index)
    return DrawnWorld(
        issuer=issuer,
        levels=levels,
        first_day=first_day,
        last_day=last_day,
        quarters=quarters,
        now=now,
        units=units,
        targets=targets,
        numbers=draw_numbers(draw, targets, quarters),
        returns=returns,
        answers=draw_answers(draw, units, elements, returns, told),
        closed_on=pick(draw, *past).first_day + timedelta(days=pick(draw, 0, 50)) if chance(draw, 5) else None,
        changes=draw_changes(draw, issuer, past) if chance(draw, 25) else [],
    )


def draw_changes(draw: Draw, issuer: str, quarters: list[Quarter]) -> list[DrawnChange]:
    """One or two, one after the other. What the register refuses does not happen (`build_changes`)."""
    kinds = [("district", "甲", ""), ("move", "甲2", "乙"), ("move", "乙1", "甲")]
    if issuer == "市":
        kinds += [("merge", "甲", "乙"), ("merge", "乙", "甲")]
    days = {pick(draw, *quarters).first_day + timedelta(days=pick(draw, 0, 1, 45)) for _ in range(pick(draw, 1, 1, 2))}
    return [DrawnChange(day, *pick(draw, *kinds)) for day in sorted(days)]


def within(issuer: str, place: str) -> bool:
    while place != issuer:
        above = TREE[place][2]
        if above is None:
            return False
        place = above
    return True


def draw_units(draw: Draw, issuer: str, quarters: list[Quarter]) -> list[DrawnUnit]:
    """Hospitals, bureaus and clinics; some came or went in the meantime, one may lie outside."""
    places = [place for place in TREE if within(issuer, place)]
    units: list[DrawnUnit] = []
    for _ in range(draw(st.integers(1, 7))):
        kind = pick(
            draw,
            InstitutionKind.TOWNSHIP_HOSPITAL,
            InstitutionKind.TOWNSHIP_HOSPITAL,
            InstitutionKind.VILLAGE_CLINIC,
            InstitutionKind.HOSPITAL,
            InstitutionKind.BUREAU,
        )
        unit = DrawnUnit(place=pick(draw, *places), kind=kind)
        if kind == InstitutionKind.TOWNSHIP_HOSPITAL:
            unit.grade = pick(draw, Grade.GENERAL, Grade.CENTRAL)
        if chance(draw, 20):
            unit.ownership = Ownership.PRIVATE
        hosts = [number for number, each in enumerate(units) if each.reporter is None]
        if kind == InstitutionKind.VILLAGE_CLINIC and hosts and chance(draw, 80):
            unit.reporter = pick(draw, *hosts)
            if chance(draw, 80):
                unit.place = units[unit.reporter].place
            unit.opened, unit.closed = units[unit.reporter].opened, units[unit.reporter].closed
        elif chance(draw, 15):
            unit.opened = pick(draw, *quarters).first_day + timedelta(days=20)
        elif chance(draw, 20):
            unit.closed = pick(draw, *quarters).first_day + timedelta(days=pick(draw, 0, 40, 90))
        if kind != InstitutionKind.BUREAU and chance(draw, 15):
            unit.moved = draw_moves(draw, unit, quarters)
        units.append(unit)
    return units


def draw_moves(draw: Draw, unit: DrawnUnit, quarters: list[Quarter]) -> list[tuple[date, str]]:
    """One move or two; no two places in a row are the same."""
    days = {
        pick(draw, *quarters).first_day + timedelta(days=pick(draw, -1, 30, 88)) for _ in range(pick(draw, 1, 1, 2))
    }
    after, moves = unit.place, []
    for day in sorted(days, reverse=True):
        after = pick(draw, *[place for place in TREE if place != after])
        moves.insert(0, (day, after))
    return moves


def is_open(unit: DrawnUnit, quarter: Quarter) -> bool:
    return unit.opened <= quarter.last_day and (unit.closed is None or unit.closed > quarter.last_day)


def draw_now(draw: Draw, last: Quarter) -> datetime:
    """A moment in the last quarter's round; the second before and the first of each date line."""
    due, review = end_of_day(due_day(last)), end_of_day(review_day(last))
    second = timedelta(seconds=1)
    morning = datetime.combine(last.last_day + timedelta(days=5), time(9), SHANGHAI)
    return pick(draw, review, review, due, due - second, review - second, morning, review + timedelta(days=40))


def due_day(quarter: Quarter) -> date:
    return quarter.last_day + timedelta(days=14)


def review_day(quarter: Quarter) -> date:
    return quarter.last_day + timedelta(days=21)


def draw_returns(
    draw: Draw, units: list[DrawnUnit], told: list[Quarter], now: datetime
) -> dict[tuple[int, Quarter], DrawnReturn]:
    keys = [
        (number, quarter)
        for quarter in told
        for number, unit in enumerate(units)
        if unit.reporter is None and is_open(unit, quarter)
    ]
    fates = draw(st.binary(min_size=len(keys), max_size=len(keys)))
    return {key: return_of(fate, key[1], now) for key, fate in zip(keys, fates, strict=True) if fate != NO_RETURN}


NO_RETURN = 179  # a unit that came on the register since and owes none yet


def return_of(fate: int, quarter: Quarter, now: datetime) -> DrawnReturn:
    """About six in ten are approved; the rest stand anywhere else."""
    extended = 25 if fate % 8 == 7 else 0
    due, review = due_day(quarter) + timedelta(days=extended), review_day(quarter) + timedelta(days=extended)
    in_time = min(datetime.combine(quarter.last_day + timedelta(days=3), time(9), SHANGHAI), now)
    at_the_last = min(end_of_day(due) - timedelta(seconds=1), now)
    late = min(end_of_day(due), now)
    made = DrawnReturn(SubmissionState.APPROVED, True, due, review)
    if fate < 150:
        return made
    if fate < 180:
        return DrawnReturn(SubmissionState.DRAFT, False, due, review)
    if fate < 195:
        return DrawnReturn(SubmissionState.RETURNED, False, due, review)
    if fate < 215:
        return DrawnReturn(SubmissionState.SUBMITTED, False, due, review, in_time)
    if fate < 225:
        return DrawnReturn(SubmissionState.SUBMITTED, False, due, review, at_the_last)
    if fate < 235:
        return DrawnReturn(SubmissionState.SUBMITTED, False, due, review, late)
    if fate < 245:
        return DrawnReturn(SubmissionState.SUBMITTED, True, due, review, in_time)
    return DrawnReturn(SubmissionState.RETURNED, True, due, review)


def draw_answers(
    draw: Draw,
    units: list[DrawnUnit],
    elements: list[str],
    returns: dict[tuple[int, Quarter], DrawnReturn],
    told: list[Quarter],
) -> dict[tuple[int, str, Quarter], Decimal | None]:
    """One byte an answer: its small values are the plain ones, the largest say 不适用."""
    keys = [
        (number, quarter)
        for number, unit in enumerate(units)
        for quarter in told
        if (made := returns.get((number if unit.reporter is None else unit.reporter, quarter)))
        and made.approved
        and is_open(unit, quarter)
    ]
    absent = draw(st.binary(min_size=len(keys), max_size=len(keys)))
    drawn = draw(st.binary(min_size=len(keys) * len(elements), max_size=len(keys) * len(elements)))
    found: dict[tuple[int, str, Quarter], Decimal | None] = {}
    running: dict[tuple[int, str, int], Decimal] = {}
    for index, (number, quarter) in enumerate(keys):
        for place, code in enumerate(elements):
            key = (number, code, quarter)
            if absent[index] >= 240:  # the unit says 不适용 to everything
                found[key] = None
                continue
            byte = drawn[index * len(elements) + place]
            found[key] = value_of(byte, code, quarter, running, number)
    return found


def value_of(
    byte: int, code: str, quarter: Quarter, running: dict[tuple[int, str, int], Decimal], unit: int
) -> Decimal | None:
    kind, accumulation = ELEMENTS[code]
    if kind == ElementType.LEVEL:
        return Decimal((0, 1, 2, 2, 1)[byte % 5])
    if kind == ElementType.YESNO:
        return Decimal(byte % 2)
    if kind == ElementType.DATE:
        return NOT_DONE if byte % 3 == 0 else Decimal((quarter.last_day - timedelta(days=byte)).toordinal())
    value = Decimal(byte % 13)
    if kind in (ElementType.MONEY, ElementType.DECIMAL):
        value += Decimal(byte % 4) / 4
    if accumulation == Accumulation.RUNNING:
        total = running.get((unit, code, quarter.year), Decimal(0)) + value
        running[unit, code, quarter.year] = total
        return total
    return value


def draw_numbers(
    draw: Draw, targets: list[DrawnTarget], quarters: list[Quarter]
) -> dict[tuple[str, str, int], Decimal]:
    """Constants and assigned quotas at some places of every level and in some years."""
    codes = [CONSTANT] if any(each.formula.denominator == Denominator.CONSTANT for each in targets) else []
    codes += [code_of(n) for n, each in enumerate(targets) if each.formula.denominator == Denominator.QUOTA]
    years = sorted({each.year for each in quarters} | {quarters[0].year - 1})
    keys = [(code, place, year) for code in codes for place in TREE for year in years]
    drawn = draw(st.binary(min_size=len(keys), max_size=len(keys)))
    return {key: OFFICIAL[byte % 8] for key, byte in zip(keys, drawn, strict=True) if byte % 8 in OFFICIAL}


OFFICIAL = {1: Decimal(10), 2: Decimal(25), 3: Decimal(50), 4: Decimal("7.5"), 5: Decimal(0), 6: Decimal(20)}


def code_of(number: int) -> str:
    return f"oracle-{number}"


# --- Targets --------------------------------------------------------------------------------------------------------


def draw_target(
    draw: Draw, issuer: str, levels: tuple[str, ...], first_day: date, last_day: date, units: list[DrawnUnit]
) -> DrawnTarget:
    formula = draw_formula(draw)
    target = DrawnTarget(formula, [])
    scope = draw(st.integers(0, 19))
    if scope == 1:
        target.kinds = [InstitutionKind.TOWNSHIP_HOSPITAL]
    elif scope == 2:
        target.kinds, target.grades = [InstitutionKind.TOWNSHIP_HOSPITAL], [Grade.CENTRAL]
    elif scope == 3:
        target.ownerships = [Ownership.PUBLIC]
    elif scope == 4:
        target.kinds = [InstitutionKind.BUREAU]
        target.bureau_level = pick(draw, RegionLevel.CITY, RegionLevel.COUNTY, RegionLevel.TOWNSHIP)
    elif scope == 5:
        target.kinds = [InstitutionKind.VILLAGE_CLINIC, InstitutionKind.HOSPITAL]
    if chance(draw, 10) or formula.kind == IndicatorKind.DELIVERABLE:
        target.named = sorted(draw(st.sets(st.integers(0, len(units) - 1), min_size=1, max_size=2)))
    days = [first_day] if not chance(draw, 4) else []
    if not days or chance(draw, 15):
        days.append(pick(draw, date(2023, 6, 30), date(2023, 7, 1), date(2023, 11, 15)))
    target.terms = [draw_terms(draw, formula, day, issuer, levels, first_day, last_day) for day in days]
    return target


def draw_formula(draw: Draw) -> DrawnFormula:
    kind = pick(
        draw,
        *[IndicatorKind.RATIO] * 4,
        *[IndicatorKind.SHARE] * 3,
        *[IndicatorKind.TOTAL] * 3,
        IndicatorKind.EACH,
        IndicatorKind.EACH,
        IndicatorKind.DELIVERABLE,
        IndicatorKind.QUALITATIVE,
    )
    if kind == IndicatorKind.RATIO:
        return draw_ratio(draw)
    if kind == IndicatorKind.TOTAL:
        return DrawnFormula(kind, pick(draw, *SUMMED))
    if kind == IndicatorKind.QUALITATIVE:
        return DrawnFormula(kind, "state")
    if kind == IndicatorKind.DELIVERABLE:
        if chance(draw, 70):
            return DrawnFormula(kind, "day", condition="<=")
        return DrawnFormula(kind, pick(draw, "yes", "yesflow"), condition=">=", value=Decimal(1))
    return draw_condition(draw, kind)


def draw_ratio(draw: Draw) -> DrawnFormula:
    denominator = pick(
        draw, Denominator.ELEMENT, Denominator.ELEMENT, Denominator.CONSTANT, Denominator.LAST_YEAR, Denominator.QUOTA
    )
    if denominator == Denominator.ELEMENT:
        element, over = pick(
            draw,
            ("flow1", "flow2"),
            ("running1", "running2"),
            ("stock1", "stock2"),
            ("flow1", "stock2"),
            ("running1", "stock1"),
            ("money", "flow2"),
            ("stock1", "flow2"),
            ("flow1", "running2"),
        )
        return DrawnFormula(IndicatorKind.RATIO, element, over, denominator=denominator, multiplier=100)
    if denominator in (Denominator.CONSTANT, Denominator.QUOTA):
        return DrawnFormula(
            IndicatorKind.RATIO,
            pick(draw, "flow1", "running1", "stock1", "money"),
            denominator=denominator,
            multiplier=pick(draw, 100, 10),
        )
    element = pick(draw, "flow1", "running1", "stock1", "money")
    return DrawnFormula(IndicatorKind.RATIO, element, denominator=denominator, multiplier=100, offset=-100)


def draw_condition(draw: Draw, kind: str) -> DrawnFormula:
    shape = draw(st.integers(0, 5))
    if shape == 0:
        return DrawnFormula(kind, "level", condition=">=", value=pick(draw, Decimal(1), Decimal(2)))
    if shape == 1:
        return DrawnFormula(kind, pick(draw, "yes", "yesflow"), condition=">=", value=Decimal(1))
    if shape == 2:
        element, over = pick(draw, *PAIRS)
        return DrawnFormula(
            kind, element, over, condition=pick(draw, ">=", "<="), value=pick(draw, Decimal("0.5"), Decimal(1))
        )
    if shape == 3:
        element, against = pick(draw, *PAIRS)
        return DrawnFormula(kind, element, against=against, condition=pick(draw, ">=", "<="))
    made = DrawnFormula(kind, pick(draw, *COUNTS), condition=pick(draw, ">=", ">=", "<=", "="))
    made.value = pick(draw, Decimal(1), Decimal(6), Decimal(10))
    if shape == 4:
        made.by_class = pick(
            draw,
            {RegionKind.COUNTY.value: Decimal(2), RegionKind.DISTRICT.value: Decimal(8)},
            {Grade.CENTRAL.value: Decimal(9), Grade.GENERAL.value: Decimal(3)},
            {InstitutionKind.HOSPITAL.value: Decimal(12)},
            {RegionKind.TOWN.value: Decimal(4), RegionKind.CITY.value: Decimal(7)},
        )
    return made


PERCENTS = [Decimal(each) for each in ("0", "10", "20", "33.3333", "40", "50", "60", "75", "90", "100")]
TOTALS = [Decimal(each) for each in (0, 1, 2, 5, 8, 10, 15, 20, 30, 50)]
GROWTHS = [Decimal(each) for each in (-20, -10, 0, 5, 10, 20, 50)]


def draw_terms(
    draw: Draw,
    formula: DrawnFormula,
    since: date,
    issuer: str,
    levels: tuple[str, ...],
    first_day: date,
    last_day: date,
) -> DrawnTerms:
    comparator = draw_comparator(draw, formula)
    window = Window.YEAR if formula.denominator == Denominator.LAST_YEAR else pick(draw, Window.YEAR, Window.PLAN)
    dues = draw_dues(draw, window, first_day, last_day)
    marks = draw_marks(draw, formula, comparator, dues)
    terms = DrawnTerms(
        since=since,
        comparator=comparator,
        strength=pick(draw, *[Strength.MUST] * 9, Strength.PERMISSION),
        window=window,
        schedule=Schedule.AT_DUE,
        marks=marks,
    )
    if formula.kind != IndicatorKind.QUALITATIVE:
        terms.schedule = pick(draw, Schedule.EVEN, Schedule.AT_DUE, Schedule.HOLD, Schedule.CUSTOM)
    draw_baseline(draw, formula, terms)
    if terms.schedule == Schedule.CUSTOM:
        draw_shares(draw, terms, first_day)
    if chance(draw, 30):
        terms.amber = pick(draw, Decimal(0), Decimal(25), Decimal("33.33"), Decimal(60))
    if formula.kind == IndicatorKind.TOTAL:
        allot(draw, terms, issuer, levels)
    return terms


def draw_comparator(draw: Draw, formula: DrawnFormula) -> str:
    if formula.kind in (IndicatorKind.EACH, IndicatorKind.DELIVERABLE, IndicatorKind.QUALITATIVE):
        return Comparator.AT_LEAST
    return pick(draw, *[Comparator.AT_LEAST] * 4, Comparator.AT_MOST, Comparator.RANGE)


def draw_dues(draw: Draw, window: str, first_day: date, last_day: date) -> list[date]:
    days = [
        date(year, month, day)
        for year in (2023, 2024, 2025)
        for month, day in pick(
            draw,
            [(12, 31)],
            [(6, 30), (12, 31)],
            [(9, 30)],
            [(11, 15)],
            [(6, 30)],
            [(5, 10), (6, 20), (12, 31)],
        )
        if first_day <= date(year, month, day) <= last_day
    ]
    if window == Window.PLAN and len(days) > 1 and chance(draw, 50):
        days = sorted(draw(st.sets(st.sampled_from(days), min_size=1, max_size=3)))
    return days or [last_day]


def draw_marks(draw: Draw, formula: DrawnFormula, comparator: str, dues: list[date]) -> list[DrawnMark]:
    if formula.kind in (IndicatorKind.EACH, IndicatorKind.QUALITATIVE, IndicatorKind.DELIVERABLE):
        return [DrawnMark(due, Decimal(100)) for due in dues]
    pool = PERCENTS
    if formula.kind == IndicatorKind.TOTAL:
        pool = TOTALS
    elif formula.denominator == Denominator.LAST_YEAR:
        pool = GROWTHS
    values = [pick(draw, *pool) for _ in dues]
    if not chance(draw, 10):
        values.sort(reverse=comparator == Comparator.AT_MOST)
    marks = [DrawnMark(due, value) for due, value in zip(dues, values, strict=True)]
    if comparator == Comparator.RANGE:
        for mark in marks:
            mark.high = mark.value + pick(draw, Decimal(0), Decimal(5), Decimal(20), Decimal(40))
    if chance(draw, 6):
        mark = pick(draw, *marks)
        mark.value = mark.high = None
    return marks


def draw_baseline(draw: Draw, formula: DrawnFormula, terms: DrawnTerms) -> None:
    on_stock = ELEMENTS[formula.element][1] == Accumulation.STOCK
    needed = terms.schedule == Schedule.EVEN and on_stock
    if formula.kind in (IndicatorKind.QUALITATIVE, IndicatorKind.DELIVERABLE):
        return
    if terms.comparator == Comparator.AT_MOST:
        if needed or chance(draw, 50):
            top = max((mark.value for mark in terms.marks if mark.value is not None), default=Decimal(10))
            terms.baseline = top + pick(draw, Decimal(20), Decimal(50), Decimal(3))
    elif needed or chance(draw, 15):
        terms.baseline = pick(draw, Decimal(0), Decimal(5), Decimal(12), Decimal(30))


def span(terms: DrawnTerms, index: int, first_day: date) -> int:
    last, first = Quarter.of(terms.marks[index].due), Quarter.of(first_day)
    if terms.window == Window.YEAR:
        first = max(first, Quarter(last.year, 1))
    if index:
        first = max(first, Quarter.of(terms.marks[index - 1].due) + 1)
    return last - first + 1


def draw_shares(draw: Draw, terms: DrawnTerms, first_day: date) -> None:
    """Cumulative shares where every journey takes equally long; else the schedule cannot be a custom one."""
    spans = {span(terms, index, first_day) for index in range(len(terms.marks))}
    length = spans.pop()
    if spans or length < 1:
        terms.schedule = Schedule.AT_DUE
        return
    steps = sorted(pick(draw, 0, 10, 25, 40, 75, 90) for _ in range(length - 1))
    terms.shares = [Decimal(each) for each in (*steps, 100)]


def allot(draw: Draw, terms: DrawnTerms, issuer: str, levels: tuple[str, ...]) -> None:
    children = [place for place in TREE if place != issuer and within(issuer, place) and TREE[place][0] in levels]
    chosen = [place for place in children if chance(draw, 60)]
    for mark in terms.marks:
        mark.allotted = {place: pick(draw, *[each for each in TOTALS if each <= 15]) for place in chosen}
    for place in chosen:
        for before, mark in pairwise(mark for mark in terms.marks if mark.allotted):
            if terms.comparator != Comparator.AT_MOST:
                mark.allotted[place] = max(mark.allotted[place], before.allotted[place])
    if terms.comparator == Comparator.RANGE:
        for mark in terms.marks:
            mark.allotted = {}


# --- Writing it -----------------------------------------------------------------------------------------------------


@dataclass
class Built:
    plan: Plan
    units: list[Institution]
    targets: list[Target]
    periods: list[ReturnPeriod]
    submissions: dict[tuple[int, Quarter], Submission]


def build(world: DrawnWorld, stage: Stage) -> Built:
    plan = Plan.objects.create(
        code="oracle",
        title="oracle",
        issuer=stage.places[world.issuer],
        first_day=world.first_day,
        last_day=world.last_day,
        judged_levels=list(world.levels),
        amber_points=Decimal(10),
        state=PlanState.CLOSED if world.closed_on else PlanState.PUBLISHED,
        closed_on=world.closed_on,
        published_at=BEGINNING,
    )
    units = build_units(world, stage)
    build_changes(world, stage)
    targets = build_targets(world, stage, plan, units)
    Constant.objects.bulk_create(
        Constant(code=code, region=stage.places[place], year=year, value=value, source="公报")
        for (code, place, year), value in world.numbers.items()
    )
    periods = ReturnPeriod.objects.bulk_create(
        ReturnPeriod(quarter=each.ordinal, opened_at=BEGINNING, due_on=due_day(each), review_by=review_day(each))
        for each in world.quarters
    )
    return Built(plan, units, targets, periods, build_returns(world, stage, units))


def build_changes(world: DrawnWorld, stage: Stage) -> None:
    for change in world.changes:
        place, other = (Region.objects.filter(name=name).first() for name in (change.place, change.other))
        told: dict[str, Any] = {"on": change.on, "document": "", "by": stage.reviewer, "now": world.now}
        if place is None or place.valid_to:
            continue
        with suppress(RegionRefusedError):
            if change.what == "merge" and other is not None:
                state = RegionState.of(other)
                regions.merge(regions=[place, other], into=other, state=state, **told)
            elif change.what == "move":
                regions.change(region=place, state=RegionState.of(place, parent=other), **told)
            else:
                regions.change(region=place, state=RegionState.of(place, kind=RegionKind.DISTRICT), **told)


def build_units(world: DrawnWorld, stage: Stage) -> list[Institution]:
    units = Institution.objects.bulk_create(
        Institution(
            code=f"oracle-{number}",
            name=f"单位{number}",
            kind=unit.kind,
            grade=unit.grade,
            ownership=unit.ownership,
            region=stage.places[unit.place],
            opened=unit.opened,
            closed=unit.closed,
        )
        for number, unit in enumerate(world.units)
    )
    carried = []
    for unit, drawn in zip(units, world.units, strict=True):
        if drawn.reporter is not None:
            unit.reported_by = units[drawn.reporter]
            carried.append(unit)
    if carried:
        Institution.objects.bulk_update(carried, ["reported_by"])
    Placement.objects.bulk_create(
        Placement(institution=unit, until=day, region=stage.places[place])
        for unit, drawn in zip(units, world.units, strict=True)
        for day, place in drawn.moved
    )
    return units


def build_targets(world: DrawnWorld, stage: Stage, plan: Plan, units: list[Institution]) -> list[Target]:
    clause = Clause.objects.create(plan=plan, path="1", title="1", position=0)
    item = WorkItem.objects.create(clause=clause, code="oracle", title="oracle", position=0)
    indicators = Indicator.objects.bulk_create(
        indicator_of(number, each.formula, stage) for number, each in enumerate(world.targets)
    )
    ConditionValue.objects.bulk_create(
        ConditionValue(indicator=indicator, unit_class=unit_class, value=value)
        for indicator, each in zip(indicators, world.targets, strict=True)
        for unit_class, value in each.formula.by_class.items()
    )
    targets = Target.objects.bulk_create(
        Target(
            plan=plan,
            item=item,
            code=f"oracle-{number}",
            name=f"目标{number}",
            position=number,
            indicator=indicator,
            kinds=each.kinds,
            grades=each.grades,
            ownerships=each.ownerships,
            bureau_level=each.bureau_level,
            quote="完成",
            offset=0,
        )
        for number, (indicator, each) in enumerate(zip(indicators, world.targets, strict=True))
    )
    through = Target.units.through
    through.objects.bulk_create(
        through(target=target, institution=units[number])
        for target, each in zip(targets, world.targets, strict=True)
        for number in each.named
    )
    build_terms(world, stage, targets)
    return targets


def indicator_of(number: int, formula: DrawnFormula, stage: Stage) -> Indicator:
    return Indicator(
        code=code_of(number),
        name=f"指标{number}",
        definition="口径",
        kind=formula.kind,
        element=stage.elements[formula.element],
        over=stage.elements.get(formula.over),
        against=stage.elements.get(formula.against),
        denominator=formula.denominator,
        constant=CONSTANT if formula.denominator == Denominator.CONSTANT else "",
        condition=formula.condition,
        condition_value=formula.value,
        multiplier=Decimal(formula.multiplier),
        offset=Decimal(formula.offset),
    )


def build_terms(world: DrawnWorld, stage: Stage, targets: list[Target]) -> None:
    drawn = [(target, each) for target, spec in zip(targets, world.targets, strict=True) for each in spec.terms]
    made = Terms.objects.bulk_create(
        Terms(
            target=target,
            effective_from=each.since,
            comparator=each.comparator,
            strength=each.strength,
            window=each.window,
            schedule=each.schedule,
            custom_shares=each.shares,
            baseline=each.baseline,
            amber_points=each.amber,
            made_at=BEGINNING,
        )
        for target, each in drawn
    )
    pairs = [(terms, mark) for terms, (_, each) in zip(made, drawn, strict=True) for mark in each.marks]
    milestones = Milestone.objects.bulk_create(
        Milestone(terms=terms, due=mark.due, value=mark.value, high=mark.high) for terms, mark in pairs
    )
    Allotment.objects.bulk_create(
        Allotment(milestone=milestone, region=stage.places[place], value=value)
        for milestone, (_, mark) in zip(milestones, pairs, strict=True)
        for place, value in mark.allotted.items()
    )


def build_returns(world: DrawnWorld, stage: Stage, units: list[Institution]) -> dict[tuple[int, Quarter], Submission]:
    keys = list(world.returns)
    made = Submission.objects.bulk_create(
        Submission(
            reporter=units[number],
            quarter=quarter.ordinal,
            state=each.state if each.state != SubmissionState.APPROVED else SubmissionState.DRAFT,
            due_on=each.due_on,
            review_by=each.review_by,
        )
        for (number, quarter), each in world.returns.items()
    )
    submissions = dict(zip(keys, made, strict=True))
    rounds = Round.objects.bulk_create(
        [approved_round(submissions[key], stage) for key, each in world.returns.items() if each.approved]
        + [waiting_round(submissions[key], each, stage) for key, each in world.returns.items() if each.handed_in]
    )
    passed = {each.submission_id: each for each in rounds if each.decision}
    for key, submission in submissions.items():
        submission.approved_round = passed.get(submission.pk)
        submission.state = world.returns[key].state
    Submission.objects.bulk_update(made, ["approved_round", "state"])
    build_figures(world, stage, units, submissions)
    return submissions


def approved_round(submission: Submission, stage: Stage) -> Round:
    return Round(
        submission=submission,
        number=1,
        saved_at=BEGINNING,
        saved_by=stage.reporter,
        submitted_at=BEGINNING,
        submitted_by=stage.reporter,
        decision=Decision.APPROVED,
        decided_at=BEGINNING,
        decided_by=stage.reviewer,
    )


def waiting_round(submission: Submission, made: DrawnReturn, stage: Stage) -> Round:
    return Round(
        submission=submission,
        number=2,
        saved_at=made.handed_in,
        saved_by=stage.reporter,
        submitted_at=made.handed_in,
        submitted_by=stage.reporter,
    )


def build_figures(
    world: DrawnWorld, stage: Stage, units: list[Institution], submissions: dict[tuple[int, Quarter], Submission]
) -> None:
    Figure.objects.bulk_create(
        Figure(
            subject=units[number],
            element=stage.elements[code],
            quarter=quarter.ordinal,
            value=value,
            not_applicable=value is None,
            round=submissions[reporter_of(world, number), quarter].approved_round,
        )
        for (number, code, quarter), value in world.answers.items()
    )
    for year in {quarter.year for _, _, quarter in world.answers}:
        update_year_totals([unit.pk for unit in units], year)


def reporter_of(world: DrawnWorld, number: int) -> int:
    reporter = world.units[number].reporter
    return number if reporter is None else reporter
