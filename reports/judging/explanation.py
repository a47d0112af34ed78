"""Why a result is what it is, as one sentence in Chinese. Pure; kept with the result.

The sentence is a record like the figures themselves, so it is written in Chinese whatever the
language of the page.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from reports.base import numbers
from reports.base.enums import Cause, Status
from reports.judging.status import Judgement, TallyInputs, goes_by_steps
from reports.judging.terms import EffectiveTerms
from reports.judging.trajectory import AssessedTerms
from targets.enums import Comparator, IndicatorKind

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
    Cause.UNREVIEWED: "报送后逾期未审核，尚无可用数据",
    Cause.BEHIND: "严重滞后",
    Cause.PARTLY: "已到期，全部单位至少基本完成，但未全部完成",
    Cause.PENDING: "有报表待审核",
    Cause.AWAITED: "有报表尚未报送且未过期限",
    Cause.NO_TARGET_VALUE: "目标值待下达",
    Cause.NO_CONSTANT: "基础数据未录入",
    Cause.NO_LAST_YEAR: "缺上年同期数",
    Cause.LATE_DONE: "逾期完成",
}
SIGNS = {Comparator.AT_LEAST: "不低于", Comparator.AT_MOST: "不高于", Comparator.RANGE: "在"}


def explain(assessed: AssessedTerms, count: TallyInputs, result: Judgement) -> str:
    """The whole sentence: what was asked by when, what was reached, who answered, and so the verdict."""
    parts = [asked_words(assessed), reached_words(assessed.terms, count, result), line_words(assessed, result)]
    parts += [answered_words(count), verdict_words(result)]
    return "；".join(part for part in parts if part) + "。"


def amount_text(terms: EffectiveTerms, value: Fraction | Decimal | None, against: Fraction | None = None) -> str:
    places = 2 if terms.counts_units else terms.places
    unit = "%" if terms.counts_units else terms.unit
    return numbers.text(value, unit, places, against, trim=True)


@lru_cache
def asked_words(assessed: AssessedTerms) -> str:
    """The same for all the regions that share these terms."""
    terms, milestone = assessed.terms, assessed.milestone
    day = f"{milestone.due.year}年{milestone.due.month}月{milestone.due.day}日"
    if milestone.value is None:
        return f"目标值待下达（期限{day}）"
    value = amount_text(terms, milestone.value)
    if terms.comparator == Comparator.RANGE and milestone.high is not None:
        value = f"{value}至{amount_text(terms, milestone.high)}之间"
    elif milestone.high is not None:
        value += f"（文件写明上限 {amount_text(terms, milestone.high)}）"
    return f"{day}前应{SIGNS[terms.comparator]} {value}"


def reached_words(terms: EffectiveTerms, count: TallyInputs, result: Judgement) -> str:
    if result.value is None:
        return "尚无可计算的数值"
    value = amount_text(terms, result.value, result.milestone.value)
    if terms.at_unit and count.need:
        have, need = numbers.text(count.have, trim=True), numbers.text(count.need, trim=True)
        return f"本单位应完成 {need}，已完成 {have}"
    if terms.counts_units:
        return f"现为 {value}（{plain_number(count.numerator)}/{plain_number(count.denominator)} 家）"
    if terms.kind == IndicatorKind.RATIO:
        return f"现为 {value}（{plain_number(count.numerator)} ÷ {plain_number(count.denominator)}）"
    return f"现为 {value}"


def plain_number(value: Fraction) -> str:
    return numbers.text(value, places=0 if value.denominator == 1 else 2)


def line_words(assessed: AssessedTerms, result: Judgement) -> str:
    """What should have been reached by now, where the schedule says so, and how far from it."""
    if result.expected is None or result.status in (Status.NOT_DUE, Status.SHOWN, Status.NOT_APPLICABLE):
        return ""
    terms, trajectory, expected = assessed.terms, assessed.trajectory, ""
    if trajectory and goes_by_steps(terms, trajectory):
        expected = f"按进度至{assessed.quarter.in_chinese}末应达 {amount_text(terms, result.expected)}"
    return "，".join(part for part in (expected, lag_words(result)) if part)


def lag_words(result: Judgement) -> str:
    if not isinstance(result.lag, Fraction) or result.lag <= 0 or result.status == Status.MET:
        return ""
    return f"落后 {numbers.text(result.lag, places=1, trim=True)} 个进度百分点"


def answered_words(count: TallyInputs) -> str:
    """n of N, and who is still out and why."""
    others = [
        (count.pending, "待审"),
        (count.awaited, "待报"),
        (count.missing, "未报"),
        (count.overdue_review, "逾期未审"),
        (count.not_applicable, "不适用"),
    ]
    tail = "".join(f"，{name} {number} 家" for number, name in others if number)
    return f"应报 {count.units} 家，已报 {count.reported} 家{tail}"


def verdict_words(result: Judgement) -> str:
    if result.cause == Cause.MISSING_UNITS:
        return f"缺 {result.absent} 家数据，最高判为滞后"
    why = CAUSES.get(result.cause, "")
    return f"{why}，判为{VERDICTS[result.status]}" if why else f"判为{VERDICTS[result.status]}"
