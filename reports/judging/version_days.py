"""From which day a new version of a result is known. Days only go on, whatever the clock says."""

from datetime import date

from django.utils.translation import gettext as _

from institutions import clock
from reports.base.errors import RefusedError
from targets.periods import day_label


def version_day(day: date, latest: date | None) -> date:
    """The day of `now`, but never before the latest one that is kept.

    Asked with the locks held: who waited for them over midnight takes the day of whom it waited for.

    Raises:
        RefusedError: the kept day has not come yet, since the clock was set back.
    """
    if latest is None or latest <= day:
        return day
    if latest > clock.today():
        sentence = _("系统日期（%(today)s）早于已有考核结果的日期（%(latest)s），请系统管理员核对服务器时间后再办理。")
        raise RefusedError(sentence % {"today": day_label(clock.today()), "latest": day_label(latest)})
    return latest
