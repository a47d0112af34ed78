"""The pages of the register's workbook: download, upload, what it would do, confirmed with one click."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from institutions.enums import Role
from institutions.models import Institution, User
from tests.factories import InstitutionFactory, Kaifeng, person
from tests.institutions.rosters import person_row, unit, upload, workbook

pytestmark = pytest.mark.django_db


def cells(response: Any, sheet: str) -> list[Any]:
    return [row[0] for row in load_workbook(BytesIO(response.content))[sheet].iter_rows(min_row=2, values_only=True)]


def test_the_page_counts_what_there_is(client: Client, admin: User):
    assert "名册：3 家机构，1 个账号" in client.get("/register/").content.decode()


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.DIRECTOR, Role.PLAN_ADMIN])
@pytest.mark.parametrize("page", ["/register/", "/register/workbook/", "/register/check/x/", "/register/people/"])
def test_other_roles_find_nothing(client: Client, city: Kaifeng, role: Role, page: str):
    client.force_login(person(role, city.counties[0]))
    assert client.get(page).status_code == 404


def test_the_template_has_an_example_and_the_places(client: Client, admin: User, city: Kaifeng):
    response = client.get("/register/workbook/")
    assert (cells(response, "机构"), cells(response, "人员"), cells(response, "行政区划")) == (
        ["示例-001"],
        ["示例-zhangsan"],
        ["甲县"],
    )


def test_the_filled_register_has_ones_own_units_alone(client: Client, admin: User, city: Kaifeng):
    response = client.get("/register/workbook/?filled=1")
    own = [city.bureaus[0], *city.hospitals[0]]
    assert (cells(response, "机构"), cells(response, "人员")) == ([unit.code for unit in own], [admin.username])


def test_an_upload_writes_nothing_until_it_is_confirmed(client: Client, admin: User):
    page = upload(client, workbook([unit()], [person_row()]))
    assert "机构：新增 1，修改 0，不变 0。人员：新增 1，修改 0，不变 0。" in page.content.decode()
    assert not Institution.objects.filter(code="N1").exists()
    address = page.redirect_chain[-1][0]
    done = client.post(address, {"seen": page.context["plan"].fingerprint})
    assert done["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert "1 个新账号的初始密码" in done.content.decode()
    assert Institution.objects.get(code="N1").region.name == "甲县"
    [(username, _name, password)] = done.context["slips"]
    assert User.objects.get(username=username).check_password(password)


def test_without_new_people_one_is_back_at_the_register(client: Client, admin: User):
    page = upload(client, workbook([unit()]))
    done = client.post(page.redirect_chain[-1][0], {"seen": page.context["plan"].fingerprint}, follow=True)
    assert "名册：4 家机构，1 个账号" in done.content.decode()


def test_a_stale_confirmation_shows_the_new_plan(client: Client, admin: User):
    page = upload(client, workbook([unit()]))
    InstitutionFactory(code="N1", region=admin.memberships.get().region)
    done = client.post(page.redirect_chain[-1][0], {"seen": page.context["plan"].fingerprint})
    assert done.status_code == 409
    assert "核对之后名册有了变动，没有导入。" in done.content.decode()
    assert "机构：新增 0，修改 1，不变 0。" in done.content.decode()


def test_problems_stand_with_their_cells_and_cannot_be_confirmed(client: Client, admin: User):
    page = upload(client, workbook([unit(place="乙县", grade="甲等")])).content.decode()
    assert "有 1 处问题，还不能导入" in page
    assert "机构!D3" in page
    assert "确认导入" not in page


def test_the_token_of_another_administrator_opens_nothing(client: Client, admin: User, city: Kaifeng):
    address = upload(client, workbook([unit()])).redirect_chain[-1][0]
    client.force_login(person(Role.SYSTEM_ADMIN, city.counties[0]))
    response = client.get(address)
    assert response.status_code == 400
    assert "这次上传已经导入或已过期（30 分钟）。要再导入，请重新上传。" in response.content.decode()


def test_a_file_that_is_no_workbook_is_refused_on_the_page(client: Client, admin: User):
    response = client.post("/register/check/", {"file": SimpleUploadedFile("名册.csv", "机构代码".encode())})
    assert response.status_code == 400
    assert "这不是 Excel 工作簿" in response.content.decode()


def test_no_file_is_told_so(client: Client, admin: User):
    assert "没有选择文件。" in client.post("/register/check/").content.decode()


def test_the_new_person_must_change_the_password_first(client: Client, admin: User):
    page = upload(client, workbook(people=[person_row()]))
    [slip] = client.post(page.redirect_chain[-1][0], {"seen": page.context["plan"].fingerprint}).context["slips"]
    client.logout()
    there = client.post("/login/", {"username": slip[0], "password": slip[2]}, follow=True)
    assert there.redirect_chain[-1][0] == "/password/?next=%2F"
