"""What an upload of the register would do, step by step."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from institutions.effects import Effect, EffectTopic, EventKind, UnitEvent
from institutions.enums import Role
from institutions.models import Institution, User
from institutions.quarters import PastQuarter
from institutions.roster import PEOPLE, UNITS, InstitutionRow, PersonRow, RosterColumn, RosterProblem, value_at

Post = tuple[str, str]  # role, and the code or path of its place


@dataclass(frozen=True, slots=True)
class RegisterChange:
    head: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitStep:
    """`row` with its open cells settled; `before` is the unit as it stands, or None for a new one.

    `twin`: another unit of the same name at the same place, which the person must say this one is not. `quarters`:
    those over that its days change, for a reason. `remark`: what is odd about its place, to be looked at. `moves_to`:
    the id of another region, where it lies in another. `handed_over_on`: from when another unit reports for it.
    """

    row: InstitutionRow
    changes: tuple[RegisterChange, ...]
    is_new: bool
    before: Institution | None = field(compare=False, repr=False)
    twin: str = ""
    quarters: tuple[PastQuarter, ...] = ()
    remark: str = ""
    moves_to: int | None = None
    handed_over_on: date | None = None

    key = property(lambda self: self.row.code)
    name = property(lambda self: self.row.name)
    where = property(lambda self: self.row.place)

    @property
    def closing_changes(self) -> bool:
        """Closed, opened again, closed on another day or merged into another unit."""
        return self.before is None or (self.row.closed, self.row.merged_into) != (
            self.before.closed,
            self.before.merged_into.code if self.before.merged_into else "",
        )

    @property
    def events(self) -> Iterator[UnitEvent]:
        before, row = self.before, self.row
        if before is None:
            return
        if self.closing_changes and before.closed:
            yield UnitEvent(EventKind.REOPENED, row.code, before.closed)
        if self.closing_changes and row.closed:
            yield UnitEvent(EventKind.CLOSED, row.code, row.closed)
        if self.moves_to and row.moved_on:
            yield UnitEvent(EventKind.MOVED, row.code, row.moved_on, self.moves_to)
        if self.handed_over_on:
            yield UnitEvent(EventKind.HANDED_OVER, row.code, self.handed_over_on)


@dataclass(frozen=True, slots=True)
class PersonStep:
    """`row` is the person's first; `gained` and `lost` are posts."""

    row: PersonRow
    changes: tuple[RegisterChange, ...]
    gained: tuple[Post, ...]
    lost: tuple[Post, ...]
    is_new: bool
    before: User | None = field(compare=False, repr=False)

    key = property(lambda self: self.row.username)
    name = property(lambda self: self.row.display_name)
    where = property(lambda self: "、".join(post_text(post) for post in self.gained))


Step = UnitStep | PersonStep


@dataclass(frozen=True, slots=True)
class RegisterPreview:
    units: list[UnitStep]
    people: list[PersonStep]
    problems: list[RosterProblem]
    unread: list[str]
    effects: list[Effect] = field(default_factory=list)

    @property
    def events(self) -> list[UnitEvent]:
        """What has a day and reaches further than the register."""
        return [event for step in self.units for event in step.events]

    @property
    def effects_by_topic(self) -> list[tuple[EffectTopic, list[Effect]]]:
        found = [(topic, [each for each in self.effects if each.topic == topic]) for topic in EffectTopic]
        return [(topic, effects) for topic, effects in found if effects]

    @property
    def needs_reason(self) -> bool:
        """Where quarters change that are over: by the days of a unit's opening, or after their books were closed."""
        return bool(self.backdated) or any(effect.is_past for effect in self.effects)

    waiting: list[str] = field(default_factory=list)

    @property
    def asks(self) -> bool:
        """Whether the person has something to answer before it is done."""
        return bool(self.twins) or self.needs_reason

    @property
    def twins(self) -> list[UnitStep]:
        return [step for step in self.units if step.twin]

    @property
    def backdated(self) -> list[UnitStep]:
        return [step for step in self.units if step.quarters]

    @property
    def remarked(self) -> list[UnitStep]:
        return [step for step in self.units if step.remark]

    @property
    def sheets(self) -> list[tuple[str, list[Step], list[Step], list[Step]]]:
        """Each sheet with what is added, changed and unchanged."""
        return [(name, *sorted_out(steps)) for name, steps in ((UNITS, self.units), (PEOPLE, self.people))]

    @property
    def does_something(self) -> bool:
        steps: list[Step] = [*self.units, *self.people]
        return any(step.is_new or step.changes for step in steps)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(repr((self.units, self.people, self.problems, self.effects)).encode()).hexdigest()


def change_at(column: RosterColumn, was: InstitutionRow | PersonRow, row: InstitutionRow | PersonRow) -> RegisterChange:
    before, after = (str(value_at(each, column) or "") for each in (was, row))
    return RegisterChange(column.head, before, after)


def sorted_out(steps: "list[UnitStep] | list[PersonStep]") -> tuple[list[Step], list[Step], list[Step]]:
    return (
        [step for step in steps if step.is_new],
        [step for step in steps if not step.is_new and step.changes],
        [step for step in steps if not step.is_new and not step.changes],
    )


def post_text(post: Post) -> str:
    role, at = post
    return f"{Role(role).label} {at}"
