"""Units enter the register here."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction

from institutions import audit
from institutions.models import Institution, Placement, Region, User
from institutions.queries import below
from institutions.roster import Unit

BATCH = 1000


@transaction.atomic
def enrol(*, units: Iterable[Unit], city: Region, is_sample: bool, by: User | None, now: datetime) -> int:
    """Add the units that are not there yet (by code) and say how many. Reporters come before those they report for."""
    places = regions_by_path(city)
    known = dict(Institution.objects.values_list("code", "pk"))
    new = [unit for unit in units if unit.code not in known]
    for answers_for_itself in (True, False):
        wave = [unit for unit in new if (unit.reported_by == "") == answers_for_itself]
        made = Institution.objects.bulk_create(
            [institution(unit, places[unit.place], known.get(unit.reported_by), is_sample) for unit in wave],
            batch_size=BATCH,
        )
        known |= {unit.code: unit.pk for unit in made}
    audit.record("register.enrol", city, by, now, added=len(new), sample=is_sample)
    return len(new)


def institution(unit: Unit, region: Region, reporter: int | None, is_sample: bool) -> Institution:
    return Institution(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        grade=unit.grade,
        ownership=unit.ownership,
        region=region,
        parent_id=reporter,
        reported_by_id=reporter,
        opened=unit.opened,
        closed=unit.closed,
        contact_name=unit.contact_name,
        contact_phone=unit.contact_phone,
        is_sample=is_sample,
    )


@transaction.atomic
def move(*, unit: Institution, to: Region, on: date, by: User | None, now: datetime) -> None:
    """From `on` the unit lies in another region; what it reported before stays where it lay."""
    unit = Institution.objects.select_for_update().get(pk=unit.pk)
    last = unit.placements.last()
    if unit.region_id == to.pk or on <= unit.opened or (last is not None and on <= last.until):
        raise ValueError(f"{unit} cannot move to {to} on {on}")
    left = unit.region
    Placement.objects.create(institution=unit, region=left, until=on - timedelta(days=1))
    unit.region = to
    unit.save(update_fields=["region"])
    audit.record("register.move", unit, by, now, left=str(left), to=str(to), on=str(on))


def regions_by_path(city: Region) -> dict[str, Region]:
    """Every region below the city by the names on the way to it; the city itself is ""."""
    regions = below(city).in_bulk()
    depth = len(city.lineage)
    return {"/".join(regions[pk].name for pk in region.lineage[depth:]): region for region in regions.values()}
