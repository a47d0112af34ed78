"""docs/checks.md: every check with a sentence that it really says.

`manage.py shell -c "from tests.reports.questions.checks_table import write; write()"` writes it. The examples are run,
not written down, so that the page can never be wrong; test_checks_table.py beside this file holds it against the code
and asks for an example of every check.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from institutions.models import Institution
from reports.questions.answers import (
    Answer,
    Comparison,
    LaterAnswer,
    LaterReturn,
    OfficialValue,
    Question,
    RegionGoal,
    UnreadableAnswerError,
    parse_answer,
)
from reports.questions.checks import OF_A_PLAN, Finding, check_answers, check_patterns
from reports.questions.checks.fields import FAULTS, Fault, fault_in
from targets.enums import Accumulation, ElementType, Operator, Severity
from targets.models import DataElement
from targets.periods import Quarter
from targets.plan_file import read, specs

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "checks.md"
PLANS = sorted((ROOT / "fixtures" / "plans").glob("*.yaml"))
QUARTER = Quarter(2024, 2)
UNIT = Institution(pk=1, name="某镇卫生院")
OPERATORS = dict(Operator.choices)
LEVELS = {Severity.HARD: "hard", Severity.SOFT: "soft"}

ALL = DataElement(pk=1, name="总诊疗人次", type=ElementType.COUNT, unit="人次", accumulation=Accumulation.FLOW)
PART = DataElement(
    pk=2, name="基层诊疗人次", type=ElementType.COUNT, unit="人次", accumulation=Accumulation.FLOW, whole=ALL
)
TRAINED = DataElement(
    pk=3,
    name="培训人次",
    type=ElementType.COUNT,
    unit="人",
    accumulation=Accumulation.RUNNING,
    allow_not_applicable=True,
)
SIGNED = DataElement(pk=4, name="签约人数", type=ElementType.COUNT, unit="人", accumulation=Accumulation.STOCK)
AREA = DataElement(
    pk=5, name="业务用房面积", type=ElementType.DECIMAL, places=1, unit="平方米", accumulation=Accumulation.STOCK
)
GOOD = DataElement(pk=6, name="是否达到基本标准", type=ElementType.YESNO, accumulation=Accumulation.STOCK)
BETTER = DataElement(pk=7, name="是否达到推荐标准", type=ElementType.YESNO, accumulation=Accumulation.STOCK, whole=GOOD)
LEVEL = DataElement(pk=8, name="服务能力", type=ElementType.LEVEL, levels=["未达标", "基本标准", "推荐标准"])
DONE = DataElement(pk=9, name="验收日期", type=ElementType.DATE)
STATE = DataElement(pk=10, name="完善招聘机制", type=ElementType.LEVEL, levels=["未完成", "基本完成", "全部完成"])
KEY = DataElement(pk=11, name="重点人群签约人数", type=ElementType.COUNT, unit="人", accumulation=Accumulation.STOCK)
BUILT = DataElement(pk=12, name="本季建成服务站数", type=ElementType.COUNT, unit="个", accumulation=Accumulation.FLOW)

# What cannot be read at all: it stays in its field, is not saved and blocks the hand-in.
UNREADABLE = [
    (ALL, "约三百"),
    (ALL, "-5"),
    (ALL, "12.5"),
    (AREA, "80.55"),
    (ALL, "1" * 16),
    (GOOD, "差不多"),
    (LEVEL, "优秀"),
    (DONE, "上个月"),
    (DONE, "2024-02-30"),
]


@dataclass
class Example:
    """values: answers by element, None for none; a text is the reason of a 不适用. known: of the first element."""

    when: str
    values: dict[DataElement, Any]
    known: dict[str, Any] = field(default_factory=dict)

    def finding(self) -> Finding:
        """The one that the example is about: at its first element."""
        first = next(iter(self.values))
        questions = [Question(each, UNIT, **(self.known if each == first else {})) for each in self.values]
        given = [answer(element, value) for element, value in self.values.items() if value is not None]
        return check_answers(questions, given, QUARTER)[0]


def answer(element: DataElement, value: Any) -> Answer:
    if isinstance(value, str):
        return Answer(element.pk, UNIT.pk, None, not_applicable=True, note=value)
    return Answer(element.pk, UNIT.pk, Decimal(value))


def comparison(severity: Severity) -> Comparison:
    message = "重点人群签约 {left}，大于全部签约 {right}。"
    return Comparison((KEY,), Operator.AT_MOST, (SIGNED,), severity, message)


GOAL = RegionGoal("新建社区卫生服务站", Decimal(20), Decimal(25))
EXAMPLES = [
    Example("a number is not filled in", {ALL: None}),
    Example("the same where 不适用 is allowed", {TRAINED: None}),
    Example("a choice or a date is not filled in", {GOOD: None}),
    Example("不适用 without a reason", {TRAINED: ""}),
    Example("不适用 where it is not allowed", {ALL: "无此业务"}),
    Example("below zero", {ALL: -5}),
    Example("decimals of a whole number", {ALL: Decimal("12.5")}),
    Example("more decimals than kept", {AREA: Decimal("80.55")}),
    Example("a day after the quarter's end", {DONE: date(2024, 7, 1).toordinal()}),
    Example("a part over its whole (`part_of`)", {PART: 1001, ALL: 1000}),
    Example("yes to a part, no to its whole", {BETTER: 1, GOOD: 0}),
    Example(
        "over the official number of the unit's own region, where the element is divided by it as a percentage",
        {SIGNED: 5001},
        {"official": OfficialValue("常住人口", Decimal(5000), "人", 2024, is_of_year=True)},
    ),
    Example(
        "a year-to-date total under the latest approved one of the year (one being corrected counts as last typed)",
        {TRAINED: 119},
        {"floor": Decimal(120)},
    ),
    Example(
        "a year-to-date total over the next approved one of the year",
        {TRAINED: 121},
        {"later": (LaterAnswer(LaterReturn(1, QUARTER + 1), Decimal(120), Decimal(20), True, Decimal(0)),)},
    ),
    Example("a check of the plan, hard", {KEY: 900, SIGNED: 800}, {"comparisons": (comparison(Severity.HARD),)}),
    Example(
        "over 30 % more than in the last quarter, from 10 on (year-to-date totals by what the quarter added)",
        {ALL: 131},
        {"last": Decimal(100)},
    ),
    Example("over 30 % less than in the last quarter", {ALL: 69}, {"last": Decimal(100)}),
    Example("10 or more after nothing", {ALL: 10}, {"last": Decimal(0)}),
    Example("over 30 % more than a year before", {ALL: 131}, {"year_before": Decimal(100)}),
    Example("over 30 % less than a year before", {ALL: 69}, {"year_before": Decimal(100)}),
    Example("10 or more where there was nothing a year before", {ALL: 10}, {"year_before": Decimal(0)}),
    Example("a flow of 10 or more, the same to the digit as the last one", {ALL: 100}, {"last": Decimal(100)}),
    Example(
        "a total of 20 or more, allotted to the unit's region, reached to over 150 % (with what was approved before)",
        {BUILT: 8},
        {"goals": (GOAL,)},
    ),
    Example(
        "over last year's official number, where this year's is not entered yet",
        {SIGNED: 5001},
        {"official": OfficialValue("常住人口", Decimal(5000), "人", 2023, is_of_year=False)},
    ),
    Example(
        "what every check that looks back would say of the approved answer of a later quarter, and did not say before",
        {SIGNED: 50},
        {
            "in_force": Decimal(90),
            "later": (LaterAnswer(LaterReturn(1, QUARTER + 1), Decimal(100), None, True, Decimal(0)),),
        },
    ),
    Example("a state (全部/基本/未) without an account", {STATE: 1}, {"qualitative": True}),
    Example("a check of the plan, soft", {KEY: 900, SIGNED: 800}, {"comparisons": (comparison(Severity.SOFT),)}),
]

HEAD = """\
# Checks of a return

Every check with a sentence that it says. This page is written by tests/reports/questions/checks_table.py, which runs
the checks; a test holds it against the code.

Hard ones block the hand-in. Soft ones (核实) ask for a word of explanation in 核实说明: without it they block, too,
with “请在“核实说明”中写一句原因，再提交。” behind the sentence; with it they pass, and finding and words reach the
reviewer. A field says its first hard sentence alone. What is imported for past quarters (补录) needs no words.
"""


def page() -> str:
    return "\n".join([HEAD, *unreadable(), "", *no_answers(), "", *table(), "", *of_plan_files()]) + "\n"


def unreadable() -> Iterator[str]:
    yield "## What cannot be read\n"
    yield "Kept in the field as typed, not saved, hard.\n"
    yield "| kind of answer | typed | sentence |"
    yield "|---|---|---|"
    for element, typed in UNREADABLE:
        yield f"| {ElementType(element.type).label} | {typed} | {refusal(element, typed)} |"


def refusal(element: DataElement, typed: str) -> str:
    try:
        parse_answer(typed, element)
    except UnreadableAnswerError as error:
        return str(error)
    raise AssertionError(f"{typed} can be read")


def no_answers() -> Iterator[str]:
    """Each fault of the table, found in fields that have just this one."""
    yield "## What is no answer\n"
    yield "How content, 不适用 and note go together: one table (`FAULTS`) for the form, its script and workbooks.\n"
    yield "| content | 不适用 | note | 不适用 allowed | sentence | a draft keeps it |"
    yield "|---|---|---|---|---|---|"
    for fault in FAULTS:
        stands = (bool(fault.filled), bool(fault.ticked), bool(fault.noted), fault.allowed is not False)
        found = fault_in(*stands)
        assert found == fault, fault
        shown = ["—" if each is None else "yes" if each else "no" for each in stands_of(fault)]
        yield f"| {' | '.join(shown)} | {check_patterns()[fault.word]} | {'yes' if fault.is_kept else 'no'} |"


def stands_of(fault: Fault) -> tuple[bool | None, ...]:
    return fault.filled, fault.ticked, fault.noted, fault.allowed


def table() -> Iterator[str]:
    yield "## What is held against other numbers\n"
    yield "| level | when | sentence | check |"
    yield "|---|---|---|---|"
    for example in EXAMPLES:
        found = example.finding()
        yield f"| {LEVELS[found.severity]} | {example.when} | {found.message} | `{found.check}` |"


def of_plan_files() -> Iterator[str]:
    yield "## Checks of the five plans\n"
    yield (
        "Kept as data: in the plan file (`checks:`), or added by the plan's administrator (校验规则). They hold\n"
        f"for units of which all the elements are asked; their name in a finding is `{OF_A_PLAN}`.\n"
    )
    yield "| plan | level | condition | sentence |"
    yield "|---|---|---|---|"
    for path in PLANS:
        file = read(path)
        names = {each.code: each.name for each in file.elements}
        for each in file.checks:
            yield f"| {file.header.code} | {each.severity} | {condition(each, names)} | {each.message} |"


def condition(each: specs.CheckSpec, names: dict[str, str]) -> str:
    right = " + ".join(names[code] for code in each.right)
    if right and each.factor != 1:
        right = f"{each.factor} × ({right})"
    if not right or each.number:
        right = f"{right} + {each.number}" if right else f"{each.number}"
    return f"{' + '.join(names[code] for code in each.left)} {OPERATORS[Operator(each.operator)]} {right}"


def write() -> None:
    PAGE.write_text(page(), encoding="utf-8")
