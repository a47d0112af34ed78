"""Kaifeng 2023–2025: five quarters, the last of them open today."""

from datetime import datetime

from institutions.clock import SHANGHAI
from reports.demo.behaviour import BehaviourProfile
from reports.demo.history import HandedDown, PlaceHistory
from reports.demo.places.kaifeng_values import NOT_APPLICABLE, tell
from reports.demo.scenario import ReturnOutcome, Scenario
from targets.periods import Quarter

BEHAVIOURS = {
    "龙亭区": BehaviourProfile(1.1),
    "顺河回族区": BehaviourProfile(0.55, late=0.3, returned=0.15),
    "鼓楼区": BehaviourProfile(1.0),
    "禹王台区": BehaviourProfile(0.9, late=0.1),
    "祥符区": BehaviourProfile(1.05),
    "杞县": BehaviourProfile(1.0, returned=0.1),
    "通许县": BehaviourProfile(0.65, late=0.25, returned=0.12),
    "尉氏县": BehaviourProfile(1.08),
    "兰考县": BehaviourProfile(1.3, late=0.0, returned=0.02),
    "城乡一体化示范区": BehaviourProfile(0.85, late=0.2),
}
TOLD = {
    ("2023Q2", "410222-H04"): ReturnOutcome.MISSING,
    ("2023Q3", "4102SF-H03"): ReturnOutcome.MISSING,
    ("2023Q3", "410222-H07"): ReturnOutcome.MISSING,
    ("2023Q4", "4102SF-B01"): ReturnOutcome.MISSING,
    ("2023Q4", "4102SF-H02"): ReturnOutcome.MISSING,
    ("2023Q4", "4102SF-H03"): ReturnOutcome.MISSING,
    ("2023Q4", "410222-H05"): ReturnOutcome.SENT_BACK,
    ("2023Q4", "410222-H09"): ReturnOutcome.MISSING,
    ("2023Q4", "410205-S02"): ReturnOutcome.UNREVIEWED,
    ("2023Q4", "410205-S03"): ReturnOutcome.UNREVIEWED,
    ("2024Q1", "410221-H01"): ReturnOutcome.DRAFTED,
    ("2024Q1", "410221-B01"): ReturnOutcome.DRAFTED,
    ("2024Q1", "410225-H01"): ReturnOutcome.SENT_BACK,
    ("2024Q1", "410202-S01"): ReturnOutcome.PLAIN,
}
REASONS = (
    "“已培训家庭医生团队数”与培训台账不一致，请核对后重报。",
    "结余数与财务报表不符，请附经主管部门核定的依据。",
    "部分村卫生室的验收日期不在本季度，请逐室核对。",
    "签约服务收入口径有误，应含医保、公卫和个人三部分。",
)
ALLOTTED: dict[str, dict[int, dict[str, int]]] = {
    "kf-new-centres": {
        2023: {"龙亭区": 1, "城乡一体化示范区": 1},
        2024: {"鼓楼区": 1, "祥符区": 1},
        2025: {"龙亭区": 1, "顺河回族区": 1, "禹王台区": 1, "城乡一体化示范区": 1},
    },
    "kf-new-stations": {
        2023: {"龙亭区": 2, "顺河回族区": 2, "鼓楼区": 2, "禹王台区": 1, "祥符区": 1, "城乡一体化示范区": 2},
        2024: {"龙亭区": 7, "顺河回族区": 5, "鼓楼区": 5, "禹王台区": 4, "祥符区": 4, "城乡一体化示范区": 5},
        2025: {"龙亭区": 5, "顺河回族区": 4, "鼓楼区": 3, "禹王台区": 3, "祥符区": 3, "城乡一体化示范区": 3},
    },
}

HISTORY = PlaceHistory(
    slug="kaifeng",
    plan="kaifeng-2023-2025",
    began=datetime(2023, 1, 3, 9, tzinfo=SHANGHAI),
    published=datetime(2023, 1, 3, 9, tzinfo=SHANGHAI),
    until=datetime(2024, 4, 9, 18, tzinfo=SHANGHAI),
    first=Quarter(2023, 1),
    last=Quarter(2024, 1),
    behaviours=BEHAVIOURS,
    scenario=Scenario(TOLD, frozenset({"410225-H01", "410202-S01", "410221-H01", "410221-B01"}), REASONS),
    handed=HandedDown(parts=ALLOTTED, by_units=frozenset({"kf-clinics-800"})),
    slip="family-doctor-teams-trained",
    not_applicable=NOT_APPLICABLE,
    tell=tell,
)
