"""What a change of the register does elsewhere, and who knows it.

`institutions` knows no return and no target. Who keeps them registers a `RegisterWatcher` (`reports.apps`), which is
asked what a change would do while it is only rehearsed, and does its own part when it is confirmed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution


class EventKind(models.TextChoices):
    """What has a day in the register, and so reaches quarters that are reported or over."""

    CLOSED = "closed", _("停业")
    REOPENED = "reopened", _("撤销停业")
    MOVED = "moved", _("变动行政区划")
    HANDED_OVER = "handed_over", _("改由别的单位填报")


@dataclass(frozen=True, slots=True)
class UnitEvent:
    """`day`: from when it holds; of a closing undone, the day that the unit was to be closed from. to_region: the id of
    where a unit moves to."""

    kind: EventKind
    code: str
    day: date
    to_region: int | None = None


class EffectTopic(models.TextChoices):
    """What an effect is on, in the order of the page."""

    LINES = "lines", _("由谁填报")
    RETURNS = "returns", _("报表")
    PEOPLE = "people", _("填报员账号")
    TARGETS = "targets", _("考核基数和结果")


@dataclass(frozen=True, slots=True)
class Effect:
    """One line of what a change does. quarter: its label, "" where it is of none. is_past: of a quarter whose books are
    closed, so that the change needs a reason."""

    topic: EffectTopic
    about: str
    text: str
    quarter: str = ""
    is_past: bool = False


class RegisterWatcher(Protocol):
    """Asked within the transaction that changes the register."""

    def lines_stay_until(self, reporter: Institution, on: date) -> date:
        """Up to and including which day the lines that a unit carries stay with it when they go on `on`."""
        ...

    def compare(self, events: Sequence[UnitEvent], apply: Callable[[], None], now: datetime) -> list[Effect]:
        """Look, call `apply`, look again, and say what differs."""
        ...

    def settle(self, events: Sequence[UnitEvent], now: datetime) -> None:
        """What follows from a change that was confirmed."""
        ...


class Unwatched:
    """Nobody keeps returns: a line goes on its day, and nothing else is reached."""

    def lines_stay_until(self, reporter: Institution, on: date) -> date:
        return on - timedelta(days=1)

    def compare(self, events: Sequence[UnitEvent], apply: Callable[[], None], now: datetime) -> list[Effect]:
        apply()
        return []

    def settle(self, events: Sequence[UnitEvent], now: datetime) -> None:
        """Nothing follows."""


@dataclass
class Watch:
    """Who watches the register in this process."""

    watcher: RegisterWatcher = field(default_factory=Unwatched)


watch = Watch()
