"""The rule of docs/design.md#indicator-kinds and docs/design.md#judging over plain rows: unit by unit, quarter by
quarter, in exact fractions.

Written from the design and docs/judging.md alone. Nothing is optimised and nothing is shared with the engine:
a parent is added up from its units, never from its children.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from reports.base.enums import Cause, Status, SubmissionState
from targets.enums import (
    Accumulation,
    Comparator,
    Denominator,
    ElementType,
    IndicatorKind,
    JudgedLevel,
    Schedule,
    Strength,
    Window,
)
from targets.periods import Quarter, end_of_day
from tests.oracle.rows import NA, Deal, Element, Mark, Place, Promised, Unit, World

ZERO, HUNDRED = Fraction(0), Fraction(100)
LONG_AGO = Quarter(2000, 1).ordinal
GROWING = (Accumulation.FLOW, Accumulation.RUNNING)
OF_UNITS = (IndicatorKind.SHARE, IndicatorKind.EACH, IndicatorKind.DELIVERABLE, IndicatorKind.QUALITATIVE)
HEIGHT = {"country": 0, "province": 1, "city": 2, "county": 3, "township": 4}
OFFICIAL = (Denominator.CONSTANT, Denominator.QUOTA)
SILENT = ("pending", "awaited", "missing", "overdue_review")

Key = tuple[int, int | None, int | None, int]  # target, region, institution, quarter


@dataclass(slots=True)
class Sums:
    """What units add; the names are those of the stored inputs."""

    numerator: Fraction = ZERO
    denominator: Fraction = ZERO
    kept_numerator: Fraction = ZERO
    kept_denominator: Fraction = ZERO
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
    late: int = 0
    have: Fraction = ZERO
    need: Fraction = ZERO

    def __str__(self) -> str:
        """Only what is not 0."""
        return ", ".join(f"{name} {getattr(self, name)}" for name in NAMES if getattr(self, name))

    def add(self, other: "Sums") -> None:
        for name in NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))


NAMES = [each.name for each in fields(Sums)]


@dataclass(slots=True)
class Result:
    status: str
    cause: str
    value: Fraction | None
    milestone: Fraction | None
    high: Fraction | None
    due: date
    expected: Fraction | None
    lacking: int  # missing units that cannot be counted as nothing
    sums: Sums

    def __str__(self) -> str:
        return f"{self.status}/{self.cause or '–'}, value {self.value}, of: {self.sums}"


class Oracle:
    """Every result that must stand at `now`, by target, subject and quarter."""

    def __init__(self, world: World, now: datetime) -> None:
        self.world, self.now = world, now

    def results(self) -> dict[Key, Result]:
        found: dict[Key, Result] = {}
        for period in self.world.periods:
            if self.plan_judges(period.quarter):
                for target in self.world.targets:
                    found |= self.of_target(target, period.quarter, found)
        return found

    def of_target(self, target: Promised, quarter: int, before: dict[Key, Result]) -> dict[Key, Result]:
        deal = deal_at(target, quarter)
        if deal is None:
            return {}
        case = Case(self, target, deal, quarter)
        found = {}
        for subject in [*case.judged_places, *self.judged_units]:
            if (result := case.result(subject, before)) is not None:
                found[case.key(subject, quarter)] = result
        return found

    def own(self, target: Promised, quarter: int, region: int, judged: Collection[int]) -> Sums:
        """What lies in a region and in no judged region below it."""
        case = Case(self, target, deal_at(target, quarter), quarter)
        total = Sums()
        for _unit, where, part in case.parts:
            lineage = case.places[where].lineage
            if region in lineage and not any(each in judged for each in lineage[lineage.index(region) + 1 :]):
                total.add(part)
        return total

    def plan_judges(self, quarter: int) -> bool:
        last_day = Quarter.from_ordinal(quarter).last_day
        first_day = Quarter.from_ordinal(quarter).first_day
        world = self.world
        return world.first_day <= last_day and (world.closed_on is None or world.closed_on >= first_day)

    @cached_property
    def judged_units(self) -> list[Unit]:
        """Every unit that answers for itself, where the plan judges down to them."""
        units = self.world.units.values() if JudgedLevel.INSTITUTION in self.world.levels else []
        return [each for each in units if each.reporter == each.id]

    def deadlines(self, unit: Unit, quarter: int) -> tuple[date, date]:
        made = self.world.returns.get((unit.reporter, quarter))
        dates = made or next(each for each in self.world.periods if each.quarter == quarter)
        return dates.due_on, dates.review_by

    def waits_late(self, unit: Unit, quarter: int) -> bool:
        """Handed in after its due day, and not decided."""
        made = self.world.returns.get((unit.reporter, quarter))
        if not made or made.state != SubmissionState.SUBMITTED:
            return False
        return made.handed_in is not None and made.handed_in >= end_of_day(made.due_on)

    def silence(self, unit: Unit, quarter: int) -> str:
        """Why there is no approved answer of a unit."""
        made = self.world.returns.get((unit.reporter, quarter))
        due_on, review_by = self.deadlines(unit, quarter)
        if made and made.state == SubmissionState.SUBMITTED and made.handed_in:
            if made.handed_in >= end_of_day(due_on):
                return "missing"
            return "pending" if self.now < end_of_day(review_by) else "overdue_review"
        return "awaited" if self.now < end_of_day(due_on) else "missing"


def deal_at(target: Promised, quarter: int) -> Deal | None:
    end = Quarter.from_ordinal(quarter).last_day
    in_force = [each for each in target.deals if each.since <= end]
    return max(in_force, key=lambda each: each.since, default=None)


def quarter_of(day: date) -> int:
    return Quarter.of(day).ordinal


class Case:
    """One target in one quarter."""

    def __init__(self, oracle: Oracle, target: Promised, deal: Deal, quarter: int) -> None:
        self.oracle, self.world = oracle, oracle.world
        self.target, self.deal, self.quarter = target, deal, quarter
        self.formula = target.formula
        self.end = Quarter.from_ordinal(quarter).last_day
        self.year = Quarter.from_ordinal(quarter).year
        self.strict = deal.comparator != Comparator.AT_LEAST
        division = self.world.division_on(self.end)
        self.places, self.former = division.places, division.former

    # --- Milestones ---------------------------------------------------------------------------------------------

    @cached_property
    def marks(self) -> list[Mark]:
        """The milestones that the window knows."""
        if self.deal.window == Window.YEAR:
            return [each for each in self.deal.marks if each.due.year == self.year]
        return list(self.deal.marks)

    @cached_property
    def mark(self) -> Mark | None:
        within = [each for each in self.marks if quarter_of(each.due) == self.quarter]
        after = [each for each in self.marks if quarter_of(each.due) > self.quarter]
        return (within[-1:] or after[:1] or self.marks[-1:] or [None])[0]

    @cached_property
    def previous(self) -> Mark | None:
        return self.earlier[-1] if self.earlier else None

    @property
    def earlier(self) -> list[Mark]:
        return [each for each in self.marks if self.mark and each.due < self.mark.due]

    @property
    def window_start(self) -> int:
        if self.deal.window == Window.YEAR:
            return max(Quarter(self.year, 1).ordinal, quarter_of(self.world.first_day))
        return quarter_of(self.world.first_day)

    @cached_property
    def window(self) -> range:
        return range(self.window_start, self.quarter + 1)

    # --- Units --------------------------------------------------------------------------------------------------

    @cached_property
    def judged_places(self) -> list[Place]:
        places = self.places.values()
        return [each for each in places if self.world.issuer in each.lineage and each.level in self.world.levels]

    @cached_property
    def lowest_judged(self) -> set[int]:
        above = {over for each in self.judged_places for over in each.lineage if over != each.id}
        return {each.id for each in self.judged_places if each.id not in above}

    def asked(self, unit: Unit) -> bool:
        """Whether the target is about this unit, wherever it lies below the issuer."""
        target = self.target
        return (
            (not target.named or unit.id in target.named)
            and (not target.kinds or unit.kind in target.kinds)
            and (not target.grades or unit.grade in target.grades)
            and (not target.ownerships or unit.ownership in target.ownerships)
            and (not target.bureau_level or self.places[self.place_at(unit, self.quarter)].level == target.bureau_level)
        )

    def open(self, unit: Unit) -> bool:
        """On the register below the issuer at the quarter's end."""
        if not unit.opened <= self.end or (unit.closed is not None and unit.closed <= self.end):
            return False
        return self.world.issuer in self.places[self.place_at(unit, self.quarter)].lineage

    def place_at(self, unit: Unit, quarter: int) -> int:
        """Where the unit lay at the quarter's end; what has gone into another place since lies in that one."""
        end = Quarter.from_ordinal(quarter).last_day
        place = next((place for until, place in unit.placements if until >= end), unit.place)
        return self.former.get(place, place)

    def answer(self, unit: Unit, element: Element, quarter: int) -> Fraction | str | None:
        return self.world.answers.get((unit.id, element.id), {}).get(quarter)

    def value(self, unit: Unit, element: Element, quarter: int) -> Fraction | None:
        found = self.answer(unit, element, quarter)
        return found if isinstance(found, Fraction) else None

    def standing(self, unit: Unit, quarter: int) -> str:
        """answered, not_applicable or silent, of all the formula's elements together."""
        found = [self.answer(unit, element, quarter) for element in self.formula.elements]
        if NA in found:
            return "not_applicable"
        return "silent" if None in found else "answered"

    def rise(self, unit: Unit, element: Element, quarter: int) -> Fraction:
        """What the quarter adds to the window: a flow itself, of a running total what it grew by within its year."""
        value = self.value(unit, element, quarter)
        if value is None:
            return ZERO
        if element.accumulation == Accumulation.RUNNING:
            start = Quarter(Quarter.from_ordinal(quarter).year, 1).ordinal
            earlier = [self.value(unit, element, each) for each in range(start, quarter)]
            known = [each for each in earlier if each is not None]
            return value - (known[-1] if known else ZERO)
        return value

    def last_value(self, unit: Unit, element: Element, before: int) -> Fraction | None:
        """The last approved value of any earlier quarter."""
        found = self.world.answers.get((unit.id, element.id), {})
        known = [each for each in sorted(found) if each < before and isinstance(found[each], Fraction)]
        return found[known[-1]] if known else None

    def quarters_answered(self, unit: Unit) -> list[int]:
        """Those of the window in which every element has a value."""
        return [each for each in self.window if self.standing(unit, each) == "answered"]

    # --- What units add -----------------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> list[tuple[Unit, int, Sums]]:
        """Unit, place and sums, for every unit that the target is about and every quarter whose figures count."""
        units = [unit for unit in self.world.units.values() if self.asked(unit) and not self.too_new(unit)]
        return [(unit, *part) for unit in units for part in [*self.of_unit(unit), *self.closing(unit)]]

    def too_new(self, unit: Unit) -> bool:
        """Growth is not asked of a unit that was not there a year ago."""
        last_year = Quarter.from_ordinal(self.quarter - 4).last_day
        return self.formula.denominator == Denominator.LAST_YEAR and unit.opened > last_year

    def closing(self, unit: Unit) -> Iterator[tuple[int, Sums]]:
        """A unit that closed in the window, where it lay at the end."""
        gone = unit.opened <= self.end and unit.closed is not None and unit.closed <= self.end
        if gone and quarter_of(unit.closed) >= self.window_start:
            yield self.place_at(unit, self.quarter), Sums(closed=1)

    def of_unit(self, unit: Unit) -> Iterator[tuple[int, Sums]]:
        if self.formula.kind in OF_UNITS:
            if self.open(unit):
                yield self.place_at(unit, self.quarter), self.counted(unit)
            return
        leaves = self.open(unit) and self.leaves_both_sides(unit)
        stays_kept = self.standing(unit, self.quarter) == "silent"
        since = self.arrived(unit) if self.open(unit) else self.quarter + 1
        home = self.place_at(unit, self.quarter) if self.open(unit) else None
        elsewhere = {where for quarter, where, _ in self.flows(unit) if quarter < since} - {home}
        yield from ((where, Sums(given=1)) for where in elsewhere if self.numerator_grows)
        for quarter, where, sums in self.flows(unit):
            if leaves and quarter >= since:
                sums.numerator = sums.denominator = ZERO
            if leaves and quarter >= since and not stays_kept:
                sums.kept_numerator = sums.kept_denominator = ZERO
            yield where, sums
        if self.open(unit):
            yield self.place_at(unit, self.quarter), self.summed(unit)

    def arrived(self, unit: Unit) -> int:
        """The first quarter since when the unit has lain where it lies at this one's end."""
        quarter, here = self.quarter, self.place_at(unit, self.quarter)
        while quarter > LONG_AGO and self.place_at(unit, quarter - 1) == here:
            quarter -= 1
        return quarter

    def leaves_both_sides(self, unit: Unit) -> bool:
        """Whether the flows of a unit on the register go with it when it leaves.

        Over a position: 不适用, none approved yet, or a missing unit that cannot count as nothing. A position over
        flows: whenever there is none. Over last year: its figure of that year is not there.
        """
        formula, standing = self.formula, self.standing(unit, self.quarter)
        if formula.denominator == Denominator.LAST_YEAR:
            return standing == "answered" and self.value(unit, formula.element, self.quarter - 4) is None
        if formula.over is None or standing == "answered":
            return False
        if formula.over.accumulation in GROWING:
            return not self.numerator_grows
        if standing == "not_applicable":
            return True
        return self.strict or self.last_value(unit, formula.over, self.quarter) is None

    def stands(self, unit: Unit, sums: Sums) -> str:
        """Enter the unit in N under its state; say the state."""
        standing = self.standing(unit, self.quarter)
        if standing == "not_applicable":
            sums.not_applicable = 1
            return standing
        state = "reported" if standing == "answered" else self.oracle.silence(unit, self.quarter)
        setattr(sums, state, 1)
        sums.units = 1
        sums.late_review = int(state == "missing" and self.oracle.waits_late(unit, self.quarter))
        if self.formula.denominator == Denominator.LAST_YEAR:
            sums.based = int(self.value(unit, self.formula.element, self.quarter - 4) is not None)
        return state

    @property
    def numerator_grows(self) -> bool:
        return self.formula.element.accumulation in GROWING

    @property
    def denominator_grows(self) -> bool:
        denominator = self.formula.denominator
        if denominator == Denominator.ELEMENT:
            return self.formula.over.accumulation in GROWING
        return denominator == Denominator.LAST_YEAR and self.numerator_grows

    def flows(self, unit: Unit) -> Iterator[tuple[int, int, Sums]]:
        """Flows and running totals of the window, by quarter, each where the unit lay then."""
        formula = self.formula
        for quarter in self.quarters_counted(unit):
            sums = Sums()
            if formula.denominator == Denominator.LAST_YEAR and self.denominator_grows:
                sums.numerator, sums.denominator = self.growth(unit, quarter)
            else:
                if self.numerator_grows:
                    sums.numerator = self.rise(unit, formula.element, quarter)
                if formula.denominator == Denominator.ELEMENT and self.denominator_grows:
                    sums.denominator = self.rise(unit, formula.over, quarter)
            sums.kept_numerator, sums.kept_denominator = sums.numerator, sums.denominator
            yield quarter, self.place_at(unit, quarter), sums

    def quarters_counted(self, unit: Unit) -> list[int]:
        """Those of the window whose figures add something; growth needs the same quarter of last year, too."""
        answered = self.quarters_answered(unit)
        if self.formula.denominator != Denominator.LAST_YEAR:
            return answered
        return [each for each in answered if self.value(unit, self.formula.element, each - 4) is not None]

    def growth(self, unit: Unit, quarter: int) -> tuple[Fraction, Fraction]:
        """What the quarter adds to this year's sum and to that of the same quarters of last year.

        A running total counts from the quarter that both years have before it, so that both cover the same time.
        """
        element = self.formula.element
        now, then = self.value(unit, element, quarter), self.value(unit, element, quarter - 4)
        if element.accumulation == Accumulation.RUNNING:
            for before in range(quarter - 1, Quarter(self.year, 1).ordinal - 1, -1):
                pair = self.value(unit, element, before), self.value(unit, element, before - 4)
                if None not in pair:
                    return now - pair[0], then - pair[1]
        return now, then

    def summed(self, unit: Unit) -> Sums:
        """N and the positions of a unit on the register, for totals and ratios."""
        sums = Sums()
        state = self.stands(unit, sums)
        here = self.place_at(unit, self.quarter)
        earlier = [each for each in self.quarters_counted(unit) if self.place_at(unit, each) == here]
        in_an_earlier_stay = any(each < self.arrived(unit) for each in earlier)
        counts = in_an_earlier_stay or (bool(earlier) and not self.leaves_both_sides(unit))
        sums.given = int(state == "reported" or (self.numerator_grows and counts))
        if state == "not_applicable":
            return sums
        self.position(unit, state, sums)
        return sums

    def position(self, unit: Unit, state: str, sums: Sums) -> None:
        formula, denominator = self.formula, self.formula.denominator
        silent = state in SILENT
        if denominator == Denominator.LAST_YEAR:
            return self.position_of_growth(unit, silent, sums)
        if not self.numerator_grows:
            sums.kept_numerator = self.last_value(unit, formula.element, self.quarter + 1) or ZERO
            sums.numerator = self.value(unit, formula.element, self.quarter) or ZERO
        if denominator != Denominator.ELEMENT:
            return None
        if self.denominator_grows:
            sums.left_out = int(silent)
            return None
        position = self.last_value(unit, formula.over, self.quarter + 1)
        if position is None:
            sums.left_out = 1
            return None
        sums.kept_denominator = position
        if not (silent and self.strict):
            sums.denominator = position
        return None

    def position_of_growth(self, unit: Unit, silent: bool, sums: Sums) -> None:
        """Last year's position stands as a denominator whoever is silent now."""
        element = self.formula.element
        base = self.value(unit, element, self.quarter - 4)
        if silent and (self.numerator_grows or base is None):
            sums.left_out = 1
        elif base is None:
            sums.unbased, sums.given = 1, 0
        if self.numerator_grows or base is None:
            return
        sums.kept_numerator = self.last_value(unit, element, self.quarter + 1) or ZERO
        sums.kept_denominator = base
        if not silent:
            sums.numerator = sums.kept_numerator
        if not (silent and self.strict):
            sums.denominator = base

    # --- Units that meet a condition ----------------------------------------------------------------------------

    def counted(self, unit: Unit) -> Sums:
        sums = Sums()
        state = self.stands(unit, sums)
        if state == "not_applicable":
            return sums
        kept, now = self.condition_values(unit, kept=True), self.condition_values(unit, kept=False)
        sums.kept_numerator, sums.kept_denominator = Fraction(self.holds(unit, kept)), Fraction(1)
        if state in SILENT and self.strict:
            return sums
        sums.given = int(now is not None)
        sums.numerator, sums.denominator = Fraction(self.holds(unit, now)), Fraction(1)
        if self.formula.kind == IndicatorKind.QUALITATIVE and now:
            sums.partly = int(now[0] == 1)
        if self.formula.kind == IndicatorKind.DELIVERABLE and self.formula.element.type == ElementType.DATE:
            done = sums.numerator == 1 and self.mark is not None
            sums.late = int(done and now is not None and now[0] > self.mark.due.toordinal())
        if self.formula.kind == IndicatorKind.EACH and self.counts_up:
            if now is not None:
                sums.have, sums.need = self.condition(unit, now)
            elif not self.formula.against:
                sums.need = self.threshold(unit) or ZERO
        return sums

    def condition_values(self, unit: Unit, kept: bool) -> list[Fraction] | None:
        """The elements of the condition as they count; None where one of them has no figure that counts."""
        found = []
        for element in self.formula.elements:
            if element.accumulation in GROWING and element.type != ElementType.DATE:
                quarters = self.quarters_answered(unit)
                found.append(sum((self.rise(unit, element, each) for each in quarters), ZERO) if quarters else None)
            elif kept or element.type == ElementType.DATE:
                found.append(self.last_value(unit, element, self.quarter + 1))
            else:
                found.append(self.value(unit, element, self.quarter))
        return None if None in found else found

    def threshold(self, unit: Unit) -> Fraction | None:
        place = self.places[self.place_at(unit, self.quarter)]
        for unit_class in (place.kind, unit.grade, unit.kind):
            if unit_class in self.formula.by_class:
                return self.formula.by_class[unit_class]
        return self.formula.condition_value

    @property
    def counts_up(self) -> bool:
        """Whether the condition asks for at least so many of one element."""
        return self.formula.condition == ">=" and not self.formula.over

    def condition(self, unit: Unit, values: list[Fraction]) -> tuple[Fraction, Fraction]:
        """Both sides of a unit's condition; a ratio is multiplied out, so that 0 of 0 does not fail."""
        measured, rest = values[0], values[1:]
        base = Fraction(1)
        if self.formula.over:
            base, rest = rest[0], rest[1:]
        wanted = rest[0] if self.formula.against else self.threshold(unit)
        return measured, Fraction(self.end.toordinal()) if wanted is None else wanted * base

    def holds(self, unit: Unit, values: list[Fraction] | None) -> bool:
        formula = self.formula
        if values is None:
            return False
        if formula.kind == IndicatorKind.QUALITATIVE:
            return values[0] == 2
        measured, wanted = self.condition(unit, values)
        return {">=": measured >= wanted, "<=": measured <= wanted, "=": measured == wanted}[formula.condition]

    # --- A region -----------------------------------------------------------------------------------------------

    def sums(self, subject: Place | Unit) -> Sums:
        """What lies in a region; of an institution, the units below the issuer whose lines its return carries."""
        total = Sums()
        if isinstance(subject, Unit):
            for unit, where, part in self.parts:
                if unit.reporter == subject.id and self.world.issuer in self.places[where].lineage:
                    total.add(part)
            return total
        for _unit, where, part in self.parts:
            if subject.id in self.places[where].lineage:
                total.add(self.based(where, part))
        for each in self.bases_in(subject):
            number = self.official(each)
            total.unbased += number is None
            total.based += number is not None
            total.denominator += number or ZERO
            total.kept_denominator += number or ZERO
        return total

    @cached_property
    def bases(self) -> set[int]:
        """Where the official numbers of a constant or quota are entered."""
        if self.formula.denominator not in OFFICIAL:
            return set()
        lowest = max(HEIGHT[self.places[each].level] for each in self.lowest_judged)
        level = self.target.bureau_level
        if level and HEIGHT[level] <= lowest:
            places = self.places.values()
            return {each.id for each in places if each.level == level and self.world.issuer in each.lineage}
        return self.lowest_judged

    def bases_in(self, place: Place) -> list[int]:
        return [each for each in self.bases if place.id in self.places[each].lineage]

    def based(self, where: int, part: Sums) -> Sums:
        """Where a region has no official number, its figures are left out of the numerator, too."""
        for each in self.places[where].lineage:
            if each in self.bases and self.official(each) is None:
                values = {name: getattr(part, name) for name in NAMES}
                return Sums(**(values | {"numerator": ZERO, "kept_numerator": ZERO, "given": 0}))
        return part

    def official(self, region: int) -> Fraction | None:
        """This year's number; of a constant last year's serves until it is there, of a quota never."""
        numbers = self.world.constants
        if self.formula.denominator == Denominator.QUOTA:
            return numbers.get((self.formula.code, region, self.year))
        this_year = numbers.get((self.formula.constant, region, self.year))
        return numbers.get((self.formula.constant, region, self.year - 1)) if this_year is None else this_year

    def key(self, subject: Place | Unit, quarter: int) -> Key:
        if isinstance(subject, Unit):
            return self.target.id, None, subject.id, quarter
        return self.target.id, subject.id, None, quarter

    def result(self, subject: Place | Unit, before: dict[Key, Result]) -> Result | None:
        if self.mark is None or not self.reaches(subject):
            return None
        verdict = Verdict(self, subject, self.sums(subject))
        if not verdict.judged(self.mark) or self.met_since(subject, before):
            return None
        return verdict.result()

    def reaches(self, subject: Place | Unit) -> bool:
        """A target of a bureau of one level is judged there and above; an institution that lies below the issuer, where
        it has units in scope."""
        if isinstance(subject, Unit):
            official = self.formula.denominator in OFFICIAL
            units = [unit for unit, _where, part in self.parts if part.units or part.not_applicable]
            lies_here = self.world.issuer in self.places[self.place_at(subject, self.quarter)].lineage
            return not official and lies_here and any(unit.reporter == subject.id for unit in units)
        asked_of = self.target.bureau_level
        return not asked_of or HEIGHT[subject.level] <= HEIGHT[asked_of]

    def met_since(self, subject: Place | Unit, before: dict[Key, Result]) -> bool:
        """Past the quarter of its last milestone, and met in it or since."""
        last = quarter_of(self.deal.marks[-1].due)
        found = [before.get(self.key(subject, each)) for each in range(last, self.quarter)]
        return any(each is not None and each.status == Status.MET for each in found)


class Verdict:
    """One target of one subject and quarter."""

    def __init__(self, case: Case, subject: Place | Unit, sums: Sums) -> None:
        self.case, self.subject, self.sums = case, subject, sums
        self.deal, self.mark, self.kind = case.deal, case.mark, case.formula.kind
        self.comparator = case.deal.comparator
        self.out = sums.pending + sums.awaited
        self.absent = sums.missing + sums.overdue_review
        self.high_asked = self.comparator == Comparator.RANGE

    def allotted(self, mark: Mark) -> Fraction | None:
        if self.kind == IndicatorKind.TOTAL and isinstance(self.subject, Place) and self.is_child:
            return mark.allotted.get(self.subject.id)
        return mark.value

    @property
    def is_child(self) -> bool:
        return isinstance(self.subject, Unit) or self.subject.id != self.case.world.issuer

    def judged(self, mark: Mark) -> bool:
        """Quantities only where allotted; a share only where it asks for one whole unit."""
        if not self.is_child:
            return True
        if self.kind == IndicatorKind.TOTAL:
            return isinstance(self.subject, Place) and self.subject.id in mark.allotted
        if self.kind == IndicatorKind.SHARE and mark.value is not None and self.sums.units:
            return mark.value * self.sums.units / 100 >= 1
        return True

    # --- The way ------------------------------------------------------------------------------------------------

    @cached_property
    def m(self) -> Fraction | None:
        return self.allotted(self.mark)

    @cached_property
    def b(self) -> Fraction:
        known = [self.allotted(each) for each in self.case.earlier if self.allotted(each) is not None]
        if known:
            return known[-1]
        return ZERO if self.deal.baseline is None else self.deal.baseline

    @property
    def journey(self) -> Fraction:
        return self.m - self.b

    @property
    def as_hold(self) -> bool:
        if self.deal.schedule == Schedule.HOLD:
            return True
        return self.journey >= 0 if self.comparator == Comparator.AT_MOST else self.journey <= 0

    @property
    def due_reached(self) -> bool:
        return quarter_of(self.mark.due) <= self.case.quarter

    @property
    def in_own_quarter(self) -> bool:
        return quarter_of(self.mark.due) == self.case.quarter

    @property
    def share(self) -> Fraction:
        """s: how much of the journey should be done by now."""
        if self.due_reached:
            return Fraction(1)
        if self.deal.schedule == Schedule.AT_DUE:
            return ZERO
        first = self.case.window_start
        if self.case.previous is not None:
            first = max(first, quarter_of(self.case.previous.due) + 1)
        done, whole = self.case.quarter - first + 1, quarter_of(self.mark.due) - first + 1
        if self.deal.schedule == Schedule.CUSTOM:
            return self.deal.shares[done - 1] / 100
        return Fraction(done, whole)

    @property
    def in_whole_units(self) -> bool:
        if self.kind in OF_UNITS:
            return True
        return self.kind == IndicatorKind.TOTAL and self.case.formula.element.type == ElementType.COUNT

    @property
    def stepwise(self) -> bool:
        return self.deal.schedule in (Schedule.EVEN, Schedule.CUSTOM) and not self.as_hold and not self.due_reached

    @property
    def at_the_unit(self) -> bool:
        """An `each` of a single unit that should do something so often: what it did of what it should, 1/2.

        A region is such a unit where its own bureau is asked.
        """
        if isinstance(self.subject, Unit):
            alone = self.sums.units == 1
        else:
            alone = self.subject.level == self.case.target.bureau_level
        return alone and self.kind == IndicatorKind.EACH and self.case.counts_up and self.sums.need > 0

    @cached_property
    def per_unit(self) -> Fraction:
        """One whole unit in the indicator's unit."""
        if self.at_the_unit:
            return HUNDRED / self.sums.need
        return HUNDRED / self.sums.denominator if self.kind in OF_UNITS else Fraction(1)

    @cached_property
    def expected(self) -> Fraction | None:
        if self.m is None:
            return None
        if self.as_hold:
            return self.m
        line = self.b + self.share * self.journey
        if self.in_whole_units and self.stepwise and (self.kind not in OF_UNITS or self.sums.denominator):
            in_favour = ceil if self.comparator == Comparator.AT_MOST else floor
            return in_favour(line / self.per_unit) * self.per_unit
        return line

    # --- The value ----------------------------------------------------------------------------------------------

    def worth(self, numerator: Fraction, denominator: Fraction) -> Fraction | None:
        if self.kind == IndicatorKind.TOTAL:
            return numerator
        if denominator == 0:
            return None
        if self.kind in OF_UNITS:
            return 100 * numerator / denominator
        return self.case.formula.multiplier * numerator / denominator + self.case.formula.offset

    @cached_property
    def a(self) -> Fraction | None:
        if not self.sums.given:
            return None
        if self.at_the_unit:
            return 100 * self.sums.have / self.sums.need
        return self.worth(self.sums.numerator, self.sums.denominator)

    @cached_property
    def kept(self) -> Fraction | None:
        return self.worth(self.sums.kept_numerator, self.sums.kept_denominator)

    @property
    def only_grows(self) -> bool:
        formula = self.case.formula
        if self.kind == IndicatorKind.TOTAL:
            return self.case.numerator_grows
        if self.kind != IndicatorKind.RATIO or not self.case.numerator_grows:
            return False
        return formula.denominator in (Denominator.CONSTANT, Denominator.QUOTA) or (
            formula.denominator == Denominator.ELEMENT and not self.case.denominator_grows
        )

    def meets(self, value: Fraction, mark: Mark, low: bool = True, upper: bool = True) -> bool:
        bound = self.allotted(mark)
        if self.comparator == Comparator.AT_LEAST:
            return value >= bound
        if self.comparator == Comparator.AT_MOST:
            return not upper or value <= bound
        return value >= bound and (not upper or mark.high is None or value <= mark.high)

    def lag(self) -> Fraction | None:
        """In points of the way; None stands for any distance from a line of 0, which is RED."""
        a, m, high = self.a, self.m, self.mark.high
        if self.comparator == Comparator.RANGE and high is not None and a > high:
            return (a - high) / abs(high) * 100 if high else None
        if not self.as_hold:
            return ((self.expected - self.b) / self.journey - (a - self.b) / self.journey) * 100
        behind = a - m if self.comparator == Comparator.AT_MOST else m - a
        if m == 0:
            return ZERO if behind <= 0 else None
        return behind / abs(m) * 100

    # --- The list -----------------------------------------------------------------------------------------------

    def result(self) -> Result:
        status, cause = self.status()
        lacking = self.absent if self.case.strict else min(self.absent, self.sums.left_out)
        if status in (Status.MET, Status.GREEN) and lacking:
            status, cause = Status.AMBER, Cause.MISSING_UNITS
        elif status in (Status.MET, Status.GREEN) and self.sums.unbased:
            status, cause = Status.AMBER, Cause.MISSING_BASE
        return Result(status, cause, self.a, self.m, self.mark.high, self.mark.due, self.expected, lacking, self.sums)

    def status(self) -> tuple[str, str]:
        sums, deal = self.sums, self.deal
        if deal.strength == Strength.PERMISSION:
            return Status.SHOWN, Cause.NONE
        if self.not_applicable():
            closed = sums.closed and not sums.units and not sums.not_applicable
            return Status.NOT_APPLICABLE, Cause.CLOSED if closed else Cause.NONE
        if self.met():
            return Status.MET, Cause.LATE_DONE if sums.late else Cause.NONE
        if (
            deal.schedule == Schedule.AT_DUE
            and self.m is not None
            and not self.as_hold
            and not self.due_reached
            and (self.case.previous is None or self.still_holds(self.case.previous))
        ):
            return Status.NOT_DUE, Cause.NONE
        if (cause := self.no_data()) is not None:
            return Status.NO_DATA, cause
        if self.nobody_reported or not sums.given:
            spoken = Cause.SILENT if sums.given else Cause.UNREPORTED
            if sums.missing and sums.missing == sums.late_review:
                spoken = Cause.LATE_PENDING
            return Status.RED, Cause.UNREVIEWED if sums.overdue_review else spoken
        if self.due_reached:
            if self.kind == IndicatorKind.QUALITATIVE and sums.numerator + sums.partly == sums.units:
                return Status.AMBER, Cause.PARTLY
            return Status.RED, Cause.OVERDUE
        if not all(self.still_holds(each) for each in self.case.earlier):
            return Status.RED, Cause.SLIPPED
        lag = self.lag()
        if lag is not None and lag <= 0:
            return Status.GREEN, Cause.NONE
        amber = self.case.world.amber if deal.amber is None else deal.amber
        if lag is not None and (lag <= amber or self.one_short()):
            return Status.AMBER, Cause.NONE
        return Status.RED, Cause.BEHIND

    @property
    def nobody_reported(self) -> bool:
        return self.sums.units > 0 and self.sums.reported == 0

    def not_applicable(self) -> bool:
        sums = self.sums
        if sums.units == 0 and not (sums.given and self.kind in (IndicatorKind.TOTAL, IndicatorKind.RATIO)):
            return True
        if self.kind != IndicatorKind.RATIO or self.out:
            return False
        return sums.denominator == 0 and sums.given > 0 and not self.no_base()

    def met(self) -> bool:
        if self.a is None or self.m is None or not self.meets(self.a, self.mark):
            return False
        if (self.case.strict or self.sums.left_out) and (self.out or self.nobody_reported):
            return False
        capped = self.comparator in (Comparator.AT_MOST, Comparator.RANGE)
        return not (capped and self.only_grows) or self.due_reached

    def still_holds(self, earlier: Mark) -> bool:
        """With silent units as last approved. A cap on what only grows was asked in its own quarter alone."""
        if not self.judged(earlier) or self.allotted(earlier) is None:
            return True
        if self.comparator == Comparator.AT_MOST and self.only_grows:
            return True
        return self.kept is not None and self.meets(self.kept, earlier, upper=not self.only_grows)

    def no_data(self) -> str | None:
        sums = self.sums
        if self.m is None:
            return Cause.NO_TARGET_VALUE
        if self.no_base():
            return Cause.NO_CONSTANT if self.case.formula.denominator in OFFICIAL else Cause.NO_LAST_YEAR
        if not self.out:
            return None
        if not self.case.strict and not sums.left_out and sums.reported and self.a is not None:
            lag = self.lag()
            if lag is not None and lag <= 0:
                return None
        return Cause.PENDING if sums.pending else Cause.AWAITED

    def no_base(self) -> bool:
        """No official number, or no figure of last year, for anybody; one of 0 is there. Of last year that is so
        whoever answers now."""
        growth = self.case.formula.denominator == Denominator.LAST_YEAR
        return (self.sums.unbased > 0 or (growth and self.sums.units > 0)) and not self.sums.based

    def one_short(self) -> bool:
        """Below a line to be reached from below, by no more than one whole unit; a line of 0 has no such mercy."""
        if not self.in_whole_units or self.comparator == Comparator.AT_MOST:
            return False
        return 0 < self.expected - self.a <= self.per_unit
