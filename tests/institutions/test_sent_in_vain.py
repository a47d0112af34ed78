"""Two log-in tabs, a log-in that ended before a form was sent, and addresses that nobody can open: always a page of our
own, what was typed kept, and a way back that can be opened."""

import html
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from institutions.addresses import is_page, methods_of, page_at
from institutions.enums import Role
from institutions.models import User
from institutions.views import errors
from institutions.views.unsent import MOST_BYTES
from tests.factories import PASSWORD, RegionFactory, UserFactory, person

pytestmark = pytest.mark.django_db

HOME = "http://testserver"
HERE = {"origin": HOME}
INPUT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture(autouse=True)
def _nobody_is_locked():
    cache.clear()


@pytest.fixture
def browser_like() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def admin() -> User:
    return person(Role.SYSTEM_ADMIN, RegionFactory(), username="zhangsan")


def token_on(response: HttpResponse) -> str:
    return fields_of(response)["csrfmiddlewaretoken"]


def fields_of(response: HttpResponse) -> dict[str, str]:
    """The hidden fields of the form in the page's main part."""
    main = response.content.decode().split("<main", 1)[1]
    return {name: html.unescape(value) for name, value in INPUT.findall(main)}


def log_in(client: Client, token: str, **more: str) -> Any:
    sent = {"username": "zhangsan", "password": PASSWORD, "csrfmiddlewaretoken": token, **more}
    return client.post("/login/", sent, headers=HERE)


def send(client: Client, to: str, token: str, came_from: str = "", **fields: str) -> Any:
    headers = HERE | ({"referer": HOME + came_from} if came_from else {})
    return client.post(to, {"csrfmiddlewaretoken": token, **fields}, headers=headers)


def end_session(client: Client) -> None:
    del client.cookies["sessionid"]


# --- two log-in tabs ---


def test_the_second_log_in_tab_lands_logged_in(browser_like: Client, admin: User):
    first, second = token_on(browser_like.get("/login/")), token_on(browser_like.get("/login/"))
    assert log_in(browser_like, first).status_code == 302
    landed = log_in(browser_like, second, next="/register/people/")
    assert landed["Location"] == "/register/people/"
    assert "您已在另一个窗口登录为" in browser_like.get("/register/people/").content.decode()


def test_the_second_log_in_tab_never_leads_to_another_site(browser_like: Client, admin: User):
    old = token_on(browser_like.get("/login/"))
    log_in(browser_like, old)
    assert log_in(browser_like, old, next="https://example.org/")["Location"] == "/"


def test_an_old_log_in_tab_of_somebody_who_is_out_again_is_told_so(browser_like: Client, admin: User):
    old = token_on(browser_like.get("/login/"))
    log_in(browser_like, old)
    end_session(browser_like)
    again = log_in(browser_like, old, next="/progress/chase/")
    assert again["Location"] == "/login/?next=%2Fprogress%2F"
    page = browser_like.get(again["Location"])
    assert "这一页已失效。请再登录一次。" in page.content.decode()
    assert log_in(browser_like, token_on(page), next="/register/")["Location"] == "/register/"


def test_a_browser_without_cookies_is_told_so(browser_like: Client, admin: User):
    told = browser_like.post("/login/", {"username": "zhangsan", "password": PASSWORD}, headers=HERE)
    assert told.status_code == 403
    assert "允许本网站使用 Cookie" in told.content.decode()
    assert "DEBUG" not in told.content.decode()


# --- the log-in ended before the form was sent ---


@pytest.fixture
def was_in(browser_like: Client, admin: User) -> tuple[Client, str]:
    """Logged in once, the page's token still good, the session over."""
    log_in(browser_like, token_on(browser_like.get("/login/")))
    token = browser_like.cookies["csrftoken"].value
    end_session(browser_like)
    return browser_like, token


def test_what_was_typed_comes_back_after_the_log_in_and_is_sent_as_it_was(was_in: tuple[Client, str]):
    client, token = was_in
    typed = '两行\n文字"<b>'
    told = send(client, "/register/people/7/close/?q=1", token, "/register/people/", reason=typed)
    assert told.status_code == 403
    assert "登录已过期，刚才的操作没有完成" in told.content.decode()
    kept = fields_of(told)
    assert kept["next"] == "/register/people/"
    page = log_in(client, kept["csrfmiddlewaretoken"], next=kept["next"], kept=kept["kept"])
    assert page.status_code == 200
    assert fields_of(page)["reason"] == typed
    assert 'action="/register/people/7/close/?q=1"' in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert send(client, "/register/people/7/close/", token_on(page), reason=typed).status_code == 404  # it is taken


def test_a_wrong_password_loses_nothing(was_in: tuple[Client, str]):
    client, token = was_in
    kept = fields_of(send(client, "/progress/chase/", token, reason="催"))
    wrong = client.post("/login/", {**kept, "username": "zhangsan", "password": "no"}, headers=HERE)
    assert fields_of(wrong)["kept"] == kept["kept"]
    assert "没有丢失" in wrong.content.decode()


def test_a_kept_form_that_we_did_not_seal_is_not_shown(was_in: tuple[Client, str]):
    client, token = was_in
    assert log_in(client, token, kept="made-up", next="/register/")["Location"] == "/register/"


def test_a_button_leads_back_to_its_page(was_in: tuple[Client, str]):
    client, token = was_in
    told = fields_of(send(client, "/register/people/7/unlock/", token))
    assert "kept" not in told
    assert told["next"] == "/register/people/7/"


def test_a_file_has_to_be_chosen_again(was_in: tuple[Client, str]):
    client, token = was_in
    sent = {"csrfmiddlewaretoken": token, "file": SimpleUploadedFile("名册.xlsx", b"x")}
    told = client.post("/register/check/", sent, headers=HERE)
    assert "选择的文件不能保留，需要重新选择。" in told.content.decode()
    assert fields_of(told)["next"] == "/register/"


def test_passwords_and_what_is_too_much_are_not_kept(was_in: tuple[Client, str]):
    client, token = was_in
    assert "kept" not in fields_of(send(client, "/password/", token, old_password="Geheim-123"))
    assert "kept" not in fields_of(send(client, "/progress/chase/", token, reason="x" * (MOST_BYTES + 1)))
    assert "kept" in fields_of(send(client, "/progress/chase/", token, reason="x" * 100))


def test_the_language_of_the_log_in_page_can_be_changed(browser_like: Client):
    page = browser_like.get("/login/?next=/board/")
    wanted = re.search(r'name="next"\s+value="([^"]+)"', page.content.decode())
    assert wanted
    assert wanted[1] == "/login/?next=/board/"
    answer = send(browser_like, reverse("set_language"), token_on(page), next=wanted[1], language="en")
    assert answer["Location"] == "/login/?next=/board/"


# --- logged in anew since the page was opened ---


def test_a_page_from_before_the_log_in_keeps_what_was_typed(was_in: tuple[Client, str]):
    client, old = was_in
    log_in(client, old)
    told = send(client, "/register/people/7/close/", old, "/register/people/7/", reason="离职")
    assert told.status_code == 403
    assert fields_of(told)["reason"] == "离职"
    assert send(client, "/register/people/7/close/", token_on(told), reason="离职").status_code == 404  # it is taken


@pytest.mark.parametrize("headers", [{"origin": "https://example.org"}, {"origin": "null"}, {}], ids=str)
def test_what_another_site_sent_is_not_offered_again(was_in: tuple[Client, str], headers: dict[str, str]):
    client, old = was_in
    log_in(client, old)
    told = client.post("/register/people/7/close/", {"reason": "恶意"}, headers=headers)
    assert told.status_code == 403
    assert "恶意" not in told.content.decode()
    assert 'href="/register/people/7/"' in told.content.decode()


# --- where an address leads ---


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/progress/chase/?region=3&quarter=2024Q1", "/progress/?region=3&quarter=2024Q1"),
        ("/register/check/", "/register/"),
        ("/returns/5/typed/", "/returns/5/"),
        ("/returns/5/correction/end/", "/returns/5/correction/"),
        ("/returns/5/together/6/", "/returns/5/"),
        ("/plans/checks/3/stop/", "/plans/"),
        ("/logout/", "/"),
        ("/board", "/board"),
        ("/nowhere/", "/"),
        ("/register/people/?q=1", "/register/people/?q=1"),
    ],
)
def test_next_never_leads_to_what_only_takes_a_form(client: Client, admin: User, address: str, page: str):
    assert page_at(address) == page
    assert log_in(client, "", next=address)["Location"] == page


def test_the_log_in_is_not_where_a_log_in_leads(client: Client, admin: User):
    client.force_login(admin)
    assert client.get("/login/?next=/login/")["Location"] == "/"


def patterns(resolver: URLResolver) -> list[URLPattern]:
    return [
        each
        for found in resolver.url_patterns
        for each in (patterns(found) if isinstance(found, URLResolver) else [found])
    ]


def own_patterns() -> list[URLPattern]:
    own = [each for each in get_resolver().url_patterns if not str(each.pattern).startswith(("admin", "i18n"))]
    return [found for each in own for found in (patterns(each) if isinstance(each, URLResolver) else [each])]


def test_what_is_said_of_a_view_is_what_it_does(admin: User):
    """Of each address of ours: GET is refused where we say so, and nowhere else."""
    refusing = set()
    for pattern in own_patterns():
        request: HttpRequest = RequestFactory().get("/")
        request.user = admin
        if answers_405(pattern, request):
            refusing.add(pattern.name)
        assert (pattern.name in refusing) == ("GET" not in methods_of(pattern.callback)), pattern.name
    assert {"chase", "register_check", "return_typed", "check_stop", "person_reset", "logout"} <= refusing


def answers_405(pattern: URLPattern, request: HttpRequest) -> bool:
    """A view that gets past its methods may fail for want of arguments: it has taken the GET."""
    if pattern.callback is None:
        return False
    names = dict.fromkeys(pattern.pattern.converters, 0)
    try:
        return pattern.callback(request, **names).status_code == 405
    except Exception:
        return False


def test_no_page_links_back_to_what_cannot_be_opened():
    assert not is_page("/progress/chase/")
    assert is_page("/progress/")
    assert is_page("/admin/")


# --- the pages themselves ---


def test_an_address_that_takes_forms_only_says_so(client: Client, admin: User):
    client.force_login(admin)
    told = client.get("/register/check/", headers={"referer": HOME + "/register/people/?q=x"})
    assert (told.status_code, told["Allow"]) == (405, "POST")
    text = told.content.decode()
    assert "这个地址不能直接打开" in text
    assert 'href="/register/people/?q=x"' in text
    assert 'name="next" value="/register/"' in text  # of the switch of language


def test_a_wrong_address_leads_back_where_one_came_from(client: Client, admin: User):
    client.force_login(admin)
    told = client.get("/register/people/987654/", headers={"referer": HOME + "/register/check/"}).content.decode()
    assert "没有这个页面" in told
    assert '<a href="/register/">回到刚才的页面</a>' in told
    assert "回到刚才的页面" not in client.get("/register/people/987654/").content.decode()
    elsewhere = client.get("/nowhere/", headers={"referer": "https://example.org/register/"}).content.decode()
    assert "回到刚才的页面" not in elsewhere


def test_a_request_with_a_wrong_host_is_answered_in_words(client: Client):
    told = client.get("/", headers={"host": "example.org"})
    assert told.status_code == 400
    assert "这次请求不完整，没有处理" in told.content.decode()


def test_too_much_at_once_is_said_so(was_in: tuple[Client, str], settings: Any):
    client, token = was_in
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    body = f"csrfmiddlewaretoken={token}&reason={'x' * 200}"
    told = client.post(
        "/progress/chase/", body, "application/x-www-form-urlencoded", headers=HERE | {"referer": HOME + "/progress/"}
    )
    assert told.status_code == 413
    assert "提交的内容太多，没有接收" in told.content.decode()
    assert 'href="/progress/"' in told.content.decode()


def test_a_failure_is_a_page_of_ours_without_the_database(client: Client, admin: User, monkeypatch: Any):
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    client.force_login(admin)
    client.raise_request_exception = False
    monkeypatch.setattr("institutions.views.people.find_people", fail)
    told = client.get("/register/people/", headers={"referer": HOME + "/register/"})
    text = told.content.decode()
    assert told.status_code == 500
    assert "系统出错，刚才的操作没有完成" in text
    assert "css/base.css" in text
    assert '<a href="/register/">回到刚才的页面</a>' in text


def test_a_failure_is_told_even_where_the_style_sheets_are_missing(monkeypatch: Any):
    def missing(name: str) -> str:
        raise ValueError(name)

    monkeypatch.setattr(errors, "static", missing)
    told = errors.server_error(RequestFactory().get("/"))
    assert "系统出错" in told.content.decode()


def test_an_idle_administrator_loses_nothing(browser_like: Client, admin: User, settings: Any):
    log_in(browser_like, token_on(browser_like.get("/login/")))
    token = browser_like.cookies["csrftoken"].value
    User.objects.update(is_staff=True)
    browser_like.get("/register/")
    settings.ADMIN_IDLE_MINUTES = -1
    told = send(browser_like, "/register/people/7/close/", token, "/register/people/7/", reason="离职")
    assert told.status_code == 403
    assert "没有操作，已自动退出" in told.content.decode()
    assert {"next": "/register/people/7/"}.items() <= fields_of(told).items()
    assert "kept" in fields_of(told)


def test_someone_without_a_post_is_led_home(client: Client):
    client.force_login(UserFactory())
    told = client.get("/board/")
    assert told.status_code == 403
    assert "您的岗位不能打开这个页面" in told.content.decode()
