"""The pages for what could not be done: what happened, that nothing changed, and the way back."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from institutions.addresses import is_from_here, is_own_address, page_at, page_before
from institutions.views.unsent import UnsentForm, show_session_ended, show_unsent

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
STYLES = ("css/tokens.css", "css/base.css", "css/components.css")


def show_error(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return render(request, template, {"back": page_before(request)}, status=status)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_MUCH):
        return show_error(request, "413.html", 413)
    return show_error(request, "400.html", 400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, "403.html", 403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, "404.html", 404)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither the database nor the session: these may be what failed."""
    context: dict[str, Any] = {"back": page_before(request), "styles": stylesheets()}
    return HttpResponse(render_to_string("500.html", context), status=500)


def stylesheets() -> list[str]:
    """None where the collected files themselves are what is missing."""
    try:
        return [static(name) for name in STYLES]
    except ValueError:
        return []


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    response = show_error(request, "405.html", 405)
    response["Allow"] = allowed
    return response


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer holds: a page opened before one logged in anew. Never done, but kept to be sent
    again; unless it came from another site, or one without a name."""
    if request.path == reverse("login"):
        return log_in_again(request, reason)
    if not is_sent_from_here(request):
        return show_error(request, "403_csrf.html", 403)
    if not request.user.is_authenticated:
        return show_session_ended(request)
    return show_unsent(request, UnsentForm.of(request), status=403)


def log_in_again(request: HttpRequest, reason: str) -> HttpResponse:
    """Whoever logged in in another window is in; all others see the log-in anew."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    page = page_at(wanted) if is_own_address(request, wanted) else ""
    if request.user.is_authenticated:
        messages.info(request, _("您已在另一个窗口登录为%(user)s。") % {"user": request.user})
        return redirect(page or "home")
    if reason == REASON_NO_CSRF_COOKIE:
        return show_error(request, "403_csrf.html", 403)
    messages.info(request, _("登录页打开之后，又在另一个窗口登录过，这一页已失效。请再登录一次。"))
    return redirect(f"{reverse('login')}?{urlencode({'next': page})}" if page else "login")


def is_sent_from_here(request: HttpRequest) -> bool:
    """By what the browser itself says; without that, no."""
    return is_from_here(request, request.headers.get("Origin") or request.headers.get("Referer", ""))
