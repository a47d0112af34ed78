"""From a result back to units and returns, and to the target page that shares them."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.actions import register
from institutions.clock import SHANGHAI
from reports.base.enums import Status, SubmissionState
from reports.boards.pages import target_page, trace_page
from reports.boards.pages.units import UnitAnswer
from reports.models import Submission
from targets.enums import Comparator, IndicatorKind, Schedule
from targets.models import Anomaly, Terms
from targets.periods import Quarter
from tests.factories import (
    DataElementFactory,
    IndicatorFactory,
    MilestoneFactory,
    RoundFactory,
    SubmissionFactory,
    TermsFactory,
    UserFactory,
    approved,
    target_with_terms,
)
from tests.factories.results import AttainmentFactory
from tests.reports.boards.helpers import Q4, TODAY, everywhere, small_board

pytestmark = pytest.mark.django_db


def trace(scene, target=None, region=None):
    target = target or scene.targets[0]
    return trace_page(scene.plan, target.pk, region or scene.places.counties[0], scene.period, TODAY)


def ratio_target(scene):
    """65 % of visits at primary level."""
    visits, all_visits = DataElementFactory(name="基层诊疗人次"), DataElementFactory(name="总诊疗人次")
    indicator = IndicatorFactory(kind=IndicatorKind.RATIO, element=visits, over=all_visits, name="就诊率", places=2)
    return target_with_terms(indicator, {date(2023, 12, 31): 65}, plan=scene.plan)


def test_units_carry_their_answers_and_the_return_they_came_in():
    scene = small_board(targets=1)
    target = ratio_target(scene)
    hospital = scene.places.hospitals[0][0]
    passed = approved(hospital, Q4, {target.indicator.element: 30, target.indicator.over: 40})
    row = next(row for row in trace(scene, target).units.rows if row.name == hospital.name)
    assert (row.answer, row.answers, row.value) == (UnitAnswer.REPORTED, ("30 人次", "40 人次"), "75%")
    assert (row.submission_id, row.round, row.submitted_by) == (
        passed.pk,
        1,
        str(passed.approved_round.submitted_by),
    )


def test_a_zero_a_not_applicable_and_a_missing_unit_are_three_things():
    scene = small_board(targets=1)
    element = scene.targets[0].indicator.element
    zero, nothing = scene.places.hospitals[0]
    approved(zero, Q4, {element: 0})
    approved(nothing, Q4, {element: None})
    missing = trace(scene, region=scene.places.counties[1]).units.rows
    shown = {row.name: (row.answer, row.answers) for row in trace(scene).units.rows}
    assert shown == {
        zero.name: (UnitAnswer.REPORTED, ("0 人次",)),
        nothing.name: (UnitAnswer.NOT_APPLICABLE, ("—",)),
    }
    assert {row.answer for row in missing} == {UnitAnswer.MISSING}


def test_units_without_an_answer_come_first_by_name():
    scene = small_board(targets=1)
    approved(scene.places.hospitals[0][0], Q4, {scene.targets[0].indicator.element: 1})
    late = SubmissionFactory(
        reporter=scene.places.hospitals[0][1],
        quarter=Q4.ordinal,
        state=SubmissionState.SUBMITTED,
        due_on=date(2024, 1, 15),
        review_by=date(2024, 1, 22),
    )
    RoundFactory(submission=late, handed_in=True)
    units = trace(scene).units
    assert [(row.name, row.answer) for row in units.rows] == [
        ("甲县第1卫生院", UnitAnswer.OVERDUE_REVIEW),
        ("甲县第0卫生院", UnitAnswer.REPORTED),
    ]
    assert [row.name for row in units.absent] == ["甲县第1卫生院"]


def test_a_condition_is_answered_for_each_unit():
    scene = small_board(targets=1)
    element = scene.targets[0].indicator.element
    for hospital, value in zip(scene.places.hospitals[0], (1, 0), strict=True):
        approved(hospital, Q4, {element: value})
    made = trace(scene)
    assert [(row.name, row.meets) for row in made.units.rows] == [("甲县第1卫生院", False), ("甲县第0卫生院", True)]
    assert made.formula.condition == f"“{element.name}” ≥ 1 人次"


def test_a_condition_on_a_ratio_is_written_in_percent():
    scene = small_board(targets=1)
    signed, people = DataElementFactory(name="点单式签约人数"), DataElementFactory(name="重点人群签约人数")
    asked = {"element": signed, "over": people, "condition": ">=", "condition_value": Decimal("0.1")}
    target = target_with_terms(
        IndicatorFactory(kind=IndicatorKind.EACH, **asked), {date(2023, 12, 31): 100}, plan=scene.plan
    )
    approved(scene.places.hospitals[0][0], Q4, {signed: 824, people: 7436})
    made = trace(scene, target)
    assert made.formula.condition == "“点单式签约人数” ÷ “重点人群签约人数” ≥ 10%"
    assert [(row.value, row.meets) for row in made.units.rows if row.meets] == [("11.08%", True)]


def test_a_city_is_added_up_from_its_counties_and_not_from_their_units():
    scene = small_board(targets=1)
    everywhere(scene)
    made = trace(scene, region=scene.places.city)
    assert [cell.region.name for cell in made.children] == ["甲县", "乙县"]
    assert made.units.rows == ()
    assert made.parent is None
    assert trace(scene).parent.name == "某市"


def test_the_formula_stands_with_its_numbers():
    scene = small_board(targets=1)
    target = ratio_target(scene)
    AttainmentFactory(
        target=target,
        region=scene.places.counties[0],
        quarter=Q4.ordinal,
        value=Decimal("64.996"),
        milestone=Decimal(65),
        numerator=Decimal(64996),
        denominator=Decimal(100000),
    )
    formula = trace(scene, target).formula
    assert formula.words == "100 × “基层诊疗人次”合计 ÷ “总诊疗人次”合计"
    assert formula.filled == "100 × 64,996 ÷ 100,000 = 64.99%"


def test_every_version_is_kept_the_newest_first():
    scene = small_board(targets=1)
    known = {"target": scene.targets[0], "region": scene.places.counties[0], "quarter": Q4.ordinal}
    AttainmentFactory(**known, known_from=date(2024, 1, 16), superseded_on=date(2024, 1, 20), status=Status.RED)
    AttainmentFactory(**known, known_from=date(2024, 1, 20))
    assert [(version.cell.status, version.until) for version in trace(scene).versions] == [
        (Status.GREEN, None),
        (Status.RED, date(2024, 1, 20)),
    ]


def test_a_target_without_terms_in_the_quarter_has_no_trace():
    scene = small_board(targets=1)
    Terms.objects.update(effective_from=date(2024, 1, 1))
    assert trace(scene) is None


@pytest.mark.parametrize(("comparator", "order"), [(Comparator.AT_LEAST, "乙甲"), (Comparator.AT_MOST, "甲乙")])
def test_counties_are_ranked_the_best_first(comparator, order):
    scene = small_board(targets=1)
    Terms.objects.update(comparator=comparator)
    for county, value in zip(scene.places.counties, (30, 60), strict=True):
        AttainmentFactory(target=scene.targets[0], region=county, quarter=Q4.ordinal, value=Decimal(value))
    page = target_page(scene.plan, scene.targets[0].pk, scene.places.city, scene.period, TODAY)
    assert [cell.region.name for cell in page.ranking] == [f"{name}县" for name in order]


def test_what_is_odd_about_the_target_goes_before_what_is_odd_about_its_clause():
    scene = small_board(targets=2)
    first, second = scene.targets
    clause = first.item.clause
    Anomaly.objects.create(clause=clause, text="条款重号")
    Anomaly.objects.create(clause=clause, target=first, text="没有写期限")
    Anomaly.objects.create(clause=second.item.clause, text="别处的疑点")
    assert trace(scene, first).citation.anomalies == ("没有写期限", "条款重号")


def page(scene, period=None):
    return target_page(scene.plan, scene.targets[0].pk, scene.places.city, period or scene.period, TODAY)


def revised(scene, on):
    """Raised from 40 to 50 by a document."""
    terms = TermsFactory(
        target=scene.targets[0], effective_from=on, reason="省级任务调整", document="市卫发〔2024〕1号",
        made_by=UserFactory(display_name="钱计划"), schedule=Schedule.AT_DUE,
    )  # fmt: skip
    MilestoneFactory(terms=terms, due=date(2023, 12, 31), value=50)


def test_terms_that_were_never_revised_are_not_listed():
    assert page(small_board(targets=1)).revisions == ()


def test_every_kept_terms_is_listed_with_who_when_and_why():
    scene = small_board(targets=1)
    revised(scene, date(2023, 10, 1))
    found = page(scene).revisions
    assert [(terms.effective_from, terms.in_force, terms.lines) for terms in found] == [
        (date(2023, 10, 1), True, ("2023年12月31日 ≥50%",)),
        (date(2023, 1, 1), False, ("2023年12月31日 ≥40%",)),
    ]
    new = found[0]
    assert (new.made_by, new.reason, new.document, new.schedule) == (
        "钱计划",
        "省级任务调整",
        "市卫发〔2024〕1号",
        "到期考核",
    )


def test_a_revision_to_come_is_listed_and_not_yet_in_force():
    scene = small_board(targets=1)
    revised(scene, date(2024, 1, 1))
    assert [terms.in_force for terms in page(scene).revisions] == [False, True]


def test_a_unit_that_moved_away_has_not_closed():
    scene = small_board(targets=1)
    target = target_with_terms(IndicatorFactory(), {date(2023, 12, 31): 100}, plan=scene.plan)
    hospital = scene.places.hospitals[0][0]
    moved = datetime(2023, 8, 1, 9, tzinfo=SHANGHAI)
    approved(hospital, Quarter(2023, 1), {target.indicator.element: 5})
    register.move(unit=hospital, to=scene.places.counties[1], on=moved.date(), by=None, now=moved)
    rows = {row.name: row.answer for row in trace(scene, target).units.rows}
    assert rows[hospital.name] == UnitAnswer.MOVED


@pytest.mark.parametrize(
    ("came", "due_on", "answer"),
    [
        (date(2024, 2, 1), date(2024, 1, 15), UnitAnswer.LATE_PENDING),
        (date(2024, 2, 1), date(2024, 2, 15), UnitAnswer.OVERDUE_REVIEW),  # more time was given since
        (date(2024, 1, 12), date(2024, 1, 15), UnitAnswer.OVERDUE_REVIEW),
    ],
)
def test_a_late_return_under_review_is_not_called_unreported(came, due_on, answer):
    scene = small_board(targets=1)
    hospital = scene.places.hospitals[0][0]
    dates = {"quarter": Q4.ordinal, "due_on": date(2024, 1, 15), "review_by": date(2024, 1, 22)}
    late = SubmissionFactory(reporter=hospital, state=SubmissionState.SUBMITTED, **dates)
    RoundFactory(
        submission=late, saved_at=datetime(came.year, came.month, came.day, 9, tzinfo=SHANGHAI), handed_in=True
    )
    Submission.objects.update(due_on=due_on)
    row = next(row for row in trace(scene).units.rows if row.name == hospital.name)
    assert row.answer == answer
    assert row in trace(scene).units.absent
