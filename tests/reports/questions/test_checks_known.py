"""What is known to a question from before and from elsewhere, and what that does at the hand-in."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from institutions.enums import InstitutionKind, RegionLevel
from reports.base.enums import SubmissionState
from reports.questions.answers import OfficialValue, RegionGoal
from reports.questions.queries.asked import keys_asked, questions_asked
from reports.returns.actions import submissions
from reports.returns.errors import FindingsError
from targets.enums import Accumulation, IndicatorKind, Operator, PlanState, Severity, Window
from tests.factories import (
    AllotmentFactory,
    BureauFactory,
    CheckRuleFactory,
    ConstantFactory,
    DataElementFactory,
    IndicatorFactory,
    MilestoneFactory,
    PlanFactory,
    approved,
    kaifeng_like,
    target_with_terms,
)
from tests.reports.returns.helpers import MORNING, NOON, Q1, filling

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return filling()


def asked_about(scene, name):
    (found,) = [each for each in scene.questions() if each.element == getattr(scene, name)]
    return found


def test_the_same_quarter_of_last_year(scene):
    approved(scene.hospital, Q1 - 4, {scene.all_visits: 70, scene.trained: 4})
    approved(scene.hospital, Q1 - 3, {scene.trained: 9})
    assert asked_about(scene, "all_visits").year_before == 70
    assert asked_about(scene, "trained").year_before_amount == 4


def test_the_floor_follows_a_correction_of_the_earlier_quarter(scene):
    scene.hand_in(trained=50)
    first = scene.approve()
    scene.next_quarter()
    assert asked_about(scene, "trained").floor == 50
    first.state = SubmissionState.REOPENED
    first.save()
    first.rounds.create(number=2, saved_at=NOON, saved_by=scene.reporter).entries.create(
        element=scene.trained, subject=scene.hospital, value=40
    )
    assert asked_about(scene, "trained").floor == 40


def test_the_keys_are_those_of_the_questions(scene):
    assert keys_asked(scene.hospital, Q1) == {each.key for each in scene.questions()}


# --- Official numbers ---------------------------------------------------------------------------------------------


@pytest.fixture
def signed():
    """The people signed, as a percentage of the residents, asked of a hospital in the first county."""
    places = kaifeng_like()
    element = DataElementFactory(name="签约人数", accumulation=Accumulation.STOCK)
    rate = IndicatorFactory(kind=IndicatorKind.RATIO, element=element, constant="resident-population")
    target_with_terms(rate, {date(2024, 12, 31): 40}, plan=PlanFactory(issuer=places.city))
    return places


def official_of(places):
    (found,) = questions_asked(places.hospitals[0][0], Q1)
    return found.official


def test_no_official_number_of_the_region(signed):
    ConstantFactory(region=signed.counties[1], year=2024)
    assert official_of(signed) is None


def test_the_official_number_of_the_units_region(signed):
    region = signed.hospitals[0][0].region
    ConstantFactory(region=region, year=2023, value=4000)
    assert official_of(signed) == OfficialValue("常住人口", Decimal(4000), "人", 2023, is_of_year=False)
    ConstantFactory(region=region, year=2024, value=5000)
    assert official_of(signed) == OfficialValue("常住人口", Decimal(5000), "人", 2024, is_of_year=True)


# --- Goals --------------------------------------------------------------------------------------------------------


def county_total(**terms):
    """A city's total of what county bureaus built, and the first county's part of it."""
    places = kaifeng_like()
    bureau = places.bureaus[0]
    element = DataElementFactory(kinds=[InstitutionKind.BUREAU], bureau_level=RegionLevel.COUNTY)
    due = {date(2023, 12, 31): 100, date(2024, 12, 31): 200}
    target = target_with_terms(IndicatorFactory(element=element), due, plan=PlanFactory(issuer=places.city), **terms)
    for milestone, part in zip(target.terms.get().milestones.order_by("due"), (30, 40), strict=True):
        AllotmentFactory(milestone=milestone, region=places.counties[0], value=part)
    approved(bureau, Q1 - 1, {element: 25})
    approved(bureau, Q1, {element: 8})
    return bureau, target


def goals(bureau, quarter):
    (found,) = questions_asked(bureau, quarter)
    return found.goals


def test_a_goal_of_the_year_starts_afresh():
    bureau, target = county_total(window=Window.YEAR)
    assert goals(bureau, Q1 - 1) == (RegionGoal(target.name, Decimal(30), Decimal(0)),)
    assert goals(bureau, Q1 + 1) == (RegionGoal(target.name, Decimal(40), Decimal(8)),)


def test_a_goal_of_the_plan_adds_up():
    bureau, target = county_total(window=Window.PLAN)
    assert goals(bureau, Q1 + 1) == (RegionGoal(target.name, Decimal(40), Decimal(33)),)


def test_a_county_without_a_part_has_no_goal():
    county_total()
    other = BureauFactory(region=kaifeng_like().counties[0])
    assert [each.goals for each in questions_asked(other, Q1)] in ([], [()])


def test_terms_not_yet_in_force_set_no_goal():
    bureau, target = county_total(window=Window.YEAR)
    later = target.terms.get()
    later.pk, later.effective_from = None, date(2024, 7, 1)
    later.save()
    MilestoneFactory(terms=later, due=date(2024, 12, 31), value=20)
    assert [goal.wanted for goal in goals(bureau, Q1)] == [40]
    assert goals(bureau, Q1 + 2) == ()


# --- The checks of plans ------------------------------------------------------------------------------------------


def check_of(scene, left, right, **more):
    return CheckRuleFactory(plan=scene.plan, left=[getattr(scene, left)], right=[getattr(scene, right)], **more)


def test_a_check_of_the_plan_stands_at_its_first_element(scene):
    check_of(scene, "trained", "visits", operator=Operator.AT_MOST, severity=Severity.SOFT, message="多于诊疗。")
    (found,) = asked_about(scene, "trained").comparisons
    assert (found.left, found.operator, found.right) == ((scene.trained,), "<=", (scene.visits,))
    assert (found.severity, found.message) == ("soft", "多于诊疗。")
    assert asked_about(scene, "visits").comparisons == ()


@pytest.mark.parametrize("why", ["stopped", "draft", "elsewhere", "not_asked"])
def test_a_check_that_does_not_apply(scene, why):
    rule = check_of(scene, "trained", "equipped" if why == "not_asked" else "visits")
    if why == "stopped":
        rule.stopped_at = MORNING
    elif why != "not_asked":
        state = PlanState.DRAFT if why == "draft" else PlanState.PUBLISHED
        rule.plan = PlanFactory(issuer=scene.places.counties[1], state=state)
    rule.save()
    assert asked_about(scene, "trained").comparisons == ()


@pytest.mark.parametrize("rules", [1, 3])
def test_checks_take_the_same_queries_for_one_and_for_three(scene, rules, django_assert_num_queries):
    for _ in range(rules):
        check_of(scene, "trained", "visits")
    with django_assert_num_queries(14):
        assert len(asked_about(scene, "trained").comparisons) == rules


# --- The hand-in --------------------------------------------------------------------------------------------------


def test_a_hand_in_against_a_hard_check_of_the_plan_is_refused(scene):
    check_of(scene, "trained", "visits", message="培训 {left}，多于诊疗 {right}。")
    with pytest.raises(FindingsError) as refused:
        scene.hand_in(trained=61)
    assert [found.message for found in refused.value.findings] == ["培训 61 人，多于诊疗 60 人次。"]


def test_a_hand_in_with_a_soft_finding_needs_a_note(scene):
    approved(scene.hospital, Q1 - 1, {scene.all_visits: 50})
    with pytest.raises(FindingsError, match="有 1 处要写明原因后才能提交。"):
        scene.hand_in()
    answers = [replace(each, note="集中义诊。") if each.value == 100 else each for each in scene.answers()]
    submissions.save_draft(scene.submission, answers, scene.reporter, MORNING)
    assert submissions.submit(scene.submission, scene.reporter, MORNING).state == SubmissionState.SUBMITTED


def test_a_hand_in_says_what_is_wrong_and_what_is_unexplained(scene):
    approved(scene.hospital, Q1 - 1, {scene.all_visits: 50})
    with pytest.raises(FindingsError, match="有 1 处需要改正、1 处要写明原因，然后才能提交。"):
        scene.hand_in(visits=101)
