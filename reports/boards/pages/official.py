"""What a target is divided by where that is no answer of a unit: an official number, or an assigned quota."""

from dataclasses import dataclass
from decimal import Decimal

from institutions.models import Region
from reports.base import numbers
from reports.boards.pages.cells import RegionHead
from reports.boards.queries import results as queries
from reports.boards.queries.places import regions_at
from reports.judging.queries.terms_in_force import TargetTerms
from targets.constants import official_constant
from targets.enums import Denominator
from targets.models import Constant, Indicator
from targets.periods import Quarter

PLACES = 4


@dataclass(frozen=True, slots=True)
class RegionNumber:
    """One region's number. value: None where none is entered; year: whose it is; stale: last year's serves."""

    region: RegionHead
    value: Decimal | None
    year: int | None
    stale: bool
    source: str
    entered_by: str

    @property
    def value_text(self) -> str:
        return numbers.text(self.value, places=PLACES)


@dataclass(frozen=True, slots=True)
class OfficialNumbers:
    """numbers: of the regions where they are entered, in the register's order; they are added up.

    quota: assigned from above for each year, so that last year's never serves. printed: what is entered for the
    region itself beside the sum, with which it is only compared.
    """

    name: str
    unit: str
    year: int
    quota: bool
    numbers: tuple[RegionNumber, ...]
    printed: RegionNumber | None

    @property
    def total(self) -> Decimal:
        return sum((each.value for each in self.numbers if each.value is not None), Decimal(0))

    @property
    def total_text(self) -> str:
        return numbers.text(self.total, places=PLACES)

    @property
    def missing(self) -> int:
        return sum(each.value is None for each in self.numbers)

    @property
    def stale(self) -> int:
        return sum(each.stale for each in self.numbers)

    @property
    def source(self) -> str:
        """Where all of them come from; "" where they differ."""
        sources = {each.source for each in self.numbers if each.value is not None}
        return sources.pop() if len(sources) == 1 else ""

    @property
    def difference_text(self) -> str:
        """How far the sum is from what is printed; "" where it agrees, or cannot be told."""
        if self.printed is None or self.printed.value is None or self.missing:
            return ""
        apart = self.total - self.printed.value
        return numbers.text(apart, self.unit, PLACES) if apart else ""


def official_of(each: TargetTerms, region: Region, quarter: Quarter) -> OfficialNumbers | None:
    """None where the answers of units divide, or the region lies below those for which the numbers are entered."""
    indicator, level = each.target.indicator, each.target.base_level
    if indicator.denominator not in (Denominator.CONSTANT, Denominator.QUOTA):
        return None
    regions = regions_at(region, level, quarter.last_day)
    if not regions:
        return None
    quota = indicator.denominator == Denominator.QUOTA
    years = [quarter.year] if quota else [quarter.year - 1, quarter.year]
    kept = queries.constants_of(indicator.official_number, [region.pk, *(place.pk for place in regions)], years)
    name, unit = words_for(indicator)
    printed = kept.get(region.pk) if region.level != level else None
    return OfficialNumbers(
        name=name,
        unit=unit,
        year=quarter.year,
        quota=quota,
        numbers=tuple(number_of(place, kept.get(place.pk), quarter.year) for place in regions),
        printed=number_of(region, printed, quarter.year) if printed else None,
    )


def words_for(indicator: Indicator) -> tuple[str, str]:
    """Name and unit. A quota goes by its indicator's name, in the unit of what is counted."""
    if indicator.denominator == Denominator.QUOTA:
        return indicator.name, indicator.element.unit
    known = official_constant(indicator.constant)
    return str(known.name), str(known.unit)


def number_of(region: Region, kept: Constant | None, year: int) -> RegionNumber:
    head = RegionHead.of(region)
    if kept is None:
        return RegionNumber(head, None, None, False, "", "")
    return RegionNumber(head, kept.value, kept.year, kept.year < year, kept.source, str(kept.entered_by or ""))
