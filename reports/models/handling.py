"""What happens around a return: corrections, remarks, spot checks, evidence, explanations, extensions, notices."""

from collections.abc import Iterable
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, Region, User
from reports.base.enums import Difficulty, ReminderKind, SpotCheckOutcome, SubmissionState
from reports.models.submission import QuarterField, QuarterQuerySet, Round, Submission
from targets.models import DataElement, Target


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def waiting(self) -> Self:
        return self.filter(granted__isnull=True)

    def open(self) -> Self:
        """By which a return stands opened now: the last one of each that is being corrected or under review."""
        last = Correction.objects.filter(submission=OuterRef("submission")).order_by("-asked_at", "-pk")
        in_hand = (SubmissionState.REOPENED, SubmissionState.SUBMITTED)
        return self.filter(granted=True, submission__state__in=in_hand, pk=Subquery(last.values("pk")[:1]))


class Correction(models.Model):
    """A request to open an approved return again (更正申请). Written only by `reports.reviewing.actions.corrections`.

    The approved figures stay in force until the corrected round is approved. `granted` is empty while it waits.
    `together_with`: the correction of another quarter of the same unit that made this one necessary. It needs no
    answer of its own; both returns are handed in, withdrawn, sent back and approved together
    (docs/decisions/0019-corrected-together.md).
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="corrections")
    reason = models.TextField(_("更正原因"))
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("申请时间"))
    granted = models.BooleanField(_("同意"), null=True, blank=True)
    answer = models.TextField(_("答复"), blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    together_with = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="others")
    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("更正申请")
        ordering = ["submission", "asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(granted__isnull=True), name="correction_one_waits_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="correction_has_a_reason"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False)
                | Q(together_with__isnull=False, granted=True, decided_by__isnull=True, decided_at__isnull=True),
                name="correction_decided_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="correction_takes_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.asked_at:%Y-%m-%d}"


class Remark(models.Model):
    """The reviewer's words at one field of a round that is sent back.

    Written only by `reports.reviewing.actions.reviews`.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="remarks")
    element = models.ForeignKey(DataElement, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    text = models.CharField(_("审核意见"), max_length=200)

    class Meta:
        verbose_name = verbose_name_plural = _("逐项意见")
        constraints = [
            models.UniqueConstraint(fields=["round", "element", "subject"], name="remark_once_a_field"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class SpotCheckQuerySet(models.QuerySet["SpotCheck"]):
    def open(self) -> Self:
        return self.filter(outcome=SpotCheckOutcome.OPEN)


class SpotCheck(models.Model):
    """A figure to be looked at on the spot (现场核查), and what was found.

    Written only by `reports.reviewing.actions.spot_checks`.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="spot_checks")
    element = models.ForeignKey(DataElement, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    reason = models.CharField(_("核查原因"), max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("标记时间"))
    outcome = models.CharField(
        _("核查结果"), max_length=10, choices=SpotCheckOutcome, default=SpotCheckOutcome.OPEN, blank=True
    )
    found = models.TextField(_("核查情况"), blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(_("核查时间"), null=True, blank=True)
    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("现场核查")
        ordering = ["submission", "asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "element", "subject"],
                condition=Q(outcome=SpotCheckOutcome.OPEN),
                name="spot_check_one_open_a_field",
            ),
            models.CheckConstraint(
                condition=Q(outcome=SpotCheckOutcome.OPEN, closed_by__isnull=True, closed_at__isnull=True)
                | (
                    ~Q(outcome=SpotCheckOutcome.OPEN)
                    & ~Q(found="")
                    & Q(closed_by__isnull=False, closed_at__isnull=False)
                ),
                name="spot_check_closed_who_when_and_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.element}"


class Evidence(models.Model):
    """A file that supports a figure or an item (佐证材料). Written only by `reports.returns.actions.evidence`.

    The bytes lie in EVIDENCE_ROOT under their SHA-256, outside of what the web server gives out. A file belongs to
    the round in which it was added and to all later ones; withdrawn ones stay on record.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="evidence")
    round = models.ForeignKey(Round, models.PROTECT, related_name="evidence")
    element = models.ForeignKey(DataElement, models.PROTECT, related_name="+")
    subject = models.ForeignKey(Institution, models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=120)
    mime = models.CharField(_("文件类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("上传时间"))
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("佐证材料")
        ordering = ["submission", "added_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True)
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False),
                name="evidence_withdrawn_who_and_when",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExplanationQuerySet(models.QuerySet["Explanation"]):
    def handed_in(self) -> Self:
        return self.filter(round__submitted_at__isnull=False)


class Explanation(models.Model):
    """Why a target is behind and what comes next (存在问题, 下一步措施), as told with a round.

    Written only by `reports.returns.actions.explanations`.
    """

    round = models.ForeignKey(Round, models.CASCADE, related_name="explanations")
    target = models.ForeignKey(Target, models.PROTECT, related_name="+")
    causes = ArrayField(models.CharField(max_length=12, choices=Difficulty), verbose_name=_("问题类别"))
    problem = models.TextField(_("存在问题"))
    measures = models.TextField(_("下一步措施"))
    finish_by = models.DateField(_("计划完成日期"), null=True, blank=True)
    objects = ExplanationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("问题与措施")
        constraints = [models.UniqueConstraint(fields=["round", "target"], name="explanation_once_a_target")]

    def __str__(self) -> str:
        return f"{self.target}: {self.problem}"


class Extension(models.Model):
    """A later deadline for all, a region or one unit, with its reason.

    Written only by `reports.returns.actions.periods`.
    """

    quarter = QuarterField()
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(_("新的填报截止日"))
    review_by = models.DateField(_("新的审核截止日"))
    reason = models.CharField(_("延期原因"), max_length=200)
    document = models.CharField(_("文号"), max_length=120)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("办理时间"))
    objects = QuarterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("延期")
        ordering = ["-quarter", "-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(region__isnull=True) | Q(institution__isnull=True), name="extension_of_a_region_or_a_unit"
            ),
            models.CheckConstraint(condition=Q(review_by__gte=F("due_on")), name="extension_review_not_before_due"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(document=""), name="extension_has_reason_and_document"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.region or self.institution or ''} {self.due_on}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def not_mailed(self) -> Self:
        return self.filter(mailed_at__isnull=True)


class Notice(models.Model):
    """One message to one person, in the application and by mail; a day's reminders come as one.

    Written only by `reports.reminders`. `mailed_at` is empty until the mail server took it; `mail_problem`
    is what it said instead. Who has no address has no mail.
    """

    to = models.ForeignKey(User, models.CASCADE, related_name="notices")
    title = models.CharField(_("标题"), max_length=120)
    text = models.TextField(_("内容"))
    address = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("邮件发出"), null=True, blank=True)
    mail_problem = models.CharField(_("邮件问题"), max_length=200, blank=True)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("提醒")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["to"], condition=Q(read_at__isnull=True), name="notice_unread")]

    def __str__(self) -> str:
        return self.title


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def of_returns(self, returns: Iterable[int]) -> Self:
        return self.filter(submission__in=list(returns))


class Reminder(models.Model):
    """That somebody was reminded of a return, when, why and by whom; empty `by` is the calendar's doing."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="reminders")
    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reminders")
    kind = models.CharField(_("类别"), max_length=10, choices=ReminderKind)
    day = models.DateField(_("日期"))
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("催报记录")
        ordering = ["submission", "day"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "notice"], name="reminder_once_a_notice"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.day}"
