"""The pages of the system administrator: accounts, posts, places, the register. No figures are shown here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from institutions import audit, clock
from institutions.actions import members, records, regions, register
from institutions.enums import Role
from institutions.forms import VisibleTextField
from institutions.identity import NOT_PLAIN, fold_name, fold_username, is_plain_username
from institutions.models import Institution, Membership, Region, User
from institutions.permissions import administered_regions, may_administer
from institutions.quarters import PastQuarter, kept_quarters, quarters_changed
from institutions.queries import administered_institutions, administered_people, units_by_name_and_place


def may_use(request: HttpRequest) -> bool:
    return request.user.is_active and (is_root(request) or may_administer(request.user))


def login(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """There is one way in, with its lock; an account without the post finds nothing here."""
    if isinstance(request.user, AnonymousUser):
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not request.user.is_staff:
        raise Http404
    return redirect("admin:index")


class SystemAdmin(admin.ModelAdmin):
    """Open to system administrators, each for their own regions; every change leaves an audit row."""

    def own(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the administrator's regions."""
        return super().get_queryset(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request) if is_root(request) else self.own(request)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Nothing outside one's regions can be chosen, by hand or by a forged form."""
        asked = self.admin_site._registry.get(db_field.remote_field.model)
        if asked:
            kwargs["queryset"] = asked.get_queryset(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_use(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_use(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_use(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_use(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing that figures may hang on is ever deleted: places and units close, accounts are switched off."""
        return False

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        record_change(request, "add", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        record_change(request, "change", obj, message)
        return super().log_change(request, obj, message)


def is_root(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


def record_change(request: HttpRequest, kind: str, obj: Model, message: Any) -> None:
    audit.record(f"admin.{kind}", obj, actor(request), clock.now(), name=str(obj), changes=message)


def actor(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


class NewAccountForm(AdminUserCreationForm):
    def clean_username(self) -> str:
        """A name that is taken has had its sentence, and comes back as nothing."""
        username = fold_username(super().clean_username() or "")
        if username and not is_plain_username(username):
            raise forms.ValidationError(NOT_PLAIN)
        return username


class AccountForm(UserChangeForm):
    def clean_username(self) -> str:
        """A name from before may stay; another one is such as a new account may have."""
        username = fold_username(self.cleaned_data.get("username") or "")
        if "username" in self.changed_data and username and not is_plain_username(username):
            raise forms.ValidationError(NOT_PLAIN)
        return username


@admin.register(User)
class UserAdmin(SystemAdmin, DjangoUserAdmin):
    list_display = ["username", "display_name", "phone", "is_active", "last_login"]
    form = AccountForm
    add_form = NewAccountForm
    list_filter = ["is_active", "memberships__role"]
    search_fields = ["username", "display_name", "phone"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("个人信息"), {"fields": ["display_name", "phone", "is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "display_name", "phone", "usable_password", "password1", "password2"]})
    ]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []

    def own(self, request: HttpRequest) -> QuerySet[User]:
        return administered_people(request.user)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever opens the account knows its password; its person chooses another."""
        if not change:
            obj.must_change_password = True
        super().save_model(request, obj, form, change)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Passwords are reset in one place."""
        person = get_object_or_404(self.get_queryset(request), pk=id)
        return redirect("person", person.pk)


class MembershipForm(forms.ModelForm):
    class Meta:
        model = Membership
        fields = ["user", "role", "region", "institution"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        reports = cleaned.get("role") == Role.REPORTER
        if reports and (not cleaned.get("institution") or cleaned.get("region")):
            raise forms.ValidationError(_("填报员只选机构，不选行政区划。"))
        if not reports and (not cleaned.get("region") or cleaned.get("institution")):
            raise forms.ValidationError(_("除填报员外，其他岗位只选行政区划，不选机构。"))
        return cleaned

    @property
    def place(self) -> Region | Institution:
        return self.cleaned_data["institution"] or self.cleaned_data["region"]


@admin.register(Membership)
class MembershipAdmin(SystemAdmin):
    form = MembershipForm
    list_display = ["user", "role", "region", "institution"]
    list_filter = ["role"]
    list_select_related = ["user", "region", "institution"]
    search_fields = ["user__username", "user__display_name", "institution__name", "region__name"]
    autocomplete_fields = ["user", "region", "institution"]
    actions = None

    def own(self, request: HttpRequest) -> QuerySet[Membership]:
        own_regions = administered_regions(request.user).values("pk")
        return Membership.objects.filter(Q(region__in=own_regions) | Q(institution__region__in=own_regions))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A post is given and taken away, never turned into another."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_use(request)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        made = members.appoint(
            user=obj.user,
            role=Role(obj.role),
            at=form.place,
            by=actor(request),
            now=clock.now(),
        )
        obj.pk = made.pk

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        members.dismiss(membership=obj, by=actor(request), now=clock.now())


@admin.register(Region)
class RegionAdmin(SystemAdmin):
    list_display = ["name", "code", "level", "kind", "parent", "valid_from", "valid_to"]
    list_filter = ["level", "kind"]
    list_select_related = ["parent"]
    search_fields = ["name", "code"]
    autocomplete_fields = ["parent"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new place is there from the quarter on that is filled in now; of the first register, always."""
        quarters = kept_quarters(clock.today())
        since = {"valid_from": quarters.open_from} if quarters.over else {}
        return since | super().get_changeform_initial_data(request)

    def own(self, request: HttpRequest) -> QuerySet[Region]:
        return administered_regions(request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A place without a parent would be nobody's."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field and not is_root(request):
            field.required = True
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What a place is called, is and lies in changes from a day on, under 行政区划变更 (`region_changes`)."""
        return ["name", "code", "kind", "parent", "level", "valid_from", "lineage"] if obj else ["lineage"]

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            if "valid_to" in form.changed_data:
                regions.end(region=obj, last_day=obj.valid_to, by=actor(request), now=clock.now())
            return
        made = regions.add(**form.cleaned_data, by=actor(request), now=clock.now())
        obj.pk, obj.lineage = made.pk, made.lineage


BY_WORKBOOK = ["reported_by", "parent", "closed", "merged_into"]


class InstitutionForm(forms.ModelForm):
    """Asks what the register's workbook asks: is it another one, and why do quarters change that are over."""

    is_another = forms.BooleanField(required=False, label=_("与已有机构同名同地，确认是另一家"))
    reason = VisibleTextField(
        required=False,
        max_length=200,
        label=_("改变已结束季度的原因"),
        help_text=_("开业或停业日期改变已结束的季度时必填，留存备查。"),
    )

    class Meta:
        model = Institution
        fields = [
            "code",
            "name",
            "kind",
            "grade",
            "ownership",
            "region",
            "parent",
            "reported_by",
            "opened",
            "closed",
            "merged_into",
            "contact_name",
            "contact_phone",
            "is_sample",
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        name, region = cleaned.get("name"), cleaned.get("region")
        if self.instance.pk is None and name and region and not cleaned.get("is_another"):
            for code, known in units_by_name_and_place([region.pk]).get((fold_name(name), region.pk), [])[:1]:
                told = _("与 %(name)s（%(code)s）同名同地。确实是另一家的，请在下面确认。")
                self.add_error("name", forms.ValidationError(told, params={"name": known, "code": code}))
        opened, closed = cleaned.get("opened"), cleaned.get("closed", self.instance.closed)
        if opened and closed and closed < opened:
            self.add_error("opened", forms.ValidationError(_("停业日期早于开业日期 %s。") % opened))
        elif (quarters := self.quarters) and not cleaned.get("reason"):
            told = _("这个日期改变已结束的季度：%(quarters)s。请在下面写明原因。")
            labels = "、".join(quarter.label for quarter in quarters)
            self.add_error("opened", forms.ValidationError(told, params={"quarters": labels}))
        return cleaned

    @property
    def quarters(self) -> tuple[PastQuarter, ...]:
        """Those over that the form's days change."""
        opened = self.cleaned_data.get("opened")
        if opened is None:
            return ()
        before = Institution.objects.filter(pk=self.instance.pk).first()
        after = Institution(opened=opened, closed=self.cleaned_data.get("closed", self.instance.closed))
        return quarters_changed(before, after, kept_quarters(clock.today()))


@admin.register(Institution)
class InstitutionAdmin(SystemAdmin):
    form = InstitutionForm
    list_display = ["name", "code", "kind", "grade", "region", "reported_by", "opened", "closed", "is_sample"]
    list_filter = ["kind", "grade", "ownership", "is_sample"]
    list_select_related = ["region", "reported_by"]
    search_fields = ["name", "code", "region__name"]
    autocomplete_fields = ["region"]

    def own(self, request: HttpRequest) -> QuerySet[Institution]:
        return administered_institutions(request.user)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new unit is open from the quarter on that is filled in now."""
        return {"opened": kept_quarters(clock.today()).open_from} | super().get_changeform_initial_data(request)

    def save_model(self, request: HttpRequest, obj: Institution, form: Any, change: bool) -> None:
        quarters = form.quarters
        super().save_model(request, obj, form, change)
        records.keep_versions([obj.pk], actor(request), clock.now())
        if quarters:
            register.tell_backdated({obj.code: quarters}, form.cleaned_data["reason"], actor(request), clock.now())

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """What reaches returns and results is changed by the register's workbook, which shows first what it does."""
        return BY_WORKBOOK + (["region"] if obj else [])

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        words = _("停业、并入、迁移和改由谁填报，请在“机构与人员”上传名册办理：确认之前先列出影响哪些报表和结果。")
        return super().get_form(request, obj, change, help_texts=dict.fromkeys(["closed", "region"], words), **kwargs)


admin.site.unregister(Group)
admin.site.site_header = admin.site.site_title = _("健康计划目标管理：系统管理")
admin.site.login = login  # type: ignore[method-assign]
