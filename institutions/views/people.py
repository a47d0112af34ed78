"""人员: who has an account in one's regions, and what a system administrator may do to it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from institutions import clock
from institutions.actions import logins, members, passwords
from institutions.models import User
from institutions.permissions import Person, may_administer
from institutions.queries import administered_people, find_people, with_posts

PAGE = 50


def state_choices() -> dict[str, str]:
    return {"": _("全部"), "initial": _("须改密码"), "locked": _("已锁定"), "closed": _("已停用")}


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    if not may_administer(request.user):
        raise Http404
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    found = in_state(find_people(administered_people(request.user), words), state)
    page = Paginator(with_posts(found), PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "institutions/people.html",
        {
            "page": page,
            "locked": logins.locked_among(each.username for each in page),
            "words": words,
            "state": state,
            "states": [
                {"value": value, "label": label, "selected": value == state} for value, label in state_choices().items()
            ],
        },
    )


def in_state(people: QuerySet[User], state: str) -> QuerySet[User]:
    if state == "initial":
        return people.filter(must_change_password=True, is_active=True)
    if state == "locked":
        return people.filter(username__in=logins.locked_among(people.values_list("username", flat=True)))
    return people.filter(is_active=False) if state == "closed" else people


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    shown = get_object_or_404(with_posts(administered_people(request.user)), pk=pk)
    return render(
        request,
        "institutions/person.html",
        {"person": shown, "is_locked": logins.is_locked(shown.username), "is_oneself": shown.pk == request.user.pk},
    )


def another_or_404(by: Person, pk: int) -> tuple[User, User]:
    """The administrator, and a person in their regions who is not they themselves."""
    another = get_object_or_404(administered_people(by), pk=pk)
    if not isinstance(by, User) or another.pk == by.pk:
        raise Http404
    return by, another


@login_required
@require_POST
@never_cache
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """The new password stands in this one answer and nowhere else."""
    by, another = another_or_404(request.user, pk)
    password = passwords.reset(user=another, by=by, now=clock.now())
    return render(
        request,
        "institutions/slips.html",
        {"slips": [(another.username, another.display_name, password)], "person": another},
    )


def change_view(action: Callable[..., None], told: Callable[[User], str]) -> Callable[..., HttpResponse]:
    @login_required
    @require_POST
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        by, another = another_or_404(request.user, pk)
        action(user=another, by=by, now=clock.now())
        messages.success(request, told(another))
        return redirect("person", pk)

    return view


unlock = change_view(logins.unlock, lambda who: _("%s 可以再次登录了。") % who)
close = change_view(members.close, lambda who: _("%s 的账号已停用，已登录的页面也不能再用。") % who)
reopen = change_view(members.reopen, lambda who: _("%s 的账号已恢复使用。") % who)
