"""Of what a result speaks: a region, or an institution where it lay when the quarter ended."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from institutions.models import Institution, Placement, Region, RegionVersion
from institutions.queries import place_on, regions_on, regions_within
from reports.models import Attainment
from targets.periods import Quarter

Subject = Region | Institution


def regions_at(region: Region, level: str, day: date) -> list[Region]:
    """The region and those below it that are of a level and exist on the day, as they were then."""
    found = regions_within(region.pk, day).filter(region__level=level)
    return found.order_by("region__position", "region").shown()


def results_of(institution: Institution, targets: Collection[int], quarter: Quarter) -> QuerySet[Attainment]:
    """Current results of one institution."""
    return Attainment.objects.current().of_quarter(quarter).filter(target_id__in=targets, institution=institution)


def as_it_lay(institution: Institution, quarter: Quarter) -> Institution:
    """With the region in which it lay at the quarter's end, as that was then."""
    institution.region = place_on(institution, quarter.last_day)
    return institution


def institution_results(
    targets: Collection[int], quarter: Quarter, region: Region, everywhere: bool, statuses: Collection[str]
) -> list[tuple[Institution, list[Attainment]]]:
    """The institutions that have such results and lay in the region, or (everywhere) in any below it, as they lay at
    the quarter's end and in the register's order. Two queries."""
    below = RegionVersion.objects.in_force_on(quarter.last_day).within(region.pk).values("region")
    places = Region.objects.filter(pk__in=below) if everywhere else Region.objects.filter(pk=region.pk)
    around = Institution.objects.filter(Q(region__in=places) | Q(placements__region__in=places))
    before = Placement.objects.lasting_to(quarter.last_day).filter(institution=OuterRef("institution"))
    moved_from = Subquery(before.order_by("until").values("region")[:1])
    rows: QuerySet[Any] = (
        Attainment.objects.current()
        .of_quarter(quarter)
        .filter(target_id__in=targets, institution__in=around, status__in=statuses)
        .annotate(lay_in=Coalesce(moved_from, F("institution__region"), output_field=BigIntegerField()))
        .filter(lay_in__in=places.values("pk"))
        .select_related("institution")
    )
    found: defaultdict[tuple[Institution, int], list[Attainment]] = defaultdict(list)
    for row in rows:
        if row.institution:
            found[row.institution, row.lay_in].append(row)
    regions = regions_on({lay_in for _, lay_in in found}, quarter.last_day)
    for institution, lay_in in found:
        institution.region = regions[lay_in]
    judged = [(institution, results) for (institution, _), results in found.items()]
    return sorted(judged, key=lambda pair: (pair[0].region.position, pair[0].region_id, pair[0].code))
