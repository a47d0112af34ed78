"""Logging in and changing one's password."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from institutions import clock
from institutions.actions import logins, passwords
from institutions.models import User


class LoginForm(AuthenticationForm):
    """Says the same of an unknown name, a wrong password and a closed account."""

    error_messages = {
        "invalid_login": _("用户名或密码不正确。连续输错 %(failures)d 次将锁定 %(minutes)d 分钟。"),
        "locked": _("连续输错次数过多，该用户名已锁定，请 %(minutes)d 分钟后再试，或联系系统管理员。"),
    }

    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return self.cleaned_data
        if not logins.attempt(username):
            raise self.problem("locked")
        try:
            return super().clean()
        except ValidationError:
            logins.failed(username, clock.now())
            raise

    def confirm_login_allowed(self, user: Any) -> None:
        if not user.is_active:
            raise self.get_invalid_login_error()

    def get_invalid_login_error(self) -> ValidationError:
        return self.problem("invalid_login")

    def problem(self, code: str) -> ValidationError:
        limits = {"failures": settings.LOGIN_FAILURES, "minutes": settings.LOGIN_LOCK_MINUTES}
        return ValidationError(self.error_messages[code], code=code, params=limits)


class PasswordForm(PasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        passwords.change(user=self.user, password=self.cleaned_data["new_password1"], now=clock.now())
        return self.user
