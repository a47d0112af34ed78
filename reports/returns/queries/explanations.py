"""问题与措施: where a return must say why a target is behind and what comes next, and what was said."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from institutions.enums import InstitutionKind
from institutions.models import Institution
from institutions.queries import lineage_on
from institutions.texts import trim
from reports.base.enums import UNANSWERED, Status
from reports.models import Attainment, Entry, Explanation, Round, Submission
from reports.questions.answers import NOT_DONE
from reports.questions.queries.asked import targets_requiring
from reports.returns.queries.submissions import latest_round
from targets.enums import ElementType, IndicatorKind
from targets.models import Target
from targets.periods import Quarter

WORDS_LEAST = 5
BEHIND = (Status.AMBER, Status.RED)
ONE_ANSWER = (IndicatorKind.QUALITATIVE, IndicatorKind.DELIVERABLE)


@dataclass(frozen=True, slots=True)
class WantedExplanation:
    """A target that is behind. said: what this return says of it; before: what last quarter's return said."""

    target: Target
    result: Attainment
    said: Explanation | None
    before: Explanation | None

    @property
    def lacking(self) -> str:
        return lacking_sentence(self.said)


def lacking_sentence(said: Explanation | None) -> str:
    """What an explanation still wants, as a sentence; "" where it is complete."""
    if said is None or not said.causes:
        return _("请至少选一个问题类别。")
    if len(trim(said.problem)) < WORDS_LEAST:
        return _("请写明存在问题，不少于 %(least)d 个字。") % {"least": WORDS_LEAST}
    if len(trim(said.measures)) < WORDS_LEAST:
        return _("请写明下一步措施，不少于 %(least)d 个字。") % {"least": WORDS_LEAST}
    return ""


def wanted_explanations(submission: Submission, made: Round | None = None) -> list[WantedExplanation]:
    """The targets judged of the reporter itself that are AMBER or RED, in the order of their plans.

    A bureau speaks for its region, any other unit for itself where plans judge institutions. The result is this
    quarter's, or, while that says no more than 数据不足 (or 未报, which this return will cure), the last that said
    more. What the round itself answers as done is well. made: the round that is looked at, else the latest.
    """
    results = results_behind(submission)
    if not results:
        return []
    made = made or latest_round(submission)
    done, said = done_in(made, submission.reporter), {each.target_id: each for each in explanations_of(made)}
    before = explanations_before(submission, [result.target_id for result in results])
    return [
        WantedExplanation(each.target, each, said.get(each.target_id), before.get(each.target_id))
        for each in results
        if not is_settled(each, done)
    ]


def results_of_reporter(reporter: Institution) -> Q:
    """The results that a reporter answers for."""
    return Q(region=reporter.region_id) if reporter.kind == InstitutionKind.BUREAU else Q(institution=reporter)


def results_behind(submission: Submission) -> list[Attainment]:
    quarter = Quarter.from_ordinal(submission.quarter)
    targets = plans_targets(submission).values("pk")
    known = Attainment.objects.current().filter(results_of_reporter(submission.reporter), target__in=targets)
    known = known.select_related("target__plan", "target__indicator__element")
    current = list(known.of_quarter(quarter))
    silent = [each.target_id for each in current if not needs_words(each)]
    newest = [each for each in current if needs_words(each)] + last_explanations(known, silent, quarter)
    shown = [each for each in newest if each.status in BEHIND]
    return sorted(shown, key=lambda each: (each.target.plan.first_day, each.target.plan_id, each.target.position))


def plans_targets(submission: Submission) -> QuerySet[Target]:
    """All targets of the plans that ask in the return's quarter and hold where its reporter lies."""
    quarter = Quarter.from_ordinal(submission.quarter)
    issuers = lineage_on(submission.reporter, quarter.last_day)
    return targets_requiring(quarter).order_by().filter(plan__issuer__in=issuers)


def needs_words(result: Attainment) -> bool:
    return result.status != Status.NO_DATA and result.cause not in UNANSWERED


def last_explanations(known: QuerySet[Attainment], targets: Collection[int], quarter: Quarter) -> list[Attainment]:
    if not targets:
        return []
    earlier = known.filter(target__in=targets, quarter__lt=quarter.ordinal)
    speaking = earlier.exclude(status=Status.NO_DATA).exclude(cause__in=UNANSWERED)
    return list(speaking.order_by("target_id", "-quarter").distinct("target_id"))


def done_in(made: Round | None, reporter: Institution) -> set[int]:
    """Elements of which the round says 全部完成, 是 or a day, about the reporter itself."""
    if made is None:
        return set()
    kinds = (ElementType.LEVEL, ElementType.YESNO, ElementType.DATE)
    entries = Entry.objects.filter(round=made, subject=reporter, value__gt=0, element__type__in=kinds)
    return {
        entry.element_id
        for entry in entries.select_related("element")
        if entry.value != NOT_DONE
        and (entry.element.type != ElementType.LEVEL or entry.value == len(entry.element.levels) - 1)
    }


def is_settled(result: Attainment, done: set[int]) -> bool:
    """One unit, one answer: what it answers now says more than last quarter's result."""
    indicator = result.target.indicator
    return result.units == 1 and indicator.kind in ONE_ANSWER and indicator.element_id in done


def explanations_of(made: Round | None) -> QuerySet[Explanation]:
    """What was told with a round, in the order of the plans."""
    if made is None:
        return Explanation.objects.none()
    found = Explanation.objects.filter(round=made).select_related("target__plan")
    return found.order_by("target__plan__first_day", "target__plan", "target__position")


def explanations_before(submission: Submission, targets: Collection[int]) -> dict[int, Explanation]:
    """What the same unit handed in with last quarter's return, by target."""
    rows = Explanation.objects.handed_in().filter(
        target__in=targets,
        round__submission__reporter=submission.reporter_id,
        round__submission__quarter=submission.quarter - 1,
    )
    return {row.target_id: row for row in rows.order_by("target_id", "-round__number").distinct("target_id")}


def explanation_for(
    target_id: int, quarter: Quarter, region_id: int, institution_id: int | None = None
) -> Explanation | None:
    """What was handed in last about the result of a region, or of one institution."""
    speaker = Q(pk=institution_id) if institution_id else Q(kind=InstitutionKind.BUREAU, region=region_id)
    reporters = Institution.objects.filter(speaker)
    found = Explanation.objects.handed_in().filter(
        target=target_id, round__submission__reporter__in=reporters, round__submission__quarter=quarter.ordinal
    )
    return found.select_related("round__submitted_by").order_by("-round__number").first()


def explanations_token(said: Iterable[Explanation]) -> str:
    """Names what is kept, so that of two people who write at once the second is told."""
    rows = sorted((each.target_id, each.causes, each.problem, each.measures, str(each.finish_by)) for each in said)
    return sha256(repr(rows).encode()).hexdigest()[:16] if rows else ""
