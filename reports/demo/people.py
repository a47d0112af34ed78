"""How many people live in each judged region: as published where there is a figure, the rest shared out."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from institutions.models import Institution, Region
from institutions.roster import PlaceRow, read_places
from reports.demo.behaviour import shared_out
from targets.models import Plan

PLACES_FILE = Path(settings.BASE_DIR) / "fixtures" / "places.tsv"
A_REGION = 60_000  # where nothing is known at all


def published_places(plan: Plan) -> dict[str, PlaceRow]:
    """The places of the file by name, of the issuer and what lies directly below it."""
    issuer = plan.issuer.name
    return {place.name: place for place in read_places(PLACES_FILE) if issuer in (place.name, place.parent)}


def residents_by_region(plan: Plan, made_up: Mapping[str, int]) -> dict[int, int]:
    """By region of the lowest judged level. What the issuer's printed figure leaves is shared out by units."""
    places = published_places(plan)
    regions = Region.objects.within(plan.issuer_id).filter(level=plan.lowest_level).order_by("pk")
    known = {region.pk: figure_of(region, places, made_up) for region in regions}
    found = {pk: figure for pk, figure in known.items() if figure is not None}
    whole = places[plan.issuer.name].population
    open_ones = [pk for pk in known if pk not in found]
    if open_ones:
        left = max((whole or 0) - sum(found.values()), A_REGION)
        found |= shared_out(Decimal(left), units_in(open_ones))
    return found


def figure_of(region: Region, places: Mapping[str, PlaceRow], made_up: Mapping[str, int]) -> int | None:
    place = places.get(region.name)
    return (place.population if place else None) or made_up.get(region.name)


def units_in(regions: list[int]) -> dict[int, float]:
    """Units by region, and one more, so that none is empty."""
    rows = Institution.objects.never_closed().filter(region__in=regions).values_list("region")
    counts = dict(rows.annotate(count=Count("pk")).order_by("region"))
    return {pk: 1 + counts.get(pk, 0) for pk in regions}
