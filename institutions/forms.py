"""Logging in, changing one's password, and changing places."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from institutions import clock
from institutions.actions import logins, passwords
from institutions.enums import RegionKind
from institutions.identity import fold_code, without_unseen
from institutions.models import Region, User
from institutions.permissions import Person, administered_regions
from institutions.region_changes import RegionRequest
from institutions.texts import trim


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


class VisibleTextField(forms.CharField):
    """A line of text in which nothing is invisible; what shows nothing is empty."""

    def to_python(self, value: Any) -> str:
        return trim(without_unseen(super().to_python(value) or ""))


class RegionChangeForm(forms.Form):
    """行政区划变更: one region changes from a day on, or several become one."""

    regions = forms.ModelMultipleChoiceField(
        Region.objects.none(),
        label=_("地区"),
        help_text=_("更名、改代码、撤县设区、划归另一上级：选一个。合并：按住 Ctrl 选要合并的各个地区。"),
    )
    goes_on = forms.ModelChoiceField(
        Region.objects.none(),
        required=False,
        label=_("合并后沿用的地区"),
        help_text=_("并入其中一个的，选那一个；合并后是新地区的留空。"),
    )
    name = VisibleTextField(required=False, max_length=60, label=_("新名称"), help_text=_("不变的留空。"))
    code = forms.CharField(required=False, max_length=12, label=_("新区划代码"), help_text=_("不变的留空。"))
    kind = forms.ChoiceField(
        required=False,
        choices=[("", _("不变")), *RegionKind.choices],
        label=_("新类别"),
        help_text=_("撤县设区的选“区”。"),
    )
    parent = forms.ModelChoiceField(
        Region.objects.none(), required=False, label=_("新上级"), help_text=_("不变的留空。")
    )
    on = forms.DateField(
        label=_("生效日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("从这一天起；以前结束的季度不变。更正已登记的变更，填同一天。"),
    )
    document = VisibleTextField(max_length=200, label=_("依据文件"), help_text=_("批复的名称或文号。"))

    def __init__(self, by: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = administered_regions(by).without_end().highest_first()
        for name in ("regions", "goes_on", "parent"):
            self.fields[name].queryset = own  # type: ignore[attr-defined]
        self.fields["regions"].widget.attrs["size"] = 12

    def clean_code(self) -> str:
        return fold_code(self.cleaned_data["code"])

    @property
    def request(self) -> RegionRequest:
        """What is asked for, once the form is valid."""
        return RegionRequest(**{**self.cleaned_data, "regions": tuple(self.cleaned_data["regions"])})
