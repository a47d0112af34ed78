"""What a change of the register does to returns and to what is judged, told from how they stand before and after."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.effects import Effect, EffectTopic, UnitEvent
from institutions.models import FormerReporter, Institution, Placement, Region
from reports.base.enums import Status, SubmissionState
from reports.judging.bases import BaseChange
from reports.models import Correction, ReturnPeriod, Submission
from targets.periods import Quarter

# What is said of a return that was handed in before its unit closed: it stays, and so do its flows.
HANDED_IN = {
    SubmissionState.SUBMITTED: gettext_lazy("待审核：照常审核，通过后流量数据保留，时点数不计"),
    SubmissionState.RETURNED: gettext_lazy("已退回：仍要改正重报"),
    SubmissionState.APPROVED: gettext_lazy("已通过：流量数据保留，时点数不计"),
    SubmissionState.REOPENED: gettext_lazy("更正中：仍可改好重报，原来通过的数据继续有效"),
}


@dataclass(frozen=True, slots=True)
class KnownReturn:
    """One return of a unit that the change is about."""

    unit: str
    quarter: int
    state: str
    lapsed: bool
    owed: bool
    closed_by_the_end: bool
    is_closed: bool
    asks_correction: bool


def known_returns(codes: Collection[str]) -> dict[int, KnownReturn]:
    """All returns of these units."""
    found = Submission.objects.filter(reporter__code__in=codes).select_related("reporter")
    waiting = set(Correction.objects.waiting().filter(submission__in=found).values_list("submission", flat=True))
    return {
        each.pk: KnownReturn(
            each.reporter.name,
            each.quarter,
            each.state,
            each.has_lapsed,
            each.is_owed,
            each.reporter_closed_by_the_end,
            each.reporter.closed is not None,
            each.pk in waiting,
        )
        for each in found.order_by("quarter", "reporter__code")
    }


def return_effects(
    before: Mapping[int, KnownReturn], after: Mapping[int, KnownReturn], past: Collection[int]
) -> list[Effect]:
    """Returns that lapse or come back, and what becomes of those of a closed unit that were handed in."""
    texts = ((each, return_text(before[pk], each)) for pk, each in after.items())
    return [return_effect(each.unit, each.quarter, text, each.quarter in past) for each, text in texts if text]


def return_text(was: KnownReturn, now: KnownReturn) -> str:
    if was.lapsed != now.lapsed:
        return _("不再报送，不再催报；已填的草稿保留，可以查看") if now.lapsed else _("恢复报送，已填的草稿都在")
    if was.closed_by_the_end == now.closed_by_the_end:
        return _("停业以前的季度，仍要报送") if now.owed and now.is_closed and not was.is_closed else ""
    if not now.closed_by_the_end:
        return ""
    correction = _("；更正申请仍可答复") if now.asks_correction else ""
    return str(HANDED_IN[SubmissionState(now.state)]) + correction


def return_effect(unit: str, quarter: int, text: str, is_past: bool) -> Effect:
    return Effect(EffectTopic.RETURNS, unit, text, Quarter.from_ordinal(quarter).label, is_past)


# --- Lines in forms ---------------------------------------------------------------------------------------------

Carried = dict[tuple[int, int], set[int]]  # (quarter, reporter) -> units


def carried_lines(codes: Collection[str], periods: Iterable[ReturnPeriod]) -> Carried:
    """Whose forms carry these units and the lines that they carry or carried, in each quarter."""
    once = FormerReporter.objects.filter(reporter__code__in=codes).values("institution")
    around = Q(code__in=codes) | Q(reported_by__code__in=codes) | Q(pk__in=once)
    found: Carried = defaultdict(set)
    for period in periods:
        day = Quarter.from_ordinal(period.quarter).last_day
        units = Institution.objects.open_on(day).with_reporter_on(day).filter(around)
        for pk, reporter in units.values_list("pk", "reporter_then"):
            if pk != reporter:
                found[period.quarter, reporter].add(pk)
    return found


def form_effects(before: Carried, after: Carried, past: Collection[int]) -> list[Effect]:
    """Forms that gain or lose lines, and what has to be done where they were handed in already."""
    changed = sorted(key for key in {*before, *after} if before.get(key, set()) != after.get(key, set()))
    units = Institution.objects.in_bulk({key[1] for key in changed})
    returns = Submission.objects.filter(reporter__in=units, quarter__in={key[0] for key in changed})
    states = {(each.quarter, each.reporter_id): each.state for each in returns}
    found = []
    for key in changed:
        gained = len(after.get(key, set()) - before.get(key, set()))
        lost = len(before.get(key, set()) - after.get(key, set()))
        text = form_text(gained, lost, states.get(key))
        found.append(return_effect(units[key[1]].name, key[0], text, key[0] in past))
    return found


def form_text(gained: int, lost: int, state: str | None) -> str:
    words = []
    if gained:
        words.append(_("表内增加 %d 家机构的填报项") % gained)
    if lost:
        words.append(_("表内减少 %d 家机构的填报项") % lost)
    if gained and state == SubmissionState.SUBMITTED:
        words.append(_("报表已提交，要撤回或退回后补填"))
    elif gained and state == SubmissionState.APPROVED:
        words.append(_("报表已通过，要申请更正后补填"))
    elif gained and state is None:
        words.append(_("没有这一季度的报表，将新开一张"))
    return _("；").join(words)


# --- What is judged ---------------------------------------------------------------------------------------------


def base_effects(changes: Iterable[BaseChange], past: Collection[int]) -> list[Effect]:
    """Targets whose N or status is another one."""
    return [
        Effect(
            EffectTopic.TARGETS,
            _("%(region)s：%(target)s") % {"region": each.region, "target": each.target},
            base_text(each),
            Quarter.from_ordinal(each.quarter).label,
            each.quarter in past,
        )
        for each in changes
    ]


def base_text(change: BaseChange) -> str:
    words = []
    if change.units[0] != change.units[1]:
        words.append(_("应报 %(before)d 家 → %(after)d 家") % {"before": change.units[0], "after": change.units[1]})
    if change.statuses[0] != change.statuses[1]:
        before, after = (status_word(status) for status in change.statuses)
        words.append(_("结果 %(before)s → %(after)s") % {"before": before, "after": after})
    return _("；").join(words)


def status_word(status: str) -> str:
    return str(Status(status).label) if status else _("不考核")


def regions_of(events: Iterable[UnitEvent]) -> list[Region]:
    """Where these units lie, lay before they moved, and go to."""
    codes = {event.code for event in events}
    left = Placement.objects.filter(institution__code__in=codes).values("region")
    here = Institution.objects.filter(code__in=codes).values("region")
    going = [event.to_region for event in events if event.to_region]
    return list(Region.objects.filter(Q(pk__in=left) | Q(pk__in=here) | Q(pk__in=going)))
