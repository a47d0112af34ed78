"""Xinhui 2017–2018: eight quarters, judged by township and institution; closed since."""

from datetime import date, datetime

from institutions.clock import SHANGHAI
from reports.demo.behaviour import BehaviourProfile
from reports.demo.history import REASONS, HandedDown, PlaceHistory
from reports.demo.scenario import ReturnOutcome, Scenario
from targets.periods import Quarter

BEHAVIOURS = {
    "会城街道": BehaviourProfile(1.2, late=0.0, returned=0.02),
    "大泽镇": BehaviourProfile(1.0),
    "司前镇": BehaviourProfile(1.1),
    "罗坑镇": BehaviourProfile(0.7, late=0.3, returned=0.15),
    "双水镇": BehaviourProfile(1.05),
    "崖门镇": BehaviourProfile(0.85, late=0.15),
    "沙堆镇": BehaviourProfile(0.95, late=0.1),
    "古井镇": BehaviourProfile(1.0),
    "三江镇": BehaviourProfile(1.1),
    "睦洲镇": BehaviourProfile(0.75, late=0.2, returned=0.1),
    "大鳌镇": BehaviourProfile(0.9),
    "圭峰管理委员会": BehaviourProfile(1.1),
    "银湖湾管理委员会": BehaviourProfile(0.8, late=0.2),
    "新会经济开发区管理委员会": BehaviourProfile(1.0),
}
TOLD = {
    ("2017Q2", "440705-H03"): ReturnOutcome.MISSING,
    ("2017Q4", "440705-H09"): ReturnOutcome.MISSING,
    ("2018Q2", "440705-S03"): ReturnOutcome.MISSING,
    ("2018Q3", "440705-H05"): ReturnOutcome.UNREVIEWED,
    ("2018Q4", "440705-H03"): ReturnOutcome.CORRECTED,
    ("2018Q4", "440705-H09"): ReturnOutcome.MISSING,
}

HISTORY = PlaceHistory(
    slug="xinhui",
    plan="xinhui-2017-2018",
    began=datetime(2017, 1, 4, 9, tzinfo=SHANGHAI),
    published=datetime(2017, 1, 10, 16, tzinfo=SHANGHAI),
    until=datetime(2019, 2, 20, 18, tzinfo=SHANGHAI),
    first=Quarter(2017, 1),
    last=Quarter(2018, 4),
    behaviours=BEHAVIOURS,
    scenario=Scenario(TOLD, frozenset(), REASONS),
    handed=HandedDown(),
    closed_on=date(2018, 12, 31),
)
