"""A reviewer goes through the list by keyboard alone, in a real browser."""

from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from institutions.models import User
from reports.models import Remark, Submission
from tests.factories import PASSWORD
from tests.reports.returns.helpers import Filling, filling
from tests.reports.reviewing.test_review_views import more_hospitals

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(settings, live_server, page) -> Filling:
    settings.BUSINESS_DATE = date(2024, 4, 10)
    made = filling()
    made.hand_in()
    more_hospitals(made, 2)
    log_in(page, live_server.url, made.reviewer)
    return made


def log_in(page, server: str, user: User) -> None:
    page.goto(f"{server}/login/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def press(page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def wait_for(page, title: str) -> None:
    """The page of this title, with its keys at work: one that comes before the script has run is lost."""
    expect(page.locator("h1")).to_contain_text(title)
    page.wait_for_load_state()


def states() -> list[str]:
    return list(Submission.objects.filter(rounds__isnull=False).order_by("pk").values_list("state", flat=True))


def test_a_list_is_worked_through_by_keyboard_alone(page, live_server, scene):
    page.goto(live_server.url + reverse("reviews") + "?state=submitted")
    press(page, "j", "Enter")
    wait_for(page, scene.hospital.name)
    press(page, "a", "Enter")
    wait_for(page, "第0卫生院")
    press(page, "r")
    page.keyboard.type("and a: n, p")  # letters are only letters while one types
    press(page, "Tab", "Enter")
    wait_for(page, "第1卫生院")
    press(page, "u")
    wait_for(page, "1 张待审核")
    assert states() == ["approved", "returned", "submitted"]
    assert Submission.objects.get(state="returned").rounds.get().reason == "and a: n, p"


def test_words_at_a_field_reach_the_reporter(page, live_server, scene):
    page.goto(live_server.url + reverse("review", args=[scene.submission.pk]))
    row = page.locator("#q-{}-{}".format(*scene.answer("visits", 1).key))
    row.get_by_text("写意见").click()
    row.locator("textarea").fill("与直报系统不一致")
    page.get_by_role("button", name="退回").click()
    expect(page.locator(".messages")).to_contain_text("已退回")
    assert Remark.objects.get().text == "与直报系统不一致"
    page.context.clear_cookies()
    log_in(page, live_server.url, scene.reporter)
    page.goto(live_server.url + reverse("return_form", args=[scene.submission.pk]))
    expect(page.get_by_text("审核意见：与直报系统不一致")).to_be_visible()


def test_a_batch_says_how_many_it_will_approve(page, live_server, scene):
    page.goto(live_server.url + reverse("reviews"))
    page.get_by_role("link", name="一次通过没有待核实的 3 张").click()
    page.locator("input[name=round]").first.uncheck()
    page.get_by_role("button", name="通过勾选的 2 张").click()
    expect(page.locator(".messages")).to_contain_text("已通过 2 张。")
    assert sorted(states()) == ["approved", "approved", "submitted"]
