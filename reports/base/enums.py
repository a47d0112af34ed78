"""The closed lists of what came back: states of a return, statuses of a result."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubmissionState(models.TextChoices):
    """Where a return stands. Whether it is late or overdue is worked out from its dates, never stored."""

    DRAFT = "draft", _("待填报")
    SUBMITTED = "submitted", _("待审核")
    RETURNED = "returned", _("已退回")
    APPROVED = "approved", _("已通过")
    REOPENED = "reopened", _("更正中")


OWED = (SubmissionState.DRAFT, SubmissionState.RETURNED)


class Decision(models.TextChoices):
    APPROVED = "approved", _("通过")
    RETURNED = "returned", _("退回")
    WITHDRAWN = "withdrawn", _("撤回")


class Origin(models.TextChoices):
    """Where the answers of a round come from, where not from the unit's own reporter."""

    OWN = "", _("本单位填报")
    PHONE = "phone", _("电话代报")
    PAPER = "paper", _("纸质代报")
    BACKFILL = "backfill", _("补录")


class SpotCheckOutcome(models.TextChoices):
    """What a check on the spot (现场核查) found; empty while it is open."""

    OPEN = "", _("待核查")
    CONFIRMED = "confirmed", _("属实")
    DIFFERENT = "different", _("有出入")
    FALSE = "false", _("不属实")


class Difficulty(models.TextChoices):
    """Why a target is behind, as the reporter sees it (存在问题)."""

    STAFF = "staff", _("人员不足")
    MONEY = "money", _("经费未到位")
    FACILITIES = "facilities", _("用房设备不足")
    SKILLS = "skills", _("能力不足")
    RESIDENTS = "residents", _("居民配合不够")
    DEPARTMENTS = "departments", _("部门协同不够")
    APPROVAL = "approval", _("审批或招标未完成")
    RECORDS = "records", _("数据或系统问题")
    LATE_START = "late_start", _("启动较晚")
    OTHER = "other", _("其他")


class ReminderKind(models.TextChoices):
    """Why somebody was reminded of a return."""

    SOON = "soon", _("临近截止")
    OVERDUE = "overdue", _("逾期未报")
    CHASED = "chased", _("催报")
    REVIEW = "review", _("待审核")


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
    SILENT = "silent", _("本季无人报送")
    UNREVIEWED = "unreviewed", _("逾期未审")
    LATE_PENDING = "late_pending", _("补报待审")
    BEHIND = "behind", _("严重滞后")
    PARTLY = "partly", _("基本完成")
    PENDING = "pending", _("待审")
    AWAITED = "awaited", _("待报")
    NO_TARGET_VALUE = "no_target_value", _("目标值待下达")
    NO_CONSTANT = "no_constant", _("缺基础数据")
    NO_LAST_YEAR = "no_last_year", _("缺上年同期")
    MISSING_UNITS = "missing_units", _("缺报")
    MISSING_BASE = "missing_base", _("缺部分基础数据")
    CLOSED = "closed", _("已关停")
    LATE_DONE = "late_done", _("逾期完成")


# Nobody reported for the quarter.
UNANSWERED = (Cause.UNREPORTED, Cause.SILENT, Cause.UNREVIEWED, Cause.LATE_PENDING)


class ExportKind(models.TextChoices):
    INSPECTION = "inspection", _("迎检汇总表")
