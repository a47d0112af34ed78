"""The numbers of a plan that its document leaves to the bureau: official numbers, quotas, parts, assigned values.

What is asked for is saved whole or not at all; a refusal says at each field why. None takes a number away again.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from institutions import audit, numerals
from institutions.models import Region, User
from institutions.texts import trim
from targets.constants import official_constant
from targets.enums import Denominator, PlanState, Window
from targets.models import Allotment, Constant, Milestone, Plan
from targets.periods import Quarter
from targets.queries.number_page import allotment_column, assigned_row, field_name, official_column
from targets.queries.numbers import ENTERED, Wanted, can_be_allotted, rows_of, wanted_numbers
from targets.signals import numbers_changed

Values = Mapping[int, Decimal | None]  # by region id
LONGEST = 120  # a source or a document, as written


class NumbersRefused(Exception):
    """Nothing was saved. problems: a sentence by the name of its field; "" for the whole."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("\n".join(self.problems.values()))


@dataclass(frozen=True, slots=True)
class OfficialEntry:
    """Numbers of one code for regions of a year, out of one source."""

    values: Values
    source: str


@dataclass(frozen=True, slots=True)
class AssignedEntry:
    """The value that came from above for a milestone, and the document it came with."""

    value: Decimal | None
    document: str


@dataclass(frozen=True, slots=True)
class Entries:
    """What one form holds: by constant code, by code of the quota's indicator, and by milestone id.

    unreadable: fields that hold no number, each with its sentence; with any of them nothing is saved.
    """

    constants: dict[str, OfficialEntry] = field(default_factory=dict)
    quotas: dict[str, OfficialEntry] = field(default_factory=dict)
    parts: dict[int, Values] = field(default_factory=dict)
    assigned: dict[int, AssignedEntry] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def save(plan: Plan, year: int, entries: Entries, by: User | None, now: datetime) -> None:
    """Save everything or nothing, with one audit record a column. Raises NumbersRefused."""
    # The lock of every change of the plan: it cannot be closed meanwhile, and two forms follow each other.
    plan = Plan.objects.select_for_update(of=["self"]).select_related("issuer").get(pk=plan.pk)
    if plan.state == PlanState.CLOSED:
        raise NumbersRefused({"": _("计划已结束，数字不能再改。")})
    saving = Saving(plan, year, by, now)
    saving.read(entries)
    if problems := saving.problems | entries.unreadable:
        raise NumbersRefused(problems)
    saving.write()


class Saving:
    """One form under way: first everything is looked at, then everything is written."""

    def __init__(self, plan: Plan, year: int, by: User | None, now: datetime) -> None:
        self.plan, self.year, self.by, self.now = plan, year, by, now
        self.wanted = {(each.quota, each.code): each for each in wanted_numbers(plan)}
        self.rows = rows_of(plan, year, self.wanted.values())
        self.regions = {region.pk: region for region in (plan.issuer, *self.rows)}
        self.problems: dict[str, str] = {}
        self.writes: list[Callable[[], None]] = []
        self.since: dict[int, Quarter] = {}

    def read(self, entries: Entries) -> None:
        for code, entered in entries.constants.items():
            self.read_official("constants.set", code, entered, self.wanted.get((False, code)))
        for code, entered in entries.quotas.items():
            self.read_official("quotas.set", code, entered, self.wanted.get((True, code)))
        self.read_milestones(entries)

    def read_official(self, action: str, code: str, entered: OfficialEntry, number: Wanted | None) -> None:
        column, source = official_column(code), trim(entered.source)
        if number is None:
            self.problems[field_name(column, "source")] = _("本计划没有用到“%s”。") % code
            return
        places = number.indicators[0].element.places if number.quota else official_constant(code).places
        self.check(column, entered.values, places, self.regions)
        if any(value is not None for value in entered.values.values()):
            self.check_words(field_name(column, "source"), source, _("请写明数据来源。"))
        self.writes.append(partial(self.write_official, action, code, OfficialEntry(entered.values, source)))

    def read_milestones(self, entries: Entries) -> None:
        typed = {*entries.parts, *entries.assigned}
        found = Milestone.objects.of_plan(self.plan).filter(pk__in=typed)
        known = found.select_related("terms__target__indicator").in_bulk()
        for pk in sorted(typed - set(known)):
            self.problems[field_name(allotment_column(pk), "")] = _("没有这个节点目标，请刷新页面。")
        for pk, milestone in sorted(known.items()):
            if pk in entries.parts:
                self.read_parts(milestone, entries.parts[pk])
            if pk in entries.assigned:
                self.read_assigned(milestone, entries.assigned[pk])

    def read_parts(self, milestone: Milestone, parts: Values) -> None:
        column, target = allotment_column(milestone.pk), milestone.terms.target
        if not can_be_allotted(self.plan, milestone):
            self.problems[field_name(column, "")] = _("“%s”不是可以分解的数量。") % target.name
            return
        lowest = {region.pk for region in self.rows if region.level == self.plan.lowest_level}
        self.check(column, parts, target.indicator.places, lowest)
        self.writes.append(partial(self.write_parts, milestone, parts))

    def read_assigned(self, milestone: Milestone, entered: AssignedEntry) -> None:
        row, document = assigned_row(milestone.pk), trim(entered.document)
        if problem := problem_of_assigned(milestone, entered.value):
            self.problems[field_name(row, "value")] = problem
        self.check_words(field_name(row, "document"), document, _("请写明下达文件。"))
        self.writes.append(partial(self.write_assigned, milestone, AssignedEntry(entered.value, document)))

    def check(self, column: str, values: Values, places: int, regions: Collection[int]) -> None:
        for region_id, value in values.items():
            problem = numerals.problem_of(value, places) if value is not None else ""
            if region_id not in regions:
                problem = _("这个地区不在本计划考核的下级地区之中。")
            if problem:
                self.problems[field_name(column, region_id)] = problem

    def check_words(self, name: str, words: str, missing: str) -> None:
        if not words:
            self.problems[name] = missing
        elif len(words) > LONGEST:
            self.problems[name] = _("最多 %(most)d 字，现有 %(now)d 字。") % {"most": LONGEST, "now": len(words)}

    def write(self) -> None:
        for each in self.writes:
            each()
        for plan in Plan.objects.published().filter(pk__in=self.since).order_by("pk"):
            send = partial(numbers_changed.send, sender=Plan, plan=plan, since=self.since[plan.pk], now=self.now)
            transaction.on_commit(send, robust=True)

    def write_official(self, action: str, code: str, entered: OfficialEntry) -> None:
        rows = Constant.objects.filter(code=code, year=self.year, region__in=entered.values)
        kept = {row.region_id: row for row in rows}
        changed = {
            region_id: value
            for region_id, value in entered.values.items()
            if value_and_source(kept.get(region_id)) != (None if value is None else (value, entered.source))
        }
        for region_id, value in changed.items():
            if value is None:
                rows.filter(region=region_id).delete()
                continue
            fields = {"value": value, "source": entered.source, "entered_by": self.by}
            Constant.objects.update_or_create(code=code, region_id=region_id, year=self.year, defaults=fields)
        before = {region_id: row.value for region_id, row in kept.items()}
        if self.told(action, self.plan, changed, before, code=code, year=self.year, source=entered.source):
            for plan in plans_dividing_by(code, changed):
                self.reach(plan, Quarter(self.year, 1))

    def write_parts(self, milestone: Milestone, parts: Values) -> None:
        before = dict(milestone.allotments.filter(region__in=parts).values_list("region_id", "value"))
        changed = {region_id: value for region_id, value in parts.items() if before.get(region_id) != value}
        for region_id, value in changed.items():
            if value is None:
                milestone.allotments.filter(region=region_id).delete()
            else:
                Allotment.objects.update_or_create(milestone=milestone, region_id=region_id, defaults={"value": value})
        if self.told("milestone.allot", milestone, changed, before):
            self.reach(self.plan, first_judged(self.plan, milestone))

    def write_assigned(self, milestone: Milestone, entered: AssignedEntry) -> None:
        milestone.value, milestone.source = entered.value, entered.document
        milestone.save(update_fields=["value", "source"])
        audit.record(ENTERED, milestone, self.by, self.now, value=str(entered.value), document=entered.document)
        self.reach(self.plan, first_judged(self.plan, milestone))

    def told(self, action: str, of: Model, changed: Values, before: Values, **detail: str | int) -> bool:
        """Whether anything changed; if so, with its record."""
        if changed:
            was = {self.regions[region_id].name: written_value(before.get(region_id)) for region_id in changed}
            now = {self.regions[region_id].name: written_value(value) for region_id, value in changed.items()}
            audit.record(action, of, self.by, self.now, **detail, before=was, after=now)
        return bool(changed)

    def reach(self, plan: Plan, since: Quarter) -> None:
        self.since[plan.pk] = min(since, self.since.get(plan.pk, since))


def problem_of_assigned(milestone: Milestone, value: Decimal | None) -> str:
    if milestone.value is not None:
        return _("目标值已经下达；要改请作修订。")
    if value is None:
        return _("请填下达的目标值。")
    if milestone.high is not None and value > milestone.high:
        return _("目标值大于文件写明的上限。")
    return numerals.problem_of(value, 4)


def value_and_source(row: Constant | None) -> tuple[Decimal, str] | None:
    return (row.value, row.source) if row else None


def written_value(value: Decimal | None) -> str | None:
    return None if value is None else numerals.typed_number(value)


def plans_dividing_by(code: str, region_ids: Iterable[int]) -> list[Plan]:
    """Every plan above the regions that an official number or a quota of this code judges."""
    lineages = Region.objects.filter(pk__in=list(region_ids)).values_list("lineage", flat=True)
    quota = Q(targets__indicator__denominator=Denominator.QUOTA, targets__indicator__code=code)
    found = Plan.objects.filter(quota | Q(targets__indicator__constant=code))
    return list(found.filter(issuer__in={pk for lineage in lineages for pk in lineage}).distinct())


def first_judged(plan: Plan, milestone: Milestone) -> Quarter:
    """The first quarter that may be judged by the milestone."""
    if milestone.terms.window == Window.PLAN:
        return Quarter.of(plan.first_day)
    return max(Quarter(milestone.due.year, 1), Quarter.of(plan.first_day))
