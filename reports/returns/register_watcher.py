"""What a closing, merging, splitting or move does to returns and results: told before, done when it is confirmed.

Watches the register for `institutions.effects`; put in place by `reports.apps`.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from institutions.clock import SHANGHAI
from institutions.effects import Effect, UnitEvent, watch
from institutions.models import Institution
from reports.base.enums import SubmissionState
from reports.judging import tasks
from reports.judging.bases import changed_bases, read_inputs
from reports.judging.recompute import periods_from
from reports.models import ReturnPeriod, Submission
from reports.returns.actions import opening
from reports.returns.queries.register_effects import (
    base_effects,
    carried_lines,
    form_effects,
    known_returns,
    regions_of,
    return_effects,
)
from targets.periods import Quarter


class ReturnsWatcher:
    """The `RegisterWatcher` of returns and results."""

    def lines_stay_until(self, reporter: Institution, on: date) -> date:
        """Lines in a return that was handed in stay with it: the quarter is reviewed where it was reported."""
        handed_in = set(
            Submission.objects.filter(reporter=reporter, quarter__gte=Quarter.of(on).ordinal)
            .exclude(state=SubmissionState.DRAFT)
            .values_list("quarter", flat=True)
        )
        until, quarter = on - timedelta(days=1), Quarter.of(on)
        while quarter.ordinal in handed_in:
            until, quarter = quarter.last_day, quarter + 1
        return until

    def compare(self, events: Sequence[UnitEvent], apply: Callable[[], None], now: datetime) -> list[Effect]:
        codes = {event.code for event in events}
        since = first_quarter(events)
        periods = periods_from(since.ordinal)
        returns, lines = known_returns(codes), carried_lines(codes, periods)
        places = regions_of(events)
        inputs = read_inputs(places, since, now)
        apply()
        past = {period.quarter for period in periods if has_closed_books(period, now)}
        bases = changed_bases(inputs, read_inputs(places, since, now), places, since, now)
        return [
            *return_effects(returns, known_returns(codes), past),
            *form_effects(lines, carried_lines(codes, periods), past),
            *base_effects(bases, past),
        ]

    def settle(self, events: Sequence[UnitEvent], now: datetime) -> None:
        """Who carries something now owes a return for the quarters that can still be reported; results follow in the
        worker."""
        if not events:
            return
        periods = periods_from(first_quarter(events).ordinal)
        codes = {event.code for event in events}
        around = {reporter for _, reporter in carried_lines(codes, periods)}
        around |= set(Institution.objects.filter(code__in=codes).values_list("pk", flat=True))
        for period in periods:
            if not has_closed_books(period, now):
                opening.owe_returns_of(around, period, now)
            transaction.on_commit(partial(tasks.recompute_quarter.delay, period.quarter), robust=True)


def first_quarter(events: Sequence[UnitEvent]) -> Quarter:
    return min(Quarter.of(event.day) for event in events)


def has_closed_books(period: ReturnPeriod, now: datetime) -> bool:
    return period.closes_on is not None and period.closes_on < now.astimezone(SHANGHAI).date()


watch.watcher = ReturnsWatcher()
