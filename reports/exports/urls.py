"""Addresses of the summary workbook and of timeliness."""

from django.urls import path

from reports.exports.views import summary, timeliness

urlpatterns = [
    path("summary/", summary.summary, name="summary"),
    path("summary/<int:pk>/", summary.export_file, name="export_file"),
    path("timeliness/", timeliness.timeliness, name="timeliness"),
    path("timeliness/workbook/", timeliness.workbook, name="timeliness_workbook"),
]
