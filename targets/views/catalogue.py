"""The catalogue of indicators and data elements: the lists, and a page an entry that is its form, too."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from institutions import clock
from institutions.requests import PersonRequest
from targets.actions.editing import entries
from targets.actions.loading import PlanRefused
from targets.enums import IndicatorKind
from targets.forms.catalogue import (
    ElementForm,
    IndicatorForm,
    class_lines,
    element_initial,
    indicator_initial,
)
from targets.models import DataElement, Indicator
from targets.queries.catalogue import (
    CatalogueEntry,
    all_elements,
    elements_found,
    formula_of,
    indicators_found,
    list_entries,
    may_keep_catalogue,
)
from targets.views.requests import Crumb, EditPage, attempt_action, edits, redirect_done, typed_data

PAGE = 50
STATES = [(IndicatorKind.QUALITATIVE.value, IndicatorKind.QUALITATIVE.label)]
ELEMENTS = "targets/catalogue/elements.html"


@login_required
@require_safe
def catalogue(request: PersonRequest) -> HttpResponse:
    """?q=签约&kind=share: indicators whose name, code or definition holds the words."""
    keeper_or_404(request)
    kind = request.GET.get("kind", "")
    found = indicators_found(request.GET.get("q", ""), kind)
    return show_list(
        request, found, "targets/catalogue/indicators.html", {"kind": kind, "kinds": IndicatorKind.choices}
    )


@login_required
@require_safe
def catalogue_elements(request: PersonRequest) -> HttpResponse:
    keeper_or_404(request)
    kind = request.GET.get("kind", "")
    return show_list(request, elements_found(request.GET.get("q", ""), kind), ELEMENTS, {"kind": kind, "kinds": STATES})


def keeper_or_404(request: PersonRequest) -> None:
    if not may_keep_catalogue(request.user):
        raise Http404


def entry_of(request: PersonRequest, row: Indicator | DataElement) -> CatalogueEntry:
    """With who uses it; what one may only read cannot be sent."""
    (entry,) = list_entries([row], request.user)
    if request.method == "POST" and not entry.editable:
        raise Http404
    return entry


def show_list(request: PersonRequest, found: QuerySet[Any], template: str, more: dict[str, Any]) -> HttpResponse:
    page: Page[Any] = Paginator(found, PAGE).get_page(request.GET.get("page", ""))
    context = {"page": page, "entries": list_entries(page.object_list, request.user), "q": request.GET.get("q", "")}
    return render(request, template, context | more)


@login_required
@edits
def indicator_new(request: PersonRequest) -> HttpResponse:
    """?item=5: for a target of that work item, to which it leads back."""
    keeper_or_404(request)
    form = IndicatorForm(typed_data(request), elements=all_elements(), indicator=None)
    classes = class_lines(typed_data(request))
    made = attempt_action(
        lambda: entries.put_indicator(None, form.indicator(classes.by_class()), request.user, clock.now()),
        [form, classes],
    )
    if made:
        return redirect_done(request, _("已增加指标。"), address_onward(request, made))
    page = EditPage(
        _("新建指标"), form, reverse("catalogue"), crumbs_under_catalogue(_("新建指标")), classes=classes, new=True
    )
    return page.show(request)


def address_onward(request: PersonRequest, made: Indicator) -> str:
    """On to the target that the indicator was made for, else to its own page."""
    item = request.GET.get("item", "")
    if item.isdecimal():
        return f"{reverse('target_new', args=[int(item)])}?indicator={made.code}"
    return reverse("indicator", args=[made.pk])


@login_required
@edits
def indicator(request: PersonRequest, indicator_id: int) -> HttpResponse:
    keeper_or_404(request)
    row = get_object_or_404(Indicator.objects.with_elements(), pk=indicator_id)
    entry = entry_of(request, row)
    form = IndicatorForm(
        typed_data(request),
        initial=indicator_initial(row),
        elements=all_elements(),
        indicator=row,
        in_force=entry.in_force,
    )
    classes = class_lines(typed_data(request), row, entry.in_force)
    if attempt_action(
        lambda: entries.put_indicator(row, form.indicator(classes.by_class()), request.user, clock.now()),
        [form, classes],
        {row.code: row.name},
    ):
        return redirect_done(request, _("已保存。"), reverse("indicator", args=[row.pk]))
    page = EditPage(
        row.name, form, reverse("catalogue"), crumbs_under_catalogue(row.name), entry.in_force, classes=classes
    )
    page.remove = "" if entry.used else reverse("indicator_remove", args=[row.pk])
    page.more = {"entry": entry, "formula": formula_of(row)}
    return page.show(request, "targets/catalogue/entry.html")


@login_required
@edits
def element_new(request: PersonRequest) -> HttpResponse:
    keeper_or_404(request)
    form = ElementForm(typed_data(request), elements=all_elements(), element=None)
    made = attempt_action(lambda: entries.put_element(None, form.element(), request.user, clock.now()), [form])
    if made:
        return redirect_done(request, _("已增加数据项。"), reverse("element", args=[made.pk]))
    return EditPage(
        _("新建数据项"), form, reverse("catalogue_elements"), crumbs_under_catalogue(_("新建数据项"), True), new=True
    ).show(request)


@login_required
@edits
def element(request: PersonRequest, element_id: int) -> HttpResponse:
    keeper_or_404(request)
    row = get_object_or_404(DataElement.objects.select_related("whole"), pk=element_id)
    entry = entry_of(request, row)
    form = ElementForm(
        typed_data(request), initial=element_initial(row), elements=all_elements(), element=row, in_force=entry.in_force
    )
    if attempt_action(
        lambda: entries.put_element(row, form.element(), request.user, clock.now()), [form], {row.code: row.name}
    ):
        return redirect_done(request, _("已保存。"), reverse("element", args=[row.pk]))
    page = EditPage(
        row.name, form, reverse("catalogue_elements"), crumbs_under_catalogue(row.name, True), entry.in_force
    )
    page.remove = "" if entry.used else reverse("element_remove", args=[row.pk])
    page.more = {"entry": entry}
    return page.show(request, "targets/catalogue/entry.html")


@login_required
@edits
def indicator_remove(request: PersonRequest, indicator_id: int) -> HttpResponse:
    return remove(request, get_object_or_404(Indicator, pk=indicator_id), "catalogue")


@login_required
@edits
def element_remove(request: PersonRequest, element_id: int) -> HttpResponse:
    return remove(request, get_object_or_404(DataElement, pk=element_id), "catalogue_elements")


def remove(request: PersonRequest, row: Indicator | DataElement, then: str) -> HttpResponse:
    keeper_or_404(request)
    trouble = ""
    if request.method == "POST":
        try:
            entries.remove(row, request.user, clock.now())
        except PlanRefused as refused:
            trouble = refused.problems[0].message
        else:
            return redirect_done(request, _("已删除。"), reverse(then))
    context = {"row": row, "kind": row._meta.verbose_name, "trouble": trouble, "back": reverse(then)}
    return render(request, "targets/edit/remove.html", context | {"crumbs": crumbs_under_catalogue(_("删除"))})


def crumbs_under_catalogue(here: str, elements: bool = False) -> list[Crumb]:
    catalog = (_("数据项"), reverse("catalogue_elements")) if elements else (_("指标"), reverse("catalogue"))
    return [(_("工作计划"), reverse("plans")), catalog, (here, "")]
