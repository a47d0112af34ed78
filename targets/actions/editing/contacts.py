"""Who answers for a target in a region, where it is not the bureau's own contact."""

from collections.abc import Iterable
from dataclasses import dataclass

from targets.actions.editing.frame import Edit
from targets.models import Contact, Target


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
