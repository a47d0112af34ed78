"""Returns handed in again with every number one higher, ready for a reviewer of their county.

Corrections and not first returns, so that a database can be measured any number of times; they cost the same: a round
with an answer to every element, all of them new.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from institutions.enums import RegionLevel, Role
from institutions.models import Membership, Region, User
from reports.base.enums import SubmissionState
from reports.models import Entry, Figure, Round, Submission
from targets.enums import ElementType
from tests.bench.generate import LAST

# The approved returns of the quarter, one of each county before a second of any: neighbours in time are far apart.
SPREAD = """
SELECT submission.id, township.parent_id FROM reports_submission submission
JOIN institutions_institution unit ON unit.id = submission.reporter_id
JOIN institutions_region township ON township.id = unit.region_id
WHERE submission.quarter = %s AND submission.state = 'approved' AND township.parent_id = ANY(%s)
ORDER BY row_number() OVER (PARTITION BY township.parent_id ORDER BY hashint8extended(submission.id, %s)),
    hashint8extended(township.parent_id, %s)
LIMIT %s
"""


def counties_below(region: Region) -> list[int]:
    below = Region.objects.within(region.pk).filter(level=RegionLevel.COUNTY)
    return list(below.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Task:
    """One approval to be done: whose return, and by which reviewer."""

    submission: Submission
    reviewer: User


def prepare(counties: Sequence[int], count: int, now: datetime, seed: int = 1) -> list[Task]:
    """Hand in that many corrections below the counties, at most one a unit; another seed takes other units."""
    with connection.cursor() as cursor:
        cursor.execute(SPREAD, [LAST.ordinal, list(counties), seed, seed, count])
        county_of = dict(cursor.fetchall())
    hand_in_again(county_of, now)
    posts = Membership.objects.filter(role=Role.REVIEWER, region__in=counties).select_related("user")
    reviewers = {post.region_id: post.user for post in posts}
    submissions = Submission.objects.in_bulk(county_of)
    return [Task(submissions[pk], reviewers[county]) for pk, county in county_of.items()]


@transaction.atomic
def hand_in_again(submissions: Iterable[int], now: datetime) -> None:
    """A further round of each, answered one higher than what is in force; levels and yes/no stay."""
    ids = list(submissions)
    clerk = User.objects.get(username="clerk")
    last = dict(Round.objects.filter(submission__in=ids).values_list("submission").annotate(Max("number")))
    before = now - timedelta(hours=1)
    rounds = Round.objects.bulk_create(
        Round(
            submission_id=pk,
            number=last[pk] + 1,
            saved_at=before,
            saved_by=clerk,
            submitted_at=before,
            submitted_by=clerk,
        )
        for pk in ids
    )
    Submission.objects.filter(pk__in=ids).update(state=SubmissionState.SUBMITTED)
    round_of = {each.submission_id: each for each in rounds}
    figures = Figure.objects.filter(quarter=LAST.ordinal, round__submission__in=ids).select_related("element", "round")
    Entry.objects.bulk_create(
        (answer(figure, round_of[figure.round.submission_id]) for figure in figures), batch_size=5000
    )


def answer(figure: Figure, entry_of: Round) -> Entry:
    counts = figure.value is not None and figure.element.type in (ElementType.COUNT, ElementType.MONEY)
    return Entry(
        round=entry_of,
        element_id=figure.element_id,
        subject_id=figure.subject_id,
        value=figure.value + 1 if counts else figure.value,
        not_applicable=figure.not_applicable,
        note="" if figure.value is not None else "本季无此业务",
    )
