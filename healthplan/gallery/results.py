"""Invented results in the boards' own dataclasses: a cell for every status and cause, a board, a target's page."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from institutions.clock import SHANGHAI
from reports.base.enums import Cause, Status
from reports.base.status_badge import badge_of
from reports.boards.pages import (
    Board,
    BoardFilters,
    BoardRow,
    Cell,
    ContactPerson,
    Counts,
    HintList,
    LaggingList,
    MilestoneRow,
    PlanHead,
    RegionHead,
    RowGroup,
    SeriesPoint,
    StatusCounts,
    TargetHead,
    TargetPage,
    Units,
)
from reports.boards.pages.citation import ClauseCitation, ClauseStep
from reports.boards.pages.formula import Formula
from reports.boards.pages.target import TermsText
from reports.judging.flags import Hint, Pace
from targets.enums import Comparator, IndicatorKind, JudgedLevel, Strength
from targets.periods import Quarter

QUARTER = Quarter(2023, 4)
DUE = date(2024, 12, 31)
MADE = datetime(2023, 1, 1, tzinfo=SHANGHAI)
PLAN = PlanHead(1, "sample", "某市健康行动实施方案（2023—2025年）")
CITY = RegionHead(1, "某市", JudgedLevel.CITY)
NAMES = [
    *("东湖区", "西山区", "南关区", "新城区", "临江县", "清河县", "平原县"),
    *("石桥县", "柳林县", "云溪县", "青岭县", "安远县", "长丰县", "北辰区"),
    *("南湖区", "白河县", "宁远县"),
]
COUNTIES = tuple(RegionHead(number, name, JudgedLevel.COUNTY) for number, name in enumerate(NAMES, 2))
GROUP = "（一）提升基层服务能力"
UNITS = 10


def head(number: int, name: str, kind: IndicatorKind, unit: str = "%", places: int = 2, **facts: Any) -> TargetHead:
    clause = {"clause_id": 1, "clause_path": "3/（一）/4", "clause_title": "", "group_key": "1", "group": GROUP}
    terms = {
        "comparator": Comparator.AT_LEAST,
        "strength": Strength.MUST,
        "amber": Fraction(10),
        "needed_unit": _("家"),
    }
    known: dict[str, Any] = (
        {"item": "", "topic": "", "unit": unit, "places": places, "element_unit": ""} | clause | terms
    )
    return TargetHead(id=number, code=f"sample-{number}", name=name, kind=kind, **known | facts)


def share() -> TargetHead:
    return head(1, "达到推荐标准的乡镇卫生院占比", IndicatorKind.SHARE)


def amount() -> TargetHead:
    return head(2, "建成标准化村卫生室", IndicatorKind.TOTAL, "所", 0, strength=Strength.AIM)


def of_each() -> TargetHead:
    return head(3, "配齐急救设备的村卫生室", IndicatorKind.EACH)


def state() -> TargetHead:
    return head(4, "成立健康行动推进委员会", IndicatorKind.QUALITATIVE, "")


def counts(**facts: int) -> Counts:
    return Counts(**{"units": UNITS, "given": UNITS, "reported": UNITS} | facts)


def valued(percent: int, needed: int = 0, **facts: Any) -> dict[str, Any]:
    """A share under its lines; where units are needed, it is short of the milestone."""
    lines = {"expected": Decimal(40), "milestone": Decimal(50), "milestone_due": DUE}
    parts = {"value": Decimal(percent), "numerator": Decimal(percent) / UNITS, "denominator": Decimal(UNITS)}
    lacking = {"gap": Decimal(50 - percent), "needed": Decimal(needed), "needed_unit": _("家")} if needed else {}
    return lines | parts | lacking | {"counts": counts()} | facts


def silent(**facts: int) -> dict[str, Any]:
    """Nobody gave a figure that counts."""
    return valued(0, value=None, counts=counts(given=0, reported=0, **facts))


def results() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Status, cause and facts of a share, for every way in which its cell is drawn."""
    yield Status.RED, Cause.OVERDUE, valued(20, needed=3)
    yield Status.RED, Cause.BEHIND, valued(10, needed=4)
    yield Status.RED, Cause.UNREPORTED, silent(missing=10)
    yield Status.AMBER, Cause.NONE, valued(30, needed=2)
    yield Status.RED, Cause.SILENT, valued(20, counts=counts(given=8, missing=10))
    yield (
        Status.AMBER,
        Cause.MISSING_BASE,
        valued(40, absent=1, counts=counts(given=10, reported=10, based=1, unbased=1)),
    )
    yield Status.AMBER, Cause.MISSING_UNITS, valued(40, absent=2, counts=counts(given=8, reported=8, missing=2))
    yield Status.NO_DATA, Cause.PENDING, silent(pending=10)
    yield Status.NOT_DUE, Cause.NONE, valued(10, hint=Hint(2, slow_pace()))
    yield Status.GREEN, Cause.NONE, valued(40, needed=1, counts=counts(given=9, reported=9, pending=1))
    yield Status.MET, Cause.NONE, valued(70)
    yield Status.MET, Cause.LATE_DONE, valued(50)
    yield Status.SHOWN, Cause.NONE, valued(60)
    yield Status.NOT_APPLICABLE, Cause.NONE, {"counts": Counts(not_applicable=2)}
    yield Status.NOT_APPLICABLE, Cause.CLOSED, {"counts": Counts(closed=2)}
    yield Status.NOT_APPLICABLE, Cause.NONE, {}  # nothing there that could be asked
    yield "", Cause.NONE, {}  # not judged


def share_cells() -> list[Cell]:
    """Every result, each in a county of its own."""
    return [
        Cell(share(), county, QUARTER, status, cause, **facts)
        for county, (status, cause, facts) in zip(COUNTIES, results(), strict=True)
    ]


def amount_cells() -> list[Cell]:
    lines: dict[str, Any] = {"expected": Decimal(1200), "milestone": Decimal(1500), "milestone_due": DUE}
    found = [(Status.RED, 300), (Status.AMBER, 1080), (Status.GREEN, 1230), (Status.MET, 2400)]
    return [
        Cell(amount(), county, QUARTER, status, value=Decimal(value), counts=counts(), **lines)
        for county, (status, value) in zip(COUNTIES, found, strict=False)
    ]


def unit_cells() -> list[Cell]:
    """Of a single unit: how much of how much."""
    own: dict[str, Any] = {"at_unit": True, "counts": Counts(units=1, given=1, reported=1), "denominator": Decimal(3)}
    done = [(Status.RED, 0), (Status.AMBER, 1), (Status.GREEN, 2), (Status.MET, 3)]
    return [
        Cell(of_each(), county, QUARTER, status, numerator=Decimal(have), value=Decimal(have) * 100 / 3, **own)
        for county, (status, have) in zip(COUNTIES, done, strict=False)
    ]


def state_cells() -> list[Cell]:
    """Answered in words: by many units, and by one."""
    one = {"units": 1, "given": 1, "reported": 1}
    found = [
        (Status.AMBER, Cause.NONE, 8, counts(partly=1)),
        (Status.AMBER, Cause.PARTLY, 0, Counts(**one, partly=1)),
        (Status.NOT_DUE, Cause.NONE, 0, Counts(**one)),
        (Status.MET, Cause.NONE, 1, Counts(**one)),
    ]
    return [
        Cell(state(), county, QUARTER, status, cause, numerator=Decimal(done), milestone=Decimal(1), counts=answers)
        for county, (status, cause, done, answers) in zip(COUNTIES, found, strict=False)
    ]


def board(*rows: Sequence[Cell], filters: BoardFilters | None = None) -> Board:
    """A row of cells a target; the city itself stands as the fourth of them."""
    made = [BoardRow(cells[0].target, replace(cells[3], region=CITY), tuple(cells)) for cells in rows]
    made[0] = replace(made[0], anomalies=("文件前后两处数字不同",))
    columns = COUNTIES[: len(rows[0])]
    return Board(
        columns=columns,
        column_lagging=tuple(sum(cells[n].lagging for cells in rows) for n in range(len(columns))),
        groups=(RowGroup("1", GROUP, tuple(made)),),
        qualitative=(),
        plan=PLAN,
        region=CITY,
        quarter=QUARTER,
        due_on=date(2024, 1, 15),
        counts=StatusCounts.of(share_cells()),
        qualitative_counts=StatusCounts.of([]),
        total=len(rows),
        lagging=LaggingList(PLAN, CITY, QUARTER, JudgedLevel.COUNTY, ()),
        hints=HintList(PLAN, CITY, QUARTER, JudgedLevel.COUNTY, ()),
        apart=None,
        sole=None,
        returns=(),
        filters=filters or BoardFilters(),
        topics=(),
        clauses=(),
    )


def target_page(cell: Cell, person: ContactPerson | None = None, pace: Pace | None = None) -> TargetPage:
    """The page of a cell's target, its counties ranked."""
    return TargetPage(
        plan=PLAN,
        target=cell.target,
        region=CITY,
        institution=None,
        quarter=QUARTER,
        cell=cell,
        definition="",
        formula=Formula("", "", "", ""),
        citation=ClauseCitation(
            PLAN, (ClauseStep(1, "（一）", "提升基层服务能力"),), "3/（一）", 1, "", "", "", 0, "", ()
        ),
        person=person,
        pace=pace,
        official=None,
        children=(),
        units=Units((), "", ()),
        past=(),
        terms=TermsText(
            "", "", "", "", None, Decimal(10), DUE, "", "", "", datetime(2023, 1, 1, tzinfo=SHANGHAI), True
        ),
        revisions=(),
        series=tuple(series()),
        milestones=(
            MilestoneRow(date(2023, 12, 31), Decimal(40), None),
            MilestoneRow(date(2024, 12, 31), Decimal(50), None),
        ),
        ranking=(),
        institutions=(),
    )


def series() -> Iterator[SeriesPoint]:
    """Two years: every colour of a point, a quarter without a figure, and two to come."""
    past = [(10, Status.MET), (15, Status.RED), (None, Status.NO_DATA), (40, Status.MET), (41, Status.AMBER)]
    for place, (value, status) in enumerate([*past, (46, Status.GREEN), (None, ""), (None, "")]):
        line = Decimal(10 * (place + 1)) if place < 4 else 40 + Decimal("2.5") * (place - 3)
        yield SeriesPoint(
            Quarter(2023, 1) + place, None if value is None else Decimal(value), line, badge_of(status), value is None
        )


def slow_pace() -> Pace:
    return Pace(needed=Fraction(5), recent=Fraction(5, 2), quarters_left=4)
