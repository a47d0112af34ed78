"""What was found, as figures for the next run and as a table to read, in Markdown for docs/performance.md."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.measures import DAYS, Approved, Recomputed, p95
from tests.bench.sizes import Size
from tests.bench.writers import Together

Found = dict[str, Any]
SMALLER = {"province": "city", "country": "province"}


@dataclass(frozen=True)
class Line:
    """`met` is None where there is no aim."""

    measure: str
    value: str
    aim: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "met", False: "missed"}[self.met]
        return f"| {self.measure:<43} | {self.value:<26} | {self.aim:<8} | {verdict:<6} |"


def summary(size: Size, first: Recomputed, one: Approved, together: Together) -> Found:
    return {
        "size": size.name,
        "units": size.units,
        "day": date.today().isoformat(),
        "machine": f"{cpu()}, {platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "figures": first.figures,
        "results": first.results,
        "floor_s": first.floor,
        "full_s": first.full,
        "again_s": first.again,
        "figure_us": first.full / first.figures * 1e6,
        "approval_median_ms": median(one.took),
        "approval_p95_ms": p95(one.took),
        "approvals": len(one.took),
        "eight_approval_p95_ms": p95(together.took),
        "eight_arrival_median_ms": median(together.arrived),
        "eight_arrival_p95_ms": p95(together.arrived),
        "eight_approvals": len(together.arrived),
        "wrong": together.wrong,
        "idle_mb": first.idle,
        "peak_mb": first.peak,
        "versions_per_1000": one.versions / len(one.took) * 1000,
        "version_bytes": first.version_bytes,
    }


def cpu() -> str:
    file = Path("/proc/cpuinfo")
    rows = file.read_text().splitlines() if file.exists() else []
    names = [row.partition(":")[2].strip() for row in rows if row.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor()


def table(found: Found, others: dict[str, Found]) -> str:
    head = (
        f"{found['size']}: {found['units']:,} institutions, {found['figures']:,} figures in the quarter, "
        f"{found['results']:,} results; {found['day']}, {found['machine']}"
    )
    columns = ["| measure | found | aim | |", "| --- | --- | --- | --- |"]
    return "\n".join(["", head, "", *columns, *map(str, lines(found, others)), ""])


def lines(found: Found, others: dict[str, Found]) -> Iterator[Line]:
    floor = found["floor_s"]
    yield Line("floor: sums by county and element", f"{floor:.3f} s")
    yield ratio("full recompute, nothing stored", found["full_s"], floor, 4)
    yield ratio("the same again, nothing changed", found["again_s"], floor, 3)
    yield from growth(found, others)
    yield within("one approval, p95", found["approval_p95_ms"], 50, "ms", f"median {found['approval_median_ms']:.0f}, ")
    if found["size"] == "country" and "county" in others:
        quotient = found["approval_p95_ms"] / others["county"]["approval_p95_ms"]
        yield Line("one approval, country / county", f"{quotient:.2f}", "<= 1.5", quotient <= 1.5)
    yield Line("eight writers: one approval, p95", f"{found['eight_approval_p95_ms']:.0f} ms")
    before = f"median {found['eight_arrival_median_ms']:.0f}, "
    yield within("eight writers: click to country's cell, p95", found["eight_arrival_p95_ms"], 1000, "ms", before)
    yield within("eight writers: differs from full recompute", found["wrong"], 0, "results")
    yield within("peak memory of the recompute", found["peak_mb"], 300, "MB", f"idle {found['idle_mb']:.0f}, ")
    size = found["versions_per_1000"] * found["version_bytes"] / 1e6
    a_day = found["approvals"] // len(DAYS)
    yield Line(f"versions per 1,000 approvals, {a_day} a day", f"{found['versions_per_1000']:,.0f}, {size:.1f} MB")


def ratio(measure: str, seconds: float, floor: float, aim: float) -> Line:
    return Line(measure, f"{seconds:.2f} s = {seconds / floor:.2f} x floor", f"<= {aim}", seconds <= aim * floor)


def within(measure: str, value: float, aim: float, unit: str, before: str = "") -> Line:
    return Line(measure, f"{before}{value:.0f} {unit}", f"<= {aim}", value <= aim)


def growth(found: Found, others: dict[str, Found]) -> Iterator[Line]:
    """Time per figure against the next smaller size, where that was measured."""
    each = found["figure_us"]
    smaller = others.get(SMALLER.get(found["size"], ""))
    if smaller is None:
        yield Line("full recompute, a figure", f"{each:.1f} µs")
        return
    rise = (each / smaller["figure_us"] - 1) * 100
    yield Line(
        "full recompute, a figure", f"{each:.1f} µs = {rise:+.0f} % on {smaller['size']}", "<= +20 %", rise <= 20
    )
