"""The request behind `login_required`, and what every page of an administrator does with a form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib import messages
from django.forms import BaseForm, BaseFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from targets.actions.loading import PlanRefused
from targets.enums import PlanState
from targets.forms.catalogue import ClassLines
from targets.forms.refusal import show_problems
from targets.forms.targets import ContactLines, MilestoneLines
from targets.models import Plan
from targets.plan_file import FileProblem

Made = TypeVar("Made")
Crumb = tuple[str, str]
edits = require_http_methods(["GET", "POST"])  # a form and what it sends


@dataclass
class EditPage:
    """A form and what stands around it. `back` is where one goes without saving, `remove` where one may delete."""

    title: str
    form: Any
    back: str
    crumbs: list[Crumb]
    in_force: bool = False
    remove: str = ""
    milestones: MilestoneLines | None = None
    contacts: ContactLines | None = None
    classes: ClassLines | None = None
    more: dict[str, Any] = field(default_factory=dict)
    new: bool = False

    @property
    def seen(self) -> str:
        """Stands for what was kept when the page was opened; nothing where there was nothing yet."""
        sheets = [sheet for sheet in (self.form, self.milestones, self.classes, self.contacts) if sheet is not None]
        return "" if self.new else forms_token(sheets)

    def show(self, request: HttpRequest, template: str = "targets/edit/form.html") -> HttpResponse:
        return render(request, template, {"page": self, "form": self.form, **self.more})


def typed_data(request: HttpRequest) -> Any:
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None


def attempt_action(
    act: Callable[[], Made], sheets: "Sequence[BaseForm | BaseFormSet[Any]]", names: Mapping[str, str] | None = None
) -> Made | None:
    """Do it if every form was sent and holds; None where not, or where the action refused, which stands at the fields.

    The forms are numbered in this order, those of a set one by one.
    """
    forms = [form for sheet in sheets for form in (sheet.forms if isinstance(sheet, BaseFormSet) else [sheet])]
    valid = [sheet.is_valid() for sheet in sheets]  # each, so that every form shows its errors
    try:
        if is_stale(sheets):
            sentence = _("您打开本页之后有人改过，所以没有保存。您填的仍在这里，请核对后再保存。")
            raise PlanRefused([FileProblem(0, sentence)])
        return act() if all(valid) else None
    except PlanRefused as refused:
        show_problems(refused.problems, forms, names)
        return None


def forms_token(sheets: "Sequence[BaseForm | BaseFormSet[Any]]") -> str:
    """What the forms were opened with, in brief."""
    return sha256(repr([sheet.initial for sheet in sheets]).encode()).hexdigest()[:16]


def is_stale(sheets: "Sequence[BaseForm | BaseFormSet[Any]]") -> bool:
    """Whether somebody else has saved since the page was opened."""
    seen = sheets[0].data.get("seen", "")
    return bool(seen) and seen != forms_token(sheets)


def redirect_done(request: HttpRequest, sentence: str, address: str) -> HttpResponseRedirect:
    messages.success(request, sentence)
    return redirect(address)


def crumbs_under(plan: Plan, here: str) -> list[Crumb]:
    return [(_("工作计划"), reverse("plans")), (plan.title, reverse("plan", args=[plan.pk])), (here, "")]


def page_title(title: str, what: str) -> str:
    """编辑目标：签约率."""
    return _("%(title)s：%(what)s") % {"title": title, "what": what}


def plan_address(plan: Plan, part: str = "") -> str:
    """The plan's page, at a part of it: clause-3, item-5, target-8."""
    return reverse("plan", args=[plan.pk]) + (f"#{part}" if part else "")


def is_in_force(plan: Plan) -> bool:
    return plan.state != PlanState.DRAFT
