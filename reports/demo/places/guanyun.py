"""Guanyun 2019: four quarters, judged by township and hospital; closed since."""

from datetime import date, datetime
from decimal import Decimal

from institutions.clock import SHANGHAI
from reports.demo.history import REASONS, Handed, History
from reports.demo.story import Fate, Plot
from reports.demo.temper import Temper
from targets.periods import Quarter

TEMPERS = {
    "伊山镇": Temper(1.2, late=0.0, returned=0.02),
    "杨集镇": Temper(1.1),
    "燕尾港镇": Temper(0.8, late=0.2, returned=0.1),
    "同兴镇": Temper(1.0),
    "四队镇": Temper(1.15),
    "圩丰镇": Temper(0.75, late=0.2, returned=0.15),
    "龙苴镇": Temper(1.05),
    "下车镇": Temper(0.95, late=0.1),
    "图河镇": Temper(1.0),
    "东王集镇": Temper(1.05),
    "小伊乡": Temper(0.85, late=0.15),
    "南岗乡": Temper(0.65, late=0.3, returned=0.2),
    "侍庄街道": Temper(1.1),
    "五图河农场": Temper(0.95),
    "灌西盐场": Temper(0.7, late=0.25),
    "灌云经济开发区": Temper(1.0),
    "灌云临港产业区": Temper(0.9),
}
TOLD = {
    ("2019Q1", "320723-H13"): Fate.MISSING,
    ("2019Q2", "320723-H13"): Fate.LATE,
    ("2019Q2", "320723-H03"): Fate.MISSING,
    ("2019Q3", "320723-H16"): Fate.MISSING,
    ("2019Q3", "320723-H12"): Fate.UNREVIEWED,
    ("2019Q4", "320723-H05"): Fate.CORRECTED,
    ("2019Q4", "320723-S02"): Fate.MISSING,
}

HISTORY = History(
    slug="guanyun",
    plan="guanyun-2019",
    began=datetime(2019, 1, 4, 9, tzinfo=SHANGHAI),
    published=datetime(2019, 3, 20, 16, tzinfo=SHANGHAI),
    until=datetime(2020, 2, 20, 18, tzinfo=SHANGHAI),
    first=Quarter(2019, 1),
    last=Quarter(2019, 4),
    tempers=TEMPERS,
    plot=Plot(TOLD, frozenset({"320723-H01", "320723-B01"}), REASONS),
    handed=Handed(
        assigned={"gy-elderly-checkups-quota": Decimal(62_000)}, by_people=frozenset({"gy-elderly-checkups-quota"})
    ),
    closed_on=date(2019, 12, 31),
)
