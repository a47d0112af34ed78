"""Whether a size's database can be used again: made whole, and of the present schema and generator."""

from hashlib import sha256
from pathlib import Path

from healthplan import embedded

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = ("generate", "promises", "sizes")


def fingerprint() -> str:
    migrations = sorted(ROOT.glob("*/migrations/0*.py"))
    sources = [*migrations, *(Path(__file__).with_name(f"{name}.py") for name in GENERATOR)]
    return sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()


def note() -> Path:
    return embedded.var_dir() / "generated"


def is_made() -> bool:
    return note().exists() and note().read_text() == fingerprint()


def is_made_now() -> None:
    note().write_text(fingerprint())
