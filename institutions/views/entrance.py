"""Coming in, going out, and the way to one's first page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from institutions import audit, clock
from institutions.actions import logins
from institutions.enums import Role
from institutions.forms import LoginForm, PasswordForm
from institutions.models import User
from institutions.permissions import Person, roles_of

FIRST_PAGES = {
    Role.REPORTER: "returns",
    Role.REVIEWER: "reviews",
    Role.DIRECTOR: "board",
    Role.SUPERVISOR: "board",
    Role.PLAN_ADMIN: "board",
    Role.SYSTEM_ADMIN: "register",
}


class LoginView(auth.LoginView):
    form_class = LoginForm
    template_name = "institutions/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        logins.succeeded(form.get_user(), clock.now())
        return super().form_valid(form)


class LogoutView(auth.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User):
            audit.record("logout", request.user, request.user, clock.now())
        return super().post(request, *args, **kwargs)


class PasswordChangeView(auth.RedirectURLMixin, auth.PasswordChangeView):
    """Afterwards one goes on to where one wanted, or home."""

    form_class = PasswordForm
    template_name = "institutions/password_change.html"
    next_page = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)

    def form_valid(self, form: BaseForm) -> HttpResponse:
        response = super().form_valid(form)
        messages.success(self.request, _("密码已修改。"))
        return response


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Each to the page of their first role."""
    page = first_page(request.user)
    return redirect(page) if page else render(request, "institutions/no_role.html")


def first_page(user: Person) -> str | None:
    roles = roles_of(user)
    return next((page for role, page in FIRST_PAGES.items() if role in roles), None)
