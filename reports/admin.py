"""The one thing of the returns that the system administrator keeps: their dates."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from institutions import clock
from institutions.admin import SystemAdmin, actor
from reports.models import ReturnPeriod
from reports.returns.actions import periods
from reports.returns.forms.calendar import PeriodForm


@admin.register(ReturnPeriod)
class ReturnPeriodAdmin(SystemAdmin):
    """Quarters open by themselves; here their deadlines are moved, for every return still on the old ones."""

    form = PeriodForm
    list_display = ["__str__", "opened_at", "due_on", "review_by", "closes_on", "calendar_known"]
    fields = ["opened_at", "calendar_known", "due_on", "review_by", "closes_on"]
    readonly_fields = ["opened_at", "calendar_known"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ReturnPeriod, form: Any, change: bool) -> None:
        by = actor(request)
        if by:
            dates = {name: form.cleaned_data[name] for name in periods.DATES}
            periods.set_dates(obj, by=by, now=clock.now(), **dates)
