"""Which page an address leads to: never one that only takes what a form sends."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.http import url_has_allowed_host_and_scheme

START = "/"


def page_at(address: str) -> str:
    """The address if it can be opened; else the page above it, with the same choices after the question mark."""
    parts = urlsplit(address)
    for path in paths_upwards(parts.path or START):
        if is_page(path):
            choices = f"?{parts.query}" if parts.query else ""
            return address if path == parts.path else path + choices
    return START


def paths_upwards(path: str) -> Iterator[str]:
    """/a/b/, /a/, /"""
    yield path
    while path := path.rstrip("/"):
        path = path.rpartition("/")[0] + "/"
        yield path


def is_page(path: str) -> bool:
    found = match_of(path) or match_of(f"{path}/")
    return found is not None and "GET" in methods_of(found.func)


def match_of(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def methods_of(view: Callable[..., Any]) -> set[str]:
    """The methods that a view takes: by its class, or as the decorators of `django.views.decorators.http` list them."""
    made_by = getattr(view, "view_class", None) or getattr(view, "cls", None)
    if made_by:
        return {name.upper() for name in made_by.http_method_names if hasattr(made_by, name)}
    allowed = {"GET", "POST"}
    layer: Any = view
    while inspect.isroutine(layer):
        allowed &= set(inspect.getclosurevars(layer).nonlocals.get("request_method_list", allowed))
        layer = getattr(layer, "__wrapped__", None)
    return allowed


def page_before(request: HttpRequest) -> str:
    """Where the person came from; the start where that is unknown or is this very page."""
    before = own_referer(request)
    if before and not (request.method == "GET" and urlsplit(before).path == request.path):
        return page_at(before)
    return START if request.method == "GET" else page_at(request.get_full_path())


def own_referer(request: HttpRequest) -> str:
    """The page of this house that the request was sent from, without its host."""
    referer = request.headers.get("Referer", "")
    if not is_from_here(request, referer):
        return ""
    parts = urlsplit(referer)
    return parts._replace(scheme="", netloc="", fragment="").geturl() or START


def is_from_here(request: HttpRequest, sender: str) -> bool:
    """Whether a browser's Origin or Referer names this host. An Origin of `null` names none."""
    return "//" in sender and is_own_address(request, sender)


def is_own_address(request: HttpRequest, address: str) -> bool:
    try:
        return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    except DisallowedHost:
        return False
