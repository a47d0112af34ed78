"""The demo's words of explanation: there where they are asked for, and the same every time."""

from decimal import Decimal

from institutions.models import Institution
from reports.demo.explanation_notes import LESS_THERE, MORE_DONE, explain_findings
from reports.questions.answers import Answer, Question
from reports.questions.checks import check_answers, unexplained_findings
from targets.enums import Accumulation, ElementType
from targets.models import DataElement
from targets.periods import Quarter

Q1 = Quarter(2024, 1)
UNIT = Institution(pk=1, code="h01")
FLOW = DataElement(pk=1, code="flow", type=ElementType.COUNT, accumulation=Accumulation.FLOW)
STOCK = DataElement(pk=2, code="stock", type=ElementType.COUNT, accumulation=Accumulation.STOCK)
QUESTIONS = [Question(FLOW, UNIT, last=Decimal(100)), Question(STOCK, UNIT, last=Decimal(100))]


def told(flow, stock):
    return [Answer(FLOW.pk, UNIT.pk, Decimal(flow)), Answer(STOCK.pk, UNIT.pk, Decimal(stock))]


def test_what_is_within_the_common_gets_no_note():
    assert explain_findings(QUESTIONS, told(110, 100), Q1) == told(110, 100)


def test_a_rise_and_a_fall_are_explained_each_in_its_way():
    answers = explain_findings(QUESTIONS, told(200, 50), Q1)
    assert (answers[0].note in MORE_DONE, answers[1].note in LESS_THERE) == (True, True)
    assert [answer.value for answer in answers] == [200, 50]
    assert unexplained_findings(check_answers(QUESTIONS, answers, Q1), answers) == []
    assert answers == explain_findings(QUESTIONS, told(200, 50), Q1)
