"""Nanchang 2021: four quarters, judged by county and zone; closed since."""

from datetime import date, datetime

from institutions.clock import SHANGHAI
from reports.demo.behaviour import BehaviourProfile
from reports.demo.history import REASONS, HandedDown, PlaceHistory
from reports.demo.scenario import ReturnOutcome, Scenario
from targets.periods import Quarter

BEHAVIOURS = {
    "东湖区": BehaviourProfile(1.1),
    "西湖区": BehaviourProfile(1.15, late=0.0, returned=0.02),
    "青云谱区": BehaviourProfile(1.0),
    "青山湖区": BehaviourProfile(1.05),
    "新建区": BehaviourProfile(0.95, late=0.15, returned=0.1),
    "红谷滩区": BehaviourProfile(1.1),
    "南昌县": BehaviourProfile(1.2, late=0.02),
    "安义县": BehaviourProfile(0.78, late=0.25, returned=0.15),
    "进贤县": BehaviourProfile(1.0, late=0.1),
    "湾里管理局": BehaviourProfile(0.9, late=0.2),
    "经济技术开发区": BehaviourProfile(1.0),
    "高新技术产业开发区": BehaviourProfile(1.0),
}
TOLD = {
    ("2021Q2", "360123-H03"): ReturnOutcome.MISSING,
    ("2021Q3", "3601WL-H02"): ReturnOutcome.MISSING,
    ("2021Q3", "3601JK-S01"): ReturnOutcome.UNREVIEWED,
    ("2021Q4", "360112-H02"): ReturnOutcome.CORRECTED,
    ("2021Q4", "360123-H03"): ReturnOutcome.SENT_BACK,
}
# What no yearbook gives for the zones; of the same order as their neighbours.
ZONES = {"湾里管理局": 68_000, "经济技术开发区": 295_000, "高新技术产业开发区": 321_000}

HISTORY = PlaceHistory(
    slug="nanchang",
    plan="nanchang-2021",
    began=datetime(2021, 1, 5, 9, tzinfo=SHANGHAI),
    published=datetime(2021, 3, 26, 16, tzinfo=SHANGHAI),
    until=datetime(2022, 2, 21, 18, tzinfo=SHANGHAI),
    first=Quarter(2021, 1),
    last=Quarter(2021, 4),
    behaviours=BEHAVIOURS,
    scenario=Scenario(TOLD, frozenset(), REASONS),
    handed=HandedDown(by_people=frozenset({"nc-alliance-projects-51"}), people=ZONES),
    closed_on=date(2021, 12, 31),
)
