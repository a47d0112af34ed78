"""Third stage: what was shown is written through the actions of `reports.returns`, all of it or nothing."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from reports.base.enums import Origin
from reports.judging import tasks
from reports.models import Submission
from reports.returns.actions import autosave, opening, submissions
from reports.returns.actions.submissions import save_token
from reports.returns.errors import NewerSaveError
from reports.workbooks.dry_run import DryRun, ReturnChanges
from reports.workbooks.staging import StagedUpload
from reports.workbooks.upload_scope import UploadScope, WorkbookKind
from targets.periods import Quarter


def lock_shown_returns(staged: StagedUpload, scope: UploadScope, now: datetime) -> None:
    """Past quarters are opened first, so that there are returns to lock."""
    if scope.kind == WorkbookKind.PAST:
        for quarter in sorted({quarter for _reporter, quarter in staged.shown}):
            opening.open_quarter(Quarter.from_ordinal(quarter), now)
    # All returns of these units, in the order of every action (`lock_together`), before anything is read: two uploads
    # for the same units wait for each other.
    reporters = {reporter for reporter, _quarter in staged.shown}
    locked = Submission.objects.select_for_update().filter(reporter__in=reporters)
    list(locked.order_by("reporter_id", "quarter").values_list("pk", flat=True))


def apply_upload(run: DryRun, staged: StagedUpload, by: User, now: datetime) -> None:
    """Writes what the dry run under the locks says, where it is still what the person was shown."""
    if run.problems or run.shown != staged.shown:
        raise NewerSaveError(explain_difference(run, staged))
    for each in run.to_write:
        write_return(each, run.scope.origin, staged.name, by, now)
    if run.scope.kind == WorkbookKind.PAST:
        for ordinal in sorted({quarter for _reporter, quarter in staged.shown}):
            transaction.on_commit(partial(tasks.recompute_quarter.delay, ordinal), robust=True)


def explain_difference(run: DryRun, staged: StagedUpload) -> str:
    """Who saved after the dry run, or whatever else stands against it now."""
    for each in run.returns:
        draft = each.filled.latest
        token = staged.shown.get(each.filled.key)
        if draft and draft.saved_by and token is not None and save_token(draft) != token:
            sentence = _("%(who)s在您上传之后保存过%(unit)s的报表，这次没有写入任何内容。请重新上传，核对后再写入。")
            return sentence % {"who": draft.saved_by, "unit": each.filled.reporter}
    return _("上传之后报表或填报内容有了变化，这次没有写入任何内容。请重新上传，核对后再写入。")


def write_return(each: ReturnChanges, origin: Origin, file_name: str, by: User, now: datetime) -> None:
    submission = each.filled.submission
    if submission is None:
        raise NewerSaveError(_("报表还没有开放，没有写入任何内容。请重新上传。"))
    cells = [autosave.TypedCell(change.key, change.after, change.before) for change in each.changes]
    if autosave.save_cells(submission, cells, by, now, origin=origin).conflicts:
        raise NewerSaveError(_("上传之后报表或填报内容有了变化，这次没有写入任何内容。请重新上传，核对后再写入。"))
    audit.record("submission.imported", submission, by, now, file=file_name, cells=len(cells), origin=origin)
    if origin == Origin.BACKFILL:
        submissions.submit(submission, by, now, enqueue=False)
