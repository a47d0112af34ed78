"""What one mapping alone cannot show: references, contradictions, days out of order. Pure.

Each check yields problems with lines. A value that could not be read is empty here and is passed over,
because its own problem is already noted.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from institutions.enums import InstitutionKind
from targets.enums import Accumulation, Comparator, Denominator, ElementType, IndicatorKind, Schedule, Window
from targets.periods import Quarter
from targets.plan_file.specs import (
    NO_DAY,
    CheckSpec,
    CitationSpec,
    ClauseSpec,
    ConditionSpec,
    ElementSpec,
    FileProblem,
    HeaderSpec,
    IndicatorSpec,
    ItemSpec,
    Located,
    MilestoneSpec,
    PlanFile,
    QualitativeSpec,
    ScopeSpec,
    TargetSpec,
    can_meet,
)

COUNTING_UNITS = (IndicatorKind.SHARE, IndicatorKind.EACH, IndicatorKind.DELIVERABLE)
WHOLE_TYPES = (ElementType.COUNT, ElementType.YESNO, ElementType.LEVEL, ElementType.DATE)
NUMBERS = (ElementType.COUNT, ElementType.DECIMAL, ElementType.MONEY)
OF_A_REGION = (InstitutionKind.BUREAU, InstitutionKind.SUPERVISION_OFFICE)
MOST_PERCENT = 100
MOST_PLACES = 4
SHARE_PLACES = 2


def check(file: PlanFile) -> Iterator[FileProblem]:
    elements = {element.code: element for element in file.elements}
    indicators = {indicator.code: indicator for indicator in file.indicators}
    yield from check_header(file.header)
    yield from check_codes(file)
    yield from check_paths(file.clauses)
    for element in file.elements:
        yield from check_element(element, elements)
    for indicator in file.indicators:
        yield from check_indicator(indicator, elements)
    for _clause, item in file.items():
        yield from check_item(item, file.header)
    for _clause, _item, target in file.targets():
        yield from check_target(target, file.header, indicators.get(target.indicator), elements)
    for rule in file.checks:
        yield from check_comparison(rule, elements)


def check_header(header: HeaderSpec) -> Iterator[FileProblem]:
    if NO_DAY not in (header.first_day, header.last_day) and header.last_day < header.first_day:
        yield FileProblem(
            header.line("last_day"), _("计划的结束日%s早于开始日%s") % (header.last_day, header.first_day)
        )
    if header.sha256 and (len(header.sha256) != 64 or set(header.sha256) - set("0123456789abcdef")):
        yield FileProblem(header.line("document"), _("文件的sha256应为64位小写十六进制数"))


def check_codes(file: PlanFile) -> Iterator[FileProblem]:
    qualitative = [item for _clause, item in file.items() if item.qualitative]
    targets = [target for _clause, _item, target in file.targets()]
    yield from check_repeated(_("数据项"), [*file.elements, *qualitative])
    yield from check_repeated(_("指标"), [*file.indicators, *qualitative])
    yield from check_repeated(_("工作任务"), [item for _clause, item in file.items()])
    yield from check_repeated(_("目标"), [*targets, *qualitative])


def check_repeated(
    what: str, coded: Iterable[ElementSpec | IndicatorSpec | ItemSpec | TargetSpec]
) -> Iterator[FileProblem]:
    """A qualitative item's code serves for its element, indicator and target, too."""
    first: dict[str, int] = {}
    for each in sorted(coded, key=lambda each: each.line("code")):
        if each.code in first:
            yield FileProblem(each.line("code"), _("%s代号“%s”重复，第%d行已用") % (what, each.code, first[each.code]))
        elif each.code:
            first[each.code] = each.line("code")


def check_paths(clauses: Iterable[ClauseSpec]) -> Iterator[FileProblem]:
    known: dict[str, int] = {}
    for clause in clauses:
        line = clause.line("path")
        if clause.path in known:
            yield FileProblem(line, _("条款号“%s”重复，第%d行已用") % (clause.path, known[clause.path]))
        if clause.parent_path and clause.parent_path not in known:
            yield FileProblem(line, _("条款“%s”之前没有上级条款“%s”") % (clause.path, clause.parent_path))
        known.setdefault(clause.path, line)


def check_scope(scope: ScopeSpec) -> Iterator[FileProblem]:
    if InstitutionKind.BUREAU in scope.kinds and not scope.bureau_level:
        yield FileProblem(scope.line("kinds"), _("填报单位有 bureau 时，须写 bureau_level"))
    if scope.bureau_level and not set(scope.kinds) & set(OF_A_REGION):
        yield FileProblem(scope.line("bureau_level"), _("bureau_level 只用于 %s") % "、".join(OF_A_REGION))


def check_element(element: ElementSpec, elements: dict[str, ElementSpec]) -> Iterator[FileProblem]:
    yield from check_scope(element.asked_of)
    if element.type == ElementType.LEVEL and len(element.levels) < 2:
        yield FileProblem(element.line("levels"), _("数据项“%s”是等级，levels 至少写两级") % element.code)
    if element.type and element.type != ElementType.LEVEL and element.levels:
        yield FileProblem(element.line("levels"), _("数据项“%s”不是等级，不能写 levels") % element.code)
    if element.places > (0 if element.type in WHOLE_TYPES else MOST_PLACES):
        yield FileProblem(element.line("places"), _("数据项“%s”的小数位太多") % element.code)
    if element.type in (ElementType.LEVEL, ElementType.DATE) and element.accumulates == Accumulation.RUNNING:
        yield FileProblem(element.line("accumulates"), _("数据项“%s”是等级或日期，不能累计") % element.code)
    if element.part_of:
        yield from check_part(element, elements)


def check_part(part: ElementSpec, elements: dict[str, ElementSpec]) -> Iterator[FileProblem]:
    line, whole = part.line("part_of"), elements.get(part.part_of)
    if whole is None:
        yield FileProblem(line, _("没有数据项“%s”") % part.part_of)
    elif part.code in chain_of(whole, elements):
        yield FileProblem(line, _("数据项“%s”的 part_of 绕回了自己") % part.code)
    elif not part.asked_of.within(whole.asked_of):
        yield FileProblem(line, _("“%s”与“%s”的填报单位不同，无法比较") % (part.code, whole.code))
    elif part.type and whole.type and part.type != whole.type:
        yield FileProblem(line, _("“%s”与“%s”的类型不同，无法比较") % (part.code, whole.code))


def chain_of(element: ElementSpec, elements: dict[str, ElementSpec]) -> set[str]:
    """The element and every whole above it."""
    codes: set[str] = set()
    above: ElementSpec | None = element
    while above is not None and above.code not in codes:
        codes.add(above.code)
        above = elements.get(above.part_of)
    return codes


def check_indicator(indicator: IndicatorSpec, elements: dict[str, ElementSpec]) -> Iterator[FileProblem]:
    for code, line in indicator.elements():
        if code and code not in elements:
            yield FileProblem(line, _("没有数据项“%s”") % code)
    if indicator.kind:
        yield from check_parts_of_kind(indicator)
    element = elements.get(indicator.element)
    if element and element.type:
        yield from check_type_of_kind(indicator, element)
    if indicator.condition:
        yield from check_condition(indicator, indicator.condition, element)


def check_parts_of_kind(indicator: IndicatorSpec) -> Iterator[FileProblem]:
    """A ratio has a denominator and nothing else has; units are counted by a condition and nothing else is."""
    code, kind = indicator.code, indicator.kind
    if kind == IndicatorKind.RATIO and indicator.denominator is None:
        yield FileProblem(indicator.line("kind"), _("指标“%s”是比率，缺少 denominator") % code)
    if kind != IndicatorKind.RATIO and indicator.denominator is not None:
        yield FileProblem(indicator.line("denominator"), _("指标“%s”不是比率，不能有 denominator") % code)
    if kind in (IndicatorKind.SHARE, IndicatorKind.EACH) and indicator.condition is None:
        yield FileProblem(indicator.line("kind"), _("指标“%s”按单位计数，缺少 condition") % code)
    if kind not in COUNTING_UNITS and indicator.condition is not None:
        yield FileProblem(indicator.line("condition"), _("指标“%s”不按单位计数，不能有 condition") % code)
    if kind != IndicatorKind.RATIO and (indicator.multiplier != 1 or indicator.offset != 0):
        yield FileProblem(indicator.line("multiplier"), _("指标“%s”不是比率，不能有 multiplier 和 offset") % code)
    if indicator.multiplier <= 0:
        yield FileProblem(indicator.line("multiplier"), _("指标“%s”的 multiplier 应大于0") % code)
    if indicator.places > MOST_PLACES:
        yield FileProblem(indicator.line("places"), _("指标“%s”的小数位太多") % code)


def check_type_of_kind(indicator: IndicatorSpec, element: ElementSpec) -> Iterator[FileProblem]:
    code, kind, line = indicator.code, indicator.kind, indicator.line("element")
    if kind == IndicatorKind.QUALITATIVE and element.type != ElementType.LEVEL:
        yield FileProblem(line, _("指标“%s”是定性工作，数据项应为等级") % code)
    if kind in (IndicatorKind.RATIO, IndicatorKind.TOTAL) and element.type in (ElementType.LEVEL, ElementType.DATE):
        yield FileProblem(line, _("指标“%s”要求和，数据项不能是等级或日期") % code)
    if kind in (IndicatorKind.SHARE, IndicatorKind.EACH) and element.type == ElementType.DATE:
        yield FileProblem(line, _("指标“%s”的数据项是日期，应为 deliverable") % code)
    if kind == IndicatorKind.DELIVERABLE and element.type != ElementType.DATE and not indicator.condition:
        yield FileProblem(line, _("指标“%s”的数据项不是日期，缺少 condition") % code)


def check_condition(
    indicator: IndicatorSpec, condition: ConditionSpec, element: ElementSpec | None
) -> Iterator[FileProblem]:
    if condition.by_class and condition.against:
        yield FileProblem(condition.line("by_class"), _("条件与另一数据项比较时，不能再按类别定数"))
    if element is None or element.type not in (ElementType.LEVEL, ElementType.YESNO) or condition.over:
        return
    top = len(element.levels) - 1 if element.type == ElementType.LEVEL else 1
    for value in [condition.value, *(number for _class, number in condition.by_class)]:
        if value is not None and not (0 <= value <= top and value == int(value)):
            yield FileProblem(
                condition.line(), _("指标“%s”的条件应为0到%d的整数，现为%s") % (indicator.code, top, value)
            )


def check_item(item: ItemSpec, header: HeaderSpec) -> Iterator[FileProblem]:
    if bool(item.targets) == bool(item.qualitative):
        yield FileProblem(item.line(), _("工作任务“%s”应有 targets 或 qualitative，且只有一种") % item.code)
    if item.qualitative is None:
        if item.citation:
            yield FileProblem(item.line("citation"), _("工作任务“%s”的引文应写在各目标里") % item.code)
        return
    if item.citation is None:
        yield FileProblem(item.line(), _("工作任务“%s”缺少 citation") % item.code)
    else:
        yield from check_citation(item.citation, header)
    yield from check_qualitative(item.qualitative, header)


def check_qualitative(qualitative: QualitativeSpec, header: HeaderSpec) -> Iterator[FileProblem]:
    yield from check_scope(qualitative.asked_of)
    line = qualitative.line("due")
    yield from check_days([(day, line) for day in qualitative.due], header)
    if len({day.year for day in qualitative.due}) < len(qualitative.due):
        yield FileProblem(line, _("定性工作一年只考核一次"))


def check_days(days: Iterable[tuple[date, int]], header: HeaderSpec) -> Iterator[FileProblem]:
    """Due days are within the plan and rise."""
    before = NO_DAY
    for day, line in days:
        if day == NO_DAY:
            continue
        if NO_DAY not in (header.first_day, header.last_day) and not header.first_day <= day <= header.last_day:
            yield FileProblem(line, _("期限%s不在计划期%s至%s内") % (day, header.first_day, header.last_day))
        if day == before:
            yield FileProblem(line, _("期限%s写了两次") % day)
        if day < before:
            yield FileProblem(line, _("期限%s排在%s之后，应按日期先后写") % (day, before))
        before = day


def check_citation(citation: CitationSpec, header: HeaderSpec) -> Iterator[FileProblem]:
    yield from check_place(citation, citation.quote, citation.offset, header)
    if citation.paragraph < 1:
        yield FileProblem(citation.line("paragraph"), _("引文的段从1数起"))


def check_place(where: Located, quote: str, offset: int, header: HeaderSpec) -> Iterator[FileProblem]:
    if header.characters is not None and offset + len(quote) > header.characters:
        yield FileProblem(where.line("offset"), _("引文位置%d超出文件的%d个字") % (offset, header.characters))


def check_target(
    target: TargetSpec, header: HeaderSpec, indicator: IndicatorSpec | None, elements: dict[str, ElementSpec]
) -> Iterator[FileProblem]:
    yield from check_scope(target.scope)
    if target.citation.quote:
        yield from check_citation(target.citation, header)
    yield from check_days([(each.due, each.line("due")) for each in target.milestones], header)
    for milestone in target.milestones:
        yield from check_milestone(milestone, target, header)
    yield from check_shares(target, header)
    if indicator is None:
        if target.indicator:
            yield FileProblem(target.line("indicator"), _("没有指标“%s”") % target.indicator)
        return
    yield from check_against_indicator(target, indicator, elements)


def check_milestone(milestone: MilestoneSpec, target: TargetSpec, header: HeaderSpec) -> Iterator[FileProblem]:
    is_range = target.comparator == Comparator.RANGE
    if is_range and milestone.high is None and milestone.value is not None:
        yield FileProblem(milestone.line(), _("目标“%s”是区间，节点缺少上限 high") % target.code)
    if target.comparator and not is_range and milestone.high is not None:
        yield FileProblem(milestone.line("high"), _("目标“%s”不是区间，节点不能有 high") % target.code)
    if milestone.high is not None and milestone.value is not None and milestone.high < milestone.value:
        yield FileProblem(milestone.line("high"), _("节点的上限%s低于下限%s") % (milestone.high, milestone.value))
    if milestone.quote and milestone.offset is not None:
        yield from check_place(milestone, milestone.quote, milestone.offset, header)


def check_shares(target: TargetSpec, header: HeaderSpec) -> Iterator[FileProblem]:
    """Cumulative percents, one a quarter of every milestone's journey, ending at 100."""
    shares, line = target.custom_shares, target.line("custom_shares")
    if target.schedule and (target.schedule == Schedule.CUSTOM) != bool(shares):
        yield FileProblem(line, _("目标“%s”的 custom_shares 与 schedule: custom 应同时写") % target.code)
    if not shares:
        return
    if any(share != round(share, SHARE_PLACES) for share in shares):
        yield FileProblem(line, _("目标“%s”的 custom_shares 最多%d位小数") % (target.code, SHARE_PLACES))
    if any(later < earlier for earlier, later in pairwise(shares)):
        yield FileProblem(line, _("目标“%s”的 custom_shares 是累计进度，不能下降") % target.code)
    if shares[0] < 0 or shares[-1] != MOST_PERCENT:
        yield FileProblem(line, _("目标“%s”的 custom_shares 应从不小于0开始，到100结束") % target.code)
    for milestone, quarters in journeys_of(target, header):
        if quarters != len(shares):
            text = _("到%s有%d个季度，custom_shares 却有%d个数")
            yield FileProblem(line, text % (milestone.due, quarters, len(shares)))


def journeys_of(target: TargetSpec, header: HeaderSpec) -> Iterator[tuple[MilestoneSpec, int]]:
    """Each milestone with the number of quarters of its journey (docs/design.md#even)."""
    before: Quarter | None = None
    for milestone in target.milestones:
        if NO_DAY in (milestone.due, header.first_day):
            return
        last, start = Quarter.of(milestone.due), Quarter.of(header.first_day)
        if target.window == Window.YEAR:
            start = max(start, Quarter(last.year, 1))
        if before is not None:
            start = max(start, before + 1)
        yield milestone, last - start + 1
        before = last


def check_against_indicator(
    target: TargetSpec, indicator: IndicatorSpec, elements: dict[str, ElementSpec]
) -> Iterator[FileProblem]:
    used = [elements[code] for code, _line in indicator.elements() if code in elements]
    for element in used:
        if element.asked_of.kinds and not target.scope.within(element.asked_of):
            text = _("目标“%s”的范围里有不填报“%s”的单位")
            yield FileProblem(target.line("scope"), text % (target.code, element.code))
    on_stock = bool(used) and used[0].accumulates == Accumulation.STOCK
    if on_stock and target.schedule == Schedule.EVEN and target.baseline is None:
        yield FileProblem(target.line("schedule"), _("目标“%s”的数据项是季末数，没有 baseline 不能 even") % target.code)
    if indicator.kind == IndicatorKind.QUALITATIVE and target.schedule not in ("", Schedule.AT_DUE):
        yield FileProblem(target.line("schedule"), _("目标“%s”是定性工作，只能 at_due") % target.code)
    top = top_value(indicator)
    for milestone in target.milestones:
        for key, value in (("value", milestone.value), ("high", milestone.high)):
            if top is not None and value is not None and not 0 <= value <= top:
                text = _("目标“%s”的节点值应在0到%s之间，现为%s")
                yield FileProblem(milestone.line(key), text % (target.code, top, value))
    divisor = indicator.denominator
    if divisor and divisor.kind == Denominator.LAST_YEAR and target.window == Window.PLAN:
        yield FileProblem(target.line("window"), _("目标“%s”与上年同期比较，window 应为 year") % target.code)


def top_value(indicator: IndicatorSpec) -> Decimal | None:
    """The highest value that a milestone can have; None where there is no such limit."""
    counted = indicator.kind in COUNTING_UNITS or indicator.kind == IndicatorKind.QUALITATIVE
    return Decimal(MOST_PERCENT) if counted else None


# --- Checks between the numbers of a return -----------------------------------------------------------------------


def check_comparison(rule: CheckSpec, elements: dict[str, ElementSpec]) -> Iterator[FileProblem]:
    named = list(rule.elements())
    for code, line in named:
        if code not in elements:
            yield FileProblem(line, _("没有数据项“%s”") % code)
    codes = [code for code, _line in named]
    if len(set(codes)) < len(codes):
        yield FileProblem(rule.line("right"), _("校验规则里同一个数据项写了两次"))
    known = [elements[code] for code in codes if code in elements]
    if len(known) < len(codes):
        return
    if not can_meet(element.asked_of for element in known):
        yield FileProblem(rule.line("right"), _("这些数据项没有共同的填报单位，无法比较"))
    yield from check_kinds(rule, [elements[code] for code in rule.left], [elements[code] for code in rule.right])


def check_kinds(rule: CheckSpec, left: list[ElementSpec], right: list[ElementSpec]) -> Iterator[FileProblem]:
    """Numbers are compared with numbers, and added up only in one unit; all else is compared one with one."""
    both = [*left, *right]
    if any(element.type not in NUMBERS for element in both):
        is_pair = len(left) == len(right) == 1 and are_alike(left[0], right[0])
        if not is_pair or rule.factor != 1 or rule.number != 0:
            text = _("是否、等级和日期只能一项对同类的一项比较，不能相加，也不能有倍数和加数")
            yield FileProblem(rule.line("left"), text)
        return
    for key, side in (("left", left), ("right", right)):
        if len({(element.unit, element.type == ElementType.MONEY) for element in side}) > 1:
            yield FileProblem(rule.line(key), _("同一边的数据项单位不同，不能相加"))
    if right and rule.factor == 0:
        yield FileProblem(rule.line("factor"), _("倍数不能是0"))


def are_alike(one: ElementSpec, other: ElementSpec) -> bool:
    return one.type == other.type and one.levels == other.levels
