"""Which counties are flagged, what pace is still needed, and who is told in time that it will not do. Pure.

Source: docs/design.md#lagging and docs/design.md#beside-status.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext_lazy as _

from reports.base.enums import Status
from targets.enums import Strength
from targets.periods import Quarter

BEHIND = (Status.RED, Status.AMBER)
RECENT = 4
HINT_QUARTERS = 2  # so many before the quarter of its date a target that is too slow carries 提示


class Ground(models.TextChoices):
    """Why a county is flagged."""

    MUST_RED = "must_red", _("必须完成的目标未达标")
    TWO_QUARTERS = "two_quarters", _("连续两季滞后")


def ground_of(strength: str, status: str, status_before: str) -> Ground | None:
    """A `must` target at RED, or any target at AMBER or RED two quarters running."""
    if status == Status.RED and strength == Strength.MUST:
        return Ground.MUST_RED
    if status in BEHIND and status_before in BEHIND:
        return Ground.TWO_QUARTERS
    return None


def behind_since(statuses: dict[Quarter, str], quarter: Quarter) -> Quarter:
    """The first quarter of the unbroken run of AMBER or RED that reaches `quarter`."""
    first = quarter
    while statuses.get(first - 1) in BEHIND:
        first -= 1
    return first


@dataclass(frozen=True, slots=True)
class PacePoint:
    """A value at the end of a quarter, in the indicator's unit; None where nobody gave a figure."""

    quarter: Quarter
    value: Fraction | None


@dataclass(frozen=True, slots=True)
class Pace:
    """Units of the indicator a quarter; of what is to fall, how much it must fall, and fell. `recent` is None where no
    rise is known; needed above it means too slow.
    """

    needed: Fraction
    recent: Fraction | None
    quarters_left: int
    falling: bool = False

    @property
    def suffices(self) -> bool:
        """At the recent pace the line is reached in time; False too where no pace is known."""
        return self.recent is not None and self.needed <= self.recent


@dataclass(frozen=True, slots=True)
class Hint:
    """提示 at a target not yet due: at the pace it goes it will not be reached. pace: None where there is no value."""

    quarters_left: int
    pace: Pace | None


def hint_of(status: str, quarters_left: int, answers_open: int, has_value: bool, pace: Pace | None) -> Hint | None:
    """A NOT_DUE target's 提示 in the last two quarters before that of its date.

    answers_open: units whose answer may still come in time; until then what is there is no pace to judge by.
    pace: as `pace_towards` gives it, None where nothing is lacking, or (not has_value) nothing is known.
    """
    if status != Status.NOT_DUE or not 1 <= quarters_left <= HINT_QUARTERS or answers_open:
        return None
    if has_value and (pace is None or pace.suffices):
        return None
    return Hint(quarters_left, pace)


def pace_towards(
    points: Sequence[PacePoint], line: Fraction, due: Quarter, yearly: bool, falling: bool = False
) -> Pace | None:
    """What each quarter left must bring to reach `line` by the end of `due`, against the mean of recent rises.

    points: oldest first, the last one the quarter looked at. yearly: the value starts afresh each January.
    falling: the line is to be reached from above. None where the date is reached, no value is known, or
    nothing is lacking.
    """
    now = points[-1] if points else None
    if now is None or now.value is None:
        return None
    left = due - now.quarter
    lacking = now.value - line if falling else line - now.value
    if left <= 0 or lacking <= 0:
        return None
    recent = [-rise if falling else rise for rise in rises_between(points, yearly)[-RECENT:]]
    return Pace(lacking / left, sum(recent, Fraction(0)) / len(recent) if recent else None, left, falling)


def rises_between(points: Sequence[PacePoint], yearly: bool) -> list[Fraction]:
    """Rises between quarters that both have a figure; where yearly, a year's first quarter rises from 0."""
    values = {point.quarter: point.value for point in points}
    found = []
    for point in points:
        if point.value is None:
            continue
        before = Fraction(0) if yearly and point.quarter.number == 1 else values.get(point.quarter - 1)
        if before is not None:
            found.append(point.value - before)
    return found
