"""佐证材料 of a return: its files by item, adding and withdrawing them, and giving one out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions import clock
from institutions.requests import PersonRequest
from reports.base.errors import RefusedError
from reports.models import Submission
from reports.questions.answers import AnswerKey
from reports.returns.actions import evidence
from reports.returns.file_kinds import ENDINGS
from reports.returns.queries.evidence import EvidenceItem, items_of, may_attach, round_shown, visible_files
from reports.returns.queries.submissions import visible_returns
from targets.periods import Quarter


@dataclass
class EvidencePage:
    """chosen: the item to which the address points."""

    submission: Submission
    items: list[EvidenceItem]
    is_editable: bool
    chosen: str = ""

    @property
    def quarter(self) -> Quarter:
        return Quarter.from_ordinal(self.submission.quarter)

    @property
    def listed(self) -> list[EvidenceItem]:
        """Where a file is required, then where there is one."""
        with_files = [item for item in self.items if item.files and not item.required]
        return [item for item in self.items if item.required] + with_files

    @property
    def count(self) -> int:
        return sum(len(item.files) for item in self.items)

    @property
    def missing(self) -> int:
        return sum(item.is_missing for item in self.items)

    @property
    def accept(self) -> str:
        return ",".join(f".{ending}" for ending in ENDINGS)


@login_required
@require_http_methods(["GET", "POST"])
def evidence_page(request: PersonRequest, pk: int) -> HttpResponse:
    """?item=12-34 points to one item."""
    submission = get_object_or_404(visible_returns(request.user), pk=pk)
    if request.method == "POST":
        return upload_files(request, submission)
    page = EvidencePage(
        submission,
        items_of(submission, round_shown(request.user, submission)),
        may_attach(request.user, submission),
        request.GET.get("item", ""),
    )
    context = {
        "page": page,
        "submission": submission,
        "megabytes": settings.EVIDENCE_MEGABYTES,
        "of_return": evidence.RETURN_MEGABYTES,
    }
    return render(request, "reports/returns/evidence.html", context)


def upload_files(request: PersonRequest, submission: Submission) -> HttpResponse:
    """Each file by itself: what can be kept is kept, of the others is said why not."""
    files, name = request.FILES.getlist("files"), request.POST.get("item", "")
    kept = 0
    if not files:
        messages.error(request, _("没有收到文件，请先选择文件再上传。"))
    for file in files:
        kept += keep_upload(request, submission, key_of(name), file)
    if kept:
        messages.success(request, _("已上传 %(count)d 份材料。") % {"count": kept})
    return redirect(f"{reverse('evidence', args=[submission.pk])}?item={name}")


def keep_upload(request: PersonRequest, submission: Submission, key: AnswerKey, file: UploadedFile) -> bool:
    try:
        evidence.add(submission, key, file, request.user, clock.now())
    except PermissionDenied as error:
        raise Http404 from error
    except RefusedError as error:
        messages.error(request, str(error))
        return False
    return True


def key_of(name: str) -> AnswerKey:
    parts: Iterable[str] = name.split("-")
    try:
        element_id, subject_id = map(int, parts)
    except ValueError as error:
        raise Http404 from error
    return element_id, subject_id


@login_required
@require_POST
def evidence_withdraw(request: PersonRequest, file_id: int) -> HttpResponse:
    file = get_object_or_404(visible_files(request.user), pk=file_id)
    try:
        evidence.withdraw(file, request.user, clock.now())
        messages.success(request, _("已撤下“%(name)s”，登记记录仍保留。") % {"name": file.name})
    except PermissionDenied as error:
        raise Http404 from error
    except RefusedError as error:
        messages.error(request, str(error))
    return redirect("evidence", pk=file.submission_id)


@login_required
@require_GET
def evidence_file(request: PersonRequest, file_id: int) -> HttpResponse:
    """Always a download: the browser neither guesses what it is nor opens it as a page of this site."""
    file = get_object_or_404(visible_files(request.user), pk=file_id)
    try:
        data = evidence.read_upload(file, request.user, clock.now())
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect("evidence", pk=file.submission_id)
    response = HttpResponse(data, content_type=file.mime)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
