"""Pages of 佐证材料 and 问题与措施, through the test client."""

from datetime import date
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from institutions.enums import Role
from reports.base.enums import Status
from reports.models import Attainment, Evidence, Explanation
from reports.returns import evidence_storage
from reports.returns.actions import evidence
from reports.reviewing.actions import reviews
from targets.models import Target
from tests.factories import person
from tests.factories.results import AttainmentFactory
from tests.reports.returns.helpers import MORNING, NOON, Q1, Filling, filling
from tests.reports.returns.papers import PDF, png, upload

pytestmark = pytest.mark.django_db
EVIDENCE_QUERIES = 22
EXPLANATIONS_QUERIES = 12


@pytest.fixture(autouse=True)
def ground(settings, tmp_path):
    settings.BUSINESS_DATE = date(2024, 4, 10)
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def scene(client) -> Filling:
    made = filling()
    client.force_login(made.reporter)
    return made


def address(scene, name):
    return reverse(name, args=[scene.submission.pk])


def item(scene, element="visits"):
    subject = scene.clinic if element == "equipped" else scene.hospital
    return f"{getattr(scene, element).pk}-{subject.pk}"


def added(scene, element="visits", file=None) -> Evidence:
    key = tuple(map(int, item(scene, element).split("-")))
    return evidence.add(scene.submission, key, file or upload(), scene.reporter, MORNING)


def shown(response):
    return " ".join(strip_tags(response.content.decode()).split())


def outsider(scene):
    return person(Role.REVIEWER, scene.places.counties[1])


# --- Evidence ---------------------------------------------------------------------------------------------------


def test_upload_keeps_what_can_be_kept_and_says_why_not(client, scene):
    files = [upload(), upload("照片.png", png()), upload("程序.pdf", b"MZ" + b"\0" * 99)]
    response = client.post(address(scene, "evidence"), {"item": item(scene), "files": files}, follow=True)
    assert sorted(Evidence.objects.values_list("name", flat=True)) == ["照片.png", "验收文件.pdf"]
    assert "已上传 2 份材料。" in shown(response)
    assert "“程序.pdf”没有上传：只收 PDF、OFD、JPG、PNG、Word、Excel 和 WPS 文件" in shown(response)


def test_upload_of_nothing_says_so(client, scene):
    response = client.post(address(scene, "evidence"), {"item": item(scene)}, follow=True)
    assert "没有收到文件，请先选择文件再上传。" in shown(response)


def test_page_names_what_must_be_there(client, scene):
    Target.objects.filter(indicator__element=scene.equipped).update(needs_evidence=True)
    scene.submission.rounds.all().delete()
    added(scene)
    scene.submission.rounds.get().entries.create(element=scene.equipped, subject=scene.clinic, value=1)
    page = shown(client.get(address(scene, "evidence")))
    assert "佐证材料：已附 1 份，还有 1 项必须附" in page
    assert "设备是否配齐（东村卫生室） 必须附 是 还没有材料" in page


def test_upload_by_a_reviewer_of_the_units_own_draft_is_refused(client, scene):
    client.force_login(scene.reviewer)
    response = client.post(address(scene, "evidence"), {"item": item(scene), "files": [upload()]}, follow=True)
    assert "代报要注明方式" in shown(response)
    assert Evidence.objects.count() == 0


@pytest.mark.parametrize("name", ["evidence", "explanations"])
def test_pages_are_not_there_for_outsiders(client, scene, name):
    client.force_login(outsider(scene))
    assert client.get(address(scene, name)).status_code == 404
    assert client.post(address(scene, name), {"item": item(scene)}).status_code == 404


def test_file_is_given_out_as_a_download(client, scene):
    response = client.get(reverse("evidence_file", args=[added(scene).pk]))
    assert response.content == PDF
    assert {name: response[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")} == {
        "Content-Type": "application/pdf",
        "Content-Disposition": f"attachment; filename*=utf-8''{quote('验收文件.pdf')}",
        "X-Content-Type-Options": "nosniff",
    }


def test_file_of_a_draft_is_not_there_for_the_reviewer(client, scene):
    file = added(scene)
    client.force_login(scene.reviewer)
    assert client.get(reverse("evidence_file", args=[file.pk])).status_code == 404
    scene.hand_in()
    assert client.get(reverse("evidence_file", args=[file.pk])).status_code == 200
    client.force_login(outsider(scene))
    assert client.get(reverse("evidence_file", args=[file.pk])).status_code == 404


def test_damaged_file_is_not_given_out(client, scene):
    file = added(scene)
    evidence_storage.path_of(file.sha256).write_bytes(b"other")
    response = client.get(reverse("evidence_file", args=[file.pk]), follow=True)
    assert "“验收文件.pdf”的存档文件丢失或已损坏，没有给出，已记入审计。" in shown(response)


def test_withdraw_takes_the_file_off_the_page(client, scene):
    file = added(scene)
    response = client.post(reverse("evidence_withdraw", args=[file.pk]), follow=True)
    assert "已撤下“验收文件.pdf”，登记记录仍保留。" in shown(response)
    assert "佐证材料：0 份" in shown(response)


def test_withdraw_by_who_may_not_fill_in_is_not_there(client, scene):
    file = added(scene)
    scene.hand_in()
    client.force_login(person(Role.DIRECTOR, scene.places.counties[0]))
    assert client.post(reverse("evidence_withdraw", args=[file.pk])).status_code == 404
    file.refresh_from_db()
    assert file.withdrawn_at is None


def test_reviewer_reads_what_was_handed_in(client, scene):
    added(scene)
    scene.hand_in()
    client.force_login(scene.reviewer)
    page = shown(client.get(address(scene, "evidence")))
    assert "佐证材料：1 份" in page
    assert "上传" not in page.split("验收文件.pdf")[1]


@pytest.mark.parametrize("count", [1, 3])
def test_evidence_page_takes_the_same_queries_for_any_number(client, scene, count, django_assert_num_queries):
    for number, element in enumerate(("visits", "trained", "camp")[:count]):
        added(scene, element, upload(f"{number}.png", png(2, number + 1)))
    with django_assert_num_queries(EVIDENCE_QUERIES):
        client.get(address(scene, "evidence"))


# --- 问题与措施 ----------------------------------------------------------------------------------------------------


def behind(scene, element="visits", quarter=Q1) -> Target:
    target = Target.objects.get(indicator__element=getattr(scene, element))
    AttainmentFactory(
        target=target,
        region=None,
        institution=scene.hospital,
        quarter=quarter.ordinal,
        status=Status.RED,
        reason="完成 60，应达 100。",
    )
    return target


def typed(target, **changed):
    words = {"causes": ["staff", "money"], "problem": "两名医生离职。", "measures": "抓紧招聘医生。", "finish_by": ""}
    return {"target": target.pk} | {f"t{target.pk}-{name}": value for name, value in (words | changed).items()}


def test_explanations_page_shows_the_sentence_and_saves(client, scene):
    target = behind(scene)
    page = shown(client.get(address(scene, "explanations")))
    assert "问题与措施：1 项目标滞后，1 项没有写全" in page
    assert "完成 60，应达 100。" in page
    response = client.post(address(scene, "explanations"), typed(target, finish_by="2024-06-30"), follow=True)
    assert "已保存，各项都已写全，可以提交报表。" in shown(response)
    kept = Explanation.objects.get()
    assert (kept.causes, kept.problem, kept.finish_by) == (["staff", "money"], "两名医生离职。", date(2024, 6, 30))


def test_unfinished_words_are_kept_and_what_they_lack_is_said(client, scene):
    target = behind(scene)
    response = client.post(address(scene, "explanations"), typed(target, measures=""), follow=True)
    assert "已保存，还有 1 项没有写全。" in shown(response)
    assert "请写明下一步措施，不少于 5 个字。" in shown(response)
    assert Explanation.objects.get().problem == "两名医生离职。"


def test_an_unreadable_day_comes_back_and_the_rest_is_kept(client, scene):
    first, second = behind(scene), behind(scene, "trained")
    fields = typed(first, finish_by="六月") | typed(second)
    fields["target"] = [first.pk, second.pk]
    response = client.post(address(scene, "explanations"), fields)
    assert "有 1 项没有保存：内容仍在下面，请按提示改正。其余内容已保存。" in shown(response)
    assert b"\xe4\xb8\xa4\xe5\x90\x8d" in response.content
    assert list(Explanation.objects.values_list("target", flat=True)) == [second.pk]


def test_second_person_is_told_and_loses_nothing(client, scene):
    target = behind(scene)
    client.post(address(scene, "explanations"), typed(target))
    response = client.post(address(scene, "explanations"), typed(target, problem="我写的另一种说法。"))
    assert "另有人在您打开本页之后保存过问题与措施。" in shown(response)
    assert "我写的另一种说法。" in shown(response)
    assert Explanation.objects.get().problem == "两名医生离职。"


def test_last_quarters_words_can_be_taken_over(client, scene):
    target = behind(scene)
    client.post(address(scene, "explanations"), typed(target, finish_by="2024-06-30"))
    scene.hand_in()
    scene.approve()
    scene.next_quarter()
    behind(scene, quarter=Q1 + 1)
    assert "上季：人员不足、经费未到位" in shown(client.get(address(scene, "explanations")))
    fields = typed(target, causes=[], problem="", measures="") | {"copy": target.pk}
    client.post(address(scene, "explanations"), fields)
    kept = Explanation.objects.get(round__submission=scene.submission)
    assert (kept.causes, kept.problem, kept.finish_by) == (["staff", "money"], "两名医生离职。", date(2024, 6, 30))


def test_reader_sees_what_was_handed_in_and_no_form(client, scene):
    target = behind(scene)
    client.post(address(scene, "explanations"), typed(target))
    client.force_login(scene.reviewer)
    assert "两名医生离职。" not in shown(client.get(address(scene, "explanations")))
    scene.hand_in()
    response = client.get(address(scene, "explanations"))
    assert "两名医生离职。" in shown(response)
    assert b"<textarea" not in response.content


def test_trace_tells_what_the_unit_says(client, scene):
    target = behind(scene)
    scene.plan.judged_levels = ["city", "county", "institution"]
    scene.plan.save()
    client.post(address(scene, "explanations"), typed(target))
    Attainment.objects.update(known_from=NOON.date())
    scene.hand_in()
    reviews.approve(scene.submission, scene.reviewer, NOON)
    client.force_login(scene.reviewer)
    response = client.get(reverse("trace_institution", args=[target.pk, scene.hospital.pk, Q1]))
    assert "存在问题 两名医生离职。 下一步措施 抓紧招聘医生。" in shown(response)


@pytest.mark.parametrize("count", [1, 3])
def test_explanations_page_takes_the_same_queries_for_any_number(client, scene, count, django_assert_num_queries):
    targets = [behind(scene, element) for element in ("visits", "trained", "all_visits")[:count]]
    client.post(address(scene, "explanations"), typed(targets[0]))
    with django_assert_num_queries(EXPLANATIONS_QUERIES):
        client.get(address(scene, "explanations"))


def test_far_too_large_a_request_brings_no_file(client, scene, monkeypatch):
    monkeypatch.setattr("reports.base.uploads.REQUEST_MEGABYTES", 0)
    response = client.post(address(scene, "evidence"), {"item": item(scene), "files": [upload()]}, follow=True)
    assert "没有收到文件，请先选择文件再上传。" in shown(response)
