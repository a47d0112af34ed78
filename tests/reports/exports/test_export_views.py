"""The page of the 督查员."""

from hashlib import sha256
from urllib.parse import quote

import pytest
from django.urls import reverse

from institutions.enums import Role
from reports.exports.actions import exports
from reports.models import Export
from tests.factories import InstitutionFactory, person
from tests.pages import flat
from tests.reports.exports.helpers import NOW, Q1, Scene, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> Scene:
    return scene()


@pytest.fixture
def as_supervisor(made, client):
    client.force_login(made.supervisor)
    return client


def address(made, region=None, quarter="2023Q1"):
    return f"{reverse('summary')}?plan={made.plan.pk}&region={(region or made.places.city).pk}&quarter={quarter}"


def give_out(made):
    return exports.give_out(made.plan, made.places.city, Q1, made.supervisor, NOW)


def test_page_says_what_is_downloaded(made, as_supervisor):
    page = flat(as_supervisor.get(address(made)))
    assert "<h1>2023年第一季度 某市：迎检汇总表</h1>" in page
    assert "下载迎检汇总表" in page
    assert "还没有下载过。" in page


def test_page_without_a_region_opens_with_ones_own(made, as_supervisor):
    response = as_supervisor.get(reverse("summary"))
    assert response.url == f"{reverse('summary')}?region={made.places.city.pk}"


def test_post_gives_the_file_under_its_chinese_name(made, as_supervisor):
    response = as_supervisor.post(address(made))
    kept = Export.objects.get()
    assert response["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = quote("某市2023年第一季度迎检汇总表.xlsx")
    assert response["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert (sha256(response.content).hexdigest(), kept.made_by) == (kept.sha256, made.supervisor)


def test_earlier_file_comes_back_to_the_byte(made, as_supervisor):
    export = give_out(made)
    response = as_supervisor.get(reverse("export_file", args=[export.pk]))
    assert response.content == bytes(export.content)


def test_page_lists_who_got_it_when_and_its_hash(made, as_supervisor):
    export = give_out(made)
    page = as_supervisor.get(address(made)).content.decode()
    for text in ("赵督查", "2023年4月25日 10:00", export.sha256[:12], reverse("export_file", args=[export.pk])):
        assert text in page


@pytest.mark.parametrize("given_out", [1, 3])
def test_page_takes_the_same_queries_for_one_and_three(made, as_supervisor, django_assert_num_queries, given_out):
    for _ in range(given_out):
        give_out(made)
    with django_assert_num_queries(11):
        page = as_supervisor.get(address(made)).content.decode()
    assert page.count("某市2023年第一季度迎检汇总表.xlsx") == given_out


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.REVIEWER, Role.PLAN_ADMIN, Role.SYSTEM_ADMIN])
def test_others_find_nothing(made, client, role):
    export = give_out(made)
    client.force_login(person(role, made.places.city))
    for url in (address(made), reverse("summary"), reverse("export_file", args=[export.pk])):
        assert client.get(url).status_code == 404
    assert client.post(address(made)).status_code == 404
    assert Export.objects.count() == 1


def test_reporter_finds_nothing(made, client):
    client.force_login(person(Role.REPORTER, InstitutionFactory(region=made.places.counties[0])))
    assert client.get(address(made)).status_code == 404


def test_another_county_is_not_there(made, client):
    export = give_out(made)
    client.force_login(person(Role.SUPERVISOR, made.places.counties[0]))
    assert client.get(address(made, made.places.counties[0])).status_code == 200
    for region in (made.places.counties[1], made.places.city):
        assert client.get(address(made, region)).status_code == 404
        assert client.post(address(made, region)).status_code == 404
    assert client.get(reverse("export_file", args=[export.pk])).status_code == 404


def test_stranger_is_sent_to_log_in(made, client):
    assert client.get(address(made)).status_code == 302
    assert "登录" in client.post(address(made)).content.decode()
    assert Export.objects.count() == 0


def test_quarter_not_opened_is_not_there(made, as_supervisor):
    assert as_supervisor.get(address(made, quarter="2023Q3")).status_code == 404


def test_place_the_plan_does_not_judge_gets_a_sentence(made, as_supervisor):
    made.plan.judged_levels = ["county"]
    made.plan.save()
    response = as_supervisor.post(address(made), follow=True)
    assert "不考核某市" in response.content.decode()


def test_get_makes_nothing(made, as_supervisor):
    as_supervisor.get(address(made))
    assert Export.objects.count() == 0
