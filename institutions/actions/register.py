"""Units enter the register here."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from institutions import audit
from institutions.actions import reporting
from institutions.actions.records import keep_versions
from institutions.identity import fold_code
from institutions.models import Institution, Placement, Region, User
from institutions.quarters import PastQuarter
from institutions.roster import InstitutionRow, UnitSpec
from institutions.signals import units_backdated

FIELDS = ("name", "kind", "grade", "ownership", "opened", "closed", "contact_name", "contact_phone")
BATCH = 1000


@transaction.atomic
def enrol(*, units: Iterable[UnitSpec], city: Region, is_sample: bool, by: User | None, now: datetime) -> int:
    """Add the units that are not there yet (by code) and say how many. Reporters come before those they report for."""
    places = regions_by_path(city)
    known = dict(Institution.objects.values_list("code", "pk"))
    folded = (replace(unit, code=fold_code(unit.code), reported_by=fold_code(unit.reported_by)) for unit in units)
    new = [unit for unit in folded if unit.code not in known]
    for answers_for_itself in (True, False):
        wave = [unit for unit in new if (unit.reported_by == "") == answers_for_itself]
        made = Institution.objects.bulk_create(
            [institution(unit, places[unit.place], known.get(unit.reported_by), is_sample) for unit in wave],
            batch_size=BATCH,
        )
        known |= {unit.code: unit.pk for unit in made}
    keep_versions([known[unit.code] for unit in new], by, now)
    audit.record("register.enrol", city, by, now, added=len(new), sample=is_sample)
    return len(new)


def institution(unit: UnitSpec, region: Region, reporter: int | None, is_sample: bool) -> Institution:
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
def enter(*, rows: Iterable[InstitutionRow], regions: Mapping[str, Region], by: User, now: datetime) -> int:
    """Add units of an uploaded register, `regions` by path. Who reports for whom is set by `refer` afterwards."""
    made = Institution.objects.bulk_create(
        [Institution(code=row.code, region=regions[row.place], **fields_of(row)) for row in rows], batch_size=BATCH
    )
    keep_versions([unit.pk for unit in made], by, now)
    for unit in made:
        audit.record("register.enter", unit, by, now, code=unit.code, name=unit.name)
    return len(made)


@transaction.atomic
def revise(*, unit: Institution, row: InstitutionRow, region: Region, by: User, now: datetime) -> None:
    """The unit becomes what the row says; another region is a move on the row's day."""
    if unit.region_id != region.pk and row.moved_on:
        move(unit=unit, to=region, on=row.moved_on, by=by, now=now)
    fields = fields_of(row)
    before = {name: getattr(unit, name) for name in fields}
    Institution.objects.filter(pk=unit.pk).update(**fields)
    keep_versions([unit.pk], by, now)
    changes = {name: [str(before[name] or ""), str(value or "")] for name, value in fields.items()}
    changed = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    audit.record("register.revise", unit, by, now, changes=changed)


@transaction.atomic
def refer(
    *, rows: Iterable[InstitutionRow], new: Collection[str], days: Mapping[str, date], by: User, now: datetime
) -> None:
    """Who reports for whom and what merged into what, once all units of the register are there.

    A new unit has always been reported as its row says. `days`: from when another one reports for a unit that was
    there before; where its code is not in it, nothing changes.
    """
    rows = list(rows)
    codes = {code for row in rows for code in (row.code, row.reported_by, row.merged_into) if code}
    units = {unit.code: unit for unit in Institution.objects.select_related("reported_by").filter(code__in=codes)}
    changed = []
    for row in rows:
        unit, reporter, merged = units[row.code], units.get(row.reported_by), units.get(row.merged_into)
        was = (unit.reported_by_id, unit.merged_into_id)
        unit.merged_into = merged
        if row.code in days:
            reporting.hand_over(line=unit, to=reporter, on=days[row.code], by=by, now=now)
        elif row.code in new:
            unit.reported_by = unit.parent = reporter
        if was != (unit.reported_by_id, unit.merged_into_id):
            changed.append(unit)
            audit.record("register.refer", unit, by, now, reported_by=row.reported_by, merged_into=row.merged_into)
    Institution.objects.bulk_update(changed, ["reported_by", "merged_into", "parent"], batch_size=BATCH)
    keep_versions([unit.pk for unit in changed], by, now)


def tell_backdated(changed: Mapping[str, Sequence[PastQuarter]], reason: str, by: User | None, now: datetime) -> None:
    """The days of these units, by code, changed quarters that are over: kept with the reason, and judged anew once."""
    if not changed:
        return
    for unit in Institution.objects.filter(code__in=changed):
        days = {"opened": str(unit.opened), "closed": str(unit.closed or "")}
        labels = [quarter.label for quarter in changed[unit.code]]
        audit.record("register.backdate", unit, by, now, **days, quarters=labels, reason=reason)
    since = min(quarter.last_day for quarters in changed.values() for quarter in quarters)
    transaction.on_commit(partial(units_backdated.send, sender=Institution, since=since), robust=True)


def fields_of(row: InstitutionRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in FIELDS}


@transaction.atomic
def move(*, unit: Institution, to: Region, on: date, by: User | None, now: datetime) -> None:
    """From `on` the unit lies in another region; what it reported before stays where it lay."""
    # Locked before its last placement is read: of two moves at once the second sees the first.
    unit = Institution.objects.select_for_update().get(pk=unit.pk)
    last = unit.placements.last()
    if unit.region_id == to.pk or on <= unit.opened or (last is not None and on <= last.until):
        raise ValueError(f"{unit} cannot move to {to} on {on}")
    left = unit.region
    Placement.objects.create(institution=unit, region=left, until=on - timedelta(days=1), recorded_at=now)
    unit.region = to
    unit.save(update_fields=["region"])
    keep_versions([unit.pk], by, now)
    audit.record("register.move", unit, by, now, left=str(left), to=str(to), on=str(on))


def regions_by_path(city: Region) -> dict[str, Region]:
    """Every region below the city by the names on the way to it; the city itself is ""."""
    regions = Region.objects.within(city.pk).in_bulk()
    depth = len(city.lineage)
    return {"/".join(regions[pk].name for pk in region.lineage[depth:]): region for region in regions.values()}
