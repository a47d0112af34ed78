"""Which plans a person reads, and which they keep up."""

from itertools import count

from django.db.models import Count, Model, Q, QuerySet

from institutions import permissions
from institutions.enums import RegionLevel, Role
from institutions.models import Region
from institutions.permissions import Person
from targets.as_file import with_terms
from targets.enums import IndicatorKind, PlanState
from targets.models import Clause, DataElement, Indicator, Plan, Target, WorkItem
from targets.models.plan import PlanQuerySet


def visible_plans(user: Person) -> QuerySet[Plan]:
    """Plans in force that bind a place where the person has a post, or that were issued below it; and the
    drafts that the person keeps up."""
    posts = permissions.posts(user, Role)
    places = list(
        Region.objects.filter(
            Q(pk__in=posts.values("region")) | Q(institutions__in=posts.values("institution"))
        ).distinct()
    )
    above = {pk for place in places for pk in place.lineage}
    below = Q(issuer__lineage__overlap=[place.pk for place in places]) if places else Q(pk__in=[])
    in_force = ~Q(state=PlanState.DRAFT) & (Q(issuer__in=above) | below)
    return Plan.objects.filter(in_force | Q(pk__in=editable_plans(user).values("pk")))


def editable_plans(user: Person) -> PlanQuerySet:
    """The plans for whose issuer `may_edit_plans` says yes."""
    return Plan.objects.filter(
        issuer__lineage__overlap=permissions.posts(user, [Role.PLAN_ADMIN]).values_list("region")
    )


def plan_list(user: Person) -> QuerySet[Plan]:
    return (
        visible_plans(user)
        .select_related("issuer")
        .annotate(
            numbers=Count("targets", filter=Q(targets__item__qualitative=False)),
            states=Count("targets", filter=Q(targets__item__qualitative=True)),
        )
    )


def issuing_regions(user: Person) -> QuerySet[Region]:
    """Where the person may issue plans; townships issue none."""
    posts = permissions.posts(user, [Role.PLAN_ADMIN])
    return (
        Region.objects.within_any(posts.values_list("region"))
        .without_end()
        .exclude(level=RegionLevel.TOWNSHIP)
        .highest_first()
    )


def answerable_regions(plan: Plan) -> QuerySet[Region]:
    """Where somebody answers for a target: the issuer, and below it the judged levels."""
    judged = Q(pk=plan.issuer_id) | Q(level__in=plan.judged_levels)
    return Region.objects.within(plan.issuer_id).without_end().filter(judged).highest_first()


def editable_clauses(user: Person) -> QuerySet[Clause]:
    return Clause.objects.filter(plan__in=editable_plans(user)).select_related("plan__issuer")


def editable_items(user: Person) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(clause__plan__in=editable_plans(user)).select_related("clause__plan__issuer")


def editable_targets(user: Person) -> QuerySet[Target]:
    targets = Target.objects.filter(plan__in=editable_plans(user)).select_related("item__clause")
    return with_terms(targets)


def state_of(item: WorkItem) -> Target | None:
    """The one target of an item that is a state of its own; see `targets.plan_file.expansion`."""
    own = item.targets.filter(code=item.code, indicator__code=item.code, indicator__kind=IndicatorKind.QUALITATIVE)
    return own.select_related("indicator__element").first()


def choosable_indicators() -> QuerySet[Indicator]:
    """All but those that a qualitative item has made for itself."""
    states = Q(kind=IndicatorKind.QUALITATIVE, code__in=WorkItem.objects.values("code"))
    return Indicator.objects.exclude(states).select_related("element").order_by("name", "code")


def other_clauses(plan: Plan, clause: Clause | None = None) -> QuerySet[Clause]:
    """In the document's order; without the clause and what lies under it."""
    found = plan.clauses.order_by("position")
    return found.exclude(Q(pk=clause.pk) | Q(path__startswith=f"{clause.path}/")) if clause else found


def clause_before(clause: Clause) -> Clause | None:
    return other_clauses(clause.plan, clause).filter(position__lt=clause.position).last()


def item_before(item: WorkItem) -> WorkItem | None:
    return item.clause.items.filter(position__lt=item.position).order_by("position").last()


def free_item_code(plan: Plan) -> str:
    """plan-12: a number that nothing has yet, to be taken or written over. An item may be a state, so its code must
    be free in the catalogue, too."""
    return free_code(plan.code[:70], WorkItem.objects.of_plan(plan).count(), (WorkItem, DataElement, Target))


def free_target_code(item: WorkItem) -> str:
    """item-t2."""
    return free_code(f"{item.code[:70]}-t", item.targets.count(), (Target,), gap="")


def free_code(stem: str, last: int, models: tuple[type[WorkItem | DataElement | Target], ...], gap: str = "-") -> str:
    numbers = count(last + 1)
    codes = (f"{stem}{gap}{number}" for number in numbers)
    return next(code for code in codes if not any(model.objects.filter(code=code).exists() for model in models))


def may_bring_in(user: Person, code: str, issuer: str) -> bool:
    """Whether a plan file of this plan and issuer is the person's to load; an unknown issuer is for the load to say."""
    existing = Plan.objects.filter(code=code)
    if existing.exclude(pk__in=editable_plans(user)).exists():
        return False
    region = Region.objects.filter(code=issuer).first()
    return region is None or permissions.may_edit_plans(user, region)


def parts_of(row: Model) -> list[tuple[str, int]]:
    """How many of each kind of part would go with the row."""
    clauses, items, targets = Clause.objects.none(), WorkItem.objects.none(), Target.objects.none()
    if isinstance(row, Plan):
        clauses = row.clauses.all()
        items, targets = WorkItem.objects.of_plan(row), row.targets.all()
    elif isinstance(row, Clause):
        clauses = row.plan.clauses.filter(path__startswith=f"{row.path}/")
        items = WorkItem.objects.filter(Q(clause=row) | Q(clause__in=clauses))
        targets = Target.objects.filter(item__in=items)
    elif isinstance(row, WorkItem):
        targets = row.targets.all()
    counted = [(each.model, each.count()) for each in (clauses, items, targets)]
    return [(str(model._meta.verbose_name), number) for model, number in counted if number]
