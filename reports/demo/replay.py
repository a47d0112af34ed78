"""Does the story: every step by the real action, by the person whose step it is, on its day."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Max

from institutions.enums import RegionLevel, Role
from institutions.models import AuditRecord, Institution, Membership, Region, User
from institutions.permissions import reviewing_region
from reports import opening, recompute
from reports.actions import reviews, submissions
from reports.answers import Answer, Question
from reports.demo.story import Deed, Fate, Step, fate_of, life
from reports.demo.temper import STEADY, TEMPERS, Temper
from reports.demo.values import answer
from reports.models import ReturnPeriod, Submission
from reports.queries.submissions import questions_for
from targets.enums import Window
from targets.models import Plan, Terms
from targets.periods import SHANGHAI, Quarter, end_of_day

Say = Callable[[str], None]
SLIP_OF_THE_PEN = "family-doctor-teams-trained"


@dataclass(frozen=True)
class Cast:
    """Who acts: the reporter of each institution, the reviewers of each region."""

    reporters: dict[int, User]
    reviewers: dict[int, list[User]]
    yearly: set[str]

    @classmethod
    def of(cls, plan: Plan) -> "Cast":
        posts = Membership.objects.select_related("user").order_by("user__username")
        reviewers: dict[int, list[User]] = {}
        for post in posts.filter(role=Role.REVIEWER):
            reviewers.setdefault(post.region_id or 0, []).append(post.user)
        yearly = Terms.objects.filter(target__plan=plan, window=Window.YEAR)
        return cls(
            {post.institution_id or 0: post.user for post in posts.filter(role=Role.REPORTER)},
            reviewers,
            set(yearly.values_list("target__indicator__element__code", flat=True)),
        )

    def reviewer_of(self, institution: Institution) -> User:
        """The last one in the list takes what comes from its own level, the first one all else."""
        region = reviewing_region(institution)
        return self.reviewers[region.pk][-1 if region == institution.region else 0]


@dataclass(frozen=True)
class Stage:
    """One quarter of the plan with all that the steps need."""

    plan: Plan
    cast: Cast
    quarter: Quarter
    period: ReturnPeriod
    counties: dict[int, Region]
    questions: dict[int, list[Question]]

    def county_of(self, institution: Institution) -> Region | None:
        found = (self.counties[pk] for pk in institution.region.lineage if pk in self.counties)
        return next(found, None)

    def temper_of(self, institution: Institution) -> Temper:
        county = self.county_of(institution)
        return TEMPERS.get(county.name, STEADY) if county else STEADY


def replay(plan: Plan, quarters: list[Quarter], until: datetime, say: Say) -> None:
    """Take up where an earlier run was stopped: whatever lies before its last step was done with its whole day."""
    cast, done_to = Cast.of(plan), last_step()
    for quarter in quarters:
        play_quarter(set_stage(plan, cast, quarter, done_to), until, done_to)
        say(summary(quarter))


def last_step() -> datetime:
    """The moment of the last step done; long ago where there was none."""
    steps = AuditRecord.objects.filter(object_type=Submission._meta.label_lower)
    return steps.aggregate(last=Max("at"))["last"] or datetime(2000, 1, 1, tzinfo=SHANGHAI)


def set_stage(plan: Plan, cast: Cast, quarter: Quarter, done_to: datetime) -> Stage:
    opened = datetime.combine(quarter.last_day + timedelta(days=1), time(0, 5), SHANGHAI)
    period = opening.open_quarter(quarter, opened)
    if opened > done_to:
        recompute.recompute_period(plan, period, opened)
    counties = Region.objects.filter(level=RegionLevel.COUNTY, lineage__contains=[plan.issuer_id]).in_bulk()
    owing = list(Submission.objects.filter(quarter=quarter.ordinal).values_list("reporter_id", flat=True))
    return Stage(plan, cast, quarter, period, counties, questions_for(owing, quarter))


def play_quarter(stage: Stage, until: datetime, done_to: datetime) -> None:
    """Day by day; between two days the date lines that were crossed."""
    steps = sorted(steps_of(stage), key=lambda pair: (pair[0].at, pair[1].pk))
    lines = [line for line in (stage.period.due_on, stage.period.review_by) if end_of_day(line) > done_to]
    ahead = [pair for pair in steps if done_to < pair[0].at <= until]
    for day, of_day in groupby(ahead, lambda pair: pair[0].at.date()):
        lines = cross(stage, lines, day)
        play_day(stage, list(of_day))
    cross(stage, lines, until.date())


def steps_of(stage: Stage) -> Iterator[tuple[Step, Submission]]:
    returns = Submission.objects.filter(quarter=stage.quarter.ordinal).select_related("reporter__region")
    opened = stage.period.opened_at.astimezone(SHANGHAI).date()
    for submission in returns:
        unit = submission.reporter
        temper = stage.temper_of(unit)
        for step in life(str(stage.quarter), unit.code, temper, opened, submission.due_on, submission.review_by):
            yield step, submission


def cross(stage: Stage, lines: list[date], day: date) -> list[date]:
    """Pass the date lines that lie before the day; what is left of them."""
    for line in lines:
        if line < day:
            recompute.recompute_period(stage.plan, stage.period, end_of_day(line) + timedelta(minutes=1))
    return [line for line in lines if line >= day]


@transaction.atomic
def play_day(stage: Stage, steps: list[tuple[Step, Submission]]) -> None:
    """The day's steps, then its results: what an approval writes at once, here once for all of them."""
    for step, submission in steps:
        play(stage, step, submission)
    evening = steps[-1][0].at
    for targets, submissions_of in alike(stage.plan, [submission for _, submission in steps]).items():
        scene = recompute.Scene.of(stage.plan, stage.period, evening, list(targets))
        homes = {scene.tree.home_of(submission.reporter.region) for submission in submissions_of}
        recompute.refresh_leaves(scene, sorted(home for home in homes if home in scene.tree.leaves))
        recompute.mark_stale(scene, scene.tree.above_leaves)
    recompute.roll_up(stage.plan, evening)


def alike(plan: Plan, returns: list[Submission]) -> dict[tuple[int, ...], list[Submission]]:
    """Returns by the targets that they reach: those of the same kind of unit are worked out together."""
    found: dict[str, list[Submission]] = {}
    for submission in returns:
        found.setdefault(submission.reporter.kind, []).append(submission)
    return {tuple(recompute.targets_reached(plan, group[0])): group for group in found.values()}


def play(stage: Stage, step: Step, submission: Submission) -> None:
    reporter = stage.cast.reporters[submission.reporter_id]
    reviewer = stage.cast.reviewer_of(submission.reporter)
    if step.deed == Deed.SAVE:
        submissions.save_draft(submission, answers_of(stage, submission), reporter, step.at)
    elif step.deed == Deed.SUBMIT:
        submissions.submit(submission, reporter, step.at, enqueue=False)
    elif step.deed == Deed.APPROVE:
        reviews.approve(submission, reviewer, step.at, enqueue=False)
    else:
        reviews.send_back(submission, step.reason, reviewer, step.at, enqueue=False)


def answers_of(stage: Stage, submission: Submission) -> list[Answer]:
    """A draft that stays one is half filled in; a first round that will come back has a slip of the pen."""
    unit = submission.reporter
    temper = stage.temper_of(unit)
    county = stage.county_of(unit)
    kind = county.kind if county else ""
    asked = stage.questions[unit.pk]
    told = [answer(each, temper, kind, stage.quarter, each.element.code in stage.cast.yearly) for each in asked]
    fate = fate_of(str(stage.quarter), unit.code, temper)
    if fate == Fate.DRAFTED:
        return told[: len(told) // 2]
    if fate in (Fate.CORRECTED, Fate.SENT_BACK) and not submission.rounds.exists():
        slips = {each.element.pk for each in asked if each.element.code == SLIP_OF_THE_PEN}
        return [
            replace(each, value=each.value // 2) if each.element_id in slips and each.value else each for each in told
        ]
    return told


def summary(quarter: Quarter) -> str:
    returns = Submission.objects.filter(quarter=quarter.ordinal)
    states = [f"{state.label} {returns.filter(state=state).count()}" for state in submissions.SubmissionState]
    return f"{quarter.label}：应报 {returns.count()} 家，{'，'.join(states)}。"
