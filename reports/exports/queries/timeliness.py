"""How returns came and were decided on, counted from the kept rounds: whole numbers by place, for any quarters.

A unit counts where it lay at the end of the last of the quarters, as the places were then.

A withdrawn hand-in is none. A return is 补报 when any of its hand-ins came after the deadline of that moment, 补录 when
its first one was; one that is owed (again) today is neither. Rounds are counted up to the first approval, findings
at the first hand-in, as the record of that hand-in says. Working days run from the day after the hand-in to the day of
the decision. The sum over all places comes from the same rows, so that no median or mean is taken of others.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from institutions.models import Region
from reports.models import Submission
from targets.periods import Quarter, is_working_day


@dataclass(frozen=True, slots=True)
class ReturnCounts:
    """Returns of one place. owed = on_time + late + backfilled + missing + awaited: missing are owed and overdue,
    awaited owed before their day. rounds: sum over those `approved` once. to_verify: findings at the first hand-in."""

    owed: int = 0
    on_time: int = 0
    late: int = 0
    backfilled: int = 0
    missing: int = 0
    awaited: int = 0
    approved: int = 0
    rounds: int = 0
    most_rounds: int | None = None
    returned: int = 0
    to_verify: int = 0
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """Decisions of one place: working days from hand-in to decision."""

    decisions: int = 0
    median_days: Decimal | None = None
    most_days: int | None = None


Counted = dict[int | None, tuple[ReturnCounts, ReviewCounts]]

# In the database, since a year of a city is tens of thousands of rounds. GROUPING SETS give the places and the whole
# from the same rows; `days` counts working days, which PostgreSQL does not know.
COUNTED = """
WITH chosen AS (
    SELECT s.id, s.state, s.due_on,
           CASE WHEN %(by_unit)s THEN unit.id
                ELSE coalesce((SELECT up FROM unnest(place.lineage) up WHERE up = ANY(%(children)s)), %(region)s)
           END AS key
      FROM reports_submission s
      JOIN institutions_institution unit ON unit.id = s.reporter_id
      LEFT JOIN LATERAL (
          SELECT region_id FROM institutions_placement
           WHERE institution_id = unit.id AND until >= %(end)s ORDER BY until LIMIT 1
      ) moved ON true
      JOIN institutions_regionversion place
        ON place.region_id = coalesce(moved.region_id, unit.region_id) AND place.superseded_at IS NULL
       AND place.valid_from <= %(end)s AND (place.valid_until IS NULL OR place.valid_until >= %(end)s)
     WHERE s.quarter = ANY(%(quarters)s) AND s.id <> ALL(%(lapsed)s)
       AND place.lineage @> ARRAY[%(region)s]::bigint[]
       AND NOT place.lineage && %(without)s::bigint[]
), hand_ins AS (
    SELECT r.submission_id, r.number, r.origin, r.decision, r.due_on,
           (r.submitted_at AT TIME ZONE 'Asia/Shanghai')::date AS came,
           (r.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS decided,
           row_number() OVER (PARTITION BY r.submission_id ORDER BY r.number) AS nth
      FROM reports_round r
      JOIN chosen ON chosen.id = r.submission_id
     WHERE r.submitted_at IS NOT NULL AND r.decision <> 'withdrawn'
), told AS (
    SELECT submission_id,
           coalesce(bool_or(came > due_on), false) AS late,
           bool_or(nth = 1 AND origin = 'backfill') AS backfilled,
           min(nth) FILTER (WHERE decision = 'approved') AS rounds,
           count(*) FILTER (WHERE decision = 'returned') AS returned,
           min(number) AS first_number
      FROM hand_ins GROUP BY submission_id
), findings AS (
    SELECT told.submission_id, (record.detail ->> 'to_verify')::int AS to_verify
      FROM told
      JOIN institutions_auditrecord record
        ON record.object_type = 'reports.submission' AND record.object_id = told.submission_id
       AND record.action = 'submission.submitted' AND (record.detail ->> 'round')::int = told.first_number
), corrected AS (
    SELECT submission_id, count(*) AS corrections
      FROM reports_correction JOIN chosen ON chosen.id = submission_id WHERE granted GROUP BY submission_id
), judged AS (
    SELECT chosen.key, told.*, findings.to_verify, corrected.corrections, chosen.due_on,
           chosen.state IN ('draft', 'returned') AS owing
      FROM chosen
      LEFT JOIN told ON told.submission_id = chosen.id
      LEFT JOIN findings ON findings.submission_id = chosen.id
      LEFT JOIN corrected ON corrected.submission_id = chosen.id
), by_place AS (
    SELECT key,
           count(*) AS owed,
           count(*) FILTER (WHERE NOT owing AND NOT late AND NOT backfilled) AS on_time,
           count(*) FILTER (WHERE NOT owing AND late) AS late,
           count(*) FILTER (WHERE NOT owing AND backfilled AND NOT late) AS backfilled,
           count(*) FILTER (WHERE owing AND due_on < %(today)s) AS missing,
           count(*) FILTER (WHERE owing AND due_on >= %(today)s) AS awaited,
           count(rounds) AS approved,
           coalesce(sum(rounds), 0)::int AS rounds,
           max(rounds) AS most_rounds,
           coalesce(sum(returned), 0)::int AS returned,
           coalesce(sum(to_verify), 0)::int AS to_verify,
           coalesce(sum(corrections), 0)::int AS corrections
      FROM judged GROUP BY GROUPING SETS ((key), ())
), days AS (
    SELECT * FROM unnest(%(days)s::date[], %(worked)s::int[]) AS days(day, worked)
), reviews AS (
    SELECT chosen.key,
           count(*) AS decisions,
           (percentile_cont(0.5) WITHIN GROUP (ORDER BY until.worked - since.worked))::numeric AS median_days,
           max(until.worked - since.worked) AS most_days
      FROM hand_ins
      JOIN chosen ON chosen.id = hand_ins.submission_id
      JOIN days since ON since.day = hand_ins.came
      JOIN days until ON until.day = hand_ins.decided
     GROUP BY GROUPING SETS ((chosen.key), ())
)
SELECT by_place.*, coalesce(reviews.decisions, 0), reviews.median_days, reviews.most_days
  FROM by_place
  LEFT JOIN reviews ON reviews.key IS NOT DISTINCT FROM by_place.key
"""
OF_RETURNS = len(fields(ReturnCounts))


def by_region(region: Region, children: Collection[int], quarters: Sequence[Quarter], today: date) -> Counted:
    """By child region, what lies in none of them under the region itself; under None the whole."""
    return count_timeliness(region, quarters, today, children=list(children), without=[], by_unit=False)


def by_unit(region: Region, quarters: Sequence[Quarter], today: date, without: Collection[int] = ()) -> Counted:
    """By reporting institution; `without` those that lie in these regions."""
    return count_timeliness(region, quarters, today, children=[], without=list(without), by_unit=True)


def count_timeliness(region: Region, quarters: Sequence[Quarter], today: date, **how: Any) -> Counted:
    """Two queries, whatever the number of places. What lapsed is not owed and not counted."""
    days = calendar(quarters[0].last_day, today)
    lapsed = Submission.objects.within(region.pk).lapsed().filter(quarter__in=[each.ordinal for each in quarters])
    asked = how | {
        "region": region.pk,
        "quarters": [quarter.ordinal for quarter in quarters],
        "end": max(quarters).last_day,
        "today": today,
        "days": [day for day, _worked in days],
        "worked": [worked for _day, worked in days],
        "lapsed": list(lapsed.values_list("pk", flat=True)),
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, asked)
        rows = cursor.fetchall()
    return {key: (ReturnCounts(*row[:OF_RETURNS]), ReviewCounts(*row[OF_RETURNS:])) for key, *row in rows}


def calendar(first: date, last: date) -> list[tuple[date, int]]:
    """Each day with the working days up to it, so that two of them subtract."""
    days, worked = [], 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        worked += is_working_day(day)[0]
        days.append((day, worked))
    return days
