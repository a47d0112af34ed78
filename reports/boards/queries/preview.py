"""Who would be asked what by a plan, and which of it is asked of them already by another plan in force."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import F

from institutions.models import Institution
from reports.questions.queries.asked import Class, ElementRequirement, classes_of, requirements_for, targets_requiring
from targets.models import DataElement, Plan
from targets.periods import Quarter

Kind = tuple[str, str]  # of institution, level of its region


@dataclass(frozen=True, slots=True)
class ElementAsked:
    """units: how many of the group are asked; new: how many of these no other plan asks yet."""

    element: DataElement
    qualitative: bool
    units: int
    new: int


@dataclass(frozen=True, slots=True)
class UnitsAsked:
    """Units of one kind and level that are asked anything. lines: those whose line another unit's return carries."""

    kind: str
    level: str
    units: int
    lines: int
    elements: tuple[ElementAsked, ...]


def units_asked(plan: Plan, quarter: Quarter) -> list[UnitsAsked]:
    """By kind and level, the elements in the order of the form. Five queries, whatever the number of units."""
    mine = requirements_for(plan.targets.all())
    others = requirements_for(targets_requiring(quarter).exclude(plan=plan))
    units: list[Any] = list(
        Institution.objects.open_on(quarter.last_day)
        .within(plan.issuer_id)
        .with_reporter_on(quarter.last_day)
        .select_related("region")
        .order_by(F("region__lineage__len"), "kind", "pk")
    )
    likes = group_alike(units, [*mine, *others])
    groups: dict[Kind, UnitGroup] = {}
    for members in likes.values():
        own = fitting_requirements(mine, members)
        if own:
            unit = members[0]
            group = groups.setdefault((unit.kind, unit.region.level), UnitGroup())
            group.add(members, own, {requirement.element.pk for requirement in fitting_requirements(others, members)})
    return [group.closed(kind, level) for (kind, level), group in groups.items()]


def group_alike(units: list[Institution], requirements: list[ElementRequirement]) -> dict[Class, list[Institution]]:
    """Units that every asking treats alike; one that is named by any stands alone."""
    named: set[int] = set().union(*(requirement.reach.named for requirement in requirements))
    classes = classes_of(units, {requirement.issuer_id for requirement in requirements})
    found: dict[Class, list[Institution]] = {}
    for unit, name in zip(units, classes, strict=True):
        found.setdefault((unit.pk if unit.pk in named else 0, *name), []).append(unit)
    return found


def fitting_requirements(
    requirements: list[ElementRequirement], members: list[Institution]
) -> list[ElementRequirement]:
    """One for each element that is asked of these units, whatever number of targets want it."""
    fit = (
        requirement
        for requirement in requirements
        if requirement.fits_class(members[0]) and requirement.names(members[0])
    )
    return list({requirement.element.pk: requirement for requirement in fit}.values())


class UnitGroup:
    """The units of one kind and level while they are counted."""

    def __init__(self) -> None:
        self.units = self.lines = 0
        self.requirements: dict[int, ElementRequirement] = {}
        self.asked: Counter[int] = Counter()
        self.new: Counter[int] = Counter()

    def add(self, members: list[Any], own: list[ElementRequirement], elsewhere: set[int]) -> None:
        self.units += len(members)
        self.lines += sum(unit.reporter_then != unit.pk for unit in members)
        for requirement in own:
            element_id = requirement.element.pk
            self.requirements.setdefault(element_id, requirement)
            self.asked[element_id] += len(members)
            self.new[element_id] += 0 if element_id in elsewhere else len(members)

    def closed(self, kind: str, level: str) -> UnitsAsked:
        requirements = sorted(
            self.requirements.values(), key=lambda requirement: (requirement.element.position, requirement.element.pk)
        )
        elements = tuple(
            ElementAsked(
                requirement.element,
                requirement.qualitative,
                self.asked[requirement.element.pk],
                self.new[requirement.element.pk],
            )
            for requirement in requirements
        )
        return UnitsAsked(kind, level, self.units, self.lines, elements)
