"""What is easily read in two ways, worked out by hand from docs/design.md#judging: silence after earlier flows,
one unit short, constants that some lack, what was done before a closing."""

from dataclasses import replace

import pytest

from reports.base.enums import Cause, Status
from reports.judging.status import TallyInputs
from targets.enums import Comparator, IndicatorKind, Strength
from tests.reports.judging.helpers import (
    EVEN,
    HOLD,
    at,
    case,
    growth_of,
    judge,
    outcome,
    part,
    percent_of,
    share,
    share_of,
    sums,
    total_of,
)

AT_MOST, RANGE = Comparator.AT_MOST, Comparator.RANGE

even = total_of(at("2023Q4", 40))  # 10 a quarter
fees = total_of(at("2023Q4", 100), schedule=HOLD, comparator=AT_MOST)
visits = percent_of(at("2023Q4", 60), schedule=HOLD)
band = percent_of(at("2023Q4", 95, high=105), schedule=HOLD, comparator=RANGE)
signed = percent_of(at("2023Q4", 40), schedule=EVEN, by_official=True)


def quiet(numerator: int, denominator: int = 0, units: int = 10, **states: int) -> TallyInputs:
    """Nobody answers this quarter; what was approved earlier in the window stays."""
    states = states or {"missing": units}
    return sums(numerator, denominator, units, given=units, **states)


# Ten clinics handed in figures in the first quarter and none in the second.
SILENCE = [
    case(
        "half way by the first quarter alone, silence is red",
        even,
        quiet(20),
        "2023Q2",
        Status.RED,
        Cause.SILENT,
        value=20,
    ),
    case("behind and silent is red for the silence", even, quiet(18), "2023Q2", Status.RED, Cause.SILENT, lag=5),
    case("silence at the date", even, quiet(39), "2023Q4", Status.RED, Cause.SILENT),
    case("what is reached by earlier flows is met", even, quiet(40), "2023Q3", Status.MET, Cause.NONE),
    case("one answer ends the silence", even, sums(20, missing=9, given=10), "2023Q2", Status.GREEN, lag=0),
    case(
        "silence out of late reviews",
        even,
        quiet(20, missing=9, overdue_review=1),
        "2023Q2",
        Status.RED,
        Cause.UNREVIEWED,
    ),
    case(
        "late returns alone, after earlier flows",
        even,
        quiet(20, missing=10, late_review=10),
        "2023Q2",
        Status.RED,
        Cause.LATE_PENDING,
        value=20,
    ),
    case("late returns alone", even, sums(0, missing=10, late_review=10), "2023Q2", "red", "late_pending", value=None),
    case("late returns beside none", even, sums(0, missing=10, late_review=9), "2023Q2", "red", "unreported"),
    case(
        "late returns beside a late review",
        even,
        sums(0, missing=9, late_review=9, overdue_review=1),
        "2023Q2",
        "red",
        "unreviewed",
    ),
    case("ahead, but all are awaited", even, quiet(20, awaited=10), "2023Q2", Status.NO_DATA, Cause.AWAITED),
    case("ahead, one pending, none given", even, quiet(20, pending=1, missing=9), "2023Q2", Status.NO_DATA, "pending"),
    case("ahead, one given, others awaited", even, sums(20, awaited=9, given=10), "2023Q2", Status.GREEN),
    case("nobody ever reported", even, sums(0, missing=10), "2023Q2", Status.RED, Cause.UNREPORTED, value=None),
    case(
        "silence before its date is not due",
        total_of(at("2023Q4", 5), schedule="at_due"),
        quiet(1),
        "2023Q2",
        "not_due",
    ),
    case("a cap is not kept by silence", fees, quiet(50), "2023Q4", Status.RED, Cause.SILENT),
    case("a cap is not on its way by silence", fees, quiet(50), "2023Q2", Status.RED, Cause.SILENT),
    case("a cap kept with one answer", fees, sums(90, missing=9, given=10), "2023Q4", Status.AMBER, "missing_units"),
    case("a range is not met by silence", band, quiet(100, 100), "2023Q2", Status.RED, Cause.SILENT),
    case(
        "a floor is not met by silence where one is left out",
        visits,
        quiet(70, 100, missing=10, left_out=1),
        "2023Q4",
        Status.RED,
        Cause.SILENT,
    ),
    case(
        "a permission that nobody reports is shown",
        replace(even, strength=Strength.PERMISSION),
        quiet(3),
        "2023Q2",
        "shown",
    ),
]

stations = share_of(at("2024Q4", 100), schedule=HOLD)
most = share_of(at("2024Q4", 95), schedule=HOLD)
beds = total_of(at("2024Q4", 4), schedule=HOLD)
twice = share_of(at("2024Q4", 100), kind=IndicatorKind.EACH, at_unit=True, schedule=HOLD)
level = share_of(at("2024Q4", 50), baseline=60)  # a journey against the comparator is held
few_bad = share_of(at("2024Q4", 20), schedule=HOLD, comparator=AT_MOST)
two_years = share_of(at("2023Q4", 100), at("2024Q4", 100), schedule=HOLD)
unsized = total_of(at("2024Q4", 4), schedule=HOLD, whole_units=False)

ONE_UNIT = [
    case("three of four held at 100 %", stations, share(3, 4), "2024Q1", Status.AMBER, lag=25, needed=1),
    case("two of four held at 100 %", stations, share(2, 4), "2024Q1", Status.RED, Cause.BEHIND, lag=50),
    case("none of the only one", stations, share(0, 1), "2024Q1", Status.AMBER, lag=100),
    case("9 of 10 for 95 %, which asks for ten", most, share(9, 10), "2024Q1", Status.AMBER),
    case("8 of 10 for 95 % lacks two", most, share(8, 10), "2024Q1", Status.RED, Cause.BEHIND),
    case("a total held, one short", beds, sums(3), "2024Q1", Status.AMBER, lag=25),
    case("a total held, two short", beds, sums(2), "2024Q1", Status.RED, Cause.BEHIND, lag=50),
    case("money has no whole units", unsized, sums(3), "2024Q1", Status.RED, Cause.BEHIND, lag=25),
    case("a backward journey, one short", level, share(1, 4), "2024Q1", Status.AMBER, lag=50),
    case("one over a cap has no excuse", few_bad, share(1, 4), "2024Q1", Status.RED, Cause.BEHIND, lag=25),
    case("one short at the date", stations, share(3, 4), "2024Q4", Status.RED, Cause.OVERDUE),
    case("one short of a slipped milestone", two_years, share(3, 4), "2024Q1", Status.RED, Cause.SLIPPED),
    case("one short and silent", stations, share(0, 1, missing=1), "2024Q1", Status.RED, Cause.UNREPORTED),
    case(
        "one of two held at the unit",
        twice,
        replace(share(0, 1), have=part(1), need=part(2)),
        "2024Q1",
        Status.AMBER,
        lag=50,
    ),
]

pay = growth_of(at("2023Q4", 10))

# A city of two counties; the population of one is not entered.
BASES = [
    case("both are there", signed, sums(20, 100, based=2), "2023Q2", Status.GREEN),
    case("one of two lacks its constant", signed, sums(20, 100, based=1, unbased=1), "2023Q2", "amber", "missing_base"),
    case("met, with one lacking", signed, sums(41, 100, based=1, unbased=1), "2023Q4", Status.AMBER, "missing_base"),
    case("behind, with one lacking", signed, sums(17, 100, based=1, unbased=1), "2023Q2", Status.AMBER, Cause.NONE),
    case("far behind, with one lacking", signed, sums(9, 100, based=1, unbased=1), "2023Q2", "red", "behind"),
    case("short at the date, with one lacking", signed, sums(39, 100, based=1, unbased=1), "2023Q4", "red", "overdue"),
    case("nobody has one", signed, sums(20, 0, given=0, unbased=2), "2023Q2", Status.NO_DATA, Cause.NO_CONSTANT),
    case("a constant of 0 is one", signed, sums(0, 0, based=1, unbased=1), "2023Q2", Status.NOT_APPLICABLE),
    case(
        "a missing unit beside a missing constant",
        replace(signed, comparator=AT_MOST),
        sums(20, 100, missing=1, based=1, unbased=1),
        "2023Q4",
        Status.AMBER,
        Cause.MISSING_UNITS,
        absent=1,
    ),
    case(
        "growth met but for one without last year",
        pay,
        sums(110, 100, based=9, unbased=1),
        "2023Q4",
        "amber",
        "missing_base",
    ),
    case("nobody has last year's", pay, sums(0, 0, given=0, unbased=10), "2023Q4", Status.NO_DATA, Cause.NO_LAST_YEAR),
    case(
        "nobody has last year's, and nobody answers",
        replace(pay, by_last_year=True),
        sums(0, 0, given=0, missing=10, left_out=10),
        "2023Q4",
        Status.NO_DATA,
        Cause.NO_LAST_YEAR,
    ),
    case(
        "one of the silent has last year's",
        replace(pay, by_last_year=True),
        sums(0, 0, given=0, missing=10, left_out=9, based=1),
        "2023Q4",
        Status.RED,
        Cause.UNREPORTED,
    ),
    case(
        "the only one with last year's is silent",
        pay,
        sums(0, 0, 2, given=0, missing=1, based=1, unbased=1),
        "2023Q4",
        "red",
        "unreported",
    ),
    case(
        "before its date it is not due all the same",
        percent_of(at("2023Q4", 40), by_official=True),
        sums(1, 100, based=1, unbased=1),
        "2023Q2",
        "not_due",
    ),
]

gone = {"units": 0, "reported": 0}

# The only hospital did 22 by June and closed in July; or answered 不适用.
DONE_BEFORE = [
    case(
        "what a closed hospital did stays judged",
        even,
        replace(sums(27), **gone, given=1, closed=1),
        "2023Q3",
        Status.AMBER,
        value=27,
        lag=part(75, 10),
    ),
    case("and is met", even, replace(sums(40), **gone, given=1, closed=1), "2023Q3", Status.MET),
    case(
        "and is short at the date", even, replace(sums(22), **gone, given=1, closed=1), "2023Q4", Status.RED, "overdue"
    ),
    case("so it does after 不适用", even, replace(sums(22), **gone, given=1, not_applicable=1), "2023Q2", Status.GREEN),
    case(
        "a cap kept until the closing is kept", fees, replace(sums(90), **gone, given=1, closed=1), "2023Q4", Status.MET
    ),
    case(
        "a ratio over a constant",
        signed,
        replace(sums(20, 100), **gone, given=1, closed=1, based=1),
        "2023Q2",
        Status.GREEN,
    ),
    case(
        "a ratio over a stock has nothing to divide by",
        visits,
        replace(sums(20, 0), **gone, given=1, closed=1),
        "2023Q2",
        Status.NOT_APPLICABLE,
        Cause.CLOSED,
    ),
    case(
        "closed without a figure",
        even,
        replace(sums(0), **gone, given=0, closed=1),
        "2023Q3",
        "not_applicable",
        "closed",
    ),
    case(
        "a share asks the open units only",
        stations,
        replace(share(0, 0), given=0, closed=2),
        "2024Q1",
        "not_applicable",
        "closed",
    ),
    case(
        "all answered 不适用 and one closed",
        stations,
        replace(share(0, 0), given=0, closed=1, not_applicable=1),
        "2024Q1",
        "not_applicable",
        "",
    ),
    case("nothing was ever in scope", stations, share(0, 0), "2024Q1", Status.NOT_APPLICABLE, Cause.NONE),
]


@pytest.mark.parametrize(("effective", "count", "quarter", "expected"), SILENCE + ONE_UNIT + BASES + DONE_BEFORE)
def test_judge_reads_it_this_way(effective, count, quarter, expected):
    assert outcome(judge(effective, count, quarter), expected) == expected


def test_judge_names_the_latest_milestone_that_slipped():
    steps = share_of(at("2023Q2", 20), at("2023Q4", 40), at("2024Q4", 60), schedule=EVEN)
    assert judge(steps, share(7, 20), at("2024Q1", 0).quarter).slipped == steps.milestones[1]
    assert judge(steps, share(8, 20), at("2024Q1", 0).quarter).slipped is None
