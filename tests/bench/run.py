"""One size from beginning to end."""

import json
from pathlib import Path
from time import perf_counter

from django.core.management import call_command
from tqdm import tqdm

from tests.bench import generate, kept, measures, writers
from tests.bench.measures import alone
from tests.bench.sizes import SIZES, Size
from tests.bench.table import Found, summary, table

APPROVALS_TOGETHER = 200


def everything(name: str, folder: Path) -> None:
    size = SIZES[name]
    make(size)
    first = alone(measures.recomputed, size)
    print("recompute measured; one writer …", flush=True)
    one = alone(measures.approvals, size)
    print("one writer measured; eight writers …", flush=True)
    together = alone(writers.eight, APPROVALS_TOGETHER)
    found = summary(size, first, one, together)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(found, indent=1))
    text = table(found, others(folder))
    (folder / f"{name}.txt").write_text(text)
    print(text)


def others(folder: Path) -> dict[str, Found]:
    """What was found at every size, this one included, when it was last measured."""
    return {name: json.loads(file.read_text()) for name in SIZES if (file := folder / f"{name}.json").exists()}


def eight_rounds(name: str, count: int) -> None:
    """Eight approvals at once under one city, many times; then the whole quarter anew, which must change nothing."""
    size = SIZES[name]
    make(size)
    alone(measures.from_nothing)
    alone(run_rounds, count)
    wrong = alone(writers.recomputed_otherwise)
    print(f"{count} times eight approvals at once: no error, no lost part; a full recompute changes {wrong} results")
    if wrong:
        raise SystemExit(1)


def run_rounds(count: int) -> None:
    for _ in tqdm(writers.rounds(count), total=count):
        pass


def make(size: Size) -> None:
    """The database of this size, unless it is there already."""
    if kept.is_made():
        return
    began = perf_counter()
    alone(make_anew, size)
    print(f"{size.name}: {size.units:,} institutions generated in {perf_counter() - began:.0f} s", flush=True)


def make_anew(size: Size) -> None:
    call_command("migrate", verbosity=0)
    generate.generate(size)
