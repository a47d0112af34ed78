"""Logging in is counted: after so many failures the name is locked for some minutes, known or not.

Each attempt takes its number before the password is looked at, so that attempts at the same time
cannot slip past the limit. Limits are the settings LOGIN_FAILURES and LOGIN_LOCK_MINUTES.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.cache import cache

from institutions import audit
from institutions.identity import fold_username
from institutions.models import User


def attempt(username: str) -> bool:
    """Take the number of this attempt; whether the password may still be tried."""
    key, seconds = key_of(username), settings.LOGIN_LOCK_MINUTES * 60
    cache.add(key, 0, timeout=seconds)
    number = cache.incr(key)
    if number == settings.LOGIN_FAILURES:
        cache.touch(key, timeout=seconds)
    return number <= settings.LOGIN_FAILURES


def failed(username: str, now: datetime) -> None:
    """Keep the failure of a person we know; a name that is nobody's may be a password typed in the wrong field."""
    user = User.objects.filter(username=username).first()
    if user:
        audit.record("login.fail", user, None, now, locked=is_locked(username))


def succeeded(user: User, now: datetime) -> None:
    forget(user.username)
    audit.record("login", user, user, now)


def unlock(*, user: User, by: User, now: datetime) -> None:
    forget(user.username)
    audit.record("login.unlock", user, by, now)


def forget(username: str) -> None:
    """The failures of the name."""
    cache.delete(key_of(username))


def is_locked(username: str) -> bool:
    return username in locked_among([username])


def locked_among(usernames: Iterable[str]) -> set[str]:
    keys = {username: key_of(username) for username in usernames}
    failures = cache.get_many(keys.values())
    return {username for username, key in keys.items() if failures.get(key, 0) >= settings.LOGIN_FAILURES}


def key_of(username: str) -> str:
    return f"login:{hashlib.sha256(fold_username(username).encode()).hexdigest()}"
