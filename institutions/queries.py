"""Questions about places, units and people. A register is always asked about as of a day."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from institutions.enums import InstitutionKind, Role
from institutions.models import FormerReporter, Institution, InstitutionQuerySet, Membership, Region, User
from institutions.permissions import Person, administered_regions, posts, visible_regions


def reporters_at(day: date) -> QuerySet[Institution]:
    """Units that hand in a return of their own."""
    return Institution.objects.open_on(day).with_reporter_on(day).filter(reporter_then=F("pk"))


def answered_for(reporters: Iterable[int]) -> InstitutionQuerySet:
    """The units whose lines these carry, or carried once."""
    ids = list(reporters)
    once = FormerReporter.objects.filter(reporter__in=ids).values("institution")
    return Institution.objects.filter(Q(reported_by__in=ids) | Q(pk__in=once))


def carried_by(reporters: QuerySet[Any, Any] | Collection[int], day: date) -> QuerySet[Any]:
    """What the returns of these are about on a day: themselves, where they report, and the units whose lines they
    carry; each with its `reporter_then`."""
    once = FormerReporter.objects.filter(reporter__in=reporters).values("institution")
    # By the indexes first: the reporter of a day is worked out for these few alone.
    near = Q(pk__in=reporters) | Q(reported_by__in=reporters) | Q(pk__in=once)
    return Institution.objects.open_on(day).filter(near).with_reporter_on(day).filter(reporter_then__in=reporters)


def children_judged(region: Region, levels: Collection[str]) -> QuerySet[Region]:
    """The region's own children that a plan judges."""
    return region.children.filter(level__in=levels)


def bureau_of(region: Region) -> Institution | None:
    return region.institutions.never_closed().filter(kind=InstitutionKind.BUREAU).first()


def get_visible_region_or_404(user: Person, region_id: int) -> Region:
    """What one may not see does not exist."""
    return get_object_or_404(visible_regions(user).select_related("parent"), pk=region_id)


# --- The register and its people --------------------------------------------------------------------------------


def administered_top(user: Person) -> list[Region]:
    """The person's own posts as system administrator."""
    own = posts(user, [Role.SYSTEM_ADMIN]).values("region")
    return list(Region.objects.filter(pk__in=own).highest_first())


def administered_institutions(user: Person) -> QuerySet[Institution]:
    return Institution.objects.filter(region__in=administered_regions(user))


def administered_people(user: Person) -> QuerySet[User]:
    """Everybody all of whose posts lie in the administrator's regions. Who has a post elsewhere too is not theirs: a
    new password would open that other place. An account without any post is anybody's: it may nothing."""
    if not posts(user, [Role.SYSTEM_ADMIN]).exists():
        return User.objects.none()
    regions = administered_regions(user).values("pk")
    inside = Q(region__in=regions) | Q(institution__region__in=regions)
    elsewhere = Membership.objects.filter(user=OuterRef("pk")).exclude(
        pk__in=Membership.objects.filter(inside).values("pk")
    )
    return User.objects.filter(~Exists(elsewhere), is_superuser=False)


def with_posts(people: QuerySet[User]) -> QuerySet[User]:
    held = Membership.objects.select_related("institution", "region").order_by("pk")
    return people.prefetch_related(Prefetch("memberships", held)).order_by("username")


def find_people(people: QuerySet[User], words: str) -> QuerySet[User]:
    """By part of a name, a telephone number or the unit or place of a post."""
    for word in words.split():
        post = Membership.objects.filter(
            Q(institution__name__icontains=word) | Q(region__name__icontains=word), user=OuterRef("pk")
        )
        people = people.filter(
            Q(username__icontains=word) | Q(display_name__icontains=word) | Q(phone__contains=word) | Exists(post)
        )
    return people


def administered_paths(user: Person) -> dict[int, str]:
    """What the administrator's regions are called in the register's workbook: by the names below the own region
    (尉氏县/大营镇), itself by its name; with several own regions each path begins with its own."""
    tops = administered_top(user)
    regions = administered_regions(user).in_bulk()
    paths = {}
    for region in regions.values():
        top = next(top for top in tops if top.pk in region.lineage)
        below_top = [regions[pk].name for pk in region.lineage[len(top.lineage) :]]
        paths[region.pk] = "/".join(below_top if below_top and len(tops) == 1 else [top.name, *below_top])
    return paths


def administered_places(user: Person) -> dict[str, Region]:
    """The same by path; where a name was given again, the region of today."""
    paths = administered_paths(user)
    regions = sorted(administered_regions(user), key=lambda region: (region.valid_to is None, region.pk))
    return {paths[region.pk]: region for region in regions}
