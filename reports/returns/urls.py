"""Addresses of filling in, of what stands beside the figures (佐证材料, 问题与措施), and of the calendar."""

from django.urls import path

from reports.base import converters  # noqa: F401  (registers the quarter)
from reports.returns.views import autosave, calendar, evidence, explanations, returns, withdrawal

urlpatterns = [
    path("returns/", returns.return_list, name="returns"),
    path("returns/<int:pk>/", returns.return_form, name="return_form"),
    path("returns/<int:pk>/typed/", autosave.save_typed, name="return_typed"),
    path("returns/<int:pk>/print/", returns.return_print, name="return_print"),
    path("returns/<int:pk>/withdraw/", withdrawal.withdraw, name="return_withdraw"),
    path("returns/<int:pk>/evidence/", evidence.evidence_page, name="evidence"),
    path("returns/<int:pk>/explanations/", explanations.explanations_page, name="explanations"),
    path("evidence/<int:file_id>/", evidence.evidence_file, name="evidence_file"),
    path("evidence/<int:file_id>/withdraw/", evidence.evidence_withdraw, name="evidence_withdraw"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<quarter:quarter>/", calendar.calendar_quarter, name="calendar_quarter"),
]
