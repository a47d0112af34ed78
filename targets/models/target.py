"""What is to be reached, by when, and who answers for it."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, RecordedQuerySet, Region, User
from institutions.numerals import within_bounds
from targets.enums import Comparator, Schedule, Strength, Window
from targets.models.indicator import Indicator, Scope
from targets.models.plan import Plan, WorkItem


class Target(Scope):
    """An indicator over a scope, pinned to the words of the plan that set it.

    `offset` counts characters from the start of the cited document; `quote` are the few exact words
    there, `prefix` and `suffix` what stands before and after where the words repeat (the idea of the
    W3C TextQuoteSelector). What may be revised is in `Terms`.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    item = models.ForeignKey(WorkItem, models.CASCADE, related_name="targets")
    code = models.SlugField(_("代号"), max_length=80)
    name = models.CharField(_("目标"), max_length=80)
    position = models.PositiveIntegerField()
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    units = models.ManyToManyField(Institution, blank=True, related_name="+")
    paragraph = models.PositiveSmallIntegerField(_("段"), default=1)
    quote = models.CharField(_("原文"), max_length=80)
    prefix = models.CharField(max_length=40, blank=True)
    suffix = models.CharField(max_length=40, blank=True)
    offset = models.PositiveIntegerField()
    needs_evidence = models.BooleanField(_("须附佐证材料"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("目标")
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="target_code_once_in_plan")]

    def __str__(self) -> str:
        return self.name

    @property
    def base_level(self) -> str:
        """Where official numbers are entered for it: in the lowest judged regions, or where the bureaus asked lie."""
        return self.bureau_level if self.bureau_level in self.plan.judged_levels else self.plan.lowest_level


class TermsQuerySet(models.QuerySet["Terms"]):
    def of_plan(self, plan: Plan) -> Self:
        return self.filter(target__plan=plan)

    def in_force_on(self, day: date) -> Self:
        """Of each target the newest that took effect by the day."""
        known = self.filter(effective_from__lte=day)
        return known.order_by("target_id", "-effective_from").distinct("target_id")

    def with_milestones(self) -> Self:
        """The oldest first, each with its milestones by due day."""
        milestones = models.Prefetch("milestones", Milestone.objects.order_by("due"))
        return self.order_by("effective_from").prefetch_related(milestones)


class Terms(models.Model):
    """How a target is judged from a day on; a quarter is judged by the terms in force at its end.

    `custom_shares` are percents of the journey, cumulative, one a quarter (10/40/75/100).
    `amber_points` overrides the plan's.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="terms")
    effective_from = models.DateField(_("生效日期"))
    comparator = models.CharField(max_length=10, choices=Comparator)
    strength = models.CharField(_("约束力"), max_length=10, choices=Strength)
    window = models.CharField(_("累计区间"), max_length=5, choices=Window)
    schedule = models.CharField(_("进度要求"), max_length=10, choices=Schedule)
    custom_shares = ArrayField(
        models.DecimalField(max_digits=6, decimal_places=2), default=list, blank=True, verbose_name=_("各季进度")
    )
    baseline = models.DecimalField(_("基数"), max_digits=20, decimal_places=4, null=True, blank=True)
    amber_points = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    reason = models.CharField(_("修订原因"), max_length=200, blank=True)
    document = models.CharField(_("修订依据"), max_length=120, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("考核条件")
        ordering = ["target", "effective_from"]
        constraints = [
            models.UniqueConstraint(fields=["target", "effective_from"], name="terms_once_a_day"),
            models.CheckConstraint(
                condition=Q(schedule=Schedule.CUSTOM) ^ Q(custom_shares__len=0), name="terms_custom_has_shares"
            ),
            models.CheckConstraint(condition=within_bounds("baseline"), name="terms_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.target} {self.effective_from}"


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def of_plan(self, plan: Plan) -> Self:
        return self.filter(terms__target__plan=plan)


class Milestone(models.Model):
    """What is to be reached by a day. An empty value is an assigned quota that the bureau has not entered.

    `quote` and `offset` are kept where this figure stands in other words than the target's own quote; `source`
    names the document that gave an assigned one.
    """

    terms = models.ForeignKey(Terms, models.CASCADE, related_name="milestones")
    due = models.DateField(_("期限"))
    value = models.DecimalField(_("目标值"), max_digits=20, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("上限"), max_digits=20, decimal_places=4, null=True, blank=True)
    source = models.CharField(_("下达依据"), max_length=120, blank=True)
    quote = models.CharField(_("原文"), max_length=80, blank=True)
    offset = models.PositiveIntegerField(null=True, blank=True)
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("节点目标")
        ordering = ["terms", "due"]
        constraints = [
            models.UniqueConstraint(fields=["terms", "due"], name="milestone_once_a_day"),
            models.CheckConstraint(
                condition=Q(high__isnull=True) | Q(high__gte=F("value")), name="milestone_high_not_below_value"
            ),
            models.CheckConstraint(condition=within_bounds("value", "high"), name="milestone_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.due} {self.value}"


class Allotment(models.Model):
    """A child region's part of a quantity (逐级分解)."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="allotments")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    value = models.DecimalField(_("分解数"), max_digits=20, decimal_places=4)

    class Meta:
        verbose_name = verbose_name_plural = _("目标分解")
        constraints = [
            models.UniqueConstraint(fields=["milestone", "region"], name="allotment_once_a_region"),
            models.CheckConstraint(condition=Q(value__gte=0), name="allotment_not_negative"),
            models.CheckConstraint(condition=within_bounds("value"), name="allotment_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.region} {self.value}"


class ContactVersion(models.Model):
    """Who was on record as answerable, from the moment it was recorded until it was recorded otherwise; an empty name:
    nobody any more. Written with `Contact`, by `targets.actions.editing.contacts`.

    recorded_at: empty where it was known before such records were kept.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="contact_versions")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    name = models.CharField(_("责任人"), max_length=30, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(_("更正时间"), null=True, blank=True)
    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("责任人登记")
        ordering = ["target", "region", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "region"], condition=Q(superseded_at__isnull=True), name="contact_version_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.recorded_at or ''}".strip()


class Contact(models.Model):
    """The person answerable for a target in a region; by default the bureau's contact serves."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="contacts")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    name = models.CharField(_("责任人"), max_length=30)
    phone = models.CharField(_("电话"), max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = _("责任人")
        constraints = [models.UniqueConstraint(fields=["target", "region"], name="contact_once_a_target_and_region")]

    def __str__(self) -> str:
        return self.name
