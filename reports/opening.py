"""Opening a quarter's returns. The only writer of `ReturnPeriod`, but for its dates (`reports.actions.periods`)."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from institutions import audit
from reports.models import ReturnPeriod, Submission
from reports.queries.asked import reporters_asked
from targets.periods import Quarter, nth_working_day_after


@transaction.atomic
def open_quarter(quarter: Quarter, now: datetime) -> ReturnPeriod:
    """Open the quarter and owe a return from every unit that is asked something.

    Safe to repeat and to run twice at once; run later, it adds units that came since.
    """
    due_on, due_known = nth_working_day_after(quarter.last_day, settings.DUE_WORKING_DAYS)
    review_by, review_known = nth_working_day_after(due_on, settings.REVIEW_WORKING_DAYS)
    period, opened = ReturnPeriod.objects.get_or_create(
        quarter=quarter.ordinal,
        defaults={
            "opened_at": now,
            "due_on": due_on,
            "review_by": review_by,
            "calendar_known": due_known and review_known,
        },
    )
    period = ReturnPeriod.objects.select_for_update().get(pk=period.pk)
    added = owe_returns(period, quarter)
    if opened or added:
        audit.record("period.opened", period, None, now, quarter=str(quarter), returns=added)
    return period


def owe_returns(period: ReturnPeriod, quarter: Quarter) -> int:
    """Make the missing returns; the period's row is locked, so nobody else makes them meanwhile."""
    owing = reporters_asked(quarter).exclude(submissions__quarter=quarter.ordinal)
    made = Submission.objects.bulk_create(
        [
            Submission(reporter=each, quarter=period.quarter, due_on=period.due_on, review_by=period.review_by)
            for each in owing
        ],
        batch_size=1000,
        ignore_conflicts=True,
    )
    return len(made)
