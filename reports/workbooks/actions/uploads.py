"""Taking workbooks in: first a dry run of what one would change, then, at one click, all of it or nothing.

Both read top-down as the stages: `staging`, `comparing`, `applying`.
"""

from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from institutions.models import User
from institutions.workbooks import UnreadableWorkbookError
from reports.workbooks.applying import apply_upload, lock_shown_returns
from reports.workbooks.comparing import compare_upload
from reports.workbooks.dry_run import DryRun
from reports.workbooks.sheets.reading import UploadProblem
from reports.workbooks.staging import stage_upload
from reports.workbooks.upload_cache import forget_upload, keep_upload, recall_upload
from reports.workbooks.upload_scope import UploadScope


def preview_upload(file: "File[Any]", scope: UploadScope, by: User, now: datetime) -> DryRun:
    """What the upload would change and all that stands against it. Nothing is written; what can be, waits."""
    try:
        staged = stage_upload(file, scope, by)
    except UnreadableWorkbookError as error:
        return DryRun(scope, [UploadProblem("", str(error))])
    returns = scope.load_returns(staged.quarters, by, now)
    run = compare_upload(staged, scope, returns, now)
    if run.to_write and not run.problems:
        run.token = keep_upload(staged, run.shown)
    return run


def write_upload(token: str, scope: UploadScope, by: User, now: datetime) -> DryRun:
    """Write what was shown, all of it or nothing. A second click, or one half an hour later, finds nothing to write."""
    staged = recall_upload(token, scope, by)
    with transaction.atomic():
        lock_shown_returns(staged, scope, now)
        returns = scope.load_returns(staged.quarters, by, now)  # under the locks, as they stand now
        run = compare_upload(staged, scope, returns, now)
        apply_upload(run, staged, by, now)
    forget_upload(token)
    return run
