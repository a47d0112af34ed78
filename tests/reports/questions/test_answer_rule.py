"""What is an answer, and from where on something is asked about: one rule and one place for form, workbook and page."""

import re
from itertools import product
from pathlib import Path

import pytest

from institutions.models import Institution
from reports.questions import limits
from reports.questions.answers import Question, UnreadableAnswerError
from reports.questions.checks import check_patterns
from reports.questions.checks.fields import faults_for_page, read_fields
from reports.questions.limits import limits_for_page
from reports.returns.forms.return_form import as_typed, element_facts
from reports.workbooks.sheets.reading import TypedAnswer, UploadProblem
from reports.workbooks.typed_answers import parse_typed_answer
from targets.enums import Accumulation, ElementType
from targets.models import DataElement

SCRIPTS = Path(__file__).resolve().parents[3] / "static" / "js"
RULES = SCRIPTS / "return_cells.js"
UNIT = Institution(pk=1, name="某镇卫生院")
NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"[^"\n]*"|/(?![\s/])[^/\n]+/[gimu]*(?=[.;,)])', re.DOTALL)
NUMBER = re.compile(r"(?<![\w.$])\d[\d_.eE]*")


def question(allowed: bool, type_: ElementType = ElementType.COUNT) -> Question:
    element = DataElement(
        pk=7, name="培训人次", type=type_, unit="人", accumulation=Accumulation.FLOW, allow_not_applicable=allowed
    )
    return Question(element, UNIT)


def said_by_the_form(asked, typed, ticked, note):
    try:
        return as_typed(asked, typed, ticked, note).read()
    except UnreadableAnswerError as error:
        return str(error)


def said_by_a_workbook(asked, typed, ticked, note):
    found = parse_typed_answer(TypedAnswer(asked.key, "A1", "B1", "C1", typed, "是" if ticked else "", note), asked)
    return found.sentence if isinstance(found, UploadProblem) else found


def said_by_the_script(typed, ticked, note, allowed):
    """The walk of `faultIn` in return_cells.js over the table that the page gives it."""
    stands = [bool(typed), ticked, bool(note), allowed]
    rows = (row for row in faults_for_page() if all(a in (None, b) for a, b in zip(row[1:], stands, strict=True)))
    return next((str(row[0]) for row in rows), "")


@pytest.mark.parametrize(
    ("typed", "ticked", "note", "allowed"),
    list(product(["", "35"], [False, True], ["", "无此业务"], [True, False])),
)
def test_form_workbook_and_script_say_the_same_of_all_fields(typed, ticked, note, allowed):
    asked = question(allowed)
    form = said_by_the_form(asked, typed, ticked, note)
    assert said_by_a_workbook(asked, typed, ticked, note) == form
    word = said_by_the_script(typed, ticked, note, allowed)
    assert check_patterns().get(word, "") == (form if isinstance(form, str) else "") or word == "reason"
    assert (word == "reason") == (allowed and ticked and not typed and not note)


@pytest.mark.parametrize("note", ["  ", "\u200b", "\ufeff\u3000\n"], ids=["blanks", "no width", "all of them"])
def test_not_applicable_without_its_reason_is_kept_in_a_draft(note: str):
    found = read_fields(question(True), "", True, note)
    assert (found.not_applicable, found.note) == (True, "")


def test_a_note_that_is_too_long_is_refused_alike():
    sentence = "说明最多 500 字，现有 501 字。"
    assert said_by_the_form(question(True), "5", False, "长" * 501) == sentence
    assert said_by_a_workbook(question(True), "5", False, "长" * 501) == sentence


def test_the_script_has_every_word_for_yes_and_no():
    facts = element_facts(as_typed(question(False, ElementType.YESNO), "", False, ""))
    for word, choice in facts["words"].items():
        asked = question(False, ElementType.YESNO)
        assert as_typed(asked, word, False, "").read() == as_typed(asked, choice, False, "").read()
    assert facts["wrong"] == said_by_the_form(question(False, ElementType.YESNO), "差不多", False, "")


def test_the_script_has_no_threshold_of_its_own():
    """Each number in the script that judges is an index, a factor of percent or the four decimals that are kept."""
    code = NOT_CODE.sub("", RULES.read_text(encoding="utf-8"))
    assert set(NUMBER.findall(code)) <= {"0", "1", "2", "3", "4", "100", "1e4"}


def test_the_script_takes_every_threshold_from_the_page():
    code = RULES.read_text(encoding="utf-8")
    assert {name for name in limits_for_page() if f"limits.{name}" not in code} == set()


def test_no_threshold_stands_in_a_sentence():
    shares = {limits.percent_of(share) for share in (limits.LARGE_CHANGE, limits.MOST_OF_GOAL)}
    assert [text for text in check_patterns().values() if any(f"{share}%" in text for share in shares)] == []
