"""Addresses of returns as workbooks."""

from django.urls import path

from reports.workbooks import views

urlpatterns = [
    path("returns/<int:pk>/workbook/", views.return_upload, name="return_workbook"),
    path("returns/<int:pk>/workbook/file/", views.return_file, name="return_workbook_file"),
    path("workbooks/", views.county_upload, name="workbooks"),
    path("workbooks/file/", views.county_file, name="county_workbook_file"),
    path("workbooks/past/", views.past_upload, name="past_workbooks"),
    path("workbooks/past/file/", views.past_file, name="past_workbook_file"),
]
