"""A plan's way: brought in from a file, published, revised, closed, removed; and what was done to it."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from institutions import clock
from institutions.requests import PersonRequest
from targets.actions import plans
from targets.actions.editing import clauses, headers, items, targets
from targets.actions.loading import CREATED, LoadReport, PlanRefused
from targets.enums import PlanState
from targets.forms.outline import CloseForm, UploadForm
from targets.labels import in_words
from targets.models import Clause, DataElement, Indicator, Plan, Target, WorkItem
from targets.outline import outline_of
from targets.plan_file import FileProblem, PlanFile, read
from targets.queries.history import (
    FieldDifference,
    differences,
    events,
    records_of_plan,
    records_of_target,
    revisions_of,
    stages_of,
)
from targets.queries.plans import (
    editable_clauses,
    editable_items,
    editable_plans,
    editable_targets,
    issuing_regions,
    may_bring_in,
    parts_of,
)
from targets.views.requests import (
    EditPage,
    attempt_action,
    crumbs_under,
    edits,
    plan_address,
    redirect_done,
    typed_data,
)


@login_required
@edits
def plan_upload(request: PersonRequest) -> HttpResponse:
    """First what would change, or every problem with its line; with `load` it is brought in."""
    if not issuing_regions(request.user).exists():
        raise Http404
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        file = read(form.cleaned_data["text"])
        try:
            if "load" in request.POST:
                return show_loaded(request, bring_in(request, file))
            report = rehearse(request, file)
            context |= {"report": report, "text": form.cleaned_data["text"], "header": file.header}
            context["differences"] = changed_rows(report)
        except PlanRefused as refused:
            context["problems"] = refused.problems
    return render(request, "targets/edit/upload.html", context)


def changed_rows(report: LoadReport) -> list[FieldDifference]:
    """What is there already and would become otherwise; what is new is only counted."""
    return list(differences(change.as_json() for change in report.changes if change.what != CREATED))


def rehearse(request: PersonRequest, file: PlanFile) -> LoadReport:
    refuse_others(request, file)
    return plans.rehearse(file, request.user, clock.now())


def bring_in(request: PersonRequest, file: PlanFile) -> LoadReport:
    refuse_others(request, file)
    return plans.load(file, request.user, clock.now())


def refuse_others(request: PersonRequest, file: PlanFile) -> None:
    """Raises PlanRefused for a plan that is not the person's to keep up."""
    if not file.problems and not may_bring_in(request.user, file.header.code, file.header.issuer):
        line = file.header.line("issuer")
        raise PlanRefused([FileProblem(line, _("您不维护“%s”发的计划，不能载入") % file.header.issuer)])


def show_loaded(request: PersonRequest, report: LoadReport) -> HttpResponseRedirect:
    assert report.plan is not None
    return redirect_done(request, _("已载入。"), plan_address(report.plan))


@login_required
@edits
def plan_publish(request: PersonRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)
    if plan.state != PlanState.DRAFT:
        return redirect_done(request, _("计划已经发布。"), plan_address(plan))
    if request.method == "POST":
        try:
            plans.publish(plan, request.user, clock.now())
        except PlanRefused:
            pass  # the page lists what stands against it
        else:
            return redirect_done(request, _("计划已发布，下一次开放填报时生效。"), plan_address(plan))
    obstacles = [(in_words(each.message), address_of(each.row)) for each in plans.obstacles(plan)]
    context = {"outline": outline_of(plan), "obstacles": obstacles, "crumbs": crumbs_under(plan, _("发布"))}
    return render(request, "targets/edit/publish.html", context)


def address_of(row: Model) -> str:
    """Where the row is put right."""
    pages = {
        Plan: "plan_edit",
        Clause: "clause_edit",
        WorkItem: "item_edit",
        Target: "target_edit",
        Indicator: "indicator",
        DataElement: "element",
    }
    return reverse(pages[type(row)], args=[row.pk])


@login_required
@edits
def plan_close(request: PersonRequest, plan_id: int) -> HttpResponse:
    running = editable_plans(request.user).running()
    plan = get_object_or_404(running.select_related("issuer"), pk=plan_id)
    form = CloseForm(typed_data(request), initial={"day": min(plan.last_day, clock.today())})
    if attempt_action(lambda: plans.close(plan, form.cleaned_data["day"], request.user, clock.now()) or plan, [form]):
        return redirect_done(request, _("计划已结案。"), plan_address(plan))
    return EditPage(_("结案"), form, plan_address(plan), crumbs_under(plan, _("结案"))).show(
        request, "targets/edit/close.html"
    )


@login_required
@require_safe
def plan_revise(request: PersonRequest, plan_id: int) -> HttpResponse:
    """Which target to revise, with how each is judged now."""
    running = editable_plans(request.user).running()
    plan = get_object_or_404(running.select_related("issuer"), pk=plan_id)
    context = {"outline": outline_of(plan), "crumbs": crumbs_under(plan, _("修订"))}
    return render(request, "targets/edit/revisable.html", context)


@login_required
@require_safe
def plan_history(request: PersonRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)
    page, found = events(records_of_plan(plan), request.GET.get("page", ""))
    context = {"plan": plan, "events": found, "page": page, "stages": revisions_of(plan)}
    return render(request, "targets/edit/history.html", context | {"crumbs": crumbs_under(plan, _("历史"))})


@login_required
@require_safe
def target_history(request: PersonRequest, target_id: int) -> HttpResponse:
    target = get_object_or_404(editable_targets(request.user), pk=target_id)
    page, found = events(records_of_target(target), request.GET.get("page", ""))
    context = {"plan": target.plan, "target": target, "events": found, "page": page, "stages": stages_of(target)}
    return render(request, "targets/edit/history.html", context | {"crumbs": crumbs_under(target.plan, target.name)})


@login_required
@edits
def plan_remove(request: PersonRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(drafts_only(editable_plans(request.user), "state"), pk=plan_id)
    return remove(request, plan, plan, lambda: headers.remove(plan, request.user, clock.now()), reverse("plans"))


@login_required
@edits
def clause_remove(request: PersonRequest, clause_id: int) -> HttpResponse:
    row = get_object_or_404(drafts_only(editable_clauses(request.user), "plan__state"), pk=clause_id)
    return remove(request, row.plan, row, lambda: clauses.remove(row, request.user, clock.now()))


@login_required
@edits
def item_remove(request: PersonRequest, item_id: int) -> HttpResponse:
    row = get_object_or_404(drafts_only(editable_items(request.user), "clause__plan__state"), pk=item_id)
    return remove(request, row.clause.plan, row, lambda: items.remove(row, request.user, clock.now()))


@login_required
@edits
def target_remove(request: PersonRequest, target_id: int) -> HttpResponse:
    row = get_object_or_404(drafts_only(editable_targets(request.user), "plan__state"), pk=target_id)
    return remove(request, row.plan, row, lambda: targets.remove(row, request.user, clock.now()))


def drafts_only(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(**{state: PlanState.DRAFT})


def remove(request: PersonRequest, plan: Plan, row: Model, act: Callable[[], None], then: str = "") -> HttpResponse:
    """First what would go with it, then it goes."""
    if request.method == "POST":
        act()
        return redirect_done(request, _("已删除。"), then or plan_address(plan))
    context = {
        "row": row,
        "kind": row._meta.verbose_name,
        "parts": parts_of(row),
        "crumbs": crumbs_under(plan, _("删除")),
    }
    return render(request, "targets/edit/remove.html", context | {"back": plan_address(plan)})
