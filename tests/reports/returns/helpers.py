"""A hospital of 甲县 that is asked four things, its clinic one, and the people around its return."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, Role
from institutions.models import Institution, User
from reports.models import Submission
from reports.questions.answers import Answer
from reports.questions.queries.asked import questions_asked
from reports.returns.actions import opening, submissions
from reports.reviewing.actions import reviews
from targets.enums import Accumulation, ElementType, IndicatorKind
from targets.models import DataElement, Plan
from targets.periods import Quarter
from tests.factories import (
    DataElementFactory,
    IndicatorFactory,
    Kaifeng,
    PlanFactory,
    VillageClinicFactory,
    WorkItemFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

Q1 = Quarter(2024, 1)
MORNING = datetime(2024, 4, 10, 9, tzinfo=SHANGHAI)
NOON = datetime(2024, 4, 10, 12, tzinfo=SHANGHAI)
STATES = ["未完成", "基本完成", "全部完成"]


@dataclass
class Filling:
    """`visits` is a part of `all_visits`; `trained` runs over the year and may be 不适用; `camp` is qualitative."""

    places: Kaifeng
    plan: Plan
    all_visits: DataElement
    visits: DataElement
    trained: DataElement
    camp: DataElement
    equipped: DataElement
    hospital: Institution
    clinic: Institution
    reporter: User
    reviewer: User
    submission: Submission

    def answers(self, **changed: Any) -> list[Answer]:
        """A return without findings. Name an element to change its value; None leaves it out."""
        values = {"all_visits": 100, "visits": 60, "trained": 5, "camp": 2, "equipped": 1} | changed
        return [self.answer(name, value) for name, value in values.items() if value is not None]

    def answer(self, name: str, value: Any) -> Answer:
        element = getattr(self, name)
        subject = self.clinic if name == "equipped" else self.hospital
        if isinstance(value, str):
            return Answer(element.pk, subject.pk, None, not_applicable=True, note=value)
        note = "已开展两期培训。" if name == "camp" else ""
        return Answer(element.pk, subject.pk, Decimal(value), note=note)

    def hand_in(self, now: datetime = MORNING, **changed: Any) -> Submission:
        submissions.save_draft(self.submission, self.answers(**changed), self.reporter, now)
        return submissions.submit(self.submission, self.reporter, now)

    def approve(self, now: datetime = NOON) -> Submission:
        return reviews.approve(self.submission, self.reviewer, now)

    def next_quarter(self) -> None:
        """From here on `submission` is the next quarter's."""
        quarter = Quarter.from_ordinal(self.submission.quarter) + 1
        opening.open_quarter(quarter, MORNING)
        self.submission = Submission.objects.get(reporter=self.hospital, quarter=quarter.ordinal)

    def questions(self) -> list[Any]:
        return questions_asked(self.hospital, Quarter.from_ordinal(self.submission.quarter))


def elements() -> dict[str, DataElement]:
    all_visits = DataElementFactory(name="全部诊疗人次")
    return {
        "all_visits": all_visits,
        "visits": DataElementFactory(name="基层诊疗人次", whole=all_visits),
        "trained": DataElementFactory(
            name="培训人次", accumulation=Accumulation.RUNNING, allow_not_applicable=True, unit="人"
        ),
        "camp": DataElementFactory(
            name="完善招聘机制",
            topic="队伍建设",
            type=ElementType.LEVEL,
            levels=STATES,
            accumulation=Accumulation.STOCK,
        ),
        "equipped": DataElementFactory(
            name="设备是否配齐",
            topic="村卫生室",
            type=ElementType.YESNO,
            accumulation=Accumulation.STOCK,
            kinds=[InstitutionKind.VILLAGE_CLINIC],
            unit="",
        ),
    }


def plan_asking(asked: dict[str, DataElement], places: Kaifeng) -> Plan:
    plan = PlanFactory(issuer=places.city)
    due = {date(2024, 12, 31): 1}
    for name, element in asked.items():
        kind = IndicatorKind.QUALITATIVE if name == "camp" else IndicatorKind.TOTAL
        target_with_terms(IndicatorFactory(element=element, kind=kind), due, plan=plan)
    WorkItemFactory(clause__plan=plan)
    return plan


def filling(counties: int = 2) -> Filling:
    """2024Q1 is open and nothing is filled in."""
    places = kaifeng_like(counties=counties, hospitals=1)
    hospital = places.hospitals[0][0]
    clinic = VillageClinicFactory(reported_by=hospital, name="东村卫生室")
    asked = elements()
    plan = plan_asking(asked, places)
    opening.open_quarter(Q1, MORNING)
    return Filling(
        places=places,
        plan=plan,
        **asked,
        hospital=hospital,
        clinic=clinic,
        reporter=person(Role.REPORTER, hospital, display_name="李填报"),
        reviewer=person(Role.REVIEWER, places.counties[0], display_name="王审核"),
        submission=Submission.objects.get(reporter=hospital, quarter=Q1.ordinal),
    )
