"""Moving a quarter's dates."""

from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from reports import tasks
from reports.actions.errors import RefusedError
from reports.models import ReturnPeriod, Submission


@transaction.atomic
def set_due(period: ReturnPeriod, due_on: date, review_by: date, by: User, now: datetime) -> ReturnPeriod:
    """Move the quarter's dates, and those of every return that was still on the old ones; then judge it anew."""
    period = ReturnPeriod.objects.select_for_update().get(pk=period.pk)
    if review_by < due_on:
        raise RefusedError(_("审核截止日不能早于填报截止日。"))
    returns = Submission.objects.filter(quarter=period.quarter)
    moved = returns.filter(due_on=period.due_on).update(due_on=due_on)
    returns.filter(review_by=period.review_by).update(review_by=review_by)
    before = {"due_on": period.due_on.isoformat(), "review_by": period.review_by.isoformat()}
    period.due_on, period.review_by = due_on, review_by
    period.save(update_fields=["due_on", "review_by"])
    after = {"due_on": due_on.isoformat(), "review_by": review_by.isoformat()}
    transaction.on_commit(partial(tasks.recompute_quarter.delay, period.quarter), robust=True)
    audit.record("period.dates_set", period, by, now, before=before, after=after, returns=moved)
    return period
