"""How a quarter's approved figures would be judged under a plan: results to be read like stored ones."""

from datetime import datetime

from reports.judging.queries.tallies import INPUT_FIELDS
from reports.judging.recompute import Key, Outlook, as_numbers, preview, version_of
from reports.models import Attainment, ReturnPeriod
from targets.models import Plan


def results(plan: Plan, period: ReturnPeriod, now: datetime) -> dict[tuple[int, int], Attainment]:
    """By target and region."""
    found = preview(plan, period, now)
    return {
        (key.target, key.region): unsaved(key, outlook, period.quarter, now)
        for key, outlook in found.items()
        if key.region is not None
    }


def unsaved(key: Key, outlook: Outlook, quarter: int, now: datetime) -> Attainment:
    version = version_of(outlook.course, outlook.inputs, outlook.result)
    inputs = zip(INPUT_FIELDS, as_numbers(outlook.inputs), strict=True)
    return Attainment(
        target_id=key.target,
        region_id=key.region,
        quarter=quarter,
        known_from=now.date(),
        computed_at=now,
        **version._asdict(),
        **dict(inputs),
    )
