"""Passwords are changed by their person and reset by the bureau. A change of either kind ends every other session:
Django ties a session to the password."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from institutions import audit
from institutions.actions import logins
from institutions.models import FormerPassword, User
from institutions.passwords import encode_invented, invent_password


@transaction.atomic
def change(*, user: User, password: str, now: datetime) -> None:
    """By the person, who has given the old one; the validators have passed the new one."""
    keep_former(user, now)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    audit.record("password.change", user, user, now)


@transaction.atomic
def reset(*, user: User, by: User, now: datetime) -> str:
    """A new random password, to be told once and changed at the next log-in. It unlocks the name as well."""
    keep_former(user, now)
    password = invent_password()
    user.password = encode_invented(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record("password.reset", user, by, now)
    transaction.on_commit(lambda: logins.forget(user.username))
    return password


def keep_former(user: User, now: datetime) -> None:
    """The newest PASSWORD_HISTORY stay."""
    FormerPassword.objects.create(user=user, encoded=user.password, until=now)
    kept = user.former_passwords.values_list("pk", flat=True)[: settings.PASSWORD_HISTORY]
    user.former_passwords.exclude(pk__in=list(kept)).delete()
