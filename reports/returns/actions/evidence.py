"""Files behind a return: added to its draft, withdrawn from it, given out whole or not at all."""

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.models import Evidence, Round, Submission
from reports.questions.answers import AnswerKey
from reports.questions.queries.asked import keys_asked
from reports.returns import evidence_storage, file_kinds
from reports.returns.actions.submissions import draft_of, lock_submission, must_be_editable, must_be_open, must_fill_in
from targets.periods import Quarter

MEGABYTE = 1024 * 1024
RETURN_MEGABYTES = 200  # of all files of one return
logger = logging.getLogger(__name__)


def add(submission: Submission, key: AnswerKey, upload: File, by: User, now: datetime) -> Evidence:
    """Keep one file at one question of the return. What it is, is told before anything is locked or kept."""
    name = str(upload.name or "")
    must_not_be_too_big(name, upload.size)
    data = upload.read()
    try:
        kind = file_kinds.kind_of(data, name)
    except file_kinds.RefusedFileError as error:
        raise RefusedError(_("“%(name)s”没有上传：%(why)s") % {"name": name, "why": error}) from error
    return attach(submission, key, file_kinds.clean_name(name, kind), kind.mime, data, by, now)


@transaction.atomic
def attach(
    submission: Submission, key: AnswerKey, name: str, mime: str, data: bytes, by: User, now: datetime
) -> Evidence:
    submission = lock_submission(submission)
    draft = draft_to_attach(submission, by, now)
    must_be_asked(submission, key)
    must_have_room(submission, name, len(data))
    digest = store_evidence(name, data)
    must_be_new(submission, key, name, digest)
    added = Evidence.objects.create(
        submission=submission,
        round=draft,
        element_id=key[0],
        subject_id=key[1],
        name=name,
        mime=mime,
        size=len(data),
        sha256=digest,
        added_by=by,
        added_at=now,
    )
    audit.record("evidence.added", submission, by, now, file=added.pk, name=name, size=len(data), sha256=digest)
    return added


@transaction.atomic
def withdraw(file: Evidence, by: User, now: datetime) -> Evidence:
    """Take a file back. It stays on record, and behind the rounds that were handed in with it."""
    submission = lock_submission(file.submission)
    draft_to_attach(submission, by, now)
    # Read anew under the return's lock: of two who take it back the second is told.
    file = Evidence.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if file.withdrawn_at:
        raise RefusedError(_("“%(name)s”已经撤下，不需要重复操作。") % {"name": file.name})
    file.withdrawn_by, file.withdrawn_at = by, now
    file.save(update_fields=["withdrawn_by", "withdrawn_at"])
    audit.record("evidence.withdrawn", submission, by, now, file=file.pk, name=file.name)
    return file


def read_upload(file: Evidence, by: User, now: datetime) -> bytes:
    """The file as it was handed in. Where it no longer is, that is put on record, outside of any transaction."""
    try:
        return evidence_storage.read_bytes(file.sha256)
    except evidence_storage.LostError as error:
        audit.record("evidence.damaged", file.submission, by, now, file=file.pk, name=file.name, sha256=file.sha256)
        sentence = _(
            "“%(name)s”的存档文件丢失或已损坏，没有给出，已记入审计。登记记录还在；请联系系统管理员从备份恢复。"
        )
        raise RefusedError(sentence % {"name": file.name}) from error


def draft_to_attach(submission: Submission, by: User, now: datetime) -> Round:
    """The draft as it stands, so that whoever has the form open can go on saving; after a hand-in the next one."""
    draft = submission.rounds.drafts().first()
    origin = draft.origin if draft else Origin.OWN
    must_fill_in(submission, by, origin)
    must_be_editable(submission)
    must_be_open(submission, origin, now)
    return draft or draft_of(submission, by, now)


def must_be_asked(submission: Submission, key: AnswerKey) -> None:
    if key not in keys_asked(submission.reporter, Quarter.from_ordinal(submission.quarter)):
        raise RefusedError(_("填报范围已有变化，没有上传。请重新打开佐证材料页再上传。"))


def must_not_be_too_big(name: str, size: int) -> None:
    if size > settings.EVIDENCE_MEGABYTES * MEGABYTE:
        sentence = _("“%(name)s”没有上传：文件有 %(size)s，每个最大 %(most)d MB。请压缩，或拆成几个文件再上传。")
        told: dict[str, Any] = {"name": name, "size": f"{size / MEGABYTE:.1f} MB", "most": settings.EVIDENCE_MEGABYTES}
        raise RefusedError(sentence % told)


def must_have_room(submission: Submission, name: str, size: int) -> None:
    known = Evidence.objects.filter(submission=submission).aggregate(sum=Sum("size"))["sum"] or 0
    if known + size > RETURN_MEGABYTES * MEGABYTE:
        sentence = _("“%(name)s”没有上传：一张报表的材料合计最多 %(most)d MB（撤下的也算），已用 %(used).1f MB。")
        raise RefusedError(sentence % {"name": name, "most": RETURN_MEGABYTES, "used": known / MEGABYTE})


def must_be_new(submission: Submission, key: AnswerKey, name: str, digest: str) -> None:
    same = Evidence.objects.filter(submission=submission, sha256=digest, withdrawn_at__isnull=True)
    if same.filter(element=key[0], subject=key[1]).exists():
        raise RefusedError(_("“%(name)s”没有再次上传：同一份文件已在这一项下。") % {"name": name})


def store_evidence(name: str, data: bytes) -> str:
    try:
        return evidence_storage.store_bytes(data)
    except OSError as error:
        logger.exception("evidence cannot be kept")
        sentence = _("“%(name)s”没有上传：服务器暂时写不进文件，其他内容没有丢失。请稍后再试，或联系系统管理员。")
        raise RefusedError(sentence % {"name": name}) from error
