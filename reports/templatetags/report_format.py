"""How numbers, quarters and statuses are written on a page; thin over `reports.base`."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe

from institutions.clock import SHANGHAI
from reports.base import numbers, status_badge
from targets.periods import Quarter, day_label

register = template.Library()
register.filter(numbers.trimmed)


@register.filter
def number(value: Decimal | int | None, places: int = 0) -> str:
    """1,234 or 39.99; None is "—"."""
    return numbers.text(value, places=places)


@register.filter
def breakable(fraction: str) -> str:
    """12/30, which may break after the stroke."""
    return format_html_join(mark_safe("/<wbr>"), "{}", ((side,) for side in fraction.split("/")))


@register.filter
def quarter_label(ordinal: int) -> str:
    """2023年第四季度."""
    return Quarter.from_ordinal(ordinal).label


@register.filter
def quarter_code(ordinal: int) -> str:
    """2023Q4, as addresses write it."""
    return str(Quarter.from_ordinal(ordinal))


@register.filter
def chinese_date(day: date | datetime | None) -> str:
    """2023年3月5日, without leading zeros; 5 Mar 2023 on an English page."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = timezone.localtime(day, SHANGHAI)
    return day_label(day)


@register.filter
def chinese_time(moment: datetime | None) -> str:
    """2023年3月5日 09:30, in Shanghai."""
    if moment is None:
        return ""
    return f"{chinese_date(moment)} {timezone.localtime(moment, SHANGHAI):%H:%M}"


@register.simple_tag
def result_badge(status: str, cause: str = "") -> str:
    return badge_html(status_badge.badge_of(status, cause))


@register.simple_tag
@lru_cache(maxsize=256)
def badge_html(badge: status_badge.StatusBadge) -> str:
    """The component of one badge. A matrix asks a thousand times for a dozen of them."""
    return render_to_string("components/status_badge.html", {"badge": badge})
