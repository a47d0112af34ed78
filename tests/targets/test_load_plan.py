from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel
from institutions.models import AuditRecord
from targets.actions import plans
from targets.actions.loading import CREATED, REMOVED, UNCHANGED, UPDATED, PlanRefused
from targets.enums import ElementType, PlanState
from targets.models import (
    Anomaly,
    Clause,
    ConditionValue,
    DataElement,
    Indicator,
    Milestone,
    Plan,
    Target,
    Terms,
    WorkItem,
)
from targets.plan_file import read
from tests.factories.institutions import InstitutionFactory, RegionFactory, UserFactory
from tests.factories.targets import DataElementFactory, IndicatorFactory, TargetFactory
from tests.targets.small_plan import DOCUMENT, SMALL, line_of

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)
LATER = datetime(2023, 6, 1, 9, tzinfo=SHANGHAI)


@pytest.fixture(autouse=True)
def city():
    return RegionFactory(code="410200", name="开封市", level=RegionLevel.CITY, kind="city")


def load(text: str = SMALL, by=None, now=NOW):
    return plans.load(read(text), by=by, now=now)


def replaced(old: str, new: str) -> str:
    assert SMALL.count(old) == 1
    return SMALL.replace(old, new)


def sentences(text: str) -> list[str]:
    with pytest.raises(PlanRefused) as refused:
        load(text)
    return [problem.message for problem in refused.value.problems]


def rows() -> list[int]:
    models = (Plan, Clause, WorkItem, DataElement, Indicator, Target, Terms, Milestone, Anomaly)
    return [model.objects.count() for model in models]


def test_load_makes_every_part(city):
    report = load()
    assert rows() == [1, 1, 2, 3, 2, 2, 2, 4, 3]
    assert report.plan == Plan.objects.get(code="small", issuer=city, state=PlanState.DRAFT)
    assert report.total(CREATED) == 20
    assert report.lines()[0] == "工作计划：新增 1，更新 0，未变 0，删除 0"


def test_a_target_is_pinned_to_its_words():
    load()
    target = Target.objects.get(code="sm-rate")
    assert (target.quote, target.offset, target.paragraph) == ("2023年签约率达到40%", 5, 2)
    assert (target.item.code, target.item.clause.path, target.kinds) == ("sm-signing", "一", ["township_hospital"])
    terms = target.terms.get()
    assert (terms.effective_from, terms.made_at, terms.made_by) == (date(2023, 1, 1), NOW, None)
    assert list(terms.milestones.values_list("value", "quote")) == [
        (Decimal(40), ""),
        (Decimal(50), "2024年签约率达到50%"),
    ]


def test_a_ratio_divides_by_its_other_element():
    load()
    indicator = Indicator.objects.get(code="signing-rate")
    assert (indicator.element.code, indicator.over.code, indicator.denominator) == ("signed", "residents", "element")
    assert indicator.element.whole.code == "residents"


def test_a_qualitative_item_is_asked_as_a_state():
    load()
    target = Target.objects.get(code="sm-referral")
    element = target.indicator.element
    assert target.item.qualitative
    assert (element.type, element.levels) == (ElementType.LEVEL, ["未完成", "基本完成", "全部完成"])
    assert (element.kinds, element.bureau_level) == (["bureau"], "county")
    assert [anomaly.text for anomaly in target.anomalies.all()] == ["没有期限"]


def test_a_class_of_units_has_its_own_number():
    text = replaced("kind: ratio", "kind: each\n    condition: {at_least: 1, by_class: {central: 2}}")
    load(text.replace("    denominator: {element: residents}\n    multiplier: 100\n", ""))
    assert list(ConditionValue.objects.values_list("unit_class", "value")) == [("central", Decimal(2))]


def test_a_second_load_changes_nothing():
    load()
    before = rows()
    report = load(now=LATER)
    assert rows() == before
    assert (report.total(UNCHANGED), report.changed) == (20, False)
    assert AuditRecord.objects.filter(action="plan.load").count() == 1
    assert Terms.objects.filter(made_at=NOW).count() == 2


def test_a_changed_file_updates_a_draft():
    load()
    report = load(replaced("value: 40}", "value: 45}").replace("title: 提高签约率", "title: 签约率再提高"))
    assert {model: counter[UPDATED] for model, counter in report.counts.items() if counter[UPDATED]} == {
        Milestone: 1,
        WorkItem: 1,
    }
    assert WorkItem.objects.get(code="sm-signing").title == "签约率再提高"


def test_what_left_the_file_leaves_a_draft():
    load()
    report = load(SMALL[: SMALL.index("      - code: sm-referral")])
    assert rows() == [1, 1, 1, 3, 2, 1, 1, 2, 2]
    assert report.counts[Target][REMOVED] == 1


def test_a_draft_whose_first_day_moves_keeps_one_set_of_terms():
    load()
    load(replaced("first_day: 2023-01-01", "first_day: 2023-04-01"))
    assert set(Terms.objects.values_list("effective_from", flat=True)) == {date(2023, 4, 1)}
    assert (Terms.objects.count(), Milestone.objects.count()) == (2, 4)


def test_without_its_region_a_plan_is_refused(city):
    city.delete()
    with pytest.raises(PlanRefused) as refused:
        load()
    (problem,) = refused.value.problems
    assert (problem.line, problem.message) == (
        line_of("issuer:"),
        "没有代码为“410200”的行政区划，请先录入发文地区",
    )


TEN_FAULTS = [
    ("first_day: 2023-01-01", "first_day: 2023-13-01"),
    ("judged_levels: [city, county]", "judged_levels: [city, hamlet]"),
    ("part_of: residents", "part_of: people"),
    ("unit: 人\n    accumulates: stock\n    asked_of: {kinds: [township_hospital, community_centre]}",
     "unit: 人\n    accumulates: always\n    asked_of: {kinds: [township_hospital, community_centre]}"),
    ("kind: ratio", "kind: average"),
    ("comparator: at_least", "comparator: about"),
    ("window: plan", "window: plan\n            weight: 3"),
    ("value: 40}", "value: 40, high: 30}"),
    ("quote: 2023年签约率达到40%, ", ""),
    ("          definition: 已印发并执行的填全部完成。\n", ""),
]  # fmt: skip


def test_ten_faults_are_ten_sentences_with_lines_and_load_nothing():
    text = SMALL
    for old, new in TEN_FAULTS:
        assert text.count(old) == 1
        text = text.replace(old, new)
    with pytest.raises(PlanRefused) as refused:
        load(text)
    found = refused.value.problems
    assert [problem.line for problem in found] == [
        line_of("2023-13-01", text),
        line_of("hamlet", text),
        line_of("part_of: people", text),
        line_of("accumulates: always", text),
        line_of("kind: average", text),
        line_of("comparator: about", text),
        line_of("weight: 3", text),
        line_of("high: 30", text),
        line_of("citation: {offset: 5", text),
        line_of("qualitative:", text) + 1,
    ]
    assert len({problem.message for problem in found}) == 10
    assert rows() == [0] * 9


def test_a_fault_found_while_loading_undoes_it_all():
    text = replaced("comparator: at_least", "units: [U-1]\n            comparator: at_least")
    assert sentences(text) == ["名录里没有代码为“U-1”的机构"]
    assert rows() == [0] * 9


def test_named_units_are_those_of_the_register():
    unit = InstitutionFactory(code="U-1")
    load(replaced("comparator: at_least", "units: [U-1]\n            comparator: at_least"))
    assert list(Target.objects.get(code="sm-rate").units.all()) == [unit]


def test_an_element_of_another_plan_is_not_overwritten():
    element = DataElementFactory(code="signed", definition="另一口径。")
    TargetFactory(indicator=IndicatorFactory(element=element))
    assert sentences(SMALL)[0] == (
        f"“signed”（{element.name}）已有其他计划使用，口径不同，不能覆盖；请改用另一代号或统一口径"
    )
    element.refresh_from_db()
    assert element.definition == "另一口径。"


def test_the_same_element_serves_two_plans():
    load()
    second = SMALL.replace("code: small", "code: other").replace("sm-", "ot-")
    report = load(second)
    assert (report.counts[DataElement][UNCHANGED], report.counts[DataElement][CREATED]) == (2, 1)
    assert Indicator.objects.get(code="signing-rate").targets.count() == 2


def test_last_years_file_under_a_new_code_is_a_plan_of_its_own():
    """Codes of items and targets stand once in a plan; the plan that had them first stays as it is."""
    first = load().plan
    before = dict(Target.objects.filter(plan=first).values_list("code", "pk"))
    second = load(SMALL.replace("code: small", "code: other"))
    assert second.plan != first
    assert (second.counts[Target][CREATED], second.total(REMOVED)) == (len(before), 0)
    assert second.counts[DataElement][CREATED] == 0
    assert dict(Target.objects.filter(plan=first).values_list("code", "pk")) == before
    assert not load(SMALL).changed
    assert not load(SMALL.replace("code: small", "code: other")).changed


def test_publish_puts_a_plan_in_force():
    user = UserFactory()
    plan = load().plan
    plans.publish(plan, by=user, now=NOW)
    plan.refresh_from_db()
    assert (plan.state, plan.published_at, plan.published_by) == (PlanState.PUBLISHED, NOW, user)
    assert AuditRecord.objects.get(action="plan.publish").by == user


def test_publishing_again_keeps_the_first_time():
    plan = load().plan
    plans.publish(plan, by=None, now=NOW)
    plans.publish(plan, by=None, now=LATER)
    plan.refresh_from_db()
    assert plan.published_at == NOW


def test_a_target_without_citation_or_definition_is_not_published():
    plan = load().plan
    Target.objects.filter(code="sm-rate").update(quote="")
    Indicator.objects.filter(code="signing-rate").update(definition=" ")
    with pytest.raises(PlanRefused) as refused:
        plans.publish(plan, by=None, now=NOW)
    assert [problem.message for problem in refused.value.problems] == ["目标“签约率”缺少引文、口径，不能发布"]
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT


@pytest.fixture
def published():
    plan = load().plan
    plans.publish(plan, by=None, now=NOW)
    return plan


def test_a_published_plan_loads_again_unchanged(published):
    assert not load().changed


def test_words_of_a_published_plan_can_be_corrected(published):
    load(SMALL.replace("提高签约率", "签约率"))
    assert WorkItem.objects.get(code="sm-signing").title == "签约率"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("value: 40}", "value: 45}", "计划已发布，“2023-12-31 40.0000”的目标值有变，应作为修订办理"),
        ("strength: must", "strength: aim", "计划已发布，“签约率 2023-01-01”的约束力有变，应作为修订办理"),
        ("multiplier: 100", "multiplier: 1000", "计划已发布，“签约率”的multiplier有变，应作为修订办理"),
        ("{due: 2023-12-31, value: 40}", "{due: 2023-06-30, value: 40}",
         "计划已发布，文件里却没有了：2023-12-31 40.0000"),
    ],
)  # fmt: skip
def test_what_a_published_plan_is_judged_by_needs_a_revision(published, old, new, sentence):
    assert sentence in sentences(replaced(old, new))
    assert Milestone.objects.get(due=date(2023, 12, 31), value=40)


def test_a_published_plan_takes_no_new_target(published):
    copy = SMALL[SMALL.index("          - code: sm-rate") : SMALL.index("      - code: sm-referral")]
    text = SMALL.replace(copy, copy + copy.replace("sm-rate", "sm-second"))
    assert sentences(text) == ["计划已发布，不能再增加：签约率"]


@pytest.fixture
def plan_path(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def test_the_command_prints_what_it_did(plan_path: Path):
    out = StringIO()
    call_command("load_plan", plan_path, publish=True, stdout=out)
    assert out.getvalue().splitlines()[:3] == [
        "签约工作方案",
        "  工作计划：新增 1，更新 0，未变 0，删除 0",
        "  条款：新增 1，更新 0，未变 0，删除 0",
    ]
    assert Plan.objects.get().state == PlanState.PUBLISHED


def test_the_command_names_file_and_line_of_a_fault(plan_path: Path):
    plan_path.write_text(SMALL.replace("window: plan", "window: week"), encoding="utf-8")
    errors = StringIO()
    with pytest.raises(CommandError, match="有 1 处问题，没有载入任何内容"):
        call_command("load_plan", plan_path, stderr=errors)
    assert errors.getvalue() == (
        f"small.yaml:{line_of('window: plan')}：目标的“window”不能是“week”，只能是：year、plan\n"
    )
    assert rows() == [0] * 9


def test_a_missing_file_is_one_sentence(tmp_path: Path):
    with pytest.raises(CommandError, match="找不到计划文件"):
        call_command("load_plan", tmp_path / "none.yaml")


def test_check_citations_counts_what_agrees(plan_path: Path):
    document, out = plan_path.with_suffix(".txt"), StringIO()
    document.write_bytes(DOCUMENT.encode())
    call_command("check_citations", plan_path, document=document, stdout=out)
    assert out.getvalue().splitlines()[-1] == "引文 3 条：相符 3，不符 0；文件的SHA-256与字数相符。"


def test_check_citations_fails_where_words_do_not_stand(plan_path: Path):
    document, out = plan_path.with_suffix(".txt"), StringIO()
    document.write_bytes(DOCUMENT.replace("40", "41").encode())
    with pytest.raises(CommandError, match="引文 3 条：相符 2，不符 1；不是所引的文件。"):
        call_command("check_citations", plan_path, document=document, stdout=out)
    assert "不符  2023年签约率达到40%  此处是“2023年签约率达到41%”，文件里没有引文" in out.getvalue()


def test_plan_table_has_a_row_for_each_clause(plan_path: Path):
    out = StringIO()
    call_command("plan_table", plan_path, stdout=out)
    assert out.getvalue().splitlines()[2:] == [
        "条款 1 条，工作任务 2 项，其中定性 1 项；定量目标 1 个、节点 2 个；疑点 3 处。",
        "",
        "| 条款号 | 条款 | 任务 | 定量目标 | 定性目标 | 目标 |",
        "|---|---|---:|---:|---:|---|",
        "| 一 | 签约 | 2 | 1 | 1 | 签约率：2023-12-31 ≥40%；2024-12-31 ≥50%<br>〔定性〕转诊制度 |",
    ]


def test_plan_table_names_a_value_that_is_still_to_be_assigned():
    out = StringIO()
    call_command("plan_table", Path(__file__).parents[2] / "fixtures" / "plans" / "guanyun-2019.yaml", stdout=out)
    (row,) = (line for line in out.getvalue().splitlines() if "待下达" in line)
    assert "65岁以上老年人健康体检完成人数：2019-12-31 待下达<br>" in row
