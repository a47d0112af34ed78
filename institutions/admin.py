"""The pages of the system administrator: accounts, posts, places, the register. No figures are shown here."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from institutions import audit, clock
from institutions.actions import members, regions
from institutions.enums import Role
from institutions.models import Institution, Membership, Region, User
from institutions.permissions import may_administer


def may_use(request: HttpRequest) -> bool:
    return request.user.is_active and (getattr(request.user, "is_superuser", False) or may_administer(request.user))


def login(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """There is one way in, with its lock; an account without the post finds nothing here."""
    if isinstance(request.user, AnonymousUser):
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
    if not request.user.is_staff:
        raise Http404
    return redirect("admin:index")


class SystemAdmin(admin.ModelAdmin):
    """Open to system administrators; every change leaves an audit row."""

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
        keep(request, "add", obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        keep(request, "change", obj, message)
        return super().log_change(request, obj, message)


def keep(request: HttpRequest, kind: str, obj: Model, message: Any) -> None:
    audit.record(f"admin.{kind}", obj, actor(request), clock.now(), name=str(obj), changes=message)


def actor(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


@admin.register(User)
class UserAdmin(SystemAdmin, DjangoUserAdmin):
    list_display = ["username", "display_name", "phone", "is_active", "last_login"]
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Only a superuser touches a superuser's account."""
        users = super().get_queryset(request)
        return users if getattr(request.user, "is_superuser", False) else users.filter(is_superuser=False)


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

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """A place keeps its parent and level: a move is a new place, so that old quarters stay where they were."""
        return ["parent", "level", "lineage"] if obj else ["lineage"]

    def save_model(self, request: HttpRequest, obj: Region, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = regions.add(**form.cleaned_data, by=actor(request), now=clock.now())
        obj.pk, obj.lineage = made.pk, made.lineage


@admin.register(Institution)
class InstitutionAdmin(SystemAdmin):
    list_display = ["name", "code", "kind", "grade", "region", "reported_by", "opened", "closed", "is_sample"]
    list_filter = ["kind", "grade", "ownership", "is_sample"]
    list_select_related = ["region", "reported_by"]
    search_fields = ["name", "code", "region__name"]
    autocomplete_fields = ["region", "parent", "reported_by", "merged_into"]


admin.site.unregister(Group)
admin.site.site_header = admin.site.site_title = _("健康计划目标管理：系统管理")
admin.site.login = login  # type: ignore[method-assign]
