"""Print a plan file as a Markdown table, clause by clause, to be held beside the document. Needs no database."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from targets.enums import Comparator, Strength
from targets.plan_file import PlanFile, read, specs

SIGNS = {Comparator.AT_LEAST: "≥", Comparator.AT_MOST: "≤", Comparator.RANGE: ""}


class Command(BaseCommand):
    help = "Prints a plan file clause by clause, as Markdown."
    requires_system_checks: list[str] | tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"找不到计划文件：{options['file']}")
        file = read(options["file"])
        if file.problems:
            raise CommandError("\n".join(str(each) for each in file.problems))
        for line in table(file):
            self.stdout.write(line)


def table(file: PlanFile) -> Iterator[str]:
    units = {indicator.code: indicator.unit for indicator in file.indicators}
    yield f"# {file.header.title}：条款与目标"
    yield ""
    yield summary(file)
    yield ""
    yield "| 条款号 | 条款 | 任务 | 定量目标 | 定性目标 | 目标 |"
    yield "|---|---|---:|---:|---:|---|"
    for clause in file.clauses:
        states = [item for item in clause.items if file.is_qualitative(item)]
        numbers = [target for item in clause.items if item not in states for target in item.targets]
        lines = [line_of(target, units) for target in numbers] + [f"〔定性〕{item.title}" for item in states]
        cells = [clause.path, clause.title, len(clause.items), len(numbers), len(states), "<br>".join(lines)]
        yield "| " + " | ".join(str(cell) for cell in cells) + " |"


def summary(file: PlanFile) -> str:
    items = [item for _clause, item in file.items()]
    states = [item for item in items if file.is_qualitative(item)]
    targets = [target for item in items if item not in states for target in item.targets]
    milestones = sum(len(target.milestones) for target in targets)
    anomalies = [text for clause in file.clauses for text in anomalies_of(clause)]
    return (
        f"条款 {len(file.clauses)} 条，工作任务 {len(items)} 项，其中定性 {len(states)} 项；"
        f"定量目标 {len(targets)} 个、节点 {milestones} 个；疑点 {len(anomalies)} 处。"
    )


def anomalies_of(clause: specs.ClauseSpec) -> Iterator[str]:
    yield from clause.anomalies
    for item in clause.items:
        yield from item.anomalies
        for target in item.targets:
            yield from target.anomalies


def line_of(target: specs.TargetSpec, units: dict[str, str]) -> str:
    """结余用于奖励性绩效的比例：2023-12-31 ≥60%；2024-12-31 ≥60%（允许）"""
    sign, unit = SIGNS[Comparator(target.comparator)], units.get(target.indicator, "")
    values = "；".join(f"{each.due} {value_of(each, sign, unit)}" for each in target.milestones)
    mark = "" if target.strength == Strength.MUST else f"（{Strength(target.strength).label}）"
    return f"{target.name}：{values}{mark}"


def value_of(milestone: specs.MilestoneSpec, sign: str, unit: str) -> str:
    if milestone.value is None:
        return "待下达"
    value = f"{milestone.value}" if milestone.high is None else f"{milestone.value}—{milestone.high}"
    return f"{sign}{value}{unit}"
