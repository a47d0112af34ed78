"""What a form sent and nobody took, because the log-in was over or renewed: kept in the page, to be sent again."""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from institutions.addresses import page_before
from institutions.forms import LoginForm

SALT = "unsent form"
TOKEN = "csrfmiddlewaretoken"
MOST_BYTES = 1_000_000  # signed, and sent once more beside the password, it stays below what one request may hold


@dataclass(frozen=True, slots=True)
class UnsentForm:
    """Where to send it, its fields, how many files it had (those have to be chosen anew), and the page it stood on."""

    to: str
    fields: list[tuple[str, str]]
    files: int
    back: str

    @classmethod
    def of(cls, request: HttpRequest) -> "UnsentForm":
        pairs = [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN]
        return cls(request.get_full_path(), pairs, len(request.FILES), page_before(request))

    @property
    def is_kept(self) -> bool:
        """Not what holds a password, nor what is too much; and a form without any field is as quickly opened anew."""
        size = sum(len(name.encode()) + len(value.encode()) for name, value in self.fields)
        return bool(self.fields) and size <= MOST_BYTES and not any("password" in name for name, _ in self.fields)

    def sealed(self) -> str:
        return signing.dumps(asdict(self), salt=SALT, compress=True) if self.is_kept else ""


def unseal(sealed: str) -> UnsentForm | None:
    """None for what we didn't seal, or long ago."""
    try:
        read: dict[str, Any] = signing.loads(sealed, salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return UnsentForm(**read)


def show_session_ended(request: HttpRequest) -> HttpResponse:
    """The log-in, with what was sent kept in it."""
    unsent = UnsentForm.of(request)
    context = {"unsent": unsent, "kept": unsent.sealed(), "next": unsent.back, "form": LoginForm(request)}
    return unkept(render(request, "institutions/session_ended.html", context, status=403))


def show_unsent(request: HttpRequest, unsent: UnsentForm, status: int = 200) -> HttpResponse:
    """Logged in: what was sent before can be sent again, or left."""
    return unkept(render(request, "institutions/unsent.html", {"unsent": unsent}, status=status))


def unkept(response: HttpResponse) -> HttpResponse:
    """Nothing between keeps the page: it holds what somebody typed."""
    add_never_cache_headers(response)
    return response
