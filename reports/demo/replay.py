"""Does the story: every step by the real action, by the person whose step it is, on its day."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet

from institutions.clock import SHANGHAI
from institutions.enums import Role
from institutions.models import AuditRecord, Institution, Membership, User
from institutions.permissions import reviewing_region
from reports.demo.behaviour import STEADY, BehaviourProfile
from reports.demo.demo_plan import DemoPlan
from reports.demo.explanation_notes import explain_findings
from reports.demo.history import PlaceHistory
from reports.demo.papers import draw_paper, explanation_of
from reports.demo.scenario import ReturnOutcome, ScenarioAction, ScenarioStep, dated_steps, outcome_of
from reports.demo.simulated_unit import SimulatedUnit
from reports.demo.values import invent_answer
from reports.judging import recompute
from reports.models import ReturnPeriod, Round, Submission
from reports.models.submission import SubmissionQuerySet
from reports.questions.answers import Answer, Question
from reports.returns.actions import evidence, explanations, opening, submissions
from reports.returns.queries.evidence import lacking_evidence
from reports.returns.queries.explanations import wanted_explanations as asked_to_explain
from reports.returns.queries.submissions import questions_for
from reports.reviewing.actions import reviews
from targets.enums import Accumulation, ElementType
from targets.models import Plan
from targets.periods import Quarter, end_of_day

Say = Callable[[str], None]


@dataclass(frozen=True)
class Actors:
    """Who acts: the reporter of each institution, the reviewers of each region."""

    reporters: dict[int, User]
    reviewers: dict[int, list[User]]

    @classmethod
    def of(cls) -> "Actors":
        posts = Membership.objects.select_related("user").order_by("user__username")
        reviewers: dict[int, list[User]] = {}
        for post in posts.filter(role=Role.REVIEWER):
            reviewers.setdefault(post.region_id or 0, []).append(post.user)
        return cls({post.institution_id or 0: post.user for post in posts.filter(role=Role.REPORTER)}, reviewers)

    def reviewer_of(self, institution: Institution) -> User:
        """The last one in the list takes what comes from its own level, the first one all else."""
        region = reviewing_region(institution)
        return self.reviewers[region.pk][-1 if region == institution.region else 0]


@dataclass(frozen=True)
class ReplayedQuarter:
    """One quarter of the plan with all that the steps need."""

    plan: Plan
    history: PlaceHistory
    demo_plan: DemoPlan
    actors: Actors
    quarter: Quarter
    period: ReturnPeriod
    questions: dict[int, list[Question]]

    def returns(self) -> QuerySet[Submission]:
        return returns_of(self.plan).of_quarter(self.quarter).select_related("reporter__region")

    def behaviour_of(self, institution: Institution) -> BehaviourProfile:
        home = self.demo_plan.home_of(institution.region)
        return self.history.behaviour_of(home.name) if home else STEADY

    def simulated(self, question: Question, reporter: Institution) -> SimulatedUnit:
        home = self.demo_plan.home_of(reporter.region)
        place, kind = (home.name, home.kind) if home else ("", "")
        behaviour = self.behaviour_of(reporter)
        return SimulatedUnit(
            question.subject, place, kind, behaviour, self.quarter, question.element.code, self.history.first
        )

    def outcome_of(self, submission: Submission) -> ReturnOutcome:
        unit = submission.reporter
        return outcome_of(self.history.scenario, str(self.quarter), unit.code, self.behaviour_of(unit))


def replay(plan: Plan, history: PlaceHistory, demo_plan: DemoPlan, quarters: list[Quarter], say: Say) -> None:
    """Take up where an earlier run was stopped: whatever lies before its last step was done with its whole day."""
    actors, done_to = Actors.of(), last_step(plan)
    for quarter in quarters:
        replayed = open_replayed_quarter(plan, history, demo_plan, actors, quarter, done_to)
        play_quarter(replayed, history.until, done_to)
        say(quarter_summary(replayed))


def returns_of(plan: Plan) -> SubmissionQuerySet:
    """Those of the plan's own units: other places may have returns of the same quarter."""
    return Submission.objects.within(plan.issuer_id)


def last_step(plan: Plan) -> datetime:
    """The moment of the last step done; long ago where there was none."""
    steps = AuditRecord.objects.filter(
        object_type=Submission._meta.label_lower, object_id__in=returns_of(plan).values("pk")
    )
    return steps.aggregate(last=Max("at"))["last"] or datetime(2000, 1, 1, tzinfo=SHANGHAI)


def open_replayed_quarter(
    plan: Plan, history: PlaceHistory, demo_plan: DemoPlan, actors: Actors, quarter: Quarter, done_to: datetime
) -> ReplayedQuarter:
    opened = datetime.combine(quarter.last_day + timedelta(days=1), time(0, 5), SHANGHAI)
    period = opening.open_quarter(quarter, opened)
    if opened > done_to:
        recompute.recompute_period(plan, period, opened)
    owing = list(returns_of(plan).of_quarter(quarter).values_list("reporter_id", flat=True))
    return ReplayedQuarter(plan, history, demo_plan, actors, quarter, period, questions_for(owing, quarter))


def play_quarter(replayed: ReplayedQuarter, until: datetime, done_to: datetime) -> None:
    """Day by day; between two days the date lines that were crossed."""
    steps = sorted(steps_of(replayed), key=lambda pair: (pair[0].at, pair[1].pk))
    lines = [line for line in (replayed.period.due_on, replayed.period.review_by) if end_of_day(line) > done_to]
    ahead = [pair for pair in steps if done_to < pair[0].at <= until]
    for day, of_day in groupby(ahead, lambda pair: pair[0].at.date()):
        lines = cross_lines(replayed, lines, day)
        play_day(replayed, list(of_day))
    cross_lines(replayed, lines, until.date())


def steps_of(replayed: ReplayedQuarter) -> Iterator[tuple[ScenarioStep, Submission]]:
    opened = replayed.period.opened_at.astimezone(SHANGHAI).date()
    for submission in replayed.returns():
        unit, dates = submission.reporter, (opened, submission.due_on, submission.review_by)
        for step in dated_steps(
            replayed.history.scenario, str(replayed.quarter), unit.code, replayed.behaviour_of(unit), *dates
        ):
            yield step, submission


def cross_lines(replayed: ReplayedQuarter, lines: list[date], day: date) -> list[date]:
    """Pass the date lines that lie before the day; what is left of them."""
    for line in lines:
        if line < day:
            recompute.recompute_period(replayed.plan, replayed.period, end_of_day(line) + timedelta(minutes=1))
    return [line for line in lines if line >= day]


@transaction.atomic
def play_day(replayed: ReplayedQuarter, steps: list[tuple[ScenarioStep, Submission]]) -> None:
    """The day's steps, then its results: what an approval writes at once, here once for all of them."""
    for step, submission in steps:
        act_step(replayed, step, submission)
    evening = steps[-1][0].at
    for targets, submissions_of in group_by_reach(replayed.plan, [submission for _, submission in steps]).items():
        context = recompute.RecomputeContext.of(replayed.plan, replayed.period, evening, list(targets))
        homes = {context.tree.home_of(submission.reporter.region) for submission in submissions_of}
        leaves = sorted(home for home in homes if home in context.tree.leaves)
        if leaves:
            recompute.refresh_regions(context, leaves)
        recompute.mark_stale(context, context.tree.above_leaves)
    recompute.roll_up(replayed.plan, evening)


def group_by_reach(plan: Plan, returns: list[Submission]) -> dict[tuple[int, ...], list[Submission]]:
    """Returns by the targets that they reach: those of kinds of unit that reach the same are worked out together."""
    by_kind: defaultdict[str, list[Submission]] = defaultdict(list)
    for submission in returns:
        by_kind[submission.reporter.kind].append(submission)
    found: defaultdict[tuple[int, ...], list[Submission]] = defaultdict(list)
    for group in by_kind.values():
        found[tuple(recompute.targets_reached(plan, group))] += group
    return found


def act_step(replayed: ReplayedQuarter, step: ScenarioStep, submission: Submission) -> None:
    reporter = replayed.actors.reporters[submission.reporter_id]
    reviewer = replayed.actors.reviewer_of(submission.reporter)
    if step.action == ScenarioAction.SAVE:
        draft = submissions.save_draft(submission, answers_of(replayed, submission), reporter, step.at)
        bring_papers(replayed, submission, draft, reporter, step.at)
    elif step.action == ScenarioAction.SUBMIT:
        submissions.submit(submission, reporter, step.at, enqueue=False)
    elif step.action == ScenarioAction.APPROVE:
        reviews.approve(submission, reviewer, step.at, enqueue=False)
    else:
        reviews.send_back(submission, step.reason, reviewer, step.at, enqueue=False)


def bring_papers(replayed: ReplayedQuarter, submission: Submission, draft: Round, reporter: User, at: datetime) -> None:
    """Files where the plan wants them, and 问题与措施 where targets are behind."""
    for entry in lacking_evidence(submission, draft):
        lines = (
            f"{submission.reporter}",
            f"{entry.element}",
            f"{replayed.quarter.label}",
            "示例佐证材料，没有实际效力",
        )
        file = SimpleUploadedFile(f"{entry.element}.pdf", draw_paper(*lines))
        evidence.add(submission, (entry.element_id, entry.subject_id), file, reporter, at)
    unsaid = [each.target for each in asked_to_explain(submission, draft) if each.lacking]
    if unsaid:
        told = [explanation_of(target, submission.reporter.code, replayed.quarter) for target in unsaid]
        explanations.save_explanations(submission, told, reporter, at)


def answers_of(replayed: ReplayedQuarter, submission: Submission) -> list[Answer]:
    """A draft that stays one is half filled in; a first round that will come back has a slip of the pen."""
    unit, outcome = submission.reporter, replayed.outcome_of(submission)
    asked = replayed.questions[unit.pk]
    told = [invent_answer(each, replayed.simulated(each, unit), replayed.history, replayed.demo_plan) for each in asked]
    if outcome == ReturnOutcome.DRAFTED:
        return told[: len(told) // 2]
    if outcome in (ReturnOutcome.CORRECTED, ReturnOutcome.SENT_BACK) and not submission.rounds.exists():
        slips = slips_in(asked, replayed.history.slip)
        told = [
            replace(each, value=each.value // 2) if each.element_id in slips and each.value else each for each in told
        ]
    return explain_findings(asked, told, replayed.quarter)


def slips_in(asked: list[Question], slip: str) -> set[int]:
    """The element that is told of; else a number that no other one must stay within, a part if there is one."""
    elements = list(dict.fromkeys(each.element for each in asked))
    if slip:
        return {element.pk for element in elements if element.code == slip}
    wholes = {element.whole_id for element in elements}
    numbers = [each for each in elements if each.type == ElementType.COUNT and each.pk not in wholes]
    steady = [each for each in numbers if each.accumulation != Accumulation.RUNNING]
    return {element.pk for element in sorted(steady, key=lambda each: each.whole_id is None)[:1]}


def quarter_summary(replayed: ReplayedQuarter) -> str:
    states = Counter(replayed.returns().values_list("state", flat=True))
    told = "，".join(f"{state.label} {states[state]}" for state in submissions.SubmissionState)
    return f"{replayed.quarter.label}：应报 {states.total()} 家，{told}。"
