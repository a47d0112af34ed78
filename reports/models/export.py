"""A workbook that was given out, kept as it was with its hash."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from institutions.models import Region, User
from reports.base.enums import ExportKind
from reports.models.submission import QuarterField
from targets.models import Plan


class Export(models.Model):
    kind = models.CharField(max_length=15, choices=ExportKind, default=ExportKind.INSPECTION)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    quarter = QuarterField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    filename = models.CharField(max_length=120)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = _("导出文件")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return self.filename
