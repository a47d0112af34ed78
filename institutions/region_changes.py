"""What a change of places would do, in sentences, and what stands against it. Nothing is written here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from institutions.enums import RegionKind, RegionLevel
from institutions.models import Institution, Membership, Region

CODE = re.compile(r"[0-9]{6,12}")
KINDS = {
    RegionLevel.COUNTRY: [RegionKind.COUNTRY],
    RegionLevel.PROVINCE: [RegionKind.PROVINCE],
    RegionLevel.CITY: [RegionKind.CITY],
    RegionLevel.COUNTY: [RegionKind.COUNTY, RegionKind.DISTRICT, RegionKind.ZONE],
    RegionLevel.TOWNSHIP: [
        RegionKind.TOWN,
        RegionKind.TOWNSHIP,
        RegionKind.STREET,
        RegionKind.FARM,
        RegionKind.ZONE,
    ],
}


class RegionRefusedError(Exception):
    """A change of places that cannot be made; `problems` are sentences for the person."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class RegionState:
    """What may change of a region from a day on."""

    name: str
    code: str | None
    kind: str
    parent: Region | None

    @classmethod
    def of(cls, region: Region, **changes: Any) -> "RegionState":
        given = {"name": region.name, "code": region.code, "kind": region.kind, "parent": region.parent}
        return cls(**{**given, **changes})

    @property
    def words(self) -> str:
        """杞县（410221，县）."""
        details = [self.code, str(RegionKind(self.kind).label)]
        return _("%(name)s（%(details)s）") % {"name": self.name, "details": _("，").join(filter(None, details))}

    def as_json(self) -> dict[str, str]:
        return {"name": self.name, "code": self.code or "", "kind": self.kind, "parent": str(self.parent or "")}


@dataclass(frozen=True, slots=True)
class RegionRequest:
    """A change of one region, or a merger of several, as a person asks for it.

    goes_on: of a merger the region that takes the others in; None where a new one begins. Of name, code, kind and
    parent "" or None leave what is there.
    """

    regions: tuple[Region, ...]
    goes_on: Region | None
    name: str
    code: str
    kind: str
    parent: Region | None
    on: date
    document: str

    @property
    def is_merger(self) -> bool:
        return len(self.regions) > 1

    @property
    def state(self) -> RegionState:
        kept = self.goes_on if self.is_merger else self.regions[0]
        parent = self.parent or self.regions[0].parent
        if kept is None:
            return RegionState(self.name, self.code or None, self.kind, parent)
        return RegionState(self.name or kept.name, self.code or kept.code, self.kind or kept.kind, parent)

    def problems(self, today: date) -> list[str]:
        if self.is_merger:
            return merge_problems(self.regions, self.goes_on, self.state, self.on, today)
        return change_problems(self.regions[0], self.state, self.on, today)

    def effects(self) -> list[str]:
        """What it would do, in sentences."""
        if self.is_merger:
            return merge_effects(self.regions, self.goes_on, self.state, self.on)
        return change_effects(self.regions[0], self.state, self.on)


# --- What stands against it -------------------------------------------------------------------------------------


def change_problems(region: Region, state: RegionState, on: date, today: date) -> list[str]:
    if state == RegionState.of(region):
        return [_("“%s”没有任何变动。") % region]
    return [*day_problems([region], on, today), *state_problems(region, state, [region])]


def merge_problems(
    regions: Sequence[Region], into: Region | None, state: RegionState, on: date, today: date
) -> list[str]:
    """`into` is one of the regions, or None where a new one begins."""
    if len({region.pk for region in regions}) < 2:
        return [_("合并至少要有两个地区。")]
    if into is not None and into not in regions:
        return [_("合并后沿用的地区须是要合并的地区之一。")]
    if len({(region.parent_id, region.level) for region in regions}) > 1:
        return [_("要合并的地区须是同一上级、同一级别。")]
    return [
        *day_problems(regions, on, today),
        *state_problems(into or regions[0], state, regions),
        *same_names(regions),
        *moved_since(regions, into, on),
    ]


def day_problems(regions: Sequence[Region], on: date, today: date) -> Iterator[str]:
    """A region has one change after the other, and none that is yet to come."""
    if on > today:
        yield _("生效日期 %(on)s 还没有到（今天是 %(today)s），到了那一天再登记。") % {"on": on, "today": today}
    for region in regions:
        if region.valid_to:
            yield _("“%(name)s”已于 %(day)s 停用。") % {"name": region, "day": region.valid_to}
        later = Region.objects.within(region.pk).filter(
            versions__superseded_at__isnull=True, versions__valid_from__gt=on
        )
        for each in later.distinct().order_by("pk")[:3]:
            yield _("“%(name)s”在 %(on)s 之后已有登记，只能登记更晚的变更；要更正那次登记，请填同一天。") % {
                "name": each,
                "on": on,
            }


def state_problems(region: Region, state: RegionState, giving_way: Sequence[Region]) -> Iterator[str]:
    """giving_way: regions whose names and codes are free for it."""
    level, others = RegionLevel(region.level), Region.objects.exclude(pk__in=[each.pk for each in giving_way])
    if not state.name.strip():
        yield _("名称没有填。")
    if state.kind not in KINDS[level]:
        allowed = _("、").join(str(kind.label) for kind in KINDS[level])
        yield _("类别须是：%s。") % allowed
    if state.code and not CODE.fullmatch(state.code):
        yield _("区划代码“%s”须是 6 至 12 位数字。") % state.code
    elif state.code and (known := others.filter(code=state.code).first()):
        yield _("区划代码 %(code)s 已是“%(name)s”的。") % {"code": state.code, "name": known}
    if state.parent is not None and (region.pk in state.parent.lineage or state.parent.valid_to):
        yield _("“%s”不能作上级：它在本地区之内，或已停用。") % state.parent
    if state.parent is not None and region.parent is not None and state.parent.level != region.parent.level:
        yield _("上级须与原来的上级同级。")
    same = Q(valid_to__isnull=True) | Q(valid_from=region.valid_from)
    if others.filter(same, parent=state.parent, name=state.name).exists():
        yield _("上级之下已有“%s”。") % state.name


def same_names(regions: Sequence[Region]) -> Iterator[str]:
    """Children that would stand twice under one parent."""
    names = list(Region.objects.filter(parent__in=regions).without_end().values_list("name", flat=True))
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _("合并后会有两个“%s”，请先给其中一个更名。") % name


def moved_since(regions: Sequence[Region], into: Region | None, on: date) -> Iterator[str]:
    units = open_units([region for region in regions if region != into], on)
    for unit in units.filter(Q(opened__gte=on) | Q(placements__until__gte=on)).distinct():
        yield _("“%(unit)s”在 %(on)s 或之后才开业或迁入，不能随地区并入；请先核对它的日期。") % {
            "unit": unit,
            "on": on,
        }


def open_units(regions: Sequence[Region], on: date) -> Any:
    open_then = Q(closed__isnull=True) | Q(closed__gt=on)
    return Institution.objects.filter(open_then, region__in=regions)


def new_region_state(regions: Sequence[Region], state: RegionState) -> dict[str, Any]:
    """The fields of a region that begins where others end."""
    first = min(regions, key=lambda each: each.position)
    return {
        "name": state.name,
        "code": state.code,
        "kind": state.kind,
        "level": first.level,
        "position": first.position,
    }


# --- What it would do -------------------------------------------------------------------------------------------


def change_effects(region: Region, state: RegionState, on: date) -> list[str]:
    """What the change does, before it is confirmed."""
    before = RegionState.of(region)
    days = {"before": before.words, "after": state.words, "on": on}
    lines = [_("%(before)s自 %(on)s 起为%(after)s。") % days]
    if before.parent != state.parent:
        words = {"name": region, "before": before.parent or "", "after": state.parent or ""}
        lines.append(_("“%(name)s”的上级由“%(before)s”改为“%(after)s”。") % words)
        lines.append(gone_with(region))
    return [*lines, *quarter_effects(on)]


def merge_effects(regions: Sequence[Region], into: Region | None, state: RegionState, on: date) -> list[str]:
    """The same of a merger."""
    ending = [region for region in regions if region != into]
    names = _("、").join(region.name for region in ending)
    lines = [_("%(names)s自 %(on)s 起并入%(into)s。") % {"names": names, "on": on, "into": state.words}]
    lines += [gone_with(region) for region in ending]
    if posts := Membership.objects.filter(region__in=ending).count():
        lines.append(_("%d 个岗位仍在原地区，只能查看以前的季度；新地区的岗位请在“人员”里设置。") % posts)
    lines.append(_("合并后的基础数据（常住人口等）和分解任务要另行录入；原来各局如停用，请登记停业日期。"))
    return [*lines, *quarter_effects(on)]


def gone_with(region: Region) -> str:
    below = Region.objects.within(region.pk).exclude(pk=region.pk).without_end().count()
    units = Institution.objects.within(region.pk).never_closed().count()
    return _("“%(name)s”的 %(below)d 个下级地区、%(units)d 家机构随同归入。") % {
        "name": region,
        "below": below,
        "units": units,
    }


def quarter_effects(on: date) -> list[str]:
    return [
        _("%s 以前结束的季度不变，仍用原来的名称、代码、类别和上级。") % on,
        _("这一天或以后结束的季度（包括已经关账的）按新的区划显示、重新判定。"),
    ]
