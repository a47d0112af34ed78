"""The closed lists of who: levels and kinds of places, kinds of institutions, and roles."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionLevel(models.TextChoices):
    COUNTRY = "country", _("国家")
    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县区")
    TOWNSHIP = "township", _("乡镇街道")


class RegionKind(models.TextChoices):
    """What a place is called; a condition may ask more of one class (县) than of another (区)."""

    COUNTRY = "country", _("国家")
    PROVINCE = "province", _("省")
    CITY = "city", _("设区市")
    COUNTY = "county", _("县")
    DISTRICT = "district", _("区")
    ZONE = "zone", _("功能区")
    TOWN = "town", _("镇")
    TOWNSHIP = "township", _("乡")
    STREET = "street", _("街道")
    FARM = "farm", _("农场等")


class InstitutionKind(models.TextChoices):
    BUREAU = "bureau", _("卫生健康行政部门")
    SUPERVISION_OFFICE = "supervision_office", _("政府督查机构")
    TOWNSHIP_HOSPITAL = "township_hospital", _("乡镇卫生院")
    COMMUNITY_CENTRE = "community_centre", _("社区卫生服务中心")
    COMMUNITY_STATION = "community_station", _("社区卫生服务站")
    VILLAGE_CLINIC = "village_clinic", _("村卫生室")
    HOSPITAL = "hospital", _("医院")
    MATERNAL_CHILD = "maternal_child", _("妇幼保健机构")
    CDC = "cdc", _("疾病预防控制机构")


class Grade(models.TextChoices):
    CENTRAL = "central", _("中心")
    GENERAL = "general", _("一般")
    SECOND = "second", _("二级")
    THIRD = "third", _("三级")


class Ownership(models.TextChoices):
    PUBLIC = "public", _("政府办")
    COLLECTIVE = "collective", _("集体办")
    PRIVATE = "private", _("民办")


class Role(models.TextChoices):
    REPORTER = "reporter", _("填报员")
    REVIEWER = "reviewer", _("审核员")
    DIRECTOR = "director", _("局领导")
    SUPERVISOR = "supervisor", _("督查员")
    PLAN_ADMIN = "plan_admin", _("计划管理员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
