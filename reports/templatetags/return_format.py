"""How a return, its state and its answers are written on a page."""

from django import template
from django.utils.translation import gettext_lazy as _

from reports.base.enums import SubmissionState
from reports.base.status_badge import StatusBadge
from reports.models import Entry
from reports.questions import answers
from reports.returns.lateness import Lateness, state_word
from targets.models import DataElement
from targets.periods import month_day

register = template.Library()
register.filter(month_day)

STATES = {
    SubmissionState.DRAFT: ("not_due", "○"),
    SubmissionState.SUBMITTED: ("no_data", "◔"),
    SubmissionState.RETURNED: ("amber", "↩"),
    SubmissionState.APPROVED: ("met", "✓"),
    SubmissionState.REOPENED: ("met", "✎"),
}
LATE = {
    Lateness.OVERDUE: ("red", "!"),
    Lateness.LATE: ("amber", "!"),
    Lateness.LATE_PENDING: ("amber", "!"),
    Lateness.REVIEW_OVERDUE: ("red", "!"),
}


@register.inclusion_tag("components/status_badge.html")
def return_state(state: str, lateness: str = "") -> dict[str, StatusBadge]:
    """What waits for review and came late is 补报待审, where the page knows of its lateness."""
    return {"badge": StatusBadge(*STATES[SubmissionState(state)], state_word(state, lateness))}


@register.inclusion_tag("components/status_badge.html")
def lapsed_badge() -> dict[str, StatusBadge]:
    """In place of the state of a return that lapsed with its unit's closing."""
    return {"badge": StatusBadge("not_applicable", "–", str(_("已停业，不再报送")))}


@register.inclusion_tag("components/status_badge.html")
def late_badge(lateness: str) -> dict[str, StatusBadge]:
    """Beside the state, which says 补报待审 by itself."""
    known = Lateness.LATE if lateness == Lateness.LATE_PENDING else Lateness(lateness)
    return {"badge": StatusBadge(*LATE[known], str(known.label))}


@register.filter
def as_answer(entry: Entry | None, element: DataElement) -> str:
    """A kept answer: 1,234, 不适用 with its reason, or 未填."""
    if entry is None:
        return str(_("未填"))
    if entry.not_applicable:
        return str(_("不适用（%(reason)s）")) % {"reason": entry.note}
    return answers.answer_text(entry.value, element)
