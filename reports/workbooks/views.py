"""Returns as workbooks: taking them away, and bringing them back by way of a dry run of what they would change."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions import clock
from institutions.models import Region
from institutions.requests import PersonRequest
from reports.base.enums import Origin
from reports.base.errors import RefusedError
from reports.base.responses import attachment
from reports.models import Submission
from reports.returns.queries.submissions import visible_returns
from reports.workbooks.actions import downloads, uploads
from reports.workbooks.dry_run import DryRun
from reports.workbooks.queries import opened_quarters, past_quarters, regions_entered_for, regions_read
from reports.workbooks.sheets.reading import UploadProblem
from reports.workbooks.upload_scope import UploadScope
from targets.periods import Quarter

FIRST_PROBLEMS = 200
NAMED_LEFT = 5


@dataclass
class UploadPage:
    """A page that gives out a workbook and takes it back. may_upload: else it only gives out."""

    title: str
    address: str
    back: str
    region: Region | None = None
    quarter: Quarter | None = None
    regions: list[Region] = field(default_factory=list)
    quarters: list[Quarter] = field(default_factory=list)
    submission: Submission | None = None
    may_upload: bool = True
    run: DryRun | None = None

    @property
    def first_problems(self) -> list[UploadProblem]:
        return self.run.problems[:FIRST_PROBLEMS] if self.run else []

    @property
    def other_problems(self) -> int:
        return max(0, len(self.run.problems) - FIRST_PROBLEMS) if self.run else 0


def hide_denied(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What one may not do does not exist."""

    @wraps(view)
    def hiding(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except PermissionDenied as error:
            raise Http404 from error

    return hiding


# --- One return -------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
@hide_denied
def return_upload(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(visible_returns(request.user), pk=pk)
    scope = UploadScope.for_return(submission, request.user)
    enter = "" if scope.origin == Origin.OWN else "?enter"
    page = UploadPage(
        title=_("%(unit)s %(quarter)s报表：用 Excel 填报")
        % {"unit": submission.reporter, "quarter": Quarter.from_ordinal(submission.quarter).label},
        address=reverse("return_workbook", args=[pk]),
        back=reverse("return_form", args=[pk]) + enter,
        submission=submission,
    )
    return answer_upload(request, page, scope, "reports/workbooks/return.html")


@login_required
@require_GET
@hide_denied
def return_file(request: PersonRequest, pk: int) -> HttpResponse:
    submission = get_object_or_404(visible_returns(request.user), pk=pk)
    back = reverse("return_workbook", args=[pk])
    return answer_download(request, lambda: downloads.give_return_workbook(submission, request.user, clock.now()), back)


# --- Many units -------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "POST"])
@hide_denied
def county_upload(request: PersonRequest) -> HttpResponse:
    regions = list_regions_or_404(regions_read(request.user))
    region = choose_region(request, regions)
    quarters = opened_quarters(region)
    quarter = next((each for each in quarters if str(each) == request.GET.get("quarter")), next(iter(quarters), None))
    page = UploadPage(
        title=compose_title(region, quarter),
        address=build_address("workbooks", region, quarter),
        back=f"{reverse('reviews')}?{urlencode({'quarter': str(quarter)})}",
        region=region,
        quarter=quarter,
        regions=regions,
        quarters=quarters,
        may_upload=region in regions_entered_for(request.user),
    )
    if request.method == "GET" or quarter is None:
        return render(request, "reports/workbooks/county.html", {"page": page})
    scope = UploadScope.for_region(region, request.user, quarter)
    return answer_upload(request, page, scope, "reports/workbooks/county.html")


def compose_title(region: Region, quarter: Quarter | None) -> str:
    if quarter is None:
        return _("%(region)s：批量填报") % {"region": region}
    return _("%(region)s %(quarter)s：批量填报") % {"region": region, "quarter": quarter.label}


@login_required
@require_GET
@hide_denied
def county_file(request: PersonRequest) -> HttpResponse:
    region = choose_region(request, list_regions_or_404(regions_read(request.user)))
    quarter = next((each for each in opened_quarters(region) if str(each) == request.GET.get("quarter")), None)
    if quarter is None:
        raise Http404
    back = build_address("workbooks", region, quarter)
    return answer_download(
        request, lambda: downloads.give_county_workbook(region, quarter, request.user, clock.now()), back
    )


@login_required
@require_http_methods(["GET", "POST"])
@hide_denied
def past_upload(request: PersonRequest) -> HttpResponse:
    regions = list_regions_or_404(regions_entered_for(request.user))
    region = choose_region(request, regions)
    page = UploadPage(
        title=_("%(region)s：补录历史季度") % {"region": region},
        address=build_address("past_workbooks", region),
        back=reverse("reviews"),
        region=region,
        regions=regions,
        quarters=past_quarters(region, clock.now()),
    )
    scope = UploadScope.for_region(region, request.user, None)
    return answer_upload(request, page, scope, "reports/workbooks/past.html")


@login_required
@require_GET
@hide_denied
def past_file(request: PersonRequest) -> HttpResponse:
    region = choose_region(request, list_regions_or_404(regions_entered_for(request.user)))
    wanted = request.GET.getlist("quarter")
    quarters = [each for each in past_quarters(region, clock.now()) if str(each) in wanted]
    back = build_address("past_workbooks", region)
    return answer_download(
        request, lambda: downloads.give_past_workbook(region, quarters, request.user, clock.now()), back
    )


def list_regions_or_404(regions: Iterable[Region]) -> list[Region]:
    known = list(regions)
    if not known:
        raise Http404
    return known


def choose_region(request: PersonRequest, regions: list[Region]) -> Region:
    """The one in the address, else the first; what one may not read does not exist."""
    wanted = request.GET.get("region")
    if not wanted:
        return regions[0]
    region = next((each for each in regions if str(each.pk) == wanted), None)
    if region is None:
        raise Http404
    return region


def build_address(name: str, region: Region, quarter: Quarter | None = None) -> str:
    parts = {"region": str(region.pk)} | ({"quarter": str(quarter)} if quarter else {})
    return f"{reverse(name)}?{urlencode(parts)}"


# --- There and back ---------------------------------------------------------------------------------------------


def answer_download(request: PersonRequest, give: Callable[[], tuple[str, bytes]], back: str) -> HttpResponse:
    """The file; or, refused, the page with the sentence."""
    try:
        name, content = give()
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect(back)
    return attachment(name, content)


def answer_upload(request: PersonRequest, page: UploadPage, scope: UploadScope, template: str) -> HttpResponse:
    """The page; with a file, what it would change; with a token, the way back from what was written."""
    if request.method == "POST" and "token" in request.POST:
        return write_upload(request, page, scope)
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None:
            messages.error(request, _("还没有选文件。请先选择填好的工作簿，再点“上传并核对”。"))
            return redirect(page.address)
        page.run = uploads.preview_upload(file, scope, request.user, clock.now())
    return render(request, template, {"page": page})


def write_upload(request: PersonRequest, page: UploadPage, scope: UploadScope) -> HttpResponse:
    try:
        run = uploads.write_upload(request.POST["token"], scope, request.user, clock.now())
    except RefusedError as error:
        messages.error(request, str(error))
        return redirect(page.address)
    messages.success(request, describe_written(run))
    if run.left or run.gone:
        messages.warning(request, describe_left(run))
    return redirect(page.back)


def describe_left(run: DryRun) -> str:
    """Which units were left as they were, the first of them with why."""
    why = [f"{each.filled.reporter}（{each.reasons[0].at} {each.reasons[0].sentence}）" for each in run.left]
    why += [f"{each.at} {each.sentence}" for each in run.gone]
    sentence = _("另有 %(count)d 处没有写入，原样未动：%(why)s") % {
        "count": len(why),
        "why": _("；").join(why[:NAMED_LEFT]),
    }
    return sentence + (_("等") if len(why) > NAMED_LEFT else "")


def describe_written(run: DryRun) -> str:
    facts = {"cells": run.count, "returns": len(run.to_write)}
    if run.scope.submission:
        return _("已写入草稿：改了 %(cells)d 处。核对后请提交审核。") % facts
    if run.scope.quarter:
        return _("已写入 %(returns)d 张报表的草稿，共 %(cells)d 处，标明“纸质代报”。") % facts
    return _("已补录 %(returns)d 张报表，共 %(cells)d 处，已提交，请由另一位审核员审核。") % facts
