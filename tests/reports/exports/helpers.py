"""A city of three counties with every kind of cell, and the workbook read back.

甲县 reports, 乙县 reports zeros, 丙县 reports nothing.
"""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind, RegionLevel, Role
from institutions.models import User
from reports.boards.pages import BoardRow
from reports.exports.build import inspection_summary
from reports.exports.summary import InspectionSummary, summary_of
from reports.judging import recompute
from reports.models import ReturnPeriod
from targets.enums import Accumulation, Denominator, ElementType, IndicatorKind, Schedule
from targets.models import DataElement, Plan, Target
from targets.periods import Quarter
from tests.factories import (
    AllotmentFactory,
    DataElementFactory,
    IndicatorFactory,
    Kaifeng,
    PlanFactory,
    ReturnPeriodFactory,
    SubmissionFactory,
    approved,
    kaifeng_like,
    person,
    target_with_terms,
)

Q1 = Quarter(2023, 1)
YEAR_END = date(2023, 12, 31)
NOW = datetime(2023, 4, 25, 10, tzinfo=SHANGHAI)


@dataclass
class Scene:
    """signing: a ratio held at 50 %. clinics: a total allotted to 甲县 and 乙县. standard: a share that is not
    judged in a county of two hospitals. training: not applicable in 甲县. mechanism: qualitative, of the bureaus."""

    places: Kaifeng
    plan: Plan
    period: ReturnPeriod
    signing: Target
    clinics: Target
    standard: Target
    training: Target
    mechanism: Target
    supervisor: User

    def summary(self, county: int | None = None) -> InspectionSummary:
        region = self.places.city if county is None else self.places.counties[county]
        return summary_of(self.plan, region, self.period, NOW.date())

    def workbook(self, county: int | None = None) -> Workbook:
        return load_workbook(BytesIO(inspection_summary(self.summary(county))))

    def recompute(self) -> None:
        recompute.recompute_period(self.plan, self.period, NOW)


def named(target: Target, name: str) -> Target:
    target.name = name
    target.save(update_fields=["name"])
    return target


def elements() -> dict[str, DataElement]:
    bureaus = {"kinds": [InstitutionKind.BUREAU], "bureau_level": RegionLevel.COUNTY}
    stock: dict[str, Any] = {"accumulation": Accumulation.STOCK}
    levels = ["未完成", "基本完成", "全部完成"]
    return {
        "signed": DataElementFactory(**stock),
        "residents": DataElementFactory(**stock),
        "built": DataElementFactory(**bureaus),
        "level": DataElementFactory(type=ElementType.LEVEL, **stock),
        "trained": DataElementFactory(allow_not_applicable=True),
        "trainable": DataElementFactory(allow_not_applicable=True),
        "state": DataElementFactory(type=ElementType.LEVEL, levels=levels, **stock, **bureaus),
    }


def percentage(**parts: Any) -> Any:
    ratio = {"kind": IndicatorKind.RATIO, "denominator": Denominator.ELEMENT, "multiplier": 100, "places": 2}
    return IndicatorFactory(**ratio, **parts)


def scene() -> Scene:
    places = kaifeng_like(counties=3, hospitals=2)
    plan = PlanFactory(issuer=places.city)
    asked = elements()
    made = Scene(
        places=places,
        plan=plan,
        period=ReturnPeriodFactory(quarter=Q1.ordinal),
        **targets(plan, asked),
        supervisor=person(Role.SUPERVISOR, places.city, display_name="赵督查"),
    )
    milestone = made.clinics.terms.get().milestones.get()
    for county, value in zip(places.counties[:2], (5, 3), strict=True):
        AllotmentFactory(milestone=milestone, region=county, value=value)
    report(places, asked)
    made.recompute()
    return made


def targets(plan: Plan, asked: dict[str, DataElement]) -> dict[str, Target]:
    hold, due = {"schedule": Schedule.HOLD}, {"schedule": Schedule.AT_DUE}
    signing = percentage(element=asked["signed"], over=asked["residents"])
    training = percentage(element=asked["trained"], over=asked["trainable"])
    clinics = IndicatorFactory(element=asked["built"], unit="个")
    share = IndicatorFactory(kind=IndicatorKind.SHARE, element=asked["level"], condition_value=2, places=2)
    state = IndicatorFactory(
        kind=IndicatorKind.QUALITATIVE, element=asked["state"], condition="", condition_value=None, places=2
    )
    return {
        "signing": named(target_with_terms(signing, {YEAR_END: 50}, plan, **hold), "签约覆盖率"),
        "clinics": named(target_with_terms(clinics, {YEAR_END: 8}, plan, **due), "新建服务站"),
        "standard": named(target_with_terms(share, {YEAR_END: 40}, plan, **hold), "推荐标准占比"),
        "training": named(target_with_terms(training, {YEAR_END: 90}, plan, **hold), "培训覆盖率"),
        "mechanism": named(target_with_terms(state, {YEAR_END: 100}, plan, **due), "完善招聘机制"),
    }


def report(places: Kaifeng, asked: dict[str, DataElement]) -> None:
    """Values by county: one line a hospital, then the bureau's."""
    names = ("signed", "residents", "level", "trained", "trainable")
    given = [
        ([(90, 100, 2, None, None), (10, 900, 1, None, None)], {"built": 3, "state": 1}),
        ([(0, 10, 0, 0, 20), (0, 10, 2, 0, 30)], {"built": 0, "state": 2}),
    ]
    for hospitals, bureau, (lines, own) in zip(places.hospitals, places.bureaus, given, strict=False):
        for hospital, values in zip(hospitals, lines, strict=True):
            approved(hospital, Q1, {asked[name]: value for name, value in zip(names, values, strict=True)})
        approved(bureau, Q1, {asked[name]: value for name, value in own.items()})
    for unit in (*places.hospitals[2], places.bureaus[2]):
        SubmissionFactory(reporter=unit, quarter=Q1.ordinal)


# --- Reading back -----------------------------------------------------------------------------------------------


def heads(page: Worksheet) -> dict[str, int]:
    """The column of each heading, from the lower row of the head and, where merged, the upper."""
    found = {}
    for place in range(1, page.max_column + 1):
        for row in (3, 4):
            if text := page.cell(row, place).value:
                found[text] = place
    return found


def cell_at(page: Worksheet, head: str, **where: str) -> Cell:
    """The cell under a heading in the first line whose other cells hold these texts."""
    columns = heads(page)
    for row in range(5, page.max_row + 1):
        if all(page.cell(row, columns[name]).value == text for name, text in where.items()):
            return page.cell(row, columns[head])
    raise LookupError(f"{page.title}: no line with {where}")


def row_of(summary: InspectionSummary, target: Target) -> BoardRow:
    rows = [*summary.board.rows, *(row for group in summary.board.qualitative for row in group.rows)]
    return next(row for row in rows if row.target.id == target.pk)
