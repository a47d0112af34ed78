"""From approved answers to figures, and what each quarter adds."""

from decimal import Decimal

import pytest

from reports.base.enums import SubmissionState
from reports.models import Figure, Submission
from reports.reviewing.actions import figures
from targets.enums import Accumulation
from targets.periods import Quarter
from tests.factories import DataElementFactory, EntryFactory, InstitutionFactory, RoundFactory, SubmissionFactory

pytestmark = pytest.mark.django_db
YEAR = [Quarter(2023, number) for number in (1, 2, 3, 4)]


@pytest.fixture
def hospital():
    return InstitutionFactory()


def carry(hospital, quarter, element, value, number=1):
    submission = Submission.objects.filter(reporter=hospital, quarter=quarter.ordinal).first()
    submission = submission or SubmissionFactory(reporter=hospital, quarter=quarter.ordinal)
    made = RoundFactory(submission=submission, passed=True)
    EntryFactory(round=made, element=element, value=value, not_applicable=value is None)
    figures.apply_answers(made)
    return made


def rises(element):
    return list(Figure.objects.filter(element=element).order_by("quarter", "value").values_list("rise", flat=True))


def test_a_flow_rises_by_its_value(hospital):
    flow = DataElementFactory()
    for quarter, value in zip(YEAR, [10, 0, 7, 3], strict=True):
        carry(hospital, quarter, flow, value)
    assert rises(flow) == [10, 0, 7, 3]


def test_a_running_total_rises_over_the_quarter_before(hospital):
    running = DataElementFactory(accumulation=Accumulation.RUNNING)
    for quarter, value in zip(YEAR, [10, 10, 17, 20], strict=True):
        carry(hospital, quarter, running, value)
    assert rises(running) == [10, 0, 7, 3]


def test_a_running_total_starts_afresh_in_january(hospital):
    running = DataElementFactory(accumulation=Accumulation.RUNNING)
    carry(hospital, YEAR[3], running, 20)
    carry(hospital, YEAR[3] + 1, running, 4)
    assert rises(running) == [20, 4]


def test_a_running_total_counts_from_the_latest_quarter_that_has_one(hospital):
    running = DataElementFactory(accumulation=Accumulation.RUNNING)
    for quarter, value in zip(YEAR, [10, None, 17], strict=False):
        carry(hospital, quarter, running, value)
    assert rises(running) == [10, None, 7]


def test_a_corrected_running_total_moves_the_rise_of_the_next_quarter(hospital):
    running = DataElementFactory(accumulation=Accumulation.RUNNING)
    for quarter, value in zip(YEAR, [10, 17], strict=False):
        carry(hospital, quarter, running, value)
    carry(hospital, YEAR[0], running, 12)
    assert rises(running) == [12, 5]


def test_a_late_first_quarter_moves_the_rise_of_the_next(hospital):
    running = DataElementFactory(accumulation=Accumulation.RUNNING)
    carry(hospital, YEAR[1], running, 17)
    carry(hospital, YEAR[0], running, 10)
    assert rises(running) == [10, 7]


def test_a_stock_and_a_not_applicable_have_no_rise(hospital):
    stock = DataElementFactory(accumulation=Accumulation.STOCK)
    flow = DataElementFactory()
    carry(hospital, YEAR[0], stock, 9)
    carry(hospital, YEAR[0], flow, None)
    assert (rises(stock), rises(flow)) == ([None], [None])


def test_a_correction_replaces_the_figure_and_names_its_round(hospital):
    flow = DataElementFactory()
    carry(hospital, YEAR[0], flow, 10)
    corrected = carry(hospital, YEAR[0], flow, None)
    figure = Figure.objects.get()
    assert (figure.value, figure.not_applicable, figure.round) == (None, True, corrected)


def test_another_unit_keeps_its_rise(hospital):
    running, neighbour = DataElementFactory(accumulation=Accumulation.RUNNING), InstitutionFactory()
    carry(neighbour, YEAR[0], running, 3)
    carry(neighbour, YEAR[1], running, 9)
    carry(hospital, YEAR[0], running, 5)
    assert rises(running) == [3, 5, 6]


def test_carry_takes_the_same_number_of_statements_for_one_answer_and_for_fifty(hospital, django_assert_num_queries):
    made = RoundFactory(submission=SubmissionFactory(reporter=hospital, state=SubmissionState.SUBMITTED), passed=True)
    EntryFactory(round=made)
    with django_assert_num_queries(3):
        figures.apply_answers(made)
    EntryFactory.create_batch(49, round=made)
    with django_assert_num_queries(3):
        figures.apply_answers(made)
    assert Figure.objects.filter(rise=Decimal(1)).count() == 50
