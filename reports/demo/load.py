"""Everything of one place's demo, once: register, people, plan, what was handed down, history, the end of the plan."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from institutions import audit
from institutions.actions import members, regions, register
from institutions.demo import PASSWORD, PROFILES, Demo, DemoAccount, draw_demo
from institutions.models import AuditRecord, Institution, Region, User
from institutions.roster import read_places
from reports.demo.demo_plan import DemoPlan
from reports.demo.handed_down import hand_down
from reports.demo.history import PlaceHistory
from reports.demo.people import PLACES_FILE, residents_by_region
from reports.demo.replay import replay
from targets.actions import plans
from targets.enums import PlanState
from targets.models import Plan
from targets.periods import Quarter
from targets.plan_file import read

PLAN_FILES = Path(settings.BASE_DIR) / "fixtures" / "plans"
LOADED = "demo.loaded"
Say = Callable[[str], None]


def is_loaded(history: PlaceHistory) -> bool:
    loaded = Plan.objects.filter(code=history.plan).values("pk")
    return AuditRecord.objects.filter(action=LOADED, object_id__in=loaded).exists()


def load(history: PlaceHistory, say: Say, last: Quarter | None = None) -> None:
    """Each part is one transaction and adds only what is not there: killed half-way, it is simply run again.

    last: where to stop before the history's own end; the place then counts as loaded all the same.
    """
    made = draw_demo(PROFILES[history.slug])
    place = load_register(history, made, say)
    load_people(history, made.accounts, place, say)
    plan = load_plan(history, say)
    quarters = [quarter for quarter in history.quarters if last is None or quarter <= last]
    demo_plan = DemoPlan.of(plan, residents_by_region(plan, history.handed.people))
    replay(plan, history, demo_plan, quarters, say)
    close_finished_plan(plan, history, say)


@transaction.atomic
def load_register(history: PlaceHistory, made: Demo, say: Say) -> Region:
    added = regions.load(places=read_places(PLACES_FILE), by=None, now=history.began)
    added += regions.load(places=made.places, by=None, now=history.began)
    say(f"行政区划：新增 {added} 个（不在区划名录上的乡镇、街道为示例）。")
    place = Region.objects.get(code=PROFILES[history.slug].code)
    added = register.enrol(units=made.units, city=place, is_sample=True, by=None, now=history.began)
    reporters = sum(not unit.reported_by for unit in made.units)
    say(f"机构名录：新增 {added} 家（示例），全部 {len(made.units)} 家中单独填报的 {reporters} 家。")
    return place


@transaction.atomic
def load_people(history: PlaceHistory, accounts: list[DemoAccount], place: Region, say: Say) -> None:
    """One password for all, worked out once: the demo has nothing to hide."""
    known = set(User.objects.values_list("username", flat=True))
    accounts = [account for account in accounts if account.username not in known]
    encoded = make_password(PASSWORD)
    units = Institution.objects.in_bulk([account.at for account in accounts if "-" in account.at], field_name="code")
    places = {child.name: child for child in place.children.all()} | {"": place, "..": place.parent or place}
    for account in accounts:
        user = members.add(
            username=account.username,
            display_name=account.display_name,
            phone=account.phone,
            encoded_password=encoded,
            by=None,
            now=history.began,
        )
        at = units.get(account.at) or places[account.at]
        members.appoint(user=user, role=account.role, at=at, by=None, now=history.began)
    say(f"账号：新增 {len(accounts)} 个。")


@transaction.atomic
def load_plan(history: PlaceHistory, say: Say) -> Plan:
    """Entered and published on one day; what is handed down to it before, while nothing is judged by it."""
    plan = Plan.objects.filter(code=history.plan).first()
    if plan is None or plan.state == PlanState.DRAFT:
        plans.load(read(PLAN_FILES / f"{history.plan}.yaml"), by=None, now=history.published)
        plan = Plan.objects.select_related("issuer").get(code=history.plan)
        hand_down(plan, history, residents_by_region(plan, history.handed.people), history.published)
        plans.publish(plan, by=None, now=history.published)
        plan.refresh_from_db()
    say(f"工作计划：{plan}，目标 {plan.targets.count()} 项。")
    return plan


@transaction.atomic
def close_finished_plan(plan: Plan, history: PlaceHistory, say: Say) -> None:
    """A plan that is over asks no more."""
    if history.closed_on:
        plans.close(plan, history.closed_on, by=None, now=history.until)
        say(f"工作计划已于 {history.closed_on} 结案。")
    audit.record(LOADED, plan, None, history.until + timedelta(minutes=1))
