"""The rows of 机构: what becomes of each unit, and what is wrong."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from institutions.enums import InstitutionKind
from institutions.identity import fold_name
from institutions.models import Institution
from institutions.preview.known import Register, settle_row
from institutions.preview.steps import UnitStep, change_at
from institutions.quarters import quarters_changed
from institutions.roster import (
    UNIT_COLUMNS,
    UNITS,
    InstitutionRow,
    Roster,
    RosterProblem,
    roster_problem,
)

IN_TOWNSHIPS = (
    InstitutionKind.TOWNSHIP_HOSPITAL,
    InstitutionKind.COMMUNITY_CENTRE,
    InstitutionKind.COMMUNITY_STATION,
    InstitutionKind.VILLAGE_CLINIC,
)


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
        change_at(column, was, row)
        for column in UNIT_COLUMNS
        if getattr(was, column.name) != getattr(row, column.name) and (moves or goes or column.name != "moved_on")
    )
    to = register.regions.get(row.place) if moves else None
    on = register.day_of_hand_over(row) if goes else None
    return UnitStep(row, changes, False, before, "", quarters, remark, to.pk if to else None, on)


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
