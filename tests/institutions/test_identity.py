"""One spelling of codes and user names: however typed, it is the same hospital and the same person."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from institutions.actions import logins
from institutions.enums import Role
from institutions.identity import fold_code, fold_username
from institutions.models import Institution, Region, User
from institutions.queries import region_by_code
from tests.factories import PASSWORD, InstitutionFactory, Kaifeng, RegionFactory, UserFactory, person
from tests.institutions.helpers import NOW
from tests.institutions.rosters import person_row, unit, upload, workbook

pytestmark = pytest.mark.django_db

SPELLINGS = [
    "４１０２２１-Ｈ０１",
    "410221-h01",
    "410221–H01",
    "410221－H01",
    "410221\u200b-H01\ufeff",
    " 410221 - H01\u00a0",
    "410221-H0\ufe0f1",
    "410221\u2e3aH01",
    "410221\u1806H\u115f0\u28001",
]


@pytest.fixture(autouse=True)
def _nothing_waits():
    cache.clear()


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_code_has_one_spelling(text: str):
    assert fold_code(text) == "410221-H01"
    assert fold_code(fold_code(text)) == fold_code(text)


@pytest.mark.parametrize("text", ["ｑｉｘｉａｎ_x1", "QIXIAN_X1", "qixian_x1\u200b", " Qixian_x1 "])
def test_a_user_name_has_one_spelling(text: str):
    assert fold_username(text) == "qixian_x1"


def test_a_blank_within_a_user_name_stays_to_be_refused():
    assert fold_username("li　si") == "li si"


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_code_is_stored_and_looked_up_in_its_one_spelling(text: str):
    known = InstitutionFactory(code=text)
    assert known.code == "410221-H01"
    assert Institution.objects.get(code__in=[text]) == known
    assert Institution.objects.get(code=text) == known
    assert list(Institution.objects.values_list("code", flat=True)) == ["410221-H01"]


def test_a_region_is_found_by_its_code_however_typed():
    region = RegionFactory(code="４１０２２１")
    assert region.code == "410221"
    assert region_by_code("４１０２２１", NOW.date()) == region


@pytest.mark.parametrize("text", SPELLINGS)
def test_another_spelling_in_the_workbook_is_the_same_hospital(client: Client, admin: User, city: Kaifeng, text: str):
    known = InstitutionFactory(code="410221-H01", region=city.counties[0])
    plan = upload(client, workbook([unit(code=text)], [person_row(role="填报员", at=text)])).context["plan"]
    assert ([step.before for step in plan.units], plan.problems) == ([known], [])


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Institution, {"code": "n1"}),
        (Institution, {"code": "Ｎ1"}),
        (Region, {"code": "41–1"}),
        (User, {"username": "A"}),
    ],
)
def test_the_database_holds_the_one_spelling(city: Kaifeng, admin: User, model: Any, fields: dict[str, str]):
    [(name, spelt)] = fields.items()
    row = model.objects.first()
    table, column = model._meta.db_table, model._meta.get_field(name).column
    with pytest.raises(IntegrityError, match="_folded"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [spelt, row.pk])


# --- Logging in -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["ｑｉｘｉａｎ_x1", "qixian_x1", "Qixian_X1", "qixian_x1\u200b"])
@pytest.mark.parametrize("made", ["ｑｉｘｉａｎ_x1", "QIXIAN_x1"])
def test_one_logs_in_however_the_name_was_typed(client: Client, made: str, typed: str):
    user = UserFactory(username=made)
    assert client.post("/login/", {"username": typed, "password": PASSWORD}).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_failures_count_for_every_spelling(client: Client):
    UserFactory(username="qixian_x1")
    for typed in ["ｑｉｘｉａｎ_x1", "QIXIAN_X1", "qixian_x1", "Qixian_x1", "qixian_x1"]:
        client.post("/login/", {"username": typed, "password": "wrong"})
    assert logins.is_locked("qixian_x1")


def test_a_han_name_of_before_still_logs_in(client: Client):
    UserFactory(username="张三")
    assert client.post("/login/", {"username": "张三", "password": PASSWORD}).status_code == 302


# --- Where accounts are made ------------------------------------------------------------------------------------

HAN = "新账号的用户名只用英文字母、数字和 @ . + - _，不用汉字；姓名填在“姓名”一栏。"


def test_a_han_name_is_refused_in_the_workbook_for_a_new_account_alone(client: Client, admin: User, city: Kaifeng):
    person(Role.REVIEWER, city.counties[0], username="李四", display_name="李四")
    rows = [person_row(username="李四"), person_row(username="张三")]
    plan = upload(client, workbook([], rows)).context["plan"]
    assert [(found.place, found.text) for found in plan.problems] == [("人员!A4", HAN)]


def test_another_spelling_in_the_workbook_is_the_same_person(client: Client, admin: User, city: Kaifeng):
    known = person(Role.REVIEWER, city.counties[0], username="qixian-h01", display_name="李四")
    plan = upload(client, workbook([], [person_row(username="Qixian–Ｈ01")])).context["plan"]
    assert ([step.before for step in plan.people], plan.problems) == ([known], [])


def test_two_people_of_one_name_in_two_spellings_are_refused(client: Client, admin: User):
    rows = [person_row(username="Qixian-H01"), person_row(username="qixian-h01", display_name="王五", at="甲县")]
    plan = upload(client, workbook([], rows)).context["plan"]
    assert ("人员!B4", "同一用户名，与第 3 行填的不一样。") in [(found.place, found.text) for found in plan.problems]


@pytest.mark.parametrize("typed", ["Qixian-H01", "qixian–h01", "ｑixian-h01"])
def test_a_second_spelling_is_refused_in_the_administration(client: Client, city: Kaifeng, typed: str):
    client.force_login(person(Role.SYSTEM_ADMIN, city.city, is_staff=True))
    UserFactory(username="qixian-h01")
    page = add_account(client, typed).content.decode()
    assert "已有这个用户名（不分大小写、全角半角），请换一个。" in page
    assert User.objects.count() == 2


def test_a_han_name_is_refused_in_the_administration(client: Client, city: Kaifeng):
    client.force_login(person(Role.SYSTEM_ADMIN, city.city, is_staff=True))
    assert HAN in add_account(client, "张三").content.decode()
    assert add_account(client, "Ｚhangsan").status_code == 302
    assert User.objects.filter(username="zhangsan").exists()


def add_account(client: Client, username: str) -> Any:
    password = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    return client.post("/admin/institutions/user/add/", {"username": username, "display_name": "张三"} | password)


# --- A database of before ---------------------------------------------------------------------------------------

BEFORE, AFTER = [("institutions", "0004_first_versions")], [("institutions", "0007_folded_fields")]


def test_rows_of_before_are_folded_and_a_clash_is_left_and_named(
    client: Client, capsys: pytest.CaptureFixture[str], django_user_model: type[User]
):
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate(BEFORE)
    old = executor.loader.project_state(BEFORE).apps
    region = old.get_model("institutions", "Region").objects.create(
        name="某县", level="county", kind="county", code="４１０２２１", lineage=[1]
    )
    for code in ("n1", "N1", "ｎ2", "N–3"):
        old.get_model("institutions", "Institution").objects.create(
            code=code, name="某院", kind="hospital", region=region
        )
    people = old.get_model("institutions", "User").objects
    encoded = UserFactory.build().password
    for name in ("Qixian-H01", "qixian-h01", "ｗang"):
        people.create(username=name, password=encoded)
    with connection.cursor() as cursor:  # no table can be altered while checks of its rows are put off
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate(AFTER)
    MigrationExecutor(connection).migrate(leaves)
    assert Region.objects.get().code == "410221"
    assert sorted(Institution.objects.values_list("code", "keeps_spelling")) == [
        ("N-3", False),
        ("N1", False),
        ("N2", False),
        ("n1", True),
    ]
    left = User.objects.get(keeps_spelling=True)
    assert left.username == "Qixian-H01"
    told = capsys.readouterr().err
    assert "“n1”不能统一写成“N1”（已有或过长），保持原样。" in told
    assert "“Qixian-H01”不能统一写成“qixian-h01”（已有或过长），保持原样。" in told
    for typed, name in (("Qixian-H01", "Qixian-H01"), ("QIXIAN-h01", "qixian-h01"), ("wang", "wang")):
        assert client.post("/login/", {"username": typed, "password": PASSWORD}).status_code == 302
        assert User.objects.get(pk=client.session["_auth_user_id"]).username == name
        client.logout()
