"""Questions about places and units. A register is always asked about as of a day."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from institutions.enums import InstitutionKind
from institutions.models import Institution, Region
from institutions.permissions import Person, visible_regions


def open_on(day: date) -> Q:
    """A unit is closed from the day named in `closed` on."""
    return Q(opened__lte=day) & (Q(closed__isnull=True) | Q(closed__gt=day))


def register_at(day: date) -> QuerySet[Institution]:
    return Institution.objects.filter(open_on(day))


def reporters_at(day: date) -> QuerySet[Institution]:
    """Units that hand in a return of their own."""
    return register_at(day).filter(reported_by__isnull=True)


def below(region: Region) -> QuerySet[Region]:
    """The region and everything below it."""
    return Region.objects.filter(lineage__contains=[region.pk])


def children_judged(region: Region, levels: Collection[str]) -> QuerySet[Region]:
    """The region's own children that a plan judges."""
    return region.children.filter(level__in=levels)


def bureau_of(region: Region) -> Institution | None:
    return region.institutions.filter(kind=InstitutionKind.BUREAU, closed__isnull=True).first()


def get_visible_region_or_404(user: Person, region_id: int) -> Region:
    """What one may not see does not exist."""
    return get_object_or_404(visible_regions(user).select_related("parent"), pk=region_id)
