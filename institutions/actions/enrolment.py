"""A register is uploaded, shown, and confirmed: all of it or nothing.

Between upload and confirmation its rows wait in the cache for KEPT_SECONDS, for their person alone. A confirmation says
which plan was shown; the register is locked, planned again, and changed only if that plan is still the same. Initial
passwords wait as long as SLIPS_SECONDS, so that a button pressed twice does not lose them.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit, preview
from institutions.actions import members, register, reporting
from institutions.clock import SHANGHAI
from institutions.effects import Effect, EffectTopic, watch
from institutions.enums import Role
from institutions.models import Institution, Region, User
from institutions.passwords import encode_invented, invent_password
from institutions.preview import PersonStep, Post, RegisterPreview
from institutions.queries import administered_places
from institutions.register_effects import KnownLine, line_effects, lines_around, people_effects
from institutions.roster import Roster
from institutions.texts import trim

KEPT_SECONDS = 30 * 60
SLIPS_SECONDS = 5 * 60

Slip = tuple[str, str, str]  # username, name, initial password


class NotConfirmedError(Exception):
    """Nothing was changed. `str(error)` is the sentence for the person."""


# --- The rows in waiting ----------------------------------------------------------------------------------------


def keep_roster(rows: Roster, by: User) -> str:
    """The name under which the same person finds the upload again."""
    token = secrets.token_urlsafe(16)
    cache.set(kept_at(token, by), rows, KEPT_SECONDS)
    return token


def preview_kept_roster(token: str, by: User, now: datetime) -> RegisterPreview | None:
    """What the kept rows would do now, with what follows from it; None when they are no longer there."""
    rows: Roster | None = cache.get(kept_at(token, by))
    return rehearse(preview.preview_register(rows, by, now.astimezone(SHANGHAI).date()), by, now) if rows else None


def rehearse(planned: RegisterPreview, by: User, now: datetime) -> RegisterPreview:
    """The plan with its effects, found by doing it and taking all of it back."""
    if planned.problems or not planned.events:
        return planned
    with transaction.atomic():
        lock_register()
        regions = administered_places(by)
        effects = compare_register(planned, lambda: apply_units(planned, regions, by, now), now)
        transaction.set_rollback(True)
    return replace(planned, effects=effects)


def compare_register(planned: RegisterPreview, apply: Callable[[], None], now: datetime) -> list[Effect]:
    """What becomes of lines and people; and what the watcher of the register finds."""
    codes = {event.code for event in planned.events}
    before: list[KnownLine] = []
    after: list[KnownLine] = []

    def apply_between() -> None:
        before.extend(lines_around(codes))
        apply()
        after.extend(lines_around(codes))

    watched = watch.watcher.compare(planned.events, apply_between, now)
    found = [*line_effects(before, after), *people_effects(planned.events), *watched]
    return sorted(found, key=lambda effect: list(EffectTopic).index(effect.topic))


def kept_at(token: str, by: User) -> str:
    return f"register:{by.pk}:{token}"


def slips_at(token: str, by: User) -> str:
    return f"register:{by.pk}:{token}:slips"


# --- Confirming -------------------------------------------------------------------------------------------------


def confirm(
    token: str, *, seen: str, by: User, now: datetime, others: Collection[str] = (), reason: str = ""
) -> list[Slip]:
    """Do what the plan with the fingerprint `seen` showed. The initial passwords of the new accounts.

    `others` are codes of new units of which the person said that they are not the known one of the same name; `reason`
    is why quarters change that are over.
    """
    with transaction.atomic():
        lock_register()
        slips: list[Slip] | None = cache.get(slips_at(token, by))
        if slips is not None:
            return slips
        planned = preview_kept_roster(token, by, now)
        if planned is None:
            raise NotConfirmedError(_("这次上传已过期（30 分钟），没有导入。请重新上传。"))
        if planned.problems or planned.fingerprint != seen:
            raise NotConfirmedError(_("核对之后名册有了变动，没有导入。下面是重新核对的结果，请再确认一次。"))
        reason = trim(reason)
        answer_questions(planned, others, reason)
        slips = apply_preview(planned, reason=reason, by=by, now=now)
        cache.set(slips_at(token, by), slips, SLIPS_SECONDS)
    cache.delete(kept_at(token, by))
    return slips


def lock_register() -> None:
    """One confirmation at a time."""
    # The roots of the tree stand for the whole register. no_key: what refers to them goes on being saved meanwhile.
    list(Region.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk"))


def answer_questions(planned: RegisterPreview, others: Collection[str], reason: str) -> None:
    if asked := [step for step in planned.twins if step.key not in others]:
        raise NotConfirmedError(
            _("没有导入。与已有机构同名同地的，请逐家确认是另一家：%s。") % "、".join(step.name for step in asked)
        )
    if planned.needs_reason and not reason:
        raise NotConfirmedError(_("没有导入。这次变动会改变已结束季度的结果，请写明原因后再确认。"))


def apply_preview(planned: RegisterPreview, *, reason: str, by: User, now: datetime) -> list[Slip]:
    regions = administered_places(by)
    apply_units(planned, regions, by, now)
    watch.watcher.settle(planned.events, now)
    register.tell_backdated({step.row.code: step.quarters for step in planned.backdated}, reason, by, now)
    slips = [slip for step in planned.people if (slip := save_person(step, regions, by, now))]
    detail = {"units": len(planned.units), "people": len(planned.people)} | ({"reason": reason} if reason else {})
    audit.record("register.import", None, by, now, **detail)
    return slips


def apply_units(planned: RegisterPreview, regions: Mapping[str, Region], by: User, now: datetime) -> None:
    """Units first, then what they say of each other: what closes hands its lines on once it is known to whom."""
    register.enter(rows=[step.row for step in planned.units if step.is_new], regions=regions, by=by, now=now)
    for step in planned.units:
        if step.before and step.changes:
            register.revise(unit=step.before, row=step.row, region=regions[step.row.place], by=by, now=now)
    for step in planned.units:
        if step.before and step.before.closed and step.closing_changes:
            reporting.take_back_lines(reopened=step.before, was_closed=step.before.closed, by=by, now=now)
    register.refer(
        rows=[step.row for step in planned.units],
        new={step.key for step in planned.units if step.is_new},
        days={step.key: step.handed_over_on for step in planned.units if step.handed_over_on},
        by=by,
        now=now,
    )
    closing = Institution.objects.select_related("merged_into__reported_by")
    codes = [step.key for step in planned.units if step.row.closed and step.closing_changes]
    for code in list(closing.filter(code__in=codes).order_by("closed", "code").values_list("code", flat=True)):
        unit = closing.get(code=code)  # as the closings before it left the units that it names
        reporting.hand_over_lines(closed=unit, by=by, now=now)


def save_person(step: PersonStep, regions: dict[str, Region], by: User, now: datetime) -> Slip | None:
    """A new or changed account with its posts; the slip of a new one."""
    slip = None
    user = step.before
    if user is None:
        user, slip = open_account(step, by, now)
    else:
        revise_person(user, step, by, now)
    for role, at in step.gained:
        members.appoint(user=user, role=Role(role), at=place_of_post((role, at), regions), by=by, now=now)
    for role, at in step.lost:
        here = place_of_post((role, at), regions)
        held = {"institution": here} if isinstance(here, Institution) else {"region": here}
        members.dismiss(membership=user.memberships.get(role=role, **held), by=by, now=now)
    return slip


def open_account(step: PersonStep, by: User, now: datetime) -> tuple[User, Slip]:
    row, password = step.row, invent_password()
    user = members.add(
        username=row.username,
        display_name=row.display_name,
        phone=row.phone,
        email=row.email,
        encoded_password=encode_invented(password),
        must_change_password=True,
        by=by,
        now=now,
    )
    if row.closed:
        members.close(user=user, by=by, now=now)
    return user, (row.username, row.display_name, password)


def revise_person(user: User, step: PersonStep, by: User, now: datetime) -> None:
    row = step.row
    if (user.display_name, user.phone, user.email) != (row.display_name, row.phone, row.email):
        members.revise(user=user, display_name=row.display_name, phone=row.phone, email=row.email, by=by, now=now)
    if user.is_active == row.closed:
        (members.close if row.closed else members.reopen)(user=user, by=by, now=now)


def place_of_post(post: Post, regions: dict[str, Region]) -> Institution | Region:
    role, at = post
    return Institution.objects.get(code=at) if role == Role.REPORTER else regions[at]
