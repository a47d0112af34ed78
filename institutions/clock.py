"""The one place that reads the clock. Rules and tasks take `now` as an argument."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment in Shanghai; with BUSINESS_DATE set, that day at the present time of day."""
    moment = datetime.now(SHANGHAI)
    fixed: date | None = settings.BUSINESS_DATE
    return datetime.combine(fixed, moment.timetz()) if fixed else moment


def today() -> date:
    return now().date()
