"""The closed lists of what was promised: kinds of indicator, comparators, schedules, data types."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    PUBLISHED = "published", _("已发布")
    CLOSED = "closed", _("已结束")


class JudgedLevel(models.TextChoices):
    """Where a plan is judged: the levels of regions, and at the bottom the single reporting institution."""

    COUNTRY = "country", _("国家")
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县区")
    TOWNSHIP = "township", _("乡镇街道")
    INSTITUTION = "institution", _("机构")


class ElementType(models.TextChoices):
    """How an answer is typed. In the database every answer is one number: yes/no is 1/0, a level
    its place in `levels` (from 0), a date its proleptic ordinal, money 元."""

    COUNT = "count", _("整数")
    DECIMAL = "decimal", _("小数")
    MONEY = "money", _("金额（元）")
    YESNO = "yesno", _("是否")
    LEVEL = "level", _("等级")
    DATE = "date", _("日期")


class Accumulation(models.TextChoices):
    FLOW = "flow", _("本季发生数")
    RUNNING = "running", _("年初至今累计数")
    STOCK = "stock", _("季末数")


class IndicatorKind(models.TextChoices):
    RATIO = "ratio", _("比率")
    SHARE = "share", _("达标占比")
    EACH = "each", _("逐个达标")
    TOTAL = "total", _("总量")
    DELIVERABLE = "deliverable", _("交付事项")
    QUALITATIVE = "qualitative", _("定性工作")


class Denominator(models.TextChoices):
    """What a ratio divides by; every other kind has NONE."""

    NONE = "none", _("无")
    ELEMENT = "element", _("数据项")
    CONSTANT = "constant", _("基础数据")
    QUOTA = "quota", _("下达任务数")
    LAST_YEAR = "last_year", _("上年同期")


class Comparator(models.TextChoices):
    AT_LEAST = "at_least", _("≥")
    AT_MOST = "at_most", _("≤")
    RANGE = "range", _("区间")


class Strength(models.TextChoices):
    MUST = "must", _("必须")
    AIM = "aim", _("力争")
    PERMISSION = "permission", _("允许")


class Schedule(models.TextChoices):
    EVEN = "even", _("按季均衡")
    CUSTOM = "custom", _("自定进度")
    AT_DUE = "at_due", _("到期考核")
    HOLD = "hold", _("始终保持")


class Window(models.TextChoices):
    YEAR = "year", _("按年")
    PLAN = "plan", _("按计划期")


class Severity(models.TextChoices):
    """Whether a check between numbers blocks the hand-in or asks for a word of explanation."""

    HARD = "hard", _("必须改正")
    SOFT = "soft", _("请核实")


class Operator(models.TextChoices):
    """How the left side of a check must stand to the right one."""

    AT_MOST = "<=", "≤"
    LESS = "<", "<"
    EQUAL = "=", "="
    AT_LEAST = ">=", "≥"
    MORE = ">", ">"
