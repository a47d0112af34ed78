"""A qualitative item makes its element, its indicator and its one target by itself; here is how."""

from dataclasses import replace
from decimal import Decimal

from targets.enums import Accumulation, Comparator, ElementType, IndicatorKind, Schedule, Window
from targets.plan_file.specs import (
    QUALITATIVE_LEVELS,
    CitationSpec,
    ClauseSpec,
    ElementSpec,
    HeaderSpec,
    IndicatorSpec,
    ItemSpec,
    MilestoneSpec,
    PlanFile,
    QualitativeSpec,
    TargetSpec,
)

EVERY_UNIT = Decimal(100)  # percent of the units asked


def expand_plan(file: PlanFile) -> PlanFile:
    """The same plan, with what its qualitative items stand for written out."""
    topics = topics_of(file)
    elements, indicators, clauses = list(file.elements), list(file.indicators), []
    for clause in file.clauses:
        items = []
        for item in clause.items:
            if item.qualitative:
                elements.append(element_of(item, item.qualitative, topics[clause.path]))
                indicators.append(indicator_of(item, item.qualitative))
                item = replace(item, targets=(target_of(item, item.qualitative, file.header),))
            items.append(item)
        clauses.append(replace(clause, items=tuple(items)))
    return replace(file, elements=tuple(elements), indicators=tuple(indicators), clauses=tuple(clauses))


def topics_of(file: PlanFile) -> dict[str, str]:
    """The form's topic of each clause: the heading two levels deep, or the top one where that is deepest."""
    titles = {clause.path: clause.title for clause in file.clauses}
    return {clause.path: topic_of(clause, titles)[:40] for clause in file.clauses}


def topic_of(clause: ClauseSpec, titles: dict[str, str]) -> str:
    parts = clause.path.split("/")
    heading = "/".join(parts[: 2 if len(parts) > 2 else 1])
    return titles.get(heading, clause.title)


def element_of(item: ItemSpec, qualitative: QualitativeSpec, topic: str) -> ElementSpec:
    return ElementSpec(
        code=item.code,
        name=item.title,
        definition=qualitative.definition,
        topic=topic,
        type=ElementType.LEVEL,
        levels=QUALITATIVE_LEVELS,
        accumulates=Accumulation.STOCK,
        asked_of=qualitative.asked_of,
        allow_na=qualitative.allow_na,
        lines=qualitative.lines,
    )


def indicator_of(item: ItemSpec, qualitative: QualitativeSpec) -> IndicatorSpec:
    return IndicatorSpec(
        code=item.code,
        name=item.title,
        definition=qualitative.definition,
        kind=IndicatorKind.QUALITATIVE,
        element=item.code,
        lines=qualitative.lines,
    )


def target_of(item: ItemSpec, qualitative: QualitativeSpec, header: HeaderSpec) -> TargetSpec:
    """Every unit at 全部完成 by each day; where it is asked year by year, each year starts afresh."""
    days = qualitative.due or (header.last_day,)
    return TargetSpec(
        code=item.code,
        name=item.title,
        indicator=item.code,
        scope=qualitative.asked_of,
        comparator=Comparator.AT_LEAST,
        strength=qualitative.strength,
        window=Window.YEAR if len(days) > 1 else Window.PLAN,
        schedule=Schedule.AT_DUE,
        milestones=tuple(MilestoneSpec(due=day, value=EVERY_UNIT, lines=qualitative.lines) for day in days),
        citation=item.citation or CitationSpec(quote="", offset=0, lines=item.lines),
        evidence=qualitative.evidence,
        anomalies=item.anomalies,
        lines=item.lines,
    )
