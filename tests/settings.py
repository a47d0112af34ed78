"""The project's settings over servers of the tests' own in var/test-1, so that no test ever touches the demo."""

import atexit
import fcntl
import os
from itertools import count
from pathlib import Path
from typing import IO

VAR = Path(__file__).resolve().parent.parent / "var"


def own_folder() -> tuple[Path, IO[str]]:
    """The first folder that no other test run in this checkout uses; ours as long as its lock is open."""
    VAR.mkdir(exist_ok=True)
    for number in count(1):
        lock = (VAR / f"test-{number}.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
        else:
            return VAR / f"test-{number}", lock
    raise AssertionError


for name in ("DATABASE_URL", "REDIS_URL", "BUSINESS_DATE", "DEBUG", "HASHED_STATIC"):
    os.environ.pop(name, None)
if "TEST_WORKER_DATABASE" not in os.environ:  # a worker shares the folder of the tests that start it
    folder, kept_lock = own_folder()
    atexit.register(kept_lock.close)  # registered first, so done last: the servers in the folder are stopped by then
    os.environ["VAR_DIR"] = str(folder)

from healthplan import embedded
from healthplan.settings import *
from healthplan.settings import DATABASES, STATIC_ROOT

# Tests roll their rows back: autovacuum would note full tables as empty, and a query over the next test's rows is then
# planned for none of them and takes minutes.
embedded.POSTGRES_OPTIONS["autovacuum"] = "off"

# The worker that the tests start works on the database that pytest-django made.
DATABASES["default"]["NAME"] = os.environ.get("TEST_WORKER_DATABASE") or DATABASES["default"]["NAME"]
DATABASES["default"]["CONN_MAX_AGE"] = 0
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ROUTES = ["tests.worker.route"]
