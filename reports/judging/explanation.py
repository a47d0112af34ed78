"""Why a result is what it is, as one sentence in Chinese. Pure; kept with the result.

The sentence is a record like the figures themselves, so it is written in Chinese whatever the
language of the page.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from reports.base import numbers
from reports.base.enums import Cause, Status
from reports.judging.status import Judgement, TallyInputs, goes_by_steps, needed_of, value_of
from reports.judging.terms import EffectiveTerms, MilestonePoint
from reports.judging.trajectory import AssessedTerms
from targets.enums import Comparator, IndicatorKind, Strength

VERDICTS = {
    Status.MET: "达标",
    Status.NOT_DUE: "未到期，到期再考核",
    Status.GREEN: "进度正常",
    Status.AMBER: "滞后",
    Status.RED: "未达标",
    Status.NO_DATA: "数据不足，暂不判定",
    Status.NOT_APPLICABLE: "不适用",
    Status.SHOWN: "允许性条款，只展示数值，不作判定",
}
CAUSES = {
    Cause.OVERDUE: "期限已到",
    Cause.SLIPPED: "此前的节点目标未达到或未保持",
    Cause.UNREPORTED: "无一单位报送，按未报处理",
    Cause.SILENT: "本季无人报送，按未报处理",
    Cause.UNREVIEWED: "报送后逾期未审核，尚无可用数据",
    Cause.LATE_PENDING: "本季报表均为补报待审，尚无核定数",
    Cause.BEHIND: "严重滞后",
    Cause.PARTLY: "已到期，全部单位至少基本完成，但未全部完成",
    Cause.PENDING: "有报表待审核",
    Cause.AWAITED: "有报表尚未报送且未过期限",
    Cause.NO_TARGET_VALUE: "目标值待下达",
    Cause.NO_CONSTANT: "基础数据未录入",
    Cause.NO_LAST_YEAR: "缺上年同期数",
    Cause.CLOSED: "全部单位已关停",
    Cause.LATE_DONE: "逾期完成",
}
SIGNS = {Comparator.AT_LEAST: "不低于", Comparator.AT_MOST: "不高于", Comparator.RANGE: "在"}
WILL = {Strength.MUST: "应", Strength.AIM: "力争", Strength.PERMISSION: "可"}
PLACES = {"province": "个省份", "city": "个市", "county": "个县区", "township": "个乡镇街道"}


def explain(assessed: AssessedTerms, count: TallyInputs, result: Judgement) -> str:
    """The whole sentence: what was asked by when, what was reached, who answered and who is not in it, and so the
    verdict."""
    terms = assessed.terms
    parts = [asked_words(assessed), reached_words(terms, count, result), line_words(assessed, result)]
    parts += [slipped_words(terms, count, result), answered_words(count), *outside_words(terms, count)]
    return "；".join(part for part in [*parts, verdict_words(terms, count, result)] if part) + "。"


def amount_text(terms: EffectiveTerms, value: Fraction | Decimal | None, lines: Sequence[Fraction | None] = ()) -> str:
    """In the indicator's unit, rounded but not across the nearest of the lines beside which it stands."""
    places = 2 if terms.counts_units else terms.places
    unit = "%" if terms.counts_units else terms.unit
    line = None if value is None else numbers.nearest_line(value, lines)
    return numbers.text(value, unit, places, line, trim=True)


@lru_cache
def asked_words(assessed: AssessedTerms) -> str:
    """The same for all the regions that share these terms."""
    terms, milestone = assessed.terms, assessed.milestone
    day, value = day_words(milestone), bound_words(terms, milestone)
    if milestone.value is None:
        return f"目标值待下达（期限{day}）"
    will, sign = WILL[terms.strength], SIGNS[terms.comparator]
    if assessed.trajectory and assessed.trajectory.as_hold:
        if terms.comparator == Comparator.AT_MOST:
            return f"至{day}任何时候{will}{sign} {value}"
        return f"至{day}{will}始终保持{sign} {value}"
    return f"{day}前{will}{sign} {value}"


def day_words(milestone: MilestonePoint) -> str:
    return f"{milestone.due.year}年{milestone.due.month}月{milestone.due.day}日"


def bound_words(terms: EffectiveTerms, milestone: MilestonePoint) -> str:
    value = amount_text(terms, milestone.value)
    if terms.comparator == Comparator.RANGE and milestone.high is not None:
        return f"{value}至{amount_text(terms, milestone.high)}之间"
    return value if milestone.high is None else f"{value}（文件写明上限 {amount_text(terms, milestone.high)}）"


def reached_words(terms: EffectiveTerms, count: TallyInputs, result: Judgement) -> str:
    if result.value is None:
        return "尚无可计算的数值"
    value = amount_text(terms, result.value, (result.milestone.value, result.milestone.high, result.expected))
    if terms.at_unit and count.need:
        have, need = numbers.text(count.have, trim=True), numbers.text(count.need, trim=True)
        return f"本单位应完成 {need}，已完成 {have}"
    return f"现为 {value}{sides_words(terms, count.numerator, count.denominator)}"


def sides_words(terms: EffectiveTerms, numerator: Fraction, denominator: Fraction) -> str:
    """The two numbers behind a value; a total has none."""
    if terms.counts_units:
        return f"（{plain_number(numerator)}/{plain_number(denominator)} 家）"
    if terms.kind == IndicatorKind.RATIO:
        return f"（{plain_number(numerator)} ÷ {plain_number(denominator)}）"
    return ""


def plain_number(value: Fraction) -> str:
    return numbers.text(value, places=0 if value.denominator == 1 else 2)


def line_words(assessed: AssessedTerms, result: Judgement) -> str:
    """What should have been reached by now, where the schedule says so, and how far from it."""
    if result.expected is None or result.status in (Status.NOT_DUE, Status.SHOWN, Status.NOT_APPLICABLE):
        return ""
    terms, trajectory, expected = assessed.terms, assessed.trajectory, ""
    if trajectory and goes_by_steps(terms, trajectory):
        expected = f"按进度至{assessed.quarter.in_chinese}末应达 {amount_text(terms, result.expected, (result.value,))}"
    return "，".join(part for part in (expected, lag_words(terms, result)) if part)


def lag_words(terms: EffectiveTerms, result: Judgement) -> str:
    if not isinstance(result.lag, Fraction) or result.lag <= 0 or result.status == Status.MET:
        return ""
    return f"落后 {numbers.text(numbers.rounded_lag(result.lag, terms.amber), places=1, trim=True)} 个进度百分点"


def slipped_words(terms: EffectiveTerms, count: TallyInputs, result: Judgement) -> str:
    """The earlier milestone that does not hold, with its own value, what stands against it, and what cures it."""
    milestone = result.slipped
    if milestone is None:
        return ""
    asked = f"节点目标 {day_words(milestone)} {SIGNS[terms.comparator]} {bound_words(terms, milestone)} 未保持"
    kept = value_of(terms, count.kept_numerator, count.kept_denominator)
    if kept is None:
        return f"{asked}，尚无已核定数"
    value = amount_text(terms, kept, (milestone.value, milestone.high))
    sides = sides_words(terms, count.kept_numerator, count.kept_denominator)
    return f"{asked}，按已核定数为 {value}{sides}，{cure_words(terms, count, kept, milestone)}"


def cure_words(terms: EffectiveTerms, count: TallyInputs, kept: Fraction, milestone: MilestonePoint) -> str:
    if terms.comparator == Comparator.RANGE and milestone.high is not None and kept > milestone.high:
        return f"降到 {amount_text(terms, milestone.high)} 即恢复"
    if terms.comparator == Comparator.AT_MOST or not terms.counts_units or milestone.value is None:
        way = "降到" if terms.comparator == Comparator.AT_MOST else "升到"
        return f"{way} {amount_text(terms, milestone.value)} 即恢复"
    standing = replace(count, numerator=count.kept_numerator, denominator=count.kept_denominator)
    needed = needed_of(replace(terms, at_unit=False), standing, milestone.value)
    return f"补足 {numbers.text(needed)} 家即恢复"


def answered_words(count: TallyInputs) -> str:
    """n of N, and who is still out and why."""
    others = [
        (count.pending, "待审"),
        (count.awaited, "待报"),
        (count.missing - count.late_review, "未报"),
        (count.late_review, "补报待审"),
        (count.overdue_review, "逾期未审"),
        (count.not_applicable, "不适用"),
    ]
    tail = "".join(f"，{name} {number} 家" for number, name in others if number)
    return f"应报 {count.units} 家，已报 {count.reported} 家{tail}"


def outside_words(terms: EffectiveTerms, count: TallyInputs) -> list[str]:
    """Who has no part in the value: without its base, without a denominator, closed."""
    found = []
    if count.unbased:
        found.append(f"{base_words(terms, count.based)}有{base_name(terms)}已计入，{lacking_words(terms, count)}未计入")
    if count.left_out:
        found.append(f"{count.left_out} 家无分母可用，两边均未计入")
    if count.closed:
        kept = count.units == 0 and count.given
        found.append(f"{count.closed} 家已关停" + ("，按此前完成数判定" if kept else ""))
    return found


def base_name(terms: EffectiveTerms) -> str:
    return "基础数据" if terms.by_official else "上年同期数"


def base_words(terms: EffectiveTerms, number: int) -> str:
    return f"{number} {PLACES.get(terms.base_level, '个地区') if terms.by_official else '家'}"


def lacking_words(terms: EffectiveTerms, count: TallyInputs) -> str:
    """缺 1 个县区基础数据; 缺 2 家上年同期数."""
    return f"缺 {base_words(terms, count.unbased)}{base_name(terms)}"


def verdict_words(terms: EffectiveTerms, count: TallyInputs, result: Judgement) -> str:
    if result.cause == Cause.MISSING_UNITS:
        return f"缺 {result.absent} 家数据，最高判为滞后"
    if result.cause == Cause.MISSING_BASE:
        return f"{lacking_words(terms, count)}，最高判为滞后"
    why = CAUSES.get(result.cause, "")
    return f"{why}，判为{VERDICTS[result.status]}" if why else f"判为{VERDICTS[result.status]}"
