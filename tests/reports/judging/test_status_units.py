"""Units without an approved answer, and the kinds that are not numbers, by hand."""

from dataclasses import replace

import pytest

from reports.base.enums import Cause, Status
from targets.enums import Comparator, IndicatorKind, Strength
from tests.reports.judging.helpers import (
    EVEN,
    HOLD,
    at,
    case,
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

fees = total_of(at("2023Q4", 100), schedule=HOLD, comparator=AT_MOST)
falling = percent_of(at("2023Q4", 20), schedule=EVEN, comparator=AT_MOST, baseline=30)
falling_at_due = percent_of(at("2023Q4", 20), comparator=AT_MOST, baseline=30)
band = percent_of(at("2023Q4", 95, high=105), schedule=HOLD, comparator=RANGE)
visits = percent_of(at("2023Q4", 60), schedule=HOLD)
signed = percent_of(at("2023Q4", 40), schedule=EVEN)
at_due = percent_of(at("2023Q4", 40))

MISSING = [
    case("a cap met without two", fees, sums(90, missing=2), "2023Q4", Status.AMBER, "missing_units", absent=2),
    case(
        "a cap green without one", fees, sums(50, missing=1), "2023Q2", Status.AMBER, "missing_units", absent=1, lag=-50
    ),
    case("a cap amber without one", fees, sums(105, missing=1), "2023Q2", Status.AMBER, lag=5, absent=1),
    case("a cap red without one", fees, sums(120, missing=1), "2023Q2", Status.RED, Cause.BEHIND, absent=1),
    case("a cap broken at its date without one", fees, sums(101, missing=1), "2023Q4", Status.RED, Cause.OVERDUE),
    case(
        "falling met without one", falling, sums(20, 100, missing=1), "2023Q2", Status.AMBER, "missing_units", absent=1
    ),
    case("falling on its way without one", falling, sums(25, 100, missing=1), "2023Q2", Status.AMBER, "missing_units"),
    case("falling not due without one", falling_at_due, sums(25, 100, missing=1), "2023Q3", Status.NOT_DUE),
    case("a range met without one", band, sums(100, 100, missing=1), "2023Q4", Status.AMBER, "missing_units", absent=1),
    case(
        "a ratio met with one left out",
        visits,
        sums(60, 100, missing=1, left_out=1),
        "2023Q4",
        Status.AMBER,
        Cause.MISSING_UNITS,
        value=60,
        absent=1,
    ),
    case(
        "a ratio on its way with one left out",
        signed,
        sums(20, 100, missing=1, left_out=1),
        "2023Q2",
        Status.AMBER,
        Cause.MISSING_UNITS,
        lag=0,
    ),
    case(
        "a ratio short at its date with one left out",
        visits,
        sums(59, 100, missing=1, left_out=1),
        "2023Q4",
        Status.RED,
        Cause.OVERDUE,
    ),
    case("a ratio not due with one left out", at_due, sums(9, 100, missing=1, left_out=1), "2023Q3", Status.NOT_DUE),
    case(
        "only the ones left out are absent from a floor",
        visits,
        sums(60, 100, missing=3, left_out=1),
        "2023Q4",
        Status.AMBER,
        Cause.MISSING_UNITS,
        absent=1,
    ),
    case(
        "left out for want of a review in time",
        visits,
        sums(60, 100, overdue_review=1, left_out=1),
        "2023Q4",
        Status.AMBER,
        Cause.MISSING_UNITS,
        absent=1,
    ),
    case(
        "missing over its last approved denominator counts as nothing",
        visits,
        sums(60, 100, missing=1),
        "2023Q4",
        Status.MET,
        absent=0,
    ),
    case("a total met without one", total_of(at("2023Q4", 10)), sums(10, missing=1), "2023Q4", Status.MET, absent=0),
    case(
        "a child without its constant is not a missing unit",
        visits,
        sums(60, 100, missing=1, unbased=1, based=1),
        "2023Q4",
        Status.AMBER,
        Cause.MISSING_BASE,
        absent=0,
    ),
    case(
        "a review not in time counts as missing at the date",
        share_of(at("2023Q4", 40)),
        share(7, 20, overdue_review=1),
        "2023Q4",
        Status.RED,
        Cause.OVERDUE,
    ),
    case("a cap with one not applicable is met", fees, sums(90, units=9, not_applicable=1), "2023Q4", Status.MET),
]

STILL_OPEN = [
    case("a cap with one pending", fees, sums(90, pending=1), "2023Q4", Status.NO_DATA, Cause.PENDING),
    case("a cap with one awaited on its way", fees, sums(10, awaited=1), "2023Q1", Status.NO_DATA, Cause.AWAITED),
    case("a cap broken with one pending", fees, sums(120, pending=1), "2023Q2", Status.NO_DATA, Cause.PENDING),
    case(
        "falling all the way with one pending", falling, sums(20, 100, pending=1), "2023Q2", Status.NO_DATA, "pending"
    ),
    case("falling not due with one pending", falling_at_due, sums(20, 100, pending=1), "2023Q2", Status.NOT_DUE),
    case("a range with one awaited", band, sums(100, 100, awaited=1), "2023Q4", Status.NO_DATA, Cause.AWAITED),
    case(
        "a ratio met with a pending one left out",
        visits,
        sums(70, 100, pending=1, left_out=1),
        "2023Q4",
        Status.NO_DATA,
        Cause.PENDING,
        value=70,
    ),
    case(
        "a ratio ahead with a pending one left out",
        signed,
        sums(30, 100, awaited=1, left_out=1),
        "2023Q2",
        Status.NO_DATA,
        Cause.AWAITED,
    ),
    case("a ratio ahead with a pending one over its stock", signed, sums(30, 100, pending=1), "2023Q2", Status.GREEN),
    case("a held floor broken with one pending", visits, sums(59, 100, pending=1), "2023Q1", Status.NO_DATA, "pending"),
]

allowed = percent_of(at("2023Q4", 20), strength=Strength.PERMISSION)

PERMISSION = [
    case("a permission met shows its value only", allowed, sums(30, 100), "2023Q4", Status.SHOWN, value=30),
    case("a permission short at its date is never red", allowed, sums(1, 100), "2023Q4", Status.SHOWN, value=1),
    case(
        "a permission nobody reported", allowed, sums(0, 0, missing=10, left_out=10), "2023Q4", Status.SHOWN, value=None
    ),
    case("a permission with one pending", allowed, sums(1, 100, pending=1), "2023Q4", Status.SHOWN),
]

work = share_of(at("2023Q4", 100), kind=IndicatorKind.QUALITATIVE)

QUALITATIVE = [
    case("all done meets", work, share(1, 1), "2023Q4", Status.MET),
    case("all done early meets", work, share(1, 1), "2023Q1", Status.MET),
    case("mostly done before its date is not due", work, share(0, 1, partly=1), "2023Q3", Status.NOT_DUE),
    case("not done before its date is not due", work, share(0, 1), "2023Q3", Status.NOT_DUE),
    case("mostly done at its date", work, share(0, 1, partly=1), "2023Q4", Status.AMBER, Cause.PARTLY),
    case("mostly done after its date", work, share(0, 1, partly=1), "2024Q1", Status.AMBER, Cause.PARTLY),
    case("not done at its date", work, share(0, 1), "2023Q4", Status.RED, Cause.OVERDUE),
    case("some done, the others mostly", work, share(2, 3, partly=1), "2023Q4", Status.AMBER, Cause.PARTLY),
    case("some done, one mostly, one not", work, share(1, 3, partly=1), "2023Q4", Status.RED, Cause.OVERDUE),
    case("mostly done and one missing", work, share(0, 2, partly=1, missing=1), "2023Q4", Status.RED, Cause.OVERDUE),
    case("mostly done and one pending", work, share(0, 2, partly=1, pending=1), "2023Q4", Status.NO_DATA, "pending"),
    case("no account at its date", work, share(0, 1, missing=1), "2023Q4", Status.RED, Cause.UNREPORTED),
    case("no account pending at its date", work, share(0, 1, awaited=1), "2023Q4", Status.NO_DATA, Cause.AWAITED),
]

hospital = share_of(at("2023Q4", 100), kind=IndicatorKind.DELIVERABLE)

DELIVERABLE = [
    case("done before its date", hospital, share(1, 1), "2023Q2", Status.MET),
    case("done in the quarter of its date", hospital, share(1, 1), "2023Q4", Status.MET),
    case("not done before its date", hospital, share(0, 1), "2023Q3", Status.NOT_DUE),
    case("not done at its date", hospital, share(0, 1), "2023Q4", Status.RED, Cause.OVERDUE),
    case("not done after its date", hospital, share(0, 1), "2024Q1", Status.RED, Cause.OVERDUE),
    case("done after its date", hospital, share(1, 1, late=1), "2024Q1", Status.MET, Cause.LATE_DONE),
    case("done in time, reported later", hospital, share(1, 1), "2024Q1", Status.MET),
    case("one of two done at the date", hospital, share(1, 2), "2023Q4", Status.RED, Cause.OVERDUE, value=50, needed=1),
    case("nobody reported it at its date", hospital, share(0, 1, missing=1), "2023Q4", Status.RED, Cause.UNREPORTED),
    case("its evidence pending at its date", hospital, share(0, 1, pending=1), "2023Q4", Status.NO_DATA, Cause.PENDING),
]

every = share_of(at("2023Q4", 100), kind=IndicatorKind.EACH)

twice = share_of(at("2023Q4", 100), kind=IndicatorKind.EACH, at_unit=True)
twice_even = share_of(at("2023Q4", 100), kind=IndicatorKind.EACH, at_unit=True, schedule=EVEN)
twice_over = share_of(at("2023Q4", 100), at("2025Q4", 100), kind=IndicatorKind.EACH, at_unit=True)


def at_unit(have: int, need: int):
    return replace(share(int(have >= need), 1), have=part(have), need=part(need))


EACH = [
    case("every county recruits", every, share(9, 9), "2023Q4", Status.MET, value=100),
    case("one county does not", every, share(8, 9), "2023Q4", Status.RED, Cause.OVERDUE, needed=1),
    case("one county is missing and so does not meet", every, share(8, 9, missing=1), "2023Q4", Status.RED, "overdue"),
    case("one county is not applicable", every, share(8, 8, not_applicable=1), "2023Q4", Status.MET),
    case("one of two done at the unit", twice, at_unit(1, 2), "2023Q4", Status.RED, "overdue", value=50, needed=1),
    case("both done at the unit", twice, at_unit(2, 2), "2023Q4", Status.MET, value=100, needed=0),
    case("one of two done at the unit before the date", twice, at_unit(1, 2), "2023Q3", Status.NOT_DUE, value=50),
    case("one of two expected at the unit, one done", twice_even, at_unit(1, 2), "2023Q2", Status.GREEN, lag=0),
    case("one of two expected at the unit, none done", twice_even, at_unit(0, 2), "2023Q3", Status.AMBER, lag=50),
    case(
        "asked again it is held, and red without an answer",  # from 100 to 100 there is no way to go
        twice_over,
        replace(at_unit(0, 2), kept_numerator=part(1), reported=0, given=0, missing=1),
        "2024Q1",
        Status.RED,
        Cause.UNREPORTED,
        value=None,
        expected=100,
        lag=None,
    ),
]


@pytest.mark.parametrize(
    ("effective", "count", "quarter", "expected"),
    MISSING + STILL_OPEN + PERMISSION + QUALITATIVE + DELIVERABLE + EACH,
)
def test_judge_counts_units_without_an_answer(effective, count, quarter, expected):
    assert outcome(judge(effective, count, quarter), expected) == expected


def test_judge_does_not_call_a_review_out_of_time_unreported():
    result = judge(share_of(at("2023Q4", 40)), share(0, 1, overdue_review=1), at("2023Q4", 0).quarter)
    assert result.status == Status.RED
    assert result.cause == Cause.UNREVIEWED
