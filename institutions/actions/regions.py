"""Places are added here, and only here, because `lineage` has one writer."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from institutions import audit
from institutions.models import Region, User
from institutions.roster import PlaceRow


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
    audit.record("region.add", region, by, now, name=name, parent=str(parent or ""))
    return region


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
