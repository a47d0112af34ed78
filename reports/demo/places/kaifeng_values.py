"""What Kaifeng's units tell, element by element. Pure: shares only rise and running totals are sums."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from institutions.enums import RegionKind
from reports.demo.demo_plan import DemoPlan
from reports.demo.simulated_unit import Rule, SimulatedUnit
from targets.models import DataElement

CENT = Decimal("0.01")
# Village clinics: what share of all is brought up to standard in each quarter of a year at the plan's own speed.
CLINICS_BEFORE = 0.14
CLINICS_YEARLY = 0.385
CLINICS_BY_QUARTER = (0.2, 0.48, 0.76, 1.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a county does. primary_visits: percent of visits at primary level. centres, stations: opened, by quarter."""

    primary_visits: float = 65.5
    recruits_in: tuple[int, ...] = (2, 4)
    campaign_in: int = 3
    applies: int = 2
    centres: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()


FACTS = {
    "龙亭区": Facts(64.2, centres=("2023Q4",), stations=("2023Q2", "2023Q4", "2024Q1", "2024Q1")),
    "顺河回族区": Facts(59.8, recruits_in=(), applies=1, stations=("2023Q4",)),
    "鼓楼区": Facts(65.1, stations=("2023Q3", "2023Q4", "2024Q1")),
    "禹王台区": Facts(65.6, stations=("2023Q4", "2024Q1")),
    "祥符区": Facts(66.7, recruits_in=(3,), stations=("2023Q3",)),
    "杞县": Facts(66.2, recruits_in=(3,)),
    "通许县": Facts(62.4, recruits_in=(4,), applies=1),
    "尉氏县": Facts(67.5),
    "兰考县": Facts(71.3, campaign_in=2, applies=3),
    "城乡一体化示范区": Facts(63.0, campaign_in=4, centres=("2023Q3",), stations=("2023Q3", "2023Q4", "2024Q1")),
}


def facts(simulated: SimulatedUnit) -> Facts:
    return FACTS.get(simulated.place, Facts())


def reached(start: float, rise: float, of: str = "") -> Rule:
    """Yes once the growing share passes the unit's luck."""
    return lambda simulated: simulated.luck(of) < simulated.share(start, rise)


def whole_number(least: int, most: int) -> Rule:
    return lambda simulated: least + int(simulated.luck() * (most - least + 1))


def part_of(whole: Rule, whole_code: str, start: float, rise: float) -> Rule:
    """A growing part of another element's number."""

    def part(simulated: SimulatedUnit) -> int:
        total = whole(simulated.about(whole_code))
        return int(float(total or 0) * min(1.0, simulated.share(start, rise) + 0.1 * simulated.luck()))

    return part


def opened(of: Callable[[Facts], tuple[str, ...]]) -> Rule:
    return lambda simulated: of(facts(simulated)).count(str(simulated.quarter))


def clinics_done(simulated: SimulatedUnit) -> bool:
    """Whether the clinic is up to standard at the end of the quarter."""
    years, number = divmod(simulated.step - 1, 4)
    share = CLINICS_BEFORE + CLINICS_YEARLY * simulated.behaviour.pace * (years + CLINICS_BY_QUARTER[number])
    return simulated.luck("clinic-standardised") < share


def clinic_done_now(simulated: SimulatedUnit) -> bool:
    return clinics_done(simulated) and not was_done_before(simulated)


def was_done_before(simulated: SimulatedUnit) -> bool:
    if simulated.quarter == simulated.first:
        return simulated.luck("clinic-standardised") < CLINICS_BEFORE
    return clinics_done(simulated.at(simulated.quarter - 1))


def capability(simulated: SimulatedUnit) -> int:
    luck = simulated.luck()
    return 2 if luck < simulated.share(0.29, 0.037) else int(luck < simulated.share(0.75, 0.04))


def it_staff(simulated: SimulatedUnit) -> int:
    return 1 + int(simulated.luck("it-count") * 2) if simulated.luck() < simulated.share(0.68, 0.04) else 0


def running_money(quarterly: float, no_use: float = 0.0) -> Rule:
    """Adds up over the year; a share of the units has none, and says 不适用."""

    def total(simulated: SimulatedUnit) -> Decimal | None:
        if simulated.luck(f"none {simulated.quarter.year}") < no_use:
            return None
        size = 0.4 + 1.2 * simulated.luck("size")
        amounts = [quarterly * size * (0.8 + 0.4 * simulated.noise(quarter)) for quarter in simulated.of_year()]
        return sum((Decimal(amount).quantize(CENT) for amount in amounts), Decimal(0))

    return total


def running_part(whole: Rule, whole_code: str, ratio: float) -> Rule:
    """A steady part of another running amount; faster counties pay out more of it."""

    def part(simulated: SimulatedUnit) -> Decimal | None:
        total = whole(simulated.about(whole_code))
        if total is None:
            return None
        paid = min(0.98, ratio + 0.12 * (simulated.behaviour.pace - 1) + 0.16 * (simulated.luck() - 0.5))
        return (Decimal(total) * Decimal(paid)).quantize(CENT, ROUND_DOWN)

    return part


def visits_all(simulated: SimulatedUnit) -> int:
    rural = simulated.place_kind == RegionKind.COUNTY
    return int(
        (620_000 if rural else 260_000) * (0.8 + 0.5 * simulated.luck("size")) * (0.96 + 0.08 * simulated.noise())
    )


def visits_primary(simulated: SimulatedUnit) -> int:
    total = visits_all(simulated.about("visits-all"))
    percent = facts(simulated).primary_visits + 1.2 * (simulated.noise() - 0.5) + 0.15 * simulated.step
    return int(total * percent / 100)


def income(base: float, per_pace: float) -> Rule:
    def per_quarter(simulated: SimulatedUnit) -> Decimal:
        amount = base + per_pace * (simulated.behaviour.pace - 1) + 900 * (simulated.noise() - 0.5)
        return Decimal(amount).quantize(CENT)

    return per_quarter


def county_income(simulated: SimulatedUnit) -> Decimal | None:
    """City districts without a county hospital have nothing to compare with."""
    if simulated.place_kind != RegionKind.COUNTY:
        return None
    return Decimal(17_600 + 600 * (simulated.noise() - 0.5)).quantize(CENT)


def recruitment(simulated: SimulatedUnit) -> int:
    return int(simulated.quarter.number in facts(simulated).recruits_in)


def campaign(simulated: SimulatedUnit) -> int:
    return int(simulated.quarter.number == facts(simulated).campaign_in)


def applications(simulated: SimulatedUnit) -> int:
    """One in the spring, the rest in the autumn."""
    return {2: 1, 3: facts(simulated).applies - 1}.get(simulated.quarter.number, 0)


def sites_built(simulated: SimulatedUnit) -> int:
    return int(simulated.quarter.number == 4 and simulated.behaviour.pace > 1)


def inspections(simulated: SimulatedUnit) -> int:
    return int(simulated.quarter.number in (2, 4))


STREETS = whole_number(3, 8)
SIZED = whole_number(8, 24)
URBAN = whole_number(20, 60)
TEAMS = whole_number(4, 12)
SURPLUS = running_money(160_000, no_use=0.08)
CONTRACTS = running_money(90_000, no_use=0.03)
RULES: dict[str, Rule] = {
    "community-centres-opened": opened(lambda of_place: of_place.centres),
    "community-stations-opened": opened(lambda of_place: of_place.stations),
    "streets": STREETS,
    "streets-with-centre": part_of(STREETS, "streets", 0.7, 0.03),
    "sized-communities": SIZED,
    "sized-communities-with-station": part_of(SIZED, "sized-communities", 0.5, 0.04),
    "urban-communities": URBAN,
    "urban-communities-covered": part_of(URBAN, "urban-communities", 0.62, 0.035),
    "model-site-applications": applications,
    "model-sites-built": sites_built,
    "recruitment-rounds": recruitment,
    "gp-income": income(17_700, 3_000),
    "county-hospital-doctor-income": county_income,
    "visits-all": visits_all,
    "visits-primary": visits_primary,
    "publicity-months": campaign,
    "service-capability": capability,
    "secondary-hospital-level": reached(0.02, 0.016),
    "urgent-equipment": reached(0.35, 0.05),
    "family-doctor-teams": TEAMS,
    "family-doctor-teams-trained": part_of(TEAMS, "family-doctor-teams", 0.08, 0.075),
    "it-staff": it_staff,
    "teleconsultation": reached(0.4, 0.055),
    "distributable-surplus": SURPLUS,
    "surplus-to-bonus": running_part(SURPLUS, "distributable-surplus", 0.63),
    "contract-income": CONTRACTS,
    "contract-income-distributed": running_part(CONTRACTS, "contract-income", 0.73),
    "community-standardised": reached(0.5, 0.05),
    "clinic-standardised": clinics_done,
    "clinic-standardised-now": clinic_done_now,
    "fund-inspections": inspections,
}
NOT_APPLICABLE = {
    "county-hospital-doctor-income": "市辖区没有县级综合医院，无可比对象。",
    "distributable-surplus": "本院当年没有结余。",
    "surplus-to-bonus": "本院当年没有结余。",
    "contract-income": "当年签约服务费尚未到账。",
    "contract-income-distributed": "当年签约服务费尚未到账。",
}


def tell(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float | Decimal | None:
    if element.code in RULES:
        return RULES[element.code](simulated)
    return state_of_year(simulated) if element.code in demo_plan.yearly else state_of_plan(simulated)


def state_of_plan(simulated: SimulatedUnit) -> int:
    """Moves from 未 over 基本 to 全部 at the unit's own speed, and stays there."""
    progress = 0.15 + 0.5 * simulated.luck() + 0.05 * simulated.step * simulated.behaviour.pace
    return int(progress >= 0.4) + int(progress >= 0.8)


def state_of_year(simulated: SimulatedUnit) -> int:
    progress = simulated.quarter.number / 4 * simulated.behaviour.pace * (0.8 + 0.5 * simulated.luck())
    return int(progress >= 0.4) + int(progress >= 0.85)
