"""Whom a scope describes, in memory and in the database, and which plans ask in a quarter."""

from dataclasses import dataclass

from django.db.models import Q

from institutions.models import Institution
from targets.models import Scope


@dataclass(frozen=True, slots=True)
class TargetReach:
    """Whom a target asks below the region that issued its plan. named: only these; the lists as in `Scope`."""

    issuer_id: int
    kinds: tuple[str, ...]
    grades: tuple[str, ...]
    ownerships: tuple[str, ...]
    bureau_level: str
    named: frozenset[int]


def scope_filter(scope: Scope | TargetReach) -> Q:
    units = Q()
    if scope.kinds:
        units &= Q(kind__in=scope.kinds)
    if scope.grades:
        units &= Q(grade__in=scope.grades)
    if scope.ownerships:
        units &= Q(ownership__in=scope.ownerships)
    return units & Q(region__level=scope.bureau_level) if scope.bureau_level else units


def is_in_scope(scope: Scope | TargetReach, unit: Institution) -> bool:
    """Whether a unit in memory, with its region, is one of those that a scope describes."""
    return (
        (not scope.kinds or unit.kind in scope.kinds)
        and (not scope.grades or unit.grade in scope.grades)
        and (not scope.ownerships or unit.ownership in scope.ownerships)
        and (not scope.bureau_level or unit.region.level == scope.bureau_level)
    )
