"""Pages of the 填报员, through the test client."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from institutions import clock
from institutions.enums import Role
from reports.models import Entry, Submission
from reports.returns.actions import submissions
from reports.reviewing.actions import reviews
from targets.enums import Denominator, IndicatorKind
from tests.factories import ConstantFactory, IndicatorFactory, VillageClinicFactory, person, target_with_terms
from tests.reports.returns.helpers import MORNING, NOON, Q1, Filling, filling

pytestmark = pytest.mark.django_db
LIST_QUERIES = 5
FORM_QUERIES = 31


@pytest.fixture(autouse=True)
def april_tenth(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


@pytest.fixture
def scene(client) -> Filling:
    made = filling()
    client.force_login(made.reporter)
    return made


def address(scene, name="return_form"):
    return reverse(name, args=[scene.submission.pk])


def posted(scene, **changed):
    """The fields of the page as a browser sends them."""
    fields = {f"v-{e.pk}-{scene.hospital.pk}": "" for e in (scene.all_visits, scene.visits, scene.trained, scene.camp)}
    fields |= {f"v-{scene.equipped.pk}-{scene.clinic.pk}": "", "seen": ""}
    for name, typed in changed.items():
        subject = scene.clinic if name == "equipped" else scene.hospital
        fields[f"v-{getattr(scene, name).pk}-{subject.pk}"] = typed
    if changed.get("camp"):
        fields[f"note-{scene.camp.pk}-{scene.hospital.pk}"] = "已开展两期培训。"
    return fields


COMPLETE = {"all_visits": "1,000", "visits": "６００ 人次", "trained": "5", "camp": "全部完成", "equipped": "是"}


def entries():
    return {entry.element.name: entry.value for entry in Entry.objects.select_related("element")}


def text(response):
    return response.content.decode()


def shown(response):
    """The words of the page without its tags, which hold ids of their own."""
    return strip_tags(text(response))


def test_list_says_what_is_owed_and_until_when(scene, client):
    assert "2024年第一季度报表：4月15日前提交" in text(client.get(reverse("returns")))


@pytest.mark.parametrize(("day", "words"), [(14, "还剩 1 天"), (15, "今天截止"), (16, "已逾期 1 天")])
def test_list_counts_the_days(scene, client, settings, day, words):
    settings.BUSINESS_DATE = date(2024, 4, day)
    page = text(client.get(reverse("returns")))
    assert (words in page, "逾期未报" in page) == (True, day > 15)


def test_list_takes_the_same_queries_for_one_row_and_for_three(scene, client, django_assert_num_queries):
    client.get(reverse("returns"))
    with django_assert_num_queries(LIST_QUERIES):
        client.get(reverse("returns"))
    scene.hand_in()
    scene.next_quarter()
    scene.next_quarter()
    with django_assert_num_queries(LIST_QUERIES):
        assert len(client.get(reverse("returns")).context["owed"]) == 2


def test_list_is_for_reporters(scene, client):
    client.force_login(scene.reviewer)
    assert client.get(reverse("returns")).status_code == 404


@pytest.mark.parametrize("name", ["return_form", "return_print"])
def test_another_unit_does_not_find_the_return(scene, client, name):
    client.force_login(person(Role.REPORTER, scene.places.hospitals[1][0]))
    assert client.get(address(scene, name)).status_code == 404


@pytest.mark.parametrize("name", ["return_form", "return_print"])
def test_a_visitor_is_sent_to_log_in(scene, client, name):
    client.logout()
    assert client.get(address(scene, name)).status_code == 302


def test_another_countys_director_does_not_find_the_return(scene, client):
    client.force_login(person(Role.DIRECTOR, scene.places.counties[1]))
    assert client.get(address(scene)).status_code == 404


def test_the_own_countys_director_reads_what_was_handed_in_but_no_draft(scene, client):
    client.force_login(person(Role.DIRECTOR, scene.places.counties[0]))
    submissions.save_draft(scene.submission, scene.answers(visits=77), scene.reporter, MORNING)
    assert "77" not in shown(client.get(address(scene)))
    scene.hand_in(visits=77)
    page = client.get(address(scene))
    assert ("77" in shown(page), page.context["page"].is_editable) == (True, False)


def test_a_reader_may_not_write(scene, client):
    client.force_login(scene.reviewer)
    assert client.post(address(scene), posted(scene)).status_code == 404


def test_the_form_takes_the_same_queries_for_one_clinic_and_for_three(scene, client, django_assert_num_queries):
    client.get(address(scene))
    with django_assert_num_queries(FORM_QUERIES):
        client.get(address(scene))
    VillageClinicFactory.create_batch(2, reported_by=scene.hospital)
    with django_assert_num_queries(FORM_QUERIES):
        assert len(client.get(address(scene)).context["page"].form.cells) == 7


def test_the_form_shows_the_last_quarter_beside_each_field(scene, client):
    scene.hand_in(all_visits=1234)
    scene.approve()
    scene.next_quarter()
    cell = client.get(address(scene)).context["page"].form.cells[scene.all_visits.pk, scene.hospital.pk]
    assert (cell.last, cell.typed) == ("1,234", "")


def test_saving_keeps_zero_blank_and_not_applicable_apart(scene, client):
    fields = posted(scene, visits="0") | {
        f"na-{scene.trained.pk}-{scene.hospital.pk}": "on",
        f"note-{scene.trained.pk}-{scene.hospital.pk}": "无此业务",
    }
    client.post(address(scene), fields | {"save": ""})
    assert entries() == {"基层诊疗人次": 0, "培训人次": None}


def test_a_state_that_may_be_not_applicable_has_one_account_and_keeps_what_is_typed_there(scene, client):
    scene.camp.allow_not_applicable = True
    scene.camp.save()
    note = f"note-{scene.camp.pk}-{scene.hospital.pk}"
    client.post(address(scene), {**posted(scene, camp="全部完成"), note: "已办三期。", "save": ""})
    page = client.get(address(scene))
    assert text(page).count(f'name="{note}"') == 1
    again = {**posted(scene), "seen": page.context["page"].seen, "save": "", note: "本院不承担。"}
    client.post(address(scene), {**again, f"na-{scene.camp.pk}-{scene.hospital.pk}": "on"})
    entry = Entry.objects.get(element=scene.camp)
    assert (entry.value, entry.not_applicable, entry.note) == (None, True, "本院不承担。")


def test_saving_says_how_many_are_left(scene, client):
    page = client.post(address(scene), posted(scene, visits="3") | {"save": ""}, follow=True)
    assert [str(message) for message in page.context["messages"]] == ["草稿已保存，还有 4 项未填。"]


def test_saving_with_an_unreadable_cell_keeps_the_others_and_gives_all_back(scene, client):
    page = client.post(address(scene), posted(scene, visits="三十", all_visits="40") | {"save": ""})
    cell = page.context["page"].form.cells[scene.visits.pk, scene.hospital.pk]
    assert (cell.typed, cell.error) == ("三十", "“三十”不是数字，请只填阿拉伯数字。")
    assert entries() == {"全部诊疗人次": 40}


def test_an_unreadable_cell_does_not_lose_what_was_saved_of_it(scene, client):
    client.post(address(scene), posted(scene, visits="30") | {"save": ""})
    seen = client.get(address(scene)).context["page"].seen
    client.post(address(scene), posted(scene, visits="3o") | {"seen": seen, "save": ""})
    assert entries() == {"基层诊疗人次": 30}


def test_handing_in_reads_full_width_digits_separators_and_units(scene, client):
    client.post(address(scene), posted(scene, **COMPLETE) | {"submit": ""})
    scene.submission.refresh_from_db()
    assert scene.submission.state == "submitted"
    assert entries()["全部诊疗人次"] == 1000
    assert entries()["基层诊疗人次"] == 600


def test_handing_in_with_findings_lists_them_with_links_and_keeps_the_draft(scene, client):
    page = client.post(address(scene), posted(scene, **COMPLETE | {"visits": "1001"}) | {"submit": ""})
    sentence = "1,001 大于“全部诊疗人次”的 1,000，部分不能大于总数。"
    assert f'<a href="#f-{scene.visits.pk}-{scene.hospital.pk}">基层诊疗人次</a>：{sentence}' in text(page)
    assert len(entries()) == 5


def test_an_old_tab_does_not_overwrite_and_shows_both(scene, client):
    colleague = person(Role.REPORTER, scene.hospital, display_name="赵同事")
    submissions.save_draft(scene.submission, scene.answers(visits=50), colleague, MORNING)
    page = client.post(address(scene), posted(scene, visits="60") | {"save": ""})
    cell = page.context["page"].form.cells[scene.visits.pk, scene.hospital.pk]
    assert page.context["page"].trouble.startswith("赵同事 已于 4月10日 09:00 另外保存过这张报表。")
    assert (cell.typed, cell.other, entries()["基层诊疗人次"]) == ("60", "赵同事 09:00 改为 50", 50)
    client.post(address(scene), posted(scene, visits="60") | {"seen": page.context["page"].seen, "save": ""})
    assert entries() == {"基层诊疗人次": 60}


def test_a_handed_in_return_is_read_only(scene, client):
    scene.hand_in()
    page = text(client.get(address(scene)))
    assert ('<input type="radio"' in page, "等待审核" in page) == (False, True)
    after = client.post(address(scene), posted(scene, visits="1") | {"save": ""}, follow=True)
    assert [str(message) for message in after.context["messages"]] == [
        "报表已提交，正在等待审核，不能再修改；如需修改，请先撤回。"
    ]


def test_a_returned_one_shows_the_reason_and_what_was_typed(scene, client):
    scene.hand_in()
    reviews.send_back(scene.submission, "与台账不一致", scene.reviewer, NOON)
    page = client.get(address(scene))
    assert "王审核 于 2024年4月10日 12:00 退回</strong>：与台账不一致" in text(page)
    assert page.context["page"].form.cells[scene.visits.pk, scene.hospital.pk].typed == "60"


def test_the_print_has_places_for_signatures_and_no_navigation(scene, client):
    page = text(client.get(address(scene, "return_print")))
    assert all(word in page for word in ("填报人（签字）", "审核人（签字）", "单位负责人（签字）", "单位盖章"))
    assert "site-nav" not in page


def test_the_form_is_grouped_by_topic_with_a_line_a_clinic(scene, client):
    topics = client.get(address(scene)).context["page"].form.topics
    assert [(topic.name, len(topic.cells), bool(topic.grid)) for topic in topics] == [
        ("基本医疗", 3, False),
        ("队伍建设", 1, False),
        ("村卫生室", 0, True),
    ]


def test_business_date_is_the_days_clock(scene):
    assert (clock.today(), Submission.objects.of_quarter(Q1).count()) == (date(2024, 4, 10), 2)


def test_handing_in_an_unreadable_form_lists_it_first_and_the_empty_fields_after(scene, client):
    page = client.post(address(scene), posted(scene, camp="全部完成", trained="x") | {"submit": ""})
    assert [cell.error for cell in page.context["page"].form.errors] == [
        "“x”不是数字，请只填阿拉伯数字。",
        "未填。没有发生的请填 0。",
        "未填。没有发生的请填 0。",
        "未填。",
    ]


# --- What stayed as it was, what is known, what is to be explained, and who fills in for whom -------------------------


def a_quarter_later(scene, **changed):
    """The first quarter is approved; from here on it is the second's return."""
    scene.hand_in(**changed)
    scene.approve()
    scene.next_quarter()


def test_positions_that_stayed_are_confirmed_with_one_button(scene, client):
    a_quarter_later(scene)
    page = client.post(address(scene), posted(scene) | {"confirm_unchanged": "all"}, follow=True)
    form = page.context["page"].form
    assert [str(each) for each in page.context["messages"]] == ["2 项照上季填好。草稿已保存，还有 3 项未填。"]
    assert {cell.element.name: cell.typed for cell in form.cells.values() if cell.is_unchanged} == {
        "完善招聘机制": "全部完成",
        "设备是否配齐": "是",
    }


def test_one_topic_is_confirmed_by_itself_and_nothing_typed_is_touched(scene, client):
    a_quarter_later(scene)
    topics = {topic.name: topic.place for topic in client.get(address(scene)).context["page"].form.topics}
    client.post(address(scene), posted(scene, camp="基本完成") | {"confirm_unchanged": topics["村卫生室"]})
    assert entries_of_draft(scene) == {"完善招聘机制": 1, "设备是否配齐": 1}


def entries_of_draft(scene):
    draft = scene.submission.rounds.get(submitted_at=None)
    return {entry.element.name: entry.value for entry in draft.entries.select_related("element")}


def test_a_flow_is_never_copied(scene, client):
    a_quarter_later(scene)
    cells = client.get(address(scene)).context["page"].form.cells
    assert cells[scene.visits.pk, scene.hospital.pk].unchanged == ""


def test_a_large_change_wants_a_word_before_it_is_handed_in(scene, client):
    a_quarter_later(scene)
    fields = posted(scene, **COMPLETE) | {note_of(scene, "camp"): "已开展。"}
    page = client.post(address(scene), fields | {"submit": ""})
    cell = page.context["page"].form.cells[scene.visits.pk, scene.hospital.pk]
    wanted = cell.error.endswith("请核实。请在“核实说明”中写一句原因，再提交。")
    assert (cell.wants_note, wanted) == (True, True)
    assert f'name="{note_of(scene, "visits")}"' in text(page)
    words = {note_of(scene, name): "新门诊楼启用。" for name in ("visits", "all_visits")}
    client.post(address(scene), fields | words | {"seen": page.context["page"].seen, "submit": ""})
    scene.submission.refresh_from_db()
    assert scene.submission.state == "submitted"


def note_of(scene, name):
    return f"note-{getattr(scene, name).pk}-{scene.hospital.pk}"


def test_official_numbers_that_ratios_divide_by_are_shown_with_year_and_source(scene, client):
    rate = IndicatorFactory(
        kind=IndicatorKind.RATIO,
        element=scene.visits,
        denominator=Denominator.CONSTANT,
        constant="resident-population",
    )
    target_with_terms(rate, {date(2024, 12, 31): 1}, plan=scene.plan)
    ConstantFactory(code="resident-population", region=scene.hospital.region, year=2023, value=30500, source="统计公报")
    assert "常住人口 30,500 人（2023年，统计公报）" in shown(client.get(address(scene)))


def test_an_old_tab_is_told_who_changed_which_fields(scene, client):
    colleague = person(Role.REPORTER, scene.hospital, display_name="赵同事")
    submissions.save_draft(scene.submission, scene.answers(visits=50), colleague, MORNING)
    page = client.post(address(scene), posted(scene, visits="60") | {"save": ""})
    told = {cell.element.name: cell.other for cell in page.context["page"].form.others}
    assert (told["基层诊疗人次"], len(told)) == ("赵同事 09:00 改为 50", 5)
    assert ">基层诊疗人次</a>：赵同事 09:00 改为 50" in text(page)


def test_a_reviewer_fills_in_for_the_unit_and_says_how(scene, client):
    client.force_login(scene.reviewer)
    where = address(scene) + "?enter=1"
    unsaid = client.post(where, posted(scene, visits="3") | {"save": ""})
    assert unsaid.context["page"].trouble.startswith("代报要注明方式：")
    client.post(where, posted(scene, visits="3") | {"save": "", "origin": "phone"})
    draft = scene.submission.rounds.get()
    assert (draft.origin, draft.saved_by, entries()) == ("phone", scene.reviewer, {"基层诊疗人次": 3})


def test_a_return_opened_again_is_filled_in_like_a_draft(scene, client):
    scene.hand_in()
    scene.approve()
    Submission.objects.filter(pk=scene.submission.pk).update(state="reopened")
    page = client.get(address(scene)).context["page"]
    assert (page.is_editable, page.form.cells[scene.visits.pk, scene.hospital.pk].typed) == (True, "60")
