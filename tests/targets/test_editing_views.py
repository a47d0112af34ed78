"""The plan administrator's pages: who may open them, what they save, what they refuse at which field."""

from datetime import date, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from institutions.clock import SHANGHAI
from institutions.enums import RegionLevel, Role
from institutions.models import AuditRecord
from institutions.permissions import may_edit_plans
from targets.actions import plans
from targets.enums import IndicatorKind, PlanState
from targets.forms.fields import PointsField
from targets.models import (
    Anomaly,
    Clause,
    Contact,
    DataElement,
    Indicator,
    Plan,
    Target,
    Terms,
    WorkItem,
)
from targets.plan_file import read
from targets.queries.plans import editable_plans, free_item_code, free_target_code
from tests.factories import (
    ClauseFactory,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    RegionFactory,
    WorkItemFactory,
    kaifeng_like,
    person,
    target_with_terms,
)
from tests.targets.small_plan import SMALL

pytestmark = pytest.mark.django_db

NOW = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)


@pytest.fixture
def places():
    made = kaifeng_like()
    made.city.code = "410200"
    made.city.save()
    return made


@pytest.fixture
def plan(places) -> Plan:
    return plans.load(read(SMALL), by=None, now=NOW).plan


@pytest.fixture
def published(plan) -> Plan:
    plans.publish(plan, by=None, now=NOW)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def keeper(places):
    return person(Role.PLAN_ADMIN, places.city, display_name="赵计划")


@pytest.fixture
def as_keeper(client, keeper):
    client.force_login(keeper)
    return client


def text(response) -> str:
    return unescape(response.content.decode())


def filled(form) -> dict[str, object]:
    """What a browser sends of the form as it stands."""
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value is not False}


def errors(response) -> dict[str, list[str]]:
    return {name: list(found) for name, found in response.context["form"].errors.items()}


def first_clause() -> Clause:
    return Clause.objects.get(path="一")


def signing() -> WorkItem:
    return WorkItem.objects.get(code="sm-signing")


def rate() -> Target:
    return Target.objects.get(code="sm-rate")


def pages() -> list[str]:
    """Every page of the small plan that only its keeper opens."""
    found = Plan.objects.get(code="small")
    of_plan = ["plan_edit", "plan_numbers", "plan_publish", "plan_history", "clause_new", "plan_remove"]
    of_clause = ["clause_edit", "item_new", "state_new", "clause_remove"]
    of_target = ["target_edit", "target_history", "target_remove"]
    return [
        *(reverse(name, args=[found.pk]) for name in of_plan),
        *(reverse(name, args=[first_clause().pk]) for name in of_clause),
        *(reverse(name, args=[signing().pk]) for name in ("item_edit", "target_new", "item_remove")),
        *(reverse(name, args=[rate().pk]) for name in of_target),
    ]


def shared_pages() -> list[str]:
    """Those of every plan administrator."""
    indicator, element = Indicator.objects.get(code="signing-rate"), DataElement.objects.get(code="signed")
    names = ["plan_new", "plan_upload", "catalogue", "catalogue_elements", "indicator_new", "element_new"]
    return [
        *(reverse(name) for name in names),
        reverse("indicator", args=[indicator.pk]),
        reverse("indicator_remove", args=[indicator.pk]),
        reverse("element", args=[element.pk]),
        reverse("element_remove", args=[element.pk]),
    ]


# --- Who may --------------------------------------------------------------------------------------------------


def test_the_keeper_of_the_issuer_opens_every_page(plan, as_keeper):
    assert {as_keeper.get(page).status_code for page in [*pages(), *shared_pages()]} == {200}


def test_the_keeper_above_opens_every_page(places, plan, client):
    client.force_login(person(Role.PLAN_ADMIN, places.province))
    assert {client.get(page).status_code for page in pages()} == {200}


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.REVIEWER, Role.SUPERVISOR, Role.SYSTEM_ADMIN])
def test_other_roles_find_none(places, plan, client, role):
    client.force_login(person(role, places.city))
    for page in [*pages(), *shared_pages()]:
        assert (client.get(page).status_code, client.post(page).status_code) in [(404, 404), (404, 405)], page
    assert rate()


def test_a_reporter_finds_none(places, plan, client):
    client.force_login(person(Role.REPORTER, places.hospitals[0][0]))
    assert {client.get(page).status_code for page in [*pages(), *shared_pages()]} == {404}


@pytest.mark.parametrize("where", ["county", "elsewhere"])
def test_the_keeper_of_another_place_finds_none_of_the_plans_pages(places, plan, client, where):
    region = places.counties[0] if where == "county" else RegionFactory(level=RegionLevel.CITY, kind="city")
    client.force_login(person(Role.PLAN_ADMIN, region))
    for page in pages():
        assert (client.get(page).status_code, client.post(page).status_code) in [(404, 404), (404, 405)], page
    assert rate()


def test_strangers_are_sent_to_log_in(plan, client):
    assert {client.get(page).status_code for page in [*pages(), *shared_pages()]} == {302}


@pytest.mark.parametrize("role", list(Role))
def test_the_plans_that_one_edits_are_those_that_one_may(places, plan, role):
    PlanFactory(issuer=places.counties[0])
    PlanFactory(title="别市计划")
    at = places.hospitals[0][0] if role == Role.REPORTER else places.counties[0]
    someone = person(role, at)
    allowed = {each for each in Plan.objects.all() if may_edit_plans(someone, each.issuer)}
    assert set(editable_plans(someone)) == allowed


def test_a_draft_is_seen_by_its_keeper_alone(places, plan, as_keeper, client):
    assert "签约工作方案" in text(as_keeper.get(reverse("plans")))
    assert as_keeper.get(reverse("plan", args=[plan.pk])).status_code == 200
    client.force_login(person(Role.DIRECTOR, places.city))
    assert "签约工作方案" not in text(client.get(reverse("plans")))
    assert client.get(reverse("plan", args=[plan.pk])).status_code == 404


def test_only_the_keeper_sees_what_may_be_done(places, published, client, keeper):
    for user, shown in ((keeper, True), (person(Role.DIRECTOR, places.city), False)):
        client.force_login(user)
        page = text(client.get(reverse("plan", args=[published.pk])))
        assert (reverse("plan_edit", args=[published.pk]) in page) is shown
        assert (reverse("target_revise", args=[rate().pk]) in page) is shown
        assert (reverse("plan_new") in text(client.get(reverse("plans")))) is shown


# --- Plan, clause, item ---------------------------------------------------------------------------------------

PLAN = {
    "title": "2024年工作要点",
    "code": "kf-2024",
    "first_day": "2024-01-01",
    "last_day": "2024-12-31",
    "judged_levels": ["city", "county"],
    "amber_points": "10",
}


def test_a_plan_is_made_and_opened(places, as_keeper, keeper):
    response = as_keeper.post(reverse("plan_new"), {**PLAN, "issuer": places.city.pk})
    made = Plan.objects.get()
    assert response.url == reverse("plan", args=[made.pk])
    assert (made.state, made.issuer, made.judged_levels) == (PlanState.DRAFT, places.city, ["city", "county"])
    assert "还没有条款" in text(as_keeper.get(response.url))


def test_a_plan_is_issued_where_one_keeps_plans(places, plan, as_keeper):
    elsewhere = RegionFactory(level=RegionLevel.CITY, kind="city")
    response = as_keeper.post(reverse("plan_new"), {**PLAN, "issuer": elsewhere.pk})
    assert list(errors(response)) == ["issuer"]


def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(places, plan, as_keeper):
    wrong = {**PLAN, "issuer": places.city.pk, "code": "small", "last_day": "2023-12-31"}
    response = as_keeper.post(reverse("plan_new"), wrong)
    assert errors(response) == {
        "code": ["代号“small”已有计划使用，请换一个"],
        "last_day": ["计划的结束日2023-12-31早于开始日2024-01-01"],
    }
    assert "2024年工作要点" in text(response)
    assert Plan.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1000", "应在 0 至 100 之间。"),
        ("999999999999", "应在 0 至 100 之间。"),
        ("-5", "应在 0 至 100 之间。"),
        ("5.123", "最多保留 2 位小数。"),
    ],
)
def test_a_threshold_lies_within_the_way(places, plan, as_keeper, typed, told):
    response = as_keeper.post(reverse("plan_new"), {**PLAN, "issuer": places.city.pk, "amber_points": typed})
    assert errors(response) == {"amber_points": [told]}
    assert PointsField(required=False).clean("7.25") == Decimal("7.25")


def test_a_clause_is_put_behind_the_one_it_was_asked_for(plan, as_keeper):
    address = f"{reverse('clause_new', args=[plan.pk])}?after={first_clause().pk}"
    assert as_keeper.get(address).context["form"]["after"].initial == first_clause()
    typed = {
        "path": "二",
        "title": "督导",
        "after": first_clause().pk,
        "lead": "市卫健委、市财政局",
        "anomalies": "编号重复\n",
    }
    response = as_keeper.post(address, typed)
    made = Clause.objects.get(path="二")
    assert response.url == f"{reverse('plan', args=[plan.pk])}#clause-{made.pk}"
    assert (made.lead, made.anomalies.get().text) == (["市卫健委", "市财政局"], "编号重复")


def test_a_clause_without_its_heading_is_refused_at_its_number(plan, as_keeper):
    response = as_keeper.post(reverse("clause_new", args=[plan.pk]), {"path": "二/1", "title": "督导"})
    assert errors(response) == {"path": ["条款“二/1”之前没有上级条款“二”"]}


def test_an_item_gets_a_code_that_is_free(plan, as_keeper):
    WorkItemFactory(clause=first_clause(), code="small-3")
    assert (free_item_code(plan), free_target_code(signing())) == ("small-4", "sm-signing-t2")
    response = as_keeper.get(reverse("item_new", args=[first_clause().pk]))
    assert response.context["form"]["code"].value() == "small-4"


STATE = {
    "title": "考核制度",
    "code": "sm-state",
    "definition": "已执行的填全部完成。",
    "kinds": ["bureau"],
    "bureau_level": "county",
    "due": "2024-12-31\n2023-12-31",
    "strength": "must",
    "quote": "完善转诊制度",
    "offset": "33",
    "paragraph": "2",
    "anomalies": "没有标准",
}


def test_a_qualitative_item_is_made_with_what_it_asks(plan, as_keeper):
    typed = {**STATE, "clause": first_clause().pk, "after": signing().pk}
    response = as_keeper.post(reverse("state_new", args=[first_clause().pk]), typed)
    made = WorkItem.objects.get(code="sm-state")
    assert response.url == f"{reverse('plan', args=[plan.pk])}#item-{made.pk}"
    days = made.targets.get().terms.get().milestones.order_by("due").values_list("due", flat=True)
    assert list(days) == [date(2023, 12, 31), date(2024, 12, 31)]
    assert made.targets.get().anomalies.get().text == "没有标准"


def test_a_state_asked_of_a_bureau_says_of_which_level(plan, as_keeper):
    typed = {**STATE, "clause": first_clause().pk, "bureau_level": ""}
    response = as_keeper.post(reverse("state_new", args=[first_clause().pk]), typed)
    assert errors(response) == {"kinds": ["填报单位有卫生健康行政部门时，须写行政级别"]}
    assert not WorkItem.objects.filter(code="sm-state").exists()


def test_a_state_opens_as_it_is_kept_and_saves_unchanged(plan, as_keeper):
    item = WorkItem.objects.get(code="sm-referral")
    address = reverse("item_edit", args=[item.pk])
    form = as_keeper.get(address).context["form"]
    assert form["due"].value() == "2023-12-31\n2024-12-31"
    assert form["anomalies"].value() == "没有期限"
    typed = filled(form) | {"clause": item.clause_id, "after": signing().pk}
    assert as_keeper.post(address, typed).status_code == 302
    assert not AuditRecord.objects.filter(action="item.change").exists()


def test_in_a_published_plan_what_is_judged_is_not_taken_from_the_form(published, as_keeper):
    item = WorkItem.objects.get(code="sm-referral")
    typed = {**STATE, "clause": item.clause_id, "after": signing().pk, "due": "2024-06-30", "strength": "aim"}
    assert as_keeper.post(reverse("item_edit", args=[item.pk]), typed).status_code == 302
    terms = Target.objects.get(code="sm-referral").terms.get()
    assert (terms.strength, terms.milestones.count()) == ("must", 2)
    assert Target.objects.get(code="sm-referral").name == "考核制度"


@pytest.mark.parametrize(
    ("name", "row", "gone"),
    [
        ("clause_remove", first_clause, Clause),
        ("item_remove", signing, WorkItem),
        ("target_remove", rate, Target),
    ],
)
def test_a_part_is_removed_only_after_it_was_said_what_goes_with_it(plan, as_keeper, name, row, gone):
    found = row()
    address = reverse(name, args=[found.pk])
    assert f"删除{gone._meta.verbose_name}：{found}" in text(as_keeper.get(address))
    assert gone.objects.filter(pk=found.pk).exists()
    as_keeper.post(address)
    assert not gone.objects.filter(pk=found.pk).exists()


def test_a_published_plan_has_no_page_to_remove_it(published, as_keeper):
    assert as_keeper.get(reverse("plan_remove", args=[published.pk])).status_code == 404
    assert as_keeper.post(reverse("target_remove", args=[rate().pk])).status_code == 404


def test_what_somebody_else_saved_meanwhile_is_not_written_over(plan, as_keeper):
    address = reverse("clause_edit", args=[first_clause().pk])
    seen = as_keeper.get(address).context["page"].seen
    typed = {"path": "一", "title": "签约服务", "lead": "卫健局", "anomalies": "未印发文日期"}
    as_keeper.post(address, {**typed, "title": "别人改的"})
    response = as_keeper.post(address, {**typed, "seen": seen})
    assert errors(response) == {"__all__": ["您打开本页之后有人改过，所以没有保存。您填的仍在这里，请核对后再保存。"]}
    assert first_clause().title == "别人改的"
    assert as_keeper.post(address, {**typed, "seen": response.context["page"].seen}).status_code == 302
    assert first_clause().title == "签约服务"


# --- Target ---------------------------------------------------------------------------------------------------


def lines(prefix: str, rows: list[dict[str, str]]) -> dict[str, str]:
    typed = {f"{prefix}-{n}-{name}": value for n, row in enumerate(rows) for name, value in row.items()}
    return typed | {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}


TARGET = {
    "name": "第二个目标",
    "code": "sm-second",
    "indicator": "signing-rate",
    "comparator": "at_least",
    "strength": "must",
    "window": "plan",
    "schedule": "at_due",
    "quote": "达到40%",
    "offset": "10",
    "paragraph": "2",
    "anomalies": "分母未写\n口径未写",
}
MILESTONES = [{"due": "2024-12-31", "value": "50"}, {"due": "2023-12-31", "value": "40"}, {}]


def sent(milestones=MILESTONES, contacts=(), **typed):
    return {**TARGET, **lines("milestone", milestones), **lines("contact", list(contacts)), **typed}


def test_a_target_is_made_on_one_page(plan, places, as_keeper):
    contact = {"region": str(places.counties[0].pk), "name": "李四", "phone": "0371-1"}
    response = as_keeper.post(reverse("target_new", args=[signing().pk]), sent(contacts=[contact, {}]))
    made = Target.objects.get(code="sm-second")
    assert response.url == f"{reverse('plan', args=[plan.pk])}#target-{made.pk}"
    assert made.kinds == ["township_hospital"]  # of the indicator's element, as nothing was ticked
    assert list(made.terms.get().milestones.order_by("due").values_list("value", flat=True)) == [40, 50]
    assert list(made.anomalies.values_list("text", flat=True)) == ["分母未写", "口径未写"]
    assert made.contacts.get().name == "李四"


def test_what_is_wrong_with_a_target_stands_at_its_field(plan, as_keeper):
    wrong = sent(schedule="custom", milestones=[{"due": "2026-12-31", "value": "50"}, {"value": "40"}])
    response = as_keeper.post(reverse("target_new", args=[signing().pk]), wrong)
    assert response.context["page"].milestones.errors == [{}, {"due": ["请写期限"]}]
    wrong = sent(schedule="custom", milestones=[{"due": "2026-12-31", "value": "50"}])
    response = as_keeper.post(reverse("target_new", args=[signing().pk]), wrong)
    assert errors(response) == {"custom_shares": ["目标“第二个目标”的各季进度与自定进度应同时写"]}
    assert response.context["page"].milestones.errors == [{"due": ["期限2026-12-31不在计划期2023-01-01至2024-12-31内"]}]
    assert not Target.objects.filter(code="sm-second").exists()


def test_a_range_needs_its_upper_end(plan, as_keeper):
    wrong = sent(comparator="range", milestones=[{"due": "2024-12-31", "value": "50"}])
    response = as_keeper.post(reverse("target_new", args=[signing().pk]), wrong)
    assert response.context["page"].milestones.forms[0].non_field_errors() == ["目标“第二个目标”是区间，节点缺少上限"]


def test_a_contact_is_written_whole_and_once_a_region(plan, places, as_keeper):
    region = str(places.counties[0].pk)
    both = [{"region": region, "name": "李四", "phone": "1"}, {"region": region, "name": "王五", "phone": "2"}]
    response = as_keeper.post(reverse("target_new", args=[signing().pk]), sent(contacts=both))
    assert response.context["page"].contacts.errors == [{}, {"region": ["这个地区已写了一位责任人"]}]
    half = [{"region": region, "name": "李四", "phone": ""}]
    response = as_keeper.post(reverse("target_new", args=[signing().pk]), sent(contacts=half))
    assert response.context["page"].contacts.errors == [{"__all__": ["请把地区、责任人和电话写全；不要的一行全部清空"]}]
    assert Contact.objects.count() == 0


def test_a_target_opens_as_it_is_kept_and_saves_unchanged(plan, as_keeper):
    address = reverse("target_edit", args=[rate().pk])
    page = as_keeper.get(address).context["page"]
    typed = filled(page.form) | {"seen": page.seen}
    for prefix, sheet in (("milestone", page.milestones), ("contact", page.contacts)):
        typed |= lines(prefix, [filled(form) for form in sheet.forms])
    assert typed["milestone-1-value"] == "50"
    assert as_keeper.post(address, typed).status_code == 302
    assert not AuditRecord.objects.filter(action="target.change").exists()


def test_a_states_target_takes_words_and_contacts_on_its_page_and_the_rest_on_its_items(plan, places, as_keeper):
    target = Target.objects.get(code="sm-referral")
    address = reverse("target_edit", args=[target.pk])
    assert reverse("item_edit", args=[target.item_id]) in text(as_keeper.get(address))
    contact = {"region": str(places.city.pk), "name": "李四", "phone": "0371-1"}
    words = {"name": "转诊", "quote": "完善转诊制度", "offset": "33", "paragraph": "2"}
    as_keeper.post(address, {**words, **lines("contact", [contact])})
    assert target.contacts.get().region == places.city
    assert target.terms.get().milestones.count() == 2


def test_a_target_in_force_shows_its_terms_and_takes_words(published, places, as_keeper):
    address = reverse("target_edit", args=[rate().pk])
    assert "2023年12月31日 ≥40%" in text(as_keeper.get(address))
    contact = {"region": str(places.city.pk), "name": "李四", "phone": "0371-1"}
    words = {"name": "全人群签约率", "quote": "达到40%", "offset": "10", "paragraph": "2", "anomalies": "口径未写"}
    as_keeper.post(address, {**words, **lines("contact", [contact]), "strength": "aim"})
    row = rate()
    assert (row.name, row.terms.get().strength) == ("全人群签约率", "must")
    assert (row.anomalies.get().text, row.contacts.get().region) == ("口径未写", places.city)


# --- Publish, revise, close, history --------------------------------------------------------------------------


def test_a_target_without_citation_and_definition_is_not_published(plan, as_keeper):
    Target.objects.filter(code="sm-rate").update(quote="")
    Indicator.objects.filter(code="signing-rate").update(definition="")
    response = as_keeper.post(reverse("plan_publish", args=[plan.pk]))
    assert response.context["obstacles"] == [
        ("目标“签约率”缺少引文、口径，不能发布", reverse("target_edit", args=[rate().pk]))
    ]
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT


def test_obstacles_speak_the_words_of_the_page(plan, as_keeper):
    empty = WorkItemFactory(clause=first_clause(), code="sm-empty")
    response = as_keeper.get(reverse("plan_publish", args=[plan.pk]))
    assert response.context["obstacles"] == [
        ("工作任务“sm-empty”应有量化目标或定性工作，且只有一种", reverse("item_edit", args=[empty.pk]))
    ]


def test_a_plan_is_published_by_one_click(plan, as_keeper, keeper):
    page = text(as_keeper.get(reverse("plan_publish", args=[plan.pk])))
    assert "可以发布" in page
    assert "未印发文日期" in page  # what is odd in the document
    as_keeper.post(reverse("plan_publish", args=[plan.pk]))
    plan.refresh_from_db()
    assert (plan.state, plan.published_by) == (PlanState.PUBLISHED, keeper)


REVISION = {
    "effective_from": "2023-08-15",
    "reason": "省级调整目标",
    "document": "豫卫基层〔2023〕5号",
    "comparator": "at_least",
    "strength": "must",
    "window": "plan",
    "schedule": "at_due",
}


def test_a_revision_page_shows_the_present_terms_beside_the_new(published, as_keeper):
    response = as_keeper.get(reverse("target_revise", args=[rate().pk]))
    assert [now for _field, now in response.context["rows"]] == [
        "≥", "必须", "按计划期", "到期考核", "—", "—", "同计划"
    ]  # fmt: skip
    assert response.context["present"].lines == ("2023年12月31日 ≥40%", "2024年12月31日 ≥50%")
    assert [form["value"].value() for form in response.context["page"].milestones.initial_forms] == ["40", "50"]


def test_a_target_is_revised(published, as_keeper, keeper):
    values = [{"due": "2023-12-31", "value": "45"}, {"due": "2024-12-31", "value": "50"}, {}]
    response = as_keeper.post(reverse("target_revise", args=[rate().pk]), REVISION | lines("milestone", values))
    terms = rate().terms.get(effective_from=date(2023, 8, 15))
    assert response.url == reverse("target_history", args=[rate().pk])
    assert (terms.reason, terms.made_by) == ("省级调整目标", keeper)
    assert list(terms.milestones.values_list("value", flat=True)) == [45, 50]


def test_a_revision_without_a_reason_or_on_a_used_day_is_refused_at_the_field(published, as_keeper):
    address = reverse("target_revise", args=[rate().pk])
    response = as_keeper.post(address, {**REVISION, **lines("milestone", MILESTONES), "reason": "", "document": ""})
    assert sorted(errors(response)) == ["document", "reason"]
    response = as_keeper.post(address, {**REVISION, **lines("milestone", MILESTONES), "effective_from": "2023-01-01"})
    assert errors(response) == {"effective_from": ["2023年1月1日起已有考核条件生效，请另选日期"]}
    assert Terms.objects.filter(target=rate()).count() == 1


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SUPERVISOR])
def test_nobody_else_revises_or_closes(published, places, client, role):
    client.force_login(person(role, places.city))
    address = reverse("target_revise", args=[rate().pk])
    assert client.post(address, REVISION | lines("milestone", MILESTONES)).status_code == 404
    assert client.post(reverse("plan_close", args=[published.pk]), {"day": "2024-04-01"}).status_code == 404
    published.refresh_from_db()
    assert (rate().terms.count(), published.state) == (1, PlanState.PUBLISHED)


def test_a_draft_has_nothing_to_revise_or_close(plan, as_keeper):
    for page in (
        reverse("target_revise", args=[rate().pk]),
        reverse("plan_revise", args=[plan.pk]),
        reverse("plan_close", args=[plan.pk]),
    ):
        assert as_keeper.get(page).status_code == 404


def test_a_plan_is_closed_on_a_day_of_its_time(published, as_keeper):
    address = reverse("plan_close", args=[published.pk])
    (sentence,) = errors(as_keeper.post(address, {"day": "2022-12-31"}))["__all__"]
    assert sentence.startswith("结案日期应在计划开始日2023年1月1日与今天")
    as_keeper.post(address, {"day": "2023-12-31"})
    published.refresh_from_db()
    assert (published.state, published.closed_on) == (PlanState.CLOSED, date(2023, 12, 31))


def test_history_says_who_changed_what_and_by_which_document_it_was_revised(published, as_keeper):
    clause = first_clause()
    as_keeper.post(
        reverse("clause_edit", args=[clause.pk]), {"title": "签约服务", "lead": "卫健局", "anomalies": "未印发文日期"}
    )
    values = lines("milestone", [{"due": "2023-12-31", "value": "45"}])
    as_keeper.post(reverse("target_revise", args=[rate().pk]), REVISION | values)
    response = as_keeper.get(reverse("plan_history", args=[published.pk]))
    assert [(event.label, str(event.record.by or "")) for event in response.context["events"]] == [
        ("修订目标", "赵计划"),
        ("修改条款", "赵计划"),
        ("发布", ""),
        ("载入计划文件", ""),
    ]
    (change,) = response.context["events"][1].differences
    assert (change.row, change.field, change.before, change.after) == (
        "条款 一 签约服务",
        "条款",
        "签约",
        "签约服务",
    )
    (stage,) = response.context["stages"]
    assert (stage.target, stage.terms.document, stage.lines) == (
        rate(),
        "豫卫基层〔2023〕5号",
        ("2023年12月31日 ≥45%",),
    )


def test_history_of_a_target_has_its_terms_the_newest_first(published, as_keeper):
    values = lines("milestone", [{"due": "2023-12-31", "value": "45"}])
    as_keeper.post(reverse("target_revise", args=[rate().pk]), REVISION | values)
    response = as_keeper.get(reverse("target_history", args=[rate().pk]))
    assert [stage.terms.effective_from for stage in response.context["stages"]] == [
        date(2023, 8, 15),
        date(2023, 1, 1),
    ]
    assert [event.label for event in response.context["events"]] == ["修订目标"]


@pytest.mark.parametrize("changes", [1, 3])
def test_history_takes_the_same_queries_for_one_and_three(published, as_keeper, changes, django_assert_num_queries):
    for n in range(changes):
        typed = {"title": f"标题{n}", "lead": "卫健局", "anomalies": "未印发文日期"}
        as_keeper.post(reverse("clause_edit", args=[first_clause().pk]), typed)
    with django_assert_num_queries(11):
        as_keeper.get(reverse("plan_history", args=[published.pk]))


# --- Plan file ------------------------------------------------------------------------------------------------


def upload(client, content: str, **more):
    file = SimpleUploadedFile("plan.yaml", content.encode())
    return client.post(reverse("plan_upload"), {"file": file, **more})


def test_a_wrong_file_is_told_line_by_line_and_loads_nothing(places, as_keeper):
    response = upload(as_keeper, SMALL.replace("schedule: at_due", "schedule: sometimes"))
    (problem,) = response.context["problems"]
    assert problem.line == SMALL[: SMALL.index("schedule: at_due")].count("\n") + 1
    assert problem.message in text(response)
    assert Plan.objects.count() == 0


def test_a_right_file_is_shown_first_and_loaded_by_one_click(places, as_keeper, keeper):
    response = upload(as_keeper, SMALL)
    assert response.context["report"].table()[:2] == [("工作计划", 1, 0, 0, 0), ("条款", 1, 0, 0, 0)]
    assert Plan.objects.count() == 0
    response = as_keeper.post(reverse("plan_upload"), {"text": response.context["text"], "load": "1"})
    made = Plan.objects.get()
    assert response.url == reverse("plan", args=[made.pk])
    assert AuditRecord.objects.get(action="plan.load").by == keeper


def test_a_file_of_a_known_plan_shows_what_would_be_otherwise(plan, as_keeper):
    response = upload(as_keeper, SMALL.replace("提高签约率", "签约率再提高"))
    (change,) = response.context["differences"]
    assert (change.row, change.before, change.after) == ("工作任务 签约率再提高", "提高签约率", "签约率再提高")
    assert signing().title == "提高签约率"


def test_an_unchanged_file_needs_no_loading(plan, as_keeper):
    response = upload(as_keeper, SMALL)
    assert "不必载入" in text(response)
    assert 'name="load"' not in text(response)


@pytest.mark.parametrize("existing", [True, False])
def test_a_file_of_a_plan_elsewhere_is_not_loaded(places, client, existing):
    other = RegionFactory(code="410700", name="新乡市", level=RegionLevel.CITY, kind="city")
    if existing:
        plans.load(read(SMALL), by=None, now=NOW)
    client.force_login(person(Role.PLAN_ADMIN, other))
    content = SMALL.replace("410200", "410700") if existing else SMALL
    for more in ({}, {"load": "1"}):
        (problem,) = upload(client, content, **more).context["problems"]
        assert problem.message.startswith("您不维护")
    assert Plan.objects.filter(issuer=places.city).count() == existing
    assert Plan.objects.filter(issuer=other).count() == 0


def test_what_is_no_text_is_refused_at_the_field(places, as_keeper):
    file = SimpleUploadedFile("plan.yaml", "计划".encode("gb18030"))
    response = as_keeper.post(reverse("plan_upload"), {"file": file})
    assert errors(response) == {"file": ["文件不是 UTF-8 编码，请另存为 UTF-8 后再传"]}
    assert errors(as_keeper.post(reverse("plan_upload"))) == {"file": ["请选择计划文件"]}


# --- Catalogue ------------------------------------------------------------------------------------------------


def test_the_catalogue_says_which_plans_use_an_indicator(plan, as_keeper):
    response = as_keeper.get(reverse("catalogue"))
    (entry,) = response.context["entries"]
    assert (entry.row.code, [each.code for each in entry.targets], entry.hidden) == ("signing-rate", ["sm-rate"], 0)
    assert entry.plans == [plan]


def test_elements_count_where_they_divide_too(plan, as_keeper):
    response = as_keeper.get(reverse("catalogue_elements"))
    used = {entry.row.code: len(entry.targets) for entry in response.context["entries"]}
    assert used == {"signed": 1, "residents": 1}


def test_plans_elsewhere_are_only_counted(plan, as_keeper):
    target_with_terms(
        Indicator.objects.get(code="signing-rate"), {}, PlanFactory(title="别市计划", state=PlanState.DRAFT)
    )
    page = text(as_keeper.get(reverse("catalogue")))
    assert "另有 1 份其他地区的计划" in page
    assert "别市计划" not in page


def test_an_entry_that_serves_another_region_is_read_only(plan, as_keeper):
    indicator = Indicator.objects.get(code="signing-rate")
    target_with_terms(indicator, {}, PlanFactory())
    address = reverse("indicator", args=[indicator.pk])
    assert "要由各地计划管理员商定后修改" in text(as_keeper.get(address))
    assert as_keeper.post(address, {"name": "改名"}).status_code == 404


def test_what_a_qualitative_item_made_is_changed_there(plan, as_keeper):
    own = Indicator.objects.get(code="sm-referral")
    assert "请在工作计划里改那项工作任务" in text(as_keeper.get(reverse("indicator", args=[own.pk])))


def test_an_indicator_is_looked_for_by_its_words(plan, as_keeper):
    IndicatorFactory(name="床位使用率")
    names = [entry.row.name for entry in as_keeper.get(reverse("catalogue"), {"q": "床位"}).context["entries"]]
    assert names == ["床位使用率"]
    states = as_keeper.get(reverse("catalogue"), {"kind": "qualitative"}).context["entries"]
    assert [entry.row.code for entry in states] == ["sm-referral"]


INDICATOR = {
    "name": "达标机构占比",
    "code": "reaching",
    "kind": "each",
    "definition": "达标机构数÷机构总数。",
    "unit": "%",
    "places": "2",
    "element": "signed",
    "denominator": "none",
    "multiplier": "1",
    "offset": "0",
    "operator": ">=",
    "condition_value": "100",
}


def test_an_indicator_is_made_and_leads_back_to_the_target_it_was_made_for(plan, as_keeper):
    classes = lines("class", [{"unit_class": "county", "value": "200"}, {}])
    address = f"{reverse('indicator_new')}?item={signing().pk}"
    response = as_keeper.post(address, INDICATOR | classes)
    made = Indicator.objects.get(code="reaching")
    assert response.url == f"{reverse('target_new', args=[signing().pk])}?indicator=reaching"
    assert (made.kind, made.condition, made.condition_value) == (IndicatorKind.EACH, ">=", Decimal(100))
    assert list(made.condition_values.values_list("unit_class", "value")) == [("county", 200)]
    assert as_keeper.get(response.url).context["form"]["indicator"].value() == "reaching"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"denominator": "element"}, {"over": ["请选择作分母的数据项"]}),
        ({"denominator": "constant"}, {"constant": ["请写基础数据的代号"]}),
        ({"operator": ""}, {"operator": ["请选大于、小于还是等于"]}),
        ({"condition_value": "x"}, {"condition_value": ["“x”不是数字，请只填阿拉伯数字。"]}),
        ({"kind": "ratio"},
         {"kind": ["指标“reaching”是比率，缺少分母"], "operator": ["指标“reaching”不按单位计数，不能有条件"]}),
        ({"multiplier": "100"}, {"multiplier": ["指标“reaching”不是比率，不能有乘数和加数"]}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_an_indicator_stands_at_its_field(plan, as_keeper, changes, expected):
    typed = INDICATOR | lines("class", []) | changes
    assert errors(as_keeper.post(reverse("indicator_new"), typed)) == expected
    assert not Indicator.objects.filter(code="reaching").exists()


ELEMENT = {
    "name": "床位数",
    "code": "beds",
    "topic": "资源",
    "definition": "季末编制床位数。",
    "type": "count",
    "unit": "张",
    "places": "0",
    "accumulation": "stock",
    "kinds": ["township_hospital"],
}


def test_an_element_is_made(plan, as_keeper):
    response = as_keeper.post(reverse("element_new"), ELEMENT)
    made = DataElement.objects.get(code="beds")
    assert response.url == reverse("element", args=[made.pk])
    assert (made.unit, made.kinds) == ("张", ["township_hospital"])


def test_what_is_invisible_around_what_is_typed_is_no_part_of_it(plan, as_keeper):
    odd = {"code": "\u200bbeds\ufeff", "name": "\ufeff床位数\u200b", "unit": "张\u2060"}
    as_keeper.post(reverse("element_new"), ELEMENT | odd)
    made = DataElement.objects.get(code="beds")
    assert (made.name, made.unit) == ("床位数", "张")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"type": "level"}, {"levels": ["数据项“beds”是等级，等级名称至少写两级"]}),
        ({"kinds": []}, {"kinds": ["请选择由谁填报"]}),
        ({"code": "Beds"}, {"code": ["只能用小写字母、数字和连字符，如 kf-clinics"]}),
        ({"type": "date", "accumulation": "running"}, {"accumulation": ["数据项“beds”是等级或日期，不能累计"]}),
        ({"part_of": "signed", "type": "decimal"}, {"part_of": ["“beds”与“signed”的类型不同，无法比较"]}),
    ],
)
def test_what_is_wrong_with_an_element_stands_at_its_field(plan, as_keeper, changes, expected):
    assert errors(as_keeper.post(reverse("element_new"), ELEMENT | changes)) == expected


def test_of_an_entry_in_force_the_form_takes_words_alone(published, as_keeper):
    row = DataElement.objects.get(code="signed")
    as_keeper.post(reverse("element", args=[row.pk]), {**ELEMENT, "name": "有效签约人数"})
    row.refresh_from_db()
    assert (row.name, row.unit, row.topic) == ("有效签约人数", "人", "资源")


def test_an_unused_entry_is_removed(plan, as_keeper):
    unused = DataElementFactory()
    as_keeper.post(reverse("element_remove", args=[unused.pk]))
    assert not DataElement.objects.filter(pk=unused.pk).exists()
    used = DataElement.objects.get(code="signed")
    assert "还在使用，不能删除" in text(as_keeper.post(reverse("element_remove", args=[used.pk])))


@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_the_same_queries_for_one_and_three(places, as_keeper, count, django_assert_num_queries):
    for _ in range(count):
        plan = PlanFactory(issuer=places.city, state=PlanState.DRAFT)
        target_with_terms(IndicatorFactory(), {date(2023, 12, 31): 800}, plan)
    with django_assert_num_queries(12):
        as_keeper.get(reverse("catalogue"))
    with django_assert_num_queries(11):
        as_keeper.get(reverse("catalogue_elements"))
    with django_assert_num_queries(6):
        as_keeper.get(reverse("plans"))


@pytest.mark.parametrize("count", [1, 3])
def test_publishing_takes_the_same_queries_for_one_and_three(places, as_keeper, count, django_assert_num_queries):
    plan = PlanFactory(issuer=places.city, state=PlanState.DRAFT)
    for _ in range(count):
        target_with_terms(IndicatorFactory(), {date(2023, 12, 31): 800}, plan)
    with django_assert_num_queries(19):
        as_keeper.get(reverse("plan_publish", args=[plan.pk]))


@pytest.mark.parametrize("count", [1, 3])
def test_a_draft_takes_the_same_queries_for_one_and_three(places, as_keeper, count, django_assert_num_queries):
    plan = PlanFactory(issuer=places.city, state=PlanState.DRAFT)
    for _ in range(count):
        Anomaly.objects.create(clause=ClauseFactory(plan=plan), text="编号重复")
    with django_assert_num_queries(10):
        as_keeper.get(reverse("plan", args=[plan.pk]))
