"""What it means: additive inputs, versioned results, changes of status. Written only by `reports.judging.recompute`."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Institution, Region
from reports.base.enums import Cause, Status
from reports.models.submission import QuarterField, QuarterQuerySet
from targets.models import Target


class Inputs(models.Model):
    """The additive inputs of a (target, subject, quarter); a parent's are its children's sum plus its own.

    numerator/denominator: as counted for the comparator; kept_*: the same with units that have no
    answer standing as last approved (for "does the previous milestone still hold").
    units = N in scope without 不适用; reported + pending + awaited + missing + overdue_review = units.
    late_review: of the missing, those whose late return waits for review (补报待审); closed: units that closed in the
    target's window. given: units with a figure that counts; partly: units answering 基本; late: deliverables done
    after their due day; left_out: units on neither side. based, unbased: regions with and without their constant, or
    units with and without last year's figure. have/need: the count behind an `each`, for the unit itself (1/2).
    """

    numerator = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    denominator = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    kept_numerator = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    kept_denominator = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    units = models.IntegerField(default=0)
    given = models.IntegerField(default=0)
    reported = models.IntegerField(default=0)
    pending = models.IntegerField(default=0)
    awaited = models.IntegerField(default=0)
    missing = models.IntegerField(default=0)
    overdue_review = models.IntegerField(default=0)
    late_review = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    not_applicable = models.IntegerField(default=0)
    left_out = models.IntegerField(default=0)
    based = models.IntegerField(default=0)
    unbased = models.IntegerField(default=0)
    partly = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    have = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    need = models.DecimalField(max_digits=24, decimal_places=4, default=0)

    class Meta:
        abstract = True


class Subject(models.Model):
    """What a target is judged for in a quarter: a region, or a single reporting institution with its lines."""

    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, db_index=False, related_name="+")
    institution = models.ForeignKey(
        Institution, models.PROTECT, null=True, blank=True, db_index=False, related_name="+"
    )
    quarter = QuarterField()

    class Meta:
        abstract = True


def one_subject(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(region__isnull=False) ^ Q(institution__isnull=False), name=name)


class Tally(Subject, Inputs):
    """The inputs as they stand now, one row a (target, subject, quarter), judged there or not."""

    target = models.ForeignKey(Target, models.CASCADE, related_name="+")
    objects = QuarterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "quarter", "target"], condition=Q(region__isnull=False), name="tally_once_a_region"
            ),
            models.UniqueConstraint(
                fields=["institution", "quarter", "target"],
                condition=Q(institution__isnull=False),
                name="tally_once_an_institution",
            ),
            one_subject("tally_of_one_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}/{self.region_id or self.institution_id}/{self.quarter}"


class StaleParent(models.Model):
    """A parent's tally that waits to be rolled up. Rows are only added and taken; duplicates do no harm."""

    plan = models.ForeignKey("targets.Plan", models.CASCADE, related_name="+")
    target = models.ForeignKey(Target, models.CASCADE, related_name="+")
    region = models.ForeignKey(Region, models.CASCADE, related_name="+")
    quarter = QuarterField()

    class Meta:
        indexes = [models.Index(fields=["plan"], name="stale_parent_plan")]

    def __str__(self) -> str:
        return f"{self.target_id}/{self.region_id}/{self.quarter}"


class RecomputeStep(models.Model):
    """What a large recompute has done of itself, until it is through; `region` is the first of a batch.

    Written by `reports.judging.parallel`.
    """

    run = models.CharField(max_length=200)
    plan = models.ForeignKey("targets.Plan", models.CASCADE, related_name="+")
    quarter = QuarterField()
    region = models.ForeignKey(Region, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "plan", "quarter", "region"], name="recompute_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.quarter}/{self.region_id}"


class AttainmentQuerySet(QuarterQuerySet["Attainment"]):
    def current(self) -> Self:
        """The versions not superseded."""
        return self.filter(superseded_on__isnull=True)

    def about(self, subject: Region | Institution) -> Self:
        if isinstance(subject, Institution):
            return self.filter(institution=subject)
        return self.filter(region=subject)


class Attainment(Subject, Inputs):
    """One target of one subject and quarter, judged. Append-only: a new version where the result changed.

    A version is known from `known_from` until before `superseded_on`; the current one has none.
    value, milestone, high, expected and gap are in the indicator's unit; lag in points.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="attainments")
    known_from = models.DateField()
    superseded_on = models.DateField(null=True, blank=True)
    computed_at = models.DateTimeField()
    status = models.CharField(_("状态"), max_length=15, choices=Status)
    cause = models.CharField(max_length=20, choices=Cause, blank=True)
    value = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    milestone = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    milestone_due = models.DateField(null=True, blank=True)
    expected = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    gap = models.DecimalField(max_digits=30, decimal_places=10, null=True, blank=True)
    needed_units = models.DecimalField(max_digits=24, decimal_places=4, null=True, blank=True)
    lag = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    reason = models.TextField(_("判定说明"))
    objects = AttainmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("完成情况")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "quarter", "target"],
                condition=Q(superseded_on__isnull=True, region__isnull=False),
                name="attainment_one_current_a_region",
            ),
            models.UniqueConstraint(
                fields=["institution", "quarter", "target"],
                condition=Q(superseded_on__isnull=True, institution__isnull=False),
                name="attainment_one_current_an_institution",
            ),
            models.UniqueConstraint(
                fields=["region", "quarter", "target", "known_from"],
                condition=Q(region__isnull=False),
                name="attainment_one_version_a_day_of_a_region",
            ),
            models.UniqueConstraint(
                fields=["institution", "quarter", "target", "known_from"],
                condition=Q(institution__isnull=False),
                name="attainment_one_version_a_day_of_an_institution",
            ),
            one_subject("attainment_of_one_subject"),
            models.CheckConstraint(
                condition=Q(superseded_on__isnull=True) | Q(superseded_on__gt=F("known_from")),
                name="attainment_superseded_after_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}/{self.region_id or self.institution_id}/{self.quarter}: {self.status}"


class StatusChange(Subject):
    """A change of status, one row each. Written only by `reports.judging.recompute`.

    Whoever acts on changes works through those whose `processed_at` is empty, once and in order.
    """

    target = models.ForeignKey(Target, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.CharField(max_length=15, choices=Status, blank=True)
    after = models.CharField(max_length=15, choices=Status, blank=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    objects = QuarterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("状态变化")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["region", "quarter"], name="flag_change_region_quarter")]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="flag_change_changes"),
            one_subject("flag_change_of_one_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
