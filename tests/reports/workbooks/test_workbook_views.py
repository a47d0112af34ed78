"""Pages of workbooks, through the test client."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from institutions.enums import Role
from reports.models import Entry, Round
from reports.returns.actions import opening
from tests.factories import InstitutionFactory, person
from tests.pages import flat
from tests.reports.returns.helpers import MORNING, Q1
from tests.reports.workbooks.helpers import (
    NAME,
    download_county,
    download_past,
    download_return,
    fill,
    fill_all,
    list_entries,
    make_named_scene,
    pack_book,
)
from tests.reports.workbooks.test_workbook_county import HOSPITALS, Q4, past_sheets, type_in, whole_row

pytestmark = pytest.mark.django_db
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def april_tenth(settings):
    settings.BUSINESS_DATE = date(2024, 4, 10)


@pytest.fixture
def scene(client):
    made = make_named_scene()
    client.force_login(made.reporter)
    return made


def address(scene, name="return_workbook"):
    return reverse(name, args=[scene.submission.pk])


def region_address(scene, name="workbooks", **parts):
    query = "&".join(f"{key}={value}" for key, value in ({"region": scene.places.counties[0].pk} | parts).items())
    return f"{reverse(name)}?{query}"


def upload(client, url, book, name=NAME):
    return client.post(url, {"file": SimpleUploadedFile(name, pack_book(book), XLSX)})


def page_text(response):
    return response.content.decode()


def list_messages(response):
    return [str(message) for message in response.context["messages"]]


def test_the_page_gives_the_workbook_out(scene, client):
    response = client.get(address(scene, "return_workbook_file"))
    assert (response["Content-Type"], load_workbook(BytesIO(response.content)).sheetnames[0]) == (
        XLSX,
        "2024年第一季度",
    )


def test_an_upload_shows_what_would_change_and_writes_on_one_click(scene, client):
    page = upload(client, address(scene), fill_all(download_return(scene)))
    assert "将改动 7 处（1 张报表）" in page_text(page)
    assert '<td class="nowrap">2024年第一季度!F6</td>' in page_text(page)
    assert Entry.objects.count() == 0
    done = client.post(address(scene), {"token": page.context["page"].run.token}, follow=True)
    assert list_messages(done) == ["已写入草稿：改了 7 处。核对后请提交审核。"]
    assert list_entries(scene.submission)["全部诊疗人次"] == 1000


def test_problems_are_listed_by_cell_without_a_button(scene, client):
    book = download_return(scene)
    at = fill(book, "全部诊疗人次", "约一千")
    page = flat(upload(client, address(scene), book))
    assert f'<td class="nowrap">{at}</td><td class="sentence">“约一千”不是数字，请只填阿拉伯数字。</td>' in page
    assert 'name="token"' not in page


def test_an_unchanged_workbook_says_so(scene, client):
    assert "没有要写入的改动" in page_text(upload(client, address(scene), download_return(scene)))


def test_an_upload_without_a_file_says_so(scene, client):
    page = client.post(address(scene), {}, follow=True)
    assert list_messages(page) == ["还没有选文件。请先选择填好的工作簿，再点“上传并核对”。"]


def test_a_second_click_is_told(scene, client):
    token = upload(client, address(scene), fill_all(download_return(scene))).context["page"].run.token
    client.post(address(scene), {"token": token}, follow=True)
    again = client.post(address(scene), {"token": token}, follow=True)
    assert list_messages(again) == ["上传的文件已经写入，或已超过 30 分钟。请查看报表；还需要写入的，请重新上传。"]
    assert Round.objects.count() == 1


def test_a_countys_page_names_the_unit_that_is_left_and_takes_the_rest(scene, client):
    client.force_login(scene.reviewer)
    other = InstitutionFactory(region=scene.places.counties[0], code="410221002", name="东风镇卫生院")
    opening.open_quarter(Q1, MORNING)
    book = download_county(scene)
    whole_row(book)
    at = type_in(book, HOSPITALS, other.name, {"补助资金": -1})["补助资金"]
    url = region_address(scene, quarter="2024Q1")
    page = upload(client, url, book)
    assert f"<p>{at} 不能填负数。</p>" in flat(page)
    assert "写入其余 1 张报表的草稿" in page_text(page)
    done = client.post(url, {"token": page.context["page"].run.token}, follow=True)
    assert list_messages(done) == [
        "已写入 1 张报表的草稿，共 7 处，标明“纸质代报”。",
        f"另有 1 处没有写入，原样未动：东风镇卫生院（{at} 不能填负数。）",
    ]


@pytest.mark.parametrize("name", ["return_workbook", "return_workbook_file"])
def test_another_unit_and_a_reader_do_not_find_it(scene, client, name):
    for outsider in (
        person(Role.REPORTER, scene.places.hospitals[1][0]),
        person(Role.REVIEWER, scene.places.counties[1]),
        person(Role.DIRECTOR, scene.places.counties[0]),
    ):
        client.force_login(outsider)
        assert client.get(address(scene, name)).status_code == 404


def test_the_countys_page_is_for_its_reviewers_and_supervisors(scene, client):
    found = {}
    for role, place in (
        (Role.REVIEWER, scene.places.counties[0]),
        (Role.SUPERVISOR, scene.places.city),
        (Role.REVIEWER, scene.places.counties[1]),
        (Role.DIRECTOR, scene.places.counties[0]),
    ):
        client.force_login(person(role, place))
        found[role, place.name] = [
            client.get(region_address(scene, name, quarter="2024Q1")).status_code
            for name in ("workbooks", "county_workbook_file", "past_workbooks")
        ]
    assert found == {
        (Role.REVIEWER, "甲县"): [200, 200, 200],
        (Role.SUPERVISOR, "某市"): [200, 200, 404],
        (Role.REVIEWER, "乙县"): [404, 404, 404],
        (Role.DIRECTOR, "甲县"): [404, 404, 404],
    }


def test_a_supervisor_sees_no_upload_and_may_not_post_one(scene, client):
    client.force_login(person(Role.SUPERVISOR, scene.places.city))
    url = region_address(scene, quarter="2024Q1")
    assert 'type="file"' not in page_text(client.get(url))
    assert upload(client, url, download_return(scene)).status_code == 404


def test_the_upload_page_takes_the_same_queries_however_many_regions(scene, client, django_assert_num_queries):
    client.force_login(scene.reviewer)
    url = region_address(scene, quarter="2024Q1")
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)
    for county in scene.places.counties[1:]:
        scene.reviewer.memberships.create(role=Role.REVIEWER, region=county)
    with django_assert_num_queries(6):
        assert len(client.get(url).context["page"].regions) == 2


def test_past_quarters_are_handed_in_by_one_click(scene, client):
    client.force_login(scene.reviewer)
    book = download_past(scene, Q4)
    whole_row(book, *past_sheets(Q4))
    page = upload(client, region_address(scene, "past_workbooks"), book)
    assert "2023年第四季度还没有开放" in page_text(page)
    done = client.post(region_address(scene, "past_workbooks"), {"token": page.context["page"].run.token}, follow=True)
    assert list_messages(done) == ["已补录 1 张报表，共 7 处，已提交，请由另一位审核员审核。"]


def test_no_quarter_chosen_is_told(scene, client):
    client.force_login(scene.reviewer)
    page = client.get(region_address(scene, "past_workbook_file"), follow=True)
    assert list_messages(page) == ["所选季度没有需要补录的报表：或者不要求填报，或者都已提交过。"]
