"""The additive inputs of targets, aggregated in the database from approved figures and the register.

One statement for one plan and quarter, in named steps (source: docs/design.md#whose-figures):

    asked     the targets, with what the rule needs of their indicator
              (a: numerator or counted element, b: what it is divided by, c: what it is compared with;
              growth: b is a, a year before)
    home      which region answers for an institution: its lowest judged ancestor, else its own region
    lying     where a unit lay, from which quarter to which; `here` where it lay at the quarter's end
    unit      the same with its home and what its scope needs; a unit that moved has a row for each place
    given     of one unit: the quarter's approved figures side by side (last year's under the element's id below 0):
              what it has accumulated in the year, or the position
    scoped    target x unit in scope that had opened by quarter end (where growth is asked, by that of last year's)
    answered  scoped, with what was given. `regular`: all of it is there and covers the same quarters of the year, so
              that each figure says by itself what the unit has accumulated
    position  of any other: quarter by quarter out of all its figures: window sums, the quarter's, the last approved
    stand     unit: its position, and whether reported, 不适用, pending, awaited, missing or 逾期未审
    part      unit: what it adds to each side
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection

from reports.judging.queries.terms_in_force import TargetTerms
from targets.enums import Accumulation, Comparator, Denominator, ElementType, IndicatorKind, Window
from targets.models import DataElement, Indicator, Plan
from targets.periods import Quarter

# What regions were when the quarter ended: their kind and their place in the tree.
IN_FORCE = """<version>.superseded_at IS NULL AND <version>.valid_from <= %(quarter_end)s
        AND (<version>.valid_until IS NULL OR <version>.valid_until >= %(quarter_end)s)"""
# A unit below the lowest judged level counts in the leaf above it; any other only in the very region it lies in.
# A region that was merged into another (`former`) stands for that one: what was done in it counts there.
HOME_STEP = """home AS (
    SELECT place.region_id, judged.id AS home_id
    FROM institutions_region judged
    JOIN institutions_regionversion place
        ON place.lineage @> ARRAY[judged.id] AND <place_in_force> AND (
            judged.level = %(lowest)s OR place.region_id = judged.id
            OR place.is_former AND place.parent_id = judged.id
        )
    WHERE judged.id = ANY(%(homes)s)
), former AS (
    SELECT region_id, parent_id FROM institutions_regionversion former WHERE is_former AND <former_in_force>
)""".replace("<place_in_force>", IN_FORCE.replace("<version>", "place")).replace(
    "<former_in_force>", IN_FORCE.replace("<version>", "former")
)

# Whose return carried a unit's line at the quarter's end; `FormerReporter` says who did before it went to another.
REPORTER_THEN = """coalesce((
        SELECT former.reporter_id FROM institutions_formerreporter former
        WHERE former.institution_id = institution.id AND former.until >= %(quarter_end)s
        ORDER BY former.until LIMIT 1
    ), institution.reported_by_id, institution.id)"""

# Asked apart and first: the ids it gives narrow every table of the long statement, whose planner could not guess them.
# A placement has one more row for each time a unit moved; `is_here` is the stay that holds the quarter's end.
CANDIDATES = """
WITH <home>, near AS (
    SELECT id FROM institutions_institution WHERE region_id = ANY(ARRAY(SELECT region_id FROM home))
    UNION SELECT institution_id FROM institutions_placement WHERE region_id = ANY(ARRAY(SELECT region_id FROM home))
), around AS (
    SELECT id FROM near
    UNION SELECT id FROM institutions_institution
    WHERE %(by_institution)s AND reported_by_id = ANY(ARRAY(SELECT id FROM near))
    UNION SELECT institution_id FROM institutions_formerreporter
    WHERE %(by_institution)s AND reporter_id = ANY(ARRAY(SELECT id FROM near))
), stay AS (
    SELECT id AS unit_id, <reporter_then> AS reporter_id, region_id, 'infinity'::date AS until
    FROM institutions_institution institution WHERE id = ANY(ARRAY(SELECT id FROM around))
    UNION ALL
    SELECT institution_id, institution_id, region_id, until
    FROM institutions_placement WHERE institution_id = ANY(ARRAY(SELECT id FROM around))
)
SELECT unit_id, reporter_id, coalesce(former.parent_id, stay.region_id),
    home_id IS NOT NULL
        AND until = min(until) FILTER (WHERE until >= %(quarter_end)s) OVER (PARTITION BY unit_id) AS is_here
FROM stay LEFT JOIN home USING (region_id) LEFT JOIN former ON former.region_id = stay.region_id
""".replace("<home>", HOME_STEP).replace("<reporter_then>", REPORTER_THEN)

# MATERIALIZED steps are read several times, or would be unfolded into joins that are planned badly. Scopes are tried
# on the few classes of units (asked_class), not on each unit. Most units answer in full: `answered` takes what they
# have accumulated from one row of figures, and only the rest (`NOT regular`) goes through its figures one by one.
UNIT_STEPS = """
WITH asked AS (
    SELECT * FROM unnest(
        %(targets)s::bigint[], %(kinds)s::text[], %(at_least)s::bool[], %(starts)s::int[],
        %(conditions)s::text[], %(numbers)s::numeric[],
        %(constants)s::text[], %(ages)s::int[], %(base_levels)s::text[],
        %(tops)s::int[], %(dues)s::int[], %(of_year)s::bool[], %(has_needs)s::bool[],
        %(runs)s::bool[], %(of_bureaus)s::bool[],
        %(a_elements)s::bigint[], %(a_modes)s::text[], %(b_elements)s::bigint[], %(b_modes)s::text[],
        %(b_shifts)s::int[], %(c_elements)s::bigint[], %(c_modes)s::text[]
    ) AS asked(
        target_id, kind, at_least, window_start, condition, number, constant, age, base_level,
        top, due, of_year, has_need, runs, of_bureaus,
        a_element, a_mode, b_element, b_mode, b_shift, c_element, c_mode
    )
), <home>, lain AS (
    SELECT institution_id AS unit_id, region_id,
        (extract(year FROM until + 1) * 4 + extract(quarter FROM until + 1))::int - 2 AS until, until AS last_day
    FROM institutions_placement WHERE institution_id = ANY(%(units)s)
    UNION ALL
    SELECT id, region_id, 99999, 'infinity' FROM institutions_institution WHERE id = ANY(%(units)s)
), stay AS (
    SELECT unit_id, coalesce(former.parent_id, lain.region_id) AS region_id, until, last_day
    FROM lain LEFT JOIN former ON former.region_id = lain.region_id
), passed AS (
    SELECT unit_id, region_id, until,
        coalesce(lag(until) OVER (PARTITION BY unit_id ORDER BY last_day), -1) + 1 AS since
    FROM stay
), arrived AS (  -- a stay without a quarter's end is none, and what it parted is one stay
    SELECT unit_id, region_id, since, lag(region_id) OVER of_unit IS DISTINCT FROM region_id AS arrives
    FROM passed WHERE since <= until WINDOW of_unit AS (PARTITION BY unit_id ORDER BY since)
), lying AS (
    SELECT unit_id, region_id, since,
        coalesce(lead(since) OVER (PARTITION BY unit_id ORDER BY since) - 1, 99999) AS until
    FROM arrived WHERE arrives
), unit AS MATERIALIZED (
    SELECT unit_id, lying.region_id AS place_id, coalesce(home_id, 0) AS home_id,
        since, least(until, %(quarter)s) AS until,
        <reporter_then> AS reporter_id,
        here, here AND (closed IS NULL OR closed > %(quarter_end)s) AS is_open,
        (extract(year FROM opened) * 4 + extract(quarter FROM opened))::int - 1 AS opened_in,
        CASE WHEN here AND closed <= %(quarter_end)s
            THEN (extract(year FROM closed) * 4 + extract(quarter FROM closed))::int - 1 END AS closed_in,
        concat_ws('/', institution.kind, grade, ownership, place.kind, region.level) AS class,
        institution.kind, grade, ownership, place.kind AS region_kind, region.level AS region_level
    FROM lying
    CROSS JOIN LATERAL (SELECT until >= %(quarter)s AS here) now
    JOIN institutions_institution institution
        ON institution.id = unit_id AND opened <= %(quarter_end)s AND institution.id = ANY(%(units)s)
    JOIN institutions_region region ON region.id = lying.region_id AND region.id = ANY(%(regions)s)
    JOIN institutions_regionversion place
        ON place.region_id = region.id AND place.region_id = ANY(%(regions)s) AND <place_in_force>
        AND place.lineage @> ARRAY[%(issuer)s::bigint]
    LEFT JOIN home ON home.region_id = lying.region_id
    WHERE since <= least(until, %(quarter)s)
), asked_class AS MATERIALIZED (
    SELECT class.class, asked.target_id, asked.b_shift,
        EXISTS (SELECT 1 FROM targets_target_units named WHERE named.target_id = asked.target_id) AS by_name,
        coalesce((
            SELECT max(value.value) FROM targets_conditionvalue value
            WHERE value.indicator_id = target.indicator_id
                AND value.unit_class IN (class.region_kind, class.grade, class.kind)
        ), asked.number) AS number
    FROM asked
    JOIN targets_target target ON target.id = asked.target_id
    JOIN (SELECT DISTINCT class, kind, grade, ownership, region_kind, region_level FROM unit) class
        ON (target.kinds = '{}' OR class.kind = ANY(target.kinds))
        AND (target.grades = '{}' OR class.grade = ANY(target.grades))
        AND (target.ownerships = '{}' OR class.ownership = ANY(target.ownerships))
        AND (target.bureau_level = '' OR class.region_level = target.bureau_level)
), given AS MATERIALIZED (
    SELECT subject_id AS unit_id,
        array_agg(CASE quarter WHEN %(quarter)s THEN element_id ELSE -element_id END) AS elements,
        array_agg(CASE WHEN element_id = ANY(%(summed)s) THEN year_sum ELSE value END) AS amounts,
        array_agg(year_quarters) AS spans
    FROM reports_figure
    WHERE %(kept)s AND quarter = ANY(%(quarters)s) AND subject_id = ANY(%(units)s)
        AND element_id = ANY(%(elements)s) AND value IS NOT NULL
    GROUP BY subject_id
), scoped AS (
    SELECT target_id, number, unit_id, place_id, home_id, reporter_id, since, until, is_open, closed_in
    FROM unit
    JOIN asked_class ON asked_class.class = unit.class AND opened_in <= %(quarter)s - b_shift
    WHERE NOT by_name OR EXISTS (
        SELECT 1 FROM targets_target_units named
        WHERE named.target_id = asked_class.target_id AND named.institution_id = unit_id
    )
), answered AS (
    SELECT scoped.*, amounts[a_at] AS x, amounts[b_at] AS y, amounts[c_at] AS z,
        is_open AND since = 0 AND a_at IS NOT NULL
            AND (b_at IS NOT NULL OR b_mode IS NULL) AND (c_at IS NOT NULL OR c_mode IS NULL)
            AND (
                NOT of_year
                OR window_start = %(january)s
                    AND (b_mode IS NULL OR spans[a_at] = spans[b_at])
                    AND (c_mode IS NULL OR spans[a_at] = spans[c_at])
            ) AS regular
    FROM scoped
    JOIN asked USING (target_id)
    LEFT JOIN given USING (unit_id)
    CROSS JOIN LATERAL (
        SELECT array_position(elements, a_element) AS a_at,
            array_position(elements, CASE b_shift WHEN 0 THEN b_element ELSE -b_element END) AS b_at,
            array_position(elements, c_element) AS c_at
        OFFSET 0  -- looked for once
    ) found
), handed_in AS (
    SELECT submission.reporter_id, submission.due_on, submission.review_by, submission.state = 'submitted' AS waits,
        submission.state = 'submitted' AND EXISTS (
            SELECT 1 FROM reports_round round
            WHERE round.submission_id = submission.id AND round.submitted_at IS NOT NULL AND round.decision = ''
                AND (round.submitted_at AT TIME ZONE 'Asia/Shanghai')::date <= submission.due_on
        ) AS under_review
    FROM reports_submission submission
    WHERE submission.quarter = %(quarter)s AND submission.reporter_id = ANY(%(reporters)s)
), stand AS (
    SELECT target_id, unit_id, place_id, home_id, answered.reporter_id, answered.number, kind, at_least,
        asked.condition, constant, top, due, has_need, a_mode, b_mode, b_shift, c_mode, position.*,
        is_open AND b_shift > 0 AND a_now IS NOT NULL AND b_now IS NULL AS baseless,
        b_shift > 0 AND b_now IS NOT NULL AS based, closed_in >= window_start AS closed_since, handed_in.waits,
        CASE
            WHEN NOT is_open THEN 'closed'
            WHEN coalesce(position.na, false) THEN 'na'
            WHEN a_now IS NOT NULL
                AND (b_now IS NOT NULL OR b_mode IS NULL OR b_shift > 0)
                AND (c_now IS NOT NULL OR c_mode IS NULL) THEN 'reported'
            WHEN handed_in.under_review AND %(today)s <= handed_in.review_by THEN 'pending'
            WHEN handed_in.under_review THEN 'overdue_review'
            WHEN %(today)s <= coalesce(handed_in.due_on, %(due_on)s) THEN 'awaited'
            ELSE 'missing'
        END AS stand
    FROM answered
    JOIN asked USING (target_id)
    LEFT JOIN handed_in USING (reporter_id)
    CROSS JOIN LATERAL (
        SELECT
            sum(a_rise) FILTER (WHERE counts AND (b_mode IS DISTINCT FROM 'sum' OR b_rise IS NOT NULL)) AS a_sum,
            sum(b_rise) FILTER (WHERE counts AND (a_mode <> 'sum' OR a_rise IS NOT NULL)) AS b_sum,
            sum(c_rise) FILTER (WHERE counts) AS c_sum,
            max(a) FILTER (WHERE quarter = %(quarter)s) AS a_now,
            max(b) FILTER (WHERE quarter = %(quarter)s) AS b_now,
            max(c) FILTER (WHERE quarter = %(quarter)s) AS c_now,
            (array_agg(a ORDER BY quarter DESC) FILTER (WHERE a IS NOT NULL))[1] AS a_last,
            (array_agg(b ORDER BY quarter DESC) FILTER (WHERE b IS NOT NULL))[1] AS b_last,
            (array_agg(c ORDER BY quarter DESC) FILTER (WHERE c IS NOT NULL))[1] AS c_last,
            bool_or(off) FILTER (WHERE quarter = %(quarter)s) AS na
        FROM (
            SELECT quarter, a, b, c, off, c_rise,
                NOT off AND (kind NOT IN ('total', 'ratio') OR quarter BETWEEN since AND until) AS counts,
                CASE WHEN runs THEN a - coalesce(lag(a) OVER both_years, 0) ELSE a_rise END AS a_rise,
                CASE WHEN runs THEN b - coalesce(lag(b) OVER both_years, 0) ELSE b_rise END AS b_rise
            FROM (
                SELECT figure.quarter + shift AS quarter,
                    max(value) FILTER (WHERE slot = 'a') AS a, max(rise) FILTER (WHERE slot = 'a') AS a_rise,
                    max(value) FILTER (WHERE slot = 'b') AS b, max(rise) FILTER (WHERE slot = 'b') AS b_rise,
                    max(value) FILTER (WHERE slot = 'c') AS c, max(rise) FILTER (WHERE slot = 'c') AS c_rise,
                    bool_or(not_applicable AND shift = 0) AS off
                FROM (VALUES
                    ('a', a_element, a_mode, 0), ('b', b_element, b_mode, b_shift), ('c', c_element, c_mode, 0)
                ) AS feed(slot, element_id, mode, shift)
                CROSS JOIN LATERAL (
                    SELECT quarter, value, rise, not_applicable FROM reports_figure
                    WHERE subject_id = unit_id AND element_id = feed.element_id AND quarter <= %(quarter)s - shift
                        AND (mode <> 'sum' OR quarter >= window_start - shift)
                    OFFSET 0  -- stays a look-up by the unique key
                ) figure
                GROUP BY figure.quarter + shift
            ) cell
            WINDOW both_years AS (PARTITION BY a IS NOT NULL AND b IS NOT NULL ORDER BY quarter)
        ) stepwise
    ) position
    WHERE NOT regular
), reckoned AS (
    SELECT stand.*,
        stand IN ('pending', 'overdue_review', 'awaited', 'missing') AS unanswered,
        a_mode = 'stock' OR coalesce(b_mode = 'stock', false) AS on_stock,
        CASE a_mode WHEN 'sum' THEN a_sum WHEN 'date' THEN a_last ELSE a_now END AS x,
        CASE b_mode WHEN 'sum' THEN b_sum WHEN 'date' THEN b_last ELSE b_now END AS y,
        CASE c_mode WHEN 'sum' THEN c_sum WHEN 'date' THEN c_last ELSE c_now END AS z,
        CASE a_mode WHEN 'sum' THEN a_sum ELSE a_last END AS x_kept,
        CASE WHEN b_mode = 'sum' THEN b_sum WHEN b_shift > 0 THEN b_now ELSE b_last END AS y_kept,
        CASE c_mode WHEN 'sum' THEN c_sum ELSE c_last END AS z_kept
    FROM stand
), tested AS (
    SELECT reckoned.*,
        CASE WHEN kind = 'qualitative' THEN x >= top ELSE <meets> END AS meets,
        CASE WHEN kind = 'qualitative' THEN x_kept >= top ELSE <meets_kept> END AS meets_kept
    FROM reckoned
)
"""

# `part` decides unit by unit; `plain` says the same of units that answered in full, for which most cases cannot arise.
# Both are added up before they are joined to regions, so that a region without units still has its row.
SUMS = """, part AS (
    SELECT target_id, unit_id, place_id, home_id, reporter_id, constant, stand, have_need.*, sides.*,
        x IS NOT NULL AND (a_mode <> 'stock' OR stand = 'reported') AND CASE
            WHEN kind IN ('total', 'ratio') THEN NOT baseless AND NOT (stand = 'na' AND on_stock)
                AND NOT (unanswered AND coalesce(b_mode = 'stock', false) AND (y_kept IS NULL OR NOT at_least))
            ELSE stand NOT IN ('closed', 'na') AND (at_least OR NOT unanswered)
                AND (b_mode IS NULL OR y IS NOT NULL) AND (c_mode IS NULL OR z IS NOT NULL)
        END AS given,
        kind = 'ratio' AND unanswered AND (b_mode = 'sum' OR b_mode = 'stock' AND y_kept IS NULL) AND NOT baseless
            AS left_out,
        baseless, based AND stand NOT IN ('closed', 'na') AS based,
        stand = 'missing' AND coalesce(waits, false) AS late_review, stand = 'closed' AND closed_since AS closed,
        kind = 'qualitative' AND stand = 'reported' AND x = top - 1 AS partly,
        kind = 'deliverable' AND stand NOT IN ('closed', 'na') AND coalesce(meets, false) AND x > due AS late
    FROM tested
    CROSS JOIN LATERAL (
        SELECT CASE WHEN comparable THEN coalesce(x, 0) ELSE 0 END AS have,
            CASE WHEN comparable THEN coalesce(z, number, 0) ELSE 0 END AS need
        FROM (
            SELECT has_need AND stand NOT IN ('closed', 'na')
                AND (c_mode IS NULL OR x IS NOT NULL AND z IS NOT NULL) AS comparable
        ) unit
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
                WHEN kind = 'total' THEN CASE WHEN stand IN ('closed', 'na') AND a_mode <> 'sum' THEN 0 ELSE x_kept END
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
), plain AS (
    SELECT target_id, home_id, reporter_id, constant, kind, x, y, coalesce(z, answered.number, 0) AS need, has_need,
        kind IN ('total', 'ratio') AS is_quantity, b_shift > 0 AS based, x > due AS late, x = top - 1 AS partly,
        CASE WHEN kind = 'qualitative' THEN x >= top ELSE <plainly_meets> END AS meets
    FROM answered
    JOIN asked USING (target_id)
    WHERE regular
), summed AS (
    SELECT target_id, region_id, institution_id, <added> FROM (<both>) half GROUP BY 1, 2, 3
), official AS (
    SELECT DISTINCT ON (asked.target_id, constant.region_id)
        asked.target_id, constant.region_id AS home_id, constant.value
    FROM asked
    JOIN targets_constant constant
        ON asked.constant <> '' AND constant.code = asked.constant AND constant.region_id = ANY(%(homes)s)
        AND constant.year BETWEEN %(year)s - age AND %(year)s
    ORDER BY asked.target_id, constant.region_id, constant.year DESC
), own AS (
    SELECT asked.target_id, judged.id AS region_id, official.value AS official,
        asked.constant <> '' AND (
            judged.level = asked.base_level
            OR asked.base_level = %(lowest)s AND NOT of_bureaus AND judged.id = ANY(%(childless)s)
        ) AS divides_by_official,
        <coalesced>
    FROM asked
    CROSS JOIN institutions_region judged
    LEFT JOIN summed ON summed.target_id = asked.target_id AND summed.region_id = judged.id
    LEFT JOIN official ON official.target_id = asked.target_id AND official.home_id = judged.id
    WHERE judged.id = ANY(%(homes)s)
), below AS (
    SELECT tally.target_id, child.parent_id AS region_id, <added>
    FROM unnest(%(children)s::bigint[], %(parents)s::bigint[]) AS child(id, parent_id)
    JOIN reports_tally tally
        ON tally.region_id = child.id AND tally.quarter = %(quarter)s AND tally.target_id = ANY(%(targets)s)
        AND tally.region_id = ANY(%(children)s)
    GROUP BY tally.target_id, child.parent_id
)
SELECT own.target_id, own.region_id, NULL::bigint AS institution_id, <total>
FROM own
CROSS JOIN LATERAL (
    SELECT divides_by_official AND official IS NULL AS unbased,
        divides_by_official AND official IS NOT NULL AS based,
        CASE WHEN divides_by_official THEN coalesce(official, 0) END AS divisor
) base
LEFT JOIN below USING (target_id, region_id)
<institutions>"""

# An institution of which nothing is in scope has no row: unlike a region it is not judged for nothing.
INSTITUTIONS = """
UNION ALL
SELECT target_id, NULL, institution_id, <named> FROM summed
WHERE institution_id IS NOT NULL AND units + not_applicable > 0
"""
OF_REGIONS = ("home_id AS region_id, NULL::bigint AS institution_id", "home_id > 0", "home_id")
OF_INSTITUTIONS = (
    "NULL, reporter_id",
    "constant = '' AND reporter_id IN (SELECT unit_id FROM unit WHERE here AND home_id > 0)",
    "reporter_id",
)
# How each input is added up: from units that need a closer look, and from those that answered in full.
CAREFULLY = {
    "numerator": "coalesce(sum(numerator), 0)",
    "denominator": "coalesce(sum(denominator), 0)",
    "kept_numerator": "coalesce(sum(kept_numerator), 0)",
    "kept_denominator": "coalesce(sum(kept_denominator), 0)",
    "units": "count(*) FILTER (WHERE stand NOT IN ('closed', 'na'))",
    "given": "count(DISTINCT (unit_id, place_id)) FILTER (WHERE given)",
    "reported": "count(*) FILTER (WHERE stand = 'reported')",
    "pending": "count(*) FILTER (WHERE stand = 'pending')",
    "awaited": "count(*) FILTER (WHERE stand = 'awaited')",
    "missing": "count(*) FILTER (WHERE stand = 'missing')",
    "overdue_review": "count(*) FILTER (WHERE stand = 'overdue_review')",
    "late_review": "count(*) FILTER (WHERE late_review)",
    "closed": "count(*) FILTER (WHERE closed)",
    "not_applicable": "count(*) FILTER (WHERE stand = 'na')",
    "left_out": "count(*) FILTER (WHERE left_out)",
    "based": "count(*) FILTER (WHERE based)",
    "unbased": "count(*) FILTER (WHERE baseless)",
    "partly": "count(*) FILTER (WHERE partly)",
    "late": "count(*) FILTER (WHERE late)",
    "have": "coalesce(sum(have), 0)",
    "need": "coalesce(sum(need), 0)",
}
PLAIN_NUMERATOR = "coalesce(sum(x) FILTER (WHERE is_quantity), count(*) FILTER (WHERE NOT is_quantity AND meets))"
PLAIN_DENOMINATOR = "coalesce(sum(y) FILTER (WHERE kind = 'ratio'), count(*) FILTER (WHERE NOT is_quantity))"
PLAINLY = dict.fromkeys(CAREFULLY, "0") | {
    "numerator": PLAIN_NUMERATOR,
    "denominator": PLAIN_DENOMINATOR,
    "kept_numerator": PLAIN_NUMERATOR,
    "kept_denominator": PLAIN_DENOMINATOR,
    "units": "count(*)",
    "given": "count(*)",
    "reported": "count(*)",
    "based": "count(*) FILTER (WHERE based)",
    "partly": "count(*) FILTER (WHERE kind = 'qualitative' AND partly)",
    "late": "count(*) FILTER (WHERE kind = 'deliverable' AND meets AND late)",
    "have": "coalesce(sum(x) FILTER (WHERE has_need), 0)",
    "need": "coalesce(sum(need) FILTER (WHERE has_need), 0)",
}
INPUT_FIELDS = tuple(CAREFULLY)
AMOUNTS = ("numerator", "denominator", "kept_numerator", "kept_denominator", "have", "need")
COMPARISONS = {">=": ">=", "<=": "<=", "=": "="}


def meets(x: str = "x", y: str = "y", z: str = "z", of: str = "reckoned", by: str = "reckoned") -> str:
    """The condition of one unit as SQL over its reckoned values; a ratio is compared without dividing."""
    right = f"coalesce({z}, {of}.number) * CASE WHEN b_mode IS NULL THEN 1 ELSE {y} END"
    branches = " ".join(f"WHEN '{name}' THEN {x} {operator} {right}" for name, operator in COMPARISONS.items())
    return f"CASE {by}.condition {branches} END"


def added_up(source: str, inputs: dict[str, str], by: tuple[str, str, str]) -> str:
    columns, where, key = by
    sums = ", ".join(f"{expression} AS {name}" for name, expression in inputs.items())
    return " ".join(
        ["SELECT target_id,", columns, ",", sums, "FROM", source, "WHERE", where, "GROUP BY target_id,", key]
    )


def statement(by_institution: bool) -> str:
    """Selects target id, region id, institution id (one of these empty), *INPUT_FIELDS: a row for every target and
    region, also where nothing is in scope, and, where the plan judges institutions, for every one that reports."""
    subjects = [OF_REGIONS, OF_INSTITUTIONS] if by_institution else [OF_REGIONS]
    parts = [added_up("part", CAREFULLY, by) for by in subjects] + [added_up("plain", PLAINLY, by) for by in subjects]
    added = ", ".join(f"sum({name}){cast(name)} AS {name}" for name in INPUT_FIELDS)
    pieces = {
        "<both>": " UNION ALL ".join(parts),
        "<coalesced>": ", ".join(f"coalesce({name}, 0) AS {name}" for name in INPUT_FIELDS),
        "<added>": added,
        "<total>": ", ".join(f"{own(name)} + coalesce(below.{name}, 0) AS {name}" for name in INPUT_FIELDS),
        "<institutions>": INSTITUTIONS.replace("<named>", ", ".join(INPUT_FIELDS)) if by_institution else "",
        "<plainly_meets>": meets(of="answered", by="asked"),
    }
    text = UNITS + SUMS
    for name, piece in pieces.items():
        text = text.replace(name, piece)
    return text


def cast(name: str) -> str:
    """A sum of counts is a numeric to PostgreSQL; it stays a whole number here."""
    return "" if name in AMOUNTS else "::int"


def own(name: str) -> str:
    """A region's own part of an input; one without its constant is left out of both sides."""
    if name in ("numerator", "kept_numerator", "given"):
        return f"CASE WHEN base.unbased THEN 0 ELSE own.{name} END"
    if name in ("denominator", "kept_denominator"):
        return f"coalesce(base.divisor, own.{name})"
    return f"own.{name} + base.{name}::int" if name in ("based", "unbased") else f"own.{name}"


# Up to each single unit: `reports.boards.queries.figures` goes on from here, too.
UNITS = (
    UNIT_STEPS.replace("<home>", HOME_STEP)
    .replace("<place_in_force>", IN_FORCE.replace("<version>", "place"))
    .replace("<reporter_then>", REPORTER_THEN)
    .replace("<meets>", meets())
    .replace("<meets_kept>", meets("x_kept", "y_kept", "z_kept"))
)
OF_REGIONS_ALONE, WITH_INSTITUTIONS = statement(by_institution=False), statement(by_institution=True)


# Of the parameters of the statement, in SQL.
IDS = (
    "childless targets a_elements b_elements c_elements elements summed children parents homes units reporters regions"
)
TYPES = dict.fromkeys(IDS.split(), "bigint[]")
TYPES |= dict.fromkeys(["starts", "ages", "tops", "dues", "b_shifts", "quarters"], "int[]")
TYPES |= dict.fromkeys(["kinds", "conditions", "constants", "base_levels", "a_modes", "b_modes", "c_modes"], "text[]")
TYPES |= dict.fromkeys(["at_least", "of_year", "has_needs", "runs", "of_bureaus"], "bool[]") | {
    "numbers": "numeric[]",
    "kept": "bool",
    "lowest": "text",
    "issuer": "bigint",
}
TYPES |= dict.fromkeys(["quarter", "january", "year"], "int") | dict.fromkeys(
    ["quarter_end", "due_on", "today"], "date"
)


@dataclass(frozen=True, slots=True)
class ElementSlot:
    """An element that feeds a target. shift: 4 where last year's quarter stands for this one's."""

    element_id: int | None = None
    mode: str | None = None
    shift: int = 0

    @classmethod
    def of(cls, element: DataElement | None, shift: int = 0) -> "ElementSlot":
        return cls(element.pk, mode_of(element), shift) if element else cls()


@dataclass(frozen=True)
class TallyRequest:
    """What is to be added up: one plan's targets in a quarter for some regions, as of a day.

    homes: the regions. Of the plan's lowest judged level: everything below it; above: what lies at the region
    itself and, of the stored tallies, its children's. children: home -> its judged children; childless: homes without.
    day: decides what is awaited, pending or missing; due_on: where nothing was handed in yet.
    kept: take what a unit has accumulated from its last figure, where that figure says it by itself.
    """

    plan: Plan
    quarter: Quarter
    terms: Sequence[TargetTerms]
    homes: Sequence[int]
    due_on: date
    day: date
    children: Mapping[int, Sequence[int]] = field(default_factory=dict)
    childless: Sequence[int] = ()
    kept: bool = True

    @cached_property
    def places(self) -> list[tuple[int, int, int, bool]]:
        """(unit, its reporter, region, whether it lies in the homes at the quarter's end) of whose figures may count:
        what lies or lay in the homes, and its lines."""
        with connection.cursor() as cursor:
            cursor.execute(
                CANDIDATES,
                {
                    "homes": list(self.homes),
                    "lowest": self.plan.lowest_level,
                    "by_institution": self.plan.judges_institutions,
                    "quarter_end": self.quarter.last_day,
                },
            )
            return cursor.fetchall()

    @property
    def units(self) -> list[int]:
        return sorted({unit for unit, *_ in self.places})

    @property
    def reporters_here(self) -> list[int]:
        return sorted({unit for unit, reporter, _, is_here in self.places if is_here and unit == reporter})

    @property
    def parameters(self) -> dict[str, Any]:
        indicators = [each.target.indicator for each in self.terms]
        used = [(ElementSlot.of(each.element), divisor(each), ElementSlot.of(each.against)) for each in indicators]
        below = [(child, home) for home in self.homes for child in self.children.get(home, ())]
        return feeds(indicators) | {
            "quarter": self.quarter.ordinal,
            "quarters": sorted({self.quarter.ordinal, *(self.quarter.ordinal - shift for shift in shifts(indicators))}),
            "january": Quarter(self.quarter.year, 1).ordinal,
            "quarter_end": self.quarter.last_day,
            "year": self.quarter.year,
            "targets": [each.target.pk for each in self.terms],
            "kinds": [indicator.kind for indicator in indicators],
            "at_least": [each.terms.comparator == Comparator.AT_LEAST for each in self.terms],
            "starts": [window_start(self.plan, self.quarter, each) for each in self.terms],
            "conditions": [deliverable_condition(each) for each in self.terms],
            "numbers": [condition_number(each, self.quarter) for each in self.terms],
            "constants": [indicator.official_number for indicator in indicators],
            "ages": [int(indicator.denominator == Denominator.CONSTANT) for indicator in indicators],
            "base_levels": [each.target.base_level for each in self.terms],
            "tops": [max(len(indicator.element.levels) - 1, 0) for indicator in indicators],
            "dues": [due_ordinal(each, self.quarter) for each in self.terms],
            "homes": list(self.homes),
            "issuer": self.plan.issuer_id,
            "units": self.units,
            "reporters": sorted({reporter for _, reporter, *_ in self.places}),
            "regions": sorted({region for _, _, region, _ in self.places}),
            "children": [child for child, _ in below],
            "parents": [home for _, home in below],
            "lowest": self.plan.lowest_level,
            "childless": list(self.childless),
            "due_on": self.due_on,
            "today": self.day,
            "kept": self.kept,
            "elements": sorted({slot.element_id for slots in used for slot in slots if slot.element_id}),
            "summed": sorted(
                {slot.element_id for slots in used for slot in slots if slot.element_id and slot.mode == "sum"}
            ),
            "has_needs": [has_need(indicator) for indicator in indicators],
            "runs": [grows_by_running_totals(indicator) for indicator in indicators],
            "of_bureaus": [each.target.bureau_level != "" for each in self.terms],
            "of_year": [any(slot.mode == "sum" for slot in slots) for slots in used],
        }


def has_need(indicator: Indicator) -> bool:
    """An `each` asking for at least so many of one thing: a single unit has some of what it needs (1/2)."""
    return indicator.kind == IndicatorKind.EACH and indicator.condition == ">=" and indicator.over is None


def grows_by_running_totals(indicator: Indicator) -> bool:
    """Compared with last year, a running total counts between quarters that both years have."""
    running = indicator.element.accumulation == Accumulation.RUNNING
    return running and indicator.denominator == Denominator.LAST_YEAR


def shifts(indicators: Sequence[Indicator]) -> set[int]:
    return {divisor(indicator).shift for indicator in indicators}


def feeds(indicators: Sequence[Indicator]) -> dict[str, Any]:
    a = [ElementSlot.of(indicator.element) for indicator in indicators]
    b = [divisor(indicator) for indicator in indicators]
    c = [ElementSlot.of(indicator.against) for indicator in indicators]
    return {
        "a_elements": [slot.element_id for slot in a],
        "a_modes": [slot.mode for slot in a],
        "b_elements": [slot.element_id for slot in b],
        "b_modes": [slot.mode for slot in b],
        "b_shifts": [slot.shift for slot in b],
        "c_elements": [slot.element_id for slot in c],
        "c_modes": [slot.mode for slot in c],
    }


def divisor(indicator: Indicator) -> ElementSlot:
    if indicator.denominator == Denominator.LAST_YEAR:
        return ElementSlot.of(indicator.element, shift=4)
    return ElementSlot.of(indicator.over)


def deliverable_condition(each: TargetTerms) -> str:
    """A deliverable asks for a day not after the quarter's end."""
    return "<=" if each.target.indicator.element.type == ElementType.DATE else each.target.indicator.condition


def condition_number(each: TargetTerms, quarter: Quarter) -> Any:
    if each.target.indicator.element.type == ElementType.DATE:
        return quarter.last_day.toordinal()
    return each.target.indicator.condition_value


def due_ordinal(each: TargetTerms, quarter: Quarter) -> int:
    """The day of the milestone in force, to tell what was done after it."""
    milestone = each.effective.milestone_for(quarter)
    return milestone.due.toordinal() if milestone else 0


def window_start(plan: Plan, quarter: Quarter, each: TargetTerms) -> int:
    first = Quarter.of(plan.first_day)
    return first.ordinal if each.terms.window == Window.PLAN else max(Quarter(quarter.year, 1), first).ordinal


def mode_of(element: DataElement) -> str:
    if element.type == ElementType.DATE:
        return "date"
    return "stock" if element.accumulation == Accumulation.STOCK else "sum"
