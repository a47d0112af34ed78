"""The API: the dataclasses of the pages as JSON, and who may read them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from institutions.clock import SHANGHAI
from institutions.enums import Role
from reports.api.serializers import as_json_value
from reports.base.enums import Status
from targets.periods import Quarter
from tests.factories import InstitutionFactory, person
from tests.reports.exports.helpers import Q1, Scene, row_of, scene


@pytest.fixture
def made(db) -> Scene:
    return scene()


@pytest.fixture
def as_director(made, client):
    client.force_login(person(Role.DIRECTOR, made.places.city))
    return client


def board_url(made, region=None):
    return f"{reverse('api_board')}?plan={made.plan.pk}&region={(region or made.places.city).pk}&quarter=2023Q1"


def trace_url(made, region=None, quarter="2023Q1"):
    return reverse("api_trace", args=[made.signing.pk, (region or made.places.city).pk, quarter])


@dataclass
class Pair:
    left: object
    right: object


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("39.99"), "39.99"),
        (Fraction(1, 3), "0.3333"),
        (Quarter(2023, 4), "2023Q4"),
        (date(2023, 3, 5), "2023-03-05"),
        (datetime(2023, 3, 5, 9, tzinfo=SHANGHAI), "2023-03-05T09:00:00+08:00"),
        (Status.RED, "red"),
        (gettext_lazy("未报"), "未报"),
        ((1, None, True), [1, None, True]),
        ({"a": Decimal(0)}, {"a": "0"}),
        (Pair(Quarter(2023, 1), [Pair(None, "x")]), {"left": "2023Q1", "right": [{"left": None, "right": "x"}]}),
    ],
)
def test_plain(value, expected):
    assert as_json_value(value) == expected


def test_board_is_the_boards_dataclass(made, as_director):
    answer = as_director.get(board_url(made)).json()
    expected = row_of(made.summary(), made.signing)
    row = next(row for group in answer["groups"] for row in group["rows"] if row["target"]["id"] == made.signing.pk)
    assert (answer["quarter"], answer["due_on"]) == ("2023Q1", made.period.due_on.isoformat())
    assert [cell["value"] for cell in row["cells"][:2]] == ["10.00", "0.00"]
    assert (row["whole"]["value"], row["whole"]["status"]) == (str(expected.whole.value), expected.whole.status)
    assert row["whole"]["target"] == made.signing.pk


def test_board_tells_not_judged_not_reported_and_zero_apart(made, as_director):
    answer = as_director.get(board_url(made)).json()
    rows = {row["target"]["id"]: row for group in answer["groups"] for row in group["rows"]}
    assert rows[made.standard.pk]["cells"][0]["status"] is None
    _, zero, unreported = rows[made.signing.pk]["cells"]
    assert (zero["value"], unreported["value_text"], unreported["mark"]["word"]) == ("0.00", "未报", "未报")


def test_trace_is_the_trace_pages_dataclass(made, as_director):
    answer = as_director.get(trace_url(made)).json()
    assert (answer["quarter"], answer["cell"]["numerator"]) == ("2023Q1", "100.0000")
    assert [child["region"]["name"] for child in answer["children"]] == ["甲县", "乙县", "丙县"]


def test_county_reads_its_own_and_finds_no_other(made, client):
    client.force_login(person(Role.DIRECTOR, made.places.counties[0]))
    for url in (board_url, trace_url):
        assert client.get(url(made, made.places.counties[0])).status_code == 200
        assert client.get(url(made, made.places.counties[1])).status_code == 404
        assert client.get(url(made)).status_code == 404


def test_stranger_and_reporter_read_nothing(made, client):
    for url in (board_url(made), trace_url(made)):
        assert client.get(url).status_code == 403
    client.force_login(person(Role.REPORTER, InstitutionFactory(region=made.places.counties[0])))
    for url in (board_url(made), trace_url(made), reverse("api_board")):
        assert client.get(url).status_code == 404


def test_api_only_reads(made, as_director):
    for url in (board_url(made), trace_url(made)):
        assert [getattr(as_director, verb)(url).status_code for verb in ("post", "put", "delete")] == [405] * 3


def test_quarter_not_opened_is_not_there(made, as_director):
    assert as_director.get(trace_url(made, quarter=str(Q1 + 1))).status_code == 404
