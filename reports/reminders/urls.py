"""Addresses of reminders and of 催报."""

from django.urls import path

from reports.reminders import views

urlpatterns = [
    path("notices/", views.notice_list, name="notices"),
    path("notices/<int:pk>/", views.notice, name="notice"),
    path("returns/<int:pk>/reminders/", views.return_reminders, name="return_reminders"),
    path("progress/chase/", views.chase, name="chase"),
]
