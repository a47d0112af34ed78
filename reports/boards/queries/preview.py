"""Who would be asked what by a plan, and which of it is asked of them already by another plan in force."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import F

from institutions.models import Institution
from reports.questions.queries.asked import Asking, Class, askings_for, classes_of, targets_asking
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
    mine = askings_for(plan.targets.all())
    others = askings_for(targets_asking(quarter).exclude(plan=plan))
    units = list(
        Institution.objects.open_on(quarter.last_day)
        .within(plan.issuer_id)
        .select_related("region")
        .order_by(F("region__lineage__len"), "kind", "pk")
    )
    likes = alike(units, [*mine, *others])
    groups: dict[Kind, Group] = {}
    for members in likes.values():
        own = fitting(mine, members)
        if own:
            unit = members[0]
            group = groups.setdefault((unit.kind, unit.region.level), Group())
            group.add(members, own, {asking.element.pk for asking in fitting(others, members)})
    return [group.closed(kind, level) for (kind, level), group in groups.items()]


def alike(units: list[Institution], askings: list[Asking]) -> dict[Class, list[Institution]]:
    """Units that every asking treats alike; one that is named by any stands alone."""
    named: set[int] = set().union(*(asking.reach.named for asking in askings))
    classes = classes_of(units, {asking.issuer_id for asking in askings})
    found: dict[Class, list[Institution]] = {}
    for unit, name in zip(units, classes, strict=True):
        found.setdefault((unit.pk if unit.pk in named else 0, *name), []).append(unit)
    return found


def fitting(askings: list[Asking], members: list[Institution]) -> list[Asking]:
    """One for each element that is asked of these units, whatever number of targets want it."""
    fit = (asking for asking in askings if asking.fits_class(members[0]) and asking.names(members[0]))
    return list({asking.element.pk: asking for asking in fit}.values())


class Group:
    """The units of one kind and level while they are counted."""

    def __init__(self) -> None:
        self.units = self.lines = 0
        self.askings: dict[int, Asking] = {}
        self.asked: Counter[int] = Counter()
        self.new: Counter[int] = Counter()

    def add(self, members: list[Institution], own: list[Asking], elsewhere: set[int]) -> None:
        self.units += len(members)
        self.lines += sum(unit.reported_by_id is not None for unit in members)
        for asking in own:
            element_id = asking.element.pk
            self.askings.setdefault(element_id, asking)
            self.asked[element_id] += len(members)
            self.new[element_id] += 0 if element_id in elsewhere else len(members)

    def closed(self, kind: str, level: str) -> UnitsAsked:
        askings = sorted(self.askings.values(), key=lambda asking: (asking.element.position, asking.element.pk))
        elements = tuple(
            ElementAsked(asking.element, asking.qualitative, self.asked[asking.element.pk], self.new[asking.element.pk])
            for asking in askings
        )
        return UnitsAsked(kind, level, self.units, self.lines, elements)
