"""The units behind one result: what each of them answered, and the return that says so.

What lies below the judged level is worked out here when asked for. The steps up to the single unit are those of
`reports.judging.queries.tallies`, so that a page can never tell another story than the sums.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from institutions.models import Institution, Region
from institutions.queries import set_places
from reports.judging.queries.tallies import UNITS, TallyRequest
from reports.judging.queries.terms_in_force import TargetTerms
from reports.models import Figure, ReturnPeriod, Submission
from targets.periods import Quarter

# An institution's result is made of its own lines wherever they lie; a region's of all that have a home in it.
UNITS_OF_A_RESULT = (
    UNITS
    + """
SELECT unit_id, reporter_id, stand, x, y, z, coalesce(number, 0), meets
FROM tested
WHERE CASE WHEN %(reporter)s::bigint IS NULL THEN home_id > 0 ELSE reporter_id = %(reporter)s END
    AND (stand <> 'closed' OR x IS NOT NULL)
"""
)


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """One unit in scope. stand: reported, na, pending, awaited, missing, overdue_review or closed.

    a, b, c: as accumulated over the target's window (numerator or counted element, divisor, what it is compared
    with); needed: the condition's number for its class. meets is None where no condition is asked or known.
    submission: the return that answers for it in the quarter; waits_late: 补报待审; figure: its approved answer in the
    quarter.
    """

    unit: Institution
    stand: str
    a: Decimal | None
    b: Decimal | None
    c: Decimal | None
    needed: Decimal
    meets: bool | None
    submission: Submission | None
    waits_late: bool
    figure: Figure | None


def units_behind(
    each: TargetTerms, subject: Region | Institution, quarter: Quarter, period: ReturnPeriod, today: date
) -> list[UnitFigure]:
    """The units whose answers make a result: of an institution itself and its lines; of a region of the lowest judged
    level all below it, above that level only those of the region itself. Six queries, whatever the number of units."""
    rows = unit_rows(each, subject, quarter, period, today)
    units: dict[int, Any] = Institution.objects.placed(quarter.last_day).in_bulk([row[0] for row in rows])
    submissions = submissions_of([row[1] for row in rows], quarter)
    figures = figures_of(each, list(units), quarter)
    set_places(units.values(), {pk: unit.lay_in for pk, unit in units.items()}, quarter.last_day)
    found = [
        UnitFigure(
            units[unit_id],
            stand,
            a,
            b,
            c,
            needed,
            meets,
            submissions.get(reporter_id),
            getattr(submissions.get(reporter_id), "waits_late", False),
            figures.get(unit_id),
        )
        for unit_id, reporter_id, stand, a, b, c, needed, meets in rows
    ]
    return sorted(found, key=lambda row: (row.unit.region.position, row.unit.code))


def unit_rows(
    each: TargetTerms, subject: Region | Institution, quarter: Quarter, period: ReturnPeriod, today: date
) -> list[tuple[int, int, str, Decimal | None, Decimal | None, Decimal | None, Decimal, bool | None]]:
    reporter = subject.pk if isinstance(subject, Institution) else None
    home = subject.region_id if isinstance(subject, Institution) else subject.pk
    request = TallyRequest(each.target.plan, quarter, [each], [home], period.due_on, today, kept=False)
    with connection.cursor() as cursor:
        cursor.execute(UNITS_OF_A_RESULT, request.parameters | {"reporter": reporter})
        return cursor.fetchall()


def submissions_of(reporters: Collection[int], quarter: Quarter) -> dict[int, Any]:
    """The returns of a quarter by reporter, with the round that was approved, and whether one waits that came late."""
    found = Submission.objects.of_quarter(quarter).filter(reporter_id__in=set(reporters)).with_waits_late()
    found = found.select_related("reporter", "approved_round__submitted_by", "approved_round__decided_by")
    return {submission.reporter_id: submission for submission in found}


def figures_of(each: TargetTerms, units: Collection[int], quarter: Quarter) -> dict[int, Figure]:
    """The approved answer about each unit in the quarter."""
    found = Figure.objects.of_quarter(quarter).filter(subject_id__in=units, element_id=each.target.indicator.element_id)
    found = found.select_related("round__submitted_by", "round__decided_by")
    return {figure.subject_id: figure for figure in found}
