"""Compiles locale/*/LC_MESSAGES/*.po to .mo, which are not kept in the repository: `python -m healthplan.messages`.

Does nothing where the .mo is newer than its .po. `make env` calls it every time, as a script, because the package
itself imports Celery.
"""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def is_current(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return compiled.exists() and compiled.stat().st_mtime_ns > source.stat().st_mtime_ns


def compile_file(source: Path) -> None:
    """Renamed into place: a process that reads the .mo meanwhile sees the old one or the new one, whole."""
    draft = source.with_suffix(f".{os.getpid()}.draft")
    with source.open("rb") as text, draft.open("wb") as out:
        write_mo(out, read_po(text, locale=source.parts[-3], abort_invalid=True))
    draft.replace(source.with_suffix(".mo"))


def compile_messages(folder: Path = LOCALE) -> list[Path]:
    """The .po files that had to be compiled."""
    stale = [source for source in sorted(folder.glob("*/LC_MESSAGES/*.po")) if not is_current(source)]
    for source in stale:
        compile_file(source)
    return stale


if __name__ == "__main__":
    compile_messages()
