"""Everything of the demo, once: places, register, people, plan, what was handed down, history."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Count

from institutions import audit
from institutions.actions import members, regions, register
from institutions.clock import SHANGHAI
from institutions.demo import CITY_CODE, PASSWORD, Account, Demo, demo
from institutions.enums import InstitutionKind, Ownership, RegionLevel
from institutions.models import AuditRecord, Institution, Region, User
from institutions.roster import read_places
from reports.demo.replay import Say, replay
from reports.demo.temper import ALLOTTED, CLINICS_TARGET, FIRST, LAST, shared_out
from targets.actions import plans
from targets.models import Allotment, Milestone, Plan
from targets.periods import Quarter
from targets.plan_file import read

PLACES_FILE = Path(settings.BASE_DIR) / "fixtures" / "places.tsv"
PLAN_FILE = Path(settings.BASE_DIR) / "fixtures" / "plans" / "kaifeng-2023-2025.yaml"
BEGAN = datetime(2023, 1, 3, 9, tzinfo=SHANGHAI)
UNTIL = datetime(2024, 4, 9, 18, tzinfo=SHANGHAI)
LOADED = "demo.loaded"


def is_loaded() -> bool:
    return AuditRecord.objects.filter(action=LOADED).exists()


def load(say: Say, last: Quarter = LAST) -> None:
    """Each part is one transaction and adds only what is not there: killed half-way, it is simply run again."""
    made = demo()
    city = load_register(made, say)
    load_people(made.accounts, city, say)
    plan = load_plan(say)
    hand_down(plan, city)
    replay(plan, quarters_to(last), UNTIL, say)
    audit.record(LOADED, plan, None, UNTIL + timedelta(minutes=1))


@transaction.atomic
def load_register(made: Demo, say: Say) -> Region:
    added = regions.load(places=read_places(PLACES_FILE), by=None, now=BEGAN)
    added += regions.load(places=made.places, by=None, now=BEGAN)
    say(f"行政区划：新增 {added} 个（乡镇、街道为示例）。")
    city = Region.objects.get(code=CITY_CODE)
    register.enrol(units=made.units, city=city, is_sample=True, by=None, now=BEGAN)
    reporters = sum(not unit.reported_by for unit in made.units)
    say(f"机构名录：新增 {len(made.units)} 家（示例），其中单独填报的 {reporters} 家。")
    return city


@transaction.atomic
def load_people(accounts: list[Account], city: Region, say: Say) -> None:
    """One password for all, worked out once: the demo has nothing to hide."""
    known = set(User.objects.values_list("username", flat=True))
    accounts = [account for account in accounts if account.username not in known]
    encoded = make_password(PASSWORD)
    units = Institution.objects.in_bulk([account.at for account in accounts if "-" in account.at], field_name="code")
    places = {place.name: place for place in city.children.all()} | {"": city}
    for account in accounts:
        user = members.add(
            username=account.username,
            display_name=account.display_name,
            phone=account.phone,
            encoded_password=encoded,
            by=None,
            now=BEGAN,
        )
        at = units.get(account.at) or places[account.at]
        members.appoint(user=user, role=account.role, at=at, by=None, now=BEGAN)
    say(f"账号：新增 {len(accounts)} 个。")


@transaction.atomic
def load_plan(say: Say) -> Plan:
    report = plans.load(read(PLAN_FILE), by=None, now=BEGAN)
    plan = report.plan or Plan.objects.get(issuer__code=CITY_CODE)
    plans.publish(plan, by=None, now=BEGAN)
    plan.refresh_from_db()
    say(f"工作计划：{plan}，目标 {plan.targets.count()} 项。")
    return plan


def hand_down(plan: Plan, city: Region) -> None:
    """The city's quantities, allotted to its counties: by the table, village clinics by the register."""
    if Allotment.objects.filter(milestone__terms__target__plan=plan).exists():
        return
    counties = {place.name: place for place in city.children.filter(level=RegionLevel.COUNTY)}
    parts = []
    for milestone in Milestone.objects.filter(terms__target__plan=plan).select_related("terms__target"):
        by_year = ALLOTTED.get(milestone.terms.target.code, {})
        for name, value in by_year.get(milestone.due.year, {}).items():
            parts.append(Allotment(milestone=milestone, region=counties[name], value=value))
        if milestone.terms.target.code == CLINICS_TARGET and milestone.value:
            shares = shared_out(milestone.value, clinics_by_county(city))
            parts += [Allotment(milestone=milestone, region_id=pk, value=value) for pk, value in shares.items()]
    Allotment.objects.bulk_create(parts)


def clinics_by_county(city: Region) -> dict[int, int]:
    clinics = Institution.objects.filter(
        kind=InstitutionKind.VILLAGE_CLINIC,
        ownership__in=[Ownership.PUBLIC, Ownership.COLLECTIVE],
        region__parent__parent=city,
        closed__isnull=True,
    )
    return dict(clinics.values_list("region__parent").annotate(count=Count("pk")).order_by("region__parent"))


def quarters_to(last: Quarter) -> list[Quarter]:
    return [FIRST + number for number in range(last - FIRST + 1)]
