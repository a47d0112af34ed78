"""One official document and its parts: plan, clauses, work items, and what is odd in them."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from institutions.models import Region, User
from targets.enums import JudgedLevel, PlanState
from targets.periods import Quarter


def default_amber_points() -> Decimal:
    return Decimal(settings.AMBER_POINTS)


def asks_in(quarter: Quarter, plan: str = "") -> Q:
    """Plans that ask in the quarter, or what belongs to one where `plan` leads to it ("plan__").

    A plan asks from its first day until it is closed: past its last day what is unmet is judged on. One closed
    since still stands behind the returns of the quarters before.
    """
    running = {f"{plan}state": PlanState.PUBLISHED}
    closed_since = {f"{plan}state": PlanState.CLOSED, f"{plan}closed_on__gte": quarter.first_day}
    return (Q(**running) | Q(**closed_since)) & Q(**{f"{plan}first_day__lte": quarter.last_day})


class PlanQuerySet(models.QuerySet["Plan"]):
    def published(self) -> Self:
        """Running and closed."""
        return self.exclude(state=PlanState.DRAFT)

    def running(self) -> Self:
        return self.filter(state=PlanState.PUBLISHED)

    def asking_in(self, quarter: Quarter) -> Self:
        return self.filter(asks_in(quarter))


class Plan(models.Model):
    """An official work plan. Its text is not stored; `document_sha256` names the exact file cited."""

    code = models.SlugField(_("代号"), max_length=60, unique=True)
    title = models.CharField(_("标题"), max_length=120)
    issuer = models.ForeignKey(Region, models.PROTECT, verbose_name=_("发文地区"), related_name="plans")
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    document_sha256 = models.CharField(max_length=64, blank=True)
    published_on = models.DateField(_("印发日期"), null=True, blank=True)
    first_day = models.DateField(_("开始日期"))
    last_day = models.DateField(_("结束日期"))
    judged_levels = ArrayField(models.CharField(max_length=11, choices=JudgedLevel), verbose_name=_("考核层级"))
    amber_points = models.DecimalField(
        _("滞后界线（进度百分点）"),
        max_digits=5,
        decimal_places=2,
        default=default_amber_points,
        validators=[MinValueValidator(0)],
    )
    state = models.CharField(_("状态"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_on = models.DateField(_("结案日期"), null=True, blank=True)
    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作计划")
        ordering = ["-first_day", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="plan_last_day_after_first"),
            models.CheckConstraint(
                condition=Q(state=PlanState.DRAFT) | Q(published_at__isnull=False), name="plan_published_has_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def judges_institutions(self) -> bool:
        return JudgedLevel.INSTITUTION in self.judged_levels

    @property
    def region_levels(self) -> list[JudgedLevel]:
        """The judged levels of regions, the highest first."""
        return [level for level in JudgedLevel if level in self.judged_levels and level != JudgedLevel.INSTITUTION]

    @property
    def lowest_level(self) -> str:
        """The lowest level of regions that is judged; what lies below it is counted there."""
        return self.region_levels[-1].value

    @property
    def leaves_out_a_level(self) -> bool:
        """Whether a level between two judged ones is not judged."""
        every = list(JudgedLevel)
        return every.index(self.region_levels[-1]) - every.index(self.region_levels[0]) >= len(self.region_levels)


class Clause(models.Model):
    """A clause as the document numbers it. `path` is printed numbering, joined by /; `title` is in our words."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="clauses")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    path = models.CharField(_("条款号"), max_length=60)
    title = models.CharField(_("条款"), max_length=120)
    position = models.PositiveIntegerField()
    lead = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("牵头单位"))
    cooperating = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("配合单位"))

    class Meta:
        verbose_name = verbose_name_plural = _("条款")
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "path"], name="clause_path_once_in_plan")]

    def __str__(self) -> str:
        return f"{self.path} {self.title}"


class WorkItemQuerySet(models.QuerySet["WorkItem"]):
    def of_plan(self, plan: Plan) -> Self:
        return self.filter(clause__plan=plan)


class WorkItem(models.Model):
    """What a clause asks for; quantified (it has targets) or qualitative (its one target is a state).

    Its code stands once in the plan: whoever writes items holds the plan's row.
    """

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="items")
    code = models.SlugField(_("代号"), max_length=80)
    title = models.CharField(_("工作任务"), max_length=160)
    position = models.PositiveIntegerField()
    qualitative = models.BooleanField(_("定性"), default=False)
    lead = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("牵头单位"))
    cooperating = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("配合单位"))
    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("工作任务")
        ordering = ["clause__plan", "clause__position", "position"]
        constraints = [models.UniqueConstraint(fields=["clause", "code"], name="item_code_once_in_clause")]

    def __str__(self) -> str:
        return self.title


class AnomalyQuerySet(models.QuerySet["Anomaly"]):
    def of_plan(self, plan: Plan) -> Self:
        return self.filter(clause__plan=plan)


class Anomaly(models.Model):
    """Something odd in the document, kept as it is and shown; never repaired silently."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="anomalies")
    target = models.ForeignKey("targets.Target", models.CASCADE, null=True, blank=True, related_name="anomalies")
    text = models.CharField(_("疑点"), max_length=300)
    objects = AnomalyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("文件疑点")
        ordering = ["clause__position", "id"]

    def __str__(self) -> str:
        return self.text
