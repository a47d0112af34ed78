"""Sending notices by mail, in the worker. A mail server that is down leaves them waiting and stops nobody.

A mail goes out at least once: a worker killed between the server's word and the database's may send it again.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation

from reports.models import Notice
from reports.reminders.queries import still_open
from reports.reminders.wording import mail_text

KEEP_TRYING = timedelta(hours=24)
AT_ONCE = 500
logger = logging.getLogger(__name__)


def send_waiting(now: datetime, again: bool = False) -> int:
    """Send what was not tried yet; `again`: what failed before. Gives how many went out."""
    waiting = list(notices_to_send(now, again).values_list("pk", flat=True)[:AT_ONCE])
    if not waiting:
        return 0
    try:
        with get_connection() as connection:
            return sum(send_notice(pk, connection, now) for pk in waiting)
    except OSError as error:
        keep_problem(waiting, error)
        return 0


def notices_to_send(now: datetime, again: bool) -> QuerySet[Notice]:
    """Oldest first; what nobody waits for any more is left."""
    found = still_open().not_mailed().exclude(address="").filter(at__gt=now - KEEP_TRYING, to__is_active=True)
    tried = found.exclude(mail_problem="") if again else found.filter(mail_problem="")
    return tried.order_by("at", "pk")


@transaction.atomic
def send_notice(notice_id: int, connection: BaseEmailBackend, now: datetime) -> bool:
    """One mail; its row is locked meanwhile, and another run passes it by."""
    # skip_locked: whoever waited for the lock would only find the mail sent.
    found = Notice.objects.not_mailed().select_for_update(of=("self",), skip_locked=True)
    notice = found.filter(pk=notice_id).first()
    if notice is None:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        message = EmailMessage(notice.title, mail_text(notice), to=[notice.address], connection=connection)
    try:
        message.send()
    except (OSError, ValueError) as error:  # ValueError: an address that cannot be one
        keep_problem([notice.pk], error)
        return False
    notice.mailed_at, notice.mail_problem = now, ""
    notice.save(update_fields=["mailed_at", "mail_problem"])
    return True


def keep_problem(notice_ids: Sequence[int], error: Exception) -> None:
    logger.warning("mail not sent to %d people: %s", len(notice_ids), error)
    Notice.objects.not_mailed().filter(pk__in=notice_ids).update(mail_problem=str(error)[:200] or "?")
