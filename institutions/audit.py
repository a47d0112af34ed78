"""One line of the audit record; called inside the action's transaction."""

from datetime import datetime
from typing import Any

from django.db.models import Model

from institutions.models import AuditRecord, User


def record(action: str, of: Model | None, by: User | None, now: datetime, **detail: Any) -> AuditRecord:
    """Keep that `by` did `action` to `of`. `detail` must be JSON values."""
    return AuditRecord.objects.create(
        at=now,
        by=by,
        action=action,
        object_type=of._meta.label_lower if of is not None else "",
        object_id=of.pk if of is not None else None,
        detail=detail,
    )
