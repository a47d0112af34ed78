"""People: accounts, and what each may do where."""

from datetime import datetime

from django.db import transaction

from institutions import audit
from institutions.enums import Role
from institutions.models import Institution, Membership, Region, User


@transaction.atomic
def add(
    *,
    username: str,
    display_name: str,
    phone: str,
    encoded_password: str,
    by: User | None,
    now: datetime,
    email: str = "",
    must_change_password: bool = False,
) -> User:
    """Open an account; it may nothing until it is appointed. The password comes as `make_password` gives it."""
    user = User.objects.create(
        username=username,
        display_name=display_name,
        phone=phone,
        email=email,
        password=encoded_password,
        must_change_password=must_change_password,
        date_joined=now,
    )
    audit.record("member.add", user, by, now, username=username)
    return user


@transaction.atomic
def appoint(*, user: User, role: Role, at: Region | Institution, by: User | None, now: datetime) -> Membership:
    """Give the person a role at a place; once more changes nothing."""
    place = {"institution": at} if isinstance(at, Institution) else {"region": at}
    membership, is_new = Membership.objects.get_or_create(user=user, role=role, **place)
    if is_new:
        audit.record("member.appoint", user, by, now, role=role, at=str(at))
        keep_staff_mark(user)
    return membership


@transaction.atomic
def dismiss(*, membership: Membership, by: User | None, now: datetime) -> None:
    user = membership.user
    audit.record(
        "member.dismiss", user, by, now, role=membership.role, at=str(membership.institution or membership.region)
    )
    membership.delete()
    keep_staff_mark(user)


@transaction.atomic
def revise(*, user: User, display_name: str, phone: str, email: str, by: User, now: datetime) -> None:
    user.display_name, user.phone, user.email = display_name, phone, email
    user.save(update_fields=["display_name", "phone", "email"])
    audit.record("member.revise", user, by, now, display_name=display_name, phone=phone, email=email)


@transaction.atomic
def close(*, user: User, by: User, now: datetime) -> None:
    """The account can no longer be used, from the next request on; what was done with it stays."""
    user.is_active = False
    user.save(update_fields=["is_active"])
    audit.record("member.close", user, by, now)


@transaction.atomic
def reopen(*, user: User, by: User, now: datetime) -> None:
    user.is_active = True
    user.save(update_fields=["is_active"])
    audit.record("member.reopen", user, by, now)


def keep_staff_mark(user: User) -> None:
    """The administration pages are open to system administrators, and to no other role."""
    user.is_staff = user.is_superuser or user.memberships.filter(role=Role.SYSTEM_ADMIN).exists()
    user.save(update_fields=["is_staff"])
