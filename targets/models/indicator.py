"""What is asked and how a value is made of it: data elements, official constants, indicators."""

from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.enums import Grade, InstitutionKind, Ownership, RegionLevel
from institutions.models import Region, User
from institutions.numerals import within_bounds
from targets.enums import Accumulation, Denominator, ElementType, IndicatorKind


class Scope(models.Model):
    """Which units: an empty list means any. Always institutions; a region is met through its bureau,
    so "every county" is kinds = [bureau], bureau_level = county."""

    kinds = ArrayField(models.CharField(max_length=20, choices=InstitutionKind), verbose_name=_("机构类别"))
    grades = ArrayField(
        models.CharField(max_length=10, choices=Grade), default=list, blank=True, verbose_name=_("等级")
    )
    ownerships = ArrayField(
        models.CharField(max_length=10, choices=Ownership), default=list, blank=True, verbose_name=_("举办主体")
    )
    bureau_level = models.CharField(_("行政级别"), max_length=10, choices=RegionLevel, blank=True)

    class Meta:
        abstract = True


class DataElement(Scope):
    """One thing asked once a quarter about each unit of its scope, whatever number of targets it feeds.

    Answers are kept as one number each, see `ElementType`; `places` are the decimals accepted.
    """

    code = models.SlugField(_("代号"), max_length=80, unique=True)
    name = models.CharField(_("数据项"), max_length=80)
    definition = models.TextField(_("口径"))
    topic = models.CharField(_("主题"), max_length=40)
    position = models.PositiveIntegerField(default=0)
    type = models.CharField(_("类型"), max_length=10, choices=ElementType)
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    places = models.PositiveSmallIntegerField(_("小数位"), default=0)
    accumulation = models.CharField(_("累计方式"), max_length=10, choices=Accumulation)
    levels = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name=_("等级名称"))
    allow_not_applicable = models.BooleanField(_("可不适用"), default=False)
    whole = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")

    class Meta:
        verbose_name = verbose_name_plural = _("数据项")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type=ElementType.LEVEL, levels__len__gte=2)
                | (~Q(type=ElementType.LEVEL) & Q(levels__len=0)),
                name="element_levels_only_for_level",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Constant(models.Model):
    """An official number of a region and a year, with its source and who entered it."""

    code = models.SlugField(_("代号"), max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="constants")
    year = models.PositiveSmallIntegerField(_("年份"))
    value = models.DecimalField(_("数值"), max_digits=20, decimal_places=4)
    source = models.CharField(_("来源"), max_length=120)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = _("基础数据")
        ordering = ["code", "year", "region__position"]
        constraints = [
            models.UniqueConstraint(fields=["code", "region", "year"], name="constant_once_a_year"),
            models.CheckConstraint(condition=Q(value__gte=0), name="constant_not_negative"),
            models.CheckConstraint(condition=within_bounds("value"), name="constant_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.region} {self.year}"


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def with_elements(self) -> Self:
        return self.select_related("element", "over", "against")


class Indicator(models.Model):
    """A closed formula over elements and constants.

    ratio: multiplier x Σ element / Σ denominator + offset. total: Σ element.
    share, each, deliverable: units for which the condition holds / units in scope; the condition
    is (element, or element / over) `condition` (number, or `against`).
    qualitative: the state reported in `element` (0 未, 1 基本, 2 全部).
    """

    code = models.SlugField(_("代号"), max_length=80, unique=True)
    name = models.CharField(_("指标"), max_length=80)
    definition = models.TextField(_("口径"))
    kind = models.CharField(_("类型"), max_length=12, choices=IndicatorKind)
    element = models.ForeignKey(DataElement, models.PROTECT, related_name="indicators")
    over = models.ForeignKey(DataElement, models.PROTECT, null=True, blank=True, related_name="+")
    against = models.ForeignKey(DataElement, models.PROTECT, null=True, blank=True, related_name="+")
    denominator = models.CharField(max_length=10, choices=Denominator, default=Denominator.NONE)
    constant = models.SlugField(max_length=60, blank=True)
    condition = models.CharField(max_length=2, choices=[(">=", "≥"), ("<=", "≤"), ("=", "=")], blank=True)
    condition_value = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    multiplier = models.DecimalField(max_digits=20, decimal_places=4, default=Decimal(1))
    offset = models.DecimalField(max_digits=20, decimal_places=4, default=Decimal(0))
    unit = models.CharField(_("单位"), max_length=10, blank=True)
    places = models.PositiveSmallIntegerField(_("小数位"), default=0)
    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("指标")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=IndicatorKind.RATIO) ^ Q(denominator=Denominator.NONE),
                name="indicator_ratio_has_a_denominator",
            ),
            models.CheckConstraint(
                condition=~Q(denominator=Denominator.CONSTANT) | ~Q(constant=""), name="indicator_names_its_constant"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[IndicatorKind.SHARE, IndicatorKind.EACH, IndicatorKind.DELIVERABLE])
                ^ Q(condition=""),
                name="indicator_condition_only_where_units_count",
            ),
            models.CheckConstraint(
                condition=within_bounds("condition_value", "multiplier", "offset"), name="indicator_within_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def official_number(self) -> str:
        """The code of the constant that divides, "" for none; an assigned quota goes by the indicator's own code."""
        return self.code if self.denominator == Denominator.QUOTA else self.constant


class ConditionValue(models.Model):
    """A condition's number for one class of unit (县 2, 区 1): a region kind, grade or institution kind."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="condition_values")
    unit_class = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=20, decimal_places=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit_class"], name="condition_value_once_a_class"),
            models.CheckConstraint(condition=within_bounds("value"), name="condition_value_within_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_class} {self.value}"
