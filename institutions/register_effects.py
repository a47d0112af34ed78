"""What a change of the register does to lines and people, told from how it stands before and after."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from institutions.effects import Effect, EffectTopic, EventKind, UnitEvent
from institutions.enums import Role
from institutions.models import FormerReporter, Institution, Membership

NAMED = 5  # units that a sentence names; of more it gives the number

Passage = tuple[str, str, date]  # from whom, to whom (names), from which day


@dataclass(frozen=True, slots=True)
class KnownLine:
    """Who reports for a unit, by names; `reporter` is "" where it reports for itself."""

    code: str
    name: str
    reporter: str
    passages: tuple[Passage, ...]


def lines_around(codes: Collection[str]) -> list[KnownLine]:
    """These units, and all whose lines they carry or carried; three queries."""
    once = FormerReporter.objects.filter(reporter__code__in=codes).values("institution")
    wanted = Q(code__in=codes) | Q(reported_by__code__in=codes) | Q(pk__in=once)
    units = Institution.objects.filter(wanted).select_related("reported_by").order_by("code")
    return [known_line(unit) for unit in units.prefetch_related("former_reporters__reporter")]


def known_line(unit: Institution) -> KnownLine:
    former = list(unit.former_reporters.all())
    following = [*(each.reporter for each in former[1:]), unit.reported_by or unit]
    passages = [
        (each.reporter.name, to.name, each.until + timedelta(days=1))
        for each, to in zip(former, following, strict=False)
    ]
    return KnownLine(unit.code, unit.name, unit.reported_by.name if unit.reported_by else "", tuple(passages))


def line_effects(before: Iterable[KnownLine], after: Iterable[KnownLine]) -> list[Effect]:
    """Which lines go where; those that go the same way in one sentence."""
    known = {line.code: line for line in before}
    going: defaultdict[Passage | tuple[str, str], list[str]] = defaultdict(list)
    for line in after:
        was = known.get(line.code)
        if was is None or (was.reporter, was.passages) == (line.reporter, line.passages):
            continue
        new: list[Passage | tuple[str, str]] = [passage for passage in line.passages if passage not in was.passages]
        for way in new or [(was.reporter or line.name, line.reporter or line.name)]:
            going[way].append(line.name)
    return [Effect(EffectTopic.LINES, names_text(names), passage_text(way)) for way, names in going.items()]


def passage_text(way: Passage | tuple[str, str]) -> str:
    if len(way) == 3:
        left, to, day = way
        return _("从 %(day)s 起由“%(to)s”填报（原由“%(left)s”填报）") % {"day": day, "to": to, "left": left}
    left, to = way
    return _("改回由“%(to)s”填报（现由“%(left)s”填报），以前的季度也是") % {"to": to, "left": left}


def names_text(names: Sequence[str]) -> str:
    """甲、乙、丙, or the first few and how many there are."""
    if len(names) <= NAMED:
        return _("、").join(names)
    return _("%(names)s等 %(count)d 家") % {"names": _("、").join(names[:NAMED]), "count": len(names)}


def people_effects(events: Iterable[UnitEvent]) -> list[Effect]:
    """Who has nothing to fill in any more, and where nobody can fill in what comes; after the change."""
    closed = [event.code for event in events if event.kind == EventKind.CLOSED]
    posts = Membership.objects.of_open_accounts().filter(role=Role.REPORTER)
    units = Institution.objects.filter(code__in=closed).select_related("merged_into__reported_by").order_by("code")
    found = []
    for unit in units:
        here = posts.filter(institution=unit)
        elsewhere = posts.filter(institution__closed__isnull=True).values("user")
        idle = here.exclude(user__in=elsewhere).select_related("user").order_by("user__username")
        names = [f"{post.user}（{post.user.username}）" for post in idle]
        if names:
            sentence = _("停业以后的季度没有要填的报表：%s。账号保留；要替别的机构填报的，请在“人员”表里加岗位。")
            found.append(Effect(EffectTopic.PEOPLE, unit.name, sentence % names_text(names)))
        to = unit.merged_into and (unit.merged_into.reported_by or unit.merged_into)
        if to and not posts.filter(institution=to).exists():
            sentence = _("还没有可以登录的填报员，接过来的报表没有人填。请在“人员”表里加岗位。")
            found.append(Effect(EffectTopic.PEOPLE, to.name, sentence))
    return found
