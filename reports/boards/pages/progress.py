"""填报进度: who owes, who is late, who waits for review, who was sent back."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.clock import SHANGHAI
from institutions.enums import InstitutionKind
from institutions.models import Region
from reports.base.enums import SubmissionState
from reports.base.status_badge import StatusBadge
from reports.boards.pages.cells import ContactPerson, RegionHead, level_word
from reports.boards.queries import progress as queries
from reports.models import ReturnPeriod, Round
from reports.reminders.queries import ReminderState, reminder_state
from reports.returns.lateness import books_closed, is_overdue
from targets.periods import Quarter


class ReturnStanding(models.TextChoices):
    """Where a return stands today, its own dates considered; in the order of concern."""

    OVERDUE = "overdue", gettext_lazy("逾期未报")
    RETURNED = "returned", gettext_lazy("退回待重报")
    OVERDUE_REVIEW = "overdue_review", gettext_lazy("逾期未审")
    LATE_PENDING = "late_pending", gettext_lazy("补报待审")
    PENDING = "pending", gettext_lazy("待审")
    AWAITED = "awaited", gettext_lazy("待报")
    APPROVED = "approved", gettext_lazy("已通过")


class ProgressPile(models.TextChoices):
    """The three lists of the page."""

    OWING = "owing", gettext_lazy("尚未报送")
    WAITING = "waiting", gettext_lazy("等待审核")
    PASSED = "passed", gettext_lazy("已通过")


OWING = (ReturnStanding.OVERDUE, ReturnStanding.RETURNED, ReturnStanding.AWAITED)
LINES = 100  # of a list on one page
NAMED = 200  # units that the text to copy names one by one; of more it gives the counts
STANDING_SIGNS = {
    ReturnStanding.OVERDUE: ("red", "✕"),
    ReturnStanding.RETURNED: ("amber", "↩"),
    ReturnStanding.OVERDUE_REVIEW: ("amber", "▲"),
    ReturnStanding.LATE_PENDING: ("no_data", "◔"),
    ReturnStanding.PENDING: ("no_data", "…"),
    ReturnStanding.AWAITED: ("not_due", "○"),
    ReturnStanding.APPROVED: ("met", "✓"),
}


def standing_of(state: str, due_on: date, review_by: date, today: date, waits_late: bool = False) -> ReturnStanding:
    """A due day ends at 24:00; what was sent back and is not handed in again by then is overdue like any other."""
    if state in (SubmissionState.APPROVED, SubmissionState.REOPENED):
        return ReturnStanding.APPROVED
    if state == SubmissionState.SUBMITTED and waits_late:
        return ReturnStanding.LATE_PENDING
    if state == SubmissionState.SUBMITTED:
        return ReturnStanding.PENDING if today <= review_by else ReturnStanding.OVERDUE_REVIEW
    if is_overdue(state, due_on, today):
        return ReturnStanding.OVERDUE
    return ReturnStanding.RETURNED if state == SubmissionState.RETURNED else ReturnStanding.AWAITED


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One reporter's return.

    county: the judged region it counts in. lines: units it answers for, itself included. late: 补报, or owed after
    its due day. reason: why it was last sent back, until it is handed in again. origin: 电话代报, 纸质代报 or 补录.
    reopened: approved, and being corrected. closed: owed, and its quarter takes nothing more (已关账). reminded: where
    it was asked for.
    """

    submission_id: int
    institution_id: int
    name: str
    kind_word: str
    county: RegionHead
    stand: ReturnStanding
    due_on: date
    review_by: date
    late: bool
    rounds: int
    submitted_at: datetime | None
    submitted_by: str
    reason: str
    lines: int
    person: ContactPerson
    origin: str = ""
    reopened: bool = False
    sent_back: bool = False
    closed: bool = False
    reminded: ReminderState = field(default_factory=ReminderState)

    @property
    def owing(self) -> bool:
        return self.stand in OWING

    @property
    def pile(self) -> ProgressPile:
        if self.owing:
            return ProgressPile.OWING
        return ProgressPile.PASSED if self.stand == ReturnStanding.APPROVED else ProgressPile.WAITING

    @property
    def badge(self) -> StatusBadge:
        key, sign = STANDING_SIGNS[self.stand]
        return StatusBadge(key, sign, self.word)

    @property
    def word(self) -> str:
        if self.reopened:
            return _("已通过（更正中）")
        if self.sent_back and self.stand == ReturnStanding.OVERDUE:
            return _("逾期未报（退回待重报）")
        return str(self.stand.label)


@dataclass(frozen=True, slots=True)
class CountyProgress:
    """Counts of one county by standing, in the order of `ReturnStanding`.

    late: handed in too late, or owed after the due day.
    """

    county: RegionHead
    by_stand: tuple[int, ...]
    total: int
    late: int

    @property
    def approved(self) -> int:
        return self.by_stand[list(ReturnStanding).index(ReturnStanding.APPROVED)]


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """lines: all, in the order of concern. text: who can still be chased, ready to copy. closed_on: the day on which
    its books closed; None while they are open.
    """

    region: RegionHead
    quarter: Quarter
    due_on: date
    review_by: date
    calendar_known: bool
    counties: tuple[CountyProgress, ...]
    whole: CountyProgress
    lines: tuple[ReturnLine, ...]
    text: str
    closed_on: date | None

    @property
    def returns(self) -> tuple[ReturnLine, ...]:
        """Those not yet approved."""
        return tuple(line for line in self.lines if line.pile != ProgressPile.PASSED)

    def of(self, pile: ProgressPile) -> tuple[ReturnLine, ...]:
        return tuple(line for line in self.lines if line.pile == pile)

    @property
    def owing(self) -> tuple[ReturnLine, ...]:
        return self.of(ProgressPile.OWING)

    @property
    def waiting(self) -> tuple[ReturnLine, ...]:
        return self.of(ProgressPile.WAITING)

    @property
    def stands(self) -> list[ReturnStanding]:
        return list(ReturnStanding)

    @property
    def place_word(self) -> str:
        """What the places are by which it is counted: 县区, 乡镇街道."""
        return level_word(self.counties[-1].county.level)


@dataclass(frozen=True, slots=True)
class ReturnListing:
    """One of the page's lists, a hundred lines at a time. piles: each with its count."""

    pile: ProgressPile
    piles: tuple[tuple[ProgressPile, int], ...]
    page: Page

    @property
    def owing(self) -> list[int]:
        """The returns on the page that are owed."""
        return [line.submission_id for line in self.page.object_list if line.owing]


def listing_of(page: ProgressPage, asked: str, number: str) -> ReturnListing:
    """The list that was asked for, else the first that holds anything; its lines with who was reminded."""
    piles = tuple((pile, len(page.of(pile))) for pile in ProgressPile)
    filled = [pile for pile, count in piles if count]
    pile = ProgressPile(asked) if asked in ProgressPile.values else next(iter(filled), ProgressPile.OWING)
    shown = Paginator(page.of(pile), LINES).get_page(number)
    times = reminder_state([line.submission_id for line in shown.object_list])
    shown.object_list = [
        replace(line, reminded=times.get(line.submission_id, ReminderState())) for line in shown.object_list
    ]
    return ReturnListing(pile, piles, shown)


def progress_page(region: Region, counties: list[Region], period: ReturnPeriod, today: date) -> ProgressPage:
    """Every return of a region for one quarter; counted by `counties`, what lies in none of them by the region."""
    lines = return_lines(region, period, today, counties)
    quarter = Quarter.from_ordinal(period.quarter)
    heads = [RegionHead.of(each) for each in counties] or [RegionHead.of(region)]
    if any(line.county.id == region.pk for line in lines) and counties:
        heads.insert(0, RegionHead.of(region))
    order = list(ReturnStanding)
    return ProgressPage(
        region=RegionHead.of(region),
        quarter=quarter,
        due_on=period.due_on,
        review_by=period.review_by,
        calendar_known=period.calendar_known,
        counties=tuple(county_progress(head, [line for line in lines if line.county.id == head.id]) for head in heads),
        whole=county_progress(RegionHead.of(region), lines),
        lines=tuple(sorted(lines, key=lambda line: order.index(line.stand))),
        text=reminder_text(quarter, period.due_on, [line for line in lines if line.owing and not line.closed]),
        closed_on=period.closes_on if books_closed(period.closes_on, period.due_on, today) else None,
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
            period.closes_on,
            today,
        )
        for owed in queries.owed_below(region, period.quarter)
    ]


def line_of(
    owed: queries.Owed, last: Round | None, county: RegionHead, closes_on: date | None, today: date
) -> ReturnLine:
    submission, reporter = owed.submission, owed.submission.reporter
    stand = standing_of(submission.state, submission.due_on, submission.review_by, today, owed.waits_late)
    sent_back = submission.state == SubmissionState.RETURNED
    handed_in = last.submitted_at.astimezone(SHANGHAI) if last and last.submitted_at else None
    return ReturnLine(
        submission_id=submission.pk,
        institution_id=reporter.pk,
        name=reporter.name,
        kind_word=str(InstitutionKind(reporter.kind).label),
        county=county,
        stand=stand,
        due_on=submission.due_on,
        review_by=submission.review_by,
        late=owed.was_late or stand == ReturnStanding.OVERDUE,
        rounds=last.number if last else 0,
        submitted_at=handed_in,
        submitted_by=str(last.submitted_by) if last and last.submitted_by else "",
        reason=last.reason if last and sent_back else "",
        lines=owed.lines,
        person=ContactPerson(reporter.contact_name, reporter.contact_phone),
        origin=str(last.get_origin_display()) if last and last.origin else "",
        reopened=submission.state == SubmissionState.REOPENED,
        sent_back=sent_back,
        closed=stand in OWING and books_closed(closes_on, submission.due_on, today),
    )


def county_progress(county: RegionHead, lines: list[ReturnLine]) -> CountyProgress:
    stands = [line.stand for line in lines]
    return CountyProgress(
        county=county,
        by_stand=tuple(stands.count(stand) for stand in ReturnStanding),
        total=len(lines),
        late=sum(line.late for line in lines),
    )


def reminder_text(quarter: Quarter, due_on: date, owing: list[ReturnLine]) -> str:
    """The plain text that is pasted into a message: one unit a line, by county; of very many only the counts."""
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
        by_county.setdefault(line.county.name, []).append(reminder_line(line, due_on))
    names_all = len(owing) <= NAMED
    blocks = [
        "\n".join([name + _("（%(count)d 家）") % {"count": len(units)}, *(units if names_all else [])])
        for name, units in by_county.items()
    ]
    return "\n".join([head, *blocks])


def reminder_line(line: ReturnLine, due_on: date) -> str:
    """Its own deadline is said where it is not everybody's."""
    what = line.word
    if line.due_on != due_on:
        what = _("%(stand)s，%(month)d月%(day)d日截止") % {
            "stand": what,
            "month": line.due_on.month,
            "day": line.due_on.day,
        }
    return f"  {line.name}{_('（%(what)s）') % {'what': what}} {line.person}".rstrip()
