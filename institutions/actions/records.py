"""When the register said what: a version of a unit for every change of its row."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from institutions.models import Institution, InstitutionVersion, User

RECORDED = (
    "name",
    "kind",
    "grade",
    "ownership",
    "region_id",
    "reported_by_id",
    "merged_into_id",
    "opened",
    "closed",
    "contact_name",
    "contact_phone",
)
BATCH = 1000


@transaction.atomic
def keep_versions(units: Iterable[int], by: User | None, now: datetime) -> None:
    """Record what the rows of these units say now, where that is not what was last recorded. Part of every action
    that writes such a row; three statements, whatever the number of units."""
    rows = {row["pk"]: row for row in Institution.objects.filter(pk__in=list(units)).values("pk", *RECORDED)}
    kept = InstitutionVersion.objects.current().filter(institution__in=rows)
    same = {version["institution_id"]: version for version in kept.values("institution_id", *RECORDED)}
    new = {
        pk: row for pk, row in rows.items() if any(row[name] != same.get(pk, {}).get(name, row) for name in RECORDED)
    }
    kept.filter(institution__in=new).update(superseded_at=now)
    InstitutionVersion.objects.bulk_create(
        [
            InstitutionVersion(
                institution_id=pk, recorded_at=now, recorded_by=by, **{name: row[name] for name in RECORDED}
            )
            for pk, row in new.items()
        ],
        batch_size=BATCH,
    )
