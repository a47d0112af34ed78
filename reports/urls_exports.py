"""Addresses of the summary workbook; included by the app's own."""

from django.urls import path

from reports.views import exports

urlpatterns = [
    path("summary/", exports.summary, name="summary"),
    path("summary/<int:pk>/", exports.export_file, name="export_file"),
]
