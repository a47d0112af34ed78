"""Who is to be reminded of which returns today, who may chase them, and who was reminded when."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from institutions.clock import SHANGHAI
from institutions.enums import Role
from institutions.models import Membership, Region, User
from institutions.permissions import Person, posts, reviewable_institutions
from reports.base.enums import ReminderKind, SubmissionState
from reports.models import Notice, Reminder, ReturnPeriod, Submission
from reports.models.handling import NoticeQuerySet
from reports.models.submission import SubmissionQuerySet
from reports.reminders.timing import REVIEW_DAYS_BEFORE, call_to_report, call_to_review
from reports.returns.queries.submissions import reviewable_returns
from targets.periods import Quarter

BY_CALENDAR = (ReminderKind.SOON, ReminderKind.OVERDUE)
OF_REPORTERS = (*BY_CALENDAR, ReminderKind.CHASED)


@dataclass(frozen=True, slots=True)
class DueReturn:
    """A return of which somebody is to be reminded. by: its due day, or its review deadline. came_late: it waits for
    review and was handed in after its due day (补报待审), so that no review of it is overdue.
    """

    submission_id: int
    unit: str
    quarter: Quarter
    by: date
    kind: ReminderKind
    overdue: bool
    came_late: bool = False

    def days_left(self, today: date) -> int:
        return (self.by - today).days


def due_of(submission: Submission, kind: ReminderKind, today: date, waits_late: bool = False) -> DueReturn:
    by = submission.review_by if kind == ReminderKind.REVIEW else submission.due_on
    quarter = Quarter.from_ordinal(submission.quarter)
    overdue = today > by and not waits_late
    return DueReturn(submission.pk, submission.reporter.name, quarter, by, kind, overdue, waits_late)


# --- What the calendar says -------------------------------------------------------------------------------------


def people_to_remind(today: date) -> list[int]:
    """Users of whom something is open today; the number of queries grows with the reviewers only."""
    return sorted(open_calls(today))


def calls_of(people: Collection[int], today: date) -> dict[int, list[DueReturn]]:
    """What a digest of today tells each; nothing to those who had one today."""
    had = Reminder.objects.filter(notice__to__in=people, day=today, by__isnull=True).values_list(
        "notice__to", flat=True
    )
    return open_calls(today, set(people) - set(had))


def open_calls(today: date, people: Collection[int] | None = None) -> dict[int, list[DueReturn]]:
    found = to_report(today, people)
    reviewers = User.objects.filter(is_active=True, memberships__role=Role.REVIEWER).distinct()
    for reviewer in reviewers if people is None else reviewers.filter(pk__in=people):
        if waiting := to_review(reviewer, today):
            found[reviewer.pk].extend(waiting)
    return found


def to_report(today: date, people: Collection[int] | None = None) -> defaultdict[int, list[DueReturn]]:
    """Owed returns whose reminder is open, by reporter. Three queries."""
    returns = near_or_overdue(today)
    if people is not None:
        returns = returns.filter(reporter__in=posts_of_reporters(people).values("institution"))
    owed = defaultdict(list)
    for each in returns:
        owed[each.reporter_id].append(each)
    last = last_reminded([each.pk for units in owed.values() for each in units], BY_CALENDAR)
    found: defaultdict[int, list[DueReturn]] = defaultdict(list)
    for user_id, unit_id in posts_of_reporters(people, owed).values_list("user", "institution"):
        for each in owed[unit_id or 0]:
            call = call_to_report(each.due_on, today, settings.REMIND_DAYS_BEFORE, settings.REMIND_EVERY_DAYS)
            since = (each.came_back or each.opened_at).astimezone(SHANGHAI).date()
            if call and call.is_open(since, last.get((user_id, each.pk))):
                kind = ReminderKind.OVERDUE if call.overdue else ReminderKind.SOON
                found[user_id].append(due_of(each, kind, today))
    return found


def near_or_overdue(today: date) -> QuerySet[Any]:
    """Owed returns that the calendar may speak of. came_back: when it was last sent back or withdrawn; else it came
    when its quarter was opened."""
    near = today + timedelta(days=max(settings.REMIND_DAYS_BEFORE, default=0))
    opened = ReturnPeriod.objects.filter(quarter=OuterRef("quarter")).values("opened_at")
    found = still_owed(today).filter(due_on__lte=near).select_related("reporter")
    return found.annotate(came_back=Max("rounds__decided_at"), opened_at=Subquery(opened)).order_by(
        "due_on", "reporter__code"
    )


def to_review(user: User, today: date) -> list[DueReturn]:
    """Returns that wait for the person's review and whose reminder is open."""
    near = today + timedelta(days=max(REVIEW_DAYS_BEFORE))
    mine = Reminder.objects.filter(submission=OuterRef("pk"), notice__to=user, kind=ReminderKind.REVIEW)
    waiting: QuerySet[Any] = (
        reviewable_returns(user)
        .filter(state=SubmissionState.SUBMITTED, review_by__lte=near)
        .with_waits_late()
        .annotate(came=Max("rounds__submitted_at"), last=Subquery(mine.order_by("-day").values("day")[:1]))
        .order_by("review_by", "reporter__region__position", "reporter__code")
    )
    found = []
    for each in waiting:
        call = call_to_review(each.review_by, today)
        if call and call.is_open(each.came.astimezone(SHANGHAI).date(), each.last):
            found.append(due_of(each, ReminderKind.REVIEW, today, each.waits_late))
    return found


def still_owed(today: date) -> QuerySet[Submission]:
    """Owed returns that can still be handed in."""
    return Submission.objects.owed().not_closed(today)


def posts_of_reporters(
    people: Collection[int] | None = None, units: Iterable[int] | None = None
) -> QuerySet[Membership]:
    """The posts of reporters who can log in: of these people, at these units."""
    found = Membership.objects.of_open_accounts().filter(role=Role.REPORTER)
    found = found if people is None else found.filter(user__in=people)
    return found if units is None else found.filter(institution__in=list(units))


def last_reminded(returns: Iterable[int], kinds: Collection[ReminderKind]) -> dict[tuple[int, int], date]:
    """By person and return."""
    rows = Reminder.objects.of_returns(returns).filter(kind__in=kinds)
    last = rows.values("notice__to", "submission").annotate(last=Max("day")).order_by()
    return {(user, submission): day for user, submission, day in last.values_list("notice__to", "submission", "last")}


# --- 催报 -------------------------------------------------------------------------------------------------------


def chaseable_returns(user: Person) -> SubmissionQuerySet:
    """Returns that the person may chase: a reviewer's, and all of the regions that a supervisor watches."""
    watched = Region.objects.within_any(posts(user, [Role.SUPERVISOR]).values_list("region"))
    units = Q(reporter__in=reviewable_institutions(user)) | Q(reporter__region__in=watched.values("pk"))
    return Submission.objects.filter(units)


def chaseable_among(user: Person, returns: Collection[int], today: date) -> set[int]:
    """Of these what is owed, can still be handed in, and is the person's to chase."""
    if not returns:
        return set()
    open_ones = chaseable_returns(user).owed().not_closed(today).filter(pk__in=returns)
    return set(open_ones.values_list("pk", flat=True))


def chased_today(returns: Iterable[int], today: date) -> dict[int, Reminder]:
    """The first 催报 of today, by return."""
    rows = Reminder.objects.of_returns(returns).filter(kind=ReminderKind.CHASED, day=today)
    return {each.submission_id: each for each in rows.select_related("notice", "by").order_by("-pk")}


# --- Who was reminded when --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReminderState:
    """How often a return's reporters were reminded, and when last. Two people told at once are one time."""

    times: int = 0
    last_on: date | None = None
    last_kind: str = ""

    @property
    def word(self) -> str:
        return str(ReminderKind(self.last_kind).label) if self.last_kind else ""


def reminder_state(returns: Iterable[int]) -> dict[int, ReminderState]:
    """By return; one query."""
    rows = Reminder.objects.of_returns(returns).filter(kind__in=OF_REPORTERS)
    found: dict[int, ReminderState] = {}
    for pk, day, kind in rows.order_by("submission", "day", "kind").values_list("submission", "day", "kind").distinct():
        found[pk] = ReminderState(found.get(pk, ReminderState()).times + 1, day, kind)
    return found


def reminders_of(submission: Submission) -> QuerySet[Reminder]:
    """Of one return, newest first, with whom they went to."""
    return submission.reminders.select_related("notice__to", "by").order_by("-notice__at", "notice__to")


# --- One's own notices ------------------------------------------------------------------------------------------


def notices_of(user: User) -> QuerySet[Notice]:
    return Notice.objects.filter(to=user).annotate(returns=Count("reminders")).order_by("-at", "-pk")


def reminders_under(notice: Notice) -> QuerySet[Reminder]:
    """What a notice tells of, each with its return as that stands now."""
    returns: QuerySet[Any] = Submission.objects.with_waits_late().select_related("reporter")
    each_return: Prefetch[Any, Any, Any] = Prefetch("submission", returns)
    return notice.reminders.prefetch_related(each_return).order_by("submission__due_on", "pk")


def unread_count() -> Subquery:
    """As a column beside a person's posts, so that no page asks for it apart."""
    rows = Notice.objects.unread().filter(to=OuterRef("user")).order_by().values("to")
    return Subquery(rows.annotate(count=Count("pk")).values("count"))


def still_open() -> NoticeQuerySet:
    """Notices of which at least one return still stands as it did: a hand-in or a decision ends a reminder."""
    waits = Q(kind=ReminderKind.REVIEW, submission__state=SubmissionState.SUBMITTED)
    owed = ~Q(kind=ReminderKind.REVIEW) & Q(submission__in=Submission.objects.owed().values("pk"))
    open_ones = Reminder.objects.filter(waits | owed, notice=OuterRef("pk"))
    return Notice.objects.filter(Exists(open_ones))
