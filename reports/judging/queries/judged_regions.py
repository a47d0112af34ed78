"""Which regions a plan judges in a quarter, and who is whose parent there."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q

from institutions.models import Region
from institutions.queries import regions_within
from targets.models import Plan
from targets.periods import Quarter


@dataclass(frozen=True)
class JudgedTree:
    """The judged regions of a plan by id. A region's judged parent is its nearest judged ancestor."""

    regions: dict[int, Region]
    lowest: str

    @cached_property
    def parents(self) -> dict[int, int]:
        nearest = {}
        for region in self.regions.values():
            above = [pk for pk in region.lineage[:-1] if pk in self.regions]
            if above:
                nearest[region.pk] = above[-1]
        return nearest

    @cached_property
    def leaves(self) -> list[int]:
        """Regions of the lowest judged level, whose tallies come from figures alone."""
        return sorted(pk for pk, region in self.regions.items() if region.level == self.lowest)

    @cached_property
    def above_leaves(self) -> list[int]:
        """All others, the deepest first: a parent is rolled up after its children."""
        return [pk for layer in self.layers_above for pk in layer]

    @cached_property
    def layers_above(self) -> list[list[int]]:
        """The others by depth, the deepest first; the regions of one layer do not depend on each other."""
        others = [region for region in self.regions.values() if region.level != self.lowest]
        layers: defaultdict[int, list[int]] = defaultdict(list)
        for region in others:
            layers[len(region.lineage)].append(region.pk)
        return [sorted(layers[depth]) for depth in sorted(layers, reverse=True)]

    @cached_property
    def children(self) -> defaultdict[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for child, parent in self.parents.items():
            found[parent].append(child)
        return found

    def ancestors_of(self, region_id: int) -> list[int]:
        """Judged ancestors, the nearest first."""
        chain = []
        while region_id in self.parents:
            region_id = self.parents[region_id]
            chain.append(region_id)
        return chain

    def home_of(self, region: Region) -> int | None:
        """The judged region that answers for what lies in `region`: a leaf above it, else itself or what it went into
        (which is of its own level). The region is given as it was when the quarter ended."""
        inside = [pk for pk in region.lineage if pk in self.regions]
        return inside[-1] if inside and self.regions[inside[-1]].level in (self.lowest, region.level) else None


def judged_tree(plan: Plan, quarter: Quarter, around: Collection[int] | None = None) -> JudgedTree:
    """The regions below the issuer at the plan's judged levels, as they were when the quarter ended.

    around: only these and their children; of a plan that leaves out a level all the same, since there a child's
    own parent is not its judged one.
    """
    versions = regions_within(plan.issuer_id, quarter.last_day).filter(region__level__in=plan.judged_levels)
    if around is not None and not plan.leaves_out_a_level:
        versions = versions.filter(Q(region__in=around) | Q(parent__in=around))
    regions = versions.order_by("region__position", "region").shown()
    return JudgedTree({region.pk: region for region in regions}, plan.lowest_level)
