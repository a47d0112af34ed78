"""报送质量: how timely and how well places and institutions report, and how fast they are reviewed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from institutions.enums import RegionLevel
from institutions.models import Institution, Region
from institutions.queries import bureau_of
from reports.base import numbers
from reports.boards.pages.cells import RegionHead
from reports.exports.queries.timeliness import Counted, ReturnCounts, ReviewCounts, by_region, by_unit
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class TimelinessRow:
    """One place, or an institution, whose region_id is empty as the sum's is."""

    name: str
    returns: ReturnCounts
    reviews: ReviewCounts
    region_id: int | None = None

    @property
    def due(self) -> int:
        """What should have come by now: neither what is still awaited nor 补录."""
        return self.returns.owed - self.returns.awaited - self.returns.backfilled

    @property
    def on_time_share(self) -> Decimal | None:
        """In percent, to one place; None where nothing was due."""
        return numbers.rounded(Fraction(self.returns.on_time * 100, self.due), 1, Fraction(100)) if self.due else None

    @property
    def rounds_mean(self) -> Decimal | None:
        """Hand-ins up to the first approval, of those approved."""
        made = self.returns
        return numbers.rounded(Fraction(made.rounds, made.approved), 2) if made.approved else None


@dataclass(frozen=True, slots=True)
class TimelinessPage:
    """places: child regions, the region's own units as one row; empty where it is asked by institution.
    units: institutions of the region, or of a city only its own. year: where its opened quarters are added up."""

    region: RegionHead
    bureau: str
    quarter: Quarter
    year: int | None
    whole: TimelinessRow
    places: tuple[TimelinessRow, ...]
    units: tuple[TimelinessRow, ...]

    @property
    def label(self) -> str:
        """2024年第一季度, or 2023年 where it is a whole year."""
        return _("%(year)d年各季度合计") % {"year": self.year} if self.year else self.quarter.label


def timeliness_page(
    region: Region, children: Sequence[Region], quarters: Sequence[Quarter], today: date, year: int | None = None
) -> TimelinessPage:
    """By child region and, below, by the institutions in none of them; a county only by institution."""
    above_county = region.level not in (RegionLevel.COUNTY, RegionLevel.TOWNSHIP)
    parts = {each.pk: each for each in children} if above_county else {}
    units = by_unit(region, quarters, today, without=list(parts))
    places = by_region(region, list(parts), quarters, today) if parts else units
    bureau = bureau_of(region, quarters[-1].last_day)
    return TimelinessPage(
        region=RegionHead.of(region),
        bureau=bureau.name if bureau else region.name,
        quarter=quarters[0],
        year=year,
        whole=TimelinessRow(_("合计"), *places.get(None, (ReturnCounts(), ReviewCounts()))),
        places=place_rows(places, region, parts) if parts else (),
        units=unit_rows(units),
    )


def place_rows(counted: Counted, region: Region, children: dict[int, Region]) -> tuple[TimelinessRow, ...]:
    """In the register's order, the region's own units last; what owes nothing stands there with 0."""
    rows = [
        TimelinessRow(child.name, *counted.get(pk, (ReturnCounts(), ReviewCounts())), region_id=pk)
        for pk, child in children.items()
    ]
    if region.pk in counted:
        rows.append(TimelinessRow(_("%(region)s本级") % {"region": region.name}, *counted[region.pk]))
    return tuple(rows)


def unit_rows(counted: Counted) -> tuple[TimelinessRow, ...]:
    found = Institution.objects.filter(pk__in=[key for key in counted if key]).order_by("region__position", "code")
    return tuple(TimelinessRow(unit.name, *counted[unit.pk]) for unit in found)
