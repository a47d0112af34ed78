"""The demo, loaded afresh: from an approval to the changed cell through the real worker, and a director's pages."""

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from institutions import clock
from institutions.enums import Role
from institutions.models import Membership, Region, User
from institutions.permissions import reviewing_region
from reports.base.enums import SubmissionState
from reports.models import Attainment, Figure, StaleParent, Submission
from reports.questions.answers import Answer
from reports.returns.actions import submissions
from reports.returns.errors import FindingsError
from reports.returns.queries.submissions import questions_asked
from reports.reviewing.actions import reviews
from targets.models import Plan
from targets.periods import Quarter
from tests.bench.worker import worker

KIND = "township_hospital"
PLAN = "kaifeng-2023-2025"
APPROVALS = 20
PATIENCE = 30.0
NOTE = "经核对原始台账无误"


def main() -> None:
    began = time.perf_counter()
    call_command("migrate", verbosity=0)
    call_command("load_demo")
    print(f"\ndemo loaded in {time.perf_counter() - began:.0f} s\n")
    with worker():
        approve, cell = approvals(APPROVALS, PATIENCE)
    table("approval (county's results written)", approve, approve)
    table("approval to the city's cell", cell, approve)
    base = None
    for name, queries, took in pages():
        base = base or took
        print(
            f"{name:<38} {queries:>4} queries  median {statistics.median(took):6.0f} ms  "
            f"ratio {statistics.median(took) / statistics.median(base):5.2f}"
        )


def table(name: str, figures: list[float], base: list[float]) -> None:
    ratio = statistics.median(figures) / statistics.median(base)
    print(
        f"{name:<38} {len(figures):>4} times    median {statistics.median(figures):6.0f} ms  "
        f"worst {max(figures):6.0f} ms  ratio {ratio:5.2f}"
    )


def approvals(count: int, patience: float) -> tuple[list[float], list[float]]:
    """Milliseconds of `count` approvals, and of each until its city's result has changed by the worker's hand."""
    plan = Plan.objects.get(code=PLAN)
    waiting = list(ready_for_review(plan.issuer, count))
    took, until = [], []
    for submission in waiting:
        settle(plan, patience)
        before = city_state(plan, submission.quarter)
        reviewer = User.objects.get(
            pk=Membership.objects.filter(role=Role.REVIEWER, region=reviewing_region(submission.reporter))
            .values_list("user", flat=True)
            .first()
        )
        began = time.perf_counter()
        reviews.approve(submission, reviewer, clock.now())
        took.append((time.perf_counter() - began) * 1000)
        while city_state(plan, submission.quarter) == before:
            if time.perf_counter() - began > patience:
                raise SystemExit("the city's cell did not change")
            time.sleep(0.002)
        until.append((time.perf_counter() - began) * 1000)
    return took, until


def ready_for_review(city: Region, count: int) -> Iterator[Submission]:
    """Returns of the city's hospitals for the open quarter, handed in with last quarter's answers."""
    newest = Submission.objects.order_by("-quarter").values_list("quarter", flat=True).first()
    passed = Submission.objects.filter(quarter=newest - 1, state=SubmissionState.APPROVED).values("reporter")
    drafts = Submission.objects.within(city.pk).filter(
        quarter=newest, state=SubmissionState.DRAFT, reporter__kind=KIND, reporter__in=passed
    )
    for submission in drafts.order_by("pk").select_related("reporter__region")[:count]:
        clerk = Membership.objects.get(role=Role.REPORTER, institution=submission.reporter).user
        yield hand_in(submission, clerk)


def hand_in(submission: Submission, clerk: User) -> Submission:
    """With a word about each figure that the check asks about, as a clerk would."""
    typed = {answer.key: answer for answer in answers(submission)}
    submissions.save_draft(submission, list(typed.values()), clerk, clock.now())
    try:
        return submissions.submit(submission, clerk, clock.now())
    except FindingsError as error:
        asked = {key for finding in error.findings for key in (finding.key, *finding.others)}
    noted = [replace(answer, note=answer.note or NOTE) if key in asked else answer for key, answer in typed.items()]
    submissions.save_draft(submission, noted, clerk, clock.now())
    return submissions.submit(submission, clerk, clock.now())


def answers(submission: Submission) -> list[Answer]:
    asked = questions_asked(submission.reporter, Quarter.from_ordinal(submission.quarter))
    last = Figure.objects.filter(quarter=submission.quarter - 1, round__submission__reporter=submission.reporter)
    known = {(figure.element_id, figure.subject_id): figure for figure in last}
    return [answer(each, known.get((each.element.pk, each.subject.pk))) for each in asked]


def answer(question: object, figure: Figure | None) -> Answer:
    value = figure.value if figure else None
    return Answer(
        question.element.pk,
        question.subject.pk,
        value,
        not_applicable=value is None,
        note="" if value is not None else "本季无此业务",
    )


def settle(plan: Plan, patience: float) -> None:
    """Wait until nothing is left to roll up from the step before."""
    deadline = time.perf_counter() + patience
    while StaleParent.objects.filter(plan=plan).exists():
        if time.perf_counter() > deadline:
            raise SystemExit("the worker does not drain")
        time.sleep(0.01)


def city_state(plan: Plan, quarter: int) -> int:
    """Reported units over the city's cells: grows with every approval rolled up."""
    rows = Attainment.objects.current().filter(target__plan=plan, region=plan.issuer_id, quarter=quarter)
    return sum(rows.values_list("reported", flat=True))


def pages() -> Iterator[tuple[str, int, list[float]]]:
    """Name, queries and milliseconds of five renderings of the pages of the city's director."""
    city = Plan.objects.get(code=PLAN).issuer
    director = Membership.objects.filter(role=Role.DIRECTOR, region=city).first().user
    county = city.children.filter(level="county").first()
    client = Client(headers={"host": "localhost"})
    client.force_login(director)
    addresses = {
        f"city board, {city.children.filter(level='county').count()} counties": f"/board/?region={city.pk}",
        "county board": f"/board/?region={county.pk}",
        "lagging list": f"/lagging/?region={city.pk}",
        "reporting progress": f"/progress/?region={city.pk}",
    }
    for name, address in addresses.items():
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        yield name, len(queries), [timed(client, address) for _ in range(5)]


def timed(client: Client, address: str) -> float:
    began = time.perf_counter()
    assert client.get(address).status_code == 200
    return (time.perf_counter() - began) * 1000
