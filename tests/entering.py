"""One number of a plan entered by itself, where a page would send a whole form."""

from datetime import datetime
from decimal import Decimal

from institutions.models import User
from targets.actions.numbers import AssignedEntry, Entries, OfficialEntry, Values, save
from targets.models import Indicator, Milestone, Plan


def set_constants(
    plan: Plan, year: int, code: str, values: Values, source: str, by: User | None, now: datetime
) -> None:
    """Enter an official number of child regions, or the printed one of the issuer, which is only compared."""
    save(plan, year, Entries(constants={code: OfficialEntry(values, source)}), by, now)


def set_quotas(
    plan: Plan, year: int, indicator: Indicator, values: Values, source: str, by: User | None, now: datetime
) -> None:
    """Enter what was assigned from above (下达任务数); kept as constants under the indicator's code."""
    save(plan, year, Entries(quotas={indicator.code: OfficialEntry(values, source)}), by, now)


def allot(milestone: Milestone, parts: Values, by: User | None, now: datetime) -> None:
    """Pass a quantity to child regions (逐级分解). The sum need not reach the whole: a shortfall is shown."""
    save(milestone.terms.target.plan, milestone.due.year, Entries(parts={milestone.pk: parts}), by, now)


def enter_milestone_value(milestone: Milestone, value: Decimal, document: str, by: User | None, now: datetime) -> None:
    """Give a milestone without a value (目标值待下达) the one that came from above; also in a published plan.

    Once it is there, only a revision changes it.
    """
    entries = Entries(assigned={milestone.pk: AssignedEntry(value, document)})
    save(milestone.terms.target.plan, milestone.due.year, entries, by, now)
