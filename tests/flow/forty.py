"""A hospital that is asked forty numbers and two lines of clinics, for filling in a browser and in a workbook."""

from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from institutions import clock
from institutions.enums import InstitutionKind, Role
from reports.models import Entry, Submission
from reports.returns.actions import opening
from targets.enums import Accumulation, ElementType, IndicatorKind
from targets.models import DataElement
from targets.periods import Quarter
from tests.factories import (
    DataElementFactory,
    IndicatorFactory,
    PlanFactory,
    VillageClinicFactory,
    kaifeng_like,
    person,
    target_with_terms,
)

QUARTER = Quarter(2024, 1)
TOPICS = ("基本医疗", "公共卫生")
FIGURES = [1000 + 37 * number for number in range(40)]
DUE = {date(2024, 12, 31): 1}


class Forty:
    """`numbers` are asked of the hospital; `beds` and `equipped` of its three clinics, line by line."""

    def __init__(self) -> None:
        places = kaifeng_like(counties=1, hospitals=1)
        self.county, self.hospital = places.counties[0], places.hospitals[0][0]
        self.clinics = VillageClinicFactory.create_batch(3, reported_by=self.hospital)
        self.numbers: list[DataElement] = [
            DataElementFactory(name=f"数据项{number + 1}", topic=TOPICS[number // 20]) for number in range(40)
        ]
        of_clinics = {"topic": "村卫生室", "kinds": [InstitutionKind.VILLAGE_CLINIC]}
        stock = Accumulation.STOCK
        self.beds = DataElementFactory(name="观察床", unit="张", accumulation=stock, **of_clinics)
        self.equipped = DataElementFactory(
            name="设备是否配齐", unit="", type=ElementType.YESNO, accumulation=stock, **of_clinics
        )
        plan = PlanFactory(issuer=places.city)
        for element in (*self.numbers, self.beds, self.equipped):
            target_with_terms(IndicatorFactory(element=element, kind=IndicatorKind.TOTAL), DUE, plan)
        self.clerk = person(Role.REPORTER, self.hospital, display_name="李填报")
        self.colleague = person(Role.REPORTER, self.hospital, display_name="赵同事")
        opening.open_quarter(QUARTER, clock.now())
        self.submission = Submission.objects.get(reporter=self.hospital, quarter=QUARTER.ordinal)

    def name(self, element: DataElement, line: int | None = None) -> str:
        """As the fields are called after f-, v-, n-; line: which clinic's."""
        return f"{element.pk}-{self.hospital.pk if line is None else self.clinics[line].pk}"

    def entries(self) -> QuerySet[Entry]:
        return Entry.objects.filter(round__submission=self.submission)

    def figures(self) -> list[Decimal | None]:
        """The forty as saved, in the order of the form."""
        saved = dict(self.entries().filter(subject=self.hospital).values_list("element_id", "value"))
        return [saved.get(element.pk) for element in self.numbers]

    def lines(self) -> list[tuple[Decimal | None, Decimal | None]]:
        """Beds and equipment of each clinic as saved."""
        saved = {(e, s): value for e, s, value in self.entries().values_list("element_id", "subject_id", "value")}
        return [(saved.get((self.beds.pk, each.pk)), saved.get((self.equipped.pk, each.pk))) for each in self.clinics]
