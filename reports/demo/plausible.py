"""A value for any data element, made of what its targets want of it: it drifts towards the milestone at the pace of
its place, some ahead, some behind. Shares only rise, running totals are sums, a part stays within its whole.

Source of the shape: docs/judging.md. The numbers in here are invented.
"""

from collections.abc import Callable
from decimal import ROUND_DOWN, Decimal
from math import ceil
from random import Random

from reports.demo.demo_plan import DemoPlan, ElementGoal
from reports.demo.simulated_unit import SEED, SimulatedUnit
from reports.questions.answers import NOT_DONE, places_of
from targets.enums import Accumulation, Comparator, Denominator, ElementType, IndicatorKind, Schedule
from targets.models import DataElement

# Of 100 residents, by a word in the element's name; the first that fits. Money: yuan a head and year.
A_HUNDRED = (
    *(("补助人口", 100), ("常住人口", 100), ("65岁", 13.2), ("老年人", 13.2), ("重点人群", 27), ("低收入", 4)),
    *(("脱贫", 2.2), ("建档立卡", 3.1), ("高血压", 8.6), ("糖尿病", 2.7), ("精神障碍", 0.4), ("结核", 0.05)),
    *(("艾滋病", 0.03), ("梅毒", 0.2), ("孕产妇", 0.9), ("新生儿", 0.8), ("儿童", 5.5), ("残疾", 2.4)),
    *(("就诊", 110), ("诊疗", 110), ("住院", 2.6), ("岗位", 0.09), ("医师", 0.08), ("乡村医生", 0.07)),
    *(("人员", 0.12), ("行政村", 0.026), ("居委会", 0.012), ("社区", 0.012), ("邻里中心", 0.002), ("床位", 0.3)),
)
YUAN = (("筹资", 740), ("医保基金", 740), ("补助", 69), ("绩效", 310), ("药品", 95))
BY_UNIT = {"人": 6, "人次": 40, "名": 0.05, "份": 6, "户": 9, "元": 40}
FEWEST = {"种": 180}
HABIT = 0.75  # where a share stood before the plan, as a part of what is wanted
NO_USE = 0.04  # of the units have nothing to tell where 不适用 is allowed
NEVER = 0.04  # of what is asked for in words is not brought to its end by anybody


def plausible(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float | Decimal | None:
    """The answer as a number; None is 不适用."""
    root = element.whole or element
    if root.allow_not_applicable and element.allow_not_applicable and simulated.luck(f"none {root.code}") < NO_USE:
        return None
    value = BY_TYPE[ElementType(element.type)](simulated, element, demo_plan)
    return within_whole(value, simulated, element, demo_plan)


def within_whole(
    value: float | Decimal, simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan
) -> Decimal:
    kept = Decimal(value).quantize(Decimal(1).scaleb(-places_of(element)), ROUND_DOWN)
    whole = element.whole and demo_plan.elements.get(element.whole.code)
    limit = plausible(simulated.about(whole.code), whole, demo_plan) if whole else None
    return kept if limit is None else min(kept, Decimal(limit))


# --- How far along ------------------------------------------------------------------------------------------------


def edge(simulated: SimulatedUnit) -> float:
    """What a unit reaches in the end, as a part of what is wanted: a little over 1 at the plan's own pace."""
    return 1 + 0.35 * (simulated.behaviour.pace - 1) + 0.1 * (simulated.turn() - 0.35)


def risen(goal: ElementGoal, simulated: SimulatedUnit) -> float:
    """The part of the wanted share that stands at quarter end; a way down is the same way turned over."""
    top = edge(simulated)
    if goal.effective.schedule == Schedule.HOLD:
        return top
    from_start = goal.start / goal.wanted if goal.start and goal.wanted else HABIT
    return (from_start + (1 - from_start) * goal.elapsed) * top


def passes(goal: ElementGoal, simulated: SimulatedUnit, element: DataElement) -> bool:
    """Whether the unit is one of those that meet the condition by now; of what adds up, in the end."""
    wanted = (100.0 if goal.wanted is None else goal.wanted) / 100
    slack = 0.35 * (simulated.behaviour.pace - 1) + 0.04
    is_settled = goal.effective.schedule == Schedule.HOLD or element.accumulation != Accumulation.STOCK
    on_the_way = 1.0 if is_settled else 0.45 + 0.55 * goal.elapsed
    if goal.effective.comparator == Comparator.AT_MOST:
        return simulated.turn((element.whole or element).code) < 1 - (1 - wanted) * (1 - slack) * on_the_way
    return simulated.turn((element.whole or element).code) < wanted * (1 + slack) * on_the_way


def earlier(simulated: SimulatedUnit) -> SimulatedUnit | None:
    """The same unit a quarter before; None where the year or the plan began since."""
    before = simulated.quarter - 1
    return None if before.year != simulated.quarter.year or before < simulated.first else simulated.at(before)


# --- By type ------------------------------------------------------------------------------------------------------


def level(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> int:
    goals = demo_plan.goals_for(element.code, simulated.unit, simulated.quarter)
    if any(goal.kind == IndicatorKind.QUALITATIVE for goal in goals):
        return state(max(goal.elapsed for goal in goals), simulated)
    conditions = [goal for goal in goals if goal.numbers]
    if not conditions:
        return int(simulated.turn() * len(element.levels))
    reached = [int(goal.number_for(simulated.unit)) for goal in conditions if passes(goal, simulated, element)]
    return min(max(reached, default=0), len(element.levels) - 1)


def state(elapsed: float, simulated: SimulatedUnit) -> int:
    """未, 基本, 全部: what is hard is hard for all, and hardest for the slow."""
    ease = Random(f"{SEED} {simulated.element}").random()
    progress = elapsed * simulated.behaviour.pace**0.5 * (0.75 + 0.45 * ease + 0.12 * simulated.luck())
    return int(progress >= 0.4) + int(progress >= 0.85 and ease > NEVER)


def yes_or_no(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> int:
    if element.accumulation == Accumulation.STOCK:
        return int(is_so(simulated, element, demo_plan))
    before = earlier(simulated)
    return int(is_so(simulated, element, demo_plan) and not (before and is_so(before, element, demo_plan)))


def is_so(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> bool:
    goals = demo_plan.goals_for(element.code, simulated.unit, simulated.quarter)
    if not goals:
        return simulated.turn() < 0.6
    goal = goals[0]
    if goal.kind == IndicatorKind.TOTAL:
        return demo_plan.part_of(goal, simulated.unit) > 0 and goal.elapsed * edge(simulated) >= 0.7
    return passes(goal, simulated, element)


def done_on(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> Decimal:
    """Some weeks before the day, or not at all; nobody tells of a day to come."""
    goals = demo_plan.goals_for(element.code, simulated.unit, simulated.quarter)
    due = goals[0].milestone.due if goals else demo_plan.plan.last_day
    day = due.toordinal() - int(10 + 60 * simulated.luck())
    is_done = simulated.behaviour.pace >= 0.8 and day <= simulated.quarter.last_day.toordinal()
    return Decimal(day) if is_done else NOT_DONE


def number(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float:
    """A stock as it stands, a running total since January, a flow as what the quarter added to that."""
    value = settled(amount(simulated, element, demo_plan), element)
    before = earlier(simulated) if element.accumulation == Accumulation.FLOW else None
    return value - settled(amount(before, element, demo_plan), element) if before else value


def settled(value: float, element: DataElement) -> float:
    return float(int(value)) if not places_of(element) else round(value, places_of(element))


BY_TYPE: dict[ElementType, Callable[[SimulatedUnit, DataElement, DemoPlan], float | Decimal]] = {
    ElementType.COUNT: number,
    ElementType.DECIMAL: number,
    ElementType.MONEY: number,
    ElementType.YESNO: yes_or_no,
    ElementType.LEVEL: level,
    ElementType.DATE: done_on,
}


# --- Numbers ------------------------------------------------------------------------------------------------------


def amount(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float:
    """A stock at quarter end, or what has added up since January."""
    for goal in demo_plan.goals_for(element.code, simulated.unit, simulated.quarter):
        found = BY_KIND[goal.kind](goal, simulated, element, demo_plan)
        if found is not None:
            return found
    return usual(simulated, element, demo_plan)


def of_ratio(goal: ElementGoal, simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float | None:
    base = base_of(goal, simulated, demo_plan)
    if base is None or goal.wanted is None:
        return None
    effective = goal.effective
    high = goal.wanted if goal.milestone.high is None else float(goal.milestone.high)
    wanted = (goal.wanted + 0.4 * (high - goal.wanted) - float(effective.offset)) / float(effective.multiplier)
    of_base = wanted * along(goal, simulated, element)
    is_part = goal.over is not None and effective.multiplier == 100
    return base * (min(1.0, of_base) if is_part else of_base)


def along(goal: ElementGoal, simulated: SimulatedUnit, element: DataElement) -> float:
    """The part of what is wanted that there is by now. What adds up over a base that does not, adds up by quarters."""
    adds_up = element.accumulation != Accumulation.STOCK
    base_stands = goal.over is None or goal.over.accumulation == Accumulation.STOCK
    if adds_up and base_stands:
        return edge(simulated) * simulated.quarter.number / 4
    so_far = risen(goal, simulated)
    if element.accumulation != Accumulation.RUNNING:
        so_far *= 1 + 0.016 * (simulated.noise() - 0.5)
    return max(0.0, 2 - so_far) if goal.effective.comparator == Comparator.AT_MOST else so_far


def base_of(goal: ElementGoal, simulated: SimulatedUnit, demo_plan: DemoPlan) -> float | None:
    """What the ratio divides by, of this unit alone."""
    indicator = goal.target.indicator
    if goal.over is not None:
        return amount(simulated.about(goal.over.code), goal.over, demo_plan)
    if indicator.denominator == Denominator.LAST_YEAR:
        return usual(simulated, indicator.element, demo_plan)
    return demo_plan.official_of(goal.constant, simulated.quarter.year, indicator.element, simulated.unit)


def of_total(goal: ElementGoal, simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float | None:
    if goal.wanted is None:
        return None
    part = demo_plan.part_of(goal, simulated.unit)
    return int(part * goal.elapsed * edge(simulated) + 0.5 * simulated.luck("round")) if part else 0.0


def of_condition(
    goal: ElementGoal, simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan
) -> float | None:
    """What the unit needs to meet the condition, or somewhat less; of what adds up, so far."""
    ends_at = needed_by(goal, simulated, demo_plan) * of_needed(goal, simulated, passes(goal, simulated, element))
    if element.accumulation != Accumulation.STOCK:
        return ends_at * min(1.0, goal.elapsed + 0.05)
    return ends_at if places_of(element) else ceil(ends_at)


def of_needed(goal: ElementGoal, simulated: SimulatedUnit, enough: bool) -> float:
    if not enough:
        short = 0.6 + 0.35 * simulated.turn()
    elif goal.over is None and goal.against is None:
        short = 1.0
    else:
        short = 1 + 0.15 * simulated.turn()
    return 2 - short if goal.target.indicator.condition == "<=" else short


def needed_by(goal: ElementGoal, simulated: SimulatedUnit, demo_plan: DemoPlan) -> float:
    if goal.against is not None:
        return amount(simulated.about(goal.against.code), goal.against, demo_plan)
    over = 1.0 if goal.over is None else amount(simulated.about(goal.over.code), goal.over, demo_plan)
    return goal.number_for(simulated.unit) * over


def nothing(goal: ElementGoal, simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float | None:
    return None


BY_KIND: dict[IndicatorKind, Callable[[ElementGoal, SimulatedUnit, DataElement, DemoPlan], float | None]] = {
    IndicatorKind.RATIO: of_ratio,
    IndicatorKind.TOTAL: of_total,
    IndicatorKind.SHARE: of_condition,
    IndicatorKind.EACH: of_condition,
    IndicatorKind.DELIVERABLE: of_condition,
    IndicatorKind.QUALITATIVE: nothing,
}


def usual(simulated: SimulatedUnit, element: DataElement, demo_plan: DemoPlan) -> float:
    """What there is of a thing that no target wants more of: by name and unit, of the people served."""
    size = demo_plan.people_of(simulated.unit) * per_head(element) * (0.92 + 0.16 * simulated.turn())
    least = FEWEST.get(element.unit, 3) * (1 + simulated.turn())
    if element.accumulation == Accumulation.STOCK:
        return max(least, size)
    quarters = simulated.of_year()
    return sum(max(least, size) / 4 * (0.94 + 0.12 * simulated.noise(quarter)) for quarter in quarters)


def per_head(element: DataElement) -> float:
    words = YUAN if element.type == ElementType.MONEY else A_HUNDRED
    found = next((share for word, share in words if word in element.name), BY_UNIT.get(element.unit, 0.0))
    return found if element.type == ElementType.MONEY else found / 100
