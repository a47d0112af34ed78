"""The calendar of the returns: which days hold for whom, and who may move them."""

from django.db.models import Q, QuerySet

from institutions.enums import InstitutionKind, RegionLevel, Role
from institutions.models import Institution, Region, RegionQuerySet
from institutions.permissions import Person, posts, visible_institutions, visible_regions
from reports.models import Extension, Submission
from targets.periods import Quarter

KEEPERS = [Role.REVIEWER, Role.PLAN_ADMIN]


def kept_regions(user: Person) -> RegionQuerySet:
    """Where the person may give more time: their own regions as reviewer or plan administrator, and all below."""
    return Region.objects.within_any(posts(user, KEEPERS).values_list("region"))


def kept_returns(user: Person, quarter: Quarter) -> QuerySet[Submission]:
    """The returns whose days the person may move; a county's own bureau's only who reviews it, its city."""
    own = Q(reporter__kind=InstitutionKind.BUREAU, reporter__region__level=RegionLevel.COUNTY)
    own &= Q(reporter__region__in=posts(user, KEEPERS).values("region"))
    above = Q(reporter__region__parent__in=kept_regions(user).values("pk"))
    everything = Submission.objects.of_quarter(quarter).filter(reporter__region__in=kept_regions(user).values("pk"))
    return everything.exclude(own & ~above)


def keeps_all(user: Person, quarter: Quarter) -> bool:
    """Whether every return of the quarter is theirs to move: the level that the plans are issued at."""
    kept = kept_returns(user, quarter)
    others = Submission.objects.of_quarter(quarter).exclude(pk__in=kept.values("pk"))
    return kept.exists() and not others.exists()


def extensions_seen(user: Person, quarter: Quarter) -> QuerySet[Extension]:
    """Those for all, for regions over or under one's own, and for units that one sees."""
    above = {pk for lineage in posts(user, Role).values_list("region__lineage", flat=True) for pk in lineage or []}
    seen = (
        Q(region=None, institution=None)
        | Q(region__in=above)
        | Q(region__in=visible_regions(user).values("pk"))
        | Q(institution__in=visible_institutions(user).values("pk"))
    )
    return Extension.objects.of_quarter(quarter).filter(seen).select_related("region", "institution", "made_by")


def extensions_of(submission: Submission) -> QuerySet[Extension]:
    """All that concern one return; `submission.reporter.region` is loaded."""
    reporter = submission.reporter
    return Extension.objects.filter(
        Q(region=None, institution=None) | Q(region__in=reporter.region.lineage) | Q(institution=reporter.pk),
        quarter=submission.quarter,
    ).select_related("region", "institution", "made_by")


def unit_of(user: Person, quarter: Quarter, text: str) -> Institution | None:
    """The unit named by its code or full name, where its days are the person's to move."""
    named = Q(code=text) | Q(name=text)
    return Institution.objects.filter(named, pk__in=kept_returns(user, quarter).values("reporter")).first()
