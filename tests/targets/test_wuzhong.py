"""The Wuzhong plan file against what its document asks for, as read by hand."""

from datetime import date, datetime
from pathlib import Path

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel
from targets.actions import plans
from targets.enums import Comparator, IndicatorKind, PlanState, Schedule, Strength, Window
from targets.models import Target
from targets.plan_file import expand_plan, read
from tests.factories.institutions import InstitutionFactory, RegionFactory

FILE = read(Path(__file__).resolve().parent.parent.parent / "fixtures" / "plans" / "wuzhong-2019.yaml")
WHOLE = expand_plan(FILE)
TARGETS = {target.code: target for _clause, _item, target in WHOLE.targets()}
INDICATORS = {indicator.code: indicator for indicator in WHOLE.indicators}
ELEMENTS = {element.code: element for element in WHOLE.elements}
CLAUSES = {clause.path: clause for clause in FILE.clauses}
YEAR_END = date(2019, 12, 31)
NUMERALS = "一二三四五六七八九"

# code: kind, value, window, schedule
FIGURES = {
    "wz-performance-pay-growth": (IndicatorKind.RATIO, 10, Window.YEAR, Schedule.AT_DUE),
    "wz-alliance-community-70": (IndicatorKind.SHARE, 70, Window.PLAN, Schedule.AT_DUE),
    "wz-consortium-townships": (IndicatorKind.SHARE, 50, Window.PLAN, Schedule.AT_DUE),
    "wz-key-group-signing": (IndicatorKind.RATIO, 65, Window.PLAN, Schedule.AT_DUE),
    "wz-one-code": (IndicatorKind.EACH, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-integrated-townships": (IndicatorKind.SHARE, 50, Window.PLAN, Schedule.AT_DUE),
    "wz-model-bodies": (IndicatorKind.EACH, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-alliance-community-100": (IndicatorKind.SHARE, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-huianbao-expansion": (IndicatorKind.DELIVERABLE, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-huianbao-standard": (IndicatorKind.DELIVERABLE, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-elderly-checkups": (IndicatorKind.RATIO, 100, Window.YEAR, Schedule.EVEN),
    "wz-hypertension-managed": (IndicatorKind.RATIO, 100, Window.YEAR, Schedule.EVEN),
    "wz-diabetes-managed": (IndicatorKind.RATIO, 100, Window.YEAR, Schedule.EVEN),
    "wz-paired-staff": (IndicatorKind.EACH, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-quality-centres": (IndicatorKind.TOTAL, 1, Window.YEAR, Schedule.AT_DUE),
    "wz-blood-nucleic-acid": (IndicatorKind.RATIO, 100, Window.YEAR, Schedule.HOLD),
    "wz-families-contact": (IndicatorKind.RATIO, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-families-green-channel": (IndicatorKind.RATIO, 100, Window.PLAN, Schedule.AT_DUE),
    "wz-families-doctor": (IndicatorKind.RATIO, 100, Window.PLAN, Schedule.AT_DUE),
}
NAMED = {
    "wz-yanchi-pilot": ("640323-B01",),
    "wz-third-class-group": ("640300-Y01",),
    "wz-third-class-programme": ("640300-Y01",),
    "wz-third-class-role": ("640300-Y01",),
    "wz-third-class-measures": ("640300-Y01",),
    "wz-sanitary-counties": ("640324-B01", "640303-B01"),
    "wz-huianbao-expansion": ("640323-H03",),
    "wz-huianbao-standard": ("640323-H03",),
    "wz-tongxin-tcm": ("640324-B01",),
}


def kind_of(code: str) -> str:
    return INDICATORS[TARGETS[code].indicator].kind


def numeral(number: int) -> str:
    """1 to 99 as a clause is numbered: 七, 十四, 四十二."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else NUMERALS[tens - 1]) + ("十" if tens else "") + (NUMERALS[ones - 1] if ones else "")


def test_the_file_is_right():
    assert FILE.problems == ()


def test_every_clause_is_there_numbered_or_not():
    numbered = [clause.path.rpartition("/")[2] for clause in FILE.clauses if clause.parent_path]
    assert numbered == [f"（{numeral(number)}）" for number in range(1, 43)]
    headings = [clause.path for clause in FILE.clauses if not clause.parent_path]
    unnumbered = ["〔无号一〕", "〔无号二〕", "〔无号三〕"]
    assert headings == ["〔引言〕", "一", "二", "二〔重〕", "三", "四", *unnumbered, "八", "九", "〔无号四〕"]


def test_every_numbered_clause_has_work_and_somebody_who_answers_for_it():
    assert all(clause.items and clause.lead for clause in FILE.clauses if clause.parent_path)


def test_the_figures_are_these_and_no_others():
    quantified = [code for code in TARGETS if kind_of(code) != IndicatorKind.QUALITATIVE]
    assert quantified == list(FIGURES)


@pytest.mark.parametrize(("code", "expected"), FIGURES.items())
def test_figures_of_the_document(code, expected):
    target = TARGETS[code]
    (milestone,) = target.milestones
    assert (kind_of(code), milestone.value, target.window, target.schedule) == expected
    assert (milestone.due, target.strength) == (YEAR_END, Strength.MUST)


def test_only_pay_has_an_upper_end_that_limits():
    ranges = {code: target.milestones[0].high for code, target in TARGETS.items() if target.milestones[0].high}
    assert ranges == {"wz-performance-pay-growth": 20}
    capped = [code for code, target in TARGETS.items() if target.comparator != Comparator.AT_LEAST]
    assert capped == ["wz-performance-pay-growth"]


def test_pay_is_compared_with_the_year_before():
    indicator = INDICATORS["performance-pay-growth"]
    assert (indicator.denominator.kind, indicator.multiplier, indicator.offset) == ("last_year", 100, -100)


def test_seventy_and_a_hundred_percent_are_one_indicator():
    both = [TARGETS[f"wz-alliance-community-{value}"] for value in (70, 100)]
    assert [(target.indicator, target.scope.kinds) for target in both] == [
        ("alliance-rate", ("community_centre", "community_station"))
    ] * 2
    assert all(target.anomalies for target in both)


def test_the_three_tasks_of_the_year_are_measured_against_what_was_assigned():
    codes = ("wz-elderly-checkups", "wz-hypertension-managed", "wz-diabetes-managed")
    assert [INDICATORS[TARGETS[code].indicator].denominator.kind for code in codes] == ["quota"] * 3


@pytest.mark.parametrize(("indicator", "least"), [("integrated-models-all", 2), ("paired-staff-all", 1)])
def test_quotas_of_each_unit(indicator: str, least: int):
    assert INDICATORS[indicator].condition.value == least


def test_one_code_is_asked_of_hospitals_from_the_second_grade_up():
    scope = TARGETS["wz-one-code"].scope
    assert (scope.kinds, scope.grades) == (("hospital", "maternal_child"), ("second", "third"))


def test_named_units():
    assert {code: target.units for code, target in TARGETS.items() if target.units} == NAMED


def test_what_is_explored_or_encouraged_is_not_demanded():
    soft = [target.strength for target in TARGETS.values() if target.strength != Strength.MUST]
    assert (soft.count(Strength.AIM), soft.count(Strength.PERMISSION)) == (12, 2)


def test_counts_of_the_whole_plan():
    items = [item for _clause, item in FILE.items()]
    assert (len(items), sum(FILE.is_qualitative(item) for item in items)) == (230, 217)
    assert len(TARGETS) == 236


def test_what_is_said_twice_is_asked_once():
    by_element: dict[str, list[str]] = {}
    for code, target in TARGETS.items():
        by_element.setdefault(INDICATORS[target.indicator].element, []).append(code)
    assert {element: codes for element, codes in by_element.items() if len(codes) > 1} == {
        "in-alliance": ["wz-alliance-community-70", "wz-alliance-community-100"],
        "primary-care-network": ["wz-network-primary-care", "wz-network-bandwidth"],
        "population-monitoring": ["wz-population-statistics", "wz-population-analysis"],
    }


def test_what_is_odd_is_kept_with_its_clause():
    odd = {path: "".join(clause.anomalies) for path, clause in CLAUSES.items()}
    assert "“二、”出现两次" in odd["〔引言〕"]
    assert "“100%以上”不合数理" in odd["四/（十七）"]
    assert "半角逗号" in odd["四/（十七）"]
    assert "“大病集中教治一批”疑为“救治”" in odd["三/（十六）"]
    assert "病院微生物实验室" in odd["〔无号二〕/（三十）"]
    assert all("标题没有编号" in odd[path] for path in odd if path.startswith("〔无号") and "/" not in path)


def test_no_figure_that_is_none_is_cited_as_a_target():
    words = "".join(TARGETS[code].citation.quote for code in FIGURES)
    assert not [each for each in ("120", "三甲", "十八项", "千名", "三年", "第四批", "五项", "四统一") if each in words]


def test_every_target_has_a_definition_and_short_exact_words():
    for target in TARGETS.values():
        assert INDICATORS[target.indicator].definition.endswith("。"), target.code
        assert 0 < len(target.citation.quote) <= 40, target.code


def test_citations_follow_the_order_of_the_document():
    offsets = [target.citation.offset for target in TARGETS.values()]
    assert offsets == sorted(offsets)


def test_every_element_is_asked_for_a_target():
    used = {code for indicator in WHOLE.indicators for code, _line in indicator.elements()}
    assert used == set(ELEMENTS)
    assert {target.indicator for target in TARGETS.values()} == INDICATORS.keys()


@pytest.mark.django_db
def test_the_plan_is_loaded_published_and_loaded_again():
    city = RegionFactory(code="640300", level=RegionLevel.CITY, kind="city")
    for code in sorted({unit for units in NAMED.values() for unit in units}):
        InstitutionFactory(code=code, region=city)
    now = datetime(2019, 2, 19, 9, tzinfo=SHANGHAI)
    report = plans.load(FILE, by=None, now=now)
    plans.publish(report.plan, by=None, now=now)
    report.plan.refresh_from_db()
    assert (report.plan.state, Target.objects.count()) == (PlanState.PUBLISHED, 236)
    assert not plans.load(FILE, by=None, now=now).changed
