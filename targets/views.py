"""The plan pages; read-only."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from institutions import permissions
from institutions.enums import Role
from institutions.models import Region
from institutions.permissions import Person
from targets.enums import PlanState
from targets.models import Plan
from targets.outline import outline_of


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    found = visible_plans(request.user).annotate(
        numbers=Count("targets", filter=Q(targets__item__qualitative=False)),
        states=Count("targets", filter=Q(targets__item__qualitative=True)),
    )
    return render(request, "targets/plans.html", {"plans": found.select_related("issuer")})


@login_required
@require_safe
def plan(request: HttpRequest, plan_id: int) -> HttpResponse:
    found = get_object_or_404(visible_plans(request.user).select_related("issuer"), pk=plan_id)
    return render(request, "targets/plan.html", {"outline": outline_of(found)})


def visible_plans(user: Person) -> QuerySet[Plan]:
    """Plans in force that bind a place where the person has a post, or that were issued below it."""
    posts = permissions.posts(user, Role)
    places = list(
        Region.objects.filter(
            Q(pk__in=posts.values("region")) | Q(institutions__in=posts.values("institution"))
        ).distinct()
    )
    above = {pk for place in places for pk in place.lineage}
    below = Q(issuer__lineage__overlap=[place.pk for place in places]) if places else Q(pk__in=[])
    return Plan.objects.exclude(state=PlanState.DRAFT).filter(Q(issuer__in=above) | below)
