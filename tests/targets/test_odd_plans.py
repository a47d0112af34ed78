"""Odd plan files: whatever stands in one, its upload ends in a page that names the line."""

import os
import random
import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from institutions.enums import RegionLevel, Role
from targets.plan_file import read, reader
from tests.factories import RegionFactory, person
from tests.targets.small_plan import SMALL

ODD_VALUES = (
    *('""', "null", "~", "-1", "1e9", "99999999999999999999", "12①", "１２", "0.12345", "40000", ".inf", "2023-02-30"),
    *(
        '"a\\0b"',
        '"\\uD800"',
        '"\u200bcode\ufeff"',
        "[1]",
        "{a: 1}",
        "!!binary x",
        "yes",
        "0x1F",
        "长" * 300,
        "'%s %d'",
    ),
    *("9" * 5_000, "1000000000000", "2023-12-31 10:00:00", "0001-01-01", "9999-12-31", "'<b>'", "*x", "&x 1", "|\n  a"),
)
VALUE = re.compile(r"(?m)(?<=: )(?:[^\s,{}\[\]|>][^\n,{}\[\]]*)")
SAMPLE = 150
ALL = os.environ.get("ODD_UPLOADS") == "all"


@pytest.fixture
def client() -> Client:
    city = RegionFactory(code="410200", name="开封市", level=RegionLevel.CITY, kind="city")
    made = Client(raise_request_exception=False)
    made.force_login(person(Role.PLAN_ADMIN, city))
    return made


def odd_plans() -> list[str]:
    """The small plan with one value put otherwise: all of them, or a sample that is the same every time."""
    places = [found.span() for found in VALUE.finditer(SMALL)]
    made = [SMALL[:start] + value + SMALL[end:] for start, end in places for value in ODD_VALUES]
    return made if ALL else random.Random(7).sample(made, SAMPLE)


def changed_line(text: str) -> str:
    lines = zip(SMALL.split("\n"), text.split("\n"), strict=False)
    return next(new[:200] for old, new in lines if old != new)


def send(client: Client, text: str) -> tuple[int, str]:
    """Looked at, and where nothing stands against it loaded; the statuses and what was said."""
    looked = client.post(reverse("plan_upload"), {"file": SimpleUploadedFile("plan.yaml", text.encode())})
    if looked.status_code != 200:
        return looked.status_code, ""
    if problems := looked.context.get("problems"):
        assert all(problem.line for problem in problems)
        return 200, problems[0].message
    loaded = client.post(reverse("plan_upload"), {"text": looked.context["text"], "load": "1"})
    return loaded.status_code, ""


@pytest.mark.django_db
def test_no_odd_plan_ends_in_a_500(client: Client):
    broken = []
    for text in odd_plans():
        with transaction.atomic():
            if send(client, text)[0] >= 500:
                broken.append(
                    next(new for old, new in zip(SMALL.split("\n"), text.split("\n"), strict=False) if old != new)
                )
            transaction.set_rollback(True)
    assert broken == [], "\n".join(broken)


SHAPES = {
    "plan": "文件应以",
    "[" * 50_000: "嵌套太深",
    "a: &x 1\nb: *x": "不能用 * 引用",
    "a: 1\n---\nb: 1": "不是正确的YAML",
    "a: \x07": "含有YAML不允许的字符",
    "\t- a: 1": "不是正确的YAML",
    '{"plan": {"code": "a\\0b"}}': "文件缺少“clauses”",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "told"), SHAPES.items(), ids=range(len(SHAPES)))
def test_what_is_no_plan_is_said_with_its_line(client: Client, text: str, told: str):
    status, said = send(client, text)
    assert status == 200
    assert told in said


@pytest.mark.django_db
def test_a_plan_file_is_read_within_its_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "COMPOSING_SECONDS", 0)
    assert "文件太长，读不完" in read(SMALL).problems[0].message


def test_control_characters_are_refused_with_their_line():
    problems = read(SMALL.replace("title: 签约工作方案", 'title: "签约\\0方案"')).problems
    assert [(each.line, each.message) for each in problems][:1] == [(3, "计划的“title”里有看不见的控制字符")]


def test_what_is_invisible_around_codes_and_names_is_no_part_of_them():
    file = read(
        SMALL.replace("code: signed\n", 'code: "\u200bsigned\ufeff"\n').replace(
            "title: 签约工作方案", "title: \u200b签约工作方案"
        )
    )
    assert (file.elements[0].code, file.header.title) == ("signed", "签约工作方案")
    assert file == replace(read(SMALL), header=file.header, elements=file.elements)
