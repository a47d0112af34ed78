"""Xinhui 2017–2018: eight quarters, judged by township and institution; closed since."""

from datetime import date, datetime

from institutions.clock import SHANGHAI
from reports.demo.history import REASONS, Handed, History
from reports.demo.story import Fate, Plot
from reports.demo.temper import Temper
from targets.periods import Quarter

TEMPERS = {
    "会城街道": Temper(1.2, late=0.0, returned=0.02),
    "大泽镇": Temper(1.0),
    "司前镇": Temper(1.1),
    "罗坑镇": Temper(0.7, late=0.3, returned=0.15),
    "双水镇": Temper(1.05),
    "崖门镇": Temper(0.85, late=0.15),
    "沙堆镇": Temper(0.95, late=0.1),
    "古井镇": Temper(1.0),
    "三江镇": Temper(1.1),
    "睦洲镇": Temper(0.75, late=0.2, returned=0.1),
    "大鳌镇": Temper(0.9),
    "圭峰管理委员会": Temper(1.1),
    "银湖湾管理委员会": Temper(0.8, late=0.2),
    "新会经济开发区管理委员会": Temper(1.0),
}
TOLD = {
    ("2017Q2", "440705-H03"): Fate.MISSING,
    ("2017Q4", "440705-H09"): Fate.MISSING,
    ("2018Q2", "440705-S03"): Fate.MISSING,
    ("2018Q3", "440705-H05"): Fate.UNREVIEWED,
    ("2018Q4", "440705-H03"): Fate.CORRECTED,
    ("2018Q4", "440705-H09"): Fate.MISSING,
}

HISTORY = History(
    slug="xinhui",
    plan="xinhui-2017-2018",
    began=datetime(2017, 1, 4, 9, tzinfo=SHANGHAI),
    published=datetime(2017, 1, 10, 16, tzinfo=SHANGHAI),
    until=datetime(2019, 2, 20, 18, tzinfo=SHANGHAI),
    first=Quarter(2017, 1),
    last=Quarter(2018, 4),
    tempers=TEMPERS,
    plot=Plot(TOLD, frozenset(), REASONS),
    handed=Handed(),
    closed_on=date(2018, 12, 31),
)
