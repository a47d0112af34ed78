"""Where a check between numbers is tried out before it is kept."""

from django.urls import path

from reports.questions import views

urlpatterns = [path("plans/<int:plan_id>/checks/trial/", views.check_trial, name="check_trial")]
