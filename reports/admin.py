"""The one thing of the returns that the system administrator keeps: their dates."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from institutions import clock
from institutions.admin import SystemAdmin, actor
from reports.actions import periods
from reports.models import ReturnPeriod


class ReturnPeriodForm(forms.ModelForm):
    class Meta:
        model = ReturnPeriod
        fields = ["due_on", "review_by"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        due_on, review_by = cleaned.get("due_on"), cleaned.get("review_by")
        if due_on and review_by and review_by < due_on:
            raise forms.ValidationError(_("审核截止日不能早于填报截止日。"))
        return cleaned


@admin.register(ReturnPeriod)
class ReturnPeriodAdmin(SystemAdmin):
    """Quarters open by themselves; here their deadlines are moved, for every return still on the old ones."""

    form = ReturnPeriodForm
    list_display = ["__str__", "opened_at", "due_on", "review_by", "calendar_known"]
    fields = ["opened_at", "calendar_known", "due_on", "review_by"]
    readonly_fields = ["opened_at", "calendar_known"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ReturnPeriod, form: Any, change: bool) -> None:
        by = actor(request)
        if by:
            periods.set_due(obj, form.cleaned_data["due_on"], form.cleaned_data["review_by"], by, clock.now())
