"""Places are added and changed here, and only here: `lineage` and the versions of a region have one writer.

A change holds from a day on, and the quarters that ended before it stay as they were. `on` of all of them is that day;
a second change of one day corrects the first.
"""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from institutions import audit
from institutions.actions import register
from institutions.models import Region, RegionVersion, User
from institutions.region_changes import (
    RegionRefusedError,
    RegionRequest,
    RegionState,
    change_problems,
    merge_problems,
    new_region_state,
)
from institutions.roster import PlaceRow
from institutions.signals import regions_changed


@transaction.atomic
def add(
    *,
    name: str,
    level: str,
    kind: str,
    parent: Region | None,
    by: User | None,
    now: datetime,
    code: str | None = None,
    position: int = 0,
    **fields: Any,
) -> Region:
    """Add a place below `parent`. Further fields: `valid_from`, `valid_to`."""
    region = Region.objects.create(
        name=name, level=level, kind=kind, parent=parent, code=code, position=position, **fields
    )
    region.lineage = [*(parent.lineage if parent else []), region.pk]
    region.save(update_fields=["lineage"])
    first_version(region, by, now).save()
    audit.record("region.add", region, by, now, name=name, parent=str(parent or ""))
    return region


def first_version(region: Region, by: User | None, now: datetime | None) -> RegionVersion:
    """What the region is, from its first day on; not saved."""
    return RegionVersion(
        region=region,
        name=region.name,
        code=region.code or "",
        kind=region.kind,
        parent_id=region.parent_id,
        lineage=region.lineage,
        valid_from=region.valid_from,
        valid_until=region.valid_to,
        recorded_at=now,
        recorded_by=by,
    )


@transaction.atomic
def load(*, places: Iterable[PlaceRow], by: User | None, now: datetime) -> int:
    """Add the places that are not there yet and say how many. A name is unique among the places given."""
    added = 0
    known: dict[str, Region] = {}
    for position, place in enumerate(places):
        parent = known.get(place.parent) or Region.objects.filter(name=place.parent).first()
        region = Region.objects.filter(parent=parent, name=place.name).first()
        if region is None:
            region = add(
                name=place.name,
                level=place.level,
                kind=place.kind,
                parent=parent,
                code=place.code,
                position=position,
                by=by,
                now=now,
            )
            added += 1
        known[place.name] = region
    return added


# --- Changes from a day on --------------------------------------------------------------------------------------


@transaction.atomic
def change(*, region: Region, state: RegionState, on: date, document: str, by: User | None, now: datetime) -> Region:
    """From the day on the region is what `state` says, e.g. a district (撤县设区) or below another parent; what lies
    below it goes with it. Raises RegionRefusedError with every reason against it."""
    region = lock_branch(region)
    refuse(change_problems(region, state, on, now.date()))
    before = RegionState.of(region)
    put(region, state, on, document, by, now)
    audit.record(
        "region.change", region, by, now, on=str(on), document=document, before=before.as_json(), after=state.as_json()
    )
    tell(on)
    return region


@transaction.atomic
def merge(
    *,
    regions: Sequence[Region],
    into: Region | None,
    state: RegionState,
    on: date,
    document: str,
    by: User | None,
    now: datetime,
) -> Region:
    """From the day on all these are one place: a new one that begins, or `into`, one of them that goes on. What lies
    below them lies below it, their open units move to it, and what they did earlier in a year counts there."""
    regions = [lock_branch(region) for region in sorted(regions, key=lambda each: each.pk)]
    refuse(merge_problems(regions, into, state, on, now.date()))
    into = next((region for region in regions if region == into), None)
    ending = [region for region in regions if region != into]
    for region in ending:
        give_up_code(region)
    if into is None:
        into = add(**new_region_state(regions, state), parent=state.parent, valid_from=on, by=by, now=now)
    else:
        put(into, state, on, document, by, now)
    for region in ending:
        end_in(region, into, on, document, by, now)
    audit.record("region.merge", into, by, now, on=str(on), document=document, ended=[str(region) for region in ending])
    tell(on)
    return into


@transaction.atomic
def end(*, region: Region, last_day: date | None, by: User | None, now: datetime) -> None:
    """The region ends without going into another, or (None) goes on after all; what it did stays in its quarters."""
    last = last_version(region)
    ended = renewed(last, by, now, valid_until=last_day)
    supersede(last, now)
    ended.save()
    region.valid_to = last_day
    region.save(update_fields=["valid_to"])
    audit.record("region.end", region, by, now, last_day=str(last_day or ""))
    tell(min(day for day in (last_day, last.valid_until) if day))


def carry_out(asked: RegionRequest, by: User | None, now: datetime) -> Region:
    """A change or a merger, as it was asked for."""
    what: dict[str, Any] = {"state": asked.state, "on": asked.on, "document": asked.document, "by": by, "now": now}
    if asked.is_merger:
        return merge(regions=asked.regions, into=asked.goes_on, **what)
    return change(region=asked.regions[0], **what)


def lock_branch(region: Region) -> Region:
    """The region as it stands; two changes of one branch wait for each other."""
    list(Region.objects.select_for_update().within(region.pk).order_by("pk").values_list("pk"))
    return Region.objects.select_related("parent").get(pk=region.pk)


def refuse(problems: Sequence[str]) -> None:
    if problems:
        raise RegionRefusedError(problems)


def tell(since: date) -> None:
    transaction.on_commit(partial(regions_changed.send, sender=Region, since=since), robust=True)


def give_up_code(region: Region) -> None:
    """Of what ends: its code may be given to what begins. Its versions keep it."""
    region.code = None
    region.save(update_fields=["code"])


def put(region: Region, state: RegionState, on: date, document: str, by: User | None, now: datetime) -> None:
    """The region and, as far as their way from the top differs, all below it."""
    region.name, region.code, region.kind, region.parent = state.name, state.code, state.kind, state.parent
    lineage = [*(state.parent.lineage if state.parent else []), region.pk]
    below = list(Region.objects.within(region.pk).exclude(pk=region.pk)) if lineage != region.lineage else []
    depth = len(region.lineage)
    region.lineage = lineage
    region.save(update_fields=["name", "code", "kind", "parent", "lineage"])
    keep_version(region, on, document, by, now)
    for each in below:
        each.lineage = [*lineage, *each.lineage[depth:]]
        each.save(update_fields=["lineage"])
        keep_version(each, on, document, by, now)


def end_in(region: Region, into: Region, on: date, document: str, by: User | None, now: datetime) -> None:
    """The region goes into another one of its level: its children, its open units, and what had gone into it."""
    for child in Region.objects.filter(parent=region).select_related("parent").order_by("pk"):
        put(child, RegionState.of(child, parent=into), on, document, by, now)
    for unit in region.institutions.filter(closed__isnull=True) | region.institutions.filter(closed__gt=on):
        register.move(unit=unit, to=into, on=on, by=by, now=now)
    region.valid_to = on - timedelta(days=1)
    region.save(update_fields=["valid_to"])
    put(region, RegionState.of(region, parent=into), on, document, by, now)


# --- Versions ---------------------------------------------------------------------------------------------------


def keep_version(region: Region, on: date, document: str, by: User | None, now: datetime) -> None:
    """From the day on the region is as its row says now."""
    last = last_version(region)
    new = first_version(region, by, now)
    new.valid_from, new.valid_until, new.document = on, None, document
    new.is_former = region.successor is not None
    supersede(last, now)
    if last.valid_from < on:
        renewed(last, by, now, valid_until=on - timedelta(days=1)).save()
    new.save()


def last_version(region: Region) -> RegionVersion:
    return region.versions.current().latest("valid_from")


def supersede(version: RegionVersion, now: datetime) -> None:
    version.superseded_at = now
    version.save(update_fields=["superseded_at"])


def renewed(version: RegionVersion, by: User | None, now: datetime, valid_until: date | None) -> RegionVersion:
    """The same, known from now on to hold until that day; not saved."""
    again = copy(version)
    again.pk, again.superseded_at = None, None
    again._state.adding = True
    again.valid_until, again.recorded_at, again.recorded_by = valid_until, now, by
    return again
