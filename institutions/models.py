"""Who: places, institutions, people and what they may do, and the record of what was done."""

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from institutions.enums import Grade, InstitutionKind, Ownership, RegionKind, RegionLevel, Role
from institutions.identity import LoginNameField, RegisterCodeField, fold_username, is_folded


class RegionQuerySet(models.QuerySet["Region"]):
    def within(self, region_id: int) -> Self:
        """The region and everything below it."""
        return self.filter(lineage__contains=[region_id])

    def within_any(self, region_ids: models.QuerySet[Any, Any] | Iterable[int]) -> Self:
        return self.filter(lineage__overlap=region_ids)

    def existing(self, first: date, last: date) -> Self:
        """On any of these days; `valid_to` is the last day of a region."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), valid_from__lte=last)

    def without_end(self) -> Self:
        return self.filter(valid_to__isnull=True)

    def highest_first(self) -> Self:
        return self.order_by("lineage__len", "position", "pk")


class Region(models.Model):
    """A place of the tree province > city > county > township, with its own identity, as it is today.

    `lineage` holds the ids from the root down to the place itself. It is written only by
    `institutions.actions.regions` and lets one array test find everything below a place. What the place was called,
    and where it lay, on another day is in its `RegionVersion`s. One that was merged away lies in what it went into.
    """

    code = RegisterCodeField(_("区划代码"), max_length=12, null=True, blank=True, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=10, choices=RegionLevel)
    kind = models.CharField(_("类别"), max_length=10, choices=RegionKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveIntegerField(_("排序"), default=0)
    valid_from = models.DateField(_("启用日期"), default=date(1949, 10, 1))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)
    lineage = ArrayField(models.BigIntegerField(), default=list, editable=False)
    keeps_spelling = models.BooleanField(default=False, editable=False)
    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("行政区划")
        ordering = ["position", "id"]
        indexes = [GinIndex(fields=["lineage"], name="region_lineage")]
        constraints = [
            models.CheckConstraint(
                condition=Q(code__isnull=True) | is_folded("code", "a-z"), name="region_code_folded"
            ),
            models.UniqueConstraint(fields=["parent", "name", "valid_from"], name="region_name_once_under_parent"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="region_valid_to_after_from"
            ),
        ]

    # Of a region shown as of a day (`RegionVersion.shown`): what it is called today, where that differs, and its way
    # from the top today.
    name_today = ""
    lineage_today: tuple[int, ...] = ()

    def __str__(self) -> str:
        return self.name

    @property
    def above(self) -> set[int]:
        """The region and all in which it lies; shown as of a day, those of that day and of today."""
        return {*self.lineage, *self.lineage_today}

    @property
    def successor(self) -> "Region | None":
        """What it was merged into: only that is of the same level and above it."""
        return self.parent if self.valid_to and self.parent and self.parent.level == self.level else None


class RecordedQuerySet(models.QuerySet[Any]):
    """Rows that are superseded and never overwritten."""

    def current(self) -> Self:
        """What is held to be true now; the others were corrected since."""
        return self.filter(superseded_at__isnull=True)

    def known_at(self, moment: datetime) -> Self:
        """What was held to be true at a moment; of before such records were kept, what was found there."""
        return self.filter(
            Q(recorded_at__isnull=True) | Q(recorded_at__lte=moment),
            Q(superseded_at__isnull=True) | Q(superseded_at__gt=moment),
        )


class RegionVersionQuerySet(RecordedQuerySet):
    def in_force_on(self, day: date) -> Self:
        """One a region: what it was on the day."""
        return self.current().filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def existing(self) -> Self:
        """Without what had been merged into another place by then."""
        return self.filter(is_former=False)

    def within(self, region_id: int) -> Self:
        """The region and everything that lay below it."""
        return self.filter(lineage__contains=[region_id])

    def highest_first(self) -> Self:
        return self.order_by("lineage__len", "region__position", "region")

    def shown(self) -> list[Region]:
        """The regions as they were, for reading."""
        return [version.shown for version in self.select_related("region__parent")]


class RegionVersion(models.Model):
    """What a region was from one day to another, and when that was recorded. Written only by
    `institutions.actions.regions`.

    Nothing is overwritten: what turns out otherwise is superseded by a new row, so that what was held to be true at
    an earlier moment can be told. is_former: it was merged into `parent`; nothing lies in it any more, and what was
    reported from it counts there. recorded_at: empty where it was known before such records were kept.
    """

    region = models.ForeignKey(Region, models.CASCADE, related_name="versions")
    name = models.CharField(_("名称"), max_length=60)
    code = RegisterCodeField(_("区划代码"), max_length=12, blank=True)
    kind = models.CharField(_("类别"), max_length=10, choices=RegionKind)
    parent = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    lineage = ArrayField(models.BigIntegerField())
    is_former = models.BooleanField(_("已并入上级所列地区"), default=False)
    valid_from = models.DateField(_("起"))
    valid_until = models.DateField(_("止"), null=True, blank=True)
    document = models.CharField(_("依据文件"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    recorded_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(_("更正时间"), null=True, blank=True)
    objects = RegionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("区划沿革")
        ordering = ["region", "valid_from", "id"]
        indexes = [
            GinIndex(fields=["lineage"], name="region_version_lineage"),
            models.Index(
                fields=["region"], condition=Q(is_former=True, superseded_at__isnull=True), name="region_version_former"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="region_version_until_after_from",
            ),
            # A range of one id stands for its equality, which GiST knows only by an extension.
            ExclusionConstraint(
                name="region_version_one_a_day",
                expressions=[
                    (Func("region", "region", Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func("valid_from", "valid_until", Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(superseded_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from} – {self.valid_until or ''}".rstrip()

    @property
    def shown(self) -> Region:
        """The region as this version says; for reading, never to be saved."""
        region = copy(self.region)
        today = (region.successor or region).name
        region.name_today = "" if self.name == today else today
        region.lineage_today = tuple(region.lineage)
        region.name, region.code, region.kind = self.name, self.code or None, self.kind
        region.parent_id, region.lineage = self.parent_id, self.lineage
        return region


class InstitutionQuerySet(models.QuerySet["Institution"]):
    """A register is always asked about as of a day."""

    def open_on(self, day: date) -> Self:
        """A unit is closed from the day named in `closed` on."""
        return self.filter(Q(closed__isnull=True) | Q(closed__gt=day), opened__lte=day)

    def never_closed(self) -> Self:
        return self.filter(closed__isnull=True)

    def with_reporter_on(self, day: date) -> models.QuerySet[Any]:
        """`reporter_then`: the id of the unit whose return carried the line on the day; its own where nobody else's."""
        before = FormerReporter.objects.lasting_to(day).filter(institution=OuterRef("pk")).order_by("until")
        held_by = (Subquery(before.values("reporter")[:1]), F("reported_by"), F("pk"))
        return self.annotate(reporter_then=Coalesce(*held_by, output_field=models.BigIntegerField()))

    def within(self, region_id: int) -> Self:
        """Those that lie in the region or below it."""
        return self.filter(region__lineage__contains=[region_id])

    def placed(self, day: date) -> Self:
        """With `lay_in`, the id of the region where the unit lay on the day."""
        moved = Placement.objects.lasting_to(day).filter(institution=OuterRef("pk")).order_by("until")
        lay_in = Coalesce(Subquery(moved.values("region")[:1]), F("region"), output_field=models.BigIntegerField())
        return self.annotate(lay_in=lay_in)

    def lying_in(self, regions: models.QuerySet[Any, Any] | Iterable[int], day: date) -> Self:
        """Those that lay in one of these regions itself on the day; `lay_in` says in which."""
        return self.placed(day).filter(lay_in__in=regions)


class Institution(models.Model):
    """A unit that reports, or is reported on. A bureau is an institution of its region too.

    `reported_by` is the institution whose return carries this unit's line (a village clinic is
    reported by its township hospital); empty means that the unit answers for itself. Who did before is in
    `FormerReporter`: a quarter asks those who reported at its end (`with_reporter_on`).
    """

    code = RegisterCodeField(_("机构代码"), max_length=30, unique=True)
    name = models.CharField(_("机构名称"), max_length=80)
    kind = models.CharField(_("机构类别"), max_length=20, choices=InstitutionKind)
    grade = models.CharField(_("等级"), max_length=10, choices=Grade, blank=True)
    ownership = models.CharField(_("举办主体"), max_length=10, choices=Ownership, default=Ownership.PUBLIC)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("行政区划"), related_name="institutions")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="subordinates")
    reported_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reports_for")
    opened = models.DateField(_("开业日期"), default=date(2000, 1, 1))
    closed = models.DateField(_("停业日期"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)
    keeps_spelling = models.BooleanField(default=False, editable=False)
    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("机构")
        ordering = ["region__position", "code"]
        indexes = [
            models.Index(fields=["region", "kind"], name="institution_region_kind"),
            models.Index(fields=["is_sample"], condition=Q(is_sample=True), name="institution_sample"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed__isnull=True) | Q(closed__gte=F("opened")), name="institution_closed_after_opened"
            ),
            models.CheckConstraint(condition=is_folded("code", "a-z"), name="institution_code_folded"),
            models.CheckConstraint(condition=~Q(reported_by=F("id")), name="institution_not_reported_by_itself"),
        ]

    def __str__(self) -> str:
        return self.name


class InstitutionVersion(models.Model):
    """What the register said of a unit, from the moment it was recorded until it was recorded otherwise; the newest
    says what the unit's row says. recorded_at: empty where it was known before such records were kept.

    Written only by `institutions.actions.records`. From which day a unit lies elsewhere is in its `Placement`s.
    """

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="versions")
    name = models.CharField(_("机构名称"), max_length=80)
    kind = models.CharField(_("机构类别"), max_length=20, choices=InstitutionKind)
    grade = models.CharField(_("等级"), max_length=10, choices=Grade, blank=True)
    ownership = models.CharField(_("举办主体"), max_length=10, choices=Ownership)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    reported_by = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="+")
    opened = models.DateField(_("开业日期"))
    closed = models.DateField(_("停业日期"), null=True, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=30, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    recorded_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(_("更正时间"), null=True, blank=True)
    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("机构登记")
        ordering = ["institution", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution"], condition=Q(superseded_at__isnull=True), name="institution_version_one_current"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.recorded_at or ''}".rstrip()


class PlacementQuerySet(models.QuerySet["Placement"]):
    def lasting_to(self, day: date) -> Self:
        """Where units still lay on the day; of a unit that moved again later, all places up to now."""
        return self.filter(until__gte=day)


class Placement(models.Model):
    """Where a unit lay before it moved, up to and including a day; `Institution.region` is where it lies now.

    Written only by `institutions.actions.register.move`. A unit that never moved has none.
    """

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="placements")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+")
    until = models.DateField(_("截止日期"))
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("历史区划")
        ordering = ["institution", "until"]
        constraints = [models.UniqueConstraint(fields=["institution", "until"], name="placement_once_a_day")]

    def __str__(self) -> str:
        return f"{self.institution} {self.region} – {self.until}"


class FormerReporterQuerySet(models.QuerySet["FormerReporter"]):
    def lasting_to(self, day: date) -> Self:
        """Who still reported on the day; of a line that went on again later, all up to now."""
        return self.filter(until__gte=day)


class FormerReporter(models.Model):
    """Whose return carried a unit's line before it went to another, up to and including a day.

    `reporter` is the unit itself where it answered for itself. Written only by `institutions.actions.reporting`;
    a unit whose reporter never changed has none.
    """

    institution = models.ForeignKey(Institution, models.CASCADE, related_name="former_reporters")
    reporter = models.ForeignKey(Institution, models.PROTECT, related_name="reported_before")
    until = models.DateField(_("截止日期"))
    objects = FormerReporterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("历史填报单位")
        ordering = ["institution", "until"]
        constraints = [models.UniqueConstraint(fields=["institution", "until"], name="former_reporter_once_a_day")]

    def __str__(self) -> str:
        return f"{self.institution} {self.reporter} – {self.until}"


class PeopleManager(UserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        """Whose name it is, however it was typed; first the account of before that is spelled exactly so."""
        spelt = self.annotate(spelt=Cast("username", models.TextField())).filter(keeps_spelling=True, spelt=username)
        return spelt.first() or super().get_by_natural_key(username)


class User(AbstractUser):
    """A person; unique and never shared. What one may do is in `Membership`."""

    username = LoginNameField(
        _("用户名"),
        max_length=150,
        unique=True,
        help_text=_("字母、数字和 @ . + - _，不分大小写。"),
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("已有这个用户名（不分大小写、全角半角），请换一个。")},
    )
    display_name = models.CharField(_("姓名"), max_length=30, blank=True)
    phone = models.CharField(_("电话"), max_length=30, blank=True)
    must_change_password = models.BooleanField(_("须改密码"), default=False)
    keeps_spelling = models.BooleanField(default=False, editable=False)
    objects: ClassVar[PeopleManager] = PeopleManager()

    class Meta:
        verbose_name = verbose_name_plural = _("用户")
        constraints = [models.CheckConstraint(condition=is_folded("username", "A-Z"), name="user_name_folded")]

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return fold_username(username) if username else username

    def __str__(self) -> str:
        return self.display_name or self.username


class FormerPassword(models.Model):
    """A password that was given up, encoded; the last few may not be chosen again. Written by `actions.passwords`."""

    user = models.ForeignKey(User, models.CASCADE, related_name="former_passwords")
    encoded = models.CharField(max_length=128)
    until = models.DateTimeField(_("停用时间"))

    class Meta:
        ordering = ["user", "-until"]

    def __str__(self) -> str:
        return f"{self.user} – {self.until:%Y-%m-%d}"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of_open_accounts(self) -> Self:
        return self.filter(user__is_active=True)


class Membership(models.Model):
    """One role of one person at one place: an institution for a reporter, a region for all others."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("角色"), max_length=15, choices=Role)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="memberships")
    institution = models.ForeignKey(Institution, models.PROTECT, null=True, blank=True, related_name="memberships")
    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("岗位")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "region", "institution"],
                nulls_distinct=False,
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.REPORTER, institution__isnull=False, region__isnull=True)
                | (~Q(role=Role.REPORTER) & Q(region__isnull=False, institution__isnull=True)),
                name="membership_at_the_place_its_role_needs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()} {self.institution or self.region}"


class AuditRecord(models.Model):
    """Who did what to which object and when; written by actions, never changed or deleted."""

    at = models.DateTimeField(_("时间"), db_index=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, verbose_name=_("操作人"), related_name="+")
    action = models.CharField(_("操作"), max_length=60)
    object_type = models.CharField(_("对象类别"), max_length=40)
    object_id = models.BigIntegerField(_("对象"), null=True)
    detail = models.JSONField(_("内容"), default=dict)

    class Meta:
        verbose_name = verbose_name_plural = _("审计记录")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.action}"
