"""Writing a target: its words, terms, milestones and contacts on one page; and revising one that is in force."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from institutions import clock
from institutions.requests import PersonRequest
from targets.actions import revisions
from targets.actions.editing import targets
from targets.as_file import latest_terms, target_of
from targets.enums import PlanState
from targets.forms.parts import PartForm
from targets.forms.targets import (
    TERMS,
    RevisionForm,
    TargetForm,
    WordsForm,
    contact_lines,
    milestone_lines,
    milestones_initial,
    target_initial,
    terms_initial,
    words_initial,
)
from targets.models import Target
from targets.outline import over_a_hundred, target_line, terms_in_words
from targets.periods import Quarter
from targets.queries.plans import (
    answerable_regions,
    choosable_indicators,
    editable_items,
    editable_targets,
    free_target_code,
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
def target_new(request: PersonRequest, item_id: int) -> HttpResponse:
    """?indicator=signing-rate: with that indicator chosen."""
    item = get_object_or_404(editable_items(request.user), pk=item_id)
    plan = item.clause.plan
    initial = {"code": free_target_code(item), "name": item.title, "indicator": request.GET.get("indicator", "")}
    form = TargetForm(typed_data(request), initial=initial, indicators=choosable_indicators())
    milestones = milestone_lines(typed_data(request), [{"due": plan.last_day}])
    contacts = contact_lines(typed_data(request), answerable_regions(plan))
    made = attempt_action(
        lambda: targets.add(
            item,
            form.target(milestones.milestones()),
            form.cleaned_data["amber_points"],
            contacts.people(),
            request.user,
            clock.now(),
        ),
        [form, milestones, contacts],
        names_in(form),
    )
    if made:
        warn_of_large(request, made)
        return redirect_done(request, _("已增加目标。"), plan_address(plan, f"target-{made.pk}"))
    page = EditPage(
        page_title(_("增加目标"), item.title),
        form,
        plan_address(plan, f"item-{item.pk}"),
        crumbs_under(plan, _("增加目标")),
    )
    page.milestones, page.contacts, page.new = milestones, contacts, True
    page.more = {"new_indicator": f"{reverse('indicator_new')}?item={item.pk}"}
    return page.show(request)


@login_required
@edits
def target_edit(request: PersonRequest, target_id: int) -> HttpResponse:
    """Everything in a draft; of a target in force its words and contacts, as of a state that is its item's own."""
    target = get_object_or_404(editable_targets(request.user), pk=target_id)
    is_state = state_of(target.item) == target
    return (
        reword(request, target, is_state) if is_state or is_in_force(target.plan) else rewrite_target(request, target)
    )


def rewrite_target(request: PersonRequest, target: Target) -> HttpResponse:
    terms = latest_terms(target)
    initial = target_initial(target, terms)
    form = TargetForm(typed_data(request), initial=initial, indicators=choosable_indicators(), target=target)
    milestones = milestone_lines(typed_data(request), milestones_initial(terms))
    contacts = contact_lines(typed_data(request), answerable_regions(target.plan), target)
    if attempt_action(
        lambda: targets.change(
            target,
            form.target(milestones.milestones()),
            form.cleaned_data["amber_points"],
            contacts.people(),
            request.user,
            clock.now(),
        ),
        [form, milestones, contacts],
        names_in(form),
    ):
        return redirect_saved(request, target)
    page = page_of(target, _("编辑目标"), form)
    page.milestones, page.contacts = milestones, contacts
    page.remove = reverse("target_remove", args=[target.pk])
    return page.show(request)


def reword(request: PersonRequest, target: Target, is_state: bool) -> HttpResponse:
    form = WordsForm(typed_data(request), initial=words_initial(target))
    contacts = contact_lines(typed_data(request), answerable_regions(target.plan), target)
    if attempt_action(
        lambda: targets.reword(
            target,
            form.cleaned_data["name"],
            form.citation(),
            form.cleaned_data["anomalies"],
            contacts.people(),
            request.user,
            clock.now(),
            evidence=form.cleaned_data["evidence"],
        ),
        [form, contacts],
    ):
        return redirect_saved(request, target)
    page = page_of(target, _("编辑目标"), form)
    page.in_force, page.contacts = is_in_force(target.plan), contacts
    page.more = {"target": target, "present": target_line(target)}
    if is_state:
        page.more["item_page"] = reverse("item_edit", args=[target.item_id])
    return page.show(request)


@login_required
@edits
def target_revise(request: PersonRequest, target_id: int) -> HttpResponse:
    """New terms beside the present ones; only of a published plan."""
    target = get_object_or_404(editable_targets(request.user).filter(plan__state=PlanState.PUBLISHED), pk=target_id)
    terms = latest_terms(target)
    initial = terms_initial(terms) | {"effective_from": Quarter.of(clock.today()).first_day}
    form = RevisionForm(typed_data(request), initial=initial)
    milestones = milestone_lines(typed_data(request), milestones_initial(terms), revised=True)
    present = target_of(target, terms)
    if attempt_action(
        lambda: revisions.revise(
            target=target,
            revised=form.revised(present, milestones.milestones()),
            effective_from=form.cleaned_data["effective_from"],
            reason=form.cleaned_data["reason"],
            document=form.cleaned_data["document"],
            amber_points=form.cleaned_data["amber_points"],
            by=request.user,
            now=clock.now(),
        ),
        [form, milestones],
        {target.code: target.name},
    ):
        return redirect_done(request, _("已修订，有关季度正在重新判定。"), reverse("target_history", args=[target.pk]))
    page = page_of(target, _("修订目标"), form)
    words = terms_in_words(terms) if terms else {}
    rows = [(form[name], words.get(name, "")) for name in TERMS]
    page.milestones = milestones
    page.more = {"target": target, "terms": terms, "rows": rows, "present": target_line(target)}
    return page.show(request, "targets/edit/revise.html")


def page_of(target: Target, title: str, form: PartForm) -> EditPage:
    address = plan_address(target.plan, f"target-{target.pk}")
    return EditPage(page_title(title, target.name), form, address, crumbs_under(target.plan, target.name))


def warn_of_large(request: PersonRequest, target: Target) -> None:
    terms = target.terms.order_by("effective_from").last()
    if large := over_a_hundred(target, terms) if terms else []:
        sentence = _("节点值 %(values)s 超过 100%%，请核对是否多写了位数；确实如此的不用改。")
        messages.warning(request, sentence % {"values": _("、").join(large)})


def redirect_saved(request: PersonRequest, target: Target) -> HttpResponse:
    warn_of_large(request, target)
    return redirect_done(request, _("已保存。"), plan_address(target.plan, f"target-{target.pk}"))


def names_in(form: TargetForm) -> dict[str, str]:
    """In a sentence the target, its indicator and the elements are called by their names."""
    names = {str(form["code"].value()): str(form["name"].value())}
    for row in form.indicators.values():
        names |= {row.code: row.name, row.element.code: row.element.name}
    return names
