"""Wuzhong 2019: four quarters, judged by county; closed since. The quota of people with diabetes never came."""

from datetime import date, datetime

from institutions.clock import SHANGHAI
from reports.demo.history import REASONS, Handed, History
from reports.demo.story import Fate, Plot
from reports.demo.temper import Temper
from targets.periods import Quarter

TEMPERS = {
    "利通区": Temper(1.15, late=0.02),
    "红寺堡区": Temper(0.8, late=0.25, returned=0.15),
    "盐池县": Temper(1.2, late=0.0, returned=0.02),
    "同心县": Temper(0.9, late=0.15, returned=0.1),
    "青铜峡市": Temper(1.0),
}
TOLD = {
    ("2019Q2", "640303-H02"): Fate.MISSING,
    ("2019Q3", "640324-H04"): Fate.MISSING,
    ("2019Q3", "640381-S01"): Fate.UNREVIEWED,
    ("2019Q4", "640324-H02"): Fate.CORRECTED,
    ("2019Q4", "640303-H02"): Fate.MISSING,
}

HISTORY = History(
    slug="wuzhong",
    plan="wuzhong-2019",
    began=datetime(2019, 1, 4, 9, tzinfo=SHANGHAI),
    published=datetime(2019, 2, 19, 16, tzinfo=SHANGHAI),
    until=datetime(2020, 2, 20, 18, tzinfo=SHANGHAI),
    first=Quarter(2019, 1),
    last=Quarter(2019, 4),
    tempers=TEMPERS,
    plot=Plot(TOLD, frozenset(), REASONS),
    handed=Handed(quotas={"elderly-checkup-task-rate": 0.078, "hypertension-task-rate": 0.069}),
    closed_on=date(2019, 12, 31),
)
