"""The sign and the word of a status; its colour stands in static/css/tokens.css under the same key."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.base.enums import Cause, Status

NOT_JUDGED_KEY = "not_judged"
SIGNS = {
    Status.RED: "✕",
    Status.AMBER: "▲",
    Status.NO_DATA: "?",
    Status.NOT_DUE: "○",
    Status.GREEN: "●",
    Status.MET: "✓",
    Status.SHOWN: "＝",
    Status.NOT_APPLICABLE: "—",
}
# These say no more than the status itself.
SILENT_CAUSES = (Cause.NONE, Cause.OVERDUE)


@dataclass(frozen=True, slots=True)
class StatusBadge:
    """How a status is written; `key` names its colour."""

    key: str
    sign: str
    word: str


def badge_of(status: str, cause: str = "", absent: int = 0) -> StatusBadge:
    """The badge of a result; an empty status is "not judged" (·).

    absent: units that could not be counted, or how many regions or units lack what they are measured by.
    """
    if not status:
        return StatusBadge(NOT_JUDGED_KEY, "·", _("不考核"))
    known = Status(status)
    reason = Cause(cause)
    word = str(known.label) if reason in SILENT_CAUSES else str(reason.label)
    if reason == Cause.MISSING_UNITS:
        word = _("滞后 缺%(absent)d家") % {"absent": absent} if absent else str(known.label)
    elif reason == Cause.MISSING_BASE:
        word = _("滞后 缺基础数据%(absent)d个") % {"absent": absent} if absent else str(reason.label)
    return StatusBadge(known.value, SIGNS[known], word)
