"""人员: the bureau resets, unlocks and closes the accounts of its own regions, and nobody else's."""

from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from institutions.actions import logins
from institutions.enums import Role
from institutions.models import AuditRecord, User
from tests.factories import PASSWORD, InstitutionFactory, Kaifeng, MembershipFactory, UserFactory, kaifeng_like, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Kaifeng:
    cache.clear()
    return kaifeng_like()


@pytest.fixture
def admin(client: Client, city: Kaifeng) -> User:
    user = person(Role.SYSTEM_ADMIN, city.counties[0], is_staff=True, username="admin")
    client.force_login(user)
    return user


@pytest.fixture
def zhang(city: Kaifeng) -> User:
    return person(Role.REPORTER, city.hospitals[0][0], username="zhangsan", display_name="张三")


def names(client: Client, query: str = "") -> list[str]:
    return [person.username for person in client.get(f"/register/people/{query}").context["page"]]


def lock(username: str) -> None:
    for _ in range(settings.LOGIN_FAILURES):
        logins.attempt(username)


# --- The list ---------------------------------------------------------------------------------------------------


def test_the_list_has_the_people_of_ones_regions(client: Client, admin: User, zhang: User, city: Kaifeng):
    person(Role.REVIEWER, city.counties[1])
    person(Role.SUPERVISOR, city.city)
    both = person(Role.REVIEWER, city.counties[0])
    MembershipFactory(user=both, role=Role.REVIEWER, region=city.city)
    UserFactory(username="root", is_superuser=True)
    UserFactory(username="without-post")
    assert names(client) == ["admin", "without-post", "zhangsan"]


@pytest.mark.parametrize("words", ["张三", "zhang", "甲县第0", "张三 卫生院"])
def test_people_are_found_by_name_and_unit(client: Client, admin: User, zhang: User, words: str):
    assert names(client, f"?q={words}") == ["zhangsan"]


def test_people_are_found_by_state(client: Client, admin: User, zhang: User, city: Kaifeng):
    person(Role.REPORTER, city.hospitals[0][0], username="initial", must_change_password=True)
    person(Role.REPORTER, city.hospitals[0][0], username="closed", is_active=False)
    lock("zhangsan")
    assert [names(client, f"?state={state}") for state in ("initial", "closed", "locked")] == [
        ["initial"],
        ["closed"],
        ["zhangsan"],
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_takes_the_same_queries_for_many(
    client: Client, admin: User, city: Kaifeng, people: int, django_assert_num_queries: Any
):
    for _ in range(people):
        person(Role.REPORTER, InstitutionFactory(region=city.counties[0]))
    with django_assert_num_queries(8):
        client.get("/register/people/")


# --- What may be done -------------------------------------------------------------------------------------------


def test_a_reset_tells_a_new_password_once(client: Client, admin: User, zhang: User):
    response = client.post(f"/register/people/{zhang.pk}/password/")
    [(username, _name, password)] = response.context["slips"]
    zhang.refresh_from_db()
    assert (username, zhang.check_password(password), zhang.must_change_password) == ("zhangsan", True, True)
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert AuditRecord.objects.get(action="password.reset").by == admin
    assert password not in str(list(AuditRecord.objects.values_list("detail", flat=True)))


def test_a_reset_ends_the_persons_sessions(client: Client, admin: User, zhang: User):
    theirs = Client()
    theirs.force_login(zhang)
    assert theirs.get("/returns/").status_code == 200
    client.post(f"/register/people/{zhang.pk}/password/")
    assert theirs.get("/returns/")["Location"] == "/login/?next=/returns/"


def test_a_reset_unlocks_the_name_and_the_old_password_may_not_return(
    client: Client, admin: User, zhang: User, django_capture_on_commit_callbacks: Any
):
    lock("zhangsan")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/register/people/{zhang.pk}/password/")
    assert not logins.is_locked("zhangsan")
    former = zhang.former_passwords.get()
    assert User(password=former.encoded).check_password(PASSWORD)


def test_a_locked_name_is_unlocked(client: Client, admin: User, zhang: User):
    lock("zhangsan")
    assert "已锁定" in client.get(f"/register/people/{zhang.pk}/").content.decode()
    client.post(f"/register/people/{zhang.pk}/unlock/")
    assert not logins.is_locked("zhangsan")
    assert AuditRecord.objects.get(action="login.unlock").object_id == zhang.pk


def test_a_closed_account_is_out_at_once_and_may_come_back(client: Client, admin: User, zhang: User):
    theirs = Client()
    theirs.force_login(zhang)
    client.post(f"/register/people/{zhang.pk}/close/")
    assert theirs.get("/returns/")["Location"] == "/login/?next=/returns/"
    client.post(f"/register/people/{zhang.pk}/reopen/")
    zhang.refresh_from_db()
    assert zhang.is_active
    assert [record.action for record in AuditRecord.objects.order_by("pk")] == ["member.close", "member.reopen"]


ACTIONS = ["password", "unlock", "close", "reopen"]


@pytest.mark.parametrize("action", ACTIONS)
def test_somebody_outside_is_not_there(client: Client, admin: User, city: Kaifeng, action: str):
    for outsider in (person(Role.REVIEWER, city.counties[1]), person(Role.DIRECTOR, city.city)):
        assert client.get(f"/register/people/{outsider.pk}/").status_code == 404
        assert client.post(f"/register/people/{outsider.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_nobody_does_it_to_themselves(client: Client, admin: User, action: str):
    assert client.post(f"/register/people/{admin.pk}/{action}/").status_code == 404
    assert "这是您自己的账号" in client.get(f"/register/people/{admin.pk}/").content.decode()


@pytest.mark.parametrize("action", ACTIONS)
def test_other_roles_do_nothing(client: Client, city: Kaifeng, zhang: User, action: str):
    client.force_login(person(Role.REVIEWER, city.counties[0]))
    without_post = UserFactory()
    assert client.get("/register/people/").status_code == 404
    assert client.post(f"/register/people/{zhang.pk}/{action}/").status_code == 404
    assert client.post(f"/register/people/{without_post.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_by_a_link(client: Client, admin: User, zhang: User, action: str):
    assert client.get(f"/register/people/{zhang.pk}/{action}/").status_code == 405
