"""First stage: an upload's bytes are opened, its seal is checked, its sheets are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File

from institutions.models import User
from institutions.workbooks import open_upload
from reports.workbooks.queries import ReturnKey
from reports.workbooks.sheets.reading import ReadSheet, UploadProblem, read_sheets
from reports.workbooks.sheets.seal import SealedPage, must_fit, read_seal
from reports.workbooks.upload_scope import UploadScope

Binding = tuple[int, str]  # user id, scope


@dataclass(frozen=True)
class StagedUpload:
    """An upload as it was read. shown: the save of each draft that its dry run showed; empty until then."""

    name: str
    binding: Binding
    sheets: list[ReadSheet]
    shown: Mapping[ReturnKey, str] = field(default_factory=dict)

    @property
    def pages(self) -> list[SealedPage]:
        return [sheet.page for sheet in self.sheets]

    @property
    def quarters(self) -> set[int]:
        return {page.quarter for page in self.pages}

    @property
    def problems(self) -> list[UploadProblem]:
        return [problem for sheet in self.sheets for problem in sheet.problems]


def stage_upload(file: "File[Any]", scope: UploadScope, by: User) -> StagedUpload:
    """Reads the upload; raises UnreadableWorkbookError where it is not taken at all."""
    book = open_upload(file)
    seal = read_seal(book)
    must_fit(seal, scope)
    return StagedUpload(file.name or "", (by.pk, scope.binding), read_sheets(book, seal.pages))
