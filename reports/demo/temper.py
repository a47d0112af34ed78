"""How each county goes about it, so that leaders and laggards, punctual and late ones stand side by side. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from targets.periods import Quarter

FIRST = Quarter(2023, 1)
LAST = Quarter(2024, 1)


@dataclass(frozen=True, slots=True)
class Temper:
    """pace: how fast work moves, 1 is the plan's own speed. late, returned: shares of returns that are so.
    primary_visits: percent of visits at primary level. Opened: centres and stations opened by quarter."""

    pace: float
    late: float = 0.05
    returned: float = 0.05
    primary_visits: float = 65.5
    recruits_in: tuple[int, ...] = (2, 4)
    campaign_in: int = 3
    applies: int = 2
    centres: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()


TEMPERS = {
    "龙亭区": Temper(1.1, primary_visits=64.2, centres=("2023Q4",), stations=("2023Q2", "2023Q4", "2024Q1", "2024Q1")),
    "顺河回族区": Temper(
        0.55, late=0.3, returned=0.15, primary_visits=59.8, recruits_in=(), applies=1, stations=("2023Q4",)
    ),
    "鼓楼区": Temper(1.0, primary_visits=65.1, stations=("2023Q3", "2023Q4", "2024Q1")),
    "禹王台区": Temper(0.9, late=0.1, primary_visits=65.6, stations=("2023Q4", "2024Q1")),
    "祥符区": Temper(1.05, primary_visits=66.7, recruits_in=(3,), stations=("2023Q3",)),
    "杞县": Temper(1.0, returned=0.1, primary_visits=66.2, recruits_in=(3,)),
    "通许县": Temper(0.65, late=0.25, returned=0.12, primary_visits=62.4, recruits_in=(4,), applies=1),
    "尉氏县": Temper(1.08, primary_visits=67.5),
    "兰考县": Temper(1.3, late=0.0, returned=0.02, primary_visits=71.3, campaign_in=2, applies=3),
    "城乡一体化示范区": Temper(
        0.85, late=0.2, primary_visits=63.0, campaign_in=4, centres=("2023Q3",), stations=("2023Q3", "2023Q4", "2024Q1")
    ),
}
STEADY = Temper(1.0)

# What the city handed down to its counties: target, year and parts. Village clinics are shared out by register.
ALLOTTED: dict[str, dict[int, dict[str, int]]] = {
    "kf-new-centres": {
        2023: {"龙亭区": 1, "城乡一体化示范区": 1},
        2024: {"鼓楼区": 1, "祥符区": 1},
        2025: {"龙亭区": 1, "顺河回族区": 1, "禹王台区": 1, "城乡一体化示范区": 1},
    },
    "kf-new-stations": {
        2023: {"龙亭区": 2, "顺河回族区": 2, "鼓楼区": 2, "禹王台区": 1, "祥符区": 1, "城乡一体化示范区": 2},
        2024: {"龙亭区": 7, "顺河回族区": 5, "鼓楼区": 5, "禹王台区": 4, "祥符区": 4, "城乡一体化示范区": 5},
        2025: {"龙亭区": 5, "顺河回族区": 4, "鼓楼区": 3, "禹王台区": 3, "祥符区": 3, "城乡一体化示范区": 3},
    },
}
CLINICS_TARGET = "kf-clinics-800"


def shared_out(whole: Decimal, weights: dict[int, int]) -> dict[int, int]:
    """Whole parts in proportion to the weights that add up to the whole (largest remainders)."""
    total = sum(weights.values())
    exact = {key: whole * weight / total for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    short = int(whole) - sum(parts.values())
    for key in sorted(exact, key=lambda key: (parts[key] - exact[key], key))[:short]:
        parts[key] += 1
    return parts
