"""A register is uploaded, shown, and confirmed: all of it or nothing.

Between upload and confirmation its rows wait in the cache for KEPT_SECONDS, for their person alone. A confirmation says
which plan was shown; the register is locked, planned again, and changed only if that plan is still the same. Initial
passwords wait as long as SLIPS_SECONDS, so that a button pressed twice does not lose them.
"""

import secrets
from collections.abc import Collection
from datetime import date, datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit, preview
from institutions.actions import members, register
from institutions.enums import Role
from institutions.models import Institution, Region, User
from institutions.passwords import encode_invented, invent_password
from institutions.preview import PersonStep, Post, RegisterPreview
from institutions.queries import administered_places
from institutions.roster import Roster

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


def preview_kept_roster(token: str, by: User, today: date) -> RegisterPreview | None:
    """What the kept rows would do now; None when they are no longer there."""
    rows: Roster | None = cache.get(kept_at(token, by))
    return preview.preview_register(rows, by, today) if rows else None


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
    is why quarters that are over change.
    """
    with transaction.atomic():
        lock_register()
        slips: list[Slip] | None = cache.get(slips_at(token, by))
        if slips is not None:
            return slips
        planned = preview_kept_roster(token, by, now.date())
        if planned is None:
            raise NotConfirmedError(_("这次上传已过期（30 分钟），没有导入。请重新上传。"))
        if planned.problems or planned.fingerprint != seen:
            raise NotConfirmedError(_("核对之后名册有了变动，没有导入。下面是重新核对的结果，请再确认一次。"))
        answer_questions(planned, others, reason)
        slips = apply_preview(planned, by=by, now=now, reason=reason)
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
    if planned.backdated and not reason:
        raise NotConfirmedError(_("没有导入。有机构的日期改变了已结束的季度，请写明原因。"))


def apply_preview(planned: RegisterPreview, *, by: User, now: datetime, reason: str = "") -> list[Slip]:
    regions = administered_places(by)
    register.enter(rows=[step.row for step in planned.units if step.is_new], regions=regions, by=by, now=now)
    for step in planned.units:
        if step.before and step.changes:
            register.revise(unit=step.before, row=step.row, region=regions[step.row.place], by=by, now=now)
    register.refer(rows=[step.row for step in planned.units], by=by, now=now)
    slips = [slip for step in planned.people if (slip := save_person(step, regions, by, now))]
    audit.record("register.import", None, by, now, units=len(planned.units), people=len(planned.people))
    register.tell_backdated({step.row.code: step.quarters for step in planned.backdated}, reason, by, now)
    return slips


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
