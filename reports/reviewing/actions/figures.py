"""Approved answers become figures. The only writer of `Figure`; called by `reports.reviewing.actions.reviews`."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from reports.base.errors import RefusedError
from reports.models import Entry, Figure, Round, Submission
from reports.questions.answers import answer_text
from targets.enums import Accumulation
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


def must_not_fall(approved: Sequence[Submission]) -> None:
    """Once their answers are in force: no running total of theirs may fall, nor the next one of its year.

    The hand-in looks at this too; but what stood before and after may have been withdrawn, sent back or approved since.
    """
    years = {Quarter.from_ordinal(each.quarter).year for each in approved}
    quarters = [Quarter(year, number).ordinal for year in years for number in (1, 2, 3, 4)]
    answered = Entry.objects.filter(round__in=[each.approved_round_id for each in approved], value__isnull=False)
    falling = Figure.objects.filter(
        quarter__in=quarters,
        subject__in=answered.values("subject"),
        element__in=answered.values("element"),
        element__accumulation=Accumulation.RUNNING,
        rise__lt=0,
    )
    decided = {each.quarter for each in approved}
    for figure in falling.select_related("element", "subject").order_by("quarter"):
        before = previous_of_year(figure)
        if decided & {figure.quarter, before.quarter}:
            raise RefusedError(describe_fall(figure, before))


def previous_of_year(figure: Figure) -> Figure:
    """That a falling total is less than."""
    earlier = Figure.objects.filter(
        subject=figure.subject_id, element=figure.element_id, quarter__lt=figure.quarter, value__isnull=False
    )
    return earlier.order_by("-quarter")[0]


def describe_fall(figure: Figure, before: Figure) -> str:
    sentence = _(
        "没有通过：“%(name)s”（%(unit)s）是本年累计数，%(later)s的 %(value)s 会小于%(earlier)s的 %(more)s。"
        "请先审核另一季的报表；数字有误的，请退回，让填报人改好或一并更正。"
    )
    return sentence % {
        "name": figure.element,
        "unit": figure.subject,
        "later": Quarter.from_ordinal(figure.quarter).label,
        "value": answer_text(figure.value, figure.element, unit=True),
        "earlier": Quarter.from_ordinal(before.quarter).label,
        "more": answer_text(before.value, figure.element, unit=True),
    }


def update_year_totals(subjects: Sequence[int], year: int) -> None:
    """Bring the kept columns (rise, year_sum, year_quarters) of these units' figures of a year up to date."""
    values: dict[str, Any] = {
        "subjects": list(subjects),
        "first": Quarter(year, 1).ordinal,
        "last": Quarter(year, 4).ordinal,
    }
    with connection.cursor() as cursor:
        cursor.execute(UPDATE_YEAR_TOTALS, values)
