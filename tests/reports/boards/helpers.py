"""Small boards for tests: a city plan with results in every county, and a county plan by township and institution;
both made as rows. And a cell without any row."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from institutions.enums import RegionKind, RegionLevel
from institutions.models import Institution, Region
from reports.base.enums import Status
from reports.boards.pages import Cell, RegionHead, TargetHead
from reports.models import Attainment, ReturnPeriod
from targets.enums import Comparator, IndicatorKind, Strength
from targets.models import Plan, Target
from targets.periods import Quarter
from tests.factories import (
    BureauFactory,
    ClauseFactory,
    IndicatorFactory,
    InstitutionFactory,
    Kaifeng,
    MilestoneFactory,
    PlanFactory,
    RegionFactory,
    ReturnPeriodFactory,
    TargetFactory,
    TermsFactory,
    WorkItemFactory,
    kaifeng_like,
)
from tests.factories.institutions import HAN_NUMERALS
from tests.factories.results import AttainmentFactory

Q4 = Quarter(2023, 4)
TODAY = date(2024, 4, 10)
PLACE = RegionHead(1, "甲县", "county")


@dataclass
class Scene:
    places: Kaifeng
    plan: Plan
    targets: list[Target]
    period: ReturnPeriod


def small_board(counties: int = 2, targets: int = 2) -> Scene:
    """A published plan of the city with targets under two clauses, and the opened quarter 2023Q4."""
    places = kaifeng_like(counties=counties)
    plan = PlanFactory(issuer=places.city)
    top = ClauseFactory(plan=plan, path="3", title="重点任务")
    made = [numeric_target(plan, top, n) for n in range(targets)]
    period = ReturnPeriodFactory(quarter=Q4.ordinal, due_on=date(2024, 1, 15), review_by=date(2024, 1, 22))
    return Scene(places, plan, made, period)


def numeric_target(plan: Plan, top, n: int) -> Target:
    section = ClauseFactory(plan=plan, parent=top, path=f"3/（{n}）", title=f"任务{n}")
    item = WorkItemFactory(clause=ClauseFactory(plan=plan, parent=section, path=f"3/（{n}）/1"), lead=["市卫健委"])
    indicator = IndicatorFactory(kind=IndicatorKind.SHARE, unit="%", element__topic=f"主题{n}")
    return in_force(TargetFactory(item=item, plan=plan, indicator=indicator, name=f"目标{n}", quote="40%以上"))


def state_target(plan: Plan) -> Target:
    """A qualitative item."""
    levels = {"element__type": "level", "element__levels": ["未完成", "基本完成", "全部完成"]}
    indicator = IndicatorFactory(kind=IndicatorKind.QUALITATIVE, element__topic="组织领导", **levels)
    item = WorkItemFactory(clause=ClauseFactory(plan=plan, path="4/（一）", title="工作要求"), qualitative=True)
    return in_force(TargetFactory(item=item, plan=plan, indicator=indicator, name="加强组织领导"))


def in_force(target: Target) -> Target:
    MilestoneFactory(terms=TermsFactory(target=target), due=date(2023, 12, 31), value=Decimal(40))
    return target


def everywhere(scene: Scene, quarter: Quarter = Q4, **fields) -> None:
    """A result of every target in the city and all its counties."""
    for target in scene.targets:
        for region in [scene.places.city, *scene.places.counties]:
            AttainmentFactory(target=target, region=region, quarter=quarter.ordinal, **fields)


@dataclass
class CountyScene:
    """A county plan judged by township and institution. Of the towns only the first has two hospitals."""

    county: Region
    bureau: Institution
    towns: list[Region]
    hospitals: list[list[Institution]]
    plan: Plan
    targets: list[Target]
    period: ReturnPeriod


def county_board(towns: int = 2, targets: int = 1) -> CountyScene:
    county = RegionFactory(name="某县", level=RegionLevel.COUNTY)
    places = [
        RegionFactory(name=f"{name}镇", level=RegionLevel.TOWNSHIP, kind=RegionKind.TOWN, parent=county)
        for name in HAN_NUMERALS[:towns]
    ]
    plan = PlanFactory(issuer=county, judged_levels=["county", "township", "institution"])
    top = ClauseFactory(plan=plan, path="3", title="重点任务")
    return CountyScene(
        county=county,
        bureau=BureauFactory(region=county),
        towns=places,
        hospitals=[town_hospitals(town, 1 if n else 2) for n, town in enumerate(places)],
        plan=plan,
        targets=[numeric_target(plan, top, n) for n in range(targets)],
        period=ReturnPeriodFactory(quarter=Q4.ordinal, due_on=date(2024, 1, 15), review_by=date(2024, 1, 22)),
    )


def town_hospitals(town: Region, count: int) -> list[Institution]:
    return [
        InstitutionFactory(region=town, name=f"{town.name}{n}院", contact_name=f"{town.name}{n}", contact_phone="1")
        for n in range(count)
    ]


def result(target: Target, place: Region | Institution, quarter: Quarter = Q4, **fields) -> Attainment:
    """A result of a region or of an institution."""
    subject = {"region": None, "institution": place} if isinstance(place, Institution) else {"region": place}
    return AttainmentFactory(target=target, quarter=quarter.ordinal, **subject, **fields)


def all_over(scene: CountyScene, **fields) -> None:
    """A result of every target in the county, all its towns and all their hospitals."""
    for target in scene.targets:
        for place in (scene.county, *scene.towns, *(unit for units in scene.hospitals for unit in units)):
            result(target, place, **fields)


def head(**fields):
    given = {
        "id": 1, "code": "t", "name": "推荐标准占比", "item": "", "kind": IndicatorKind.RATIO, "topic": "基本医疗",
        "clause_id": 1, "clause_path": "3/（一）/4", "clause_title": "", "group_key": "1", "group": "", "unit": "%",
        "places": 2, "element_unit": "人", "needed_unit": "家", "comparator": Comparator.AT_LEAST,
        "strength": Strength.MUST, "amber": Fraction(10),
    }  # fmt: skip
    return TargetHead(**given | fields)


def cell(target=None, **fields):
    return Cell(target or head(), PLACE, Q4, **{"status": Status.AMBER} | fields)
