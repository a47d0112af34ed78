"""Coming in: the way to one's page, and the lock after five failures, which tells nobody which names exist."""

import pytest
from django.core.cache import cache
from django.test import Client

from institutions.actions import logins
from institutions.enums import Role
from institutions.models import AuditRecord, User
from tests.factories import PASSWORD, InstitutionFactory, RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db

WRONG = "用户名或密码不正确。连续输错 5 次将锁定 15 分钟。"
LOCKED = "连续输错次数过多，该用户名已锁定，请 15 分钟后再试，或联系系统管理员。"


@pytest.fixture(autouse=True)
def _nobody_is_locked():
    cache.clear()


@pytest.fixture
def zhang() -> User:
    return UserFactory(username="zhangsan")


def log_in(client: Client, username: str, password: str) -> list[str]:
    """What the page says; nothing where one is in."""
    response = client.post("/login/", {"username": username, "password": password})
    return [] if response.status_code == 302 else list(response.context["form"].non_field_errors())


def test_the_right_password_lets_one_in(client: Client, zhang: User):
    assert log_in(client, "zhangsan", PASSWORD) == []
    assert AuditRecord.objects.get(action="login").by == zhang


def test_the_sixth_attempt_is_refused_even_with_the_right_password(client: Client, zhang: User):
    for _ in range(5):
        assert log_in(client, "zhangsan", "wrong") == [WRONG]
    assert log_in(client, "zhangsan", PASSWORD) == [LOCKED]


def test_an_unknown_name_hears_the_same(client: Client, zhang: User):
    for _ in range(5):
        assert log_in(client, "nobody", "wrong") == [WRONG]
    assert log_in(client, "nobody", "wrong") == [LOCKED]
    assert log_in(client, "zhangsan", PASSWORD) == []


def test_a_closed_account_hears_the_same(client: Client):
    UserFactory(username="left", is_active=False)
    assert log_in(client, "left", PASSWORD) == [WRONG]


def test_four_failures_are_forgotten_after_a_success(client: Client, zhang: User):
    for _ in range(4):
        log_in(client, "zhangsan", "wrong")
    log_in(client, "zhangsan", PASSWORD)
    assert not logins.is_locked("zhangsan")
    client.logout()
    assert log_in(client, "zhangsan", "wrong") == [WRONG]


def test_the_lock_ends_when_its_time_is_over(client: Client, zhang: User):
    for _ in range(5):
        log_in(client, "zhangsan", "wrong")
    assert cache.touch(logins.key_of("zhangsan"), timeout=0)
    assert log_in(client, "zhangsan", PASSWORD) == []


def test_failures_of_a_known_person_are_kept(client: Client, zhang: User):
    log_in(client, "zhangsan", "wrong")
    log_in(client, "nobody", "wrong")
    assert list(AuditRecord.objects.values_list("action", "object_id")) == [("login.fail", zhang.pk)]


def test_the_administration_pages_have_no_way_in_of_their_own(client: Client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1] == ("/login/?next=/admin/", 302)


def test_somebody_without_a_role_is_told_so(client: Client):
    client.force_login(UserFactory())
    assert "您的账号尚未分配岗位" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("role", "page"),
    [
        (Role.REVIEWER, "/reviews/"),
        (Role.DIRECTOR, "/board/"),
        (Role.SUPERVISOR, "/board/"),
        (Role.PLAN_ADMIN, "/board/"),
        (Role.SYSTEM_ADMIN, "/register/"),
    ],
)
def test_home_leads_to_the_first_page_of_the_role(client: Client, role: Role, page: str):
    client.force_login(person(role, RegionFactory()))
    assert client.get("/")["Location"] == page


def test_home_of_a_reporter_is_what_is_owed(client: Client):
    client.force_login(person(Role.REPORTER, InstitutionFactory()))
    assert client.get("/")["Location"] == "/returns/"


def test_a_password_is_changed_and_kept_in_the_audit(client: Client, zhang: User):
    client.force_login(zhang)
    fields = {"old_password": PASSWORD, "new_password1": "Bianhe-7788x", "new_password2": "Bianhe-7788x"}
    assert client.post("/password/", fields)["Location"] == "/"
    assert User.objects.get().check_password("Bianhe-7788x")
    assert AuditRecord.objects.get().action == "password.change"


def test_logging_out_is_kept(client: Client, zhang: User):
    client.force_login(zhang)
    assert client.post("/logout/")["Location"] == "/login/"
    assert AuditRecord.objects.get().action == "logout"
