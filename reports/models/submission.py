"""What came back: a return, its kept rounds, its answers, and the figures approved out of it."""

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import ExtractQuarter, ExtractYear
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, User
from institutions.numerals import within_bounds
from reports.base.enums import OWED, Decision, Origin, SubmissionState
from targets.models import DataElement
from targets.periods import Quarter

Row = TypeVar("Row", bound=models.Model)


class QuarterField(models.IntegerField):
    """A quarter as its ordinal (year x 4 + number - 1); see `targets.periods.Quarter`."""


class QuarterQuerySet(models.QuerySet[Row]):
    def of_quarter(self, quarter: Quarter) -> Self:
        return self.filter(quarter=quarter.ordinal)


class ReturnPeriodQuerySet(QuarterQuerySet["ReturnPeriod"]):
    def closed_before(self, day: date) -> Self:
        return self.filter(closes_on__lt=day)


class ReturnPeriod(models.Model):
    """A quarter whose returns were opened. The dates are stored when it opens and may be edited after.

    After `closes_on` nothing is handed in any more without an extension or a granted correction; empty: never closes.
    """

    quarter = QuarterField(_("季度"), unique=True)
    opened_at = models.DateTimeField(_("开放时间"))
    due_on = models.DateField(_("填报截止日"))
    review_by = models.DateField(_("审核截止日"))
    closes_on = models.DateField(_("关账日"), null=True, blank=True)
    calendar_known = models.BooleanField(_("节假日历完整"), default=True)
    objects = ReturnPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("填报期")
        ordering = ["-quarter"]
        constraints = [
            models.CheckConstraint(condition=Q(review_by__gte=F("due_on")), name="period_review_not_before_due"),
            models.CheckConstraint(
                condition=Q(closes_on__isnull=True) | Q(closes_on__gte=F("due_on")), name="period_closes_not_before_due"
            ),
        ]

    def __str__(self) -> str:
        return Quarter.from_ordinal(self.quarter).label


NEVER_HANDED_IN = Q(state=SubmissionState.DRAFT)
# The quarter of the closing day, as an ordinal, is this one or one before. FALSE, not NULL, where the unit is open.
CLOSING_QUARTER = ExpressionWrapper(
    ExtractYear("reporter__closed") * 4 + ExtractQuarter("reporter__closed") - 1, models.IntegerField()
)
CLOSED_BY_THE_END = Q(reporter__closed__isnull=False) & Q(LessThanOrEqual(CLOSING_QUARTER, F("quarter")))


class SubmissionQuerySet(QuarterQuerySet["Submission"]):
    def within(self, region_id: int) -> Self:
        """Of reporters that lie in the region or below it."""
        return self.filter(reporter__region__lineage__contains=[region_id])

    def lapsed(self) -> Self:
        """See `Submission.has_lapsed`."""
        return self.filter(NEVER_HANDED_IN, CLOSED_BY_THE_END)

    def standing(self) -> Self:
        """All but those that lapsed."""
        return self.exclude(NEVER_HANDED_IN, CLOSED_BY_THE_END)

    def owed(self) -> Self:
        return self.standing().filter(state__in=OWED)

    def not_closed(self, day: date) -> Self:
        """Whose quarter still takes them: it is not closed (已关账), or their own due day is not over."""
        return self.exclude(quarter__in=ReturnPeriod.objects.closed_before(day).values("quarter"), due_on__lt=day)

    def with_waits_late(self) -> Self:
        """With `waits_late`: 补报待审, the round under review came after the due day, more time given since too."""
        waiting = Round.objects.late().filter(submission=OuterRef("pk"), submitted_at__date__gt=OuterRef("due_on"))
        return self.annotate(waits_late=Exists(waiting.filter(decision="")))


class Submission(models.Model):
    """One reporter's return for one quarter. Written only by `reports.returns.actions` and `reports.reviewing.actions`.

    `due_on` and `review_by` are its own, so that a unit's deadline can be extended.
    """

    reporter = models.ForeignKey(Institution, models.PROTECT, related_name="submissions")
    quarter = QuarterField()
    state = models.CharField(_("状态"), max_length=10, choices=SubmissionState, default=SubmissionState.DRAFT)
    due_on = models.DateField(_("截止日"))
    review_by = models.DateField(_("审核截止日"))
    approved_round = models.ForeignKey("reports.Round", models.PROTECT, null=True, blank=True, related_name="+")
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("报表")
        ordering = ["-quarter", "reporter__region__position", "reporter__code"]
        indexes = [models.Index(fields=["quarter", "state"], name="submission_quarter_state")]
        constraints = [
            models.UniqueConstraint(fields=["reporter", "quarter"], name="submission_once_a_quarter"),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.APPROVED) | Q(approved_round__isnull=False),
                name="submission_approved_has_its_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reporter} {Quarter.from_ordinal(self.quarter)}"

    @property
    def has_lapsed(self) -> bool:
        """The unit closed by the quarter's last day and never handed it in: nothing is owed (docs/design.md#place).

        The one rule of what is owed; `lapsed` and `standing` say the same in the database. Never stored, so that a
        closing undone brings the return back as it was.
        """
        return self.state == SubmissionState.DRAFT and self.reporter_closed_by_the_end

    @property
    def reporter_closed_by_the_end(self) -> bool:
        closed = self.reporter.closed
        return closed is not None and closed <= Quarter.from_ordinal(self.quarter).last_day

    @property
    def is_owed(self) -> bool:
        return self.state in OWED and not self.has_lapsed

    @property
    def is_editable(self) -> bool:
        """Owed, or opened again: then its approved figures stay in force, and nothing is owed."""
        return self.is_owed or self.state == SubmissionState.REOPENED


class RoundQuerySet(models.QuerySet["Round"]):
    def drafts(self) -> Self:
        return self.filter(submitted_at__isnull=True)

    def handed_in(self) -> Self:
        """Withdrawn ones, too."""
        return self.filter(submitted_at__isnull=False)

    def late(self) -> Self:
        """Handed in after the deadline of that moment."""
        return self.filter(submitted_at__date__gt=F("due_on"))

    def not_withdrawn(self) -> Self:
        return self.exclude(decision=Decision.WITHDRAWN)


class Round(models.Model):
    """One filling of a return. Kept for ever; the one not yet handed in is the draft.

    `due_on` is the return's deadline at the moment it was handed in: later than that it stays 补报 for ever.
    `origin` says where the answers came from if not from the unit's own reporter.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField(_("轮次"))
    saved_at = models.DateTimeField(_("保存时间"))
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(_("提交时间"), null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(_("审核结论"), max_length=10, choices=Decision, blank=True)
    decided_at = models.DateTimeField(_("审核时间"), null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(_("审核意见"), blank=True)
    origin = models.CharField(_("填报方式"), max_length=10, choices=Origin, default=Origin.OWN, blank=True)
    due_on = models.DateField(_("应于此日前提交"), null=True, blank=True)
    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("轮次")
        ordering = ["submission", "number"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="round_number_once"),
            models.UniqueConstraint(
                fields=["submission"], condition=Q(submitted_at__isnull=True), name="round_one_draft_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(submitted_at__isnull=False, decision=""),
                name="round_one_under_review_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="round_submitted_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_at__isnull=False, decided_by__isnull=False, submitted_at__isnull=False)),
                name="round_decided_who_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Decision.RETURNED) | ~Q(reason=""), name="round_returned_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(decision=Decision.WITHDRAWN)
                | (~Q(decided_by=F("submitted_by")) & (Q(saved_by__isnull=True) | ~Q(decided_by=F("saved_by")))),
                name="round_nobody_decides_their_own",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} #{self.number}"


class AnswerFields(models.Model):
    """A value, or 不适用, about one subject and element; never both. Not answered is no row at all."""

    subject = models.ForeignKey(Institution, models.PROTECT, db_index=False, related_name="+")
    element = models.ForeignKey(DataElement, models.PROTECT, db_index=False, related_name="+")
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    not_applicable = models.BooleanField(default=False)

    class Meta:
        abstract = True


class Entry(AnswerFields):
    """One answer of a round, with the reporter's words (the reason of a 不适用, the account of a state).

    `typed_by` and `typed_at` say who gave this answer last and when, so that a second person can be told.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="entries")
    note = models.CharField(_("说明"), max_length=500, blank=True)
    typed_at = models.DateTimeField(_("填写时间"), null=True, blank=True)
    typed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "element", "subject"], name="entry_once_a_round"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, not_applicable=False) | Q(value__isnull=True, not_applicable=True),
                name="entry_value_or_not_applicable",
            ),
            models.CheckConstraint(condition=within_bounds("value"), name="entry_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.element_id}/{self.subject_id}: {self.value}"


class Figure(AnswerFields):
    """An approved answer in force. Written only by `reports.reviewing.actions.figures`.

    `rise` is what the quarter adds to a window's sum: the value of a flow, the rise of a running
    total over the quarter before it in the same year; empty for a stock and for 不适用.
    `year_sum` is the sum of the rises of the year up to this quarter; `year_quarters` names the quarters
    of the year that have a value up to this one (bit 0 the first), of a stock too. So a unit whose answers
    go together is added up from one row.
    """

    quarter = QuarterField()
    round = models.ForeignKey(Round, models.PROTECT, related_name="figures")
    rise = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    year_sum = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    year_quarters = models.PositiveSmallIntegerField(default=0)
    objects = QuarterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("完成数据")
        indexes = [models.Index(fields=["quarter", "subject"], name="figure_quarter_subject")]
        constraints = [
            models.UniqueConstraint(fields=["subject", "element", "quarter"], name="figure_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, not_applicable=False) | Q(value__isnull=True, not_applicable=True),
                name="figure_value_or_not_applicable",
            ),
            models.CheckConstraint(condition=within_bounds("value"), name="figure_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.element_id}/{self.subject_id} {Quarter.from_ordinal(self.quarter)}: {self.value}"
