"""Writing a plan: the plan itself, its clauses, its work items."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from institutions import clock
from institutions.requests import PersonRequest
from targets.actions.editing import clauses, headers, items
from targets.forms.outline import (
    ClauseForm,
    ItemForm,
    PlanForm,
    StateForm,
    clause_initial,
    item_initial,
    plan_initial,
    state_initial,
)
from targets.models import Clause, WorkItem
from targets.queries.plans import (
    clause_before,
    editable_clauses,
    editable_items,
    editable_plans,
    free_item_code,
    issuing_regions,
    item_before,
    other_clauses,
    state_of,
)
from targets.views.requests import (
    EditPage,
    attempt_action,
    crumbs_under,
    edits,
    is_in_force,
    page_title,
    plan_address,
    redirect_done,
    typed_data,
)


@login_required
@edits
def plan_new(request: PersonRequest) -> HttpResponse:
    issuers = issuing_regions(request.user)
    if not issuers.exists():
        raise Http404
    form = PlanForm(typed_data(request), initial=plan_initial(None), issuers=issuers)
    made = attempt_action(lambda: headers.create(form.heading(), request.user, clock.now()), [form])
    if made:
        return redirect_done(request, _("已新建草稿，请接着写条款。"), plan_address(made))
    crumbs = [(_("工作计划"), reverse("plans")), (_("新建计划"), "")]
    return EditPage(_("新建计划"), form, reverse("plans"), crumbs, new=True).show(request)


@login_required
@edits
def plan_edit(request: PersonRequest, plan_id: int) -> HttpResponse:
    plan = get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)
    issuers, in_force = issuing_regions(request.user), is_in_force(plan)
    form = PlanForm(typed_data(request), initial=plan_initial(plan), issuers=issuers, plan=plan, in_force=in_force)
    if attempt_action(lambda: headers.change(plan, form.heading(), request.user, clock.now()), [form]):
        return redirect_done(request, _("已保存。"), plan_address(plan))
    page = EditPage(
        page_title(_("编辑计划"), plan.title), form, plan_address(plan), crumbs_under(plan, _("编辑计划")), in_force
    )
    page.remove = "" if in_force else reverse("plan_remove", args=[plan.pk])
    return page.show(request)


@login_required
@edits
def clause_new(request: PersonRequest, plan_id: int) -> HttpResponse:
    """?after=7: behind that clause, under the same heading."""
    plan = get_object_or_404(editable_plans(request.user).select_related("issuer"), pk=plan_id)
    others = other_clauses(plan)
    after = chosen_clause(list(others), request.GET.get("after", ""))
    initial = {"after": after, "path": after.path.rpartition("/")[0] + "/" if after and "/" in after.path else ""}
    form = ClauseForm(typed_data(request), initial=initial, others=others)
    made = attempt_action(
        lambda: clauses.add(plan, form.clause(), form.cleaned_data["after"], request.user, clock.now()), [form]
    )
    if made:
        return redirect_done(request, _("已增加条款。"), plan_address(plan, f"clause-{made.pk}"))
    page = EditPage(
        page_title(_("增加条款"), plan.title), form, plan_address(plan), crumbs_under(plan, _("增加条款")), new=True
    )
    return page.show(request)


def chosen_clause(rows: list[Clause], pk: str) -> Clause | None:
    """The clause that the address names, else the last."""
    return next((row for row in rows if str(row.pk) == pk), rows[-1] if rows else None)


@login_required
@edits
def clause_edit(request: PersonRequest, clause_id: int) -> HttpResponse:
    clause = get_object_or_404(editable_clauses(request.user), pk=clause_id)
    plan, in_force = clause.plan, is_in_force(clause.plan)
    initial = clause_initial(clause, clause_before(clause))
    form = ClauseForm(typed_data(request), initial=initial, others=other_clauses(plan, clause), in_force=in_force)
    if attempt_action(
        lambda: clauses.change(clause, form.clause(), form.cleaned_data["after"], request.user, clock.now()), [form]
    ):
        return redirect_done(request, _("已保存。"), plan_address(plan, f"clause-{clause.pk}"))
    page = EditPage(
        page_title(_("编辑条款"), clause.path), form, plan_address(plan), crumbs_under(plan, clause.path), in_force
    )
    page.back = plan_address(plan, f"clause-{clause.pk}")
    page.remove = "" if in_force else reverse("clause_remove", args=[clause.pk])
    return page.show(request)


@login_required
@edits
def item_new(request: PersonRequest, clause_id: int, qualitative: bool = False) -> HttpResponse:
    """One with targets, or a state to be reported."""
    clause = get_object_or_404(editable_clauses(request.user), pk=clause_id)
    plan, others = clause.plan, clause.items.order_by("position")
    initial = {"clause": clause, "after": others.last(), "code": free_item_code(plan)}
    form_class = StateForm if qualitative else ItemForm
    form = form_class(typed_data(request), initial=initial, clauses=other_clauses(plan), others=others)
    made = attempt_action(
        lambda: items.add(
            form.cleaned_data["clause"], form.item(), form.cleaned_data["after"], request.user, clock.now()
        ),
        [form],
        names_in(form),
    )
    if made:
        return redirect_done(request, _("已增加工作任务。"), plan_address(plan, f"item-{made.pk}"))
    title = _("增加定性工作") if qualitative else _("增加工作任务")
    back = plan_address(plan, f"clause-{clause.pk}")
    return EditPage(page_title(title, clause.title), form, back, crumbs_under(plan, title), new=True).show(request)


@login_required
@edits
def item_edit(request: PersonRequest, item_id: int) -> HttpResponse:
    item = get_object_or_404(editable_items(request.user), pk=item_id)
    plan, in_force = item.clause.plan, is_in_force(item.clause.plan)
    form = item_form(request, item, in_force)
    if attempt_action(
        lambda: items.change(
            item, form.cleaned_data["clause"], form.item(), form.cleaned_data["after"], request.user, clock.now()
        ),
        [form],
        names_in(form),
    ):
        return redirect_done(request, _("已保存。"), plan_address(plan, f"item-{item.pk}"))
    title = _("编辑定性工作") if isinstance(form, StateForm) else _("编辑工作任务")
    page = EditPage(
        page_title(title, item.title),
        form,
        plan_address(plan, f"item-{item.pk}"),
        crumbs_under(plan, item.title),
        in_force,
    )
    page.remove = "" if in_force else reverse("item_remove", args=[item.pk])
    return page.show(request)


def item_form(request: PersonRequest, item: WorkItem, in_force: bool) -> ItemForm:
    """With the fields of its state where the item is one."""
    others = item.clause.items.order_by("position").exclude(pk=item.pk)
    state, before = state_of(item), item_before(item)
    initial = state_initial(item, state, before) if state else item_initial(item, before)
    form_class = StateForm if state else ItemForm
    clauses_of_plan = other_clauses(item.clause.plan)
    return form_class(
        typed_data(request), initial=initial, clauses=clauses_of_plan, others=others, item=item, in_force=in_force
    )


def names_in(form: ItemForm) -> dict[str, str]:
    """In a sentence the item is called by its title."""
    return {str(form["code"].value()): str(form["title"].value())}
