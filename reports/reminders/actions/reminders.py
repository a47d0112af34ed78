"""催报 by a person, and reading one's notices."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.clock import SHANGHAI
from institutions.models import Region, User
from reports.base.enums import ReminderKind
from reports.base.errors import RefusedError
from reports.models import Notice, Submission
from reports.reminders import tasks
from reports.reminders.notices import keep_notices
from reports.reminders.queries import DueReturn, chaseable_returns, chased_today, due_of, posts_of_reporters
from reports.returns.lateness import day_of
from reports.returns.queries.submissions import closed_on
from targets.periods import Quarter, day_label


@dataclass(frozen=True, slots=True)
class Chased:
    """returns: told of. people: told. already: chased earlier today. nobody: units without an account to tell. closed:
    owed in a quarter whose books are closed (已关账), of which nobody is told any more.
    """

    returns: int
    people: int
    already: int
    nobody: tuple[str, ...]
    closed: int = 0


@transaction.atomic
def chase(submission: Submission, by: User, now: datetime) -> Chased:
    """Tell the return's reporters now; at most once a day."""
    if not chaseable_returns(by).filter(pk=submission.pk).exists():
        raise PermissionDenied
    submission = lock_returns([submission.pk])[0]
    if not submission.is_owed:
        raise RefusedError(_("这张报表现在不欠报，不需要催报。"))
    must_not_be_closed(submission, now)
    if earlier := chased_today([submission.pk], day_of(now)).get(submission.pk):
        at = f"{earlier.notice.at.astimezone(SHANGHAI):%H:%M}"
        sentence = _("今天 %(time)s 已由 %(who)s 催报过，同一张报表一天只催一次。")
        raise RefusedError(sentence % {"time": at, "who": earlier.by})
    done = notify_reporters([submission], by, now)
    if done.nobody:
        raise RefusedError(
            _("%(unit)s还没有可以登录的填报员，提醒发不出去；请打电话：%(person)s。")
            % {"unit": submission.reporter, "person": contact_text(submission)}
        )
    audit.record("submission.chased", submission, by, now, people=done.people)
    return done


@transaction.atomic
def chase_all(region: Region, quarter: Quarter, by: User, now: datetime) -> Chased:
    """The same for every return that is owed in a region and may be chased by the person; one notice a reporter."""
    returns = chaseable_returns(by).within(region.pk).of_quarter(quarter)
    if not returns.exists():
        raise PermissionDenied
    today = day_of(now)
    owed = lock_returns(returns.owed().not_closed(today).values_list("pk", flat=True))
    owed = [each for each in owed if each.is_owed]
    closed = returns.owed().exclude(pk__in=returns.owed().not_closed(today).values("pk"))
    if not owed and (first := closed.first()):
        must_not_be_closed(first, now)
    earlier = chased_today([each.pk for each in owed], today)
    done = notify_reporters([each for each in owed if each.pk not in earlier], by, now)
    audit.record("region.chased", region, by, now, quarter=str(quarter), returns=done.returns, people=done.people)
    return Chased(done.returns, done.people, len(earlier), done.nobody, closed.count())


def must_not_be_closed(submission: Submission, now: datetime) -> None:
    """What cannot be handed in any more is not chased."""
    if day := closed_on(submission, day_of(now)):
        sentence = _("%(quarter)s已于%(day)s关账，不再催报；需要补报的，请先办理延期。")
        quarter = Quarter.from_ordinal(submission.quarter)
        raise RefusedError(sentence % {"quarter": quarter.label, "day": day_label(day)})


def lock_returns(returns: Iterable[int]) -> list[Submission]:
    """Unit by unit, as every action locks them: two who chase the same list wait for each other and never in a ring."""
    # of self: the joined unit and region stay free.
    rows = Submission.objects.select_for_update(of=("self",)).filter(pk__in=list(returns))
    return list(rows.select_related("reporter__region").order_by("reporter_id", "quarter"))


def notify_reporters(returns: Sequence[Submission], by: User, now: datetime) -> Chased:
    today = day_of(now)
    units: defaultdict[int, list[Submission]] = defaultdict(list)
    for each in returns:
        units[each.reporter_id].append(each)
    told: dict[User, list[DueReturn]] = {}
    reached = set()
    for post in posts_of_reporters(units=units).select_related("user").order_by("user_id"):
        reached.add(post.institution_id)
        dues = [due_of(each, ReminderKind.CHASED, today) for each in units[post.institution_id or 0]]
        told.setdefault(post.user, []).extend(dues)
    keep_notices(list(told.items()), now, by=by)
    # A broker that is down must not spoil it: beat looks every minute for what was not sent.
    transaction.on_commit(tasks.send_mails.delay, robust=True)
    missed = tuple(each.reporter.name for each in returns if each.reporter_id not in reached)
    return Chased(len(returns) - len(missed), len(told), already=0, nobody=missed)


def contact_text(submission: Submission) -> str:
    unit = submission.reporter
    return f"{unit.contact_name} {unit.contact_phone}".strip() or _("机构名录里没有登记联系人")


def mark_read(notice: Notice, by: User, now: datetime) -> None:
    """Opening a notice reads it."""
    if notice.to_id != by.pk:
        raise PermissionDenied
    Notice.objects.unread().filter(pk=notice.pk).update(read_at=now)


def mark_all_read(by: User, now: datetime) -> int:
    return Notice.objects.unread().filter(to=by).update(read_at=now)
