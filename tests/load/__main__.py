"""Many people at once, against web, worker and beat as `make run` starts them, in a database of its own in var/load.

python -m tests.load rush --people 200     all fill in and hand in at the same moment, one in ten with a double click
python -m tests.load kill --people 250     as many hand-ins and approvals while processes are killed -9 at random
"""

import argparse
import os
import socket
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load")
    parser.add_argument("what", choices=["rush", "kill"])
    parser.add_argument("--people", type=int)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settle() -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "DEBUG"):
        os.environ.pop(name, None)
    os.environ |= {
        "VAR_DIR": str(ROOT / "var" / "load"),
        "DJANGO_SETTINGS_MODULE": "healthplan.settings",
        "BUSINESS_DATE": "2024-04-10",
        "PORT": str(free_port()),
    }

    import django

    from healthplan import embedded

    embedded.reset()
    embedded.hold()
    django.setup()


def main() -> None:
    given = arguments()
    settle()

    from tests.load import killing, rush

    if given.what == "rush":
        sys.exit(rush.rush(given.people or 200))
    sys.exit(killing.killing(given.people or 250, given.seed))


if __name__ == "__main__":
    main()
