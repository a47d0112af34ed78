"""The engine's results beside the oracle's."""

import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reports.base.enums import Cause, Status
from reports.judging import recompute
from reports.models import Attainment
from targets.periods import Quarter
from tests.oracle.oracle import NAMES, Key, Oracle, Result
from tests.oracle.rows import World, read
from tests.oracle.scenarios import Built

STORED_TO = Fraction(1, 10**9)
NUMERAL = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")
STATES = {
    "pending": "待审",
    "awaited": "待报",
    "overdue_review": "逾期未审",
    "not_applicable": "不适用",
    "late_review": "补报待审",
}
SAID_OF_STATUS = {
    Status.RED: "未达标",
    Status.AMBER: "滞后",
    Status.NO_DATA: "数据不足",
    Status.NOT_DUE: "未到期",
    Status.GREEN: "正常",
    Status.MET: "达标",
    Status.SHOWN: "展示",
    Status.NOT_APPLICABLE: "不适用",
}


def recompute_all(built: Built, now: datetime) -> None:
    for period in built.periods:
        if built.plan in recompute.judged_plans(Quarter.from_ordinal(period.quarter)):
            recompute.recompute_period(built.plan, period, now)


def current(built: Built) -> dict[Key, Attainment]:
    return by_key(Attainment.objects.filter(target__plan=built.plan, superseded_on__isnull=True))


def by_key(rows: Any) -> dict[Key, Attainment]:
    return {(row.target_id, row.region_id, row.institution_id, row.quarter): row for row in rows}


def differences(built: Built, now: datetime) -> list[str]:
    """One line each: where, what, and both results."""
    world = read(built.plan)
    return between(world, Oracle(world, now).results(), current(built))


def between(world: World, mine: dict[Key, Result], theirs: dict[Key, Attainment]) -> list[str]:
    keys = sorted(mine.keys() | theirs.keys(), key=str)
    return [line for key in keys if (line := at_key(world, key, mine.get(key), theirs.get(key)))]


def at_key(world: World, key: Key, mine: Result | None, theirs: Attainment | None) -> str:
    target, region, institution, quarter = key
    number = [each.id for each in world.targets].index(target)
    subject = world.names[region] if region else world.units[institution].name
    name = f"target {number} {subject} {Quarter.from_ordinal(quarter)}"
    if mine is None or theirs is None:
        odd = [f"oracle {mine and mine.status}, engine {theirs and theirs.status}"]
    else:
        odd = [*fields_that_differ(mine, theirs), *facts_not_said(mine, theirs.reason)]
    return f"{name}: {', '.join(odd)} | oracle: {mine} | engine: {theirs and theirs.reason}" if odd else ""


def fields_that_differ(mine: Result, theirs: Attainment) -> Iterator[str]:
    compared: dict[str, Any] = {name: getattr(mine.sums, name) for name in NAMES}
    compared |= {name: getattr(mine, name) for name in ("value", "milestone", "high", "expected")}
    for name, one in compared.items():
        if not same(one, getattr(theirs, name)):
            yield f"{name} oracle {one} engine {getattr(theirs, name)}"
    for name, one in {"status": mine.status, "cause": mine.cause, "milestone_due": mine.due}.items():
        if getattr(theirs, name) != one:
            yield f"{name} oracle {one or '–'} engine {getattr(theirs, name) or '–'}"


def same(one: Fraction | int | None, other: Decimal | int | None) -> bool:
    if one is None or other is None:
        return one is None and other is None
    return abs(Fraction(one) - Fraction(other)) <= STORED_TO


def facts_not_said(mine: Result, reason: str) -> Iterator[str]:
    """The sentence must hold the facts; how it puts them is its own affair."""
    sums = mine.sums
    said = [Fraction(each.replace(",", "").replace("−", "-")) for each in NUMERAL.findall(reason)]
    for name, word in STATES.items():
        if (number := getattr(sums, name)) and not re.search(rf"{word} ?{number} ?家", reason):
            yield f"the reason does not say {word} {number}"
    if (silent := sums.missing - sums.late_review) and f"未报 {silent} 家" not in reason:
        yield f"the reason does not say 未报 {silent}"
    if sums.unbased and not re.search(rf"缺 {sums.unbased} [个家]", reason):
        yield f"the reason does not say that {sums.unbased} lack what they are measured by"
    for number, words in ((sums.closed, "家已关停"), (sums.left_out, "家无分母可用")):
        if number and f"{number} {words}" not in reason:
            yield f"the reason does not say {number} {words}"
    for name, number in {"N": sums.units, "n": sums.reported, "due year": mine.due.year}.items():
        if number not in said:
            yield f"the reason does not say {name} {number}"
    for name, value in {"value": mine.value, "m": mine.milestone}.items():
        if value is not None and not any(abs(each - value) < 1 for each in said) and not sums.need:
            yield f"the reason does not say {name} {float(value)}"
    if SAID_OF_STATUS[mine.status] not in reason:
        yield f"the reason does not say {SAID_OF_STATUS[mine.status]}"
    if mine.cause == Cause.MISSING_UNITS and not re.search(rf"缺 ?{mine.lacking} ?家", reason):
        yield f"the reason does not say that {mine.lacking} are missing"
