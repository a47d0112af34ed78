"""Where the bytes of evidence lie: EVIDENCE_ROOT/<first two letters>/<SHA-256>, the same bytes once.

Written aside, flushed to the disk and then put in place by a rename, so that a file is there whole or not at all.
"""

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings


class LostError(Exception):
    """The file is not there, or no longer what it was."""


def path_of(digest: str) -> Path:
    return Path(settings.EVIDENCE_ROOT) / digest[:2] / digest


def store_bytes(data: bytes) -> str:
    """The SHA-256 under which it is kept. Kept again, a damaged copy is made good."""
    digest = sha256(data).hexdigest()
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as aside:
        aside.write(data)
        aside.flush()
        os.fsync(aside.fileno())
    os.replace(aside.name, path)
    flush_folder(path.parent)
    return digest


def flush_folder(folder: Path) -> None:
    """The rename itself is on the disk only then."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_bytes(digest: str) -> bytes:
    """Raises LostError where the bytes are not those that were kept."""
    try:
        data = path_of(digest).read_bytes()
    except OSError as error:
        raise LostError(digest) from error
    if sha256(data).hexdigest() != digest:
        raise LostError(digest)
    return data


def stored_digests() -> Iterator[str]:
    """The names of all files there."""
    for path in sorted(Path(settings.EVIDENCE_ROOT).glob("??/*")):
        if not path.name.startswith("."):
            yield path.name
