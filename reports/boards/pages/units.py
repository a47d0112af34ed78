"""The units behind a figure: what each answered, where its return stands, and who signed and passed it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reports.base import numbers
from reports.base.enums import SubmissionState
from reports.base.status_badge import StatusBadge
from reports.boards.pages.formula import answer_text
from reports.boards.queries.figures import UnitFigure
from reports.judging.queries.terms_in_force import TargetTerms
from targets.enums import Accumulation, ElementType
from targets.models import DataElement, Indicator


class UnitAnswer(models.TextChoices):
    """How a unit stands towards one question; in the order of concern. As the steps of the tallies name it, but that a
    return which waits for review is not called 未报, however late it came."""

    MISSING = "missing", _("未报")
    LATE_PENDING = "late_pending", _("补报待审")
    OVERDUE_REVIEW = "overdue_review", _("逾期未审")
    PENDING = "pending", _("待审")
    AWAITED = "awaited", _("待报")
    REPORTED = "reported", _("已通过")
    NOT_APPLICABLE = "na", _("不适用")
    CLOSED = "closed", _("已停业")
    MOVED = "moved", _("已迁出")


SHOWN_AT_ONCE = 40
ABSENT = (
    UnitAnswer.MISSING,
    UnitAnswer.LATE_PENDING,
    UnitAnswer.OVERDUE_REVIEW,
    UnitAnswer.PENDING,
    UnitAnswer.AWAITED,
)
ANSWER_SIGNS = {
    UnitAnswer.MISSING: ("red", "✕"),
    UnitAnswer.LATE_PENDING: ("no_data", "◔"),
    UnitAnswer.OVERDUE_REVIEW: ("amber", "▲"),
    UnitAnswer.PENDING: ("no_data", "…"),
    UnitAnswer.AWAITED: ("not_due", "○"),
    UnitAnswer.REPORTED: ("green", "✓"),
    UnitAnswer.NOT_APPLICABLE: ("not_applicable", "—"),
    UnitAnswer.CLOSED: ("not_applicable", "·"),
    UnitAnswer.MOVED: ("not_applicable", "·"),
}


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit behind a figure.

    answers: in step with `Units.heads`, as accumulated over the target's window; "—" where there is none.
    meets: None where no condition is asked. round, submitted_*, decided_*: of the approved round behind it.
    """

    institution_id: int
    name: str
    kind_word: str
    region: str
    answer: UnitAnswer
    answers: tuple[str, ...]
    value: str
    meets: bool | None
    submission_id: int | None
    round: int | None
    submitted_by: str
    submitted_at: datetime | None
    decided_by: str
    decided_at: datetime | None

    @property
    def badge(self) -> StatusBadge:
        key, sign = ANSWER_SIGNS[self.answer]
        return StatusBadge(key, sign, str(self.answer.label))


@dataclass(frozen=True, slots=True)
class Units:
    """heads: what was asked; value_head: of the ratio of two answers, "" where there is none."""

    heads: tuple[str, ...]
    value_head: str
    rows: tuple[UnitRow, ...]

    @property
    def first(self) -> tuple[UnitRow, ...]:
        """What is shown at once, those of concern before all others; the rest is folded away."""
        return self.rows[:SHOWN_AT_ONCE]

    @property
    def rest(self) -> tuple[UnitRow, ...]:
        return self.rows[SHOWN_AT_ONCE:]

    @property
    def conditional(self) -> bool:
        return any(row.meets is not None for row in self.rows)

    @property
    def absent(self) -> tuple[UnitRow, ...]:
        """Units without an approved answer, by name."""
        return tuple(row for row in self.rows if row.answer in ABSENT)


def units_of(each: TargetTerms, figures: Sequence[UnitFigure]) -> Units:
    indicator = each.target.indicator
    elements = [indicator.element, indicator.over, indicator.against]
    return Units(
        heads=tuple(head_of(element) for element in elements if element),
        value_head=indicator.name if indicator.over else "",
        rows=tuple(sorted((unit_row(indicator, row) for row in figures), key=order_of_concern)),
    )


def head_of(element: DataElement) -> str:
    """What adds up over the window is said to be a sum; the form asked for the quarter's part."""
    adds_up = element.accumulation != Accumulation.STOCK and element.type != ElementType.DATE
    return element.name + gettext("（累计）") if adds_up else element.name


def order_of_concern(row: UnitRow) -> tuple[int, bool]:
    """Those without an answer first, then those that do not meet the condition."""
    return list(UnitAnswer).index(row.answer), row.meets is not False


def unit_row(indicator: Indicator, row: UnitFigure) -> UnitRow:
    pairs = ((indicator.element, row.a), (indicator.over, row.b), (indicator.against, row.c))
    passed = row.figure.round if row.figure else row.submission.approved_round if row.submission else None
    return UnitRow(
        institution_id=row.unit.pk,
        name=row.unit.name,
        kind_word=row.unit.get_kind_display(),
        region=row.unit.region.name,
        answer=answer_of(row),
        answers=tuple(answer_text(element, value) for element, value in pairs if element),
        value=ratio_text(indicator, row),
        meets=row.meets if row.stand not in (UnitAnswer.NOT_APPLICABLE, UnitAnswer.CLOSED) else None,
        submission_id=row.submission.pk if row.submission else None,
        round=passed.number if passed else None,
        submitted_by=str(passed.submitted_by) if passed and passed.submitted_by else "",
        submitted_at=passed.submitted_at if passed else None,
        decided_by=str(passed.decided_by) if passed and passed.decided_by else "",
        decided_at=passed.decided_at if passed else None,
    )


def answer_of(row: UnitFigure) -> UnitAnswer:
    """A unit that is still open lies elsewhere now: what it did here before it moved stays."""
    if row.stand == UnitAnswer.MISSING and row.submission and row.submission.state == SubmissionState.SUBMITTED:
        return UnitAnswer.LATE_PENDING if row.waits_late else UnitAnswer.PENDING
    return UnitAnswer.MOVED if row.stand == UnitAnswer.CLOSED and row.unit.closed is None else UnitAnswer(row.stand)


def ratio_text(indicator: Indicator, row: UnitFigure) -> str:
    if not indicator.over or row.a is None or not row.b:
        return ""
    if indicator.condition:
        return numbers.text(100 * row.a / row.b, "%", 2, 100 * (indicator.condition_value or 0))
    value = indicator.multiplier * row.a / row.b + indicator.offset
    return numbers.text(value, indicator.unit, max(indicator.places, 2))
