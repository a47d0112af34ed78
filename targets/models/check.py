"""Checks between the numbers of one return that a plan administrator keeps as data."""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.models import User
from institutions.numerals import within_bounds
from targets.enums import Operator, Severity
from targets.models.indicator import DataElement
from targets.models.plan import Plan


class CheckRuleQuerySet(models.QuerySet["CheckRule"]):
    def in_force(self) -> Self:
        return self.filter(stopped_at__isnull=True)


class CheckRule(models.Model):
    """Σ left `operator` factor x Σ right + number, of one unit in one quarter; see `CheckTerm` for the sides.

    Holds for every unit of which all its elements are asked, while its plan asks. Not applied where one of its
    numbers is not given. `message` may say {left} and {right}, the two amounts. Written only by
    `targets.actions.checks`; a rule is stopped, never deleted.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="check_rules")
    operator = models.CharField(_("关系"), max_length=2, choices=Operator)
    factor = models.DecimalField(_("倍数"), max_digits=20, decimal_places=4, default=Decimal(1))
    number = models.DecimalField(_("加数"), max_digits=20, decimal_places=4, default=Decimal(0))
    severity = models.CharField(_("级别"), max_length=5, choices=Severity)
    message = models.CharField(_("提示语"), max_length=200)
    stopped_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(_("设置时间"))
    objects = CheckRuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("校验规则")
        ordering = ["plan", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(message=""), name="check_rule_says_something"),
            models.CheckConstraint(condition=within_bounds("factor", "number"), name="check_rule_within_bounds"),
        ]

    def __str__(self) -> str:
        return self.message


class CheckTerm(models.Model):
    """An element on one side of a check."""

    rule = models.ForeignKey(CheckRule, models.CASCADE, related_name="terms")
    element = models.ForeignKey(DataElement, models.PROTECT, related_name="+")
    is_left = models.BooleanField(_("左边"))

    class Meta:
        ordering = ["rule", "-is_left", "id"]
        constraints = [models.UniqueConstraint(fields=["rule", "element", "is_left"], name="check_term_once_a_side")]

    def __str__(self) -> str:
        return str(self.element)
