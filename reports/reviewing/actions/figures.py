"""Approved answers become figures. The only writer of `Figure`; called by `reports.reviewing.actions.reviews`."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from reports.models import Round
from targets.periods import Quarter

# A correction writes over what was in force, hence ON CONFLICT; in a fixed order, so that two approvals never wait
# for each other's rows in a ring.
PUT_IN_FORCE = """
INSERT INTO reports_figure (subject_id, element_id, quarter, value, not_applicable, round_id, year_quarters)
SELECT subject_id, element_id, %(quarter)s, value, not_applicable, round_id, 0
FROM reports_entry WHERE round_id = %(round)s ORDER BY subject_id, element_id
ON CONFLICT (subject_id, element_id, quarter) DO UPDATE
SET value = excluded.value, not_applicable = excluded.not_applicable, round_id = excluded.round_id
"""

# A later quarter's rise hangs on an earlier figure, so the year is reckoned whole; only rows that change are written.
# rise: of a flow its value, of a running total what it grew since the latest earlier one of the year, else nothing.
UPDATE_YEAR_TOTALS = """
WITH touched AS (
    SELECT figure.id, subject_id, element_id, quarter, value, accumulation
    FROM reports_figure figure
    JOIN targets_dataelement element ON element.id = element_id
    WHERE subject_id = ANY(%(subjects)s) AND quarter BETWEEN %(first)s AND %(last)s
), grown AS (
    SELECT id, subject_id, element_id, quarter,
        CASE accumulation
            WHEN 'flow' THEN value
            WHEN 'running' THEN value - coalesce(lag(value) OVER so_far, 0)
        END AS rise
    FROM touched WHERE value IS NOT NULL
    WINDOW so_far AS (PARTITION BY subject_id, element_id ORDER BY quarter)
), kept AS (
    SELECT id, rise, sum(rise) OVER so_far AS year_sum,
        sum(1 << (quarter - %(first)s)) OVER so_far AS year_quarters
    FROM grown WINDOW so_far AS (PARTITION BY subject_id, element_id ORDER BY quarter)
)
UPDATE reports_figure figure
SET rise = kept.rise, year_sum = kept.year_sum, year_quarters = coalesce(kept.year_quarters, 0)
FROM touched LEFT JOIN kept USING (id)
WHERE figure.id = touched.id
    AND (figure.rise, figure.year_sum, figure.year_quarters)
        IS DISTINCT FROM (kept.rise, kept.year_sum, coalesce(kept.year_quarters, 0)::smallint)
"""


def apply_answers(approved: Round) -> None:
    """Put the round's answers in force, and reckon anew what they add in the rest of its year."""
    quarter = Quarter.from_ordinal(approved.submission.quarter)
    subjects = list(approved.entries.order_by("subject").values_list("subject", flat=True).distinct())
    with connection.cursor() as cursor:
        cursor.execute(PUT_IN_FORCE, {"round": approved.pk, "quarter": quarter.ordinal})
    update_year_totals(subjects, quarter.year)


def update_year_totals(subjects: Sequence[int], year: int) -> None:
    """Bring the kept columns (rise, year_sum, year_quarters) of these units' figures of a year up to date."""
    values: dict[str, Any] = {
        "subjects": list(subjects),
        "first": Quarter(year, 1).ordinal,
        "last": Quarter(year, 4).ordinal,
    }
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_YEAR_TOTALS, values)
