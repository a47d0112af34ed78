"""A plan written and changed part by part: the same checks as a plan file, drafts whole, plans in force by words."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel
from institutions.models import AuditRecord
from targets.actions import plans
from targets.actions.editing import clauses, entries, headers, items, targets
from targets.actions.editing.contacts import ContactEntry
from targets.actions.editing.headers import Heading
from targets.actions.loading import PlanRefused
from targets.as_file import element_of, header_of, indicator_of, plan_as_file, target_of
from targets.enums import ElementType, IndicatorKind, PlanState, Schedule
from targets.models import Anomaly, Clause, Contact, DataElement, Indicator, Milestone, Plan, Target, Terms, WorkItem
from targets.plan_file import expand_plan, read, specs
from tests.factories import (
    DataElementFactory,
    IndicatorFactory,
    InstitutionFactory,
    PlanFactory,
    RegionFactory,
    TargetFactory,
    UserFactory,
)
from tests.targets.small_plan import SMALL

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)
LATER = datetime(2023, 6, 1, 9, tzinfo=SHANGHAI)
LINES = {"": 0}


@pytest.fixture
def city():
    return RegionFactory(code="410200", name="开封市", level=RegionLevel.CITY, kind="city")


@pytest.fixture
def plan(city) -> Plan:
    return plans.load(read(SMALL), by=None, now=NOW).plan


@pytest.fixture
def published(plan) -> Plan:
    plans.publish(plan, by=None, now=NOW)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def keeper():
    return UserFactory(display_name="赵计划")


def refused(act, *args) -> list[tuple[int, str]]:
    with pytest.raises(PlanRefused) as refusal:
        act(*args)
    return [(problem.line, problem.message) for problem in refusal.value.problems]


def clause(path: str, title: str = "新条款", **fields) -> specs.ClauseSpec:
    return specs.ClauseSpec(path=path, title=title, lines={"": 0, "path": 1}, **fields)


def paths(plan: Plan) -> list[str]:
    return list(plan.clauses.order_by("position").values_list("path", flat=True))


def rate() -> Target:
    return Target.objects.get(code="sm-rate")


def spec_of(target: Target) -> specs.TargetSpec:
    return target_of(target, target.terms.get())


# --- What is written down is what the file said ---------------------------------------------------------------


def test_a_loaded_plan_is_written_as_its_file_says(plan):
    file, expected = plan_as_file(plan)[0], expand_plan(read(SMALL))
    assert replace(file.header, characters=expected.header.characters) == expected.header
    assert sorted(file.elements, key=lambda each: each.code) == sorted(expected.elements, key=lambda each: each.code)
    assert sorted(file.indicators, key=lambda each: each.code) == sorted(
        expected.indicators, key=lambda each: each.code
    )
    assert [target for *_, target in file.targets()] == [
        replace(target, anomalies=()) for *_, target in expected.targets()
    ]


def test_each_line_leads_back_to_its_row(plan):
    file, rows = plan_as_file(plan)
    assert [rows[target.line()].code for *_, target in file.targets()] == ["sm-rate", "sm-referral"]


# --- Plan -----------------------------------------------------------------------------------------------------


def heading(plan: Plan, **header) -> Heading:
    lines = {"": 0, "code": 1, "last_day": 2}
    return Heading(header=replace(header_of(plan), lines=lines, **header), issuer=plan.issuer, amber_points=Decimal(5))


def test_a_plan_is_made_as_a_draft(plan, keeper):
    made = headers.create(heading(plan, code="second"), keeper, NOW)
    assert (made.state, made.issuer, made.amber_points) == (PlanState.DRAFT, plan.issuer, 5)
    assert AuditRecord.objects.get(action="plan.add").by == keeper


def test_a_plans_code_is_its_own(plan):
    assert refused(headers.create, heading(plan), None, NOW) == [(1, "代号“small”已有计划使用，请换一个")]


def test_a_plan_does_not_end_before_it_begins(plan):
    assert refused(headers.create, heading(plan, code="second", last_day=date(2022, 1, 1)), None, NOW) == [
        (2, "计划的结束日2022-01-01早于开始日2023-01-01")
    ]


def test_a_drafts_terms_follow_its_first_day(plan):
    headers.change(plan, heading(plan, first_day=date(2023, 4, 1)), None, NOW)
    assert set(Terms.objects.values_list("effective_from", flat=True)) == {date(2023, 4, 1)}


def test_of_a_published_plan_only_words_change(published):
    headers.change(published, replace(heading(published, title="新标题"), amber_points=Decimal(10)), None, NOW)
    published.refresh_from_db()
    assert published.title == "新标题"
    assert refused(headers.change, published, heading(published, first_day=date(2023, 4, 1)), None, NOW) == [
        (0, "计划已发布，“新标题”的滞后界线（进度百分点）、开始日期有变，应作为修订办理"),
    ]


def test_a_draft_is_removed_whole_but_what_was_asked_stays(plan, keeper):
    key = plan.pk
    headers.remove(plan, keeper, NOW)
    assert [model.objects.count() for model in (Plan, Clause, WorkItem, Target, Terms, Anomaly)] == [0] * 6
    assert DataElement.objects.count() == 3
    record = AuditRecord.objects.get(action="plan.remove")
    assert (record.object_id, record.by) == (key, keeper)


def test_a_published_plan_is_not_removed(published):
    assert refused(headers.remove, published, None, NOW) == [(0, "计划已发布，不能再删除：签约工作方案")]


def test_nothing_of_a_closed_plan_changes(published):
    plans.close(published, date(2023, 1, 3), None, NOW)
    assert refused(headers.change, published, heading(published, title="新标题"), None, NOW) == [
        (0, "计划已结束，不能再修改")
    ]


# --- Clauses --------------------------------------------------------------------------------------------------


def test_clauses_stand_where_they_are_put(plan):
    first = Clause.objects.get(path="一")
    last = clauses.add(plan, clause("二"), first, None, NOW)
    clauses.add(plan, clause("一/（一）"), first, None, NOW)
    clauses.add(plan, clause("前言"), None, None, NOW)
    clauses.add(plan, clause("三"), last, None, NOW)
    assert paths(plan) == ["前言", "一", "一/（一）", "二", "三"]
    assert Clause.objects.get(path="一/（一）").parent == first


def test_a_clause_put_behind_another_goes_behind_what_lies_under_it(plan):
    first = Clause.objects.get(path="一")
    clauses.add(plan, clause("一/1"), first, None, NOW)
    clauses.add(plan, clause("二"), first, None, NOW)
    assert paths(plan) == ["一", "一/1", "二"]


def test_what_lies_under_a_clause_takes_its_new_number(plan):
    first = Clause.objects.get(path="一")
    below = clauses.add(plan, clause("一/1"), first, None, NOW)
    other = clauses.add(plan, clause("二"), first, None, NOW)
    clauses.change(first, clause("三", "签约"), other, None, NOW)
    below.refresh_from_db()
    assert (paths(plan), below.parent) == (["二", "三", "三/1"], first)


def test_a_clause_needs_a_number_of_its_own_and_its_heading_before_it(plan):
    first = Clause.objects.get(path="一")
    assert refused(clauses.add, plan, clause("一"), first, None, NOW) == [(1, "本计划已有条款“一”")]
    assert refused(clauses.add, plan, clause("二/1"), first, None, NOW) == [(1, "条款“二/1”之前没有上级条款“二”")]


def test_what_is_odd_in_a_clause_is_kept_with_it(plan):
    first = Clause.objects.get(path="一")
    clauses.change(first, clause("一", "签约", lead=("卫健局",), anomalies=("编号重复",)), None, None, NOW)
    assert list(first.anomalies.filter(target=None).values_list("text", flat=True)) == ["编号重复"]
    assert first.anomalies.exclude(target=None).count() == 2


def test_a_removed_clause_takes_its_items_and_targets(plan):
    clauses.remove(Clause.objects.get(path="一"), None, NOW)
    assert (WorkItem.objects.count(), Target.objects.count()) == (0, 0)


def test_a_published_plan_takes_no_new_clause_but_other_words_and_doubts(published):
    first = Clause.objects.get(path="一")
    assert refused(clauses.add, published, clause("二"), first, None, NOW) == [(1, "计划已发布，不能再增加：二 新条款")]
    clauses.change(first, clause("一", "签约服务", anomalies=("编号重复",)), None, None, NOW)
    first.refresh_from_db()
    assert (first.title, first.anomalies.get(target=None).text) == ("签约服务", "编号重复")


def test_a_change_is_kept_on_record_with_what_it_was_and_what_it_is(plan, keeper):
    first = Clause.objects.get(path="一")
    clauses.change(first, clause("一", "签约服务", lead=("卫健局",), anomalies=("未印发文日期",)), None, keeper, LATER)
    record = AuditRecord.objects.get(action="clause.change")
    assert (record.by, record.at, record.object_id, record.detail["plan"]) == (keeper, LATER, first.pk, plan.pk)
    assert record.detail["changes"] == [
        {
            "what": "更新",
            "model": "targets.clause",
            "name": "一 签约服务",
            "fields": {"title": ["签约", "签约服务"]},
        }
    ]


def test_saving_without_a_change_leaves_no_record(plan):
    first = Clause.objects.get(path="一")
    clauses.change(first, clause("一", "签约", lead=("卫健局",), anomalies=("未印发文日期",)), None, None, NOW)
    assert not AuditRecord.objects.filter(action="clause.change").exists()


# --- Work items -----------------------------------------------------------------------------------------------


def item(code: str, title: str = "新任务", **fields) -> specs.ItemSpec:
    return specs.ItemSpec(code=code, title=title, lines={"": 0, "code": 1, "due": 2, "kinds": 3}, **fields)


def state(code: str, **fields) -> specs.ItemSpec:
    lines = {"": 0, "code": 1, "due": 2, "kinds": 3}
    scope = specs.ScopeSpec(kinds=("bureau",), bureau_level="county", lines=lines)
    given = {"due": (date(2023, 12, 31),), "definition": "已执行的填全部完成。", "strength": "must", **fields}
    qualitative = specs.QualitativeSpec(asked_of=scope, lines=lines, **given)
    cited = specs.CitationSpec(quote="完善转诊制度", offset=33, lines=lines)
    return replace(item(code, "考核制度"), qualitative=qualitative, citation=cited, anomalies=("没有标准",))


def test_an_item_is_put_into_its_clause(plan):
    first = Clause.objects.get(path="一")
    after = WorkItem.objects.get(code="sm-signing")
    made = items.add(first, item("sm-new", lead=("卫健局",)), after, None, NOW)
    assert [row.code for row in first.items.order_by("position")] == ["sm-signing", "sm-new", "sm-referral"]
    assert (made.qualitative, made.lead) == (False, ["卫健局"])


def test_an_items_code_is_its_own(plan):
    first = Clause.objects.get(path="一")
    assert refused(items.add, first, item("sm-signing"), None, None, NOW) == [(1, "代号“sm-signing”已被使用，请换一个")]


def test_a_qualitative_item_makes_its_element_indicator_and_target(plan):
    made = items.add(Clause.objects.get(path="一"), state("sm-state"), None, None, NOW)
    target = made.targets.get()
    element = target.indicator.element
    assert (target.code, target.indicator.kind, made.qualitative) == ("sm-state", IndicatorKind.QUALITATIVE, True)
    assert (element.type, element.topic, element.bureau_level) == (ElementType.LEVEL, "签约", "county")
    assert list(target.terms.get().milestones.values_list("due", "value")) == [(date(2023, 12, 31), Decimal(100))]
    assert (target.quote, target.anomalies.get().text) == ("完善转诊制度", "没有标准")
    assert list(plan.targets.values_list("code", flat=True)) == ["sm-state", "sm-rate", "sm-referral"]


def test_a_qualitative_items_code_must_be_free_in_the_catalogue_too(plan):
    assert refused(items.add, Clause.objects.get(path="一"), state("signed"), None, None, NOW) == [
        (1, "代号“signed”已被使用，请换一个")
    ]


def test_a_qualitative_item_is_judged_once_a_year(plan):
    days = (date(2023, 6, 30), date(2023, 12, 31))
    assert refused(items.add, Clause.objects.get(path="一"), state("sm-state", due=days), None, None, NOW) == [
        (2, "定性工作一年只考核一次")
    ]
    assert not WorkItem.objects.filter(code="sm-state").exists()


def test_a_state_is_changed_through_its_item(plan):
    row, first = WorkItem.objects.get(code="sm-referral"), Clause.objects.get(path="一")
    changed = replace(state("sm-referral", due=(date(2024, 12, 31),)), title="转诊")
    items.change(row, first, changed, None, None, NOW)
    target = row.targets.get()
    assert (target.name, target.indicator.name, target.indicator.element.definition) == (
        "转诊",
        "转诊",
        "已执行的填全部完成。",
    )
    assert [each.due for each in target.terms.get().milestones.all()] == [date(2024, 12, 31)]


def test_an_item_moves_to_another_clause_with_its_targets(plan):
    first, row = Clause.objects.get(path="一"), WorkItem.objects.get(code="sm-signing")
    second = clauses.add(plan, clause("二"), first, None, NOW)
    items.change(row, second, item("sm-signing", "提高签约率"), None, None, NOW)
    row.refresh_from_db()
    assert row.clause == second
    assert list(plan.targets.values_list("code", flat=True)) == ["sm-referral", "sm-rate"]


def test_the_days_of_a_published_state_stay(published):
    row, first = WorkItem.objects.get(code="sm-referral"), Clause.objects.get(path="一")
    ((_line, sentence),) = refused(items.change, row, first, state("sm-referral"), None, None, NOW)
    assert sentence == "计划已发布，“考核制度 2023-01-01”的累计区间有变，应作为修订办理"


# --- Targets --------------------------------------------------------------------------------------------------


def new_target(**fields) -> specs.TargetSpec:
    return replace(spec_of(rate()), code="sm-second", name="第二个目标", **fields)


def test_a_target_is_made_with_terms_milestones_doubts_and_contacts(plan, keeper):
    county = RegionFactory(parent=plan.issuer)
    row = WorkItem.objects.get(code="sm-signing")
    people = [ContactEntry(county.pk, "李四", "0371-1")]
    made = targets.add(row, new_target(anomalies=("分母未写",)), Decimal(5), people, keeper, LATER)
    terms = made.terms.get()
    assert (terms.effective_from, terms.made_by, terms.made_at) == (plan.first_day, keeper, LATER)
    assert terms.amber_points == 5
    assert [each.value for each in terms.milestones.all()] == [Decimal(40), Decimal(50)]
    assert (made.anomalies.get().text, made.contacts.get().name) == ("分母未写", "李四")
    assert list(plan.targets.values_list("code", flat=True)) == ["sm-rate", "sm-second", "sm-referral"]


def test_a_target_passes_the_checks_of_a_plan_file(plan):
    row = WorkItem.objects.get(code="sm-signing")
    lines = {"": 0, "schedule": 5}
    assert refused(targets.add, row, new_target(schedule=Schedule.EVEN, lines=lines), None, [], None, NOW) == [
        (5, "目标“sm-second”的数据项是季末数，没有 baseline 不能 even")
    ]


def test_named_units_are_those_of_the_register(plan):
    row, unit = WorkItem.objects.get(code="sm-signing"), InstitutionFactory(code="U-1")
    lines = {"": 0, "units": 4}
    assert refused(targets.add, row, new_target(units=("U-2",), lines=lines), None, [], None, NOW) == [
        (4, "名录里没有代码为“U-2”的机构")
    ]
    assert list(targets.add(row, new_target(units=("U-1",)), None, [], None, NOW).units.all()) == [unit]


def test_a_milestone_that_is_left_out_is_gone(plan):
    spec = spec_of(rate())
    targets.change(rate(), replace(spec, milestones=spec.milestones[:1]), None, [], None, NOW)
    assert [each.due for each in rate().terms.get().milestones.all()] == [date(2023, 12, 31)]


def test_contacts_are_exactly_those_given(plan):
    counties = [RegionFactory(parent=plan.issuer) for _ in range(2)]
    both = [ContactEntry(county.pk, "李四", "1") for county in counties]
    targets.change(rate(), spec_of(rate()), None, both, None, NOW)
    targets.change(rate(), spec_of(rate()), None, [ContactEntry(counties[1].pk, "王五", "2")], None, NOW)
    assert list(Contact.objects.values_list("region", "name", "phone")) == [(counties[1].pk, "王五", "2")]


def test_an_item_whose_targets_are_all_states_is_qualitative(plan):
    row = WorkItem.objects.get(code="sm-signing")
    shared = Indicator.objects.get(code="sm-referral")
    spec = replace(spec_of(rate()), indicator=shared.code, scope=spec_of(Target.objects.get(code="sm-referral")).scope)
    targets.change(rate(), spec, None, [], None, NOW)
    row.refresh_from_db()
    assert row.qualitative


def test_of_a_target_in_force_words_doubts_and_contacts_change(published, keeper):
    county = RegionFactory(parent=published.issuer)
    cited = specs.CitationSpec(quote="签约率达到40%", offset=10, paragraph=2, lines=LINES)
    targets.reword(rate(), "全人群签约率", cited, ["口径未写"], [ContactEntry(county.pk, "李四", "1")], keeper, LATER)
    row = rate()
    assert (row.name, row.quote, row.offset) == ("全人群签约率", "签约率达到40%", 10)
    assert (row.anomalies.get().text, row.contacts.get().region) == ("口径未写", county)
    assert AuditRecord.objects.get(action="target.change").detail["plan"] == published.pk


def test_how_a_target_in_force_is_judged_needs_a_revision(published):
    spec = spec_of(rate())
    values = tuple(replace(each, value=Decimal(60)) for each in spec.milestones)
    sentences = refused(targets.change, rate(), replace(spec, milestones=values), None, [], None, NOW)
    assert [sentence for _line, sentence in sentences] == [
        "计划已发布，“2023-12-31 40.0000”的目标值有变，应作为修订办理",
        "计划已发布，“2024-12-31 50.0000”的目标值有变，应作为修订办理",
    ]
    assert Milestone.objects.filter(value=60).count() == 0


def test_a_removed_target_is_gone(plan):
    targets.remove(rate(), None, NOW)
    assert list(plan.targets.values_list("code", flat=True)) == ["sm-referral"]


# --- Catalogue ------------------------------------------------------------------------------------------------


def element(**fields) -> specs.ElementSpec:
    given = {"code": "beds", "name": "床位数", "definition": "季末编制床位数。", "topic": "资源", "type": "count"}
    scope = specs.ScopeSpec(kinds=("township_hospital",), lines=LINES)
    lines = {"": 0, "code": 1, "levels": 2, "part_of": 3}
    return specs.ElementSpec(**{**given, "accumulates": "stock", "asked_of": scope, "lines": lines, **fields})


def test_an_element_is_made_behind_the_others_of_its_topic(plan):
    DataElementFactory(topic="资源", position=7)
    made = entries.put_element(None, element(unit="张"), None, NOW)
    assert (made.code, made.unit, made.position) == ("beds", "张", 7)


def test_an_element_passes_the_checks_of_a_plan_file():
    assert refused(entries.put_element, None, element(type="level"), None, NOW) == [
        (2, "数据项“beds”是等级，levels 至少写两级")
    ]
    assert refused(entries.put_element, None, element(part_of="rooms"), None, NOW) == [(3, "没有数据项“rooms”")]


def test_an_elements_code_is_its_own():
    DataElementFactory(code="beds")
    assert refused(entries.put_element, None, element(), None, NOW) == [(1, "代号“beds”已被使用，请换一个")]


def test_an_element_of_a_draft_changes_freely(plan, keeper):
    row = DataElement.objects.get(code="signed")
    entries.put_element(row, replace(element_of(row), unit="户", part_of=""), keeper, NOW)
    row.refresh_from_db()
    assert (row.unit, row.whole) == ("户", None)
    assert AuditRecord.objects.get(action="element.change").by == keeper


def test_of_an_element_in_force_only_words_change(published):
    row = DataElement.objects.get(code="signed")
    entries.put_element(row, replace(element_of(row), definition="季末有效协议人数。"), None, NOW)
    assert refused(entries.put_element, row, replace(element_of(row), type="decimal"), None, NOW) == [
        (0, "“signed”与“residents”的类型不同，无法比较")
    ]
    assert refused(entries.put_element, row, replace(element_of(row), unit="户"), None, NOW) == [
        (0, "计划已发布，“签约人数”的单位有变，应作为修订办理")
    ]


def test_an_indicator_is_made_of_elements(plan):
    lines = {"": 0, "code": 1}
    spec = replace(indicator_of(Indicator.objects.get(code="signing-rate")), code="second-rate", lines=lines)
    made = entries.put_indicator(None, spec, None, NOW)
    assert (made.element.code, made.over.code, made.multiplier) == ("signed", "residents", 100)
    assert refused(entries.put_indicator, None, spec, None, NOW) == [(1, "代号“second-rate”已被使用，请换一个")]


def test_an_indicator_passes_the_checks_of_a_plan_file(plan):
    spec = replace(indicator_of(Indicator.objects.get(code="signing-rate")), code="second", denominator=None)
    assert refused(entries.put_indicator, None, spec, None, NOW) == [(0, "指标“second”是比率，缺少 denominator")]


def test_of_an_indicator_in_force_only_words_change(published):
    row = Indicator.objects.get(code="signing-rate")
    entries.put_indicator(row, replace(indicator_of(row), name="全人群签约率"), None, NOW)
    row.refresh_from_db()
    assert row.name == "全人群签约率"
    assert refused(entries.put_indicator, row, replace(indicator_of(row), unit="人"), None, NOW) == [
        (0, "计划已发布，“全人群签约率”的单位有变，应作为修订办理")
    ]


def test_only_what_nothing_stands_on_is_removed(plan):
    unused = DataElementFactory()
    entries.remove(unused, None, NOW)
    assert not DataElement.objects.filter(pk=unused.pk).exists()
    used = Indicator.objects.get(code="signing-rate")
    assert refused(entries.remove, used, None, NOW) == [(0, "“签约率”还在使用，不能删除")]


# --- Publishing and closing -----------------------------------------------------------------------------------


def test_what_keeps_a_plan_from_being_published_leads_to_its_row(plan):
    Target.objects.filter(code="sm-rate").update(quote="")
    empty = items.add(Clause.objects.get(path="一"), item("sm-empty", "空任务"), None, None, NOW)
    assert [(each.message, each.row) for each in plans.obstacles(plan)] == [
        ("目标“签约率”缺少引文，不能发布", rate()),
        ("工作任务“sm-empty”应有 targets 或 qualitative，且只有一种", empty),
    ]


def test_a_milestone_outside_the_period_keeps_a_plan_from_being_published(plan):
    plan = headers.change(plan, heading(plan, last_day=date(2024, 6, 30)), None, NOW)
    assert [each.message for each in plans.obstacles(plan)] == [
        "期限2024-12-31不在计划期2023-01-01至2024-06-30内",
        "期限2024-12-31不在计划期2023-01-01至2024-06-30内",
    ]


def test_a_rehearsed_load_changes_nothing(city):
    report = plans.rehearse(read(SMALL), None, NOW)
    assert report.table()[0] == ("工作计划", 1, 0, 0, 0)
    assert (Plan.objects.count(), AuditRecord.objects.count()) == (0, 0)


def test_close_ends_a_published_plan(published, keeper):
    plans.close(published, date(2023, 6, 1), keeper, LATER)
    published.refresh_from_db()
    assert (published.state, published.closed_on) == (PlanState.CLOSED, date(2023, 6, 1))
    assert AuditRecord.objects.get(action="plan.close").by == keeper


def test_closing_again_keeps_the_first_day(published):
    plans.close(published, date(2023, 6, 1), None, LATER)
    plans.close(published, date(2023, 5, 1), None, LATER)
    published.refresh_from_db()
    assert published.closed_on == date(2023, 6, 1)


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2023, 6, 2)])
def test_a_plan_is_closed_within_its_time_and_not_in_the_future(published, day):
    assert refused(plans.close, published, day, None, LATER) == [
        (0, "结案日期应在计划开始日2023年1月1日与今天2023年6月1日之间")
    ]


def test_a_draft_is_not_closed(plan):
    assert refused(plans.close, plan, date(2023, 6, 1), None, LATER) == [
        (0, "草稿没有发布，不必结案；不要的草稿可以删除")
    ]


def test_an_entry_of_another_plan_keeps_its_meaning_in_a_qualitative_item(plan):
    foreign = IndicatorFactory(code="sm-state", kind=IndicatorKind.QUALITATIVE, element__type="level")
    TargetFactory(indicator=foreign, item__clause__plan=PlanFactory())
    assert refused(items.add, Clause.objects.get(path="一"), state("sm-state"), None, None, NOW) == [
        (1, "代号“sm-state”已被使用，请换一个")
    ]
