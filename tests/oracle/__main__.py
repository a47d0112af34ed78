"""A long run by hand: python -m tests.oracle --examples 20000 [--seed 7]"""

import argparse
import os
import sys

import pytest


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--examples", type=int, default=20_000)
    parser.add_argument(
        "--seed", type=int, default=0, help="the first thousand worlds' seed; each further thousand has the next"
    )
    chosen = parser.parse_args()
    os.environ["ORACLE_EXAMPLES"], os.environ["ORACLE_SEED"] = str(chosen.examples), str(chosen.seed)
    return pytest.main(["tests/oracle/test_oracle.py", "-x", "--tb=short", "-v"])


if __name__ == "__main__":
    sys.exit(main())
