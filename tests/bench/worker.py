"""The product's own worker, as `make run` starts it; it ends with the measurement, even when that is killed."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from healthplan import embedded
from healthplan.run import SUPERVISED

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def worker() -> Iterator[None]:
    record = embedded.var_dir() / "worker.log"
    command = [sys.executable, "-m", "healthplan.run", "worker"]
    with record.open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, SUPERVISED: "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while " ready." not in record.read_text(errors="replace"):
            if process.poll() is not None:
                raise SystemExit(f"the worker did not start: {record}")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()
