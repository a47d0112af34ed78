"""A target in its parts. `target_with_terms()` makes the whole chain from plan to milestone in one call."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import factory

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionLevel
from targets.enums import (
    Accumulation,
    Comparator,
    Denominator,
    ElementType,
    IndicatorKind,
    Operator,
    PlanState,
    Schedule,
    Severity,
    Strength,
    Window,
)
from targets.models import (
    Allotment,
    CheckRule,
    Clause,
    ConditionValue,
    Constant,
    Contact,
    DataElement,
    Indicator,
    Milestone,
    Plan,
    Target,
    Terms,
    WorkItem,
)
from tests.factories.institutions import RegionFactory

PUBLISHED = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)
COUNTING_UNITS = (IndicatorKind.SHARE, IndicatorKind.EACH, IndicatorKind.DELIVERABLE)


class PlanFactory(factory.django.DjangoModelFactory):
    """A published city plan, 2023–2025, that judges city and counties."""

    class Meta:
        model = Plan

    code = factory.Sequence(lambda n: f"plan-{n}")
    title = "基层卫生服务体系建设实施方案（2023—2025年）"
    issuer = factory.SubFactory(RegionFactory, level=RegionLevel.CITY, kind="city")
    first_day = date(2023, 1, 1)
    last_day = date(2025, 12, 31)
    judged_levels = [RegionLevel.CITY, RegionLevel.COUNTY]
    state = PlanState.PUBLISHED
    published_at = PUBLISHED


class ClauseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Clause

    plan = factory.SubFactory(PlanFactory)
    path = factory.Sequence(lambda n: f"3/（一）/{n}")
    title = "提升服务能力"
    position = factory.Sequence(int)


class WorkItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WorkItem

    clause = factory.SubFactory(ClauseFactory)
    code = factory.Sequence(lambda n: f"item-{n}")
    title = "提升乡镇卫生院服务能力"
    position = factory.Sequence(int)


class DataElementFactory(factory.django.DjangoModelFactory):
    """A whole number that happened in the quarter, asked of township hospitals."""

    class Meta:
        model = DataElement

    code = factory.Sequence(lambda n: f"element-{n}")
    name = factory.Sequence(lambda n: f"数据项{n}")
    definition = "本季度发生数。"
    topic = "基本医疗"
    position = factory.Sequence(int)
    type = ElementType.COUNT
    unit = "人次"
    accumulation = Accumulation.FLOW
    kinds = [InstitutionKind.TOWNSHIP_HOSPITAL]
    levels = factory.LazyAttribute(
        lambda element: ["未达标", "基本标准", "推荐标准"] if element.type == ElementType.LEVEL else []
    )


class IndicatorFactory(factory.django.DjangoModelFactory):
    """A total of `element`. Other kinds get what their constraints need: a condition ≥ 1, or a denominator
    (the same quarters of last year, unless given)."""

    class Meta:
        model = Indicator

    code = factory.Sequence(lambda n: f"indicator-{n}")
    name = factory.Sequence(lambda n: f"指标{n}")
    definition = "各单位合计。"
    kind = IndicatorKind.TOTAL
    element = factory.SubFactory(DataElementFactory)
    denominator = factory.LazyAttribute(
        lambda made: implied_denominator(made.kind, getattr(made, "over", None), getattr(made, "constant", ""))
    )
    condition = factory.LazyAttribute(lambda made: ">=" if made.kind in COUNTING_UNITS else "")
    condition_value = factory.LazyAttribute(
        lambda made: Decimal(1) if made.condition and not getattr(made, "against", None) else None
    )
    multiplier = factory.LazyAttribute(lambda made: Decimal(100 if made.kind == IndicatorKind.RATIO else 1))
    unit = factory.LazyAttribute(lambda made: "" if made.kind == IndicatorKind.TOTAL else "%")


class ConditionValueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ConditionValue

    indicator = factory.SubFactory(IndicatorFactory, kind=IndicatorKind.EACH)
    unit_class = "county"
    value = Decimal(2)


class ConstantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Constant

    code = "resident-population"
    region = factory.SubFactory(RegionFactory)
    year = 2023
    value = Decimal(500000)
    source = "统计公报"


class TargetFactory(factory.django.DjangoModelFactory):
    """Of the scope of its indicator's element; `units` adds named ones."""

    class Meta:
        model = Target
        skip_postgeneration_save = True

    item = factory.SubFactory(WorkItemFactory)
    plan = factory.SelfAttribute("item.clause.plan")
    code = factory.Sequence(lambda n: f"target-{n}")
    name = factory.Sequence(lambda n: f"目标{n}")
    position = factory.Sequence(int)
    indicator = factory.SubFactory(IndicatorFactory)
    kinds = factory.LazyAttribute(lambda target: list(target.indicator.element.kinds))
    grades = factory.LazyAttribute(lambda target: list(target.indicator.element.grades))
    ownerships = factory.LazyAttribute(lambda target: list(target.indicator.element.ownerships))
    bureau_level = factory.SelfAttribute("indicator.element.bureau_level")
    quote = "每年完成"
    offset = 0

    @factory.post_generation
    def units(self, create: bool, extracted: list[Any] | None, **kwargs: Any) -> None:
        if create and extracted:
            self.units.set(extracted)


class TermsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Terms

    target = factory.SubFactory(TargetFactory)
    effective_from = date(2023, 1, 1)
    comparator = Comparator.AT_LEAST
    strength = Strength.MUST
    window = Window.YEAR
    schedule = Schedule.EVEN
    made_at = PUBLISHED


class MilestoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Milestone

    terms = factory.SubFactory(TermsFactory)
    due = date(2023, 12, 31)
    value = Decimal(100)


class AllotmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Allotment

    milestone = factory.SubFactory(MilestoneFactory)
    region = factory.SubFactory(RegionFactory)
    value = Decimal(50)


class CheckRuleFactory(factory.django.DjangoModelFactory):
    """A hard one: the elements of `left` come to at most those of `right`."""

    class Meta:
        model = CheckRule
        skip_postgeneration_save = True

    plan = factory.SubFactory(PlanFactory)
    operator = Operator.AT_MOST
    severity = Severity.HARD
    message = "{left} 大于 {right}。"
    made_at = PUBLISHED

    @factory.post_generation
    def left(self, create: bool, extracted: list[DataElement] | None, **kwargs: Any) -> None:
        for element in extracted or ():
            self.terms.create(element=element, is_left=True)

    @factory.post_generation
    def right(self, create: bool, extracted: list[DataElement] | None, **kwargs: Any) -> None:
        for element in extracted or ():
            self.terms.create(element=element, is_left=False)


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    target = factory.SubFactory(TargetFactory)
    region = factory.SubFactory(RegionFactory)
    name = "李四"
    phone = "0371-55500001"


def implied_denominator(kind: str, over: DataElement | None, constant: str) -> str:
    """What a ratio divides by, seen from what was given with it."""
    if kind != IndicatorKind.RATIO:
        return Denominator.NONE
    if over:
        return Denominator.ELEMENT
    return Denominator.CONSTANT if constant else Denominator.LAST_YEAR


def target_with_terms(
    indicator: Indicator, milestones: dict[date, Any], plan: Plan | None = None, **terms: Any
) -> Target:
    """A target of the indicator with its terms and milestones, in `plan` or one of its own.

    target_with_terms(IndicatorFactory(), {date(2023, 12, 31): 800}, schedule=Schedule.AT_DUE)
    """
    parts = {"item__clause__plan": plan} if plan else {}
    target = TargetFactory(indicator=indicator, **parts)
    made = TermsFactory(target=target, **terms)
    for due, value in milestones.items():
        MilestoneFactory(terms=made, due=due, value=value)
    return target
