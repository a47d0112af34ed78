"""Real PostgreSQL, real Redis, a real worker and a real browser for the tests that ask for them."""

import base64
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from healthplan import embedded
from tests import live, worker

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

BROWSER_SECONDS = 60  # a bound for what hangs: on a busy machine a page may take long, and is right all the same

# Playwright keeps an event loop in the main thread, where Django would refuse the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Hypothesis fails what takes long, by default; on a busy machine anything may.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    if not config.option.collectonly:
        embedded.hold()


@pytest.fixture(scope="session")
def worker_of_this_session(django_db_setup: None, django_db_blocker: Any) -> Iterator["subprocess.Popen[bytes]"]:
    from django.db import connection

    process = worker.start(str(connection.settings_dict["NAME"]))
    yield process
    worker.stop(process)


@pytest.fixture
def celery_worker_process(
    transactional_db: None, worker_of_this_session: "subprocess.Popen[bytes]"
) -> Iterator["subprocess.Popen[bytes]"]:
    """Tasks of this test are done by a real worker, over committed data; it is idle again when the test ends."""
    with worker.reading():
        yield worker_of_this_session


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=BROWSER_SECONDS * 1000)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


@pytest.fixture
def live_server(request: pytest.FixtureRequest, transactional_db: None, browser: Browser) -> Iterator[LiveServer]:
    """pytest-django's, but one for each test, over before the database is emptied.

    At its end every page still open in the browser is closed, then the requests drain. It takes the database and the
    worker first, so that these end after it: the worker with the tasks that the requests gave, the database emptied.
    """
    if "celery_worker_process" in request.fixturenames:
        request.getfixturevalue("celery_worker_process")
    server = live.start()
    yield server
    for each in browser.contexts:
        each.close()
    live.stop(server)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context(
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1366, "height": 768},
        accept_downloads=True,
    )
    fresh.set_default_timeout(BROWSER_SECONDS * 1000)
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when a script on it fails."""
    errors: list[str] = []
    fresh = context.new_page()
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    yield fresh
    assert errors == []


@pytest.fixture
def queued() -> Iterator[Callable[[], list[tuple[str, list[Any]]]]]:
    """What waits for the worker: the names of tasks with their arguments."""
    worker.client().delete(worker.UNREAD)

    def read() -> list[tuple[str, list[Any]]]:
        messages = [json.loads(each) for each in worker.client().lrange(worker.UNREAD, 0, -1)]
        return [(each["headers"]["task"], json.loads(base64.b64decode(each["body"]))[0]) for each in reversed(messages)]

    yield read
    worker.client().delete(worker.UNREAD)
