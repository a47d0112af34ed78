"""Every test, by two processes side by side, each with servers of its own: `python -m tests.halves`.

Both measure which branches they take; below the floor of pyproject.toml the whole fails.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HALVES = (["tests/reports"], ["tests", "--ignore=tests/reports"])


def main() -> int:
    """Both at once; the first is shown as it goes, then what was measured, last the second. Fails where any does."""
    record = ROOT / "var" / "second-half.log"
    record.parent.mkdir(exist_ok=True)
    shutil.rmtree(ROOT / "var" / "coverage", ignore_errors=True)
    (ROOT / "var" / "coverage").mkdir()
    with record.open("w+", encoding="utf-8") as out:
        second = subprocess.Popen(pytest(HALVES[1]), cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        try:
            first = subprocess.call(pytest(HALVES[0]), cwd=ROOT)
            failed = [first, second.wait()]
        finally:
            second.terminate()
            second.wait()
        failed += [coverage("combine", "--quiet"), coverage("report")]
        out.seek(0)
        sys.stdout.write(out.read())
    return max(failed)


def pytest(paths: list[str]) -> list[str]:
    return [sys.executable, "-m", "coverage", "run", "-m", "pytest", *paths]


def coverage(*words: str) -> int:
    return subprocess.call([sys.executable, "-m", "coverage", *words], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())
