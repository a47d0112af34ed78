"""What a page of the board is about: the plan, region and quarter of its address, or where it opens by itself."""

from dataclasses import dataclass
from typing import NoReturn

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from institutions.clock import today
from institutions.models import Region
from institutions.permissions import Person, top_region, visible_regions
from institutions.queries import get_visible_region_or_404, region_on, regions_within
from reports.models import ReturnPeriod
from reports.scope.queries import last_due, periods_of, plans_below, plans_judging
from reports.scope.selectors import Selectors, selectors_for
from targets.models import Plan
from targets.periods import Quarter

OWN = ("plan", "region", "quarter", "page")


@dataclass(frozen=True, slots=True)
class PageScope:
    """region: as it was when the quarter ended.

    plan or period are None where there is none yet; the page then says what to do next."""

    region: Region
    plan: Plan | None
    plans: list[Plan]
    period: ReturnPeriod | None
    periods: list[ReturnPeriod]

    @property
    def quarter(self) -> Quarter | None:
        return Quarter.from_ordinal(self.period.quarter) if self.period else None


def read_page_scope(request: HttpRequest, newest: bool = False, plan_id: int | None = None) -> PageScope:
    """Reads plan, region and quarter from the address; what one may not see, or is not there, is a 404.

    newest: without a quarter, open with the newest one rather than the last whose due date is past.
    plan_id: the plan is settled by what the page is about.
    """
    from_address = request.GET.get("region", "")
    region = region_in_address(request.user, from_address) if from_address else opening_region(request.user)
    plans = list(plans_judging(region))
    if not plans and not from_address and (below := plans_below(region).first()):
        plans, region = [below], below.issuer
    plan = plan_in_address(plans, str(plan_id or request.GET.get("plan", "")))
    periods = periods_of(plan) if plan else []
    period = period_in_address(periods, request.GET.get("quarter", ""), newest)
    if period is not None:
        region = region_on(region, Quarter.from_ordinal(period.quarter).last_day)
    return PageScope(region, plan, plans, period, periods)


def opening_region(user: Person) -> Region:
    region = top_region(user)
    if region is None:
        raise PermissionDenied
    return region


def region_in_address(user: Person, text: str) -> Region:
    return get_visible_region_or_404(user, whole_number(text))


def plan_in_address(plans: list[Plan], text: str) -> Plan | None:
    if not text:
        return plans[0] if plans else None
    return next((plan for plan in plans if plan.pk == whole_number(text)), None) or raise_missing()


def period_in_address(periods: list[ReturnPeriod], text: str, newest: bool) -> ReturnPeriod | None:
    if not text:
        return (periods[-1] if periods else None) if newest else last_due(periods, today())
    try:
        ordinal = Quarter.parse(text).ordinal
    except ValueError:
        raise Http404 from None
    return next((period for period in periods if period.quarter == ordinal), None) or raise_missing()


def whole_number(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Http404
    return int(text)


def raise_missing() -> NoReturn:
    raise Http404


def page_selectors(request: HttpRequest, scope: PageScope) -> Selectors | None:
    if scope.plan is None or scope.quarter is None:
        return None
    return selectors_for(
        plan=scope.plan,
        plans=scope.plans,
        region=scope.region,
        regions=regions_of(request.user, scope.plan, scope.quarter),
        quarter=scope.quarter,
        quarters=[Quarter.from_ordinal(period.quarter) for period in scope.periods],
        kept=tuple((name, str(value)) for name, value in request.GET.items() if name not in OWN and value),
    )


def regions_of(user: Person, plan: Plan, quarter: Quarter) -> list[Region]:
    """The places that the plan judges and the person reads, as they were when the quarter ended, the higher first."""
    found = regions_within(plan.issuer_id, quarter.last_day).filter(region__level__in=plan.judged_levels)
    return found.filter(region__in=visible_regions(user)).highest_first().shown()
