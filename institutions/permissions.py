"""Who may do what: one function a question. No answer but a membership's is ever yes."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from institutions.enums import InstitutionKind, RegionLevel, Role
from institutions.models import Institution, Membership, Region, RegionQuerySet, User

Person = User | AnonymousUser
READERS = [Role.DIRECTOR, Role.SUPERVISOR, Role.REVIEWER, Role.PLAN_ADMIN]
OWN_REVIEWERS = [RegionLevel.CITY, RegionLevel.PROVINCE, RegionLevel.COUNTRY]


def posts(user: Person, roles: Iterable[Role]) -> QuerySet[Membership]:
    """The person's memberships in these roles; none for an outsider or a closed account."""
    return Membership.objects.of_open_accounts().filter(user_id=user.pk or 0, role__in=roles)


def roles_of(user: Person) -> set[Role]:
    return {Role(role) for role in posts(user, Role).values_list("role", flat=True)}


# --- Reporting ------------------------------------------------------------------------------------------------


def may_report(user: Person, institution: Institution) -> bool:
    return posts(user, [Role.REPORTER]).filter(institution=institution).exists()


def reporting_institutions(user: Person) -> QuerySet[Institution]:
    return Institution.objects.filter(pk__in=posts(user, [Role.REPORTER]).values("institution"))


# --- Reviewing ------------------------------------------------------------------------------------------------


def reviewing_region(institution: Institution) -> Region:
    """Where the institution's return is reviewed: a county bureau's and a city unit's by the city, all others'
    by their county. A unit above the county has nobody above it to review it, so its own level does."""
    region = institution.region
    if region.level == RegionLevel.COUNTY and institution.kind == InstitutionKind.BUREAU:
        return region.parent or region
    while region.level == RegionLevel.TOWNSHIP and region.parent:
        region = region.parent
    return region


def may_review(user: Person, institution: Institution) -> bool:
    return posts(user, [Role.REVIEWER]).filter(region=reviewing_region(institution)).exists()


def reviewable_institutions(user: Person) -> QuerySet[Institution]:
    """The institutions for which `may_review` says yes, in one query."""
    regions = posts(user, [Role.REVIEWER]).values("region")
    return Institution.objects.filter(
        Q(region__in=regions, region__level__in=OWN_REVIEWERS)
        | Q(region__in=regions, region__level=RegionLevel.COUNTY) & ~Q(kind=InstitutionKind.BUREAU)
        | Q(region__parent__in=regions, region__level=RegionLevel.COUNTY, kind=InstitutionKind.BUREAU)
        | Q(region__parent__in=regions, region__level=RegionLevel.TOWNSHIP)
    )


def may_enter_for(user: Person, institution: Institution) -> bool:
    """代报: who reviews a unit may enter its answers from the telephone or from paper; another then decides."""
    return may_review(user, institution)


# --- Reading --------------------------------------------------------------------------------------------------


def visible_regions(user: Person) -> RegionQuerySet:
    """Where the person reads figures: their own regions and all below."""
    return Region.objects.within_any(posts(user, READERS).values_list("region"))


def may_see_region(user: Person, region: Region) -> bool:
    return posts(user, READERS).filter(region__in=region.above).exists()


def top_region(user: Person) -> Region | None:
    """Where the board opens: the highest region that the person reads."""
    regions = Region.objects.filter(pk__in=posts(user, READERS).values("region"))
    return regions.highest_first().first()


def visible_institutions(user: Person) -> QuerySet[Institution]:
    """One's own, those that one reports for, and all in regions that one reads."""
    own = posts(user, [Role.REPORTER]).values("institution")
    return Institution.objects.filter(
        Q(pk__in=own) | Q(reported_by__in=own) | Q(region__in=visible_regions(user).values("pk"))
    )


# --- Everything else ------------------------------------------------------------------------------------------


def may_export(user: Person, region: Region) -> bool:
    return posts(user, [Role.SUPERVISOR]).filter(region__in=region.above).exists()


def may_edit_plans(user: Person, region: Region) -> bool:
    """Plans issued by the region."""
    return posts(user, [Role.PLAN_ADMIN]).filter(region__in=region.lineage).exists()


def may_administer(user: Person) -> bool:
    """Accounts, places and the register; never figures."""
    return posts(user, [Role.SYSTEM_ADMIN]).exists()


def administered_regions(user: Person) -> RegionQuerySet:
    """Where the person keeps the register and the accounts: their own regions and all below."""
    return Region.objects.within_any(posts(user, [Role.SYSTEM_ADMIN]).values_list("region"))
