"""What a notice says, in the language of the installation."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from institutions.models import User
from reports.base.enums import ReminderKind
from reports.models import Notice
from reports.reminders.queries import DueReturn
from reports.returns.lateness import Lateness
from targets.periods import day_label

LISTED = 30
TITLE_LENGTH = Notice._meta.get_field("title").max_length


def title_of(due: Sequence[DueReturn], today: date, chased: bool = False) -> str:
    """One line, as a mail's subject must be."""
    own, reviews = split_overdue(due)
    parts = []
    if len(own) == 1:
        parts.append(
            _("%(unit)s%(quarter)s报表%(when)s")
            % {"unit": own[0].unit, "quarter": own[0].quarter.label, "when": when_text(own[0], today)}
        )
    elif own:
        parts.append(_("%(count)d 张报表待报") % {"count": len(own)} + overdue_part(own, _("，其中 %d 张已逾期")))
    if reviews:
        parts.append(
            _("%(count)d 张报表待审核") % {"count": len(reviews)} + overdue_part(reviews, _("，其中 %d 张逾期未审"))
        )
    title = (_("催报：") if chased else "") + _("；").join(parts)
    return " ".join(title.split())[:TITLE_LENGTH]


def overdue_part(due: Sequence[DueReturn], words: str) -> str:
    overdue = sum(each.overdue for each in due)
    return words % overdue if overdue else ""


def text_of(to: User, due: Sequence[DueReturn], today: date, by: User | None = None) -> str:
    own, reviews = split_overdue(due)
    blocks = [_("%(name)s，您好：") % {"name": to}]
    if by:
        who = f"{by} {by.phone}".strip()
        blocks.append(_("%(who)s 提醒您尽快填写并提交报表。") % {"who": who})
    if own:
        blocks.append("\n".join([_("下列报表还没有提交："), *lines_of(own, today)]))
    if reviews:
        blocks.append("\n".join([_("下列报表等待您审核："), *lines_of(reviews, today)]))
    return "\n\n".join(blocks)


def lines_of(due: Sequence[DueReturn], today: date) -> list[str]:
    told = [line_of(each, today) for each in due[:LISTED]]
    return told if len(due) <= LISTED else [*told, _("另有 %d 张，请登录后查看。") % (len(due) - LISTED)]


def line_of(due: DueReturn, today: date) -> str:
    review = due.kind == ReminderKind.REVIEW
    form = (
        _("· %(unit)s，%(quarter)s，审核截止 %(day)s，%(when)s")
        if review
        else _("· %(unit)s，%(quarter)s，填报截止 %(day)s，%(when)s")
    )
    return form % {
        "unit": due.unit,
        "quarter": due.quarter.label,
        "day": day_label(due.by),
        "when": when_text(due, today),
    }


def when_text(due: DueReturn, today: date) -> str:
    """还有 5 天截止, 今天截止, 已逾期 3 天; 补报待审."""
    if due.came_late:
        return str(Lateness.LATE_PENDING.label)
    left = due.days_left(today)
    if left == 0:
        return _("今天截止")
    return _("还有 %d 天截止") % left if left > 0 else _("已逾期 %d 天") % -left


def split_overdue(due: Sequence[DueReturn]) -> tuple[list[DueReturn], list[DueReturn]]:
    """To report, and to review."""
    reviews = [each for each in due if each.kind == ReminderKind.REVIEW]
    return [each for each in due if each.kind != ReminderKind.REVIEW], reviews


def mail_text(notice: Notice) -> str:
    """The notice with its addresses and a foot."""
    kinds = set(notice.reminders.values_list("kind", flat=True))
    links = []
    if kinds - {ReminderKind.REVIEW}:
        links.append(_("填报：%s") % absolute_address("returns"))
    if ReminderKind.REVIEW in kinds:
        links.append(_("审核：%s") % absolute_address("reviews"))
    links.append(_("逐张打开：%s") % absolute_address("notice", notice.pk))
    foot = _("本邮件由健康计划目标管理系统自动发出；报表提交或审核后不再提醒。")
    return "\n\n".join([notice.text, "\n".join(links), foot])


def absolute_address(name: str, *args: int) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=args)
