"""One return before the 审核员, through the test client."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from institutions.enums import Role
from reports.base.enums import Origin
from reports.models import Remark, SpotCheck, Submission
from reports.returns.actions import opening, submissions
from reports.reviewing.actions import reviews
from tests.factories import FigureFactory, InstitutionFactory, person
from tests.reports.returns.helpers import MORNING, NOON, Q1, Filling, filling

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def april_tenth(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


@pytest.fixture
def scene(client) -> Filling:
    made = filling()
    client.force_login(made.reviewer)
    return made


def address(scene, query=""):
    return reverse("review", args=[scene.submission.pk]) + query


def text(response):
    return response.content.decode()


def page_of(response):
    return response.context["page"]


def more_hospitals(scene, count):
    for number in range(count):
        hospital = InstitutionFactory(region=scene.places.counties[0], name=f"第{number}卫生院")
        opening.open_quarter(Q1, MORNING)
        clerk = person(Role.REPORTER, hospital)
        submission = Submission.objects.get(reporter=hospital)
        own = [a for a in scene.answers() if a.subject_id == scene.hospital.pk]
        answers = [type(a)(a.element_id, hospital.pk, a.value, a.not_applicable, a.note) for a in own]
        submissions.save_draft(submission, answers, clerk, MORNING)
        submissions.submit(submission, clerk, MORNING)


def field(scene, name="visits"):
    return "w-{}-{}".format(*scene.answer(name, 1).key)


def test_another_county_does_not_find_the_return(scene, client):
    client.force_login(person(Role.REVIEWER, scene.places.counties[1]))
    assert client.get(address(scene)).status_code == 404
    assert client.post(address(scene), {"approve": ""}).status_code == 404


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SUPERVISOR])
def test_a_reader_of_the_county_does_not_find_the_review(scene, client, role):
    client.force_login(person(role, scene.places.counties[0]))
    assert client.get(address(scene)).status_code == 404


def test_approving_goes_on_to_the_next_that_waits(scene, client):
    scene.hand_in()
    more_hospitals(scene, 1)
    other = Submission.objects.get(reporter__name="第0卫生院")
    query = "?quarter=2024Q1&state=submitted"
    after = client.post(address(scene, query), {"approve": ""})
    assert after.url == reverse("review", args=[other.pk]) + query
    scene.submission.refresh_from_db()
    assert scene.submission.state == "approved"


def test_approving_the_last_goes_back_to_the_list(scene, client):
    scene.hand_in()
    assert client.post(address(scene), {"approve": ""}).url == reverse("reviews") + "?quarter=2024Q1"


def test_approving_twice_says_who_did(scene, client):
    scene.hand_in()
    client.post(address(scene), {"approve": ""})
    page = client.post(address(scene), {"approve": ""})
    assert page_of(page).trouble.startswith("这张报表已由 王审核 于 4月10日")


def test_approving_what_was_handed_in_anew_is_refused(scene, client):
    scene.hand_in()
    seen = page_of(client.get(address(scene))).handed_in.pk
    submissions.withdraw(scene.submission, scene.reporter, NOON)
    submissions.submit(scene.submission, scene.reporter, NOON)
    page = client.post(address(scene), {"approve": "", "seen": seen})
    assert page_of(page).trouble == "这张报表在您打开以后撤回过又重新提交，请看过新的内容再审核。"


def test_sending_back_without_a_reason_is_refused(scene, client):
    scene.hand_in()
    page = client.post(address(scene), {"send_back": "", "reason": " "})
    assert page_of(page).trouble == "请写明退回原因，让填报人知道改哪里。"


def test_sending_back_keeps_the_reason(scene, client):
    scene.hand_in()
    client.post(address(scene), {"send_back": "", "reason": "请核对诊疗人次"})
    scene.submission.refresh_from_db()
    assert (scene.submission.state, scene.submission.rounds.get().reason) == ("returned", "请核对诊疗人次")


def test_sending_back_with_words_at_a_field_needs_no_other_reason(scene, client):
    scene.hand_in()
    client.post(address(scene), {"send_back": "", "reason": "", field(scene): "与直报系统不一致"})
    remark = Remark.objects.get()
    assert (remark.round.reason, remark.element, remark.text) == ("见逐项意见。", scene.visits, "与直报系统不一致")


def test_words_at_a_field_survive_a_refusal(scene, client):
    scene.hand_in()
    words = "多" * 201
    page = client.post(address(scene), {"send_back": "", "reason": "请改", field(scene): words})
    assert page_of(page).trouble == "逐项意见每条最多 200 字，请缩短后再退回，所写的都还在本页。"
    assert page_of(page).asides[scene.answer("visits", 1).key].words == words
    assert scene.submission.rounds.get().decision == ""


def test_words_at_a_field_outside_the_return_are_not_kept(scene, client):
    scene.hand_in()
    stranger = InstitutionFactory()
    client.post(address(scene), {"send_back": "", "reason": "请改", f"w-{scene.visits.pk}-{stranger.pk}": "改"})
    assert Remark.objects.count() == 0


def test_words_of_earlier_rounds_stand_at_the_field(scene, client):
    scene.hand_in()
    key = scene.answer("visits", 1).key
    reviews.send_back(scene.submission, "", scene.reviewer, NOON, remarks={key: "与直报系统不一致"})
    scene.hand_in(NOON, visits=55)
    assert "第 1 轮审核意见：与直报系统不一致" in text(client.get(address(scene)))


def test_the_reporter_sees_the_words_at_the_field(scene, client):
    scene.hand_in()
    key = scene.answer("visits", 1).key
    reviews.send_back(scene.submission, "", scene.reviewer, NOON, remarks={key: "与直报系统不一致"})
    client.force_login(scene.reporter)
    page = text(client.get(reverse("return_form", args=[scene.submission.pk])))
    assert "审核意见：与直报系统不一致" in page


def test_the_review_shows_the_change_since_last_quarter(scene, client):
    scene.hand_in(all_visits=1000, trained=20)
    scene.approve()
    scene.next_quarter()
    submissions.save_draft(scene.submission, noted(scene.answers(all_visits=1100, trained=26)), scene.reporter, MORNING)
    submissions.submit(scene.submission, scene.reporter, MORNING)
    page = text(client.get(address(scene)))
    assert ("+100（+10%）" in page, "本季新增 +6" in page) == (True, True)


def test_the_review_shows_the_same_quarter_of_last_year(scene, client):
    FigureFactory(subject=scene.hospital, element=scene.all_visits, quarter=(Q1 - 4).ordinal, value=Decimal(80))
    scene.hand_in()
    assert "+20（+25%）" in text(client.get(address(scene)))


def test_a_large_change_is_said_in_words(scene, client):
    FigureFactory(subject=scene.hospital, element=scene.all_visits, quarter=(Q1 - 1).ordinal, value=Decimal(400))
    submissions.save_draft(scene.submission, noted(scene.answers()), scene.reporter, MORNING)
    submissions.submit(scene.submission, scene.reporter, MORNING)
    assert "▼ 大幅减少" in text(client.get(address(scene)))


def noted(answers):
    return [type(a)(a.element_id, a.subject_id, a.value, a.not_applicable, a.note or "已核实。") for a in answers]


def test_the_review_adds_up_the_lines_of_units(scene, client):
    scene.hand_in()
    assert "是 1 家，上季 — 家" in text(client.get(address(scene)))


def test_the_review_shows_the_reason_of_a_not_applicable(scene, client):
    scene.hand_in(trained="本单位无此业务")
    assert "不适用原因：本单位无此业务" in text(client.get(address(scene)))


def test_the_review_names_the_targets_that_an_answer_goes_into(scene, client):
    scene.hand_in()
    fed = page_of(client.get(address(scene))).asides[scene.answer("visits", 1).key].feeds
    assert [target.indicator.element for target in fed] == [scene.visits]


def test_a_draft_is_not_shown_to_the_reviewer(scene, client):
    submissions.save_draft(scene.submission, scene.answers(visits=77), scene.reporter, MORNING)
    page = text(client.get(address(scene)))
    assert ("77" in page, "还没有提交本季报表" in page) == (False, True)


def test_who_entered_a_return_is_not_asked_to_decide(scene, client):
    submissions.save_draft(scene.submission, scene.answers(), scene.reviewer, MORNING, origin=Origin.PHONE)
    submissions.submit(scene.submission, scene.reviewer, MORNING)
    page = client.get(address(scene))
    assert page_of(page).may_decide is False
    assert "请由其他审核员审核" in text(page)


def test_marking_a_figure_keeps_the_words_at_other_fields(scene, client):
    scene.hand_in()
    typed = {field(scene): "看门诊登记", field(scene, "trained"): "附签到表", "reason": "先核查"}
    visits, trained = (scene.answer(name, 1).key for name in ("visits", "trained"))
    page = page_of(client.post(address(scene), {"mark": "{}-{}".format(*visits), **typed}))
    assert (SpotCheck.objects.get().reason, page.reason) == ("看门诊登记", "先核查")
    assert (page.asides[visits].words, page.asides[trained].words) == ("", "附签到表")


def test_marking_a_figure_after_approval(scene, client):
    scene.hand_in()
    scene.approve()
    name = "{}-{}".format(*scene.answer("visits", 1).key)
    client.post(address(scene), {"mark": name, f"w-{name}": "看门诊登记"})
    assert SpotCheck.objects.get().outcome == ""


def test_neighbours_of_the_filtered_list(scene, client):
    scene.hand_in()
    more_hospitals(scene, 2)
    page = page_of(client.get(address(scene, "?state=submitted")))
    second = Submission.objects.get(reporter__name="第0卫生院")
    near = page.neighbours
    assert (near.position, near.total, near.earlier, near.later) == (1, 3, None, second.pk)
    assert page.query == "?quarter=2024Q1&state=submitted"
