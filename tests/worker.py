"""A real Celery worker over the tests' database and Redis.

Tasks of a test that did not ask for the worker go to a queue that nobody reads; otherwise they would run later,
in the middle of another test.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

from healthplan import embedded

READ = "read-by-worker"
UNREAD = "read-by-nobody"
START_SECONDS = 60
IDLE_SECONDS = 60

queue = UNREAD


def route(*_: Any, **__: Any) -> dict[str, str]:
    return {"queue": queue}


@contextmanager
def reading() -> Iterator[None]:
    """Within, tasks reach the worker; at the end it has done them all."""
    global queue
    client().delete(READ, UNREAD)
    queue = READ
    try:
        yield
    finally:
        queue = UNREAD
        wait_until_idle()


def client() -> "redis.Redis[Any]":
    return embedded.redis_client(embedded.server_folders())


def wait_until_idle() -> None:
    """Nothing queued, nothing on its way to the worker, nothing taken and not yet acknowledged."""
    deadline = time.monotonic() + IDLE_SECONDS
    while not is_asking() or client().hlen("unacked"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"The worker is still busy after {IDLE_SECONDS} s: read {log_file()}.")
        time.sleep(0.02)


def is_asking() -> bool:
    """Whether the worker waits at an empty queue. What it was handed and has not yet taken up stands in no list."""
    return any("b" in each["flags"] for each in client().client_list())


def log_file() -> Path:
    return settings.VAR_DIR / "worker.log"


def start(database: str) -> "subprocess.Popen[bytes]":
    client().delete(READ, UNREAD, "unacked", "unacked_index")
    command = [sys.executable, "-m", "celery", "-A", "healthplan", "worker", "--loglevel", "INFO", "-Q", READ]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_WORKER_DATABASE": database}
    with log_file().open("wb") as log:
        process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    wait_until_ready(process)
    return process


def wait_until_ready(process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while " ready." not in log_file().read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"The worker did not start:\n{log_file().read_text(errors='replace')}")
        time.sleep(0.05)


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
