"""The board's pages: who may, what is not there, and how many queries they take."""

import pytest
from django.urls import reverse

from institutions.enums import Role
from reports.base.enums import Status, SubmissionState
from targets.enums import PlanState
from targets.periods import Quarter
from tests.factories import ReturnPeriodFactory, SubmissionFactory, person
from tests.reports.boards.helpers import Q4, TODAY, everywhere, small_board, state_target

pytestmark = pytest.mark.django_db
LISTS = ["board", "lagging", "progress"]
BOARD_QUERIES = 22
LAGGING_QUERIES = 19
PROGRESS_QUERIES = 16
TARGET_QUERIES = 28
TRACE_QUERIES = 26
READERS = [Role.REVIEWER, Role.DIRECTOR, Role.SUPERVISOR, Role.PLAN_ADMIN]


@pytest.fixture(autouse=True)
def business_date(settings):
    settings.BUSINESS_DATE = TODAY


@pytest.fixture
def scene():
    made = small_board()
    everywhere(made)
    return made


def trace_url(scene, region, quarter=Q4):
    return reverse("trace", args=[scene.targets[0].pk, region.pk, quarter])


def target_url(scene, region):
    return f"{reverse('target', args=[scene.targets[0].pk])}?region={region.pk}"


def addresses(scene, region):
    lists = [f"{reverse(name)}?region={region.pk}" for name in LISTS]
    return [*lists, target_url(scene, region), trace_url(scene, region)]


@pytest.mark.parametrize("role", READERS)
def test_readers_of_a_county_read_every_page_of_it(client, scene, role):
    county = scene.places.counties[0]
    client.force_login(person(role, county))
    assert [client.get(url).status_code for url in addresses(scene, county)] == [200] * 5


@pytest.mark.parametrize("role", READERS)
def test_another_county_and_the_city_above_do_not_exist(client, scene, role):
    client.force_login(person(role, scene.places.counties[0]))
    for outside in (scene.places.counties[1], scene.places.city):
        assert [client.get(url).status_code for url in addresses(scene, outside)] == [404] * 5


def test_a_city_director_reads_the_counties_below(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert [client.get(url).status_code for url in addresses(scene, scene.places.counties[1])] == [200] * 5


def test_a_reporter_is_refused(client, scene):
    client.force_login(person(Role.REPORTER, scene.places.hospitals[0][0]))
    assert [client.get(reverse(name)).status_code for name in LISTS] == [403] * 3
    assert client.get(trace_url(scene, scene.places.counties[0])).status_code == 404


def test_a_stranger_is_sent_to_log_in(client, scene):
    answers = [client.get(url) for url in addresses(scene, scene.places.city)]
    assert [answer.status_code for answer in answers] == [302] * 5
    assert answers[0].url.startswith(reverse("login"))


def test_the_board_opens_at_the_readers_own_region_and_the_last_quarter_due(client, scene):
    ReturnPeriodFactory(quarter=Quarter(2024, 1).ordinal, due_on="2024-04-15", review_by="2024-04-22")
    client.force_login(person(Role.DIRECTOR, scene.places.counties[1]))
    answer = client.get(reverse("board"))
    assert answer.context["title"] == "2023年第四季度 乙县：2 项目标无一滞后"


def test_the_boards_title_is_the_answer(client, scene):
    scene.targets[0].attainments.filter(region=scene.places.city).update(status=Status.RED)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert "<h1>2023年第四季度 某市：2 项目标中 1 项滞后</h1>" in client.get(reverse("board")).content.decode()


def test_the_title_names_what_could_not_be_judged_yet(client, scene):
    scene.targets[0].attainments.filter(region=scene.places.city).update(status=Status.NO_DATA)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert client.get(reverse("board")).context["title"] == "2023年第四季度 某市：2 项目标无一滞后，1 项数据不足"


def test_progress_opens_with_the_newest_quarter(client, scene):
    ReturnPeriodFactory(quarter=Quarter(2024, 1).ordinal, due_on="2024-04-15", review_by="2024-04-22")
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert client.get(reverse("progress")).context["page"].quarter == Quarter(2024, 1)


def test_a_province_without_a_plan_of_its_own_opens_with_the_citys(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.province))
    assert client.get(reverse("board")).context["board"].region.name == "某市"


@pytest.mark.parametrize("query", ["quarter=2024Q4", "quarter=x", "plan=999999", "plan=x", "region=x", "region=²"])
def test_what_is_not_there_is_a_404(client, scene, query):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert client.get(f"{reverse('board')}?{query}").status_code == 404


def test_a_draft_plan_is_not_on_the_board(client, scene):
    scene.plan.state = PlanState.DRAFT
    scene.plan.save()
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert "这里还没有发布的工作计划" in client.get(reverse("board")).content.decode()
    assert client.get(trace_url(scene, scene.places.city)).status_code == 404


def test_a_plan_without_an_opened_quarter_says_what_comes_next(client, scene):
    scene.period.delete()
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert "还没有开放填报的季度" in client.get(reverse("board")).content.decode()


def test_filters_stand_in_the_address_and_the_selectors_keep_them(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    answer = client.get(f"{reverse('board')}?status=met&by=topic")
    assert answer.context["board"].filters.status == Status.MET
    assert answer.context["selectors"].kept == (("status", "met"), ("by", "topic"))
    assert "没有符合筛选条件的目标" in answer.content.decode()


def test_every_judged_cell_leads_to_its_trace(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    html = client.get(reverse("board")).content.decode()
    for region in [scene.places.city, *scene.places.counties]:
        assert trace_url(scene, region) in html


def test_the_trace_says_the_sentence_the_words_and_the_clause(client, scene):
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    html = client.get(trace_url(scene, scene.places.counties[0])).content.decode()
    for words in ("按进度正常。", "<mark>40%以上</mark>", "（0） 任务0"):
        assert words in html


def test_the_trace_leads_up_only_for_those_who_may_go_there(client, scene):
    above = trace_url(scene, scene.places.city)
    county = trace_url(scene, scene.places.counties[0])
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert above in client.get(county).content.decode()
    client.force_login(person(Role.DIRECTOR, scene.places.counties[0]))
    assert above not in client.get(county).content.decode()


def test_the_trace_of_what_is_not_judged_says_so(client, scene):
    scene.targets[0].attainments.all().delete()
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    assert "本季不考核" in client.get(trace_url(scene, scene.places.city)).context["title"]


def test_only_a_supervisor_is_offered_the_workbook(client, scene):
    for role, offered in ((Role.SUPERVISOR, True), (Role.DIRECTOR, False)):
        client.force_login(person(role, scene.places.city))
        assert client.get(reverse("board")).context["may_export"] is offered


@pytest.mark.parametrize("counties", [3, 10])
def test_the_citys_board_takes_as_many_queries_for_ten_counties_as_for_three(
    client, counties, django_assert_num_queries
):
    scene = small_board(counties=counties)
    scene.targets.append(state_target(scene.plan))
    everywhere(scene, status=Status.RED)
    client.force_login(person(Role.SUPERVISOR, scene.places.city))
    with django_assert_num_queries(BOARD_QUERIES):
        client.get(reverse("board"))


@pytest.mark.parametrize("counties", [1, 3])
def test_the_lagging_list_takes_as_many_queries_for_three_as_for_one(client, counties, django_assert_num_queries):
    scene = small_board(counties=counties)
    everywhere(scene, status=Status.RED)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    with django_assert_num_queries(LAGGING_QUERIES):
        client.get(reverse("lagging"))


@pytest.mark.parametrize("counties", [1, 3])
def test_progress_takes_as_many_queries_for_three_as_for_one(client, counties, django_assert_num_queries):
    scene = small_board(counties=counties)
    for hospitals in scene.places.hospitals:
        SubmissionFactory(reporter=hospitals[0], quarter=Q4.ordinal, state=SubmissionState.DRAFT)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    with django_assert_num_queries(PROGRESS_QUERIES):
        client.get(reverse("progress"))


@pytest.mark.parametrize("counties", [1, 3])
def test_target_and_trace_take_as_many_queries_for_three_as_for_one(client, counties, django_assert_num_queries):
    scene = small_board(counties=counties)
    everywhere(scene)
    client.force_login(person(Role.DIRECTOR, scene.places.city))
    with django_assert_num_queries(TARGET_QUERIES):
        client.get(target_url(scene, scene.places.city))
    with django_assert_num_queries(TRACE_QUERIES):
        client.get(trace_url(scene, scene.places.city))
