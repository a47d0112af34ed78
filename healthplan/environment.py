"""Reads settings from the environment. An odd value is refused with a sentence that says what to do."""

import os
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

YES = {"1", "true", "yes", "on"}
NO = {"0", "false", "no", "off"}


def refuse(name: str, advice: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name}={os.environ.get(name, '')!r} is not usable: {advice}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def switch(name: str, default: bool) -> bool:
    word = text(name).lower()
    if not word:
        return default
    if word not in YES | NO:
        raise refuse(name, "set it to 1 or 0.")
    return word in YES


def whole(name: str, default: int, least: int, most: int) -> int:
    word = text(name)
    if not word:
        return default
    if not word.isascii() or not word.isdigit() or not least <= int(word) <= most:
        raise refuse(name, f"set it to a whole number from {least} to {most}.")
    return int(word)


def wholes(name: str, default: list[int]) -> list[int]:
    """Whole numbers with commas between them."""
    found = words(name, [str(number) for number in default])
    if not all(word.isascii() and word.isdigit() for word in found):
        raise refuse(name, "set it to whole numbers with commas between them, such as 7,2.")
    return [int(word) for word in found]


def day(name: str, default: date | None) -> date | None:
    """Unset gives the default; set to nothing gives None."""
    if name not in os.environ:
        return default
    word = text(name)
    try:
        return date.fromisoformat(word) if word else None
    except ValueError:
        raise refuse(name, "set it to a date such as 2024-04-10, or to nothing for today.") from None


def words(name: str, default: list[str]) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()] or default


def database(name: str) -> dict[str, Any]:
    """A Django database from postgresql://user:password@host:port/name?sslmode=require."""
    url = urlsplit(text(name))
    options = dict(parse_qsl(url.query))
    if url.scheme not in ("postgres", "postgresql") or not url.path.strip("/"):
        raise refuse(name, "set it to postgresql://user:password@host:5432/name.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", unquote(url.hostname or "")),
        "PORT": str(url.port or ""),
        "OPTIONS": options,
    }


@dataclass(frozen=True)
class Redis:
    """One Redis, two numbered databases: emptying the cache must not empty the queue."""

    broker: str
    cache: str


def redis(name: str) -> Redis:
    """From redis://host:6379/0: the queue in the database named, the cache in the one after it."""
    url = urlsplit(text(name))
    number = url.path.strip("/") or "0"
    if url.scheme not in ("redis", "rediss") or not url.hostname or not number.isdigit():
        raise refuse(name, "set it to redis://host:6379/0.")
    return Redis(
        broker=url._replace(path=f"/{number}").geturl(),
        cache=url._replace(path=f"/{int(number) + 1}").geturl(),
    )


@dataclass(frozen=True)
class Mail:
    """A mail server. ssl: encrypted from the start; starttls: on request."""

    host: str
    port: int
    user: str
    password: str
    ssl: bool
    starttls: bool


def mail(name: str) -> Mail | None:
    """From smtp://user:password@host:25, smtps://host:465 or smtp://host:587?starttls=1; None where not set."""
    if not text(name):
        return None
    url = urlsplit(text(name))
    if url.scheme not in ("smtp", "smtps") or not url.hostname:
        raise refuse(name, "set it to smtp://user:password@host:25.")
    return Mail(
        host=url.hostname,
        port=url.port or (465 if url.scheme == "smtps" else 25),
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        ssl=url.scheme == "smtps",
        starttls=dict(parse_qsl(url.query)).get("starttls", "").lower() in YES,
    )
