"""One person at a browser, by plain HTTP: logs in, opens a return, fills it in, hands it in, decides on one."""

import re
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SEEN = re.compile(r'name="seen" value="([^"]*)"')
PATIENCE = 120


class Unreachable(Exception):
    """No answer, or one that says that the server is in trouble: the person does not know what came of it."""


@dataclass
class Person:
    host: str
    port: int
    username: str
    cookies: dict[str, str] = field(default_factory=dict)

    def request(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, where it sends one on to, and the page. Raises Unreachable."""
        connection = HTTPConnection(self.host, self.port, timeout=PATIENCE)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            page = answer.read().decode()
        except (OSError, HTTPException) as error:
            raise Unreachable(str(error)) from error
        finally:
            connection.close()
        if answer.status >= 500:
            raise Unreachable(f"{answer.status} {path}")
        self.keep_cookies(answer)
        return answer.status, answer.getheader("Location") or "", page

    def keep_cookies(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}

    def log_in(self, password: str) -> None:
        _status, _to, page = self.request("GET", "/login/")
        fields = {"csrfmiddlewaretoken": token(page), "username": self.username, "password": password}
        status, to, page = self.request("POST", "/login/", fields)
        if status != 302:
            raise AssertionError(f"{self.username} could not log in: {status} {to}")

    def hand_in(self, submission_id: int, typed: dict[str, str]) -> bool:
        """Open, fill and hand in at one go; whether it was accepted, or stood handed in already."""
        path = f"/returns/{submission_id}/"
        _status, _to, page = self.request("GET", path)
        if not SEEN.search(page):
            return True
        status, _to, _page = self.request("POST", path, self.form(page, typed))
        return status == 302

    def form(self, page: str, typed: dict[str, str]) -> dict[str, str]:
        found = SEEN.search(page)
        seen = found.group(1) if found else ""
        return typed | {"csrfmiddlewaretoken": token(page), "seen": seen, "submit": "1"}

    def approve(self, submission_id: int) -> bool:
        path = f"/reviews/{submission_id}/"
        _status, _to, page = self.request("GET", path)
        if 'name="approve"' not in page:
            return False
        status, _to, _page = self.request("POST", path, {"csrfmiddlewaretoken": token(page), "approve": "1"})
        return status == 302


def token(page: str) -> str:
    found = TOKEN.search(page)
    if not found:
        raise Unreachable("a page without its token")
    return found.group(1)


def log_in_patiently(person: Person, password: str, until: float) -> None:
    while True:
        try:
            return person.log_in(password)
        except Unreachable:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
