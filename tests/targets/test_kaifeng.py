"""The Kaifeng plan file against what its document is known to ask for, and the form of its citations."""

from datetime import date, datetime
from pathlib import Path

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel
from targets.actions import plans
from targets.enums import IndicatorKind, PlanState, Schedule, Strength, Window
from targets.models import Target
from targets.plan_file import expand_plan, read
from tests.factories.institutions import RegionFactory

ROOT = Path(__file__).resolve().parent.parent.parent
PATH = ROOT / "fixtures" / "plans" / "kaifeng-2023-2025.yaml"
FILE = read(PATH)
WHOLE = expand_plan(FILE)
TARGETS = {target.code: target for _clause, _item, target in WHOLE.targets()}
INDICATORS = {indicator.code: indicator for indicator in WHOLE.indicators}

YEARS = (2023, 2024, 2025)


def values(code: str) -> list[tuple[date, int]]:
    return [(each.due, int(each.value)) for each in TARGETS[code].milestones]


def at_year_ends(*amounts: int, first: int = 2023) -> list[tuple[date, int]]:
    return [(date(first + n, 12, 31), amount) for n, amount in enumerate(amounts)]


def test_the_file_is_right():
    assert FILE.problems == ()


def test_every_numbered_clause_is_there():
    numbered = {"3/（1）": 6, "3/（二）": 3, "3/（二）/2": 2, "3/（二）/3": 2, "3/（三）": 4, "3/（四）": 3}
    numbered |= {"3/（五）": 3, "3/（五）/2": 4, "3/（五）/3": 3, "3": 5, "四": 4, "": 4}
    for parent, count in numbered.items():
        assert sum(clause.parent_path == parent for clause in FILE.clauses) == count, parent
    assert len(FILE.clauses) == sum(numbered.values()) == 43


@pytest.mark.parametrize(
    ("code", "milestones", "window", "schedule"),
    [
        ("kf-new-centres", at_year_ends(2, 2, 4), Window.YEAR, Schedule.AT_DUE),
        ("kf-new-stations", at_year_ends(10, 30, 21), Window.YEAR, Schedule.EVEN),
        ("kf-street-centres", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-community-stations", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-urban-coverage", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-community-standardised", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-clinics-800", at_year_ends(800, 800), Window.YEAR, Schedule.EVEN),
        ("kf-clinics-all", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-recommended-standard", at_year_ends(40, 50, 60), Window.PLAN, Schedule.AT_DUE),
        ("kf-secondary-hospital", at_year_ends(6, 10, 20), Window.PLAN, Schedule.AT_DUE),
        ("kf-equipment-complete", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-model-applications", at_year_ends(100, 100, 100), Window.YEAR, Schedule.AT_DUE),
        ("kf-model-built", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-recruitment-yearly", at_year_ends(100, 100, 100), Window.YEAR, Schedule.AT_DUE),
        ("kf-teams-trained", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-surplus-bonus", at_year_ends(60, 60, 60), Window.YEAR, Schedule.HOLD),
        ("kf-contract-income", at_year_ends(70, 70, 70), Window.YEAR, Schedule.HOLD),
        ("kf-gp-income-parity", at_year_ends(100, 100, 100), Window.YEAR, Schedule.HOLD),
        ("kf-teleconsultation-all", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-it-staff-all", at_year_ends(100, first=2025), Window.PLAN, Schedule.AT_DUE),
        ("kf-primary-visits", at_year_ends(65, 65, 65), Window.YEAR, Schedule.HOLD),
        ("kf-publicity-month-yearly", at_year_ends(100, 100, 100), Window.YEAR, Schedule.AT_DUE),
    ],
)
def test_figures_of_the_document(code, milestones, window, schedule):
    target = TARGETS[code]
    assert (values(code), target.window, target.schedule) == (milestones, window, schedule)


def test_the_fund_is_inspected_in_the_middle_and_at_the_end_of_each_year():
    expected = [(date(year, month, day), count) for year in YEARS for month, day, count in ((6, 30, 1), (12, 31, 2))]
    assert values("kf-fund-inspections") == expected
    assert TARGETS["kf-fund-inspections"].scope.kinds == ("supervision_office",)


def test_a_county_builds_two_model_sites_and_a_district_one():
    condition = INDICATORS["model-site-rate"].condition
    assert dict(condition.by_class) == {"county": 2, "district": 1, "zone": 1}


@pytest.mark.parametrize(
    ("indicator", "least"),
    [("model-site-application-rate", 2), ("recruitment-rate", 1), ("publicity-month-rate", 1), ("it-staff-rate", 1)],
)
def test_quotas_of_each_unit(indicator: str, least: int):
    assert INDICATORS[indicator].kind == IndicatorKind.EACH
    assert INDICATORS[indicator].condition.value == least


def test_what_is_allowed_or_hoped_for_is_not_demanded():
    soft = {code: target.strength for code, target in TARGETS.items() if target.strength != Strength.MUST}
    assert soft["kf-surplus-bonus"] == soft["kf-mini-branch"] == soft["kf-green-channel"] == Strength.PERMISSION
    assert soft["kf-contract-income"] == soft["kf-street-centres"] == soft["kf-gp-income-parity"] == Strength.AIM
    assert sum(strength == Strength.PERMISSION for strength in soft.values()) == 12
    assert sum(strength == Strength.AIM for strength in soft.values()) == 7


def test_counts_of_the_whole_plan():
    items = [item for _clause, item in FILE.items()]
    quantified = [each for each in TARGETS.values() if INDICATORS[each.indicator].kind != IndicatorKind.QUALITATIVE]
    assert (len(items), sum(FILE.is_qualitative(item) for item in items)) == (101, 84)
    assert (len(quantified), len(TARGETS)) == (23, 107)


def test_what_is_said_three_times_is_asked_once():
    shared = [target.code for target in TARGETS.values() if target.indicator == "class-one-funding"]
    assert shared == ["kf-class-one-equipment", "kf-class-one-incentive", "kf-class-one-resources"]


def test_every_target_has_a_definition_and_short_exact_words():
    for target in TARGETS.values():
        indicator = INDICATORS[target.indicator]
        assert indicator.definition.endswith("。"), target.code
        assert 0 < len(target.citation.quote) <= 40, target.code
        assert target.citation.paragraph in (1, 2), target.code


def test_citations_follow_the_order_of_the_clauses():
    last = 0
    for clause in WHOLE.clauses:
        offsets = [target.citation.offset for item in clause.items for target in item.targets]
        assert all(offset > last for offset in offsets), clause.path
        last = max(offsets, default=last)


def test_a_figure_of_its_own_year_has_its_own_words():
    for code in ("kf-new-centres", "kf-recommended-standard", "kf-secondary-hospital"):
        assert [milestone.quote[:5] for milestone in TARGETS[code].milestones] == ["2023年", "2024年", "2025年"]


def test_every_element_is_asked_for_a_target():
    used = {code for indicator in WHOLE.indicators for code, _line in indicator.elements()}
    assert used == {element.code for element in WHOLE.elements}
    assert {target.indicator for target in TARGETS.values()} == INDICATORS.keys()


def test_village_clinics_are_asked_two_things():
    asked = [element.code for element in WHOLE.elements if "village_clinic" in element.asked_of.kinds]
    assert asked == ["clinic-standardised", "clinic-standardised-now"]


@pytest.mark.django_db
def test_the_plan_is_loaded_published_and_loaded_again():
    RegionFactory(code="410200", level=RegionLevel.CITY, kind="city")
    now = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)
    report = plans.load(FILE, by=None, now=now)
    plans.publish(report.plan, by=None, now=now)
    report.plan.refresh_from_db()
    assert (report.plan.state, Target.objects.count()) == (PlanState.PUBLISHED, 107)
    assert not plans.load(FILE, by=None, now=now).changed
