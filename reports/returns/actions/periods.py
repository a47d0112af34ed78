"""Moving a quarter's dates, and giving more time."""

from datetime import date, datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit, permissions
from institutions.clock import SHANGHAI
from institutions.models import User
from institutions.texts import trim
from reports.base.errors import RefusedError
from reports.judging import tasks
from reports.models import Extension, ReturnPeriod, Submission
from reports.returns.actions.opening import extend_returns, extension_filter
from reports.returns.queries.calendar import keeps_all, kept_returns
from targets.periods import Quarter

DATES = ("due_on", "review_by", "closes_on")


@transaction.atomic
def set_dates(
    period: ReturnPeriod, due_on: date, review_by: date, closes_on: date | None, by: User, now: datetime
) -> ReturnPeriod:
    """Move the quarter's dates, and those of every return that was still on the old ones; then judge it anew."""
    # The lock that opening takes: a return made meanwhile would keep the old days.
    period = ReturnPeriod.objects.select_for_update().get(pk=period.pk)
    if not (permissions.may_administer(by) or keeps_all(by, Quarter.from_ordinal(period.quarter))):
        raise PermissionDenied
    must_follow(due_on, review_by, closes_on)
    returns = Submission.objects.filter(quarter=period.quarter)
    moved = returns.filter(due_on=period.due_on).update(due_on=due_on)
    returns.filter(review_by=period.review_by).update(review_by=review_by)
    before = dates_as_text(period)
    period.due_on, period.review_by, period.closes_on = due_on, review_by, closes_on
    period.save(update_fields=DATES)
    recompute_on_commit(period.quarter)
    audit.record("period.dates_set", period, by, now, before=before, after=dates_as_text(period), returns=moved)
    return period


@transaction.atomic
def grant_extension(extension: Extension, by: User, now: datetime) -> int:
    """Put a new extension in force; for how many returns is the answer. `extension` is not saved yet.

    Only what is not approved moves, and only to later days. One for all moves the quarter's own days with it.
    """
    # The same lock: returns made later find the extension, those made before are moved here.
    period = ReturnPeriod.objects.select_for_update().get(quarter=extension.quarter)
    quarter = Quarter.from_ordinal(extension.quarter)
    must_be_their_own(extension, quarter, by)
    must_follow(extension.due_on, extension.review_by, None)
    must_say_why(extension)
    if extension.due_on < now.astimezone(SHANGHAI).date():
        raise RefusedError(_("新的填报截止日已经过去，没有办理延期。请填今天或以后的日期。"))
    moved = extend_returns(extension, kept_returns(by, quarter))
    if not moved:
        raise RefusedError(_("没有可以延期的报表：都已通过审核，或者现在的截止日不比新的早。没有办理延期。"))
    extension.made_by, extension.made_at = by, now
    extension.save()
    if not (extension.region_id or extension.institution_id):
        move_period(period, extension)
    recompute_on_commit(period.quarter)
    audit.record("period.extended", extension, by, now, returns=moved, due_on=extension.due_on.isoformat())
    return moved


def must_be_their_own(extension: Extension, quarter: Quarter, by: User) -> None:
    """All: who keeps every return; a region or a unit: who keeps some of its returns."""
    if not (extension.region_id or extension.institution_id):
        if not keeps_all(by, quarter):
            raise PermissionDenied
    elif not kept_returns(by, quarter).filter(extension_filter(extension)).exists():
        raise PermissionDenied


def must_follow(due_on: date, review_by: date, closes_on: date | None) -> None:
    if review_by < due_on:
        raise RefusedError(_("审核截止日不能早于填报截止日。"))
    if closes_on and closes_on < due_on:
        raise RefusedError(_("关账日不能早于填报截止日。"))


def must_say_why(extension: Extension) -> None:
    extension.reason, extension.document = trim(extension.reason), trim(extension.document)
    if not (extension.reason and extension.document):
        raise RefusedError(_("请写明延期原因和文号，没有办理延期。"))


def move_period(period: ReturnPeriod, extension: Extension) -> None:
    period.due_on = max(period.due_on, extension.due_on)
    period.review_by = max(period.review_by, extension.review_by)
    if period.closes_on:
        period.closes_on = max(period.closes_on, period.due_on)
    period.save(update_fields=DATES)


def recompute_on_commit(ordinal: int) -> None:
    transaction.on_commit(partial(tasks.recompute_quarter.delay, ordinal), robust=True)


def dates_as_text(period: ReturnPeriod) -> dict[str, str | None]:
    days = {name: getattr(period, name) for name in DATES}
    return {name: day.isoformat() if day else None for name, day in days.items()}
