"""How a quarter's approved figures would be judged under a plan: results to be read like stored ones."""

from datetime import datetime

from reports.judging.queries.tallies import INPUT_FIELDS
from reports.judging.recompute import PreviewedResult, ResultKey, as_numbers, preview_results, version_of
from reports.models import Attainment, ReturnPeriod
from targets.models import Plan


def preview_attainments(plan: Plan, period: ReturnPeriod, now: datetime) -> dict[tuple[int, int], Attainment]:
    """By target and region."""
    found = preview_results(plan, period, now)
    return {
        (key.target, key.region): unsaved_attainment(key, outlook, period.quarter, now)
        for key, outlook in found.items()
        if key.region is not None
    }


def unsaved_attainment(key: ResultKey, outlook: PreviewedResult, quarter: int, now: datetime) -> Attainment:
    version = version_of(outlook.assessed, outlook.inputs, outlook.result)
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
