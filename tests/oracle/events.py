"""Returns that are approved one after another, by the one writer of figures, over a world that stands already."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from hypothesis import strategies as st

from reports.base.enums import SubmissionState
from reports.judging import recompute
from reports.models import Entry, Submission
from reports.reviewing.actions import figures
from targets.periods import Quarter
from tests.oracle.scenarios import Built, DrawnWorld, Stage, approved_round, reporter_of, worlds

ReturnKey = tuple[int, Quarter]


@dataclass
class Sequel:
    """A world in which some returns still wait, and the order in which they are approved."""

    full: DrawnWorld
    order: list[ReturnKey]

    @property
    def before(self) -> DrawnWorld:
        late = set(self.order)
        returns = {
            key: replace(each, state=SubmissionState.DRAFT, approved=False) if key in late else each
            for key, each in self.full.returns.items()
        }
        answers = {
            (unit, code, quarter): value
            for (unit, code, quarter), value in self.full.answers.items()
            if (reporter_of(self.full, unit), quarter) not in late
        }
        return replace(self.full, returns=returns, answers=answers)

    def __str__(self) -> str:
        return f"{self.full}approved late: {', '.join(f'unit {unit} {quarter}' for unit, quarter in self.order)}\n"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


@st.composite
def sequels(draw: Any) -> Sequel:
    world = draw(worlds())
    approved = [key for key, made in world.returns.items() if made.state == SubmissionState.APPROVED]
    chosen = draw(st.sets(st.sampled_from(approved), max_size=4)) if approved else set()
    return Sequel(world, draw(st.permutations(sorted(chosen, key=str))))


def approve(built: Built, sequel: Sequel, key: ReturnKey, stage: Stage) -> Submission:
    """What the action writes of an approval, without the hand-in before it."""
    world, (reporter, quarter) = sequel.full, key
    submission = built.submissions[key]
    passed = approved_round(submission, stage)
    passed.save()
    Entry.objects.bulk_create(
        Entry(
            round=passed,
            subject=built.units[unit],
            element=stage.elements[code],
            value=value,
            not_applicable=value is None,
        )
        for (unit, code, at), value in world.answers.items()
        if at == quarter and reporter_of(world, unit) == reporter
    )
    submission.state, submission.approved_round = SubmissionState.APPROVED, passed
    submission.save()
    figures.apply_answers(passed)
    return submission


def approve_all(built: Built, sequel: Sequel, stage: Stage, now: datetime) -> None:
    """One approval after another as they come in, each with its own region's results; the parents at the end."""
    for key in sequel.order:
        recompute.refresh_after_returns([approve(built, sequel, key, stage)], now)
    recompute.roll_up(built.plan, now)


def rows_as_they_lie() -> set[tuple[str, str, int]]:
    """Where each row of the results lies on disk: a row that is written again lies somewhere else."""
    found = set()
    with connection.cursor() as cursor:
        for table in ("reports_tally", "reports_attainment", "reports_statuschange"):
            cursor.execute(f"SELECT '{table}', ctid::text, id FROM {table}")
            found |= set(cursor.fetchall())
    return found
