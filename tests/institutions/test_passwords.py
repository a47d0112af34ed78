"""Passwords: what they must be, the forced change at the first log-in, the history, and the idle administrator."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from institutions import passwords as rules
from institutions.actions import passwords
from institutions.enums import Role
from institutions.middleware import SEEN
from institutions.models import AuditRecord, FormerPassword, User
from tests.factories import PASSWORD, InstitutionFactory, RegionFactory, UserFactory, person
from tests.institutions.helpers import NOW

pytestmark = pytest.mark.django_db

NEW = "Bianhe-7788x"
PLAIN = "密码须含大写字母、小写字母、数字、其他符号四类中的三类。"
USED = "不能使用最近 5 次用过的密码。"


def told(password: str, user: User | None = None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


@pytest.mark.parametrize("password", ["Bianhe77", "bianhe-77", "BIANHE-77", "Bianhe-xx"])
def test_three_of_four_classes_are_enough(password: str):
    assert told(password) == []


@pytest.mark.parametrize("password", ["bianhe7788", "BIANHEXX77", "BianheXxYy", "bianhe-xxyy"])
def test_two_classes_are_not(password: str):
    assert told(password) == [PLAIN]


def test_seven_signs_are_not_enough():
    assert told("Bian-77") == ["密码太短，至少要 8 个字符。"]


def test_an_invented_password_passes_and_is_never_the_same():
    invented = {rules.invent_password() for _ in range(50)}
    assert len(invented) == 50
    assert [told(password) for password in invented] == [[]] * 50


def test_an_invented_password_is_hashed_quickly_and_slowly_after_one_log_in(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    user = UserFactory()
    user.password = rules.encode_invented("Kfm7-Qp3x-Wn5a")
    assert user.password.startswith("pbkdf2_sha256$1000$")
    assert user.check_password("Kfm7-Qp3x-Wn5a")
    assert not User.objects.get().password.startswith("pbkdf2_sha256$1000$")


def test_the_last_five_may_not_come_back():
    user = UserFactory()
    chosen = [f"{NEW}{n}" for n in range(5)]
    for minute, password in enumerate(chosen):
        passwords.change(user=user, password=password, now=NOW + timedelta(minutes=minute))
    assert [told(password, user) for password in chosen] == [[USED]] * 5
    assert told(PASSWORD, user) == []
    assert FormerPassword.objects.count() == 5


def test_without_a_history_nothing_is_kept_back(settings):
    settings.PASSWORD_HISTORY = 0
    user = UserFactory()
    passwords.change(user=user, password=NEW, now=NOW)
    assert told(NEW, user) == []
    assert FormerPassword.objects.count() == 0


# --- The first log-in -------------------------------------------------------------------------------------------


@pytest.fixture
def newcomer(client: Client) -> User:
    user = person(Role.REPORTER, InstitutionFactory(), must_change_password=True)
    client.force_login(user)
    return user


def change(client: Client, address: str, new: str = NEW) -> str:
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    return client.post(address, fields).get("Location", "")


def test_the_first_log_in_leads_to_the_change_and_on_to_where_one_wanted(client: Client, newcomer: User):
    there = client.get("/returns/?quarter=1")["Location"]
    assert there == "/password/?next=%2Freturns%2F%3Fquarter%3D1"
    assert change(client, there) == "/returns/?quarter=1"
    assert client.get("/returns/").status_code == 200


def test_a_form_sent_before_the_change_leads_there_too(client: Client, newcomer: User):
    assert client.post("/returns/")["Location"] == "/password/"


def test_the_change_does_not_lead_to_other_sites(client: Client, newcomer: User):
    assert change(client, "/password/?next=https://example.org/") == "/"


def test_the_initial_password_is_not_a_new_one(client: Client, newcomer: User):
    assert change(client, "/password/", PASSWORD) == ""
    newcomer.refresh_from_db()
    assert newcomer.must_change_password


def test_a_newcomer_may_still_leave_and_choose_a_language(client: Client, newcomer: User):
    assert client.post("/i18n/setlang/", {"language": "en", "next": "/password/"})["Location"] == "/password/"
    assert client.post("/logout/")["Location"] == "/login/"


def test_a_change_is_kept_once(client: Client, newcomer: User):
    change(client, "/password/")
    assert [record.action for record in AuditRecord.objects.all()] == ["password.change"]


# --- The idle administrator -------------------------------------------------------------------------------------


def idle(client: Client, minutes: int) -> None:
    session = client.session
    session[SEEN] -= minutes * 60
    session.save()


@pytest.fixture
def admin(client: Client) -> User:
    user = person(Role.SYSTEM_ADMIN, RegionFactory(), is_staff=True)
    client.force_login(user)
    client.get("/admin/")
    return user


def test_an_idle_administrator_is_out_after_fifteen_minutes(client: Client, admin: User):
    idle(client, 16)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [("/login/?next=/admin/", 302)]
    assert "超过 15 分钟没有操作，已自动退出。请重新登录。" in response.content.decode()


def test_an_administrator_at_work_stays(client: Client, admin: User):
    idle(client, 14)
    assert client.get("/admin/").status_code == 200
    idle(client, 14)
    assert client.get("/admin/").status_code == 200


def test_others_are_not_counted(client: Client):
    client.force_login(person(Role.REPORTER, InstitutionFactory()))
    client.get("/returns/")
    assert SEEN not in client.session
