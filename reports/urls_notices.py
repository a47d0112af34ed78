"""Addresses of reminders and of timeliness; included by the app's own."""

from django.urls import path

from reports.views import notices, timeliness

urlpatterns = [
    path("notices/", notices.notice_list, name="notices"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("returns/<int:pk>/reminders/", notices.return_reminders, name="return_reminders"),
    path("progress/chase/", notices.chase, name="chase"),
    path("timeliness/", timeliness.timeliness, name="timeliness"),
    path("timeliness/workbook/", timeliness.workbook, name="timeliness_workbook"),
]
