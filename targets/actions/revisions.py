"""Revisions: terms that judge a target from a day on, with the reason and the document that set them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from institutions import audit
from institutions.models import User
from institutions.texts import trim
from targets.actions.editing.targets import terms_problems
from targets.actions.loading import PlanRefused
from targets.actions.values import milestone_values, terms_values
from targets.as_file import with_terms
from targets.enums import PlanState
from targets.models import Allotment, Milestone, Plan, Target, Terms
from targets.periods import Quarter, day_label
from targets.plan_file import FileProblem, specs
from targets.signals import target_revised


@transaction.atomic
def revise(
    *,
    target: Target,
    revised: specs.TargetSpec,
    effective_from: date,
    reason: str,
    document: str,
    by: User | None,
    now: datetime,
    amber_points: Decimal | None = None,
) -> Terms:
    """Judge the target as `revised` says in every quarter that ends on the day or later, until the next terms.

    The target's own words, scope and units stay. What was allotted for a milestone's day stays with that day.
    Raises PlanRefused.
    """
    # The lock of every change of the plan: two revisions, or one and the closing, follow each other.
    Plan.objects.select_for_update().get(pk=target.plan_id)
    target = with_terms(Target.objects.filter(pk=target.pk)).get()
    revised = replace(revised, milestones=tuple(with_words(revised.milestones, target, effective_from)))
    values = terms_values(revised, target.pk, effective_from) | {"amber_points": amber_points}
    problems = list(revision_problems(target, revised, values, reason, document))
    if problems:
        raise PlanRefused(problems)
    words = {"reason": trim(reason), "document": trim(document)}
    before = terms_on(target, effective_from)
    terms = Terms.objects.create(**values, **words, made_by=by, made_at=now)
    rows = [Milestone.objects.create(**milestone_values(each, terms.pk)) for each in revised.milestones]
    hand_on_parts(before, rows)
    audit.record(
        "target.revise", target, by, now, plan=target.plan_id, effective_from=effective_from.isoformat(), **words
    )
    since = Quarter.of(effective_from)
    transaction.on_commit(partial(target_revised.send, sender=Target, target=target, since=since, now=now), robust=True)
    return terms


def revision_problems(
    target: Target, revised: specs.TargetSpec, values: dict[str, Any], reason: str, document: str
) -> Iterator[FileProblem]:
    state, day = target.plan.state, values["effective_from"]
    if state != PlanState.PUBLISHED:
        drafted = state == PlanState.DRAFT
        yield FileProblem(0, _("计划还是草稿，请直接修改目标") if drafted else _("计划已结束，不能再修订"))
        return
    if not trim(reason):
        yield FileProblem(revised.line("reason"), _("请写明修订原因"))
    if not trim(document):
        yield FileProblem(revised.line("document"), _("请写明作出修订的文件"))
    if day < target.plan.first_day:
        text = _("生效日期不能早于计划开始日%s") % day_label(target.plan.first_day)
        yield FileProblem(revised.line("effective_from"), text)
    elif day > target.plan.last_day:
        text = _("生效日期不能晚于计划结束日%s") % day_label(target.plan.last_day)
        yield FileProblem(revised.line("effective_from"), text)
    elif any(terms.effective_from == day for terms in target.terms.all()):
        yield FileProblem(revised.line("effective_from"), _("%s起已有考核条件生效，请另选日期") % day_label(day))
    elif judged_values(terms_on(target, day)) == revised_values(values, revised):
        yield FileProblem(0, _("与当时的考核条件完全相同，没有要修订的内容"))
    if not revised.milestones:
        yield FileProblem(revised.line("milestones"), _("请至少写一个节点目标"))
    yield from terms_problems(target.plan, revised, target.indicator)


def terms_on(target: Target, day: date) -> Terms:
    """The terms in force on a day of the plan."""
    known = [terms for terms in target.terms.all() if terms.effective_from <= day]
    return max(known or target.terms.all(), key=lambda terms: terms.effective_from)


JUDGED = ("comparator", "strength", "window", "schedule", "custom_shares", "baseline", "amber_points")


def judged_values(terms: Terms) -> tuple[Any, ...]:
    milestones = sorted((each.due, each.value, each.high) for each in terms.milestones.all())
    return (*(getattr(terms, name) for name in JUDGED), milestones)


def revised_values(values: dict[str, Any], revised: specs.TargetSpec) -> tuple[Any, ...]:
    milestones = sorted((each.due, each.value, each.high) for each in revised.milestones)
    return (*(values[name] for name in JUDGED), milestones)


def with_words(milestones: tuple[specs.MilestoneSpec, ...], target: Target, day: date) -> Iterator[specs.MilestoneSpec]:
    """A milestone that stays as it was keeps the words of the plan that it was read from."""
    if not target.terms.all():
        yield from milestones
        return
    known = {(each.due, each.value, each.high): each for each in terms_on(target, day).milestones.all()}
    for each in milestones:
        old = known.get((each.due, each.value, each.high))
        yield replace(each, quote=old.quote, offset=old.offset) if old else each


def hand_on_parts(before: Terms, milestones: list[Milestone]) -> None:
    """The parts of child regions (逐级分解) go on under the new milestone of the same day, and what gave its value."""
    by_due = {each.due: each for each in milestones}
    for old in before.milestones.exclude(source=""):
        new = by_due.get(old.due)
        if new is not None and new.value == old.value:
            new.source = old.source
            new.save(update_fields=["source"])
    parts = Allotment.objects.filter(milestone__terms=before, milestone__due__in=by_due).select_related("milestone")
    Allotment.objects.bulk_create(
        Allotment(milestone=by_due[each.milestone.due], region_id=each.region_id, value=each.value) for each in parts
    )
