"""The selectors at the head of a page: plan, region and quarter. Everything they say stands in the address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from institutions.models import Region
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class Selectors:
    """`kept` are the other filters of the address that a switch must not lose."""

    plans: tuple[Choice, ...]
    regions: tuple[Choice, ...]
    quarters: tuple[Choice, ...]
    earlier: Choice | None
    later: Choice | None
    kept: tuple[tuple[str, str], ...] = ()


def selectors_for(
    plan: Plan,
    plans: Iterable[Plan],
    region: Region,
    regions: Sequence[Region],
    quarter: Quarter,
    quarters: Sequence[Quarter],
    kept: tuple[tuple[str, str], ...] = (),
) -> Selectors:
    """`quarters` are the opened ones, oldest first."""
    top = min((len(each.lineage) for each in regions), default=0)
    place = quarters.index(quarter) if quarter in quarters else None
    earlier = quarters[place - 1] if place else None
    later = quarters[place + 1] if place is not None and place + 1 < len(quarters) else None
    return Selectors(
        plans=tuple(Choice(str(each.pk), each.title, each.pk == plan.pk) for each in plans),
        regions=tuple(
            Choice(str(each.pk), "　" * (len(each.lineage) - top) + each.name, each.pk == region.pk) for each in regions
        ),
        quarters=tuple(quarter_choice(each, each == quarter) for each in reversed(quarters)),
        earlier=quarter_choice(earlier) if earlier else None,
        later=quarter_choice(later) if later else None,
        kept=kept,
    )


def quarter_choice(quarter: Quarter, selected: bool = False) -> Choice:
    return Choice(str(quarter), quarter.label, selected)
