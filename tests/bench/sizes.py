"""How big the measured places are. Each is a whole tree from the country down, so that one plan judges them all."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Counts over the whole tree; `repeats`: how often a full recompute is timed."""

    name: str
    provinces: int
    cities: int
    counties: int
    townships: int
    units: int
    approvals: int
    repeats: int = 3


SIZES = {
    size.name: size
    for size in (
        Size("county", 1, 1, 1, 20, 300, approvals=250),
        Size("city", 1, 1, 10, 200, 3_000, approvals=500),
        Size("province", 1, 10, 100, 2_000, 30_000, approvals=1000),
        Size("country", 31, 333, 2_843, 39_802, 100_000, approvals=1000, repeats=2),
    )
}
