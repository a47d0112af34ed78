"""Who answers for a target in a region, where it is not the bureau's own contact."""

from collections.abc import Iterable
from dataclasses import dataclass

from targets.actions.editing.frame import Edit
from targets.models import Contact, ContactVersion, Target


@dataclass(frozen=True, slots=True)
class ContactEntry:
    region_id: int
    name: str
    phone: str


def put_contacts(edit: Edit, target: Target, people: Iterable[ContactEntry]) -> None:
    """Exactly these; people change while a plan is in force."""
    loading = edit.free
    known = {row.region_id: row for row in target.contacts.all()}
    for each in people:
        values = {"target_id": target.pk, "region_id": each.region_id, "name": each.name, "phone": each.phone}
        loading.put(Contact, known.get(each.region_id), values, 0)
    loading.prune(known.values(), 0)
    keep_contact_versions(edit, target)


def keep_contact_versions(edit: Edit, target: Target) -> None:
    """Record who answers now, where that is not who was last recorded; who was taken away leaves an empty name."""
    now = {row.region_id: (row.name, row.phone) for row in Contact.objects.filter(target=target)}
    kept = ContactVersion.objects.current().filter(target=target)
    before = {row.region_id: (row.name, row.phone) for row in kept}
    new = {
        region: now.get(region, ("", ""))
        for region in sorted({*now, *before})
        if now.get(region, ("", "")) != before.get(region, ("", ""))
    }
    kept.filter(region__in=new).update(superseded_at=edit.now)
    ContactVersion.objects.bulk_create(
        ContactVersion(
            target=target, region_id=region, name=name, phone=phone, recorded_at=edit.now, recorded_by=edit.by
        )
        for region, (name, phone) in new.items()
    )
