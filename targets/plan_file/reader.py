"""From YAML to specs. `read` notes every problem it meets and goes on; see docs/plan-file.md for the format."""

import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from institutions.enums import Grade, InstitutionKind, Ownership, RegionKind, RegionLevel
from targets.enums import (
    Accumulation,
    Comparator,
    Denominator,
    ElementType,
    IndicatorKind,
    JudgedLevel,
    Operator,
    Schedule,
    Severity,
    Strength,
    Window,
)
from targets.plan_file.checks import check
from targets.plan_file.fields import MOST_PARAGRAPH, Fields, line_of
from targets.plan_file.specs import (
    NO_DAY,
    CheckSpec,
    CitationSpec,
    ClauseSpec,
    ConditionSpec,
    DivisorSpec,
    ElementSpec,
    FileProblem,
    HeaderSpec,
    IndicatorSpec,
    ItemSpec,
    MilestoneSpec,
    PlanFile,
    QualitativeSpec,
    ScopeSpec,
    TargetSpec,
)

OPERATORS = {"at_least": ">=", "at_most": "<=", "equals": "="}
COMPARISONS = {
    "at_most": Operator.AT_MOST,
    "less": Operator.LESS,
    "equals": Operator.EQUAL,
    "at_least": Operator.AT_LEAST,
    "more": Operator.MORE,
}
UNIT_CLASSES = [*RegionKind.values, *Grade.values, *InstitutionKind.values]
DIVISORS = [each for each in Denominator.values if each != Denominator.NONE]
QUOTE_MOST = 40
MOST_DEPTH = 20
COMPOSING_SECONDS = 3.0
NO_HEADER = HeaderSpec(
    lines={"": 1},
    code="",
    title="",
    issuer="",
    document_number="",
    published_on=None,
    first_day=NO_DAY,
    last_day=NO_DAY,
    judged_levels=(),
)


def read(source: Path | str) -> PlanFile:
    """Read a plan file, or its text, whole. Never raises for what stands in it: see `problems`."""
    problems: list[FileProblem] = []
    root = compose(source, problems)
    if root is None:
        return PlanFile(NO_HEADER, problems=tuple(problems))
    fields = Fields(root, _("文件"), problems)
    file = PlanFile(
        header=read_header(fields.part("plan", _("计划"))),
        elements=tuple(read_element(each) for each in fields.parts("elements", _("数据项"))),
        indicators=tuple(read_indicator(each) for each in fields.parts("indicators", _("指标"))),
        clauses=tuple(read_clause(each) for each in fields.parts("clauses", _("条款"), required=True)),
        checks=tuple(read_check(each) for each in fields.parts("checks", _("校验规则"))),
    )
    fields.finish()
    return replace(file, problems=tuple(sorted({*problems, *check(file)})))


class PlainLoader(yaml.SafeLoader):
    """YAML without references, of modest depth, and read within a bounded time."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.depth = 0
        self.end = time.thread_time() + COMPOSING_SECONDS

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        mark = self.peek_event().start_mark
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem=_("不能用 * 引用"), problem_mark=mark)
        if self.depth > MOST_DEPTH:
            raise yaml.MarkedYAMLError(problem=_("嵌套太深"), problem_mark=mark)
        if time.thread_time() > self.end:
            raise yaml.MarkedYAMLError(problem=_("文件太长，读不完"), problem_mark=mark)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def compose(source: Path | str, problems: list[FileProblem]) -> yaml.MappingNode | None:
    try:
        text = source.read_bytes().decode("utf-8-sig") if isinstance(source, Path) else source
        node = yaml.compose(text, Loader=PlainLoader)
    except UnicodeDecodeError:
        problems.append(FileProblem(1, _("文件不是UTF-8编码")))
        return None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problems.append(FileProblem(line, _("不是正确的YAML，请检查缩进、括号、冒号和引号（%s）") % error.problem))
        return None
    except yaml.reader.ReaderError as error:
        problems.append(FileProblem(text.count("\n", 0, error.position) + 1, _("含有YAML不允许的字符")))
        return None
    if not isinstance(node, yaml.MappingNode):
        problems.append(
            FileProblem(line_of(node) if node else 1, _("文件应以 plan、elements、indicators、clauses 开头"))
        )
        return None
    return node


def read_header(fields: Fields | None) -> HeaderSpec:
    if fields is None:
        return NO_HEADER
    document = fields.part("document", _("计划的文件"), required=False)
    sha256 = document.text("sha256", most=64) if document else ""
    characters = document.whole("characters", required=True) if document else None
    if document:
        document.finish()
    return HeaderSpec(
        code=fields.slug("code", most=60),
        title=fields.text("title", most=120),
        issuer=fields.text("issuer", most=12),
        document_number=fields.text("document_number", most=60, required=False),
        published_on=fields.day("published_on", required=False),
        first_day=fields.sure_day("first_day"),
        last_day=fields.sure_day("last_day"),
        judged_levels=fields.texts("judged_levels", choices=JudgedLevel.values, required=True),
        sha256=sha256,
        characters=characters,
        lines=fields.finish(),
    )


def read_scope(fields: Fields | None) -> ScopeSpec:
    if fields is None:
        return ScopeSpec(kinds=(), lines={"": 1})
    return ScopeSpec(
        kinds=fields.texts("kinds", choices=InstitutionKind.values, required=True),
        grades=fields.texts("grades", choices=Grade.values),
        ownerships=fields.texts("ownerships", choices=Ownership.values),
        bureau_level=fields.choice("bureau_level", RegionLevel.values, default=""),
        lines=fields.finish(),
    )


def read_element(fields: Fields) -> ElementSpec:
    return ElementSpec(
        code=fields.slug("code"),
        name=fields.text("name", most=80),
        definition=fields.text("definition"),
        topic=fields.text("topic", most=40),
        type=fields.choice("type", ElementType.values),
        unit=fields.text("unit", most=10, required=False),
        places=fields.whole("places"),
        accumulates=fields.choice("accumulates", Accumulation.values),
        asked_of=read_scope(fields.part("asked_of", _("数据项的填报单位"))),
        levels=fields.texts("levels", most=20),
        allow_na=fields.flag("allow_na"),
        part_of=fields.slug("part_of", required=False),
        lines=fields.finish(),
    )


def read_indicator(fields: Fields) -> IndicatorSpec:
    multiplier, offset = fields.number("multiplier"), fields.number("offset")
    return IndicatorSpec(
        code=fields.slug("code"),
        name=fields.text("name", most=80),
        definition=fields.text("definition"),
        kind=fields.choice("kind", IndicatorKind.values),
        element=fields.slug("element"),
        denominator=read_divisor(fields.part("denominator", _("指标的分母"), required=False)),
        condition=read_condition(fields.part("condition", _("指标的条件"), required=False)),
        multiplier=Decimal(1) if multiplier is None else multiplier,
        offset=Decimal(0) if offset is None else offset,
        unit=fields.text("unit", most=10, required=False),
        places=fields.whole("places"),
        lines=fields.finish(),
    )


def read_divisor(fields: Fields | None) -> DivisorSpec | None:
    if fields is None:
        return None
    named = [kind for kind in DIVISORS if fields.has(kind)]
    if len(named) != 1:
        fields.complain("", _("指标的分母应写且只写一种：%s") % "、".join(DIVISORS))
    element = fields.slug("element", required=False)
    constant = fields.slug("constant", most=60, required=False)
    for kind in (Denominator.QUOTA, Denominator.LAST_YEAR):
        if not fields.flag(kind) and fields.has(kind):
            fields.complain(kind, _("指标的分母“%s”只能写 true") % kind)
    return DivisorSpec(kind=named[0] if named else "", element=element, constant=constant, lines=fields.finish())


def read_condition(fields: Fields | None) -> ConditionSpec | None:
    if fields is None:
        return None
    named = [key for key in OPERATORS if fields.has(key)]
    numbers = {key: fields.number(key, required=key in named) for key in OPERATORS}
    against = fields.slug("against", required=False)
    if len(named) + bool(against) != 1:
        fields.complain("", _("指标的条件应写且只写一种：%s") % "、".join([*OPERATORS, "against"]))
    return ConditionSpec(
        operator=OPERATORS[named[0]] if named else ">=",
        value=numbers[named[0]] if named else None,
        by_class=fields.named_numbers("by_class", UNIT_CLASSES),
        over=fields.slug("over", required=False),
        against=against,
        lines=fields.finish(),
    )


def read_check(fields: Fields) -> CheckSpec:
    factor, number = fields.number("factor"), fields.number("number")
    return CheckSpec(
        left=fields.texts("left", most=80, required=True),
        operator=COMPARISONS.get(fields.choice("operator", COMPARISONS), ""),
        right=fields.texts("right", most=80),
        factor=Decimal(1) if factor is None else factor,
        number=Decimal(0) if number is None else number,
        severity=fields.choice("severity", Severity.values),
        message=fields.text("message", most=200),
        lines=fields.finish(),
    )


def read_clause(fields: Fields) -> ClauseSpec:
    return ClauseSpec(
        path=fields.text("path", most=60),
        title=fields.text("title", most=120),
        lead=fields.texts("lead", most=40),
        cooperating=fields.texts("cooperating", most=40),
        anomalies=fields.texts("anomalies", most=300),
        items=tuple(read_item(each) for each in fields.parts("items", _("工作任务"))),
        lines=fields.finish(),
    )


def read_item(fields: Fields) -> ItemSpec:
    citation = fields.part("citation", _("引文"), required=False)
    return ItemSpec(
        code=fields.slug("code"),
        title=fields.text("title", most=80),
        lead=fields.texts("lead", most=40),
        cooperating=fields.texts("cooperating", most=40),
        targets=tuple(read_target(each) for each in fields.parts("targets", _("目标"))),
        qualitative=read_qualitative(fields.part("qualitative", _("定性工作"), required=False)),
        citation=read_citation(citation) if citation else None,
        anomalies=fields.texts("anomalies", most=300),
        lines=fields.finish(),
    )


def read_qualitative(fields: Fields | None) -> QualitativeSpec | None:
    if fields is None:
        return None
    return QualitativeSpec(
        asked_of=read_scope(fields.part("asked_of", _("定性工作的填报单位"))),
        due=fields.days("due"),
        definition=fields.text("definition"),
        strength=fields.choice("strength", Strength.values, default=Strength.MUST),
        allow_na=fields.flag("allow_na"),
        evidence=fields.flag("evidence"),
        lines=fields.finish(),
    )


def read_target(fields: Fields) -> TargetSpec:
    return TargetSpec(
        code=fields.slug("code"),
        name=fields.text("name", most=80),
        indicator=fields.slug("indicator"),
        scope=read_scope(fields.part("scope", _("目标的范围"))),
        units=fields.texts("units", most=30),
        comparator=fields.choice("comparator", Comparator.values),
        strength=fields.choice("strength", Strength.values),
        window=fields.choice("window", Window.values),
        schedule=fields.choice("schedule", Schedule.values),
        custom_shares=fields.numbers("custom_shares"),
        baseline=fields.number("baseline"),
        milestones=tuple(read_milestone(each) for each in fields.parts("milestones", _("节点目标"), required=True)),
        citation=read_citation(fields.part("citation", _("引文"))),
        evidence=fields.flag("evidence"),
        anomalies=fields.texts("anomalies", most=300),
        lines=fields.finish(),
    )


def read_milestone(fields: Fields) -> MilestoneSpec:
    if not fields.has("value"):
        fields.complain("value", _("节点目标缺少“value”（待下达的写 null）"))
    quote = fields.text("quote", most=QUOTE_MOST, required=False)
    return MilestoneSpec(
        due=fields.sure_day("due"),
        value=fields.number("value"),
        high=fields.number("high"),
        quote=quote,
        offset=fields.whole("offset", required=True) if quote or fields.has("offset") else None,
        lines=fields.finish(),
    )


def read_citation(fields: Fields | None) -> CitationSpec:
    if fields is None:
        return CitationSpec(quote="", offset=0, lines={"": 1})
    return CitationSpec(
        quote=fields.text("quote", most=QUOTE_MOST),
        offset=fields.whole("offset", required=True),
        paragraph=fields.whole("paragraph", default=1, most=MOST_PARAGRAPH),
        prefix=fields.text("prefix", most=QUOTE_MOST, required=False),
        suffix=fields.text("suffix", most=QUOTE_MOST, required=False),
        lines=fields.finish(),
    )
