"""The invented history, before it meets the database: dates that can be, numbers that hang together."""

from datetime import date
from decimal import Decimal

import pytest

from institutions.models import Institution
from reports.demo.story import REASONS, TOLD, Deed, Fate, Step, fate_of, life
from reports.demo.temper import ALLOTTED, FIRST, LAST, STEADY, TEMPERS, Temper, shared_out
from reports.demo.values import RULES, Teller
from targets.periods import Quarter, is_working_day

OPENED, DUE, REVIEW_BY = date(2024, 1, 1), date(2024, 1, 15), date(2024, 1, 22)
QUARTERS = [FIRST + number for number in range(LAST - FIRST + 1)]
CODES = [f"410221-H{number:02}" for number in range(1, 40)]


def told(quarter: str, code: str, temper: Temper = STEADY) -> list[Step]:
    return list(life(quarter, code, temper, OPENED, DUE, REVIEW_BY))


def teller(code: str, element: str, quarter: Quarter = FIRST, temper: Temper = STEADY, kind: str = "county") -> Teller:
    return Teller(Institution(code=code), kind, temper, quarter, element)


def values(code: str, element: str, temper: Temper = STEADY) -> list[Decimal | None]:
    numbers = [RULES[element](teller(code, element, quarter, temper)) for quarter in QUARTERS]
    return [None if number is None else Decimal(number) for number in numbers]


def test_a_plain_return_is_saved_handed_in_and_passed_in_time():
    steps = next(
        steps for code in CODES if fate_of("2023Q4", code, STEADY) == Fate.PLAIN for steps in [told("2023Q4", code)]
    )
    assert [step.deed for step in steps] == [Deed.SAVE, Deed.SUBMIT, Deed.APPROVE]
    assert steps[1].at.date() <= DUE
    assert steps[2].at.date() <= REVIEW_BY


def test_a_late_return_comes_after_the_due_day():
    steps = told("2023Q4", "410221-H02", Temper(1.0, late=1.0))
    assert steps[0].at.date() > DUE


def test_a_corrected_return_goes_round_twice_and_gives_its_reason():
    steps = told("2023Q4", "410221-H02", Temper(1.0, late=0, returned=1.0))
    deeds = [step.deed for step in steps]
    assert deeds == [Deed.SAVE, Deed.SUBMIT, Deed.SEND_BACK, Deed.SAVE, Deed.SUBMIT, Deed.APPROVE]
    assert steps[2].reason in REASONS


@pytest.mark.parametrize(
    ("fate", "last"),
    [
        (Fate.MISSING, None),
        (Fate.DRAFTED, Deed.SAVE),
        (Fate.UNREVIEWED, Deed.SUBMIT),
        (Fate.SENT_BACK, Deed.SEND_BACK),
    ],
)
def test_a_told_fate_ends_where_it_says(fate: Fate, last: Deed | None):
    quarter, code = next(key for key, value in TOLD.items() if value == fate)
    steps = told(quarter, code)
    assert (steps[-1].deed if steps else None) == last


@pytest.mark.parametrize("code", CODES)
def test_steps_follow_each_other_on_working_days(code: str):
    steps = told("2023Q4", code, Temper(1.0, late=0.3, returned=0.4))
    moments = [step.at for step in steps]
    assert moments == sorted(moments)
    assert all(is_working_day(at.date())[0] for at in moments)


def test_the_same_question_gets_the_same_answer():
    assert values("410221-H01", "contract-income") == values("410221-H01", "contract-income")


@pytest.mark.parametrize("temper", [STEADY, *TEMPERS.values()])
@pytest.mark.parametrize("code", CODES[:8])
def test_running_totals_do_not_fall_within_a_year(code: str, temper: Temper):
    for element in ("distributable-surplus", "surplus-to-bonus", "contract-income", "contract-income-distributed"):
        of_2023 = [value for value in values(code, element, temper)[:4] if value is not None]
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
@pytest.mark.parametrize("temper", [STEADY, *TEMPERS.values()])
def test_a_part_never_exceeds_its_whole(part: str, whole: str, temper: Temper):
    for code in CODES:
        pairs = zip(values(code, part, temper), values(code, whole, temper), strict=True)
        assert all((a is None) == (b is None) and (a is None or a <= b) for a, b in pairs)


@pytest.mark.parametrize("code", CODES)
def test_a_clinic_is_brought_up_to_standard_once(code: str):
    done, now = values(code, "clinic-standardised"), values(code, "clinic-standardised-now")
    assert done == sorted(done)
    assert sum(now) <= 1


def test_a_city_district_has_no_county_hospital_to_compare_with():
    income = RULES["county-hospital-doctor-income"]
    assert income(teller("410202-B01", "county-hospital-doctor-income", kind="district")) is None
    assert income(teller("410221-B01", "county-hospital-doctor-income")) is not None


def test_what_is_shared_out_adds_up_to_the_whole():
    parts = shared_out(Decimal(800), {1: 37, 2: 433, 3: 111})
    assert sum(parts.values()) == 800
    assert parts[2] > parts[3] > parts[1]


@pytest.mark.parametrize(("code", "wholes"), [("kf-new-centres", [2, 2, 4]), ("kf-new-stations", [10, 30, 21])])
def test_what_was_handed_down_adds_up_to_the_plan(code: str, wholes: list[int]):
    assert [sum(parts.values()) for parts in ALLOTTED[code].values()] == wholes
