"""What the workbook shows beyond the board: the tallies of every place, and the units' own words."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from institutions.models import Institution, Region, RegionVersion
from reports.models import Entry, Export, Tally
from targets.enums import IndicatorKind
from targets.models import Plan
from targets.periods import Quarter


def tallies(plan: Plan, regions: Collection[int], institutions: Collection[int], quarter: Quarter) -> QuerySet[Tally]:
    places = Q(region_id__in=regions) | Q(institution_id__in=institutions)
    return Tally.objects.of_quarter(quarter).filter(places, target__plan=plan)


def accounts(plan: Plan, region: Region, quarter: Quarter) -> dict[int, list[tuple[str, str]]]:
    """The approved accounts of qualitative items in a region: by target, (unit, words)."""
    found: defaultdict[int, list[tuple[str, str]]] = defaultdict(list)
    places = RegionVersion.objects.in_force_on(quarter.last_day).within(region.pk)
    rows = (
        Entry.objects.filter(
            round=F("round__submission__approved_round"),
            round__submission__quarter=quarter.ordinal,
            subject__in=Institution.objects.lying_in(places.values("region"), quarter.last_day),
            element__indicators__kind=IndicatorKind.QUALITATIVE,
            element__indicators__targets__plan=plan,
        )
        .exclude(note="")
        .order_by("subject__region__position", "subject__code")
    )
    for target_id, unit, note in rows.values_list("element__indicators__targets", "subject__name", "note"):
        found[target_id].append((unit, note))
    return found


def exports_of(plan: Plan, region: Region) -> list[Export]:
    """The workbooks given out for a plan and region, newest first, without their content."""
    found = Export.objects.filter(plan=plan, region=region).select_related("made_by").defer("content")
    return list(found.order_by("-made_at", "-pk"))
