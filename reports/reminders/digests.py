"""The morning's digests: one a person and day, from the calendar. Safe to run twice at once and to be killed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from institutions.clock import SHANGHAI
from institutions.models import User
from reports.reminders.notices import keep_notices
from reports.reminders.queries import calls_of, people_to_remind

AT_ONCE = 200


def send_digests(now: datetime) -> int:
    """Tell everybody of whom something is open, some hundred people in a transaction."""
    people = people_to_remind(now.astimezone(SHANGHAI).date())
    return sum(send_digest(people[first : first + AT_ONCE], now) for first in range(0, len(people), AT_ONCE))


@transaction.atomic
def send_digest(people: Sequence[int], now: datetime) -> int:
    """The people's rows are locked before it is asked what is open, so that two runs never tell anybody twice."""
    # no_key: notices that refer to them are still written; in ascending order, so that two runs never wait in a ring.
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=people, is_active=True).order_by("pk")
    users = {user.pk: user for user in locked}
    calls = calls_of(list(users), now.astimezone(SHANGHAI).date())
    keep_notices([(users[pk], due) for pk, due in calls.items()], now)
    return len(calls)
