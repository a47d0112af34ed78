"""填报进度: who owes, who is late, who waits for review, who was sent back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.clock import SHANGHAI
from institutions.models import Region
from reports.board.cells import Person, RegionHead, level_word
from reports.enums import SubmissionState
from reports.models import ReturnPeriod, Round
from reports.queries import progress as queries
from reports.signs import Mark
from targets.periods import Quarter


class Stand(models.TextChoices):
    """Where a return stands today, its own dates considered; in the order of concern."""

    OVERDUE = "overdue", gettext_lazy("逾期未报")
    RETURNED = "returned", gettext_lazy("退回待重报")
    OVERDUE_REVIEW = "overdue_review", gettext_lazy("逾期未审")
    PENDING = "pending", gettext_lazy("待审")
    AWAITED = "awaited", gettext_lazy("待报")
    APPROVED = "approved", gettext_lazy("已通过")


OWING = (Stand.OVERDUE, Stand.RETURNED, Stand.AWAITED)
STAND_SIGNS = {
    Stand.OVERDUE: ("red", "✕"),
    Stand.RETURNED: ("amber", "↩"),
    Stand.OVERDUE_REVIEW: ("amber", "▲"),
    Stand.PENDING: ("no_data", "…"),
    Stand.AWAITED: ("not_due", "○"),
    Stand.APPROVED: ("met", "✓"),
}


def stand_of(state: str, due_on: date, review_by: date, today: date) -> Stand:
    """A due day ends at 24:00; a return sent back after its due day is owed, and late."""
    if state == SubmissionState.APPROVED:
        return Stand.APPROVED
    if state == SubmissionState.SUBMITTED:
        return Stand.PENDING if today <= review_by else Stand.OVERDUE_REVIEW
    if state == SubmissionState.RETURNED:
        return Stand.RETURNED
    return Stand.AWAITED if today <= due_on else Stand.OVERDUE


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One reporter's return.

    county: the judged region it counts in. lines: units it answers for, itself included. late: first handed in
    after its due day, or not at all by now. reason: why it was last sent back.
    """

    submission_id: int
    institution_id: int
    name: str
    kind_word: str
    county: RegionHead
    stand: Stand
    due_on: date
    review_by: date
    late: bool
    rounds: int
    submitted_at: datetime | None
    submitted_by: str
    reason: str
    lines: int
    person: Person

    @property
    def owing(self) -> bool:
        return self.stand in OWING

    @property
    def mark(self) -> Mark:
        key, sign = STAND_SIGNS[self.stand]
        return Mark(key, sign, str(self.stand.label))


@dataclass(frozen=True, slots=True)
class CountyProgress:
    """Counts of one county by stand, in `Stand`'s order. late: handed in too late, or owed after the due day."""

    county: RegionHead
    by_stand: tuple[int, ...]
    total: int
    late: int

    @property
    def approved(self) -> int:
        return self.by_stand[list(Stand).index(Stand.APPROVED)]

    @property
    def approved_share(self) -> str:
        """In percent, for a data bar."""
        return f"{self.approved * 100 / self.total:.1f}" if self.total else "0"


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """returns: those not yet approved, in the order of concern. text: who owes, ready to copy."""

    region: RegionHead
    quarter: Quarter
    due_on: date
    review_by: date
    calendar_known: bool
    counties: tuple[CountyProgress, ...]
    whole: CountyProgress
    returns: tuple[ReturnLine, ...]
    text: str

    @property
    def owing(self) -> tuple[ReturnLine, ...]:
        return tuple(line for line in self.returns if line.owing)

    @property
    def waiting(self) -> tuple[ReturnLine, ...]:
        return tuple(line for line in self.returns if not line.owing)

    @property
    def stands(self) -> list[Stand]:
        return list(Stand)

    @property
    def place_word(self) -> str:
        """What the places are by which it is counted: 县区, 乡镇街道."""
        return level_word(self.counties[-1].county.level)


def progress_page(region: Region, counties: list[Region], period: ReturnPeriod, today: date) -> ProgressPage:
    """Every return of a region for one quarter; counted by `counties`, what lies in none of them by the region."""
    lines = return_lines(region, period, today, counties)
    quarter = Quarter.from_ordinal(period.quarter)
    heads = [RegionHead.of(each) for each in counties] or [RegionHead.of(region)]
    if any(line.county.id == region.pk for line in lines) and counties:
        heads.insert(0, RegionHead.of(region))
    order = list(Stand)
    return ProgressPage(
        region=RegionHead.of(region),
        quarter=quarter,
        due_on=period.due_on,
        review_by=period.review_by,
        calendar_known=period.calendar_known,
        counties=tuple(counted(head, [line for line in lines if line.county.id == head.id]) for head in heads),
        whole=counted(RegionHead.of(region), lines),
        returns=tuple(
            sorted((line for line in lines if line.stand != Stand.APPROVED), key=lambda line: order.index(line.stand))
        ),
        text=reminder(quarter, period.due_on, [line for line in lines if line.owing]),
    )


def return_lines(
    region: Region, period: ReturnPeriod, today: date, counties: Iterable[Region] = ()
) -> list[ReturnLine]:
    """The returns of a region, one line each, in the register's order."""
    heads = {each.pk: RegionHead.of(each) for each in counties}
    rounds = queries.last_rounds(region, period.quarter)
    own = RegionHead.of(region)
    return [
        line_of(
            owed,
            rounds.get(owed.submission.pk),
            next((heads[pk] for pk in owed.submission.reporter.region.lineage if pk in heads), own),
            today,
        )
        for owed in queries.owed_below(region, period.quarter)
    ]


def line_of(owed: queries.Owed, last: Round | None, county: RegionHead, today: date) -> ReturnLine:
    submission, reporter = owed.submission, owed.submission.reporter
    stand = stand_of(submission.state, submission.due_on, submission.review_by, today)
    handed_in = last.submitted_at.astimezone(SHANGHAI) if last and last.submitted_at else None
    first = owed.first_handed_in
    return ReturnLine(
        submission_id=submission.pk,
        institution_id=reporter.pk,
        name=reporter.name,
        kind_word=reporter.get_kind_display(),
        county=county,
        stand=stand,
        due_on=submission.due_on,
        review_by=submission.review_by,
        late=(first.astimezone(SHANGHAI).date() if first else today) > submission.due_on,
        rounds=last.number if last else 0,
        submitted_at=handed_in,
        submitted_by=str(last.submitted_by) if last and last.submitted_by else "",
        reason=last.reason if last and stand == Stand.RETURNED else "",
        lines=owed.lines,
        person=Person(reporter.contact_name, reporter.contact_phone),
    )


def counted(county: RegionHead, lines: list[ReturnLine]) -> CountyProgress:
    stands = [line.stand for line in lines]
    return CountyProgress(
        county=county,
        by_stand=tuple(stands.count(stand) for stand in Stand),
        total=len(lines),
        late=sum(line.late for line in lines),
    )


def reminder(quarter: Quarter, due_on: date, owing: list[ReturnLine]) -> str:
    """The plain text that is pasted into a message: one unit a line, by county."""
    if not owing:
        return ""
    head = _("%(quarter)s报表截止日为%(month)d月%(day)d日，下列 %(count)d 家单位尚未报送：") % {
        "quarter": quarter.label,
        "month": due_on.month,
        "day": due_on.day,
        "count": len(owing),
    }
    by_county: dict[str, list[str]] = {}
    for line in owing:
        stand = _("（%(what)s）") % {"what": line.stand.label}
        by_county.setdefault(line.county.name, []).append(f"  {line.name}{stand} {line.person}".rstrip())
    blocks = [
        name + _("（%(count)d 家）") % {"count": len(names)} + "\n" + "\n".join(names)
        for name, names in by_county.items()
    ]
    return "\n".join([head, *blocks])
