"""The Guanyun plan file against what its document is known to ask for, and the form of its citations."""

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
from tests.factories.institutions import InstitutionFactory, RegionFactory

ROOT = Path(__file__).resolve().parent.parent.parent
PATH = ROOT / "fixtures" / "plans" / "guanyun-2019.yaml"
FILE = read(PATH)
WHOLE = expand_plan(FILE)
TARGETS = {target.code: target for _clause, _item, target in WHOLE.targets()}
ITEMS = {item.code: item for _clause, item in FILE.items()}
INDICATORS = {indicator.code: indicator for indicator in WHOLE.indicators}
CLAUSES = {target.code: clause.path for clause, _item, target in WHOLE.targets()}

MUST, AIM = Strength.MUST, Strength.AIM
PLAN, YEAR = Window.PLAN, Window.YEAR
AT_DUE, EVEN, HOLD = Schedule.AT_DUE, Schedule.EVEN, Schedule.HOLD
RATIO, SHARE, EACH = IndicatorKind.RATIO, IndicatorKind.SHARE, IndicatorKind.EACH
TOTAL, DELIVERABLE, STATE = IndicatorKind.TOTAL, IndicatorKind.DELIVERABLE, IndicatorKind.QUALITATIVE
YISHAN, YANGJI, SIDUI, DOUGOU = (f"320723-H{number:02}" for number in (1, 2, 5, 7))

# As read from the document by hand, clause by clause.
ASKED = {
    "gy-benchmarking-all": ("一/3", EACH, 100, MUST, PLAN, AT_DUE),
    "gy-central-recommended": ("一/3", EACH, 100, MUST, PLAN, AT_DUE),
    "gy-others-basic": ("一/3", EACH, 100, MUST, PLAN, AT_DUE),
    "gy-hospitals-standard": ("一/3", EACH, 100, MUST, PLAN, AT_DUE),
    "gy-clinics-standard": ("一/3", SHARE, 90, MUST, PLAN, AT_DUE),
    "gy-model-hospital": ("一/3", TOTAL, 1, MUST, YEAR, AT_DUE),
    "gy-model-clinics": ("一/3", TOTAL, 6, MUST, YEAR, AT_DUE),
    "gy-hospitals-model": ("一/3", SHARE, 70, AIM, PLAN, AT_DUE),
    "gy-clinics-model": ("一/3", SHARE, 10, AIM, PLAN, AT_DUE),
    "gy-special-departments-2": ("一/4", TOTAL, 2, MUST, YEAR, AT_DUE),
    "gy-regional-accepted": ("一/5", DELIVERABLE, 100, MUST, PLAN, AT_DUE),
    "gy-studios-3": ("一/6", EACH, 100, MUST, YEAR, AT_DUE),
    "gy-studio-coverage-10": ("一/6", RATIO, 10, AIM, PLAN, AT_DUE),
    "gy-posts-25": ("二/9", TOTAL, 25, AIM, YEAR, EVEN),
    "gy-training-30": ("二/10", TOTAL, 30, MUST, YEAR, EVEN),
    "gy-training-8": ("二/10", TOTAL, 8, MUST, YEAR, AT_DUE),
    "gy-training-60": ("二/10", TOTAL, 60, MUST, YEAR, EVEN),
    "gy-first-contact-all": ("三/13", EACH, 100, MUST, PLAN, AT_DUE),
    "gy-special-groups-all": ("三/14", RATIO, 100, AIM, YEAR, HOLD),
    "gy-signing-40": ("三/14", RATIO, 40, MUST, YEAR, HOLD),
    "gy-signing-70": ("三/14", RATIO, 70, MUST, YEAR, HOLD),
    "gy-signing-pilot-two": ("三/15", STATE, 100, MUST, PLAN, AT_DUE),
    "gy-menu-signing-10": ("三/15", EACH, 100, MUST, PLAN, AT_DUE),
    "gy-grant-75": ("四/19", RATIO, 75, MUST, PLAN, AT_DUE),
    "gy-grant-issued-all": ("四/19", RATIO, 100, MUST, YEAR, AT_DUE),
    "gy-grant-villages-40": ("四/19", RATIO, 40, MUST, YEAR, HOLD),
    "gy-elderly-checkups-quota": ("四/21", TOTAL, None, MUST, YEAR, EVEN),
    "gy-insured-visits-60": ("五/27", RATIO, 60, MUST, YEAR, HOLD),
    "gy-insurance-fund-30": ("五/27", RATIO, 30, MUST, YEAR, AT_DUE),
    "gy-senior-posts-15": ("五/29", RATIO, 15, MUST, PLAN, AT_DUE),
}


def written(code: str) -> tuple[object, ...]:
    target = TARGETS[code]
    (milestone,) = target.milestones
    kind = INDICATORS[target.indicator].kind
    return CLAUSES[code], kind, milestone.value, target.strength, target.window, target.schedule


def test_the_file_is_right():
    assert FILE.problems == ()
    assert (FILE.header.issuer, FILE.header.published_on) == ("320723", date(2019, 3, 20))
    assert FILE.header.judged_levels == ("county", "township", "institution")


def test_the_clauses_are_numbered_on_through_the_sections():
    numbers = {"一": range(1, 8), "二": range(8, 13), "三": range(13, 19), "四": range(19, 25)}
    numbers |= {"五": range(25, 30), "六": range(30, 35)}
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
    assert {target.comparator for target in TARGETS.values()} == {Comparator.AT_LEAST}


def test_all_is_due_by_the_end_of_the_year_but_the_family_doctors_day():
    days = Counter(milestone.due for target in TARGETS.values() for milestone in target.milestones)
    assert days == {date(2019, 12, 31): 143, date(2019, 5, 19): 1}
    assert TARGETS["gy-doctors-day"].milestones[0].due == date(2019, 5, 19)


def test_hospitals_named_by_the_document():
    named = {code: target.units for code, target in TARGETS.items() if target.units}
    assert named == {
        "gy-regional-accepted": (SIDUI, DOUGOU),
        "gy-studios-3": (YISHAN,),
        "gy-signing-pilot-two": (YISHAN, YANGJI),
        "gy-menu-signing-10": (YISHAN, YANGJI),
    }
    assert ITEMS["gy-regional-centres"].lead == ("四队中心卫生院", "陡沟中心卫生院")


def test_quotas_of_each_hospital():
    assert INDICATORS["doctor-studios-three"].condition.value == 3
    tenth = INDICATORS["menu-signing-tenth"].condition
    assert (str(tenth.value), tenth.over) == ("0.1", "key-group-signed")


def test_central_hospitals_are_asked_more_than_the_others():
    asked = {code: TARGETS[code].scope.grades for code in ("gy-central-recommended", "gy-others-basic")}
    assert asked == {"gy-central-recommended": ("central",), "gy-others-basic": ("general",)}
    assert INDICATORS["recommended-standard-all"].condition.value == 2
    assert INDICATORS["basic-standard-all"].condition.value == 1


def test_residents_are_counted_by_the_official_population():
    assert INDICATORS["signing-rate"].denominator.constant == "resident-population"


def test_what_is_allowed_or_hoped_for_is_not_demanded():
    soft = Counter(target.strength for target in TARGETS.values())
    assert (soft[Strength.AIM], soft[Strength.PERMISSION]) == (13, 2)
    assert TARGETS["gy-menu-signing-others"].strength == Strength.PERMISSION


def test_every_item_has_a_responsible_unit():
    leads = Counter(item.lead for item in ITEMS.values())
    hospitals, bureau = leads["各乡镇（街道）卫生院",], leads["灌云县卫生健康委员会",]
    assert (hospitals, bureau, len(ITEMS)) == (32, 101, 137)


def test_counts_of_the_whole_plan():
    states = [item for item in ITEMS.values() if FILE.is_qualitative(item)]
    assert (len(ITEMS), len(states), len(TARGETS)) == (137, 115, 144)


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
        ("通知", "责任单位"),
        ("一/5", "“农村区域性医疗卫生中心”"),
        ("一/5", "陡沟不是现行乡镇"),
        ("二/9", "“县编乡用”"),
        ("三/14", "“以上”只印在70%之后"),
        ("四/21", "任务数由省下达"),
        ("五/27", "“筹资总额”"),
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


def test_village_clinics_are_asked_three_things():
    asked = [element.code for element in WHOLE.elements if "village_clinic" in element.asked_of.kinds]
    assert asked == ["clinic-provincial-standard", "clinic-provincial-model", "clinic-model-named"]


@pytest.mark.django_db
def test_the_plan_is_loaded_published_and_loaded_again():
    county = RegionFactory(code="320723", level=RegionLevel.COUNTY, kind="county")
    for code in (YISHAN, YANGJI, SIDUI, DOUGOU):
        InstitutionFactory(code=code, region=county)
    now = datetime(2019, 3, 21, 9, tzinfo=SHANGHAI)
    report = plans.load(FILE, by=None, now=now)
    plans.publish(report.plan, by=None, now=now)
    report.plan.refresh_from_db()
    assert (report.plan.state, Target.objects.count()) == (PlanState.PUBLISHED, 144)
    assert set(Target.objects.get(code="gy-menu-signing-10").units.values_list("code", flat=True)) == {YISHAN, YANGJI}
    assert not plans.load(FILE, by=None, now=now).changed
