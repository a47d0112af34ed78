"""The engine over real rows: what each unit adds, what rolls up, which versions stay."""

from datetime import date, datetime
from decimal import Decimal
from itertools import chain

import pytest
from django.core.management import CommandError, call_command

from institutions import numerals
from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionLevel
from reports.base.enums import Cause, Status
from reports.base.errors import RefusedError
from reports.judging import recompute, tasks
from reports.models import Attainment, StaleParent, StatusChange, Submission, Tally
from targets.enums import Accumulation, Comparator, Denominator, ElementType, IndicatorKind, Schedule, Window
from targets.periods import Quarter
from tests.factories import (
    AllotmentFactory,
    ConditionValueFactory,
    ConstantFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    ReturnPeriodFactory,
    RoundFactory,
    SubmissionFactory,
    approved,
    kaifeng_like,
    target_with_terms,
)

pytestmark = pytest.mark.django_db

Q1, Q2, Q4 = Quarter(2023, 1), Quarter(2023, 2), Quarter(2023, 4)
YEAR_END = date(2023, 12, 31)


def at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 10, tzinfo=SHANGHAI)


AFTER_Q1 = at(2023, 4, 25)  # after the due day and the review deadline of 2023Q1
AFTER_Q4 = at(2024, 2, 1)


@pytest.fixture
def place():
    return kaifeng_like(counties=2, hospitals=2)


@pytest.fixture
def plan(place):
    return PlanFactory(issuer=place.city)


def run(plan, quarter, now):
    period = ReturnPeriodFactory(quarter=quarter.ordinal)
    return recompute.recompute_period(plan, period, now)


def result(target, region, quarter=Q1):
    return Attainment.objects.current().get(target=target, region=region, quarter=quarter.ordinal)


def tally(target, region, quarter=Q1):
    return Tally.objects.get(target=target, region=region, quarter=quarter.ordinal)


def ratio(plan, numerator=Accumulation.FLOW, denominator=Accumulation.FLOW, **terms):
    parts = DataElementFactory(accumulation=numerator)
    whole = DataElementFactory(accumulation=denominator)
    indicator = IndicatorFactory(
        kind=IndicatorKind.RATIO, element=parts, over=whole, denominator=Denominator.ELEMENT, multiplier=100
    )
    terms = {"schedule": Schedule.HOLD, **terms}
    return target_with_terms(indicator, {YEAR_END: 50}, plan, **terms), parts, whole


def test_ratio_sums_first_and_divides_last(place, plan):
    target, part, whole = ratio(plan)
    (one, two), (three, four) = place.hospitals
    approved(one, Q1, {part: 90, whole: 100})
    approved(two, Q1, {part: 10, whole: 900})
    approved(three, Q1, {part: 0, whole: 10})
    approved(four, Q1, {part: 5, whole: 10})
    run(plan, Q1, AFTER_Q1)
    assert result(target, place.counties[0]).value == 10
    assert result(target, place.counties[1]).value == 25
    assert result(target, place.city).value == Decimal("10.2941176471")


def test_flow_accumulates_over_the_year_and_a_missing_quarter_adds_nothing_to_either_side(place, plan):
    target, part, whole = ratio(plan)
    approved(place.hospitals[0][0], Q1, {part: 40, whole: 100})
    approved(place.hospitals[0][1], Q1, {part: 60, whole: 100})
    approved(place.hospitals[0][0], Q2, {part: 50, whole: 100})
    run(plan, Q2, at(2023, 7, 31))
    row = tally(target, place.counties[0], Q2)
    assert (row.numerator, row.denominator, row.left_out, row.missing) == (150, 300, 1, 1)
    assert result(target, place.counties[0], Q2).status == Status.AMBER


def test_not_applicable_leaves_both_sides_and_n_but_a_zero_does_not(place, plan):
    target, part, whole = ratio(plan)
    approved(place.hospitals[0][0], Q1, {part: None, whole: 100})
    approved(place.hospitals[0][1], Q1, {part: 0, whole: 100})
    run(plan, Q1, AFTER_Q1)
    row = tally(target, place.counties[0])
    assert (row.numerator, row.denominator, row.units, row.reported, row.not_applicable) == (0, 100, 1, 1, 1)


def test_stock_denominator_stands_as_last_approved_and_is_left_out_where_there_is_none(place, plan):
    target, part, whole = ratio(plan, Accumulation.STOCK, Accumulation.STOCK)
    approved(place.hospitals[0][0], Q1, {part: 60, whole: 100})
    run(plan, Q2, at(2023, 7, 31))
    row = tally(target, place.counties[0], Q2)
    assert (row.numerator, row.denominator, row.left_out) == (0, 100, 1)
    assert (row.kept_numerator, row.kept_denominator) == (60, 100)


def test_unanswered_stock_leaves_both_sides_where_nothing_would_be_better(place, plan):
    target, part, whole = ratio(plan, Accumulation.STOCK, Accumulation.STOCK, comparator=Comparator.AT_MOST)
    approved(place.hospitals[0][0], Q1, {part: 60, whole: 100})
    approved(place.hospitals[0][1], Q2, {part: 30, whole: 100})
    run(plan, Q2, at(2023, 7, 31))
    row = tally(target, place.counties[0], Q2)
    assert (row.numerator, row.denominator, row.missing) == (30, 100, 1)
    assert result(target, place.counties[0], Q2).status == Status.AMBER


def share(plan, milestones, **terms):
    level = DataElementFactory(type=ElementType.LEVEL, accumulation=Accumulation.STOCK)
    indicator = IndicatorFactory(kind=IndicatorKind.SHARE, element=level, condition=">=", condition_value=2)
    terms = {"schedule": Schedule.AT_DUE, "window": Window.PLAN, **terms}
    return target_with_terms(indicator, milestones, plan, **terms), level


def test_share_counts_units_of_the_register_that_meet_the_level(place, plan):
    target, level = share(plan, {YEAR_END: 40})
    for unit, value in zip(chain.from_iterable(place.hospitals), (2, 1, 0, 2), strict=True):
        approved(unit, Q4, {level: value})
    run(plan, Q4, AFTER_Q4)
    city = result(target, place.city, Q4)
    assert (city.numerator, city.denominator, city.value, city.status) == (2, 4, 50, Status.MET)


def test_share_under_one_unit_in_a_child_is_not_judged_there(place, plan):
    target, _ = share(plan, {YEAR_END: 40})
    run(plan, Q4, AFTER_Q4)
    assert Attainment.objects.filter(target=target, region__level=RegionLevel.COUNTY).count() == 0
    assert result(target, place.city, Q4).status == Status.RED
    assert tally(target, place.counties[0], Q4).units == 2


def test_closed_unit_leaves_a_share_but_its_flow_stays_in_a_total(place, plan):
    unit = place.hospitals[0][0]
    target, _ = share(plan, {YEAR_END: 40})
    flow = DataElementFactory()
    total = target_with_terms(IndicatorFactory(element=flow), {YEAR_END: 10}, plan)
    approved(unit, Q1, {flow: 7})
    unit.closed = date(2023, 5, 1)
    unit.save()
    run(plan, Q2, at(2023, 7, 31))
    assert tally(target, place.city, Q2).units == 3
    row = tally(total, place.city, Q2)
    assert (row.numerator, row.units, row.closed) == (7, 3, 1)


def test_what_was_done_before_a_closing_stays_judged_where_nobody_is_left(place, plan):
    flow = DataElementFactory()
    total = target_with_terms(IndicatorFactory(element=flow), {YEAR_END: 10}, plan)
    positions, _ = share(plan, {YEAR_END: 100})
    for unit in chain.from_iterable(place.hospitals):
        approved(unit, Q1, {flow: 2})
        unit.closed = date(2023, 5, 1)
        unit.save()
    run(plan, Q2, at(2023, 7, 31))
    city = result(total, place.city, Q2)
    assert (city.status, city.value, city.units, city.closed) == (Status.GREEN, 8, 0, 4)
    assert "4 家已关停，按此前完成数判定" in city.reason
    gone = result(positions, place.city, Q2)
    assert (gone.status, gone.cause, gone.value) == (Status.NOT_APPLICABLE, Cause.CLOSED, None)


def test_a_closing_before_the_window_is_not_said_any_more(place, plan):
    total = target_with_terms(IndicatorFactory(element=DataElementFactory()), {YEAR_END: 10}, plan)
    unit = place.hospitals[0][0]
    unit.closed = date(2022, 12, 31)
    unit.save()
    run(plan, Q2, at(2023, 7, 31))
    assert tally(total, place.city, Q2).closed == 0


def test_silence_after_earlier_flows_is_red(place, plan):
    flow = DataElementFactory()
    total = target_with_terms(IndicatorFactory(element=flow), {YEAR_END: 16}, plan)
    for unit in chain.from_iterable(place.hospitals):
        approved(unit, Q1, {flow: 2})
    run(plan, Q2, at(2023, 7, 31))
    city = result(total, place.city, Q2)
    assert (city.value, city.expected, city.status, city.cause) == (8, 8, Status.RED, Cause.SILENT)


def test_total_is_judged_in_a_county_only_where_allotted(place, plan):
    flow = DataElementFactory()
    target = target_with_terms(IndicatorFactory(element=flow), {YEAR_END: 100}, plan)
    AllotmentFactory(milestone=target.terms.get().milestones.get(), region=place.counties[0], value=40)
    approved(place.hospitals[0][0], Q1, {flow: 10})
    run(plan, Q1, AFTER_Q1)
    assert result(target, place.counties[0]).status == Status.GREEN
    assert Attainment.objects.filter(target=target, region=place.counties[1]).count() == 0
    assert result(target, place.city).status == Status.RED


def each_county(plan, value=1):
    held = DataElementFactory(kinds=[InstitutionKind.BUREAU], bureau_level=RegionLevel.COUNTY)
    indicator = IndicatorFactory(kind=IndicatorKind.EACH, element=held, condition_value=value)
    return target_with_terms(indicator, {YEAR_END: 100}, plan, schedule=Schedule.AT_DUE), held


def test_each_is_have_of_need_at_the_county_and_a_share_of_counties_above(place, plan):
    target, held = each_county(plan)
    ConditionValueFactory(indicator=target.indicator, unit_class="county", value=2)
    approved(place.bureaus[0], Q4, {held: 1})
    approved(place.bureaus[1], Q4, {held: 2})
    run(plan, Q4, AFTER_Q4)
    county, city = result(target, place.counties[0], Q4), result(target, place.city, Q4)
    assert (county.have, county.need, county.value, county.needed_units) == (1, 2, 50, 1)
    assert (city.numerator, city.denominator, city.value) == (1, 2, 50)


def test_a_unit_has_nothing_towards_a_position_that_it_did_not_report(place, plan):
    done, stock = DataElementFactory(), DataElementFactory(accumulation=Accumulation.STOCK)
    indicator = IndicatorFactory(kind=IndicatorKind.EACH, element=done, against=stock)
    target = target_with_terms(indicator, {YEAR_END: 100}, plan)
    approved(place.hospitals[0][0], Q1, {done: 3, stock: 2})
    approved(place.hospitals[0][0], Q2, {done: 4})
    run(plan, Q1, at(2023, 7, 25))
    run(plan, Q2, at(2023, 7, 25))
    first, second = tally(target, place.city, Q1), tally(target, place.city, Q2)
    assert (first.have, first.need) == (3, 2)
    assert (second.have, second.need) == (0, 0)


def test_constant_is_the_denominator_and_last_years_serves_until_this_years_is_there(place, plan):
    signed = DataElementFactory(accumulation=Accumulation.STOCK)
    indicator = IndicatorFactory(
        kind=IndicatorKind.RATIO, element=signed, denominator=Denominator.CONSTANT, constant="resident-population"
    )
    target = target_with_terms(indicator, {YEAR_END: 40}, plan, schedule=Schedule.HOLD)
    ConstantFactory(region=place.counties[0], year=2022, value=1000)
    for unit in chain.from_iterable(place.hospitals):
        approved(unit, Q1, {signed: 200})
    run(plan, Q1, AFTER_Q1)
    assert result(target, place.counties[0]).value == 40
    assert result(target, place.counties[1]).status == Status.NO_DATA
    city = result(target, place.city)
    assert (city.numerator, city.denominator, city.based, city.unbased) == (400, 1000, 1, 1)
    assert (city.status, city.cause) == (Status.AMBER, Cause.MISSING_BASE)
    assert "1 个县区有基础数据已计入，缺 1 个县区基础数据未计入" in city.reason


def test_growth_compares_the_same_quarters_of_last_year(place, plan):
    pay = DataElementFactory(type=ElementType.MONEY)
    indicator = IndicatorFactory(
        kind=IndicatorKind.RATIO, element=pay, denominator=Denominator.LAST_YEAR, multiplier=100, offset=-100
    )
    target = target_with_terms(indicator, {date(2024, 12, 31): 10}, plan, schedule=Schedule.AT_DUE)
    approved(place.hospitals[0][0], Q1, {pay: 100})
    approved(place.hospitals[0][0], Quarter(2024, 1), {pay: 115})
    approved(place.hospitals[0][1], Quarter(2024, 1), {pay: 999})
    run(plan, Quarter(2024, 1), at(2024, 5, 1))
    county = result(target, place.counties[0], Quarter(2024, 1))
    assert (county.value, county.based, county.unbased) == (15, 1, 1)
    assert (county.status, county.cause) == (Status.AMBER, Cause.MISSING_BASE)


def test_a_unit_opened_since_last_year_is_no_part_of_growth(place, plan):
    pay = DataElementFactory(type=ElementType.MONEY)
    indicator = IndicatorFactory(
        kind=IndicatorKind.RATIO, element=pay, denominator=Denominator.LAST_YEAR, multiplier=100, offset=-100
    )
    target = target_with_terms(indicator, {date(2024, 12, 31): 10}, plan, schedule=Schedule.AT_DUE)
    old, new = place.hospitals[0]
    new.opened = date(2023, 4, 1)  # the day after last year's first quarter
    new.save()
    approved(old, Q1, {pay: 100})
    approved(old, Quarter(2024, 1), {pay: 115})
    approved(new, Quarter(2024, 1), {pay: 999})
    run(plan, Quarter(2024, 1), at(2024, 5, 1))
    county = result(target, place.counties[0], Quarter(2024, 1))
    assert (county.value, county.units, county.unbased, county.status) == (15, 1, 0, Status.MET)
    new.opened = date(2023, 3, 31)
    new.save()
    run(plan, Quarter(2024, 1), at(2024, 5, 2))
    assert result(target, place.counties[0], Quarter(2024, 1)).unbased == 1


@pytest.mark.parametrize(
    ("now", "handed_in", "field"),
    [
        (at(2023, 4, 10), False, "awaited"),
        (at(2023, 4, 14), False, "awaited"),
        (at(2023, 4, 15), False, "missing"),
        (at(2023, 4, 15), True, "pending"),
        (at(2023, 4, 21), True, "pending"),
        (at(2023, 4, 22), True, "overdue_review"),
    ],
)
def test_unit_without_an_approved_answer_stands_by_its_own_deadlines(place, plan, now, handed_in, field):
    target, _, _ = ratio(plan)
    submission = SubmissionFactory(reporter=place.hospitals[0][0])
    if handed_in:
        RoundFactory(submission=submission, handed_in=True)
        Submission.objects.filter(pk=submission.pk).update(state="submitted")
    run(plan, Q1, now)
    others = {"awaited": 1 if now.date() <= date(2023, 4, 14) else 0}
    others["missing"] = 1 - others["awaited"]
    expected = {**{name: others.get(name, 0) for name in ("awaited", "missing", "pending", "overdue_review")}}
    expected[field] += 1
    row = tally(target, place.counties[0])
    assert {name: getattr(row, name) for name in expected} == expected


def test_handed_in_late_counts_as_missing_until_approved(place, plan):
    target, _, _ = ratio(plan)
    submission = SubmissionFactory(reporter=place.hospitals[0][0], state="submitted")
    RoundFactory(submission=submission, handed_in=True, saved_at=at(2023, 4, 16))
    run(plan, Q1, at(2023, 4, 17))
    row = tally(target, place.counties[0])
    assert (row.missing, row.late_review) == (2, 1)
    assert "未报 1 家，补报待审 1 家" in result(target, place.counties[0]).reason


def test_recomputing_twice_writes_nothing(place, plan):
    share(plan, {YEAR_END: 40})
    ratio(plan)
    first, second = run(plan, Q1, AFTER_Q1), run(plan, Q1, at(2023, 6, 1))
    assert (first.changed, second.changed) == (first.judged - 2, 0)  # 40 % of 2 hospitals is under one: no row


def test_change_makes_a_version_and_one_a_day(place, plan):
    target, part, whole = ratio(plan)
    run(plan, Q1, AFTER_Q1)
    approved(place.hospitals[0][0], Q1, {part: 90, whole: 100})
    run(plan, Q1, at(2023, 5, 8))
    approved(place.hospitals[0][1], Q1, {part: 90, whole: 100})
    run(plan, Q1, at(2023, 5, 8))
    versions = Attainment.objects.filter(target=target, region=place.counties[0]).order_by("known_from")
    assert [(row.known_from, row.superseded_on, row.status) for row in versions] == [
        (date(2023, 4, 25), date(2023, 5, 8), Status.RED),
        (date(2023, 5, 8), None, Status.MET),
    ]


def test_a_kept_day_is_never_gone_behind(place, plan, settings):
    target, part, whole = ratio(plan)
    run(plan, Q1, at(2023, 5, 8))
    approved(place.hospitals[0][0], Q1, {part: 90, whole: 100})
    settings.BUSINESS_DATE = date(2023, 5, 8)
    run(plan, Q1, at(2023, 5, 7))  # read the clock before midnight, waited for a lock until after it
    row = Attainment.objects.get(target=target, region=place.counties[0])
    assert (row.known_from, row.superseded_on, row.status) == (date(2023, 5, 8), None, Status.AMBER)


def test_a_clock_set_back_is_refused_with_a_sentence(place, plan, settings):
    target, part, whole = ratio(plan)
    run(plan, Q1, at(2023, 5, 8))
    approved(place.hospitals[0][0], Q1, {part: 90, whole: 100})
    settings.BUSINESS_DATE = date(2023, 5, 7)
    with pytest.raises(RefusedError, match=r"2023年5月7日.*早于.*2023年5月8日"):
        run(plan, Q1, at(2023, 5, 7))
    assert result(target, place.counties[0]).status == Status.RED


def test_a_result_that_ended_is_not_begun_again_before_its_end(place, plan, settings):
    target, part, whole = ratio(plan)
    approved(place.hospitals[0][0], Q1, {part: 90, whole: 100})
    run(plan, Q1, at(2023, 5, 1))
    Attainment.objects.filter(target=target).update(superseded_on=date(2023, 5, 8))
    settings.BUSINESS_DATE = date(2023, 5, 7)
    with pytest.raises(RefusedError, match="早于"):
        run(plan, Q1, at(2023, 5, 7))


def test_each_change_of_status_is_a_row(place, plan):
    target, part, whole = ratio(plan)
    run(plan, Q1, AFTER_Q1)
    approved(place.hospitals[0][0], Q1, {part: 90, whole: 100})
    run(plan, Q1, at(2023, 5, 8))
    approved(place.hospitals[0][1], Q1, {part: 90, whole: 100})
    run(plan, Q1, at(2023, 5, 9))
    changes = StatusChange.objects.filter(target=target, region=place.counties[0]).order_by("at", "pk")
    assert [(change.before, change.after) for change in changes] == [
        ("", Status.RED),
        (Status.RED, Status.AMBER),
        (Status.AMBER, Status.MET),
    ]


def test_returns_changed_writes_its_county_and_marks_the_city(place, plan):
    target, part, whole = ratio(plan)
    ReturnPeriodFactory(quarter=Q1.ordinal)
    submission = approved(place.hospitals[0][0], Q1, {part: 90, whole: 100})
    assert recompute.refresh_after_returns([submission], AFTER_Q1) == [plan.pk]
    assert result(target, place.counties[0]).value == 90
    assert StaleParent.objects.values_list("target", "region", "quarter").get() == (
        target.pk,
        place.city.pk,
        Q1.ordinal,
    )
    assert Attainment.objects.filter(region=place.counties[1]).count() == 0


def test_roll_up_equals_a_full_recompute_and_leaves_nothing_stale(place, plan):
    target, part, whole = ratio(plan)
    ReturnPeriodFactory(quarter=Q1.ordinal)
    for unit in chain.from_iterable(place.hospitals):
        recompute.refresh_after_returns([approved(unit, Q1, {part: 60, whole: 100})], AFTER_Q1)
    recompute.roll_up(plan, AFTER_Q1)
    assert StaleParent.objects.count() == 0
    assert result(target, place.city).value == 60
    assert run(plan, Q1, AFTER_Q1).changed == 0


def test_what_a_lost_message_left_waiting_is_rolled_up_by_the_minute(place, plan):
    target, part, whole = ratio(plan)
    ReturnPeriodFactory(quarter=Q1.ordinal)
    recompute.refresh_after_returns([approved(place.hospitals[0][0], Q1, {part: 60, whole: 100})], AFTER_Q1)
    tasks.roll_up_waiting()
    tasks.roll_up_waiting()
    assert StaleParent.objects.count() == 0
    assert result(target, place.city).value == 60


def test_correction_of_a_quarter_reaches_the_later_ones_opened(place, plan):
    target, part, whole = ratio(plan)
    ReturnPeriodFactory(quarter=Q1.ordinal)
    ReturnPeriodFactory(quarter=Q2.ordinal)
    submission = approved(place.hospitals[0][0], Q1, {part: 10, whole: 100})
    recompute.refresh_after_returns([submission], at(2023, 7, 31))
    assert tally(target, place.counties[0], Q2).numerator == 10
    assert {row.quarter for row in StaleParent.objects.all()} == {Q1.ordinal, Q2.ordinal}


def test_recompute_of_a_region_leaves_its_siblings_alone(place, plan):
    ratio(plan)
    period = ReturnPeriodFactory(quarter=Q1.ordinal)
    recompute.recompute_period(plan, period, AFTER_Q1, place.counties[0])
    assert set(Attainment.objects.values_list("region", flat=True)) == {place.counties[0].pk, place.city.pk}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say what: --all, --plan CODE, --region CODE or --since 2023Q1"),
        (["--plan", "no-such"], "no plan has the code 'no-such'"),
        (["--region", "999999"], "no region has the code '999999'"),
        (["--since", "2023"], "--since wants a quarter such as 2023Q1, not '2023'"),
    ],
)
def test_recompute_command_says_what_is_wrong(arguments, said):
    with pytest.raises(CommandError) as refused:
        call_command("recompute", *arguments)
    assert str(refused.value) == said


def test_recompute_command_prints_what_it_did(place, plan, capsys):
    ratio(plan)
    ReturnPeriodFactory(quarter=Q1.ordinal)
    call_command("recompute", "--all", "--jobs=1")
    call_command("recompute", "--plan", plan.code, "--since", "2023Q1", "--jobs=1")
    assert capsys.readouterr().out.splitlines() == [
        "read 3 tallies, judged 3 results, changed 3",
        "read 3 tallies, judged 3 results, changed 0",
    ]


def test_crossing_a_due_day_turns_awaited_into_missing(place, plan, settings):
    target, _, _ = ratio(plan)
    run(plan, Q1, at(2023, 4, 14))
    assert tally(target, place.city).awaited == 4
    settings.BUSINESS_DATE = date(2023, 4, 15)
    call_command("cross_date_lines")
    assert tally(target, place.city).missing == 4


def test_plan_past_its_end_is_judged_until_it_is_met_or_closed(place):
    plan = PlanFactory(issuer=place.city, last_day=date(2023, 6, 30))
    target, part, whole = ratio(plan, window=Window.PLAN)
    target.terms.get().milestones.update(due=date(2023, 6, 30))
    for unit in chain.from_iterable(place.hospitals):
        approved(unit, Quarter(2023, 3), {part: 60, whole: 100})
    for number, now in ((2, at(2023, 8, 1)), (3, at(2023, 11, 1)), (4, AFTER_Q4)):
        run(plan, Quarter(2023, number), now)
    rows = Attainment.objects.filter(target=target, region=place.city).order_by("quarter")
    assert [(Quarter.from_ordinal(row.quarter).number, row.status) for row in rows] == [
        (2, Status.RED),
        (3, Status.MET),
    ]


def test_bureaus_own_target_is_judged_at_its_own_region_only(place, plan):
    inspections = DataElementFactory(kinds=[InstitutionKind.BUREAU], bureau_level=RegionLevel.CITY)
    indicator = IndicatorFactory(kind=IndicatorKind.EACH, element=inspections, condition_value=2)
    target = target_with_terms(indicator, {YEAR_END: 100}, plan, schedule=Schedule.AT_DUE)
    approved(place.city_bureau, Q4, {inspections: 2})
    run(plan, Q4, AFTER_Q4)
    assert Attainment.objects.filter(target=target).values_list("region", "status").get() == (
        place.city.pk,
        Status.MET,
    )


def test_deliverable_date_counts_from_the_quarter_that_holds_it(place, plan):
    accepted = DataElementFactory(type=ElementType.DATE, accumulation=Accumulation.STOCK)
    indicator = IndicatorFactory(kind=IndicatorKind.DELIVERABLE, element=accepted, condition_value=None)
    target = target_with_terms(indicator, {date(2023, 6, 30): 100}, plan, schedule=Schedule.AT_DUE, window=Window.PLAN)
    target.units.add(place.hospitals[0][0])
    approved(place.hospitals[0][0], Q2, {accepted: date(2023, 8, 1).toordinal()})
    run(plan, Q2, at(2023, 8, 10))
    run(plan, Quarter(2023, 3), at(2023, 11, 1))
    assert result(target, place.counties[0], Q2).status == Status.RED
    late = result(target, place.counties[0], Quarter(2023, 3))
    assert (late.status, late.cause, late.units) == (Status.MET, "late_done", 1)


def test_deliverable_done_in_time_but_reported_later_is_not_late(place, plan):
    accepted = DataElementFactory(type=ElementType.DATE, accumulation=Accumulation.STOCK)
    indicator = IndicatorFactory(kind=IndicatorKind.DELIVERABLE, element=accepted, condition_value=None)
    target = target_with_terms(indicator, {date(2023, 5, 31): 100}, plan, schedule=Schedule.AT_DUE, window=Window.PLAN)
    target.units.add(place.hospitals[0][0])
    approved(place.hospitals[0][0], Quarter(2023, 3), {accepted: date(2023, 5, 30).toordinal()})
    run(plan, Quarter(2023, 3), at(2023, 11, 1))
    done = result(target, place.counties[0], Quarter(2023, 3))
    assert (done.status, done.cause, done.late) == (Status.MET, "", 0)


def test_qualitative_is_amber_at_its_date_where_all_are_at_least_partly_done(place, plan):
    state = DataElementFactory(
        type=ElementType.LEVEL,
        accumulation=Accumulation.STOCK,
        levels=["未完成", "基本完成", "全部完成"],
        kinds=[InstitutionKind.BUREAU],
        bureau_level=RegionLevel.COUNTY,
    )
    indicator = IndicatorFactory(kind=IndicatorKind.QUALITATIVE, element=state, condition="", condition_value=None)
    target = target_with_terms(indicator, {YEAR_END: 100}, plan, schedule=Schedule.AT_DUE)
    approved(place.bureaus[0], Q4, {state: 2})
    approved(place.bureaus[1], Q4, {state: 1})
    run(plan, Q4, AFTER_Q4)
    assert result(target, place.counties[0], Q4).status == Status.MET
    assert result(target, place.counties[1], Q4).status == Status.AMBER
    assert result(target, place.city, Q4).status == Status.AMBER


@pytest.mark.parametrize("comparator", [Comparator.AT_LEAST, Comparator.AT_MOST])
def test_the_largest_numbers_that_can_be_typed_are_judged(place, plan, comparator):
    target, part, whole = ratio(plan, comparator=comparator)
    flow = DataElementFactory()
    total = target_with_terms(IndicatorFactory(element=flow), {YEAR_END: 1}, plan, comparator=comparator)
    most = numerals.LARGEST - 1
    for unit in chain.from_iterable(place.hospitals):
        approved(unit, Q1, {part: most, whole: 1, flow: most})
    run(plan, Q1, AFTER_Q1)
    wanted = Status.MET if comparator == Comparator.AT_LEAST else Status.RED
    assert {result(each, place.city).status for each in (target, total)} == {wanted}
    assert result(total, place.city).value == 4 * most
    assert abs(result(total, place.city).lag) == 10**14 - 1


def test_growth_where_nobody_has_last_years_figure_is_no_data_however_silent(place, plan):
    flow = DataElementFactory()
    indicator = IndicatorFactory(kind=IndicatorKind.RATIO, element=flow, offset=-100)
    target = target_with_terms(indicator, {YEAR_END: 10}, plan, schedule=Schedule.HOLD)
    approved(place.hospitals[0][0], Quarter(2022, 1), {flow: 100})
    run(plan, Q1, AFTER_Q1)
    first, second = (result(target, county) for county in place.counties)
    assert (first.status, first.cause) == (Status.RED, Cause.UNREPORTED)
    assert (second.status, second.cause) == (Status.NO_DATA, Cause.NO_LAST_YEAR)
