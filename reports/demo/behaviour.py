"""How each place goes about it, so that leaders and laggards, punctual and late ones stand side by side. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BehaviourProfile:
    """pace: how fast work moves, 1 is the plan's own speed. late, returned: shares of returns that are so."""

    pace: float
    late: float = 0.05
    returned: float = 0.05


STEADY = BehaviourProfile(1.0)


def shared_out(whole: Decimal, weights: Mapping[int, float]) -> dict[int, int]:
    """Whole parts in proportion to the weights that add up to the whole (largest remainders)."""
    total = sum(Decimal(weight) for weight in weights.values())
    exact = {key: whole * Decimal(weight) / total for key, weight in weights.items()}
    parts = {key: int(value) for key, value in exact.items()}
    short = int(whole) - sum(parts.values())
    for key in sorted(exact, key=lambda key: (parts[key] - exact[key], key))[:short]:
        parts[key] += 1
    return parts
