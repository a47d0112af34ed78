"""Coming in, going out, and the way to one's first page."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from institutions import audit, clock
from institutions.actions import logins
from institutions.addresses import page_at
from institutions.enums import Role
from institutions.forms import LoginForm, PasswordForm
from institutions.models import User
from institutions.permissions import Person, roles_of
from institutions.views.unsent import show_unsent, unseal

FIRST_PAGES = {
    Role.REPORTER: "returns",
    Role.REVIEWER: "reviews",
    Role.DIRECTOR: "board",
    Role.SUPERVISOR: "board",
    Role.PLAN_ADMIN: "board",
    Role.SYSTEM_ADMIN: "register",
}


class OnwardMixin(auth.RedirectURLMixin):
    """On to where one wanted, or to the page that belongs to it where that only takes what a form sends."""

    def get_redirect_url(self) -> str:
        wanted = super().get_redirect_url()
        page = page_at(wanted) if wanted else ""
        return "" if urlsplit(page).path == reverse("login") else page


class LoginView(OnwardMixin, auth.LoginView):
    """Whoever was out when a form was sent gets it back here, to send it again."""

    form_class = LoginForm
    template_name = "institutions/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: Any) -> HttpResponse:
        logins.succeeded(form.get_user(), clock.now())
        response = super().form_valid(form)
        unsent = unseal(self.request.POST.get("kept", ""))
        if unsent is None or form.get_user().must_change_password:
            return response
        return show_unsent(self.request, unsent)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept=self.request.POST.get("kept", ""), **kwargs)


class LogoutView(auth.LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if isinstance(request.user, User):
            audit.record("logout", request.user, request.user, clock.now())
        return super().post(request, *args, **kwargs)


class PasswordChangeView(OnwardMixin, auth.PasswordChangeView):
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
