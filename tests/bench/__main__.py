"""`make bench`: from an approval to the changed cell through the real worker, and the pages a director opens.

Works on a demo of its own in var/bench, loaded afresh, so that every run starts the same. Prints a table; the ratios
stand beside the figures, because the figures alone depend on the machine.
"""

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from healthplan import embedded

ROOT = Path(__file__).resolve().parents[2]
VAR = embedded.var_dir()
APPROVALS = 20
PATIENCE = 30.0


def milliseconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return (time.perf_counter() - began) * 1000


@contextmanager
def worker() -> Iterator[None]:
    command = [sys.executable, "-m", "healthplan.run", "worker"]
    with (VAR / "worker.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        while " ready." not in (VAR / "worker.log").read_text(errors="replace"):
            if process.poll() is not None:
                raise SystemExit(f"the worker did not start: {VAR / 'worker.log'}")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    if VAR.name != "bench":
        raise SystemExit("run it by make bench: it deletes the data of the folder that VAR_DIR names")
    shutil.rmtree(VAR, ignore_errors=True)
    VAR.mkdir(parents=True)
    embedded.hold()
    django.setup()
    from django.core.management import call_command

    from tests.bench import demo

    call_command("migrate", verbosity=0)
    load = milliseconds(lambda: call_command("load_demo")) / 1000
    print(f"\ndemo loaded in {load:.0f} s\n")
    with worker():
        approve, cell = demo.approvals(APPROVALS, PATIENCE)
    table("approval (county's results written)", approve, approve)
    table("approval to the city's cell", cell, approve)
    base = None
    for name, queries, took in demo.pages():
        base = base or took
        print(
            f"{name:<38} {queries:>4} queries  median {statistics.median(took):6.0f} ms  "
            f"ratio {statistics.median(took) / statistics.median(base):5.2f}"
        )


def table(name: str, figures: list[float], base: list[float]) -> None:
    ratio = statistics.median(figures) / statistics.median(base)
    print(
        f"{name:<38} {len(figures):>4} times    median {statistics.median(figures):6.0f} ms  "
        f"worst {max(figures):6.0f} ms  ratio {ratio:5.2f}"
    )


if __name__ == "__main__":
    main()
