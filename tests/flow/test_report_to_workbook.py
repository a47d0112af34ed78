"""The main job in one go, in a real browser over a real worker: report, return, report again, approve, export."""

import io
from datetime import date

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from institutions import clock
from institutions.enums import Role
from reports.models import Submission
from reports.returns import tasks
from targets.enums import Denominator, IndicatorKind, Schedule
from targets.periods import Quarter
from tests import worker
from tests.factories import (
    PASSWORD,
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

QUARTER = Quarter(2024, 1)
REASON = "基层诊疗人次与直报系统不一致，请核对后重报。"


class Story:
    """A plan that asks 65 % of visits at primary level; one hospital, its clerk, reviewer and supervisor."""

    def __init__(self) -> None:
        places = kaifeng_like(counties=1, hospitals=1)
        self.city, self.county, self.hospital = places.city, places.counties[0], places.hospitals[0][0]
        self.visits_all = DataElementFactory(name="总诊疗人次")
        self.visits = DataElementFactory(name="基层诊疗人次", whole=self.visits_all)
        rate = IndicatorFactory(
            name="基层就诊率",
            kind=IndicatorKind.RATIO,
            element=self.visits,
            over=self.visits_all,
            denominator=Denominator.ELEMENT,
            places=2,
        )
        plan = PlanFactory(issuer=self.city)
        self.target = target_with_terms(rate, {date(2024, 12, 31): 65}, plan, schedule=Schedule.HOLD)
        self.clerk = person(Role.REPORTER, self.hospital)
        self.reviewer = person(Role.REVIEWER, self.county)
        self.supervisor = person(Role.SUPERVISOR, self.city)
        tasks.open_and_judge(QUARTER, clock.now())
        self.submission = Submission.objects.get(reporter=self.hospital, quarter=QUARTER.ordinal)

    def field(self, element) -> str:
        return f"input[name='v-{element.pk}-{self.hospital.pk}']"


@pytest.fixture
def story(celery_worker_process) -> Story:
    return Story()


def log_in(page: Page, server: str, user) -> None:
    page.context.clear_cookies()
    page.goto(f"{server}/login/")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def report(page: Page, server: str, story: Story, visits: str, visits_all: str) -> None:
    log_in(page, server, story.clerk)
    page.goto(f"{server}/returns/{story.submission.pk}/")
    page.fill(story.field(story.visits_all), visits_all)
    page.fill(story.field(story.visits), visits)
    page.get_by_role("button", name="提交审核").click()


def city_cell(page: Page, server: str, story: Story):
    page.goto(f"{server}/board/?region={story.city.pk}&quarter={QUARTER}")
    return page.locator(f"td.cell:has(a[href='/trace/{story.target.pk}/{story.city.pk}/{QUARTER}/'])")


def test_from_the_clerks_figures_to_the_inspectors_workbook(page, live_server, story):
    server = live_server.url
    log_in(page, server, story.supervisor)
    expect(city_cell(page, server, story)).to_contain_text("待报")

    report(page, server, story, visits="500", visits_all="400")
    expect(page.locator("#summary")).to_contain_text("总诊疗人次")  # a part over its whole: nothing was handed in
    assert Submission.objects.get().state == "draft"

    report(page, server, story, visits="200", visits_all="400")
    expect(page.locator(".messages")).to_contain_text("已提交审核")
    log_in(page, server, story.reviewer)
    page.goto(f"{server}/reviews/{story.submission.pk}/")
    page.fill("#reason", REASON)
    page.get_by_role("button", name="退回").click()
    expect(page.locator(".messages")).to_contain_text("已退回")

    report(page, server, story, visits="1,300", visits_all="２０００")  # full width and thousands are understood
    expect(page.locator(".messages")).to_contain_text("已提交审核")
    log_in(page, server, story.reviewer)
    page.goto(f"{server}/reviews/{story.submission.pk}/")
    expect(page.locator("main")).to_contain_text(REASON)
    page.get_by_role("button", name="通过").click()
    expect(page.locator(".messages")).to_contain_text("已通过")

    worker.wait_until_idle()
    log_in(page, server, story.supervisor)
    cell = city_cell(page, server, story)
    assert "status-met" in cell.get_attribute("class")
    expect(cell).to_contain_text("达标")
    expect(cell).to_contain_text("65%")

    cell.get_by_role("link").click()
    expect(page.locator("main")).to_contain_text("1,300 ÷ 2,000")

    page.goto(f"{server}/summary/?region={story.city.pk}&quarter={QUARTER}")
    with page.expect_download() as given:
        page.get_by_role("button", name="下载迎检汇总表").click()
    book = load_workbook(io.BytesIO(given.value.path().read_bytes()))
    texts = [str(each.value) for row in book.worksheets[0].iter_rows() for each in row if each.value is not None]
    assert "2024年第一季度" in texts[0]
    assert any(value.value == 65 for row in book.worksheets[0].iter_rows() for value in row)
    assert any("达标" in text for text in texts)
