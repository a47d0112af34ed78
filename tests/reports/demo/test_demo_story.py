"""The invented history, before it meets the database: dates that can be, numbers that hang together."""

from datetime import date
from decimal import Decimal

import pytest

from institutions.models import Institution
from reports.demo.behaviour import STEADY, BehaviourProfile, shared_out
from reports.demo.history import REASONS
from reports.demo.places.kaifeng import ALLOTTED, BEHAVIOURS, HISTORY
from reports.demo.places.kaifeng_values import RULES
from reports.demo.scenario import ReturnOutcome, Scenario, ScenarioAction, ScenarioStep, dated_steps, outcome_of
from reports.demo.simulated_unit import SimulatedUnit, spread_luck
from targets.periods import Quarter, is_working_day

OPENED, DUE, REVIEW_BY = date(2024, 1, 1), date(2024, 1, 15), date(2024, 1, 22)
SCENARIO = Scenario({("2023Q4", outcome.value): outcome for outcome in ReturnOutcome}, frozenset(), REASONS)
CODES = [f"410221-H{number:02}" for number in range(1, 40)]
COUNTIES = ["", *BEHAVIOURS]


def told(quarter: str, code: str, behaviour: BehaviourProfile = STEADY) -> list[ScenarioStep]:
    return list(dated_steps(SCENARIO, quarter, code, behaviour, OPENED, DUE, REVIEW_BY))


def simulated(
    code: str, element: str, county: str = "", kind: str = "county", quarter: Quarter = HISTORY.first
) -> SimulatedUnit:
    behaviour = HISTORY.behaviour_of(county)
    return SimulatedUnit(Institution(code=code), county, kind, behaviour, quarter, element, HISTORY.first)


def values(code: str, element: str, county: str = "") -> list[Decimal | None]:
    numbers = [RULES[element](simulated(code, element, county, quarter=quarter)) for quarter in HISTORY.quarters]
    return [None if number is None else Decimal(number) for number in numbers]


def test_a_plain_return_is_saved_handed_in_and_passed_in_time():
    steps = told("2023Q4", "plain")
    assert [step.action for step in steps] == [ScenarioAction.SAVE, ScenarioAction.SUBMIT, ScenarioAction.APPROVE]
    assert steps[1].at.date() <= DUE
    assert steps[2].at.date() <= REVIEW_BY


def test_a_late_return_comes_after_the_due_day():
    assert told("2023Q4", "late")[0].at.date() > DUE


def test_a_corrected_return_goes_round_twice_and_gives_its_reason():
    steps = told("2023Q4", "corrected")
    deeds = [step.action for step in steps]
    assert deeds == [
        ScenarioAction.SAVE,
        ScenarioAction.SUBMIT,
        ScenarioAction.SEND_BACK,
        ScenarioAction.SAVE,
        ScenarioAction.SUBMIT,
        ScenarioAction.APPROVE,
    ]
    assert steps[2].reason in REASONS


@pytest.mark.parametrize(
    ("outcome", "last"),
    [
        (ReturnOutcome.MISSING, None),
        (ReturnOutcome.DRAFTED, ScenarioAction.SAVE),
        (ReturnOutcome.UNREVIEWED, ScenarioAction.SUBMIT),
        (ReturnOutcome.SENT_BACK, ScenarioAction.SEND_BACK),
    ],
)
def test_a_told_fate_ends_where_it_says(outcome: ReturnOutcome, last: ScenarioAction | None):
    steps = told("2023Q4", outcome.value)
    assert (steps[-1].action if steps else None) == last


def test_what_is_not_told_is_left_to_the_temper():
    assert outcome_of(SCENARIO, "2023Q3", "410221-H02", BehaviourProfile(1.0, late=1.0)) == ReturnOutcome.LATE
    assert (
        outcome_of(SCENARIO, "2023Q3", "410221-H02", BehaviourProfile(1.0, late=0.0, returned=1.0))
        == ReturnOutcome.CORRECTED
    )
    assert (
        outcome_of(SCENARIO, "2023Q3", "410221-H02", BehaviourProfile(1.0, late=0.0, returned=0.0))
        == ReturnOutcome.PLAIN
    )


@pytest.mark.parametrize("code", CODES)
def test_steps_follow_each_other_on_working_days(code: str):
    steps = told("2023Q4", code, BehaviourProfile(1.0, late=0.3, returned=0.4))
    moments = [step.at for step in steps]
    assert moments == sorted(moments)
    assert all(is_working_day(at.date())[0] for at in moments)


def test_the_luck_of_a_row_is_spread_evenly():
    tenths = sorted(int(10 * spread_luck(code, "some-element")) for code in CODES)
    assert min(tenths.count(tenth) for tenth in range(10)) >= 3


def test_the_same_question_gets_the_same_answer():
    assert values("410221-H01", "contract-income") == values("410221-H01", "contract-income")


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("code", CODES[:8])
def test_running_totals_do_not_fall_within_a_year(code: str, county: str):
    for element in ("distributable-surplus", "surplus-to-bonus", "contract-income", "contract-income-distributed"):
        of_2023 = [value for value in values(code, element, county)[:4] if value is not None]
        assert of_2023 == sorted(of_2023)


@pytest.mark.parametrize(
    ("part", "whole"),
    [
        ("streets-with-centre", "streets"),
        ("sized-communities-with-station", "sized-communities"),
        ("urban-communities-covered", "urban-communities"),
        ("visits-primary", "visits-all"),
        ("family-doctor-teams-trained", "family-doctor-teams"),
        ("surplus-to-bonus", "distributable-surplus"),
        ("contract-income-distributed", "contract-income"),
        ("clinic-standardised-now", "clinic-standardised"),
    ],
)
@pytest.mark.parametrize("county", COUNTIES)
def test_a_part_never_exceeds_its_whole(part: str, whole: str, county: str):
    for code in CODES:
        pairs = zip(values(code, part, county), values(code, whole, county), strict=True)
        assert all((a is None) == (b is None) and (a is None or a <= b) for a, b in pairs)


@pytest.mark.parametrize("code", CODES)
def test_a_clinic_is_brought_up_to_standard_once(code: str):
    done, now = values(code, "clinic-standardised"), values(code, "clinic-standardised-now")
    assert done == sorted(done)
    assert sum(now) <= 1


def test_a_city_district_has_no_county_hospital_to_compare_with():
    income = RULES["county-hospital-doctor-income"]
    assert income(simulated("410202-B01", "county-hospital-doctor-income", kind="district")) is None
    assert income(simulated("410221-B01", "county-hospital-doctor-income")) is not None


def test_what_is_shared_out_adds_up_to_the_whole():
    parts = shared_out(Decimal(800), {1: 37, 2: 433, 3: 111})
    assert sum(parts.values()) == 800
    assert parts[2] > parts[3] > parts[1]


@pytest.mark.parametrize(("code", "wholes"), [("kf-new-centres", [2, 2, 4]), ("kf-new-stations", [10, 30, 21])])
def test_what_was_handed_down_adds_up_to_the_plan(code: str, wholes: list[int]):
    assert [sum(parts.values()) for parts in ALLOTTED[code].values()] == wholes
