"""The additive inputs of targets, aggregated in the database from approved figures and the register.

One statement for one plan and quarter, in named steps (source: design.md, section 4, "Whose figures"):

    asked     the targets, with what the rule needs of their indicator
              (a: numerator or counted element, b: what it is divided by, c: what it is compared with;
              growth: b is a, a year before)
    home      which region answers for an institution: its lowest judged ancestor, else its own region
    unit      target x institution in scope that had opened by quarter end
    cell      of one unit: quarter by quarter the three approved figures side by side
    position  of one unit: window sums, the quarter's value, the last value approved
    stand     unit: its position, and whether reported, 不适用, pending, awaited, missing or 逾期未审
    part      unit: what it adds to each side
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from reports.queries.promises import TargetTerms
from targets.enums import Accumulation, Comparator, Denominator, ElementType, Window
from targets.models import DataElement, Indicator, Plan
from targets.periods import Quarter

INPUT_FIELDS = (
    "numerator",
    "denominator",
    "kept_numerator",
    "kept_denominator",
    "units",
    "given",
    "reported",
    "pending",
    "awaited",
    "missing",
    "overdue_review",
    "not_applicable",
    "left_out",
    "unbased",
    "partly",
    "late",
    "have",
    "need",
)

UNIT_STEPS = """
WITH asked AS (
    SELECT * FROM unnest(
        %(targets)s::bigint[], %(kinds)s::text[], %(at_least)s::bool[], %(starts)s::int[],
        %(conditions)s::text[], %(numbers)s::numeric[], %(constants)s::text[], %(tops)s::int[], %(dues)s::int[],
        %(a_elements)s::bigint[], %(a_modes)s::text[], %(b_elements)s::bigint[], %(b_modes)s::text[],
        %(b_shifts)s::int[], %(c_elements)s::bigint[], %(c_modes)s::text[]
    ) AS asked(
        target_id, kind, at_least, window_start, condition, number, constant, top, due,
        a_element, a_mode, b_element, b_mode, b_shift, c_element, c_mode
    )
), home AS (
    SELECT region.id AS region_id, judged.id AS home_id
    FROM institutions_region judged
    JOIN institutions_region region
        ON region.lineage @> ARRAY[judged.id] AND (judged.level = %(lowest)s OR region.id = judged.id)
    WHERE judged.id = ANY(%(homes)s)
), unit AS (
    SELECT asked.target_id, place.home_id, institution.id AS unit_id,
        coalesce(institution.reported_by_id, institution.id) AS reporter_id,
        institution.closed IS NULL OR institution.closed > %(quarter_end)s AS is_open,
        coalesce((
            SELECT max(value.value) FROM targets_conditionvalue value
            WHERE value.indicator_id = target.indicator_id
                AND value.unit_class IN (region.kind, institution.grade, institution.kind)
        ), asked.number) AS number
    FROM asked
    JOIN targets_target target ON target.id = asked.target_id
    JOIN home place ON true
    JOIN institutions_region region ON region.id = place.region_id
    JOIN institutions_institution institution
        ON institution.region_id = region.id
        AND (target.kinds = '{}' OR institution.kind = ANY(target.kinds))
        AND (target.grades = '{}' OR institution.grade = ANY(target.grades))
        AND (target.ownerships = '{}' OR institution.ownership = ANY(target.ownerships))
        AND (target.bureau_level = '' OR region.level = target.bureau_level)
        AND institution.opened <= %(quarter_end)s
    WHERE NOT EXISTS (SELECT 1 FROM targets_target_units named WHERE named.target_id = target.id)
        OR EXISTS (
            SELECT 1 FROM targets_target_units named
            WHERE named.target_id = target.id AND named.institution_id = institution.id
        )
), handed_in AS (
    SELECT submission.reporter_id, submission.due_on, submission.review_by,
        submission.state = 'submitted' AND EXISTS (
            SELECT 1 FROM reports_round round
            WHERE round.submission_id = submission.id AND round.submitted_at IS NOT NULL AND round.decision = ''
                AND (round.submitted_at AT TIME ZONE 'Asia/Shanghai')::date <= submission.due_on
        ) AS under_review
    FROM reports_submission submission WHERE submission.quarter = %(quarter)s
), stand AS (
    SELECT unit.*, asked.kind, asked.at_least, asked.condition, asked.constant, asked.top, asked.due,
        a_mode, b_mode, c_mode, position.*,
        b_shift > 0 AND a_now IS NOT NULL AND b_now IS NULL AS baseless,
        CASE
            WHEN NOT unit.is_open THEN 'closed'
            WHEN coalesce(position.na, false) THEN 'na'
            WHEN a_now IS NOT NULL
                AND (b_now IS NOT NULL OR b_mode IS NULL OR b_shift > 0)
                AND (c_now IS NOT NULL OR c_mode IS NULL) THEN 'reported'
            WHEN handed_in.under_review AND %(today)s <= handed_in.review_by THEN 'pending'
            WHEN handed_in.under_review THEN 'overdue_review'
            WHEN %(today)s <= coalesce(handed_in.due_on, %(due_on)s) THEN 'awaited'
            ELSE 'missing'
        END AS stand
    FROM unit
    JOIN asked USING (target_id)
    LEFT JOIN handed_in ON handed_in.reporter_id = unit.reporter_id
    CROSS JOIN LATERAL (
        SELECT
            sum(a_rise) FILTER (WHERE NOT off AND (b_mode IS DISTINCT FROM 'sum' OR b_rise IS NOT NULL)) AS a_sum,
            sum(b_rise) FILTER (WHERE NOT off AND (a_mode <> 'sum' OR a_rise IS NOT NULL)) AS b_sum,
            sum(c_rise) FILTER (WHERE NOT off) AS c_sum,
            max(a) FILTER (WHERE quarter = %(quarter)s) AS a_now,
            max(b) FILTER (WHERE quarter = %(quarter)s) AS b_now,
            max(c) FILTER (WHERE quarter = %(quarter)s) AS c_now,
            (array_agg(a ORDER BY quarter DESC) FILTER (WHERE a IS NOT NULL))[1] AS a_last,
            (array_agg(b ORDER BY quarter DESC) FILTER (WHERE b IS NOT NULL))[1] AS b_last,
            (array_agg(c ORDER BY quarter DESC) FILTER (WHERE c IS NOT NULL))[1] AS c_last,
            bool_or(off) FILTER (WHERE quarter = %(quarter)s) AS na
        FROM (
            SELECT figure.quarter + shift AS quarter,
                max(value) FILTER (WHERE slot = 'a') AS a, max(rise) FILTER (WHERE slot = 'a') AS a_rise,
                max(value) FILTER (WHERE slot = 'b') AS b, max(rise) FILTER (WHERE slot = 'b') AS b_rise,
                max(value) FILTER (WHERE slot = 'c') AS c, max(rise) FILTER (WHERE slot = 'c') AS c_rise,
                bool_or(not_applicable) AS off
            FROM (VALUES ('a', a_element, a_mode, 0), ('b', b_element, b_mode, b_shift), ('c', c_element, c_mode, 0))
                AS feed(slot, element_id, mode, shift)
            JOIN reports_figure figure
                ON figure.subject_id = unit.unit_id AND figure.element_id = feed.element_id
                AND figure.quarter + shift <= %(quarter)s
                AND (mode <> 'sum' OR figure.quarter + shift >= asked.window_start)
            GROUP BY 1
        ) cell
    ) position
), reckoned AS (
    SELECT stand.*,
        stand IN ('pending', 'overdue_review', 'awaited', 'missing') AS unanswered,
        a_mode = 'stock' OR coalesce(b_mode = 'stock', false) AS on_stock,
        CASE a_mode WHEN 'sum' THEN a_sum WHEN 'date' THEN a_last ELSE a_now END AS x,
        CASE b_mode WHEN 'sum' THEN b_sum WHEN 'date' THEN b_last ELSE b_now END AS y,
        CASE c_mode WHEN 'sum' THEN c_sum WHEN 'date' THEN c_last ELSE c_now END AS z,
        CASE a_mode WHEN 'sum' THEN a_sum ELSE a_last END AS x_kept,
        CASE b_mode WHEN 'sum' THEN b_sum ELSE b_last END AS y_kept,
        CASE c_mode WHEN 'sum' THEN c_sum ELSE c_last END AS z_kept
    FROM stand
), tested AS (
    SELECT reckoned.*,
        CASE WHEN kind = 'qualitative' THEN x >= top ELSE {meets} END AS meets,
        CASE WHEN kind = 'qualitative' THEN x_kept >= top ELSE {meets_kept} END AS meets_kept
    FROM reckoned
)
"""

SUMS = """, part AS (
    SELECT target_id, home_id, stand, have_need.*, sides.*,
        stand NOT IN ('closed', 'na') AND CASE
            WHEN a_mode = 'stock' THEN stand = 'reported'
            ELSE x IS NOT NULL
        END AS given,
        kind = 'ratio' AND unanswered AND (b_mode = 'sum' OR b_mode = 'stock' AND y_kept IS NULL) AND NOT baseless
            AS left_out,
        baseless,
        kind = 'qualitative' AND stand = 'reported' AND x = top - 1 AS partly,
        kind = 'deliverable' AND coalesce(meets, false) AND x > due AS late
    FROM tested
    CROSS JOIN LATERAL (
        SELECT CASE WHEN kind = 'each' AND stand NOT IN ('closed', 'na') THEN coalesce(x, 0) ELSE 0 END AS have,
            CASE WHEN kind = 'each' AND stand NOT IN ('closed', 'na') THEN coalesce(z, number, 0) ELSE 0 END AS need
    ) have_need
    CROSS JOIN LATERAL (
        SELECT * FROM (SELECT
            CASE
                WHEN kind = 'total' THEN CASE WHEN a_mode = 'sum' OR stand = 'reported' THEN x END
                WHEN kind = 'ratio' THEN CASE
                    WHEN baseless OR stand = 'na' AND on_stock THEN 0
                    WHEN stand = 'closed' THEN CASE WHEN a_mode = 'sum' THEN x END
                    WHEN unanswered AND b_mode = 'stock' AND y_kept IS NULL THEN 0
                    WHEN unanswered AND on_stock AND NOT at_least THEN 0
                    ELSE x
                END
                WHEN stand IN ('closed', 'na') OR unanswered AND NOT at_least THEN 0
                ELSE coalesce(meets, false)::int
            END AS numerator,
            CASE
                WHEN kind = 'total' THEN 0
                WHEN kind = 'ratio' THEN CASE
                    WHEN baseless OR stand = 'na' AND on_stock THEN 0
                    WHEN stand = 'closed' THEN CASE WHEN b_mode = 'sum' THEN y END
                    WHEN unanswered AND on_stock AND NOT at_least THEN 0
                    WHEN unanswered AND b_mode = 'stock' THEN y_kept
                    WHEN unanswered AND a_mode = 'stock' AND b_mode = 'sum' THEN 0
                    ELSE y
                END
                WHEN stand IN ('closed', 'na') OR unanswered AND NOT at_least THEN 0
                ELSE 1
            END AS denominator,
            CASE
                WHEN kind = 'total' THEN CASE WHEN stand = 'closed' AND a_mode <> 'sum' THEN 0 ELSE x_kept END
                WHEN kind = 'ratio' THEN CASE
                    WHEN baseless OR stand = 'na' AND on_stock THEN 0
                    WHEN stand = 'closed' THEN CASE WHEN a_mode = 'sum' THEN x END
                    WHEN b_mode = 'stock' AND y_kept IS NULL THEN 0
                    ELSE CASE WHEN stand = 'reported' THEN x ELSE x_kept END
                END
                WHEN stand IN ('closed', 'na') THEN 0
                ELSE coalesce(CASE WHEN unanswered THEN meets_kept ELSE meets END, false)::int
            END AS kept_numerator,
            CASE
                WHEN kind = 'total' THEN 0
                WHEN kind = 'ratio' THEN CASE
                    WHEN baseless OR stand = 'na' AND on_stock THEN 0
                    WHEN stand = 'closed' THEN CASE WHEN b_mode = 'sum' THEN y END
                    ELSE CASE WHEN stand = 'reported' THEN y ELSE y_kept END
                END
                WHEN stand IN ('closed', 'na') THEN 0
                ELSE 1
            END AS kept_denominator
        ) computed
    ) sides
), summed AS (
    SELECT target_id, home_id,
        coalesce(sum(numerator), 0) AS numerator, coalesce(sum(denominator), 0) AS denominator,
        coalesce(sum(kept_numerator), 0) AS kept_numerator, coalesce(sum(kept_denominator), 0) AS kept_denominator,
        count(*) FILTER (WHERE stand NOT IN ('closed', 'na')) AS units,
        count(*) FILTER (WHERE given) AS given,
        count(*) FILTER (WHERE stand = 'reported') AS reported,
        count(*) FILTER (WHERE stand = 'pending') AS pending,
        count(*) FILTER (WHERE stand = 'awaited') AS awaited,
        count(*) FILTER (WHERE stand = 'missing') AS missing,
        count(*) FILTER (WHERE stand = 'overdue_review') AS overdue_review,
        count(*) FILTER (WHERE stand = 'na') AS not_applicable,
        count(*) FILTER (WHERE left_out) AS left_out,
        count(*) FILTER (WHERE baseless) AS unbased,
        count(*) FILTER (WHERE partly) AS partly,
        count(*) FILTER (WHERE late) AS late,
        coalesce(sum(have), 0) AS have, coalesce(sum(need), 0) AS need
    FROM part GROUP BY target_id, home_id
), official AS (
    SELECT DISTINCT ON (asked.target_id, constant.region_id)
        asked.target_id, constant.region_id AS home_id, constant.value
    FROM asked
    JOIN targets_constant constant
        ON asked.constant <> '' AND constant.code = asked.constant AND constant.region_id = ANY(%(homes)s)
        AND constant.year BETWEEN %(year)s - 1 AND %(year)s
    ORDER BY asked.target_id, constant.region_id, constant.year DESC
)
SELECT asked.target_id, judged.id AS region_id,
    CASE WHEN lacking.base THEN 0 ELSE coalesce(numerator, 0) END,
    CASE WHEN asked.constant <> '' THEN coalesce(official.value, 0) ELSE coalesce(denominator, 0) END,
    CASE WHEN lacking.base THEN 0 ELSE coalesce(kept_numerator, 0) END,
    CASE WHEN asked.constant <> '' THEN coalesce(official.value, 0) ELSE coalesce(kept_denominator, 0) END,
    coalesce(units, 0), coalesce(given, 0), coalesce(reported, 0), coalesce(pending, 0), coalesce(awaited, 0),
    coalesce(missing, 0), coalesce(overdue_review, 0), coalesce(not_applicable, 0), coalesce(left_out, 0),
    coalesce(unbased, 0) + lacking.base::int, coalesce(partly, 0), coalesce(late, 0),
    coalesce(have, 0), coalesce(need, 0)
FROM asked
CROSS JOIN institutions_region judged
LEFT JOIN summed ON summed.target_id = asked.target_id AND summed.home_id = judged.id
LEFT JOIN official ON official.target_id = asked.target_id AND official.home_id = judged.id
CROSS JOIN LATERAL (
    SELECT asked.constant <> '' AND official.value IS NULL AND coalesce(units, 0) > 0 AS base
) lacking
WHERE judged.id = ANY(%(homes)s)
"""

COMPARISONS = {">=": ">=", "<=": "<=", "=": "="}


def meets(suffix: str) -> str:
    """The condition of one unit as SQL over its reckoned values; a ratio is compared without dividing."""
    x, y, z = f"x{suffix}", f"y{suffix}", f"z{suffix}"
    right = f"coalesce({z}, number) * CASE WHEN b_mode IS NULL THEN 1 ELSE {y} END"
    branches = " ".join(f"WHEN '{name}' THEN {x} {operator} {right}" for name, operator in COMPARISONS.items())
    return f"CASE condition {branches} END"


# Up to each single unit: `reports.queries.figures` goes on from here, too.
UNITS = UNIT_STEPS.replace("{meets}", meets("")).replace("{meets_kept}", meets("_kept"))
STATEMENT = UNITS + SUMS


@dataclass(frozen=True, slots=True)
class Slot:
    """An element that feeds a target. shift: 4 where last year's quarter stands for this one's."""

    element_id: int | None = None
    mode: str | None = None
    shift: int = 0

    @classmethod
    def of(cls, element: DataElement | None, shift: int = 0) -> "Slot":
        return cls(element.pk, mode_of(element), shift) if element else cls()


def own_tallies(
    plan: Plan,
    quarter: Quarter,
    terms: Sequence[TargetTerms],
    homes: Iterable[int],
    lowest: str,
    due_on: date,
    today: date,
) -> list[tuple[Any, ...]]:
    """Rows (target id, region id, *INPUT_FIELDS), one for every target and home region, also where nothing is in scope.

    For a region of the level `lowest`: everything below it. For one above: only what lies at the region itself.
    `today` decides what is awaited, pending or missing.
    """
    parameters = parameters_of(plan, quarter, terms) | {
        "homes": list(homes),
        "lowest": lowest,
        "due_on": due_on,
        "today": today,
    }
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, parameters)
        return cursor.fetchall()


def parameters_of(plan: Plan, quarter: Quarter, terms: Sequence[TargetTerms]) -> dict[str, Any]:
    indicators = [each.target.indicator for each in terms]
    return {
        "quarter": quarter.ordinal,
        "quarter_end": quarter.last_day,
        "year": quarter.year,
        "targets": [each.target.pk for each in terms],
        "kinds": [indicator.kind for indicator in indicators],
        "at_least": [each.terms.comparator == Comparator.AT_LEAST for each in terms],
        "starts": [window_start(plan, quarter, each) for each in terms],
        "conditions": [deliverable_condition(each) for each in terms],
        "numbers": [condition_number(each, quarter) for each in terms],
        "constants": [indicator.constant for indicator in indicators],
        "tops": [max(len(indicator.element.levels) - 1, 0) for indicator in indicators],
        "dues": [due_ordinal(each, quarter) for each in terms],
    } | feeds(indicators)


def feeds(indicators: Sequence[Indicator]) -> dict[str, Any]:
    a = [Slot.of(indicator.element) for indicator in indicators]
    b = [divisor(indicator) for indicator in indicators]
    c = [Slot.of(indicator.against) for indicator in indicators]
    return {
        "a_elements": [slot.element_id for slot in a],
        "a_modes": [slot.mode for slot in a],
        "b_elements": [slot.element_id for slot in b],
        "b_modes": [slot.mode for slot in b],
        "b_shifts": [slot.shift for slot in b],
        "c_elements": [slot.element_id for slot in c],
        "c_modes": [slot.mode for slot in c],
    }


def divisor(indicator: Indicator) -> Slot:
    if indicator.denominator == Denominator.LAST_YEAR:
        return Slot.of(indicator.element, shift=4)
    return Slot.of(indicator.over)


def deliverable_condition(each: TargetTerms) -> str:
    """A deliverable asks for a day not after the quarter's end."""
    return "<=" if each.target.indicator.element.type == ElementType.DATE else each.target.indicator.condition


def condition_number(each: TargetTerms, quarter: Quarter) -> Any:
    if each.target.indicator.element.type == ElementType.DATE:
        return quarter.last_day.toordinal()
    return each.target.indicator.condition_value


def due_ordinal(each: TargetTerms, quarter: Quarter) -> int:
    """The day of the milestone in force, to tell what was done after it."""
    mark = each.promise.mark_for(quarter)
    return mark.due.toordinal() if mark else 0


def window_start(plan: Plan, quarter: Quarter, each: TargetTerms) -> int:
    first = Quarter.of(plan.first_day)
    return first.ordinal if each.terms.window == Window.PLAN else max(Quarter(quarter.year, 1), first).ordinal


def mode_of(element: DataElement) -> str:
    if element.type == ElementType.DATE:
        return "date"
    return "stock" if element.accumulation == Accumulation.STOCK else "sum"
