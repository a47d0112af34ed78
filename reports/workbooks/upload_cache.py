"""Uploads between dry run and click: they wait in the cache under a token, bound to their person and scope."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from django.core.cache import cache
from django.utils.translation import gettext as _

from institutions.models import User
from reports.base.errors import RefusedError
from reports.workbooks.queries import ReturnKey
from reports.workbooks.staging import StagedUpload
from reports.workbooks.upload_scope import UploadScope

KEPT_SECONDS = 30 * 60


def keep_upload(staged: StagedUpload, shown: Mapping[ReturnKey, str]) -> str:
    """Lets the upload wait; gives the token by which its person calls it back."""
    token = secrets.token_urlsafe(24)
    cache.set(cache_key(token), replace(staged, shown=shown), KEPT_SECONDS)
    return token


def recall_upload(token: str, scope: UploadScope, by: User) -> StagedUpload:
    """The upload that this person looked through for this scope; refused where none waits."""
    staged = cache.get(cache_key(token))
    if not isinstance(staged, StagedUpload) or staged.binding != (by.pk, scope.binding):
        raise RefusedError(_("上传的文件已经写入，或已超过 30 分钟。请查看报表；还需要写入的，请重新上传。"))
    return staged


def forget_upload(token: str) -> None:
    cache.delete(cache_key(token))


def cache_key(token: str) -> str:
    return f"staged-upload:{token}"
