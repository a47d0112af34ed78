"""Wuzhong 2019: four quarters, judged by county; closed since. The quota of people with diabetes never came."""

from datetime import date, datetime

from institutions.clock import SHANGHAI
from reports.demo.behaviour import BehaviourProfile
from reports.demo.history import REASONS, HandedDown, PlaceHistory
from reports.demo.scenario import ReturnOutcome, Scenario
from targets.periods import Quarter

BEHAVIOURS = {
    "利通区": BehaviourProfile(1.15, late=0.02),
    "红寺堡区": BehaviourProfile(0.8, late=0.25, returned=0.15),
    "盐池县": BehaviourProfile(1.2, late=0.0, returned=0.02),
    "同心县": BehaviourProfile(0.9, late=0.15, returned=0.1),
    "青铜峡市": BehaviourProfile(1.0),
}
TOLD = {
    ("2019Q2", "640303-H02"): ReturnOutcome.MISSING,
    ("2019Q3", "640324-H04"): ReturnOutcome.MISSING,
    ("2019Q3", "640381-S01"): ReturnOutcome.UNREVIEWED,
    ("2019Q4", "640324-H02"): ReturnOutcome.CORRECTED,
    ("2019Q4", "640303-H02"): ReturnOutcome.MISSING,
}

HISTORY = PlaceHistory(
    slug="wuzhong",
    plan="wuzhong-2019",
    began=datetime(2019, 1, 4, 9, tzinfo=SHANGHAI),
    published=datetime(2019, 2, 19, 16, tzinfo=SHANGHAI),
    until=datetime(2020, 2, 20, 18, tzinfo=SHANGHAI),
    first=Quarter(2019, 1),
    last=Quarter(2019, 4),
    behaviours=BEHAVIOURS,
    scenario=Scenario(TOLD, frozenset(), REASONS),
    handed=HandedDown(quotas={"elderly-checkup-task-rate": 0.078, "hypertension-task-rate": 0.069}),
    closed_on=date(2019, 12, 31),
)
