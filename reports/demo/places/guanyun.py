"""Guanyun 2019: four quarters, judged by township and hospital; closed since."""

from datetime import date, datetime
from decimal import Decimal

from institutions.clock import SHANGHAI
from reports.demo.behaviour import BehaviourProfile
from reports.demo.history import REASONS, HandedDown, PlaceHistory
from reports.demo.scenario import ReturnOutcome, Scenario
from targets.periods import Quarter

BEHAVIOURS = {
    "伊山镇": BehaviourProfile(1.2, late=0.0, returned=0.02),
    "杨集镇": BehaviourProfile(1.1),
    "燕尾港镇": BehaviourProfile(0.8, late=0.2, returned=0.1),
    "同兴镇": BehaviourProfile(1.0),
    "四队镇": BehaviourProfile(1.15),
    "圩丰镇": BehaviourProfile(0.75, late=0.2, returned=0.15),
    "龙苴镇": BehaviourProfile(1.05),
    "下车镇": BehaviourProfile(0.95, late=0.1),
    "图河镇": BehaviourProfile(1.0),
    "东王集镇": BehaviourProfile(1.05),
    "小伊乡": BehaviourProfile(0.85, late=0.15),
    "南岗乡": BehaviourProfile(0.65, late=0.3, returned=0.2),
    "侍庄街道": BehaviourProfile(1.1),
    "五图河农场": BehaviourProfile(0.95),
    "灌西盐场": BehaviourProfile(0.7, late=0.25),
    "灌云经济开发区": BehaviourProfile(1.0),
    "灌云临港产业区": BehaviourProfile(0.9),
}
TOLD = {
    ("2019Q1", "320723-H13"): ReturnOutcome.MISSING,
    ("2019Q2", "320723-H13"): ReturnOutcome.LATE,
    ("2019Q2", "320723-H03"): ReturnOutcome.MISSING,
    ("2019Q3", "320723-H16"): ReturnOutcome.MISSING,
    ("2019Q3", "320723-H12"): ReturnOutcome.UNREVIEWED,
    ("2019Q4", "320723-H05"): ReturnOutcome.CORRECTED,
    ("2019Q4", "320723-S02"): ReturnOutcome.MISSING,
}

HISTORY = PlaceHistory(
    slug="guanyun",
    plan="guanyun-2019",
    began=datetime(2019, 1, 4, 9, tzinfo=SHANGHAI),
    published=datetime(2019, 3, 20, 16, tzinfo=SHANGHAI),
    until=datetime(2020, 2, 20, 18, tzinfo=SHANGHAI),
    first=Quarter(2019, 1),
    last=Quarter(2019, 4),
    behaviours=BEHAVIOURS,
    scenario=Scenario(TOLD, frozenset({"320723-H01", "320723-B01"}), REASONS),
    handed=HandedDown(
        assigned={"gy-elderly-checkups-quota": Decimal(62_000)}, by_people=frozenset({"gy-elderly-checkups-quota"})
    ),
    closed_on=date(2019, 12, 31),
)
