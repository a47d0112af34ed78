"""`make bench`: how fast the engine is at four sizes of place, or (`demo`) how fast the demo's pages are.

    python -m tests.bench county|city|province|country
    python -m tests.bench eight --size city --rounds 1000
    python -m tests.bench demo

Each size has a database of its own in var/bench, made once and used again. Every measure runs in a process of its own.
"""

import argparse
import os
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = ROOT / "var" / "bench"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("what", choices=["county", "city", "province", "country", "eight", "demo"])
    parser.add_argument("--size", default="city", choices=["county", "city", "province", "country"])
    parser.add_argument("--rounds", type=int, default=1000)
    return parser.parse_args()


def settle(folder: str) -> None:
    """The embedded servers of one size, and nobody else's, on the day the measures are taken."""
    for name in ("DATABASE_URL", "REDIS_URL", "DEBUG"):
        os.environ.pop(name, None)
    os.environ["VAR_DIR"] = str(BENCH / folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "healthplan.settings"
    if folder != "demo":
        os.environ["BUSINESS_DATE"] = "2024-01-22"

    import django

    from healthplan import embedded
    from tests.bench import kept

    if not kept.is_made():
        embedded.reset()
    embedded.hold()
    django.setup()


def main() -> None:
    given = arguments()
    if given.what == "demo":
        settle("demo")
        from tests.bench import demo

        demo.main()
        return
    size = given.size if given.what == "eight" else given.what
    settle(size)
    began = time.perf_counter()
    from tests.bench import run

    if given.what == "eight":
        run.eight_rounds(size, given.rounds)
    else:
        run.everything(size, BENCH / "results")
    print(f"in {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
