"""Addresses of returns as workbooks; included by the app's own."""

from django.urls import path

from reports.views import workbooks

urlpatterns = [
    path("returns/<int:pk>/workbook/", workbooks.return_upload, name="return_workbook"),
    path("returns/<int:pk>/workbook/file/", workbooks.return_file, name="return_workbook_file"),
    path("workbooks/", workbooks.county, name="workbooks"),
    path("workbooks/file/", workbooks.county_file, name="county_workbook_file"),
    path("workbooks/past/", workbooks.past, name="past_workbooks"),
    path("workbooks/past/file/", workbooks.past_file, name="past_workbook_file"),
]
