"""Every test, by two processes side by side, each with servers of its own: `python -m tests.halves`."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HALVES = (["tests/reports"], ["tests", "--ignore=tests/reports"])


def main() -> int:
    """Both at once; the first is shown as it goes, the second when both have ended. Fails where either does."""
    record = ROOT / "var" / "second-half.log"
    record.parent.mkdir(exist_ok=True)
    with record.open("w+", encoding="utf-8") as out:
        second = subprocess.Popen(pytest(HALVES[1]), cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        try:
            first = subprocess.call(pytest(HALVES[0]), cwd=ROOT)
            failed = [first, second.wait()]
        finally:
            second.terminate()
            second.wait()
        out.seek(0)
        sys.stdout.write(out.read())
    return max(failed)


def pytest(paths: list[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *paths]


if __name__ == "__main__":
    sys.exit(main())
