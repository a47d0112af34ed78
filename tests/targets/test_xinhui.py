"""The Xinhui plan file against what its document is known to ask for, and whom it names for each paragraph."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind
from targets.actions import plans
from targets.enums import Comparator, IndicatorKind, PlanState, Schedule, Strength, Window
from targets.models import Target
from targets.plan_file import expand_plan, read
from tests.factories.institutions import InstitutionFactory, RegionFactory

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = read(ROOT / "fixtures" / "plans" / "xinhui-2017-2018.yaml")
WHOLE = expand_plan(FILE)
CLAUSES = {clause.path: clause for clause in WHOLE.clauses}
TARGETS = {target.code: target for _clause, _item, target in WHOLE.targets()}
INDICATORS = {indicator.code: indicator for indicator in WHOLE.indicators}
QUANTIFIED = {
    code: target for code, target in TARGETS.items() if INDICATORS[target.indicator].kind != IndicatorKind.QUALITATIVE
}

MID, END = date(2017, 12, 31), date(2018, 12, 31)
MUST, AIM, PERMISSION = Strength.MUST, Strength.AIM, Strength.PERMISSION
AT_DUE, HOLD, PLAN, YEAR = Schedule.AT_DUE, Schedule.HOLD, Window.PLAN, Window.YEAR
EACH, RATIO, TOTAL, DELIVERABLE = (
    IndicatorKind.EACH,
    IndicatorKind.RATIO,
    IndicatorKind.TOTAL,
    IndicatorKind.DELIVERABLE,
)

FIGURES = [
    ("xh-equipment-76", EACH, {END: 100}, AIM, PLAN, AT_DUE),
    ("xh-psychiatric-clinic-each", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-markup-compensation", RATIO, {MID: 10, END: 10}, MUST, YEAR, HOLD),
    ("xh-township-standard-2018", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-community-standard-2018", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-town-hospital-each", RATIO, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-huicheng-centre-standard", DELIVERABLE, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-clinics-normalised-goal", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-contract-service-2018", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-township-standard-2017", EACH, {MID: 100}, MUST, PLAN, AT_DUE),
    ("xh-team-service-2017", EACH, {MID: 100}, MUST, PLAN, AT_DUE),
    ("xh-village-clinic-each", RATIO, {END: 100}, AIM, PLAN, AT_DUE),
    ("xh-clinic-area-60", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-clinic-rooms", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-clinics-normalised-2018", EACH, {END: 100}, MUST, PLAN, AT_DUE),
    ("xh-sentinel-80", RATIO, {END: 80}, MUST, PLAN, AT_DUE),
    ("xh-hiv-follow-up-90", RATIO, {END: 90}, MUST, PLAN, AT_DUE),
    ("xh-hiv-treatment-90", RATIO, {END: 90}, MUST, PLAN, AT_DUE),
    ("xh-mdr-screening-80", RATIO, {MID: 80, END: 80}, MUST, YEAR, HOLD),
    ("xh-mdr-treatment-80", RATIO, {END: 80}, MUST, PLAN, AT_DUE),
    ("xh-syphilis-95", RATIO, {MID: 95, END: 95}, MUST, YEAR, HOLD),
    ("xh-birth-defect-centre-2017", DELIVERABLE, {MID: 100}, MUST, PLAN, AT_DUE),
    ("xh-maternal-screening-100", RATIO, {MID: 100, END: 100}, MUST, YEAR, HOLD),
    ("xh-newborn-screening-100", RATIO, {MID: 100, END: 100}, MUST, YEAR, HOLD),
    ("xh-gp-2018", RATIO, {END: 2}, MUST, PLAN, AT_DUE),
    ("xh-village-contracting-2018", EACH, {END: 100}, AIM, PLAN, AT_DUE),
    ("xh-twinned-villages-9", TOTAL, {MID: 9, END: 9}, MUST, YEAR, AT_DUE),
]

# The line 责任单位 of each paragraph under 重点任务, as printed.
HEALTH, PEOPLE = "区卫生计生局", "区人力资源社会保障局"
NAMED = {
    "二/（一）/2/第1段": [HEALTH, "财政局"],
    "二/（一）/2/第2段": [HEALTH],
    "二/（一）/2/第3段": [HEALTH],
    "二/（一）/2/第4段": [HEALTH],
    "二/（二）/2/第1段": [PEOPLE],
    "二/（二）/2/第2段": [],
    "二/（二）/2/第3段": ["区发展改革局", "人力资源社会保障局", "卫生计生局"],
    "二/（二）/2/第4段": [PEOPLE, "财政局", "卫生计生局"],
    "二/（三）/2/第1段": [HEALTH, "编办", "人力资源社会保障局"],
    "二/（三）/2/第2段": [HEALTH, "财政局", "人力资源社会保障局"],
    "二/（三）/2/第3段": [HEALTH, "财政局", "发展改革局", "新会国土资源分局"],
    "二/（四）/2/第1段": [HEALTH],
    "二/（四）/2/第2段": [HEALTH, "财政局", "新会城乡规划分局"],
    "二/（四）/2/第3段": [HEALTH, "财政局"],
    "二/（四）/2/第4段": [HEALTH, "财政局"],
    "二/（五）/2/第1段": [PEOPLE, "民政局"],
    "二/（五）/2/第2段": ["区民政局", "人力资源社会保障局", "财政局"],
    "二/（五）/2/第3段": [HEALTH, "财政局", "残联", "民政局", "人力资源社会保障局"],
    "二/（六）/2/第1段": [PEOPLE, "财政局", "卫生计生局"],
    "二/（六）/2/第2段": [HEALTH, "编办", "教育局", "财政局"],
    "二/（六）/2/第3段": [HEALTH],
}
DEPARTMENTS = "区卫生计生、发展改革、教育、民政、财政、人力资源社会保障、残联、国土资源"


def anomalies(path: str) -> str:
    """All that is noted of a clause, its items and their targets."""
    clause = CLAUSES[path]
    noted = [*clause.anomalies, *(text for item in clause.items for text in item.anomalies)]
    return "\n".join([*noted, *(text for item in clause.items for target in item.targets for text in target.anomalies)])


def test_the_file_is_right():
    assert FILE.problems == ()


def test_every_clause_and_every_paragraph_of_a_task_is_there():
    numbered = {"": 3, "二": 6, "三": 3}
    numbered |= {f"二/（{number}）": 2 for number in "一二三四五六"}
    paragraphs = {"一": 4, "二": 4, "三": 3, "四": 4, "五": 3, "六": 3}
    numbered |= {f"二/（{number}）/2": count for number, count in paragraphs.items()}
    for parent, count in numbered.items():
        assert sum(clause.parent_path == parent for clause in FILE.clauses) == count, parent
    assert len(FILE.clauses) == sum(numbered.values()) == 45


@pytest.mark.parametrize(("code", "kind", "milestones", "strength", "window", "schedule"), FIGURES)
def test_figures_of_the_document(code, kind, milestones, strength, window, schedule):
    target = TARGETS[code]
    assert {each.due: each.value for each in target.milestones} == milestones
    assert (target.strength, target.window, target.schedule) == (strength, window, schedule)
    assert (target.comparator, INDICATORS[target.indicator].kind) == (Comparator.AT_LEAST, kind)


def test_nothing_else_is_a_figure():
    assert list(QUANTIFIED) == [row[0] for row in FIGURES]
    asked = {each.value for target in QUANTIFIED.values() for each in target.milestones}
    needed = {each.condition.value for each in INDICATORS.values() if each.condition}
    assert (asked, needed) == ({2, 9, 10, 80, 90, 95, 100}, {1, 60, 76})


def test_general_practitioners_are_counted_per_ten_thousand_residents():
    indicator = INDICATORS["gp-per-ten-thousand"]
    assert (indicator.denominator.constant, indicator.multiplier) == ("resident-population", Decimal(10000))


def test_the_centre_of_huicheng_is_named():
    named = {code: target.units for code, target in TARGETS.items() if target.units}
    assert named == {"xh-huicheng-centre-standard": ("440705-S01",)}


@pytest.mark.parametrize(
    ("indicator", "codes"),
    [
        ("township-hospital-standard-rate", ["xh-township-standard-2018", "xh-township-standard-2017"]),
        ("clinics-normalised-rate", ["xh-clinics-normalised-goal", "xh-clinics-normalised-2018"]),
        ("family-doctor-team-rate", ["xh-contract-service-2018", "xh-team-service-2017"]),
        ("tiered-care", ["xh-tiered-overall", "xh-tiered-goal"]),
        ("drug-markup-abolished", ["xh-markup-goal", "xh-markup-task"]),
        ("service-prices-adjusted", ["xh-prices-adjusted-goal", "xh-prices-adjusted-task"]),
        ("town-village-integration", ["xh-integration", "xh-integration-village-doctors"]),
    ],
)
def test_what_two_clauses_say_is_asked_once(indicator: str, codes: list[str]):
    assert [target.code for target in TARGETS.values() if target.indicator == indicator] == codes


def test_the_first_unit_named_leads_and_the_others_cooperate():
    found = {path: [*clause.lead, *clause.cooperating] for path, clause in CLAUSES.items() if path.endswith("段")}
    assert found == NAMED
    assert all(len(clause.lead) <= 1 for clause in WHOLE.clauses)


def test_work_items_have_the_units_of_their_paragraph():
    for clause, item in WHOLE.items():
        if item.code != "xh-departments":
            assert (item.lead, item.cooperating) == (clause.lead, clause.cooperating), item.code


def test_units_named_in_the_text_stand_on_their_item():
    [item] = [item for _clause, item in WHOLE.items() if item.code == "xh-departments"]
    assert (item.lead, item.cooperating) == (tuple(DEPARTMENTS.split("、")), ())
    assert all(not clause.lead for path, clause in CLAUSES.items() if not path.endswith("段"))


def test_what_is_allowed_or_hoped_for_is_not_demanded():
    by_strength = {
        strength: [code for code, target in TARGETS.items() if target.strength == strength]
        for strength in (PERMISSION, AIM)
    }
    assert by_strength[PERMISSION] == [
        "xh-doctors-to-townships",
        "xh-clinic-merging",
        "xh-talent-to-grassroots",
        "xh-pay-proportion",
        "xh-private-capital",
    ]
    assert by_strength[AIM] == [
        "xh-illness-within-district",
        "xh-equipment-76",
        "xh-convenient-care",
        "xh-satisfaction",
        "xh-village-clinic-each",
        "xh-assistance-level",
        "xh-quarterly-surplus",
        "xh-village-contracting-2018",
        "xh-local-path",
    ]


def test_dates_of_the_qualitative_work():
    days = {code: tuple(each.due for each in target.milestones) for code, target in TARGETS.items()}
    other = {code: due for code, due in days.items() if code not in QUANTIFIED and due != (END,)}
    assert other == {
        "xh-pilot-extension": (MID,),
        "xh-township-premises": (MID,),
        "xh-critical-insurance-2017": (MID,),
        "xh-aid-fund": (MID, END),
        "xh-outreach-team": (MID, END),
    }


def test_counts_of_the_whole_plan():
    items = [item for _clause, item in FILE.items()]
    assert (len(items), sum(FILE.is_qualitative(item) for item in items)) == (138, 116)
    assert (len(QUANTIFIED), len(TARGETS)) == (27, 143)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("一", "从2016年起算，早于计划期"),
        ("二/（一）/2/第1段", "“从 2016 年起”早于计划期"),
        ("二/（一）/2/第4段", "“3年左右”不是定数"),
        ("二/（二）/2/第1段", "“医保支持方式”疑为“医保支付方式”"),
        ("二/（二）/2/第2段", "未印责任单位"),
        ("二/（三）/1", "两处期限不同"),
        ("二/（三）/2/第3段", "60平方米是否只指合并设置的卫生站"),
        ("二/（四）/2/第1段", "均未写达到年份"),
        ("二/（六）/2/第3段", "“2016至2018”的2016年早于计划期"),
        ("三/（二）", "“未来三年”长于本方案两年的计划期"),
    ],
)
def test_what_is_odd_is_noted(path: str, words: str):
    assert words in anomalies(path)


def test_every_target_has_a_definition_and_short_exact_words():
    for clause, _item, target in WHOLE.targets():
        body = 2 if clause.path == "一" or clause.path.endswith("/1") else 1
        assert INDICATORS[target.indicator].definition.endswith("。"), target.code
        assert 0 < len(target.citation.quote) <= 40, target.code
        assert target.citation.paragraph == body, target.code


def test_citations_follow_the_order_of_the_document():
    offsets = [target.citation.offset for _clause, _item, target in WHOLE.targets()]
    assert offsets == sorted(offsets)


def test_every_element_is_asked_for_a_target():
    used = {code for indicator in WHOLE.indicators for code, _line in indicator.elements()}
    assert used == {element.code for element in WHOLE.elements}
    assert {target.indicator for target in TARGETS.values()} == INDICATORS.keys()


@pytest.mark.django_db
def test_the_plan_is_loaded_published_and_loaded_again():
    district = RegionFactory(code="440705", kind="district")
    InstitutionFactory(code="440705-S01", kind=InstitutionKind.COMMUNITY_CENTRE, region=district)
    now = datetime(2017, 1, 3, 9, tzinfo=SHANGHAI)
    report = plans.load(FILE, by=None, now=now)
    plans.publish(report.plan, by=None, now=now)
    report.plan.refresh_from_db()
    assert (report.plan.state, Target.objects.count()) == (PlanState.PUBLISHED, 143)
    assert not plans.load(FILE, by=None, now=now).changed
