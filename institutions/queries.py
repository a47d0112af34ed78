"""Questions about places, units and people. A register is always asked about as of a day."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, QuerySet
from django.shortcuts import get_object_or_404

from institutions.enums import InstitutionKind, Role
from institutions.identity import fold_name
from institutions.models import (
    FormerReporter,
    Institution,
    InstitutionQuerySet,
    Membership,
    Placement,
    Region,
    RegionVersion,
    RegionVersionQuerySet,
    User,
)
from institutions.permissions import Person, administered_regions, posts, visible_regions


def reporters_at(day: date) -> QuerySet[Institution]:
    """Units that hand in a return of their own."""
    return Institution.objects.open_on(day).with_reporter_on(day).filter(reporter_then=F("pk"))


def units_by_name_and_place(regions: Iterable[int]) -> dict[tuple[str, int], list[tuple[str, str]]]:
    """Code and name of the units in these regions themselves, by what tells two names apart and the region."""
    found: dict[tuple[str, int], list[tuple[str, str]]] = {}
    known = Institution.objects.filter(region__in=regions).order_by("code")
    for code, name, region in known.values_list("code", "name", "region"):
        found.setdefault((fold_name(name), region), []).append((code, name))
    return found


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


def region_on(region: Region, day: date) -> Region:
    """The region as it was on the day: its name, code, kind and place in the tree."""
    return regions_on([region.pk], day).get(region.pk, region)


def regions_on(ids: Iterable[int], day: date) -> dict[int, Region]:
    """The same of many, by id. What was not there on the day, and did not go into another place, has none."""
    found = RegionVersion.objects.in_force_on(day).filter(region__in=set(ids))
    return {region.pk: region for region in found.shown()}


def region_by_code(code: str, day: date) -> Region | None:
    """The region that had the code on the day, as it was then; else the one that has it today."""
    found = RegionVersion.objects.in_force_on(day).filter(code=code).shown()
    today = Region.objects.filter(code=code).first()
    return found[0] if found else today and region_on(today, day)


def regions_within(region_id: int, day: date) -> RegionVersionQuerySet:
    """The region and everything that lay below it on the day."""
    return RegionVersion.objects.in_force_on(day).existing().within(region_id)


def place_on(unit: Institution, day: date) -> Region:
    """Where the unit lay on the day, as that place was then."""
    moved = unit.placements.lasting_to(day).select_related("region__parent").first()
    return region_on(moved.region if moved else unit.region, day)


def lay_as_on(units: Iterable[Institution], day: date) -> None:
    """Each unit's region becomes the one where it lay on the day, as that was then. Two queries."""
    units = list(units)
    moved = Placement.objects.lasting_to(day).filter(institution__in=units).order_by("-until")
    set_places(
        units, {unit.pk: unit.region_id for unit in units} | dict(moved.values_list("institution", "region")), day
    )


def set_places(units: Iterable[Institution], places: Mapping[int, int], day: date) -> None:
    """Where each unit lay is known, by its id; the region becomes that one, as it was on the day."""
    known = regions_on(places.values(), day)
    for unit in units:
        unit.region = known.get(places[unit.pk], unit.region)


def lineage_on(unit: Institution, day: date) -> QuerySet[Any]:
    """The ids of the places in which the unit lay on the day."""
    placed: QuerySet[Any] = Institution.objects.placed(day).filter(pk=unit.pk)
    found = RegionVersion.objects.in_force_on(day).filter(region__in=placed.values("lay_in"))
    return found.annotate(above=Func(F("lineage"), function="unnest")).values("above")


def lineage_ever(region: Region) -> QuerySet[Any]:
    """The ids of every place in which the region lies or ever lay, itself too."""
    return region.versions.current().annotate(above=Func(F("lineage"), function="unnest")).values("above")


def children_judged(region: Region, levels: Collection[str], day: date) -> list[Region]:
    """The region's own children that a plan judges, as they were on the day."""
    found = RegionVersion.objects.in_force_on(day).existing().filter(parent=region.pk, region__level__in=levels)
    return found.order_by("region__position", "region").shown()


def bureau_of(region: Region, day: date) -> Institution | None:
    """Of several, as after a merger, the newest."""
    bureaus = Institution.objects.open_on(day).lying_in([region.pk], day).filter(kind=InstitutionKind.BUREAU)
    return bureaus.order_by("-opened", "code").first()


def get_visible_region_or_404(user: Person, region_id: int) -> Region:
    """What one may not see does not exist."""
    return get_object_or_404(visible_regions(user).select_related("parent"), pk=region_id)


# --- The register and its people --------------------------------------------------------------------------------


def administered_top(user: Person) -> list[Region]:
    """The person's own posts as system administrator."""
    own = posts(user, [Role.SYSTEM_ADMIN]).values("region")
    return list(Region.objects.filter(pk__in=own).highest_first())


def changed_regions(user: Person) -> QuerySet[RegionVersion]:
    """What the administrator's regions were from when to when, of those that ever changed."""
    known = RegionVersion.objects.current().filter(region__in=administered_regions(user))
    changed = known.filter(document__gt="").values("region")
    return known.filter(region__in=changed).select_related("parent").order_by("region", "valid_from")


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
