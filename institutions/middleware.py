"""Around every page: a password that must be changed is changed first, an administrator's idle session ends, and what
was sent in vain is answered by a page of our own."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from institutions import clock
from institutions.addresses import match_of
from institutions.views.errors import method_not_allowed
from institutions.views.unsent import show_session_ended

Answer = Callable[[HttpRequest], HttpResponse]
LEADING_ON = {"logout", "login", "set_language"}  # these redirect by themselves
OPEN_PAGES = LEADING_ON | {"password_change"}
SEEN = "seen_at"


class SentInVainMiddleware:
    """A form sent when the log-in was over is not thrown away for the log-in page, and an address that doesn't take
    the method answers in words."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed):
            return method_not_allowed(request, response["Allow"])
        return show_session_ended(request) if was_sent_to_login(request, response) else response


def was_sent_to_login(request: HttpRequest, response: HttpResponse) -> bool:
    if request.method != "POST" or response.status_code != 302:
        return False
    page = match_of(request.path)
    if page is not None and page.url_name in LEADING_ON:
        return False
    return response["Location"].startswith(f"{reverse('login')}?")


class PasswordFirstMiddleware:
    """Whoever must change the password reaches nothing else, and goes on from there to where they wanted."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        page = request.resolver_match.url_name if request.resolver_match else None
        if page in OPEN_PAGES or not getattr(request.user, "must_change_password", False):
            return None
        wanted = request.get_full_path() if request.method == "GET" else ""
        address = reverse("password_change")
        return redirect(f"{address}?{urlencode({'next': wanted})}" if wanted else address)


class IdleAdministratorMiddleware:
    """Administrators are out after ADMIN_IDLE_MINUTES; all others when their session ends."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not getattr(request.user, "is_staff", False):
            return self.get_response(request)
        now = clock.now().timestamp()
        if now - request.session.get(SEEN, now) > settings.ADMIN_IDLE_MINUTES * 60:
            logout(request)
            told = _("超过 %(minutes)d 分钟没有操作，已自动退出。请重新登录。") % {
                "minutes": settings.ADMIN_IDLE_MINUTES
            }
            messages.info(request, told)
            return redirect_to_login(request.get_full_path() if request.method == "GET" else reverse("home"))
        request.session[SEEN] = now
        return self.get_response(request)
