"""Checks between numbers: added, changed, stopped, and brought in by a plan file."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionLevel, Role
from institutions.models import AuditRecord
from targets.actions import checks, plans
from targets.actions.loading import CREATED, PlanRefused
from targets.as_file import check_of
from targets.enums import ElementType, PlanState
from targets.models import CheckRule
from targets.plan_file import read, specs
from targets.queries.checks import check_lines, in_words
from tests.factories import (
    CheckRuleFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    RegionFactory,
    kaifeng_like,
    person,
    target_with_terms,
)
from tests.targets.small_plan import SMALL, line_of

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)
LATER = datetime(2024, 5, 10, 9, tzinfo=SHANGHAI)


@pytest.fixture
def places():
    return kaifeng_like()


@pytest.fixture
def admin(places):
    return person(Role.PLAN_ADMIN, places.city)


@pytest.fixture
def plan(places):
    return PlanFactory(issuer=places.city)


def asked(plan, code, **more):
    element = DataElementFactory(code=code, **more)
    target_with_terms(IndicatorFactory(element=element), {date(2024, 12, 31): 1}, plan=plan)
    return element


@pytest.fixture(autouse=True)
def elements(plan):
    return [asked(plan, "part"), asked(plan, "whole")]


def check(**changed):
    said = {"operator": "<=", "severity": "hard", "message": "部分大于全部。", "lines": {"": 0, "left": 1, "right": 2}}
    return specs.CheckSpec(**{"left": ("part",), "right": ("whole",)} | said | changed)


def refused(plan, admin, **changed):
    with pytest.raises(PlanRefused) as error:
        checks.add(plan, check(**changed), admin, NOW)
    return [(problem.line, problem.message) for problem in error.value.problems]


def test_add_keeps_both_sides_in_their_order(plan, admin, elements):
    more = asked(plan, "more")
    rule = checks.add(plan, check(left=("more", "part"), factor=Decimal("1.5")), admin, NOW)
    assert [(term.element, term.is_left) for term in rule.terms.all()] == [
        (more, True),
        (elements[0], True),
        (elements[1], False),
    ]
    assert (rule.made_by, rule.made_at, rule.stopped_at) == (admin, NOW, None)
    record = AuditRecord.objects.get(action="check.add")
    assert (record.by, record.object_id, record.detail["says"]) == (admin, rule.pk, "部分大于全部。")


def test_change_stops_the_old_one_and_adds_another(plan, admin):
    old = checks.add(plan, check(), admin, NOW)
    new = checks.change(old, check(severity="soft"), admin, LATER)
    old.refresh_from_db()
    assert (old.severity, old.stopped_at, new.severity, new.stopped_at) == ("hard", LATER, "soft", None)
    assert AuditRecord.objects.get(action="check.change").detail["instead_of"] == old.pk


def test_change_to_the_same_changes_nothing(plan, admin):
    rule = checks.add(plan, check(), admin, NOW)
    assert checks.change(rule, check(lines={"": 7}), admin, LATER) == rule
    assert CheckRule.objects.filter(stopped_at=None).count() == 1


def test_a_stopped_one_is_not_changed_again(plan, admin):
    rule = checks.add(plan, check(), admin, NOW)
    checks.stop(rule, admin, LATER)
    with pytest.raises(PlanRefused, match="这条规则已被停用，没有保存"):
        checks.change(rule, check(severity="soft"), admin, LATER)
    with pytest.raises(PlanRefused, match="这条规则已被停用"):
        checks.stop(rule, admin, LATER)
    assert [line.rule.stopped_at for line in check_lines(plan)] == [LATER]


def test_a_closed_plan_keeps_its_checks(plan, admin):
    plan.state, plan.closed_on = PlanState.CLOSED, date(2024, 4, 1)
    plan.save()
    assert refused(plan, admin) == [(0, "计划已结束，校验规则不能再改")]


def test_elements_that_the_plan_does_not_ask(plan, admin):
    DataElementFactory(code="other")
    assert refused(plan, admin, right=("other",)) == [(2, "没有数据项“other”")]


def test_elements_of_no_common_unit(plan, admin):
    asked(plan, "of-bureaus", kinds=[InstitutionKind.BUREAU], bureau_level=RegionLevel.COUNTY)
    assert refused(plan, admin, right=("of-bureaus",)) == [(2, "这些数据项没有共同的填报单位，无法比较")]


@pytest.mark.parametrize(
    ("more", "line", "sentence"),
    [
        ({"right": ("part",)}, 2, "校验规则里同一个数据项写了两次"),
        ({"right": ("sure",)}, 1, "是否、等级和日期只能一项对同类的一项比较，不能相加，也不能有倍数和加数"),
        (
            {"left": ("sure",), "right": ("also",), "number": Decimal(1)},
            1,
            "是否、等级和日期只能一项对同类的一项比较，不能相加，也不能有倍数和加数",
        ),
        ({"left": ("part", "money")}, 1, "同一边的数据项单位不同，不能相加"),
        ({"factor": Decimal(0)}, 0, "倍数不能是0"),
    ],
)
def test_numbers_that_cannot_be_compared(plan, admin, more, line, sentence):
    asked(plan, "sure", type=ElementType.YESNO, unit="")
    asked(plan, "also", type=ElementType.YESNO, unit="")
    asked(plan, "money", type=ElementType.MONEY, unit="元")
    assert refused(plan, admin, **more) == [(line, sentence)]


def test_yes_is_compared_with_yes(plan, admin):
    asked(plan, "better", type=ElementType.YESNO, unit="")
    asked(plan, "good", type=ElementType.YESNO, unit="")
    assert checks.add(plan, check(left=("better",), right=("good",)), admin, NOW).pk


def test_a_check_in_words(plan, elements):
    one = CheckRuleFactory(plan=plan, left=elements[:1], right=elements[1:], factor=Decimal("1.5"), number=Decimal(-2))
    alone = CheckRuleFactory(plan=plan, left=elements, number=Decimal(10), operator=">=")
    first, second = (str(element) for element in elements)
    assert in_words(one) == f"{first} ≤ 1.5 × {second} − 2"
    assert in_words(alone) == f"{first} + {second} ≥ 10"


# --- Plan files ---------------------------------------------------------------------------------------------------

RULE = """\
checks:
  - left: [signed]
    operator: at_most
    right: [residents]
    number: 10
    severity: soft
    message: 签约 {left} 多于人口 {right}。
"""


def with_checks(text: str = RULE) -> str:
    return SMALL.replace("clauses:\n", f"{text}clauses:\n", 1)


@pytest.fixture
def city():
    return RegionFactory(code="410200", name="开封市", level=RegionLevel.CITY, kind="city")


def load(text, now=NOW):
    return plans.load(read(text), by=None, now=now)


def running():
    return [check_of(rule) for rule in CheckRule.objects.filter(stopped_at=None)]


def test_a_plan_file_brings_its_checks_once(city):
    report = load(with_checks())
    (found,) = running()
    assert found == specs.CheckSpec(
        left=("signed",),
        operator="<=",
        right=("residents",),
        number=Decimal(10),
        severity="soft",
        message="签约 {left} 多于人口 {right}。",
        lines={},
    )
    assert report.counts[CheckRule][CREATED] == 1
    assert load(with_checks(), LATER).changed is False


def test_a_draft_gives_up_what_left_the_file(city):
    load(with_checks())
    load(with_checks(RULE.replace("number: 10", "number: 20")), LATER)
    assert [found.number for found in running()] == [20]
    assert CheckRule.objects.count() == 2


def test_a_plan_in_force_only_gets_what_it_never_had(city, admin):
    plan = load(with_checks()).plan
    plans.publish(plan, by=None, now=NOW)
    checks.stop(plan.check_rules.get(), admin, NOW)
    load(with_checks(RULE + RULE.replace("checks:\n", "").replace("number: 10", "number: 20")), LATER)
    assert [found.number for found in running()] == [20]
    load(SMALL, LATER)
    assert [found.number for found in running()] == [20]


def test_a_plan_with_checks_can_be_published(city):
    plan = load(with_checks()).plan
    plans.publish(plan, by=None, now=NOW)
    plan.refresh_from_db()
    assert plan.state == PlanState.PUBLISHED


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (
            "operator: at_most",
            "operator: below",
            "校验规则的“operator”不能是“below”，只能是：at_most、less",
        ),
        ("left: [signed]", "left: []", "校验规则的“left”是空的"),
        ("severity: soft", "severity: strict", "校验规则的“severity”不能是“strict”，只能是：hard、soft"),
        ("right: [residents]", "right: [people]", "没有数据项“people”"),
        ("number: 10", "total: 10", "校验规则里没有“total”这一项"),
    ],
)
def test_a_problem_of_a_check_has_its_line(old, new, sentence):
    text = with_checks(RULE.replace(old, new))
    (problem,) = read(text).problems
    assert problem.message.startswith(sentence)
    assert problem.line == line_of(new, text)


def test_the_plan_files_say_what_a_check_needs():
    file = read(with_checks(RULE.replace("    message: 签约 {left} 多于人口 {right}。\n", "")))
    assert [problem.message for problem in file.problems] == ["校验规则缺少“message”"]
    assert replace(file, problems=()).checks[0].message == ""
