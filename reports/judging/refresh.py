"""After a return changed: its own region's results at once, those above it by the draining job."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from reports.judging import recompute, tasks
from reports.models import Submission


def refresh_results(submission: Submission, now: datetime, enqueue: bool) -> None:
    """`enqueue` is False where the caller recomputes by itself, once for many returns (a replay)."""
    if enqueue:
        refresh_results_of([submission], now)


def refresh_results_of(submissions: Sequence[Submission], now: datetime) -> None:
    """Once for many returns that changed in one transaction."""
    for plan_id in recompute.refresh_after_returns(submissions, now):
        # A broker that is down must not spoil an approval: beat looks every minute for what waits.
        transaction.on_commit(partial(tasks.roll_up.delay, plan_id), robust=True)
