"""What a password must be, and new ones. History is kept by `institutions.actions.passwords`."""

import secrets
import string
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, get_hasher, make_password
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from institutions.models import User

# Without what is mixed up on paper: 0 O o, 1 l I.
LOWER, UPPER, DIGITS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
CLASSES_NEEDED = 3
GROUPS, GROUP_LENGTH = 3, 4
QUICK_ITERATIONS = 1000


class LengthValidator(MinimumLengthValidator):
    """Django's own says it in English to a Chinese reader."""

    def get_error_message(self) -> str:
        return _("密码太短，至少要 %(count)d 个字符。") % {"count": self.min_length}


class ThreeClassesValidator:
    """Three of four: lower case, upper case, digits, other signs."""

    def validate(self, password: str, user: Any = None) -> None:
        if count_classes(password) < CLASSES_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("密码须含大写字母、小写字母、数字、其他符号四类中的三类。")


class HistoryValidator:
    """Not among the last PASSWORD_HISTORY, of which the present one is the first."""

    def validate(self, password: str, user: Any = None) -> None:
        if isinstance(user, User) and any(check_password(password, encoded) for encoded in last_ones(user)):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def get_help_text(self) -> str:
        return _("不能使用最近 %(count)d 次用过的密码。") % {"count": settings.PASSWORD_HISTORY}


def count_classes(password: str) -> int:
    known = string.ascii_lowercase + string.ascii_uppercase + string.digits
    return sum(
        [
            any(sign in string.ascii_lowercase for sign in password),
            any(sign in string.ascii_uppercase for sign in password),
            any(sign in string.digits for sign in password),
            any(sign not in known for sign in password),
        ]
    )


def last_ones(user: User) -> list[str]:
    """Encoded, the newest first."""
    if user.pk is None or not settings.PASSWORD_HISTORY:
        return []
    former = user.former_passwords.values_list("encoded", flat=True)[: settings.PASSWORD_HISTORY - 1]
    return [user.password, *former]


def invent_password() -> str:
    """A random password that can be read out and typed: Kfm7-Qp3x-Wn5a. About 60 bits."""
    while True:
        groups = [
            "".join(secrets.choice(LOWER + UPPER + DIGITS) for _sign in range(GROUP_LENGTH)) for _group in range(GROUPS)
        ]
        password = "-".join(groups)
        if count_classes(password) == CLASSES_NEEDED + 1:
            return password


def encode_invented(password: str) -> str:
    """For hundreds of new accounts in one request: what is random needs no slow hash; the first log-in gives it one."""
    hasher = get_hasher()
    if isinstance(hasher, PBKDF2PasswordHasher):
        return hasher.encode(password, hasher.salt(), QUICK_ITERATIONS)
    return make_password(password)
