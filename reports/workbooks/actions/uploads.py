"""Taking workbooks in: first a look at what one would change, then, on a person's word, all of it or nothing.

Between the two the file waits in the cache, bound to its person, to what it is for and to the drafts that were shown.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import Workbook

from institutions import audit
from institutions.models import Region, User
from institutions.permissions import may_enter_for, may_report
from institutions.workbooks import UnreadableWorkbookError, open_bytes, open_upload
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.judging import tasks
from reports.models import Submission
from reports.questions.answers import Key
from reports.returns.actions import autosave, opening, submissions
from reports.returns.actions.submissions import save_token
from reports.returns.errors import NewerSaveError
from reports.workbooks.queries import (
    FilledReturn,
    load_filled_returns,
    past_quarters,
    regions_entered_for,
    units_entered_for,
)
from reports.workbooks.sheets import fitting
from reports.workbooks.sheets.comparing import ReturnChanges, compare
from reports.workbooks.sheets.reading import UploadProblem, read_sheets
from reports.workbooks.sheets.seal import BrokenSealError, Seal, SealedPage, WorkbookKind, read_seal
from targets.periods import Quarter

HELD_SECONDS = 30 * 60

Which = tuple[int, int]  # reporter id, quarter: a return, opened or not


@dataclass(frozen=True)
class Errand:
    """What an upload is for: a return, the units of a region in a quarter, or a region's past quarters."""

    kind: WorkbookKind
    of: int
    name: str
    quarter: Quarter | None = None
    submission: Submission | None = None
    region: Region | None = None

    @property
    def bond(self) -> str:
        return f"{self.kind}:{self.of}:{self.quarter}"

    def origin(self, by: User) -> Origin:
        if self.kind == WorkbookKind.PAST:
            return Origin.BACKFILL
        own = self.submission is not None and may_report(by, self.submission.reporter)
        return Origin.OWN if own else Origin.PAPER


def for_return(submission: Submission, by: User) -> Errand:
    unit = submission.reporter
    if not (may_report(by, unit) or may_enter_for(by, unit)):
        raise PermissionDenied
    quarter = Quarter.from_ordinal(submission.quarter)
    return Errand(WorkbookKind.RETURN, unit.pk, f"{unit.name}（{unit.code}）", quarter, submission=submission)


def for_region(region: Region, by: User, quarter: Quarter | None) -> Errand:
    """The quarter at hand; None: past quarters."""
    if not regions_entered_for(by).filter(pk=region.pk).exists():
        raise PermissionDenied
    return Errand(WorkbookKind.COUNTY if quarter else WorkbookKind.PAST, region.pk, region.name, quarter, region=region)


@dataclass
class DryRun:
    """What an upload would do. token: with which it can be written; "" while anything stands against it."""

    errand: Errand
    problems: list[UploadProblem] = field(default_factory=list)
    returns: list[ReturnChanges] = field(default_factory=list)
    token: str = ""

    @property
    def to_write(self) -> list[ReturnChanges]:
        return [each for each in self.returns if each.changes and not each.locked]

    @property
    def locked(self) -> list[ReturnChanges]:
        return [each for each in self.returns if each.changes and each.locked]

    @property
    def count(self) -> int:
        return sum(len(each.changes) for each in self.to_write)

    @property
    def to_open(self) -> list[Quarter]:
        return sorted({each.filled.quarter for each in self.to_write if each.filled.submission is None})

    @property
    def seen(self) -> dict[Which, str]:
        return {which(each.filled): save_token(each.filled.latest) for each in self.to_write}


@dataclass(frozen=True)
class Held:
    """An upload between look and word."""

    by: int
    bond: str
    data: bytes
    name: str
    seen: dict[Which, str]


def which(filled: FilledReturn) -> Which:
    return filled.reporter.pk, filled.quarter.ordinal


# --- The look ---------------------------------------------------------------------------------------------------


def look(file: "File[Any]", errand: Errand, by: User, now: datetime) -> DryRun:
    """What the upload would change and all that stands against it. Nothing is written; what can be, waits."""
    try:
        book = open_upload(file)
        run = go_through(book, errand, by, now)
    except (UnreadableWorkbookError, BrokenSealError) as error:
        return DryRun(errand, [UploadProblem("", str(error))])
    if run.to_write and not run.problems:
        file.seek(0)
        run.token = secrets.token_urlsafe(24)
        held = Held(by.pk, errand.bond, file.read(), file.name or "", run.seen)
        cache.set(held_at(run.token), held, HELD_SECONDS)
    return run


def held_at(token: str) -> str:
    return f"workbook:{token}"


def go_through(book: Workbook, errand: Errand, by: User, now: datetime) -> DryRun:
    seal = read_seal(book)
    if sentence := fitting.misfit(seal, errand.kind, errand.of, errand.name, errand.quarter):
        return DryRun(errand, [UploadProblem("", sentence)])
    sheets, problems = read_sheets(book, seal.pages)
    returns = [ReturnChanges(filled) for filled in returns_of(seal, errand, by, now)]
    if sentence := fitting.asked_since(seal.pages, [each.filled for each in returns]):
        return DryRun(errand, [UploadProblem("", sentence), *problems])
    at = {quarter: by_key(returns, quarter) for quarter in {page.quarter for page in seal.pages}}
    for page, typed in sheets:
        problems += compare(page, typed, at[page.quarter])
    run = DryRun(errand, problems, returns)
    lock_out(run, by, now)
    return run


def by_key(returns: Iterable[ReturnChanges], quarter: int) -> dict[Key, ReturnChanges]:
    return {key: each for each in returns if each.filled.quarter.ordinal == quarter for key in each.filled.questions}


def returns_of(seal: Seal, errand: Errand, by: User, now: datetime) -> list[FilledReturn]:
    """The returns that the upload may speak of, as they stand now."""
    if errand.submission and errand.quarter:
        return load_filled_returns([errand.submission.reporter], errand.quarter)
    if errand.region is None:
        return []
    quarters = [errand.quarter] if errand.quarter else quarters_in(seal.pages, errand.region, now)
    return [
        filled
        for quarter in quarters
        for filled in load_filled_returns(units_entered_for(by, errand.region, quarter), quarter)
    ]


def quarters_in(pages: Sequence[SealedPage], region: Region, now: datetime) -> list[Quarter]:
    given = {page.quarter for page in pages}
    return [quarter for quarter in reversed(past_quarters(region, now)) if quarter.ordinal in given]


def lock_out(run: DryRun, by: User, now: datetime) -> None:
    """Say which returns cannot be written; of a single one, that is the whole answer. A 补录 must be complete."""
    origin = run.errand.origin(by)
    for each in run.returns:
        each.locked = why_locked(each.filled, origin, now)
        if each.locked and run.errand.kind == WorkbookKind.RETURN:
            run.problems.insert(0, UploadProblem("", each.locked))
    if run.errand.kind == WorkbookKind.PAST and not run.problems:
        run.problems += fitting.incomplete(run.to_write)


def why_locked(filled: FilledReturn, origin: Origin, now: datetime) -> str:
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


# --- The word ---------------------------------------------------------------------------------------------------


def write(token: str, errand: Errand, by: User, now: datetime) -> DryRun:
    """Write what was shown, all of it or nothing. A second click, or one half an hour later, finds nothing to write."""
    held = cache.get(held_at(token))
    if not isinstance(held, Held) or (held.by, held.bond) != (by.pk, errand.bond):
        raise RefusedError(_("上传的文件已经写入，或已超过 30 分钟。请查看报表；还需要写入的，请重新上传。"))
    with transaction.atomic():
        run = write_held(held, errand, by, now)
    cache.delete(held_at(token))
    return run


def write_held(held: Held, errand: Errand, by: User, now: datetime) -> DryRun:
    if errand.kind == WorkbookKind.PAST:
        for ordinal in sorted({quarter for _reporter, quarter in held.seen}):
            opening.open_quarter(Quarter.from_ordinal(ordinal), now)
    lock_returns(held.seen)
    run = go_through(open_bytes(held.data, held.name), errand, by, now)
    if run.problems or run.seen != held.seen:
        raise NewerSaveError(changed_since(run, held))
    for each in run.to_write:
        write_return(each, errand.origin(by), held, by, now)
    if errand.kind == WorkbookKind.PAST:
        for ordinal in sorted({quarter for _reporter, quarter in held.seen}):
            transaction.on_commit(partial(tasks.recompute_quarter.delay, ordinal), robust=True)
    return run


def lock_returns(seen: Iterable[Which]) -> None:
    """All of them, in one order, before anything is read."""
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for reporter, quarter in seen:
        wanted[quarter].append(reporter)
    for quarter, reporters in sorted(wanted.items()):
        locked = Submission.objects.select_for_update().filter(quarter=quarter, reporter__in=reporters)
        list(locked.order_by("pk").values_list("pk", flat=True))


def changed_since(run: DryRun, held: Held) -> str:
    """Who saved after the look, or whatever else stands against it now."""
    for each in run.returns:
        draft = each.filled.latest
        token = held.seen.get(which(each.filled))
        if draft and draft.saved_by and token is not None and save_token(draft) != token:
            sentence = _("%(who)s在您上传之后保存过%(unit)s的报表，这次没有写入任何内容。请重新上传，核对后再写入。")
            return sentence % {"who": draft.saved_by, "unit": each.filled.reporter}
    return _("上传之后报表或填报内容有了变化，这次没有写入任何内容。请重新上传，核对后再写入。")


def write_return(each: ReturnChanges, origin: Origin, held: Held, by: User, now: datetime) -> None:
    submission = each.filled.submission
    if submission is None:
        raise NewerSaveError(_("报表还没有开放，没有写入任何内容。请重新上传。"))
    cells = [autosave.Typed(change.key, change.after, change.before) for change in each.changes]
    if autosave.put(submission, cells, by, now, origin=origin).conflicts:
        raise NewerSaveError(_("上传之后报表或填报内容有了变化，这次没有写入任何内容。请重新上传，核对后再写入。"))
    audit.record(
        "submission.imported",
        submission,
        by,
        now,
        file=held.name,
        cells=len(cells),
        origin=origin,
    )
    if origin == Origin.BACKFILL:
        submissions.submit(submission, by, now, enqueue=False)
