"""The Nanchang plan file against what its document is known to ask for, and the form of its citations."""

from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel
from targets.actions import plans
from targets.enums import Comparator, IndicatorKind, PlanState, Schedule, Strength, Window
from targets.models import Target
from targets.plan_file import expand_plan, read
from tests.factories.institutions import RegionFactory

ROOT = Path(__file__).resolve().parent.parent.parent
PATH = ROOT / "fixtures" / "plans" / "nanchang-2021.yaml"
FILE = read(PATH)
WHOLE = expand_plan(FILE)
TARGETS = {target.code: target for _clause, _item, target in WHOLE.targets()}
ITEMS = {item.code: item for _clause, item in FILE.items()}
INDICATORS = {indicator.code: indicator for indicator in WHOLE.indicators}
CLAUSES = {target.code: clause.path for clause, _item, target in WHOLE.targets()}

PLAN, YEAR = Window.PLAN, Window.YEAR
AT_DUE, EVEN, HOLD = Schedule.AT_DUE, Schedule.EVEN, Schedule.HOLD
RATIO, SHARE, EACH, TOTAL = IndicatorKind.RATIO, IndicatorKind.SHARE, IndicatorKind.EACH, IndicatorKind.TOTAL
COUNTY_BUREAUS = ("各县（区）卫生健康委", "开发区社发局", "湾里管理局")

# As read from the document by hand, clause by clause.
ASKED = {
    "nc-poverty-signing-all": ("二/8", RATIO, 100, YEAR, HOLD),
    "nc-centre-service-all": ("三/9", RATIO, 100, PLAN, AT_DUE),
    "nc-hospital-alliance-all": ("四/13", SHARE, 100, YEAR, HOLD),
    "nc-tight-alliance-30": ("四/13", SHARE, 30, PLAN, AT_DUE),
    "nc-primary-alliance-all": ("四/14", SHARE, 100, PLAN, AT_DUE),
    "nc-alliance-projects-51": ("四/14", TOTAL, 51, YEAR, EVEN),
    "nc-basic-standard-60": ("五/17", SHARE, 60, PLAN, AT_DUE),
    "nc-medicine-institutions": ("五/20", EACH, 100, YEAR, HOLD),
    "nc-medicine-villages": ("五/20", RATIO, 100, YEAR, HOLD),
    "nc-medicine-share-70": ("五/20", RATIO, 70, YEAR, HOLD),
}


def written(code: str) -> tuple[object, ...]:
    target = TARGETS[code]
    (milestone,) = target.milestones
    return CLAUSES[code], INDICATORS[target.indicator].kind, milestone.value, target.window, target.schedule


def test_the_file_is_right():
    assert FILE.problems == ()
    assert (FILE.header.issuer, FILE.header.published_on) == ("360100", date(2021, 3, 26))
    assert FILE.header.judged_levels == ("city", "county")


def test_the_clauses_are_numbered_on_through_the_sections():
    numbers = {"一": range(1, 5), "二": range(5, 9), "三": range(9, 12), "四": range(12, 16)}
    numbers |= {"五": range(16, 21), "六": range(21, 24), "七": range(24, 27)}
    expected = ["通知", "总体要求"]
    for section, within in numbers.items():
        expected += [section, *(f"{section}/{number}" for number in within)]
    assert [clause.path for clause in FILE.clauses] == expected


@pytest.mark.parametrize("code", ASKED)
def test_figures_of_the_document(code: str):
    assert written(code) == ASKED[code]


def test_no_other_figure_is_a_target():
    quantified = {target.code for _clause, _item, target in FILE.targets()}
    assert quantified == ASKED.keys()
    assert {target.strength for _clause, _item, target in FILE.targets()} == {Strength.MUST}
    assert {target.comparator for target in TARGETS.values()} == {Comparator.AT_LEAST}
    assert {milestone.due for target in TARGETS.values() for milestone in target.milestones} == {date(2021, 12, 31)}


def test_one_indicator_serves_hospitals_and_primary_institutions():
    shared = {target.code: target.scope for target in TARGETS.values() if target.indicator == "alliance-rate"}
    assert {code: (scope.kinds, scope.ownerships) for code, scope in shared.items()} == {
        "nc-hospital-alliance-all": (("hospital",), ("public",)),
        "nc-primary-alliance-all": (("township_hospital", "community_centre", "community_station"), ("public",)),
    }


def test_the_tight_alliance_is_not_only_of_public_institutions():
    assert TARGETS["nc-tight-alliance-30"].scope.ownerships == ()


def test_what_is_allowed_or_hoped_for_is_not_demanded():
    soft = {code: target.strength for code, target in TARGETS.items() if target.strength != Strength.MUST}
    assert soft == {
        "nc-health-group": Strength.AIM,
        "nc-projects": Strength.AIM,
        "nc-community-hospitals": Strength.AIM,
        "nc-chronic-department": Strength.PERMISSION,
    }


def test_every_item_has_a_responsible_unit():
    leads = Counter(item.lead for item in ITEMS.values())
    assert leads == {
        COUNTY_BUREAUS: 73,
        ("南昌市卫生健康委员会",): 9,
        ("医保部门",): 2,
        ("定点医院",): 1,
        ("各县区",): 1,
    }


def test_what_the_city_does_itself_is_asked_of_the_city():
    asked = [
        item.code for item in ITEMS.values() if item.qualitative and item.qualitative.asked_of.bureau_level == "city"
    ]
    assert asked == [item.code for item in ITEMS.values() if item.lead == ("南昌市卫生健康委员会",)]


def test_counts_of_the_whole_plan():
    states = [item for item in ITEMS.values() if FILE.is_qualitative(item)]
    assert (len(ITEMS), len(states), len(TARGETS)) == (86, 77, 87)


def test_every_target_has_a_definition_and_short_exact_words():
    for target in TARGETS.values():
        assert INDICATORS[target.indicator].definition.endswith("。"), target.code
        assert 0 < len(target.citation.quote) <= 40, target.code


def test_citations_follow_the_order_of_the_clauses():
    last = 0
    for clause in WHOLE.clauses:
        offsets = [target.citation.offset for item in clause.items for target in item.targets]
        assert offsets == sorted(offsets), clause.path
        assert all(offset > last for offset in offsets), clause.path
        last = max(offsets, default=last)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("通知", "“湾里管理局”不是县（区）"),
        ("二/8", "“贫困户”"),
        ("四/14", "两个基数不同"),
        ("四/14", "没有分解到县（区）"),
        ("四/15", "其下三条却没有签约内容"),
        ("五/20", "“20、”"),
    ],
)
def test_what_is_odd_is_said_at_its_clause(path: str, words: str):
    (clause,) = [clause for clause in FILE.clauses if clause.path == path]
    texts = [*clause.anomalies, *(text for item in clause.items for text in item.anomalies)]
    texts += [text for item in clause.items for target in item.targets for text in target.anomalies]
    assert sum(words in text for text in texts) == 1


def test_every_element_is_asked_for_a_target():
    used = {code for indicator in WHOLE.indicators for code, _line in indicator.elements()}
    assert used == {element.code for element in WHOLE.elements}
    assert {target.indicator for target in TARGETS.values()} == INDICATORS.keys()


@pytest.mark.django_db
def test_the_plan_is_loaded_published_and_loaded_again():
    RegionFactory(code="360100", level=RegionLevel.CITY, kind="city")
    now = datetime(2021, 3, 29, 9, tzinfo=SHANGHAI)
    report = plans.load(FILE, by=None, now=now)
    plans.publish(report.plan, by=None, now=now)
    report.plan.refresh_from_db()
    assert (report.plan.state, Target.objects.count()) == (PlanState.PUBLISHED, 87)
    assert not plans.load(FILE, by=None, now=now).changed
