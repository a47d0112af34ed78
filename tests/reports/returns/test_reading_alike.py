"""Form, paste preview and server read what is typed alike: one list of texts through both."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page

from institutions.models import Institution
from reports.questions.answers import NOT_DONE_WORDS, Question, UnreadableAnswerError, parse_answer
from reports.questions.checks.fields import MisfitFieldsError, faults_for_page, read_fields
from reports.questions.checks.words import check_patterns
from reports.questions.limits import NOTE_LENGTH, limits_for_page
from reports.returns.views.form_words import form_words
from targets.enums import ElementType
from targets.models import DataElement

SCRIPT = Path(settings.BASE_DIR) / "static/js/return_cells.js"
NUMBERS: dict[str, Decimal | None] = {
    "12": Decimal(12),
    "１２": Decimal(12),
    "１，２３４．５": Decimal("1234.5"),
    "12。5": Decimal("12.5"),
    "1,234,567": Decimal(1234567),
    "1 234 567": Decimal(1234567),
    "1\u202f234": Decimal(1234),
    "￥1,000": Decimal(1000),
    "12 人次": Decimal(12),
    "12人次\n": Decimal(12),
    "\u200b12\ufeff": Decimal(12),
    "\u00a012\u2060": Decimal(12),
    "999999999999.99": Decimal("999999999999.99"),
    "\u200b": None,
}
UNREADABLE = [
    *("12①", "12²", "45.6①", "½", "Ⅳ", "٣", "𝟏", "35*", "十二", "1e3", "1.38E+10"),
    *(
        "12 34",
        "12\n34",
        "1 234\u00a0567",
        "1,23",
        "1,2345",
        "1 ,234",
        "12\u200b34",
        "+-1",
        "1.2.3",
        "",
        "-",
        "1" + "*" * 60,
    ),
]
PICTURE = "单元格里是图片，读不出数字或文字。请删去图片，改填内容。"
DAYS = {
    "2024-03-05": "2024-3-5",
    "2024-03-05 0:00": "2024-3-5",
    "2024/3/5 00:00:00": "2024-3-5",
    "２０２４年３月５日": "2024-3-5",
    "2024-3-1 0:00": "2024-3-1",
    "\ufeff未完成": "尚未完成",
}
OF_100_000 = {"8 1/10万": Decimal(8), "81 1/10 万": Decimal(81), "81": Decimal(81), "81/10万": None, "1/10万": None}
NO_DAYS = ["٢٠٢٤-03-05", "2024-03-0①", "2024-03-05 9:30", "三月五日"]


def element(kind: str = ElementType.DECIMAL, unit: str = "人次") -> DataElement:
    return DataElement(type=kind, unit=unit, places=2)


@pytest.mark.parametrize(("typed", "value"), NUMBERS.items())
def test_numbers_as_people_write_them(typed: str, value: Decimal | None):
    assert parse_answer(typed, element()) == value


@pytest.mark.parametrize("typed", [text for text in UNREADABLE if text])
def test_what_is_no_number_is_refused(typed: str):
    with pytest.raises(UnreadableAnswerError, match=r"不是数字，请只填阿拉伯数字。$"):
        parse_answer(typed, element())


@pytest.mark.parametrize(("typed", "value"), OF_100_000.items())
def test_a_unit_that_begins_with_a_digit_takes_none_of_the_number(typed: str, value: Decimal | None):
    if value is not None:
        assert parse_answer(typed, element(unit="1/10万")) == value
        return
    with pytest.raises(UnreadableAnswerError, match="不是数字"):
        parse_answer(typed, element(unit="1/10万"))


def test_a_picture_is_called_one():
    with pytest.raises(UnreadableAnswerError, match=PICTURE):
        parse_answer('=DISPIMG("ID_1",1)', element())


@pytest.mark.parametrize("typed", NO_DAYS)
def test_what_is_no_day_is_refused(typed: str):
    with pytest.raises(UnreadableAnswerError, match=r"^日期请写成"):
        parse_answer(typed, element(ElementType.DATE))


def test_the_script_reads_as_the_server_does(page: Page):
    facts = {"say": form_words(), "elements": {}, "units": {}, "cells": {}, "checks": [], "unsaved": {}}
    facts |= {"limits": limits_for_page(), "not_done": NOT_DONE_WORDS}
    page.set_content(
        f"<form data-return></form><script type='application/json' id='return-facts'>{json.dumps(facts)}</script>"
    )
    page.add_script_tag(path=SCRIPT)
    read = "([kind, typed, unit]) => window.returnForm.read({element: {kind: kind, unit: unit, places: 2}}, typed)"

    def by_script(kind: str, typed: str, unit: str = "人次") -> object:
        found = page.evaluate(read, [kind, typed, unit])
        return found and (found.get("error") or found.get("value"))

    def by_server(typed: str, unit: str = "人次") -> object:
        try:
            value = parse_answer(typed, element(unit=unit))
        except UnreadableAnswerError as error:
            return str(error)
        return value and float(value)

    typed = [*NUMBERS, *UNREADABLE, '=DISPIMG("ID_1",1)', "-5", "1000000000000", "1.234"]
    assert {text: by_script("number", text) for text in typed} == {text: by_server(text) for text in typed}
    rates = {text: by_server(text, "1/10万") for text in OF_100_000}
    assert {text: by_script("number", text, "1/10万") for text in rates} == rates
    assert {text: by_script("date", text) for text in DAYS} == DAYS
    assert {by_script("date", text) for text in NO_DAYS} == {form_words()["bad_day"]}


@pytest.mark.parametrize("typed", DAYS)
def test_days_as_people_and_spreadsheets_write_them(typed: str):
    value = parse_answer(typed, element(ElementType.DATE))
    assert value is not None
    assert value == parse_answer(DAYS[typed], element(ElementType.DATE))


NOTES = ["\u200b", " \u2060\ufeff", "按台账", "🙂" * (NOTE_LENGTH - 1), "🙂" * (NOTE_LENGTH + 1)]


@pytest.mark.parametrize("note", NOTES, ids=range(len(NOTES)))
def test_the_script_takes_a_note_for_one_as_the_server_does(page: Page, note: str):
    asked = DataElement(type=ElementType.DECIMAL, places=2, name="签约人数", allow_not_applicable=True)
    shown = {"kind": "number", "unit": "", "places": 2, "na": True, "name": asked.name}
    facts = {"say": form_words(), "elements": {"1": shown}, "units": {}, "cells": {"1-2": {}}, "checks": []}
    facts |= {"unsaved": {}, "limits": limits_for_page(), "not_done": NOT_DONE_WORDS, "faults": faults_for_page()}
    page.set_content(
        "<form data-return><table data-topic='t'><tr><td id='q-1-2'><input id='f-1-2'>"
        "<input type='checkbox' id='na-1-2' checked><input id='n-1-2'></td></tr></table></form>"
        f"<script type='application/json' id='return-facts'>{json.dumps(facts)}</script>"
    )
    page.add_script_tag(path=SCRIPT)
    page.fill("#n-1-2", note)
    page.evaluate("() => { const page = window.returnForm; page.judge(page.cells.get('1-2')); }")
    try:
        answer = read_fields(Question(asked, Institution(pk=2)), "", True, note)
        told = "" if answer and answer.note else check_patterns()["reason"]
    except MisfitFieldsError as error:
        told = str(error)
    assert page.inner_text("#m-1-2", timeout=1000) == told if told else page.locator("#m-1-2:visible").count() == 0
