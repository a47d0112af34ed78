"""Whose return carries a unit's line: from one unit to another, from a day on. The only writer of `FormerReporter`.

A line that stands in a return handed in for the quarter stays with it for that quarter (`effects.watch` says until
when), so that what was reported is reviewed where it was reported.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from institutions import audit
from institutions.actions.records import keep_versions
from institutions.effects import watch
from institutions.models import FormerReporter, Institution, User

Stay = tuple[date, Institution]  # from which day on, and with whom


@transaction.atomic
def hand_over(*, line: Institution, to: Institution | None, on: date, by: User | None, now: datetime) -> None:
    """From `on` another unit reports for this one, or (None) it reports for itself."""
    pass_on(line, [(on, to or line)], by, now)


@transaction.atomic
def hand_over_lines(*, closed: Institution, by: User | None, now: datetime) -> None:
    """The lines of a unit that closes go to the one that it was merged into, or whoever carries on for that."""
    still_open = Q(closed__isnull=True) | Q(closed__gt=closed.closed)
    lines = Institution.objects.select_for_update(of=("self",)).filter(still_open, reported_by=closed)
    found = list(lines.select_related("reported_by").order_by("pk"))
    if found:
        stays = successors_of(closed)
        for line in found:
            pass_on(line, stays, by, now)


@transaction.atomic
def take_back_lines(*, reopened: Institution, was_closed: date, by: User | None, now: datetime) -> None:
    """A closing is undone: the lines that went with it come back, but for those that have gone on since."""
    before = was_closed - timedelta(days=1)
    went = FormerReporter.objects.filter(reporter=reopened, until__gte=before).exclude(institution=reopened)
    for each in went.select_related("institution").order_by("institution"):
        if each.institution.former_reporters.filter(until__gt=each.until).exists():
            continue
        each.delete()
        set_reporter(each.institution, reopened, by, now)
        audit.record("register.take_back", each.institution, by, now, reported_by=reopened.code)


def successors_of(unit: Institution) -> list[Stay]:
    """Who reports, and from which day, for those that the unit reported for; a successor that closes is followed on
    to its own, and one that was closed already is passed over."""
    stays: list[Stay] = []
    passed, ends = {unit}, unit.closed
    while ends:
        following = unit.merged_into and (unit.merged_into.reported_by or unit.merged_into)
        if following is None or following in passed:
            raise ValueError(f"nobody reports for the lines of {unit} after {ends}")
        passed.add(following)
        if following.closed is None or following.closed > ends:
            stays.append((ends, following))
            ends = following.closed
        unit = following
    return stays


def pass_on(line: Institution, stays: Sequence[Stay], by: User | None, now: datetime) -> None:
    """Keep who reported up to each day; `stays` in the order of their days."""
    holder = line.reported_by or line
    for on, following in stays:
        keep_former(line, holder, watch.watcher.lines_stay_until(holder, on))
        audit.record("register.hand_over", line, by, now, left=holder.code, to=following.code, on=str(on))
        holder = following
    set_reporter(line, None if holder == line else holder, by, now)


def keep_former(line: Institution, holder: Institution, until: date) -> None:
    """No row where the unit was not open yet, or where the last one says already what came before."""
    last = line.former_reporters.last()
    if until >= line.opened and (last is None or until > last.until):
        FormerReporter.objects.create(institution=line, reporter=holder, until=until)


def set_reporter(line: Institution, reporter: Institution | None, by: User | None, now: datetime) -> None:
    line.reported_by = line.parent = reporter
    line.save(update_fields=["reported_by", "parent"])
    keep_versions([line.pk], by, now)
