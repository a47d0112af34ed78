"""The frame of every page: navigation by role, the banner of sample data, marks, and our own static files."""

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.urls import reverse

from institutions.enums import Role
from reports.base.enums import Cause, Status
from reports.base.staticfiles import PlotlyFinder
from reports.navigation import frame_for
from tests.factories import UserFactory, kaifeng_like, person


def rendered(source, **context):
    return Template("{% load report_format %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.REVIEWER, ["审核", "批量填报", "看板", "滞后清单", "填报进度", "报送质量", "填报日历", "工作计划"]),
        (Role.DIRECTOR, ["看板", "滞后清单", "填报进度", "报送质量", "填报日历", "工作计划"]),
        (
            Role.SUPERVISOR,
            ["批量填报", "看板", "滞后清单", "填报进度", "报送质量", "填报日历", "迎检汇总表", "工作计划"],
        ),
        (Role.SYSTEM_ADMIN, ["机构与人员", "系统管理"]),
    ],
)
@pytest.mark.django_db
def test_navigation_holds_what_the_role_opens(role, labels):
    assert [entry.label for entry in frame_for(person(role, kaifeng_like().city), "/").entries] == labels


@pytest.mark.django_db
def test_a_reporter_is_led_to_their_returns_and_the_plan():
    reporter = person(Role.REPORTER, kaifeng_like().hospitals[0][0])
    assert [entry.label for entry in frame_for(reporter, "/").entries] == ["我的填报", "工作计划"]


@pytest.mark.django_db
def test_a_person_without_a_post_is_led_nowhere():
    assert frame_for(UserFactory(), "/").entries == []


@pytest.mark.django_db
def test_the_entry_of_the_page_at_hand_is_current():
    entries = frame_for(person(Role.DIRECTOR, kaifeng_like().city), reverse("lagging")).entries
    assert [entry.label for entry in entries if entry.current] == ["滞后清单"]


@pytest.mark.django_db
def test_the_banner_stands_only_where_institutions_are_invented(client):
    places = kaifeng_like()
    client.force_login(person(Role.DIRECTOR, places.city))
    assert "示例数据" not in client.get(reverse("plans")).content.decode()
    places.city_bureau.is_sample = True
    places.city_bureau.save()
    assert "示例数据" in client.get(reverse("plans")).content.decode()


def test_a_mark_is_colour_sign_and_word_together():
    html = rendered("{% result_badge status cause %}", status=Status.RED, cause=Cause.BEHIND)
    for part in ('class="status status-red"', "✕", "严重滞后"):
        assert part in html


def test_numbers_and_days_read_as_the_bureau_writes_them():
    assert rendered("{{ n|number:2 }} {{ n|trimmed }} {{ none|number }}", n=1234, none=None) == "1,234 1,234 —"
    assert rendered("{{ q|quarter_label }} {{ q|quarter_code }}", q=8095) == "2023年第四季度 2023Q4"


def test_plotly_is_served_out_of_the_installed_package_and_nothing_else_of_it():
    assert finders.find("plotly/plotly.min.js").endswith("plotly.min.js")
    assert finders.find("plotly/widgetbundle.js") is None
    assert [name for name, _ in PlotlyFinder().list([])] == ["plotly.min.js"]
