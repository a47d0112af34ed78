"""Why a return takes nothing from a workbook."""

from datetime import datetime

from django.utils.translation import gettext as _

from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.returns.actions import submissions
from reports.workbooks.queries import FilledReturn


def explain_lock(filled: FilledReturn, origin: Origin, now: datetime) -> str:
    """Why the return cannot be written now; empty where it can."""
    if origin == Origin.BACKFILL and filled.was_handed_in:
        return _("本季报表已经提交过，补录只用于从未提交的报表；如有差错，请在报表页办理更正。")
    if filled.submission is None:
        return ""
    try:
        submissions.must_be_editable(filled.submission)
        submissions.must_be_open(filled.submission, origin, now)
    except RefusedError as error:
        return str(error)
    return ""
