"""Which quarters are over and which is filled in now, as whoever keeps the quarters answers."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from institutions.models import Institution
from institutions.roster import LONG_AGO, InstitutionRow
from institutions.signals import quarters_asked


@dataclass(frozen=True, slots=True)
class PastQuarter:
    label: str
    last_day: date


@dataclass(frozen=True, slots=True)
class KeptQuarters:
    """`open_from` is the first day of the quarter that is filled in now; those before it are over."""

    open_from: date = LONG_AGO
    over: tuple[PastQuarter, ...] = ()


def kept_quarters(today: date) -> KeptQuarters:
    """Before the first quarter is opened nothing is over, and a unit may have been there always."""
    answers: list[Any] = [answer for _, answer in quarters_asked.send(sender=KeptQuarters, today=today)]
    return next((answer for answer in answers if answer), KeptQuarters())


def quarters_changed(
    before: Institution | None, after: Institution | InstitutionRow, quarters: KeptQuarters
) -> tuple[PastQuarter, ...]:
    """The quarters over which the unit's new days bring it into or take it out of. A closing is not asked here."""
    return tuple(
        quarter
        for quarter in quarters.over
        if was_open(before, quarter.last_day) != was_open(after, quarter.last_day)
        and not (after.closed and after.closed <= quarter.last_day)
    )


def was_open(unit: Institution | InstitutionRow | None, day: date) -> bool:
    """As `InstitutionQuerySet.open_on` says it of rows."""
    if unit is None or unit.opened is None:
        return False
    return unit.opened <= day and not (unit.closed and unit.closed <= day)
