"""The closed lists of what came back: states of a return, statuses of a result."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmissionState(models.TextChoices):
    """Where a return stands. Whether it is late or overdue is worked out from its dates, never stored."""

    DRAFT = "draft", _("待填报")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已通过")


class Decision(models.TextChoices):
    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退回")


class Status(models.TextChoices):
    """How a target stands. Order here is the order of concern used for counting and sorting."""

    RED = "red", _("未达标")
    AMBER = "amber", _("滞后")
    NO_DATA = "no_data", _("数据不足")
    NOT_DUE = "not_due", _("未到期")
    GREEN = "green", _("正常")
    MET = "met", _("达标")
    SHOWN = "shown", _("仅展示")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class Cause(models.TextChoices):
    """Why a status was given; the word beside the colour where it says more than the status."""

    NONE = "", ""
    OVERDUE = "overdue", _("到期未达标")
    SLIPPED = "slipped", _("节点未保持")
    UNREPORTED = "unreported", _("未报")
    UNREVIEWED = "unreviewed", _("逾期未审")
    BEHIND = "behind", _("严重滞后")
    PARTLY = "partly", _("基本完成")
    PENDING = "pending", _("待审")
    AWAITED = "awaited", _("待报")
    NO_TARGET_VALUE = "no_target_value", _("目标值待下达")
    NO_CONSTANT = "no_constant", _("缺基础数据")
    NO_LAST_YEAR = "no_last_year", _("缺上年同期")
    MISSING_UNITS = "missing_units", _("缺报")
    LATE_DONE = "late_done", _("逾期完成")


class ExportKind(models.TextChoices):
    INSPECTION = "inspection", _("迎检汇总表")
