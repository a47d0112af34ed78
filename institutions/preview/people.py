"""The rows of 人员: what becomes of each person and their posts, and what is wrong."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from django.utils.translation import gettext as _

from institutions.enums import Role
from institutions.identity import NOT_PLAIN, is_plain_username
from institutions.models import Membership, User
from institutions.preview.known import Register
from institutions.preview.steps import PersonStep, Post, RegisterChange, change_at, post_text
from institutions.roster import PEOPLE, PEOPLE_COLUMNS, PersonRow, Roster, RosterProblem, roster_problem

PERSONAL = ("display_name", "phone", "email", "closed")


def by_person(rows: list[PersonRow]) -> list[list[PersonRow]]:
    """The rows of each person, people in the order of their first row."""
    first = {row.username: row.row for row in reversed(rows)}
    ordered = sorted(rows, key=lambda row: (first[row.username], row.row))
    return [list(found) for _username, found in groupby(ordered, key=lambda row: row.username)]


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
        change_at(column, was, row)
        for column in PEOPLE_COLUMNS
        if column.name in PERSONAL and getattr(was, column.name) != getattr(row, column.name)
    )
    posts = [RegisterChange(_("岗位"), "", post_text(post)) for post in gained]
    posts += [RegisterChange(_("岗位"), post_text(post), "") for post in lost]
    return PersonStep(row, (*personal, *posts), gained, lost, False, before)


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
