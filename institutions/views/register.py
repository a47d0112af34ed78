"""机构与人员: the register of an administrator's regions as a workbook, out and in."""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from openpyxl import Workbook

from institutions import clock, preview, roster
from institutions.actions import enrolment
from institutions.actions.enrolment import NotConfirmedError, Slip
from institutions.models import User
from institutions.permissions import Person, may_administer
from institutions.queries import administered_institutions, administered_people, administered_top
from institutions.workbooks import MIME, UnreadableWorkbookError, open_upload, put_text


def administrator_or_404(person: Person) -> User:
    if not isinstance(person, User) or not may_administer(person):
        raise Http404
    return person


@login_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    return show_overview(request, administrator_or_404(request.user))


def show_overview(request: HttpRequest, by: User, told: str = "") -> HttpResponse:
    context = {
        "regions": administered_top(by),
        "units": administered_institutions(by).count(),
        "people": administered_people(by).count(),
        "told": told,
    }
    return render(request, "institutions/register.html", context, status=400 if told else 200)


@login_required
@require_GET
def workbook(request: HttpRequest) -> HttpResponse:
    """The template, or with ?filled=1 the register as it stands."""
    by = administrator_or_404(request.user)
    units, people, places = preview.register_rows(by)
    is_filled = request.GET.get("filled") == "1"
    name = _("机构与人员名册") if is_filled else _("机构与人员导入模板")
    response = HttpResponse(
        as_bytes(roster.draw_roster(units, people, places) if is_filled else roster.draw_roster([], [], places)),
        content_type=MIME,
    )
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.xlsx"
    return response


def as_bytes(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@login_required
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Look at an upload; what it would do is on the page that follows."""
    by = administrator_or_404(request.user)
    file = request.FILES.get("file")
    if file is None:
        return show_overview(request, by, _("没有选择文件。请先选择填好的工作簿。"))
    try:
        rows = roster.read_roster(open_upload(file))
    except UnreadableWorkbookError as error:
        return show_overview(request, by, str(error))
    return redirect("register_checked", enrolment.keep_roster(rows, by))


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def checked(request: HttpRequest, token: str) -> HttpResponse:
    """What the upload would do; on POST, do it."""
    by = administrator_or_404(request.user)
    told = ""
    if request.method == "POST":
        try:
            slips = enrolment.confirm(
                token,
                seen=request.POST.get("seen", ""),
                by=by,
                now=clock.now(),
                others=request.POST.getlist("another"),
                reason=request.POST.get("reason", ""),
            )
            return show_done(request, slips)
        except NotConfirmedError as error:
            told = str(error)
    planned = enrolment.preview_kept_roster(token, by, clock.now())
    if planned is None:
        return show_overview(request, by, told or _("这次上传已经导入或已过期（30 分钟）。要再导入，请重新上传。"))
    context = {
        "plan": planned,
        "told": told,
        "others": request.POST.getlist("another"),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "institutions/register_check.html", context, status=409 if told else 200)


def show_done(request: HttpRequest, slips: Sequence[Slip]) -> HttpResponse:
    messages.success(request, _("名册已导入。"))
    if not slips:
        return redirect("register")
    book = b64encode(as_bytes(slips_workbook(slips))).decode()
    return render(request, "institutions/slips.html", {"slips": slips, "workbook": book, "mime": MIME})


def slips_workbook(slips: Sequence[Slip]) -> Workbook:
    book = Workbook()
    page = book.worksheets[0]
    page.title = _("初始密码")
    for place, head in enumerate([_("用户名"), _("姓名"), _("初始密码")], 1):
        page.cell(1, place, head)
        page.column_dimensions["ABC"[place - 1]].width = 22
    for number, slip in enumerate(slips, 2):
        for place, text in enumerate(slip, 1):
            put_text(page.cell(number, place), text)  # type: ignore[arg-type]
    return book
