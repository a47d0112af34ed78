"""行政区划变更: places renamed, recoded, turned into districts or merged, from a day on."""

from hashlib import sha256

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from institutions import clock
from institutions.actions import regions
from institutions.forms import RegionChangeForm
from institutions.models import User
from institutions.queries import changed_regions
from institutions.region_changes import RegionRefusedError, RegionRequest
from institutions.views.register import administrator_or_404


@login_required
@require_http_methods(["GET", "POST"])
@never_cache
def changes(request: HttpRequest) -> HttpResponse:
    """What was changed so far, and a form for the next; a POST says what it would do, a second one does it."""
    by = administrator_or_404(request.user)
    if request.method == "GET":
        return show(request, by, RegionChangeForm(by))
    form = RegionChangeForm(by, request.POST)
    if not form.is_valid():
        return show(request, by, form)
    asked = form.request
    for problem in asked.problems(clock.today()):
        form.add_error(None, problem)
    if not form.is_valid():
        return show(request, by, form)
    if request.POST.get("seen", "") != fingerprint(asked):
        return show(request, by, form, asked)
    try:
        done = regions.carry_out(asked, by, clock.now())
    except RegionRefusedError as error:
        for problem in error.problems:
            form.add_error(None, problem)
        return show(request, by, form)
    messages.success(request, _("已登记：%(name)s，自 %(on)s 起。") % {"name": done, "on": asked.on})
    return redirect("region_changes")


def show(request: HttpRequest, by: User, form: RegionChangeForm, asked: RegionRequest | None = None) -> HttpResponse:
    context = {
        "form": form,
        "changed": changed_regions(by),
        "effects": asked.effects() if asked else [],
        "seen": fingerprint(asked) if asked else "",
    }
    return render(request, "institutions/region_changes.html", context, status=400 if form.errors else 200)


def fingerprint(asked: RegionRequest) -> str:
    """Of all that was asked for and shown; something else than what was seen is shown anew."""
    said = [asked.document, *(str(region.pk) for region in asked.regions), *asked.effects()]
    return sha256("\n".join(said).encode()).hexdigest()
