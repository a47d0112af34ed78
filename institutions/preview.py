"""What an uploaded register would do: planned in full and shown before anything is written.

`preview_register` reads the register as it stands and gives a `RegisterPreview`: a line a unit or person, every
problem, and the steps that `institutions.actions.enrolment` takes when the administrator confirms. Previews of one
`fingerprint` do the same.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import groupby

from django.utils.translation import gettext as _

from institutions.effects import Effect, EffectTopic, EventKind, UnitEvent
from institutions.enums import InstitutionKind, Ownership, RegionLevel, Role
from institutions.identity import NOT_PLAIN, fold_sign, is_plain_username
from institutions.models import Institution, Membership, Region, User
from institutions.quarters import KeptQuarters, PastQuarter, kept_quarters, quarters_changed
from institutions.queries import administered_paths, administered_people, administered_places, with_posts
from institutions.roster import (
    LONG_AGO,
    PEOPLE,
    PEOPLE_COLUMNS,
    UNIT_COLUMNS,
    UNITS,
    InstitutionRow,
    PersonRow,
    Roster,
    RosterColumn,
    RosterProblem,
    Value,
    roster_problem,
    value_at,
)
from institutions.texts import strip_blanks

Post = tuple[str, str]  # role, and the code or path of its place
PERSONAL = ("display_name", "phone", "email", "closed")
IN_TOWNSHIPS = (
    InstitutionKind.TOWNSHIP_HOSPITAL,
    InstitutionKind.COMMUNITY_CENTRE,
    InstitutionKind.COMMUNITY_STATION,
    InstitutionKind.VILLAGE_CLINIC,
)


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


def sorted_out(steps: "list[UnitStep] | list[PersonStep]") -> tuple[list[Step], list[Step], list[Step]]:
    return (
        [step for step in steps if step.is_new],
        [step for step in steps if not step.is_new and step.changes],
        [step for step in steps if not step.is_new and not step.changes],
    )


def preview_register(roster: Roster, by: User, today: date) -> RegisterPreview:
    register = Register(roster, by, kept_quarters(today))
    return RegisterPreview(
        units=[unit_step(row, register) for row in roster.units],
        people=[person_step(rows, register) for rows in by_person(roster.people)],
        problems=sorted(
            [*roster.problems, *unit_problems(roster, register), *people_problems(roster, register)],
            key=lambda found: (found.sheet != UNITS, found.row, len(found.column), found.column),
        ),
        unread=roster.unread,
        waiting=waiting_rows(roster, register),
    )


def by_person(rows: list[PersonRow]) -> list[list[PersonRow]]:
    """The rows of each person, people in the order of their first row."""
    first = {row.username: row.row for row in reversed(rows)}
    ordered = sorted(rows, key=lambda row: (first[row.username], row.row))
    return [list(found) for _username, found in groupby(ordered, key=lambda row: row.username)]


class Register:
    """What the database knows of the codes, names and places that the workbook speaks of. A handful of queries."""

    def __init__(self, roster: Roster, by: User, quarters: KeptQuarters) -> None:
        self.roster, self.by, self.quarters = roster, by, quarters
        self.rows = {row.code: row for row in reversed(roster.units)}

    @cached_property
    def paths(self) -> dict[int, str]:
        return administered_paths(self.by)

    @cached_property
    def regions(self) -> dict[str, Region]:
        return administered_places(self.by)

    @cached_property
    def units(self) -> dict[str, Institution]:
        codes = {code for row in self.roster.units for code in (row.code, row.reported_by, row.merged_into)}
        codes |= {row.at for row in self.roster.people if row.role == Role.REPORTER}
        known = Institution.objects.select_related("region", "reported_by", "merged_into")
        known = known.prefetch_related("placements", "former_reporters")
        return {unit.code: unit for unit in known.filter(code__in=codes)}

    @cached_property
    def people(self) -> dict[str, User]:
        named = User.objects.filter(username__in={row.username for row in self.roster.people})
        return {person.username: person for person in with_posts(named)}

    @cached_property
    def own_people(self) -> set[int]:
        ids = [person.pk for person in self.people.values()]
        return set(administered_people(self.by).filter(pk__in=ids).values_list("pk", flat=True))

    @cached_property
    def spoken_for(self) -> set[str]:
        """Codes of units that carry the lines of others which the workbook does not mention."""
        others = Institution.objects.filter(reported_by__code__in=self.rows).exclude(code__in=self.rows)
        return set(others.values_list("reported_by__code", flat=True))

    @cached_property
    def lines(self) -> dict[str, list[Institution]]:
        """By the code of each unit that closes: those whose lines it carries."""
        closing = [row.code for row in self.roster.units if row.closed]
        found: dict[str, list[Institution]] = {}
        known = Institution.objects.filter(reported_by__code__in=closing).select_related("reported_by").order_by("code")
        for unit in known:
            found.setdefault(unit.reported_by.code if unit.reported_by else "", []).append(unit)
        return found

    def days_of(self, code: str) -> tuple[date, date | None]:
        """When the unit opened and closed, as the workbook says or as it stands."""
        row, unit = self.rows.get(code), self.units.get(code)
        if row:
            row = settle_row(row, unit, self.quarters)
            return row.opened or LONG_AGO, row.closed
        return (unit.opened, unit.closed) if unit else (LONG_AGO, None)

    def day_of_hand_over(self, row: InstitutionRow) -> date | None:
        """The row's day; else that on which the unit that reported until now closes."""
        before = self.units.get(row.code)
        held_by = before.reported_by.code if before and before.reported_by else ""
        return row.moved_on or (self.rows[held_by].closed if held_by in self.rows else None)

    def lines_left(self, row: InstitutionRow) -> list[str]:
        """The names of the units that a closing unit still carries on its day, by the rows of the workbook where it
        has them."""
        left = [unit for unit in self.lines.get(row.code, []) if self.rows.get(unit.code, None) is None]
        names = [unit.name for unit in left if unit.closed is None or (row.closed and unit.closed > row.closed)]
        return names + [
            each.name
            for each in self.roster.units
            if each.reported_by == row.code and (each.closed is None or (row.closed and each.closed > row.closed))
        ]

    @cached_property
    def namesakes(self) -> dict[tuple[str, int], list[tuple[str, str]]]:
        """Code and name of what is called the same at the same place: the register's units and the new ones."""
        found: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for code, name, region in Institution.objects.filter(region__in=self.paths).values_list(
            "code", "name", "region"
        ):
            found.setdefault((fold_name(name), region), []).append((code, name))
        for row in self.roster.units:
            if row.code not in self.units and row.place in self.regions:
                found.setdefault((fold_name(row.name), self.regions[row.place].pk), []).append((row.code, row.name))
        return found

    @cached_property
    def with_townships(self) -> set[int]:
        """Regions below which the register knows townships."""
        townships = [region for region in self.regions.values() if region.level == RegionLevel.TOWNSHIP]
        return {pk for region in townships for pk in region.lineage if pk != region.pk}

    def waits(self, code: str) -> bool:
        """What the row of this unit says could not be read, and the register has no such unit."""
        units = self.roster
        return code not in self.units and (code in units.broken[UNITS] or UNITS in units.lost)

    def has_unit(self, code: str) -> bool:
        """In the administrator's regions, or about to be."""
        unit = self.units.get(code)
        return unit.region_id in self.paths if unit else code in self.rows

    def unit_of(self, code: str) -> Institution | None:
        """As it stands, of whatever code; one that the workbook does not name is looked up."""
        if code not in self.units:
            known = Institution.objects.select_related("reported_by", "merged_into").filter(code=code).first()
            if known is None:
                return None
            self.units[code] = known
        return self.units[code]

    def end_of_lines(self, row: InstitutionRow) -> tuple[str, date] | None:
        """The unit after which nobody reports for those that a closing unit reported for, and its last day; by the
        same way as `reporting.successors_of`. None where somebody always does, or a row of the way is not read."""
        code, passed = row.code, set[str]()
        while code not in passed and not self.waits(code):
            passed.add(code)
            said, unit = self.rows.get(code), self.unit_of(code)
            closed = said.closed if said else unit.closed if unit else None
            if closed is None:
                return None
            kept = unit.merged_into.code if unit and unit.merged_into else ""
            merged = said.merged_into if said else kept
            if not merged:
                return code, closed
            self.unit_of(merged)
            code = self.reporter_of(merged) or merged
        return None

    def reporter_of(self, code: str) -> str:
        """The code of the unit that will report for this one."""
        if code in self.rows:
            return self.rows[code].reported_by
        unit = self.units.get(code)
        return unit.reported_by.code if unit and unit.reported_by else ""


# --- Units ------------------------------------------------------------------------------------------------------


def unit_row(unit: Institution, paths: dict[int, str]) -> InstitutionRow:
    """The unit as the workbook would write it."""
    return InstitutionRow(
        row=0,
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        grade=unit.grade,
        ownership=unit.ownership,
        place=paths.get(unit.region_id, ""),
        reported_by=unit.reported_by.code if unit.reported_by else "",
        opened=unit.opened,
        closed=unit.closed,
        merged_into=unit.merged_into.code if unit.merged_into else "",
        contact_name=unit.contact_name,
        contact_phone=unit.contact_phone,
        moved_on=None,
    )


def unit_step(row: InstitutionRow, register: Register) -> UnitStep:
    before = register.units.get(row.code)
    row = settle_row(row, before, register.quarters)
    quarters = quarters_changed(before, row, register.quarters)
    remark = place_remark(row, before, register)
    if before is None:
        return UnitStep(row, (), True, None, twin_of(row, register), quarters, remark)
    was = unit_row(before, register.paths)
    moves, goes = was.place != row.place, was.reported_by != row.reported_by
    changes = tuple(
        RegisterChange(column.head, value_text(value_at(was, column)), value_text(value_at(row, column)))
        for column in UNIT_COLUMNS
        if getattr(was, column.name) != getattr(row, column.name) and (moves or goes or column.name != "moved_on")
    )
    to = register.regions.get(row.place) if moves else None
    on = register.day_of_hand_over(row) if goes else None
    return UnitStep(row, changes, False, before, "", quarters, remark, to.pk if to else None, on)


def fold_name(name: str) -> str:
    return strip_blanks(fold_sign(name)).lower()


def twin_of(row: InstitutionRow, register: Register) -> str:
    """What is called the same at the same place under another code."""
    region = register.regions.get(row.place)
    found = register.namesakes.get((fold_name(row.name), region.pk), []) if region else []
    return next((f"{name}（{code}）" for code, name in found if code != row.code), "")


def place_remark(row: InstitutionRow, before: Institution | None, register: Register) -> str:
    """A unit of a township that is placed above it, where it is new or was placed so just now."""
    region = register.regions.get(row.place)
    if region is None or row.kind not in IN_TOWNSHIPS or region.pk not in register.with_townships:
        return ""
    if before and (before.region_id, before.kind) == (region.pk, row.kind):
        return ""
    return _("%(kind)s通常在乡镇街道，这里填的是“%(place)s”。") % {
        "kind": InstitutionKind(row.kind).label,
        "place": row.place,
    }


def settle_row(row: InstitutionRow, before: Institution | None, quarters: KeptQuarters) -> InstitutionRow:
    """A blank kept what it was; a new unit is public and open from the quarter on that is filled in now."""
    return replace(
        row,
        ownership=row.ownership or (before.ownership if before else Ownership.PUBLIC),
        opened=row.opened or (before.opened if before else quarters.open_from),
    )


def value_text(value: Value) -> str:
    return str(value or "")


def unit_problems(roster: Roster, register: Register) -> Iterator[RosterProblem]:
    for row in roster.units:
        before = register.units.get(row.code)
        if before and before.region_id not in register.paths:
            yield roster_problem(UNITS, row.row, "code", _("这个代码是别的地区的机构，不能改动。"))
            continue
        if row.place not in register.regions:
            yield roster_problem(
                UNITS, row.row, "place", _("“%s”不在您管理的地区里。请照“行政区划”表填写。") % row.place
            )
        elif before and before.region_id != register.regions[row.place].pk:
            yield from move_problems(row, before)
        if before and before.region_id in register.paths:
            yield from hand_over_problems(row, before, register)
        elif before is None and row.reported_by and not closes_now(row.reported_by, register):
            yield from reporter_problems(row, None, register)
        opened = settle_row(row, before, register.quarters).opened
        if row.closed and opened and row.closed < opened:
            yield roster_problem(UNITS, row.row, "closed", _("停业日期早于开业日期 %s。") % opened)
        if row.closed and unit_step(row, register).closing_changes:
            yield from closing_problems(row, row.closed, register)
        yield from reference_problems(row, register)


def closes_now(code: str, register: Register) -> bool:
    """Its closing is in the workbook, and hands its lines on."""
    return code in register.rows and unit_step(register.rows[code], register).closing_changes


def closing_problems(row: InstitutionRow, closed: date, register: Register) -> Iterator[RosterProblem]:
    """What a unit merges into is open then, and somebody reports for those that it reported for."""
    left = register.lines_left(row)
    if row.merged_into:
        opened, ended = register.days_of(row.merged_into)
        words = {"code": row.merged_into, "day": ended if ended and ended <= closed else opened}
        if ended and ended <= closed:
            sentence = _("“%(code)s”已于 %(day)s 停业，不能并入。请填仍在开办的机构的代码。")
            yield roster_problem(UNITS, row.row, "merged_into", sentence % words)
        elif opened > closed:
            sentence = _("“%(code)s” %(day)s 才开业，不能在这之前并入。")
            yield roster_problem(UNITS, row.row, "merged_into", sentence % words)
        elif register.reporter_of(row.merged_into) == row.code:
            sentence = _("“%(code)s”由这家机构填报，不能并入它。请先把它改为自己填报。")
            yield roster_problem(UNITS, row.row, "merged_into", sentence % words)
        elif left and (end := register.end_of_lines(row)):
            sentence = _("它替 %(count)d 家机构填报；“%(code)s”于 %(day)s 停业后没有人替它们报。请填一直开办的机构。")
            words = {"count": len(left), "code": end[0], "day": end[1]}
            yield roster_problem(UNITS, row.row, "merged_into", sentence % words)
    if left and not row.merged_into:
        sentence = _(
            "它还替 %(count)d 家机构填报（%(name)s等），停业后没有人替它们报。请填并入机构代码；"
            "或在这些机构的行里改填报单位代码，并填变动日期。"
        )
        yield roster_problem(UNITS, row.row, "merged_into", sentence % {"count": len(left), "name": left[0]})


def hand_over_problems(row: InstitutionRow, before: Institution, register: Register) -> Iterator[RosterProblem]:
    held_by = before.reported_by.code if before.reported_by else ""
    if row.reported_by == held_by:
        return
    day = register.day_of_hand_over(row)
    last = max((former.until for former in before.former_reporters.all()), default=None)
    if day is None:
        sentence = _("填报单位有变动，请填变动日期：从这一天起由新的单位填报。一直就由它填报的，填开业日期。")
        yield roster_problem(UNITS, row.row, "moved_on", sentence)
    elif last is not None and day <= last:
        yield roster_problem(UNITS, row.row, "moved_on", _("变动日期应当晚于 %s（上次变动）。") % last)
    elif held_by and (ended := register.days_of(held_by)[1]) and day > ended:
        sentence = _("原填报单位“%(code)s”于 %(day)s 停业，变动日期不能晚于这一天，否则中间没有人填报。")
        yield roster_problem(UNITS, row.row, "moved_on", sentence % {"code": held_by, "day": ended})
    if row.reported_by:
        yield from reporter_problems(row, day, register)


def reporter_problems(row: InstitutionRow, day: date | None, register: Register) -> Iterator[RosterProblem]:
    """The unit that is to report from the day on is open as long as the one that it reports for."""
    opened, closed = register.days_of(row.reported_by)
    if closed and (row.closed is None or row.closed > closed):
        sentence = _("“%(code)s”已于 %(day)s 停业，不能由它填报。")
        yield roster_problem(UNITS, row.row, "reported_by", sentence % {"code": row.reported_by, "day": closed})
    elif day and opened > max(day, register.days_of(row.code)[0]):
        sentence = _("“%(code)s” %(opened)s 才开业，不能从 %(day)s 起由它填报。")
        words = {"code": row.reported_by, "opened": opened, "day": day}
        yield roster_problem(UNITS, row.row, "moved_on", sentence % words)


def move_problems(row: InstitutionRow, before: Institution) -> Iterator[RosterProblem]:
    """The same conditions as `register.move`, as sentences."""
    last = max((placement.until for placement in before.placements.all()), default=before.opened)
    if row.moved_on is None:
        yield roster_problem(UNITS, row.row, "moved_on", _("行政区划有变动，请填变动日期：从这一天起归新的地方。"))
    elif row.moved_on <= last:
        yield roster_problem(UNITS, row.row, "moved_on", _("变动日期应当晚于 %s（开业或上次变动）。") % last)


def reference_problems(row: InstitutionRow, register: Register) -> Iterator[RosterProblem]:
    for name in ("reported_by", "merged_into"):
        code = getattr(row, name)
        if code and not register.has_unit(code) and not register.waits(code):
            yield roster_problem(UNITS, row.row, name, _("您管理的地区里没有代码为“%s”的机构。") % code)
    if row.reported_by and register.reporter_of(row.reported_by):
        yield roster_problem(
            UNITS, row.row, "reported_by", _("“%s”自己由别的机构填报，不能再替它填报。") % row.reported_by
        )
    if row.reported_by and row.code in register.spoken_for:
        yield roster_problem(UNITS, row.row, "reported_by", _("这家机构还替别的机构填报，不能改由别人填报。"))


# --- People -----------------------------------------------------------------------------------------------------


def person_rows(person: User, paths: dict[int, str]) -> list[PersonRow]:
    """The person as the workbook would write them: a row a post."""
    return [
        PersonRow(
            row=0,
            username=person.username,
            display_name=person.display_name,
            phone=person.phone,
            email=person.email,
            role=role,
            at=at,
            closed=not person.is_active,
        )
        for role, at in posts_of(person, paths)
    ]


def posts_of(person: User, paths: dict[int, str]) -> list[Post]:
    return [(held.role, place_of(held, paths)) for held in person.memberships.all()]


def place_of(held: Membership, paths: dict[int, str]) -> str:
    return held.institution.code if held.institution else paths.get(held.region_id or 0, "")


def person_step(rows: list[PersonRow], register: Register) -> PersonStep:
    row, wanted = rows[0], [(row.role, row.at) for row in rows]
    before = register.people.get(row.username)
    if before is None:
        return PersonStep(row, (), tuple(wanted), (), True, None)
    held = posts_of(before, register.paths)
    gained = tuple(post for post in wanted if post not in held)
    lost = tuple(post for post in held if post not in wanted)
    was = replace(row, **{name: getattr(before, name) for name in PERSONAL[:3]}, closed=not before.is_active)
    personal = tuple(
        RegisterChange(column.head, value_text(value_at(was, column)), value_text(value_at(row, column)))
        for column in PEOPLE_COLUMNS
        if column.name in PERSONAL and getattr(was, column.name) != getattr(row, column.name)
    )
    posts = [RegisterChange(_("岗位"), "", post_text(post)) for post in gained]
    posts += [RegisterChange(_("岗位"), post_text(post), "") for post in lost]
    return PersonStep(row, (*personal, *posts), gained, lost, False, before)


def post_text(post: Post) -> str:
    role, at = post
    return f"{Role(role).label} {at}"


def people_problems(roster: Roster, register: Register) -> Iterator[RosterProblem]:
    for row in roster.people:
        known = register.people.get(row.username)
        if known and known.pk not in register.own_people:
            yield roster_problem(PEOPLE, row.row, "username", _("这个用户名已有人用，而且不归您管理。请换一个用户名。"))
        if known is None and not is_plain_username(row.username):
            yield roster_problem(PEOPLE, row.row, "username", str(NOT_PLAIN))
        if row.role == Role.REPORTER and not register.has_unit(row.at) and not register.waits(row.at):
            yield roster_problem(
                PEOPLE, row.row, "at", _("您管理的地区里没有代码为“%s”的机构。填报员这里填机构代码。") % row.at
            )
        if row.role != Role.REPORTER and row.at not in register.regions:
            yield roster_problem(PEOPLE, row.row, "at", _("“%s”不在您管理的地区里。请照“行政区划”表填写。") % row.at)
    yield from own_problems(roster, register)


def own_problems(roster: Roster, register: Register) -> Iterator[RosterProblem]:
    """Nobody locks themselves out. Where a row of theirs could not be read, what is missing is not yet known."""
    if register.by.username in roster.broken[PEOPLE]:
        return
    for rows in by_person([row for row in roster.people if row.username == register.by.username]):
        step = person_step(rows, register)
        if step.row.closed:
            yield roster_problem(PEOPLE, step.row.row, "closed", _("不能停用您自己的账号。"))
        if any(role == Role.SYSTEM_ADMIN for role, _at in step.lost):
            yield roster_problem(PEOPLE, step.row.row, "role", _("不能撤销您自己的系统管理员岗位。"))


def waiting_rows(roster: Roster, register: Register) -> list[str]:
    """Once for every row of 机构 with a problem, who waits on it: that is not a problem of theirs."""
    found: dict[str, list[str]] = {}
    for unit in roster.units:
        for code in {unit.reported_by, unit.merged_into} - {""}:
            if register.waits(code):
                found.setdefault(code, []).append(f"{UNITS}!{unit.row}")
    for person in roster.people:
        if person.role == Role.REPORTER and register.waits(person.at):
            found.setdefault(person.at, []).append(f"{PEOPLE}!{person.row}")
    return [
        _("“机构”表第 %(row)d 行（%(code)s）改好后再核对：%(rows)s。")
        % {"row": roster.broken[UNITS][code], "code": code, "rows": "、".join(rows)}
        if code in roster.broken[UNITS]
        else _("“机构”表读出后再核对 %(code)s：%(rows)s。") % {"code": code, "rows": "、".join(rows)}
        for code, rows in found.items()
    ]


# --- The register as it stands ----------------------------------------------------------------------------------


def values_of(row: InstitutionRow | PersonRow, columns: tuple[RosterColumn, ...]) -> list[Value]:
    return [value_at(row, column) for column in columns]


def register_rows(by: User) -> tuple[list[list[Value]], list[list[Value]], list[str]]:
    """The units and the people of the administrator's regions, and the names of those regions, for `roster.draw`."""
    paths = administered_paths(by)
    units = Institution.objects.filter(region__in=paths).select_related("reported_by", "merged_into")
    people = with_posts(administered_people(by).filter(memberships__isnull=False).distinct())
    return (
        [values_of(unit_row(unit, paths), UNIT_COLUMNS) for unit in units],
        [values_of(row, PEOPLE_COLUMNS) for person in people for row in person_rows(person, paths)],
        sorted(paths.values()),
    )
